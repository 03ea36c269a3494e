// The shipper's part of the in-memory world: quote, my loads, offers, an order to follow.
import { bow, encode, metresBetween } from "../lib/map/geo";
import type {
  LoadMineCard,
  LoadOwnerDetail,
  Offer,
  OrderCard,
  OrderDetail,
  QuoteRequest,
} from "../lib/wire";
import { area, at, cny, loadId, local, on } from "./mock";
import { band } from "./mock-freight";

const zone = "Asia/Shanghai";
const payOf = (price: number) => ({ price: cny(price), lines: [], pay: cny(price) });
const route = (a: string, b: string) => {
  const [p, q] = [area(a).point, area(b).point];
  const distance_m = Math.round(metresBetween(p, q) * 1.27);
  return {
    distance_m,
    duration_seconds: Math.round(distance_m / 19),
    basis: "estimated" as const,
    factor: 1.27,
    geometry: encode(bow(p, q, 0.06, 40)),
    attribution: null,
  };
};
on("POST /v1/freight/quotes", ({ body }) => {
  const q = body as QuoteRequest;
  const a = q.stops[0]?.point ?? { lat: 0, lon: 0 };
  const b = q.stops[q.stops.length - 1]?.point ?? a;
  const distance_m = Math.round(metresBetween(a, b) * 1.27);
  const middle = 500 + (distance_m / 1000) * 5.4;
  return {
    route: {
      distance_m,
      duration_seconds: Math.round(distance_m / 19),
      basis: "estimated",
      factor: 1.27,
      geometry: "",
      attribution: null,
    },
    band: band(middle),
    suggested: cny(Math.round(middle / 10) * 10),
    floor: null,
    ceiling: null,
    pay: q.price ? payOf(q.price.amount_minor / 100) : null,
    keep: null,
  };
});
on("POST /v1/freight/loads", () => ({ items: [{ id: loadId(0), version: 1, state: "open" }] }));

const row = (
  i: number,
  a: string,
  b: string,
  x: Partial<LoadMineCard> & { t: number; goods: string; yuan: number },
): LoadMineCard => ({
  id: loadId(i),
  version: 2,
  state: "open",
  created_at: at(-3),
  expires_at: at(40),
  from: area(a).area,
  to: area(b).area,
  pickup: { from: local(1, 14), to: local(1, 18), zone },
  drop: { from: local(2, 8), to: local(2, 20), zone },
  cargo: { kind: "steel", name: x.goods, mass_kg: x.t * 1000 },
  price_mode: "bargain",
  price: cny(x.yuan),
  offers: { count: 0, best: null, waiting_for_you: 0 },
  seen_by: 7,
  order: null,
  ...x,
});
const mine = [
  row(0, "Wuxi", "Jinan", {
    t: 28,
    goods: "Steel coil",
    yuan: 4400,
    offers: { count: 3, best: cny(4500), waiting_for_you: 2 },
    seen_by: 24,
  }),
  row(1, "Wuxi", "Hefei", {
    t: 12,
    goods: "Auto parts",
    yuan: 1760,
    offers: { count: 1, best: cny(1900), waiting_for_you: 0 },
    seen_by: 11,
  }),
  row(2, "Wuxi", "Qingdao", { t: 30, goods: "Machine tools", yuan: 4600, seen_by: 3 }),
  row(3, "Wuxi", "Linyi", {
    t: 31,
    goods: "Steel wire",
    yuan: 2980,
    state: "booked",
    order: "ord_01jd8k3v5q0000000000000009",
  }),
  row(4, "Wuxi", "Rizhao", { t: 25, goods: "Steel plate", yuan: 3350, state: "expired" }),
];
on("GET /v1/freight/loads", () => ({ items: mine, next_cursor: null }));

