// What the fields and records of the processing register are, in words. A name that is not here is shown as the program has it.
import { look } from "../lib/look.svelte";

type Row = readonly [en: string, zh: string];
const FIELDS: Record<string, Row> = {
  "challenge.phone": ["Number for a code", "接收验证码的手机号"],
  "challenge.email": ["Address for a code", "接收验证码的邮箱"],
  "correction.words": ["Request about own data", "个人申请内容"],
  "correction.answer": ["Answer to a request", "对申请的答复"],
  "export.content": ["Copy of own data", "个人信息副本"],
  "factor.seed": ["Secret of an authenticator", "身份验证器密钥"],
  "factor.hashes": ["Recovery codes", "恢复码"],
  "file_content.content": ["Uploaded file", "上传的文件"],
  "load_site.address": ["Address of a yard", "装卸地址"],
  "load_site.notes": ["Notes for a yard", "装卸备注"],
  "message.words": ["Message", "聊天消息"],
  "notice.to": ["Where a notice went", "通知接收地址"],
  "notice.words": ["What a notice said", "通知内容"],
  "order_codes.codes": ["Codes of an order", "订单验证码"],
  "org.name": ["Name of a company", "企业名称"],
  "org.credit_code": ["Social credit code", "统一社会信用代码"],
  "party.name": ["Name", "姓名"],
  "party.display_name": ["Trade name", "显示名称"],
  "party.phone": ["Telephone number", "手机号"],
  "party.email": ["E-mail address", "邮箱"],
  "payout_account.holder": ["Account holder", "收款户名"],
  "payout_account.number": ["Bank account", "银行账号"],
  "proof.note": ["Note on a run", "运输备注"],
  "rating.remark": ["Words of a rating", "评价内容"],
  "report.words": ["Report", "举报内容"],
  "session.device": ["Device", "登录设备"],
  "stop_contact.name": ["Contact at a stop: name", "装卸联系人姓名"],
  "stop_contact.phone": ["Contact at a stop: number", "装卸联系人电话"],
  "track.fixes": ["Positions on a run", "运输轨迹"],
  "vehicle.plate": ["Plate", "车牌"],
  "verification.name": ["Name on a paper", "证件姓名"],
  "verification.number": ["Number of a paper", "证件号码"],
  "verification.second_number": ["Number of a second paper", "其他证号"],
  "verification.vin": ["Vehicle number (VIN)", "车辆识别代号"],
  "verification.plate": ["Plate on a paper", "证件车牌"],
  "verification.words": ["Note on papers", "审核备注"],
};
const RECORDS: Record<string, Row> = {
  challenge: ["Codes", "验证码"],
  correction: ["Requests of persons", "个人申请"],
  export: ["Copies of own data", "个人信息副本"],
  factor: ["Second factors", "第二重验证"],
  file_content: ["Files", "文件"],
  load_site: ["Yards of loads", "装卸地点"],
  message: ["Messages", "消息"],
  notice: ["Notices", "通知"],
  order_codes: ["Codes of orders", "订单验证码"],
  org: ["Companies", "企业"],
  party: ["Accounts", "账户"],
  payout_account: ["Payout accounts", "收款账户"],
  proof: ["Proofs of runs", "运输凭证"],
  rating: ["Ratings", "评价"],
  report: ["Reports", "举报"],
  session: ["Sessions", "登录会话"],
  stop_contact: ["Contacts at stops", "装卸联系人"],
  track: ["Tracks", "轨迹"],
  vehicle: ["Vehicles", "车辆"],
  verification: ["Papers", "证照"],
};
const word = (row: Row | undefined, otherwise: string): string =>
  row ? row[look.lang === "en" ? 0 : 1] : otherwise;

export const fieldName = (name: string): string => word(FIELDS[name], name);
export const recordName = (name: string): string => word(RECORDS[name], name.replaceAll("_", " "));
