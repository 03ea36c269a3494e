// Answers `/v1` from memory while no server runs. Development only: main.ts loads it in mode `mock` alone.

import cities from "../lib/map/data/cities.json";
import { bow, encode, metresBetween } from "../lib/map/geo";
import type { Area, BoardCard, BoardSearch, Me, Meta, Money, Place, PublicCard } from "../lib/wire";

export type Handler = (ctx: { params: string[]; body: unknown; query: URLSearchParams }) => unknown;
const handlers: { method: string; path: RegExp; run: Handler }[] = [];
export function on(route: string, run: Handler): void {
  const [method = "", path = ""] = route.split(" ");
  handlers.push({ method, path: new RegExp(`^${path.replace(/\{\w+\}/g, "([^/]+)")}$`), run });
}
export class Refuse extends Error {
  constructor(readonly problem: Record<string, unknown>) {
    super("refused");
  }
}
const real = window.fetch.bind(window);
window.fetch = async (input, init) => {
  const url = new URL(
    typeof input === "string" ? input : input instanceof URL ? input : input.url,
    location.href,
  );
  if (!url.pathname.startsWith("/v1/")) return real(input, init);
  await new Promise((r) => setTimeout(r, 30));
  const method = init?.method ?? "GET";
  for (const h of handlers) {
    const hit = h.method === method ? h.path.exec(url.pathname) : null;
    if (!hit) continue;
    try {
      const body: unknown = typeof init?.body === "string" ? JSON.parse(init.body) : init?.body;
      const out = h.run({ params: hit.slice(1), body, query: url.searchParams });
      const headers = { "Content-Type": "application/json", ETag: '"1.mock"' };
      return new Response(out === undefined ? null : JSON.stringify(out), {
        status: out === undefined ? 204 : 200,
        headers,
      });
    } catch (e) {
      if (!(e instanceof Refuse)) throw e;
      return new Response(JSON.stringify(e.problem), {
        status: Number(e.problem.status),
        headers: { "Content-Type": "application/problem+json" },
      });
    }
  }
  return new Response(
    JSON.stringify({ type: "", title: "Not found", status: 404, code: "not_found" }),
    { status: 404, headers: { "Content-Type": "application/problem+json" } },
  );
};

