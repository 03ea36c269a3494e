// Words of the letter after a breach. What the log cannot know stands in brackets, for people to fill in.
import { strings } from "../lib/strings";

export const s = strings(
  {
    subject: (house: string) => `Notice of a leak of personal information at ${house}`,
    to: (whom: string) => `To: ${whom}`,
    found: (at: string) => `We found out on ${at}.`,
    window: (from: string, to: string) => `It concerns the time from ${from} to ${to}.`,
    reach: (persons: string, openings: string, transfers: string) =>
      `By our log the data of ${persons} persons could be opened, in ${openings} openings; ${transfers} transfers went out in that time.`,
    fields: (list: string) => `Kinds of data, and of how many persons: ${list}.`,
    none: "By our log no personal data was opened.",
    cause: "Cause: [what happened]",
    harm: "Harm that is possible: [which]",
    done: "What we did: [measures and since when]",
    can: "What the persons can do: [advice]",
    contact: "How to reach us: [name, telephone, e-mail]",
    basis: (cite: string) => `This notice follows ${cite}.`,
    sign: (house: string, on: string) => `${house}, ${on}`,
  },
  {
    subject: (house) => `关于 ${house} 个人信息泄露的通知`,
    to: (whom) => `致：${whom}`,
    found: (at) => `我们于 ${at} 发现此事。`,
    window: (from, to) => `涉及时间：${from} 至 ${to}。`,
    reach: (persons, openings, transfers) =>
      `据日志，可能被打开信息的有 ${persons} 人，共打开 ${openings} 次；期间对外提供 ${transfers} 次。`,
    fields: (list) => `信息种类及人数：${list}。`,
    none: "据日志，没有个人信息被打开。",
    cause: "原因：［事件经过］",
    harm: "可能造成的危害：［危害］",
    done: "已采取的补救措施：［措施及开始时间］",
    can: "个人可采取的减轻危害的措施：［建议］",
    contact: "联系方式：［姓名、电话、邮箱］",
    basis: (cite) => `本通知依据 ${cite} 作出。`,
    sign: (house, on) => `${house}，${on}`,
  },
);
