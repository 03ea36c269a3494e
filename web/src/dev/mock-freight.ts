// The freight part of the in-memory world: truck, load detail, talk, order, run.
import type {
  LoadBoardDetail,
  Message,
  Offer,
  OrderDetail,
  OrderStanding,
  PriceBand,
  ThreadCard,
  Vehicle,
} from "../lib/wire";
import {
  area,
  at,
  board,
  cny,
  keepOf,
  loadId,
  local,
  on,
  Refuse,
  rnd,
  routeOf,
  seeds,
} from "./mock";
import { asShipper, owner } from "./mock-shipper";

const isShipper = sessionStorage.getItem("mock.as") === "shipper";
const truck: Vehicle = {
  id: "truck_01jd8k3v5q0000000000000001",
  version: 1,
  plate: "鲁A83K61",
  plate_colour: "yellow",
  body: "flatbed",
  length_mm: 13000,
  payload_kg: 32000,
  verification: "verified",
  papers: [],
};
on("GET /v1/freight/vehicles", () => ({ items: [truck], next_cursor: null }));
on("POST /v1/freight/lanes", () => ({}));
on("GET /v1/freight/lanes", () => ({
  items: [
    {
      id: "lane_1",
      from: area("Wuxi").area,
      from_radius_m: 80000,
      to: area("Jinan").area,
      to_radius_m: 80000,
      vehicle: null,
      keep_per_km_min: null,
      quiet: null,
      fresh: 3,
      created_at: at(-50),
    },
  ],
  next_cursor: null,
}));
on("DELETE /v1/freight/lanes/{id}", () => undefined);
on("POST /v1/freight/lanes/{id}/actions/seen", () => ({}));

