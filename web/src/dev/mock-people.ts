// The rest of the in-memory world: papers, sessions, money, my data, the operator.
import type { AccessEntry, Cite, Text2 } from "../lib/wire";
import { area, at, cny, on, Refuse, rnd } from "./mock";

const t = (en: string, zh: string): Text2 => ({ en, zh });
const cite = (article: string): Cite => ({
  code: `PIPL ${article}`,
  name: t("PIPL", "个保法"),
  article,
  checked: "text",
  in_force_from: "2021-11-01",
  in_force_until: null,
  summary: t(
    "Data may be handled where a contract with the person needs it.",
    "为订立、履行合同所必需，可以处理个人信息。",
  ),
});
const list = <T>(items: T[]) => ({ items, next_cursor: null });

on("GET /v1/verifications", () =>
  list([
    {
      id: "vrf_1",
      version: 1,
      kind: "person",
      state: "approved",
      summary: "王•• 3701••••1234",
      asked_at: at(-300),
      decided_at: at(-299),
      expires_on: null,
      reasons: [],
      usual_seconds: null,
    },
    {
      id: "vrf_2",
      version: 1,
      kind: "licence",
      state: "waiting",
      summary: "",
      asked_at: at(-0.4),
      decided_at: null,
      expires_on: null,
      reasons: [],
      usual_seconds: 3600,
    },
  ]),
);
on("GET /v1/auth/sessions", () =>
  list([
    {
      id: "ses_1",
      current: true,
      started_at: at(-2),
      last_seen_at: at(0),
      device: "Chrome, Linux",
    },
    {
      id: "ses_2",
      current: false,
      started_at: at(-90),
      last_seen_at: at(-20),
      device: "Chrome, Android",
    },
  ]),
);
on("GET /v1/auth/factors", () =>
  list([
    {
      id: "fac_1",
      kind: "phone",
      label: "138••••5678",
      confirmed: true,
      created_at: at(-900),
      codes_left: null,
    },
  ]),
);
on("POST /v1/auth/factors", ({ body }) =>
  (body as { kind: string }).kind === "totp"
    ? {
        id: "fac_2",
        kind: "totp",
        otpauth_url: "otpauth://totp/Sarai?secret=JBSWY3DPEHPK3PXP",
        secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
        recovery_codes: null,
      }
    : {
        id: "fac_3",
        kind: "recovery_codes",
        otpauth_url: null,
        secret: null,
        recovery_codes: Array.from({ length: 8 }, (_, i) => `k7f2-${1000 + i * 37}`),
      },
);
on("GET /v1/wallet", () => ({
  version: 3,
  available: cny(12480.5),
  held: cny(400),
  holds: [
    { order: "ord_01jd8k3v5q0000000000000001", kind: "deposit", amount: cny(200), since: at(-9) },
    { order: "ord_01jd8k3v5q0000000000000002", kind: "deposit", amount: cny(200), since: at(-30) },
  ],
  coming: [{ order: "ord_01jd8k3v5q0000000000000001", amount: cny(4392), expected_at: at(20) }],
  frozen: null,
}));
const post = (i: number, h: number, cause: string, yuan: number, balance: number) => ({
  id: `post_${i}`,
  at: at(h),
  amount: cny(yuan),
  balance_after: cny(balance),
  cause,
  order: cause === "topup" || cause === "payout" ? null : "ord_01jd8k3v5q0000000000000001",
  payment: null,
});
on("GET /v1/wallet/postings", () =>
  list([
    post(1, -2, "deposit_held", -200, 12480.5),
    post(2, -20, "insurance", -18, 12680.5),
    post(3, -20, "service_fee", -90, 12698.5),
    post(4, -20, "freight_paid", 4500, 12788.5),
    post(5, -20.2, "deposit_returned", 200, 8288.5),
    post(6, -70, "payout", -5000, 8088.5),
    post(7, -120, "topup", 1000, 13088.5),
  ]),
);
on("GET /v1/payments", () =>
  list([
    {
      id: "pay_1",
      version: 1,
      kind: "payout",
      state: "awaiting_approval",
      amount: cny(3000),
      fee: null,
      asked_at: at(-1),
      done_at: null,
      expected_at: null,
      reason: null,
      reference: null,
    },
  ]),
);
on("GET /v1/wallet/payout-accounts", () =>
  list([
    { id: "acct_1", bank: "ICBC", number: "•••• 4821", usable_at: at(-90), created_at: at(-300) },
  ]),
);

