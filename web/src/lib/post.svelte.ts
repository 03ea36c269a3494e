// The form of a new load: what is typed, what is wrong with it, what goes on the wire.
import { s } from "../strings/shipper";
import type { DayWindow } from "../ui/WindowField.svelte";
import { daysFromToday, money, tonnes, zone, zoned } from "./format";
import { session } from "./session.svelte";
import type {
  BodyType,
  Cargo,
  CargoKind,
  LoadNew,
  LoadOwnerDetail,
  Money,
  Place,
  Point,
  PriceMode,
  QuoteRequest,
  StopNew,
} from "./wire";

export interface StopForm {
  key: string;
  kind: "pickup" | "drop";
  place: Place | null;
  pin: Point | null;
  address: string;
  contact: string;
  phone: string;
  notes: string;
  window: DayWindow;
}
export interface PostForm {
  stops: StopForm[];
  kind: CargoKind[];
  name: string;
  tonnes: string;
  cubic: string;
  pieces: string;
  handling: Cargo["handling"];
  bodies: BodyType[];
  lengths: number[];
  mode: PriceMode[];
  price: string;
  deposit: string;
}
export type Errors = Record<string, string>;

const STOPS_MAX = 8;
const MASS_T = { min: 0.1, max: 60 };
const VOLUME_MAX = 200;
const KEY = "sarai.draft.load";

export const number = (t: string): number => Number(t.trim().replace(/[,，\s¥]/g, ""));
export const yuan = (t: string): Money | null => {
  const v = number(t);
  return t.trim() && Number.isFinite(v) && v >= 0
    ? { amount_minor: Math.round(v * 100), currency: session.meta?.currency ?? "CNY" }
    : null;
};
export function stop(kind: "pickup" | "drop", window: DayWindow): StopForm {
  return {
    key: Math.random().toString(36).slice(2, 8),
    kind,
    place: null,
    pin: null,
    address: "",
    contact: "",
    phone: "",
    notes: "",
    window,
  };
}
export function blank(): PostForm {
  return {
    stops: [
      stop("pickup", { day: 1, from: "08:00", to: "12:00" }),
      stop("drop", { day: 2, from: "08:00", to: "18:00" }),
    ],
    kind: ["other"],
    name: "",
    tonnes: "",
    cubic: "",
    pieces: "",
    handling: [],
    bodies: [],
    lengths: [],
    mode: ["bargain"],
    price: "",
    deposit: "200",
  };
}
/** What was typed stays in this tab, and nowhere else: it holds addresses and numbers of people. */
export function keepDraft(f: PostForm | null): void {
  try {
    if (f) sessionStorage.setItem(KEY, JSON.stringify(f));
    else sessionStorage.removeItem(KEY);
  } catch {
    // The draft is lost with the page.
  }
}
export function draft(): PostForm | null {
  try {
    const kept = sessionStorage.getItem(KEY);
    return kept ? { ...blank(), ...(JSON.parse(kept) as PostForm) } : null;
  } catch {
    return null;
  }
}
/** A load of before, with tomorrow's dates. */
export function copyOf(d: LoadOwnerDetail): PostForm {
  const first = d.stops[0]?.window.from ?? new Date().toISOString();
  const from = daysFromToday(first);
  const hm = (t: string): string =>
    new Intl.DateTimeFormat("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone: zone(),
    }).format(new Date(t));
  return {
    ...blank(),
    stops: d.stops.map((x) => ({
      ...stop(x.kind, {
        day: Math.max(1, 1 + daysFromToday(x.window.from) - from),
        from: hm(x.window.from),
        to: hm(x.window.to),
      }),
      place: {
        code: x.area.code,
        kind: x.area.district ? "district" : "city",
        name: x.area.district ?? x.area.city,
        area: x.area,
        point: x.point,
        population: null,
      },
      pin: x.point,
      address: x.address,
      contact: x.contact.name,
      phone: x.contact.phone,
      notes: x.notes ?? "",
    })),
    kind: [d.cargo.kind],
    name: d.cargo.name,
    tonnes: String(d.cargo.mass_kg / 1000),
    cubic: d.cargo.volume_l ? String(d.cargo.volume_l / 1000) : "",
    pieces: d.cargo.pieces ? String(d.cargo.pieces) : "",
    handling: d.cargo.handling,
    bodies: d.bodies as BodyType[],
    lengths: d.lengths_mm,
    mode: [d.price_mode === "sealed_bid" ? "bargain" : d.price_mode],
    price: d.money ? String(d.money.price.amount_minor / 100) : "",
    deposit: String(d.deposit.amount_minor / 100),
  };
}
export const mayAdd = (f: PostForm): boolean => f.stops.length < STOPS_MAX;