// ---- a small world
let seed = 7;
export const rnd = (): number => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed / 2147483648;
};
export const cny = (yuan: number): Money => ({
  amount_minor: Math.round(yuan * 100),
  currency: "CNY",
});
export const at = (h: number): string => new Date(Date.now() + h * 3600_000).toISOString();
/** The next moment with that local hour, `days` from today. */
export function local(days: number, hour: number): string {
  const t = new Date(Date.now() + 8 * 3600_000 + days * 86_400_000);
  return new Date(
    Date.UTC(t.getUTCFullYear(), t.getUTCMonth(), t.getUTCDate(), hour) - 8 * 3600_000,
  ).toISOString();
}
const DISTRICTS: Record<string, [string, string]> = {
  Wuxi: ["Huishan", "惠山"],
  Jinan: ["Licheng", "历城"],
  Changzhou: ["Wujin", "武进"],
  Hefei: ["Feidong", "肥东"],
  Suzhou: ["Kunshan", "昆山"],
  Qingdao: ["Huangdao", "黄岛"],
  Linyi: ["Lanshan", "兰山"],
  Nantong: ["Tongzhou", "通州"],
  Rizhao: ["Lanshan", "岚山"],
};
type Row = [number, number, number, string, string];
const rows = cities as Row[];
export function area(name: string): { area: Area; point: { lat: number; lon: number } } {
  const row = rows.find((r) => r[3] === name) ?? (rows[0] as Row);
  const d = DISTRICTS[row[3]];
  return {
    area: {
      code: `${row[3]}`,
      province: null,
      city: { en: row[3], zh: row[4] },
      district: d ? { en: d[0], zh: d[1] } : null,
      country: "CN",
    },
    point: { lon: row[0], lat: row[1] },
  };
}
interface Seed {
  from: string;
  to: string;
  price: number;
  mode: "one_price" | "bargain" | "sealed_bid";
  goods: string;
  kind: PublicCard["cargo"]["kind"];
  t: number;
  bodies: string[];
  len: number[];
  day: number;
  hour: number;
  stars: number;
}
const FIXED: Seed[] = [
  {
    from: "Wuxi",
    to: "Jinan",
    price: 4400,
    mode: "bargain",
    goods: "Steel coil",
    kind: "steel",
    t: 28,
    bodies: ["flatbed"],
    len: [13000],
    day: 0,
    hour: 14,
    stars: 48,
  },
  {
    from: "Changzhou",
    to: "Hefei",
    price: 1760,
    mode: "one_price",
    goods: "Auto parts",
    kind: "auto_parts",
    t: 12,
    bodies: [],
    len: [9600, 13000],
    day: 0,
    hour: 16,
    stars: 49,
  },
  {
    from: "Suzhou",
    to: "Qingdao",
    price: 4610,
    mode: "sealed_bid",
    goods: "Machine tools",
    kind: "machinery",
    t: 30,
    bodies: ["low_bed", "flatbed"],
    len: [],
    day: 1,
    hour: 8,
    stars: 47,
  },
  {
    from: "Wuxi",
    to: "Linyi",
    price: 2980,
    mode: "one_price",
    goods: "Steel wire",
    kind: "steel",
    t: 31,
    bodies: ["flatbed"],
    len: [13000],
    day: 1,
    hour: 6,
    stars: 46,
  },
  {
    from: "Nantong",
    to: "Rizhao",
    price: 3350,
    mode: "bargain",
    goods: "Chemical fibre",
    kind: "textiles",
    t: 25,
    bodies: ["curtain"],
    len: [13000],
    day: 2,
    hour: 8,
    stars: 47,
  },
];
const NAMES = [
  "Shanghai",
  "Nanjing",
  "Hangzhou",
  "Ningbo",
  "Hefei",
  "Wuhan",
  "Zhengzhou",
  "Xuzhou",
  "Jinan",
  "Qingdao",
  "Yantai",
  "Tianjin",
  "Beijing",
  "Shijiazhuang",
  "Changsha",
  "Nanchang",
  "Guangzhou",
  "Shenzhen",
  "Chengdu",
  "Chongqing",
  "Xiamen",
  "Fuzhou",
  "Wenzhou",
  "Lianyungang",
  "Yancheng",
  "Weifang",
  "Zibo",
  "Huai'an",
  "Taizhou",
  "Jiaxing",
  "Wuhu",
  "Bengbu",
].filter((n) => rows.some((r) => r[3] === n));
const KINDS = [
  "steel",
  "machinery",
  "building",
  "food",
  "produce",
  "textiles",
  "parcels",
  "paper",
  "electronics",
] as const;
export const seeds: Seed[] = [
  ...FIXED,
  ...Array.from({ length: 58 }, (): Seed => {
    const from = NAMES[Math.floor(rnd() * NAMES.length)] ?? "Shanghai";
    let to = NAMES[Math.floor(rnd() * NAMES.length)] ?? "Jinan";
    if (to === from) to = "Jinan";
    const kind = KINDS[Math.floor(rnd() * KINDS.length)] ?? "food";
    const dist = metresBetween(area(from).point, area(to).point) / 1000;
    return {
      from,
      to,
      price: Math.round((500 + dist * 6.6 * (0.9 + rnd() * 0.2)) / 10) * 10,
      mode: rnd() > 0.5 ? "one_price" : rnd() > 0.4 ? "bargain" : "sealed_bid",
      goods: kind,
      kind,
      t: Math.round(5 + rnd() * 26),
      bodies: rnd() > 0.5 ? ["high_side"] : ["flatbed", "high_side"],
      len: [[6800], [9600], [13000], [9600, 13000]][Math.floor(rnd() * 4)] ?? [13000],
      day: Math.floor(rnd() * 3),
      hour: 6 + Math.floor(rnd() * 12),
      stars: 44 + Math.floor(rnd() * 6),
    };
  }),
];
export const keepOf = (price: number) => ({
  price: cny(price),
  lines: [
    { kind: "service_fee" as const, amount: cny(price * 0.02), rate_bp: 200 },
    { kind: "insurance" as const, amount: cny(18), rate_bp: null },
  ],
  keep: cny(price * 0.98 - 18),
});
export const loadId = (i: number): `load_${string}` =>
  `load_01jd8k3v5q000000000000${String(i).padStart(4, "0")}`;
