// Words of standing lanes and their alerts.
import { strings } from "../lib/strings";

export const s = strings(
  {
    title: "My lanes",
    lead: "New loads on a lane are told within two seconds, while a page of yours is open.",
    none: "No lane yet. Search on the board, then save the search as a lane.",
    toBoard: "To the board",
    within: (km: string) => `within ${km}`,
    anywhere: "anywhere",
    fresh: (n: number) => `${n} new`,
    noFresh: "nothing new",
    remove: "Remove",
    removed: "Lane removed.",
    show: "Show",
    alert: (lane: string) => `New load on ${lane}`,
  },
  {
    title: "我的线路",
    lead: "线路上有新货，两秒内通知您（页面打开时）。",
    none: "还没有线路。在货源页搜索后，可保存为线路。",
    toBoard: "去看货源",
    within: (km) => `${km}内`,
    anywhere: "不限",
    fresh: (n) => `${n} 条新货`,
    noFresh: "暂无新货",
    remove: "删除",
    removed: "已删除线路。",
    show: "查看",
    alert: (lane) => `${lane} 有新货`,
  },
);