function moments(w: DayWindow): { from: Date; to: Date } {
  const from = zoned(w.day, w.from);
  let to = zoned(w.day, w.to);
  if (to <= from) to = new Date(to.getTime() + 86_400_000);
  return { from, to };
}
export function check(f: PostForm): Errors {
  const e: Errors = {};
  const now = new Date();
  let begin = new Date(0);
  f.stops.forEach((x, i) => {
    if (!x.place) e[`stops/${i}/place`] = s.needPlace;
    if (x.address.trim().length < 2) e[`stops/${i}/address`] = s.needAddress;
    if (!x.contact.trim()) e[`stops/${i}/contact/name`] = s.needName;
    if (!/^\+?[\d\s()-]{7,20}$/.test(x.phone.trim())) e[`stops/${i}/contact/phone`] = s.needPhone;
    const { from, to } = moments(x.window);
    if (to <= now) e[`stops/${i}/window`] = s.past;
    else if (to <= begin) e[`stops/${i}/window`] = s.dropBefore;
    begin = from > begin ? from : begin;
  });
  if (!f.name.trim()) e["cargo/name"] = s.needWords;
  const t = number(f.tonnes);
  if (!(t >= MASS_T.min && t <= MASS_T.max))
    e["cargo/mass_kg"] = s.weightRange(
      tonnes(MASS_T.min * 1000).split(" ")[0] ?? "",
      tonnes(MASS_T.max * 1000),
    );
  if (f.cubic.trim() && !(number(f.cubic) > 0 && number(f.cubic) <= VOLUME_MAX))
    e["cargo/volume_l"] = s.volumeRange;
  if (!f.bodies.length) e.bodies = s.needBody;
  const p = yuan(f.price);
  if (!p || p.amount_minor <= 0) e.price = s.needPrice;
  const most = session.meta?.limits.deposit_max;
  const d = yuan(f.deposit);
  if (!d || (most && d.amount_minor > most.amount_minor))
    e.deposit = s.depositRange(most ? money(most) : "");
  return e;
}
const intl = (phone: string): string => {
  const t = phone.replace(/[\s()-]/g, "");
  return /^1\d{10}$/.test(t) ? `+86${t}` : t;
};
export function toWire(f: PostForm, photos: LoadNew["photos"]): LoadNew {
  const stops: StopNew[] = f.stops.flatMap((x) => {
    const point = x.pin ?? x.place?.point;
    if (!x.place || !point) return [];
    const { from, to } = moments(x.window);
    return [
      {
        kind: x.kind,
        area_code: x.place.code,
        point: { lat: point.lat, lon: point.lon },
        address: x.address.trim(),
        ...(x.notes.trim() ? { notes: x.notes.trim() } : {}),
        window: { from: from.toISOString(), to: to.toISOString(), zone: zone() },
        contact: { name: x.contact.trim(), phone: intl(x.phone) },
      },
    ];
  });
  const none = { amount_minor: 0, currency: session.meta?.currency ?? "CNY" };
  const price = yuan(f.price);
  return {
    stops,
    cargo: {
      kind: f.kind[0] ?? "other",
      name: f.name.trim(),
      mass_kg: Math.round(number(f.tonnes) * 1000),
      volume_l: f.cubic.trim() ? Math.round(number(f.cubic) * 1000) : null,
      pieces: f.pieces.trim() ? Math.round(number(f.pieces)) : null,
      handling: f.handling,
    },
    bodies: f.bodies,
    // None chosen means any: the wire wants them named.
    lengths_mm: [...(f.lengths.length ? f.lengths : (session.meta?.freight.lengths_mm ?? []))].sort(
      (a, b) => a - b,
    ),
    price_mode: f.mode[0] ?? "bargain",
    ...(price ? { price } : {}),
    deposit: yuan(f.deposit) ?? none,
    deposit_refundable: true,
    photos,
  };
}
/** What can already be asked about the price; `null` until the route is known. */
export function quoteOf(f: PostForm): QuoteRequest | null {
  const stops = f.stops.flatMap((x) => {
    const point = x.pin ?? x.place?.point;
    return x.place && point
      ? [{ point: { lat: point.lat, lon: point.lon }, area_code: x.place.code }]
      : [];
  });
  if (stops.length < f.stops.length || stops.length < 2) return null;
  const mass = Math.round(number(f.tonnes) * 1000);
  const price = yuan(f.price);
  return {
    stops,
    ...(mass >= 100 && mass <= 60_000
      ? { cargo: { kind: f.kind[0] ?? "other", mass_kg: mass } }
      : {}),
    ...(f.bodies.length ? { bodies: f.bodies } : {}),
    ...(price && price.amount_minor > 0 ? { price } : {}),
  };
}