export function board(i: number, origin = area("Wuxi").point): BoardCard {
  const x = seeds[i] as Seed;
  const a = area(x.from);
  const b = area(x.to);
  const distance_m = Math.round(metresBetween(a.point, b.point) * 1.27);
  const money = keepOf(x.price);
  const zone = "Asia/Shanghai";
  return {
    id: loadId(i),
    version: 3,
    state: "open",
    posted_at: new Date(Date.now() - (12 + i * 97) * 1000).toISOString(),
    stops: [
      {
        kind: "pickup",
        area: a.area,
        cell: "",
        center: a.point,
        window: { from: local(x.day, x.hour), to: local(x.day, x.hour + 4), zone },
      },
      {
        kind: "drop",
        area: b.area,
        cell: "",
        center: b.point,
        window: { from: local(x.day + 1, 8), to: local(x.day + 1, 20), zone },
      },
    ],
    cargo: { kind: x.kind, name: x.goods, mass_kg: x.t * 1000, volume_l: null },
    bodies: x.bodies,
    lengths_mm: x.len,
    price_mode: x.mode,
    bids_close_at: x.mode === "sealed_bid" ? local(0, 23) : null,
    money,
    estimate: x.mode === "sealed_bid",
    distance_m,
    duration_seconds: Math.round(distance_m / 19),
    basis: "estimated",
    keep_per_km: {
      amount_minor: Math.round(money.keep.amount_minor / (distance_m / 1000)),
      currency: "CNY",
    },
    deadhead_m: Math.round(metresBetween(origin, a.point) * 1.27) + 4000,
    deadhead_seconds: 1560,
    detour_m: null,
    fit: { ok: true, reasons: [] },
    deposit: cny(200),
    deposit_refundable: true,
    poster: {
      handle: "Qingmu Metals",
      rating: { average_x10: x.stars, count: 180, runs: 212 },
      verified: true,
      pays_in_seconds: x.stars > 46 ? 0 : 172800,
    },
    my_offer: null,
  };
}
function publicCard(i: number): PublicCard {
  const c = board(i);
  const [p, d] = [c.stops[0], c.stops[1]];
  if (!p || !d) throw new Error("two stops");
  return {
    id: c.id,
    posted_at: c.posted_at,
    from: p.area,
    to: d.area,
    from_point: p.center,
    to_point: d.center,
    stops: 2,
    pickup: p.window,
    drop: d.window,
    cargo: c.cargo,
    bodies: c.bodies,
    lengths_mm: c.lengths_mm,
    price_mode: c.price_mode,
    keep: c.money?.keep ?? null,
    estimate: c.estimate,
    distance_m: c.distance_m,
    basis: c.basis,
    keep_per_km: c.keep_per_km,
    poster: c.poster,
  };
}

const meta: Meta = {
  name: "Sarai",
  version: "0.1.0",
  api: "v1",
  demo: true,
  sender: "outbox",
  languages: ["en", "zh-Hans"],
  currency: "CNY",
  country: "CN",
  zone: "Asia/Shanghai",
  features: { public_board: true, sealed_bid: true, lanes: true, tiles: false, passkeys: false },
  fees: {
    trucker_fee_bp: 200,
    shipper_fee_bp: 0,
    fee_min: cny(0),
    insurance: cny(18),
    paid_within_seconds: 7200,
  },
  limits: {
    photo_bytes_max: 10485760,
    paper_bytes_max: 20971520,
    board_limit_max: 100,
    lanes_max: 50,
    counters_max: 20,
    offer_life_seconds: 1800,
    deposit_max: cny(5000),
    price_max: cny(1000000),
  },
  freight: {
    bodies: [
      "flatbed",
      "high_side",
      "box",
      "curtain",
      "low_bed",
      "reefer",
      "tanker",
      "dump",
      "van",
    ],
    lengths_mm: [4200, 5200, 6800, 7600, 9600, 13000, 13750, 17500],
    cargo_kinds: [
      "steel",
      "machinery",
      "building",
      "food",
      "produce",
      "chemicals",
      "textiles",
      "parcels",
      "furniture",
      "electronics",
      "paper",
      "auto_parts",
      "other",
    ],
  },
  maps: [],
  platform: "sarai-demo",
  directives: [],
};
const who =
  new URLSearchParams(location.search).get("as") ?? sessionStorage.getItem("mock.as") ?? "";