const groups = [
  { code: "position", name: t("Position on a run", "运输中的位置") },
  { code: "phone", name: t("Telephone", "电话") },
  { code: "papers", name: t("Licence and vehicle papers", "驾驶证与车辆证照") },
  { code: "bank", name: t("Bank account", "银行账户") },
  { code: "person", name: t("Identity card", "身份证") },
];
let n = 0;
const entry = (
  h: number,
  g: number,
  kind: AccessEntry["who_kind"],
  who: Text2,
  purpose: Text2,
  x: Partial<AccessEntry> = {},
): AccessEntry => {
  const group = groups[g] ?? { code: "x", name: t("x", "x") };
  return {
    id: `a${n++}`,
    at: at(h),
    who_kind: kind,
    who,
    fields: [{ field: group.code, label: group.name, group: group.code }],
    purpose: { code: "deliver", name: purpose },
    about: { kind: "order", id: "ord_01jd8k3v5q0000000000000001" },
    outcome: "opened",
    reason: null,
    basis: cite("13(2)"),
    ...x,
  };
};
const qing = t("Qingmu Metals", "青木金属");
const run = t("Run the order", "履行订单");
const entries = [
  entry(-1, 0, "company", qing, run, {
    reason: t("Stops 30 min after signing.", "签收 30 分钟后停止。"),
  }),
  entry(-1.5, 0, "engine", t("The engine", "系统"), t("Arrival times", "计算到达时间")),
  entry(-40, 1, "company", qing, run),
  entry(
    -64,
    2,
    "staff",
    t("Operator, staff no. 14", "平台员工 14 号"),
    t("Check of papers", "证照核验"),
    {
      basis: cite("13(3)"),
    },
  ),
  entry(
    -90,
    1,
    "company",
    t("An insurance partner", "某保险合作方"),
    t("Offer insurance", "保险推介"),
    {
      outcome: "refused",
      reason: t(
        "You have not agreed to share it, and nothing was sent.",
        "您未同意提供，未发送任何内容。",
      ),
      basis: cite("23"),
    },
  ),
  ...Array.from({ length: 40 }, (_, i) => {
    const g = [0, 0, 1, 2, 3][i % 5] ?? 0;
    return g === 3 || i % 3 === 0
      ? entry(-100 - rnd() * 560, g, "engine", t("The engine", "系统"), t("Payout", "打款"))
      : entry(-100 - rnd() * 560, g, "company", qing, run);
  }).sort((a, b) => (a.at < b.at ? 1 : -1)),
  entry(
    -650,
    4,
    "staff",
    t("Operator, staff no. 14", "平台员工 14 号"),
    t("Check of papers", "证照核验"),
  ),
];
on("GET /v1/me/access-log", () => ({
  ...list(entries),
  summary: {
    from: at(-720),
    companies: 3,
    persons: 0,
    staff: 1,
    engine: 18,
    openings: 22,
    refused: 1,
  },
}));
const held = (label: Text2, cls: string, value: string | null, sealed = true) => ({
  field: label.en,
  label,
  class: cls,
  purposes: [{ code: "deliver", name: run }],
  value,
  sealed,
  about: null,
  keep: t("while the account lives, then 3 years", "账户存续期间，之后 3 年"),
  keep_until: null,
  basis: cite("13(2)"),
  correctable: true,
});
on("GET /v1/me/data", () => ({
  as_of: at(0),
  groups: [
    {
      code: "account",
      name: t("Account", "账户"),
      items: [
        held(t("Trade name", "对外名称"), "general", "Wang", false),
        held(t("Telephone", "电话"), "personal", "138••••5678"),
        held(t("Name", "姓名"), "personal", "王••"),
      ],
    },
    {
      code: "papers",
      name: t("Papers", "证照"),
      items: [
        held(t("Identity number", "身份证号"), "sensitive", "3701••••••••1234"),
        held(t("Picture of the licence", "驾驶证照片"), "sensitive", null),
      ],
    },
  ],
}));
on("GET /v1/me/consents", () => ({
  items: [
    {
      id: "cns_1",
      purpose: { code: "push", name: t("New loads on your lanes", "线路新货提醒") },
      what: t("Telephone number for SMS about new loads", "用手机号发送新货短信"),
      without: t("new loads are shown in the app only", "新货仅在应用内显示"),
      version: "1",
      given_at: at(-400),
      withdrawn_at: null,
      basis: cite("14"),
    },
  ],
  offers: [
    {
      purpose: { code: "stats", name: t("Statistics with your lane", "线路统计") },
      what: t("Prices of your runs, without your name", "您的运价，不含姓名"),
      without: t("nothing changes for you", "对您没有影响"),
      version: "1",
      basis: cite("14"),
    },
  ],
  next_cursor: null,
}));
on("GET /v1/me/exports", () =>
  list([
    {
      id: "exp_1",
      state: "ready",
      asked_at: at(-3),
      ready_at: at(-3),
      expires_at: at(160),
      bytes: 48210,
    },
  ]),
);
on("GET /v1/me/corrections", () => list([]));
on("GET /v1/me/erasure", () => ({
  state: "none",
  runs_at: null,
  receipt: null,
  erased: [
    { label: t("Name, telephone, e-mail", "姓名、电话、邮箱"), count: 3 },
    { label: t("Papers and their pictures", "证照及照片"), count: 6 },
    { label: t("Talks", "对话"), count: 5 },
  ],
  kept: [
    {
      label: t("Run record, receipt", "运输记录、回单"),
      count: 2,
      why: t("The transport rules ask for three years", "道路运输规定须保存三年"),
      until: at(26000),
      basis: cite("47"),
    },
  ],
  blocked_by: [{ kind: "order", id: "ord_01jd8k3v5q0000000000000001" }],
}));