export function band(middle: number): PriceBand {
  const dots = new Map<number, number>();
  for (let i = 0; i < 46; i++) {
    const spread = (rnd() + rnd() + rnd() - 1.5) * 0.12;
    const p = Math.round((middle * (1 + spread)) / 40) * 40;
    dots.set(p, (dots.get(p) ?? 0) + 1);
  }
  return {
    days: 30,
    orders: 46,
    p25: cny(middle * 0.96),
    p50: cny(middle),
    p75: cny(middle * 1.04),
    dots: [...dots].map(([p, count]) => ({ price: cny(p), count })),
  };
}
const index = (id: string): number => Number(id.slice(-4));
const bands = new Map<number, PriceBand>();
const bandOf = (i: number): PriceBand => {
  const have = bands.get(i);
  if (have) return have;
  const made = band((seeds[i]?.price ?? 4400) * 1.0);
  bands.set(i, made);
  return made;
};
const zoneThread = "thr_01jd8k3v5q0000000000000001" as const;
let offer: Offer = {
  id: "offer_01jd8k3v5q0000000000000001",
  version: 4,
  load: loadId(0),
  thread: zoneThread,
  state: "pending",
  made_by: "shipper",
  turn: "trucker",
  price: cny(4500),
  keep: keepOf(4500),
  pay: null,
  expires_at: at(1.7),
  against_band: cny(70),
  trucker: null,
  allowed_now: ["accept", "counter", "decline"],
  counters: 3,
  order: null,
};
function detail(i: number): LoadBoardDetail {
  const card = board(i);
  return {
    view: "board",
    card: { ...card, my_offer: i === 0 ? offer.id : null },
    cargo: {
      kind: card.cargo.kind as "steel",
      name: i === 0 ? "Steel coil, strapped" : card.cargo.name,
      mass_kg: card.cargo.mass_kg,
      volume_l: null,
      pieces: 4,
      handling: ["crane"],
    },
    photos: [],
    route: routeOf(i),
    band: bandOf(i),
    offers: { count: 2 },
    my_offer: i === 0 ? offer : null,
    thread: i === 0 ? zoneThread : null,
    deposit_missing: null,
    may: card.price_mode === "one_price" ? ["take", "ask"] : ["bid", "ask"],
    missing: [],
  };
}
on("GET /v1/freight/loads/{id}", ({ params }) => {
  const i = index(params[0] ?? "");
  if (isShipper) return owner(i);
  if (!seeds[i]) throw new Refuse({ status: 404, code: "not_found", title: "Not found" });
  return detail(i);
});
const ago = (min: number): string => at(-min / 60);
const bid = (price: number, version: number, state: Offer["state"], standing: boolean) => ({
  id: offer.id,
  version,
  price: cny(price),
  keep: keepOf(price).keep,
  pay: null,
  against_band: cny(price - 4430),
  state,
  expires_at: offer.expires_at,
  standing,
});
let n = 10;
const messages: Message[] = [
  {
    id: "msg_1",
    at: ago(29),
    by: "trucker",
    mine: true,
    parts: [],
    offer: bid(4700, 1, "countered", false),
  },
  {
    id: "msg_2",
    at: ago(21),
    by: "shipper",
    mine: false,
    parts: [
      {
        kind: "text",
        text: "Coils are on the dock, crane is free from 14:00. Too high for us, sorry.",
      },
    ],
    offer: bid(4400, 2, "countered", false),
  },
  {
    id: "msg_3",
    at: ago(15),
    by: "trucker",
    mine: true,
    parts: [
      { kind: "text", text: "I can be there at 14:30. Who pays the crane at Licheng? Call me: " },
      { kind: "masked", what: "phone", length: 11 },
    ],
    offer: null,
  },
  {
    id: "msg_4",
    at: ago(3),
    by: "shipper",
    mine: false,
    parts: [{ kind: "text", text: "We pay the crane. Last price:" }],
    offer: bid(4500, 4, "pending", true),
  },
];
const thread: ThreadCard = {
  id: zoneThread,
  load: loadId(0),
  order: null,
  other: {
    display_name: "Qingmu Metals",
    rating: { average_x10: 48, count: 180, runs: 212 },
    verified: true,
  },
  from: { en: "Wuxi", zh: "无锡" },
  to: { en: "Jinan", zh: "济南" },
  side: "trucker",
  unread: 1,
  standing_offer: { id: offer.id, price: cny(4500), turn: "trucker", expires_at: offer.expires_at },
  state: "open",
  last_at: ago(3),
};
on("GET /v1/threads", () => ({ items: [thread], next_cursor: null }));
on("GET /v1/threads/{id}", () => thread);
on("GET /v1/threads/{id}/messages", () => ({
  items: messages,
  next_cursor: null,
  mask_note: {
    opens: "deposit_held",
    basis: {
      code: "PIPL 6",
      name: { en: "PIPL", zh: "个保法" },
      article: "6",
      checked: "text",
      in_force_from: "2021-11-01",
      in_force_until: null,
      summary: {
        en: "Personal data is used only as far as the purpose needs it.",
        zh: "处理个人信息应当限于实现处理目的的最小范围。",
      },
    },
  },
}));
on("POST /v1/threads/{id}/messages", ({ body }) => {
  const m: Message = {
    id: `msg_${n++}`,
    at: at(0),
    by: "trucker",
    mine: true,
    parts: [{ kind: "text", text: (body as { text: string }).text }],
    offer: null,
  };
  messages.push(m);
  return m;
});
on("POST /v1/threads/{id}/actions/read", () => ({ id: zoneThread, version: 1, state: "open" }));
on("POST /v1/freight/loads/{id}/threads", () => ({ id: zoneThread, version: 1, state: "open" }));
on("GET /v1/freight/offers/{id}", () => offer);
on("POST /v1/freight/offers/{id}/actions/counter", ({ body }) => {
  const price = (body as { price: { amount_minor: number } }).price.amount_minor / 100;
  for (const m of messages)
    if (m.offer) m.offer = { ...m.offer, standing: false, state: "countered" };
  offer = {
    ...offer,
    version: offer.version + 1,
    price: cny(price),
    keep: keepOf(price),
    made_by: "trucker",
    turn: "shipper",
    allowed_now: ["withdraw"],
  };
  messages.push({
    id: `msg_${n++}`,
    at: at(0),
    by: "trucker",
    mine: true,
    parts: [],
    offer: bid(price, offer.version, "pending", true),
  });
  return offer;
});
const orderId = "ord_01jd8k3v5q0000000000000001" as const;
on("POST /v1/freight/offers/{id}/actions/accept", () => ({
  order: orderId,
  version: 1,
  state: "booked",
}));
on("POST /v1/freight/loads/{id}/actions/take", () => ({
  order: orderId,
  version: 1,
  state: "booked",
}));