if (who) sessionStorage.setItem("mock.as", who);
if (who) localStorage.setItem("sarai.in", "1");
else localStorage.removeItem("sarai.in");
let signedIn = who !== "";
const me: Me = {
  id: "pty_01jd8k3v5q0000000000000001",
  version: 2,
  name: "王师傅",
  display_name: "Wang",
  phone: "138••••5678",
  email: null,
  language: "en",
  roles: who === "shipper" ? ["shipper"] : ["trucker"],
  staff: who === "op" ? ["op.verify", "op.admin", "op.money"] : [],
  orgs: [],
  verification: { person: "verified", licence: "verified", vehicle: "verified", company: "none" },
  missing: [],
  second_factor: false,
  rating: { average_x10: 49, count: 80, runs: 96 },
  home: { code: "Jinan", name: { en: "Jinan", zh: "济南" }, point: area("Jinan").point },
  suspended: false,
  erasure_at: null,
  created_at: at(-3000),
};
on("GET /v1/meta", () => meta);
on("GET /v1/me", () => {
  if (!signedIn) throw new Refuse({ status: 401, code: "unauthenticated", title: "Not signed in" });
  return me;
});
on("POST /v1/auth/codes", () => ({
  challenge: "chl_1",
  expires_at: at(0.1),
  again_at: new Date(Date.now() + 30_000).toISOString(),
}));
on("POST /v1/auth/sessions", ({ body }) => {
  if ((body as { code: string }).code !== "123456")
    throw new Refuse({ status: 401, code: "code_wrong", title: "Wrong" });
  signedIn = true;
  return { session: "ses_1", party: me.id, new_account: false };
});
on("GET /v1/ops/outbox", () => ({
  items: [
    {
      id: "1",
      at: at(0),
      channel: "sms",
      to: "138",
      subject: null,
      body: "123456",
      code: "123456",
    },
  ],
  next_cursor: null,
}));
on("GET /v1/freight/board/public", () => ({
  items: seeds.map((_, i) => publicCard(i)),
  next_cursor: null,
  as_of: at(0),
}));
on("POST /v1/freight/board/search", ({ body }) => {
  const q = body as BoardSearch;
  let items = seeds.map((_, i) => board(i));
  if (q.scope.mode === "near") {
    const r = q.scope.radius_m;
    items = items.filter((c) => (c.deadhead_m ?? 0) <= r * 1.3);
  }
  if (q.price_modes) items = items.filter((c) => q.price_modes?.includes(c.price_mode));
  return { items, next_cursor: null, as_of: at(0), without: [] };
});
on("GET /v1/places", ({ query }) => {
  const q = (query.get("q") ?? "").toLowerCase();
  const items: Place[] = rows
    .filter((r) => r[3].toLowerCase().startsWith(q) || r[4].startsWith(q))
    .slice(0, 8)
    .map((r) => ({
      code: r[3],
      kind: "city",
      name: { en: r[3], zh: r[4] },
      area: area(r[3]).area,
      point: { lon: r[0], lat: r[1] },
      population: null,
    }));
  return { items, next_cursor: null };
});
export const routeOf = (i: number) => {
  const c = board(i);
  const a = c.stops[0]?.center ?? { lat: 0, lon: 0 };
  const b = c.stops[1]?.center ?? { lat: 0, lon: 0 };
  return {
    distance_m: c.distance_m,
    duration_seconds: c.duration_seconds,
    basis: "estimated" as const,
    factor: 1.27,
    geometry: encode(bow(a, b, 0.06, 40)),
    attribution: null,
  };
};