// ---- operator
on("GET /v1/ops/desk", () => ({
  as_of: at(0),
  queues: [
    { code: "verifications", count: 3, oldest_at: at(-0.7), limit_seconds: 3600 },
    { code: "approvals", count: 2, oldest_at: at(-5), limit_seconds: 14400 },
    { code: "disputes", count: 0, oldest_at: null, limit_seconds: 432000 },
    { code: "incidents", count: 0, oldest_at: null, limit_seconds: 900 },
    { code: "reports", count: 0, oldest_at: null, limit_seconds: 86400 },
    { code: "corrections", count: 1, oldest_at: at(-20), limit_seconds: 1296000 },
  ],
}));
const cases = ["person", "licence", "vehicle"].map((kind, i) => ({
  id: `vrf_01jd8k3v5q000000000000010${i}`,
  version: 1,
  kind,
  state: "waiting",
  asked_at: at(-0.7 + i * 0.2),
  claimed_by_me: i === 0,
  handle: `case ${418 + i}`,
}));
on("GET /v1/ops/verifications", () => list(cases));
on("POST /v1/ops/verifications/{id}/actions/claim", ({ params }) => {
  const x = cases.find((k) => k.id === params[0]);
  if (!x) throw new Refuse({ status: 404, code: "not_found", title: "Not found" });
  x.claimed_by_me = true;
  return { id: x.id, version: 2, state: "claimed" };
});
on("GET /v1/ops/verifications/{id}", ({ params }) => ({
  ...cases.find((k) => k.id === params[0]),
  party: "pty_01jd8k3v5q0000000000000001",
  purpose: { code: "verify", name: t("check of papers", "证照核验") },
  fields: [
    { field: "name", label: t("Name", "姓名"), value: "王建国", check: "unchecked" },
    {
      field: "id_number",
      label: t("Identity number", "身份证号"),
      value: "370102198503071234",
      check: "ok",
    },
  ],
  files: [{ file: "file_paper", side: "front", media_type: "image/png" }],
  history: [{ at: at(-0.7), what: "handed in", reasons: [] }],
}));
on("POST /v1/ops/verifications/{id}/actions/approve", ({ params }) => {
  const at2 = cases.findIndex((k) => k.id === params[0]);
  cases.splice(at2, 1);
  return { id: params[0], version: 3, state: "approved" };
});
const approval = (i: number, kind: string, yuan: number, mine: boolean, state = "waiting") => ({
  id: `apv_01jd8k3v5q000000000000000${i}`,
  version: 1,
  kind,
  payment: "pay_1",
  party: "pty_01jd8k3v5q0000000000000001",
  amount: cny(yuan),
  asked_at: at(-i),
  asked_by: t("Wang 83", "王 83"),
  asked_by_me: mine,
  state,
  decided_at: state === "waiting" ? null : at(-0.5),
  reason: null,
});
on("GET /v1/ops/money/approvals", () =>
  list([
    approval(1, "payout", 3000, false),
    approval(2, "topup", 50000, true),
    approval(3, "payout", 1200, false, "approved"),
  ]),
);
on("GET /v1/ops/money/reconciliation", () => ({
  as_of: at(0),
  sums: [
    { account: "wallet", currency: "CNY", amount_minor: 182_430_00 },
    { account: "hold/freight", currency: "CNY", amount_minor: 42_000_00 },
    { account: "hold/deposit", currency: "CNY", amount_minor: 2_400_00 },
    { account: "platform/fees", currency: "CNY", amount_minor: 3_112_50 },
    { account: "provider", currency: "CNY", amount_minor: -229_942_50 },
  ],
  differences: [],
  balanced: true,
}));
const ops = (i: number, state: string, alarm: string | null) => ({
  id: `ord_01jd8k3v5q000000000000000${i}`,
  standing: { state, stop: 0, served: false, reason: null, dispute: "none" },
  from: area("Wuxi").area,
  to: area("Jinan").area,
  price: cny(4500),
  booked_at: at(-20),
  updated_at: at(-i),
  alarm,
});
const party = (name: string) => ({
  id: "pty_01jd8k3v5q0000000000000001",
  display_name: name,
  roles: ["shipper"],
  verified: true,
  rating: { average_x10: 48, count: 80, runs: 120 },
  since: "2025-03-02",
});
on("GET /v1/ops/orders", () =>
  list([ops(1, "under_way", "late"), ops(2, "booked", null), ops(3, "completed", null)]),
);
on("GET /v1/ops/orders/{id}", () => ({
  ...ops(1, "under_way", "late"),
  shipper: party("Qingmu Metals"),
  trucker: party("Wang 83"),
  cargo: {
    kind: "steel",
    name: "Steel coil",
    mass_kg: 28000,
    volume_l: null,
    pieces: 4,
    handling: [],
  },
  allowed_next: [
    { action: "arrive", who: "driver" },
    { action: "dispute", who: "shipper" },
  ],
  postings: [
    { at: at(-20), cause: "freight_held", account: "wallet/shipper", amount: cny(-4500) },
    { at: at(-20), cause: "freight_held", account: "hold/freight", amount: cny(4500) },
  ],
  opened_by: [
    { at: at(-19), who: qing, what: t("telephone of the driver", "司机电话"), purpose: run },
  ],
}));
on("GET /v1/ops/staff", () =>
  list([
    {
      party: "pty_01jd8k3v5q0000000000000001",
      version: 1,
      display_name: "Lin",
      roles: ["op.admin"],
      second_factor: true,
      last_seen_at: at(-0.1),
    },
    {
      party: "pty_01jd8k3v5q0000000000000002",
      version: 1,
      display_name: "Zhou",
      roles: ["op.money", "op.verify"],
      second_factor: false,
      last_seen_at: null,
    },
  ]),
);
