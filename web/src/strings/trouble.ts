// Words for when something goes wrong with an order: cancel, dispute.
import { strings } from "../lib/strings";

const reasonEn: Record<string, string> = {
  plans_changed: "Plans changed",
  truck_trouble: "Trouble with the truck",
  cargo_differs: "Goods differ from what was posted",
  not_loaded: "Not loaded after waiting",
  other: "Another reason",
  damage: "Damage",
  missing: "Something is missing",
  late: "Too late",
  unpaid: "Not paid",
  waiting: "Long wait",
};
const reasonZh: Record<string, string> = {
  plans_changed: "计划有变",
  truck_trouble: "车辆故障",
  cargo_differs: "货物与发布不符",
  not_loaded: "久等未装",
  other: "其他原因",
  damage: "货损",
  missing: "短少",
  late: "延误",
  unpaid: "未付款",
  waiting: "等待过久",
};

export const s = strings(
  {
    title: "Something is wrong",
    cancel: "Cancel this run",
    cancelFree: (t: string) => (t ? `Free until ${t}.` : "Free now."),
    cancelCosts: (m: string) => `It costs ${m} now, set aside from what is held.`,
    dispute: "Open a dispute",
    disputeWhy: "Nothing is paid out until it is settled. The truck still has to arrive.",
    reason: (r: string) => reasonEn[r] ?? r,
    why: "Why?",
    words: "In your words",
    evidence: "Photograph it",
    sendCancel: "Cancel the run",
    sendDispute: "Open the dispute",
    keep: "Keep the run",
    open: "A dispute is open. What is held stays held until it is settled.",
  },
  {
    title: "遇到问题",
    cancel: "取消本单",
    cancelFree: (t) => (t ? `${t} 前取消不收费。` : "现在取消不收费。"),
    cancelCosts: (m) => `现在取消需付 ${m}，从冻结款中扣除。`,
    dispute: "发起纠纷",
    disputeWhy: "解决之前不付款，货仍须送达。",
    reason: (r) => reasonZh[r] ?? r,
    why: "原因",
    words: "请说明情况",
    evidence: "拍照留证",
    sendCancel: "确认取消",
    sendDispute: "提交纠纷",
    keep: "不取消",
    open: "纠纷处理中，冻结款项在解决前保持冻结。",
  },
);