export function owner(i: number): LoadOwnerDetail {
  const m = mine[i] ?? mine[0];
  if (!m) throw new Error("no load");
  const a = area(m.from.city.en);
  const b = area(m.to.city.en);
  return {
    view: "owner",
    id: m.id,
    version: m.version,
    state: m.state,
    created_at: m.created_at,
    expires_at: m.expires_at,
    stops: [
      {
        id: "stop_1",
        kind: "pickup",
        area: a.area,
        cell: "",
        center: a.point,
        point: a.point,
        window: m.pickup,
        address: "Qianqiao Industrial Rd 88, Dock 2",
        notes: null,
        contact: { name: "Ms Chen", phone: "+86 138 0013 8000" },
      },
      {
        id: "stop_2",
        kind: "drop",
        area: b.area,
        cell: "",
        center: b.point,
        point: b.point,
        window: m.drop,
        address: "Gongye North Rd, Gate 3",
        notes: "Ask for the crane at the gate",
        contact: { name: "Mr Li", phone: "+86 139 0531 2211" },
      },
    ],
    cargo: {
      kind: "steel",
      name: m.cargo.name,
      mass_kg: m.cargo.mass_kg,
      volume_l: null,
      pieces: 4,
      handling: ["crane"],
    },
    bodies: ["flatbed"],
    lengths_mm: [13000],
    price_mode: m.price_mode,
    bids_close_at: null,
    money: payOf((m.price?.amount_minor ?? 0) / 100),
    deposit: cny(200),
    deposit_refundable: true,
    photos: [],
    route: route(m.from.city.en, m.to.city.en),
    band: band(4430),
    offers: m.offers,
    seen_by: m.seen_by,
    order: m.order,
    allowed_now: ["withdraw", "edit"],
  };
}
const offer = (n: number, x: Partial<Offer> & { yuan: number }): Offer => ({
  id: `offer_01jd8k3v5q000000000000010${n}`,
  version: 2,
  load: loadId(0),
  thread: "thr_01jd8k3v5q0000000000000001",
  state: "pending",
  made_by: "trucker",
  turn: "shipper",
  price: cny(x.yuan),
  keep: null,
  pay: payOf(x.yuan),
  expires_at: at(1.7),
  against_band: cny(x.yuan - 4430),
  trucker: {
    handle: ["Wang 83", "Lu 17", "Anhui Fast"][n] ?? "Wang 83",
    rating: { average_x10: 49 - n, count: 80, runs: 96 - n * 20 },
    verified: true,
    vehicle: { body: "flatbed", length_mm: 13000, payload_kg: 32000 },
    distance_band: n === 0 ? "under_30_km" : "under_100_km",
  },
  allowed_now: ["accept", "counter", "decline"],
  counters: 1,
  order: null,
  ...x,
});
const offers = [
  offer(0, { yuan: 4500 }),
  offer(1, { yuan: 4620 }),
  offer(2, { yuan: 4700, turn: "trucker", allowed_now: [], made_by: "shipper" }),
];
on("GET /v1/freight/loads/{id}/offers", () => ({ items: offers, next_cursor: null }));

export const shipperOrder = "ord_01jd8k3v5q0000000000000009" as const;
export function asShipper(o: OrderDetail): OrderDetail {
  const price = 4500;
  return {
    ...o,
    id: shipperOrder,
    side: "shipper",
    keep: null,
    pay: payOf(price),
    other: { ...o.other, display_name: "Wang 83" },
    codes_open: true,
    allowed_now:
      o.standing.state === "delivered"
        ? ["sign_off", "dispute"]
        : o.standing.state === "booked"
          ? ["cancel"]
          : o.standing.state === "completed"
            ? ["rate"]
            : ["dispute"],
    auto_sign_off_at: o.standing.state === "delivered" ? at(20) : null,
  };
}
export const shipperCard = (o: OrderCard): OrderCard => ({
  ...o,
  id: shipperOrder,
  side: "shipper",
});
on("GET /v1/freight/orders/{id}/codes", () => ({
  loading: "482913",
  receiving: [{ stop: 1, code: "7304", tries_left: 3 }],
  sent: 0,
  sends_left: 3,
}));
on("POST /v1/freight/orders/{id}/codes/actions/send", () => ({
  loading: "482913",
  receiving: [{ stop: 1, code: "7304", tries_left: 3 }],
  sent: 1,
  sends_left: 2,
}));
const ev = (seq: number, h: number, type: string, actor: string) => ({
  seq,
  at: at(h),
  type,
  actor,
  happened_at: null,
  data: {},
});
on("GET /v1/freight/orders/{id}/events", () => ({
  items: [
    ev(1, -10, "order.booked", "shipper"),
    ev(2, -9.8, "order.assigned", "trucker"),
    ev(3, -7, "stop.arrived", "driver"),
    ev(4, -5.6, "stop.served", "driver"),
    ev(5, -5.5, "stop.left", "driver"),
  ],
  next_cursor: null,
}));
