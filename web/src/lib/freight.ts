// What a load looks like on a card, whether it came from the public board or the trucker's own.
import { s } from "../strings/freight";
import { byText, cityName, metres, tonnes, windowText } from "./format";
import { look } from "./look.svelte";
import type { Area, BoardCard, Money, Poster, PriceMode, PublicCard, Window } from "./wire";

export interface CardView {
  id: string;
  rows: { area: Area; window: Window; kind: "pickup" | "drop" }[];
  keep: Money | null;
  estimate: boolean;
  distance_m: number;
  estimated: boolean;
  perKm: Money | null;
  goods: string;
  mode: PriceMode;
  bidsClose: string | null;
  deadhead_m: number | null;
  detour_m: number | null;
  poster: Poster;
  fits: boolean;
  offered: boolean;
}

/** "flatbed 13 m", "low-bed or flatbed", "any 9.6–13 m" */
export function truckWords(bodies: string[], lengths_mm: number[]): string {
  const sorted = [...lengths_mm].sort((a, b) => a - b);
  const first = sorted[0];
  const last = sorted[sorted.length - 1];
  const length =
    first !== undefined && last !== undefined ? s.lengths(metres(first), metres(last)) : "";
  if (!bodies.length || bodies.length > 3)
    return length ? s.bodyLength(s.anyBody, length) : s.anyBody;
  const body = bodies.map((b) => s.body(b)).join(s.or);
  return length && bodies.length < 3 ? s.bodyLength(body, length) : body;
}

/** What is carried. A name in Chinese stands aside for the kind of goods on an English page. */
export function goodsName(cargo: { kind: string; name: string }): string {
  if (!cargo.name) return s.cargo(cargo.kind);
  return look.lang === "en" && /\p{Script=Han}/u.test(cargo.name)
    ? s.cargo(cargo.kind)
    : cargo.name;
}

export function fromBoard(c: BoardCard): CardView {
  return {
    id: c.id,
    rows: c.stops,
    keep: c.money?.keep ?? null,
    estimate: c.estimate,
    distance_m: c.distance_m,
    estimated: c.basis === "estimated",
    perKm: c.keep_per_km,
    goods: [goodsName(c.cargo), tonnes(c.cargo.mass_kg), truckWords(c.bodies, c.lengths_mm)].join(
      " · ",
    ),
    mode: c.price_mode,
    bidsClose: c.bids_close_at,
    deadhead_m: c.deadhead_m,
    detour_m: c.detour_m,
    poster: c.poster,
    fits: c.fit?.ok ?? true,
    offered: c.my_offer !== null,
  };
}

export function fromPublic(c: PublicCard): CardView {
  return {
    id: c.id,
    rows: [
      { area: c.from, window: c.pickup, kind: "pickup" },
      { area: c.to, window: c.drop, kind: "drop" },
    ],
    keep: c.keep,
    estimate: c.estimate,
    distance_m: c.distance_m,
    estimated: c.basis === "estimated",
    perKm: c.keep_per_km,
    goods: [
      s.cargo(c.cargo.kind),
      tonnes(c.cargo.mass_kg),
      truckWords(c.bodies, c.lengths_mm),
    ].join(" · "),
    mode: c.price_mode,
    bidsClose: null,
    deadhead_m: null,
    detour_m: null,
    poster: c.poster,
    fits: true,
    offered: false,
  };
}

export function verb(mode: PriceMode): string {
  return mode === "one_price" ? s.take : mode === "bargain" ? s.offer : s.bid;
}
export function laneName(rows: { area: Area }[]): string {
  const a = rows[0]?.area;
  const b = rows[rows.length - 1]?.area;
  return a && b ? `${cityName(a)} → ${cityName(b)}` : "";
}
export function whenWords(row: { window: Window; kind: "pickup" | "drop" }): string {
  return row.kind === "pickup" ? windowText(row.window) : byText(row.window);
}