// ---- one order, at the stage named by ?stage=
const stage = new URLSearchParams(location.search).get("stage") ?? "under_way";
let standing: OrderStanding = {
  state: "booked",
  stop: 0,
  served: false,
  reason: null,
  dispute: "none",
};
if (stage === "at_load") standing = { ...standing, state: "at_stop", stop: 0 };
if (stage === "under_way") standing = { ...standing, state: "under_way", stop: 1 };
if (stage === "at_drop") standing = { ...standing, state: "at_stop", stop: 1 };
if (stage === "delivered") standing = { ...standing, state: "delivered", stop: 1, served: true };
const allowed = (): OrderDetail["allowed_now"] => {
  if (standing.state === "booked" || standing.state === "under_way")
    return ["arrive", "cancel", "dispute"];
  if (standing.state === "at_stop")
    return standing.served ? ["leave", "dispute"] : ["serve", "dispute"];
  return standing.state === "delivered" ? ["rate"] : [];
};
function order(): OrderDetail {
  const a = area("Wuxi");
  const b = area("Jinan");
  const past = standing.state !== "booked";
  const left = standing.state === "under_way" || (standing.stop ?? 0) > 0;
  const zone = "Asia/Shanghai";
  return {
    id: orderId,
    version: 5,
    load: loadId(0),
    side: "trucker",
    mode: "matched",
    standing,
    allowed_now: allowed(),
    stops: [
      {
        id: "stop_1",
        index: 0,
        kind: "pickup",
        area: a.area,
        window: { from: local(0, 14), to: local(0, 18), zone },
        point: a.point,
        address: "Huishan, Qianqiao Industrial Rd 88, Dock 2",
        notes: null,
        contact_name: "Ms Chen",
        arrived_at: past ? ago(400) : null,
        served_at: left ? ago(331) : null,
        left_at: left ? ago(324) : null,
        eta: null,
        mass_kg: left ? 28100 : null,
        photos: left ? ["file_1", "file_2"] : [],
        waiting_seconds: null,
      },
      {
        id: "stop_2",
        index: 1,
        kind: "drop",
        area: b.area,
        window: { from: local(1, 8), to: local(1, 20), zone },
        point: b.point,
        address: "Gongye North Rd, Gate 3",
        notes: null,
        contact_name: null,
        arrived_at: standing.state === "at_stop" && left ? ago(4) : null,
        served_at: null,
        left_at: null,
        eta: local(1, 16),
        mass_kg: null,
        photos: [],
        waiting_seconds: null,
      },
    ],
    cargo: {
      kind: "steel",
      name: "Steel coil, strapped",
      mass_kg: 28000,
      volume_l: null,
      pieces: 4,
      handling: ["crane"],
    },
    route: routeOf(0),
    keep: keepOf(4500),
    pay: null,
    deposit: cny(200),
    deposit_state: "held",
    paid_within_seconds: 7200,
    paid_at: null,
    other: {
      id: "pty_2",
      display_name: "Qingmu Metals",
      rating: { average_x10: 48, count: 180, runs: 212 },
      verified: true,
    },
    assignment: {
      driver_name: "Wang",
      plate: "鲁A83K61",
      plate_colour: "yellow",
      vehicle: truck,
      assigned_at: ago(500),
    },
    thread: zoneThread,
    contact_open: true,
    codes_open: false,
    my_rating: false,
    rate_until: at(300),
    cancel: { free: true, free_until: at(1), penalty: null },
    auto_sign_off_at: null,
    booked_at: ago(600),
    position_seen_by: [{ who: { en: "Qingmu Metals", zh: "青木金属" }, until: null }],
  };
}
on("GET /v1/orders", () => {
  const o = order();
  const [p, d] = o.stops;
  return {
    items:
      p && d
        ? [
            {
              id: o.id,
              version: 5,
              side: "trucker",
              standing,
              allowed_now: allowed(),
              from: p.area,
              to: d.area,
              pickup: p.window,
              drop: d.window,
              cargo: o.cargo,
              amount: o.keep?.keep,
              next: { action: allowed()[0] ?? "rate", by: d.window.to },
              eta: d.eta,
              updated_at: at(0),
            },
          ]
        : [],
    next_cursor: null,
  };
});
on("GET /v1/freight/orders/{id}", () => (isShipper ? asShipper(order()) : order()));
on("GET /v1/freight/orders/{id}/contact", () => ({
  items: [
    {
      role: "shipper",
      name: "Ms Chen",
      call: { kind: "number", number: "95013 8000 1234" },
      until: at(20),
    },
  ],
  next_cursor: null,
}));
on("GET /v1/freight/orders/{id}/track", () => {
  const a = area("Wuxi").point;
  const b = area("Jinan").point;
  const k = 0.62;
  return {
    order: orderId,
    live: true,
    last: {
      at: at(0),
      point: { lat: a.lat + (b.lat - a.lat) * k, lon: a.lon + (b.lon - a.lon) * k - 0.25 },
      heading_deg: 335,
    },
    driven: "",
    remaining_m: 212000,
    eta: local(1, 16),
    delayed_seconds: 0,
  };
});
on("POST /v1/freight/orders/{id}/run-events", ({ body }) => {
  const steps = (body as { steps: { id: string; action: string; stop: number; code?: string }[] })
    .steps;
  for (const x of steps) {
    if (x.action === "arrive")
      standing = { ...standing, state: "at_stop", stop: x.stop, served: false };
    if (x.action === "serve" && x.code === "0000") {
      return {
        taken: [],
        refused: {
          id: x.id,
          problem: { type: "", title: "Wrong code", status: 403, code: "receiver_code_wrong" },
        },
        points_taken: 0,
        standing,
        version: 6,
      };
    }
    if (x.action === "serve")
      standing =
        x.stop === 1
          ? { ...standing, state: "delivered", served: true }
          : { ...standing, served: true };
    if (x.action === "leave")
      standing = { ...standing, state: "under_way", stop: x.stop + 1, served: false };
  }
  return { taken: steps.map((x) => x.id), refused: null, points_taken: 0, standing, version: 6 };
});
let files = 0;
on("POST /v1/files", () => ({
  id: `file_new${files++}`,
  state: "empty",
  media_type: "image/jpeg",
  bytes: 1,
  width_px: null,
  height_px: null,
  reason: null,
}));
on("PUT /v1/files/{id}/content", ({ params }) => ({
  id: params[0],
  state: "ready",
  media_type: "image/jpeg",
  bytes: 1,
  width_px: null,
  height_px: null,
  reason: null,
}));
on("POST /v1/orders/{id}/ratings", () => ({
  id: "rat_1",
  stars: 5,
  tags: [],
  words: null,
  at: at(0),
  by: "trucker",
  visible: false,
}));
