// What a trucker looks for. Kept on this device, sent only in the body of a search.
import { session } from "./session.svelte";
import type { BoardSearch, BoardSort, Point, PriceMode, Text2, Vehicle } from "./wire";

export interface Spot {
  code: string;
  name: Text2;
  point: Point;
}
export interface Search {
  mode: "near" | "along" | "home" | "anywhere";
  at: Spot | null;
  to: Spot | null;
  radius_km: number;
  detour_km: number;
  fits: boolean;
  modes: PriceMode[];
  days: "soon" | "any";
  good: boolean;
  sort: BoardSort;
}

export const RADII_KM = [30, 80, 150, 300, 600];
export const DETOURS_KM = [20, 50, 100, 200];
const SOON_HOURS = 48;
const KEY = "sarai.search";

export function firstSearch(): Search {
  const home = session.me?.home ?? null;
  const blank: Search = {
    mode: home ? "near" : "anywhere",
    at: home,
    to: home,
    radius_km: 150,
    detour_km: 50,
    fits: true,
    modes: [],
    days: "any",
    good: false,
    sort: "best",
  };
  try {
    const kept = localStorage.getItem(KEY);
    return kept ? { ...blank, ...(JSON.parse(kept) as Partial<Search>) } : blank;
  } catch {
    return blank;
  }
}
export function keepSearch(s: Search): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(s));
  } catch {
    // The search is forgotten with the page.
  }
}

/** With a truck that must fit, its body and payload go along, so that the pages are full of loads for it. */
export function toWire(s: Search, truck: Vehicle | null): BoardSearch {
  const now = Date.now();
  return {
    scope: scope(s),
    ...(s.fits && truck
      ? { vehicle: truck.id, bodies: [truck.body], mass_kg_max: truck.payload_kg }
      : {}),
    ...(s.modes.length ? { price_modes: s.modes } : {}),
    ...(s.days === "soon"
      ? {
          pickup: {
            from: new Date(now).toISOString(),
            to: new Date(now + SOON_HOURS * 3_600_000).toISOString(),
          },
        }
      : {}),
    ...(s.good ? { poster_rating_min_x10: 45 } : {}),
    sort: s.sort,
    limit: 100,
  };
}
function scope(s: Search): BoardSearch["scope"] {
  const at = s.at?.point;
  const to = s.to?.point;
  if (s.mode === "near" && at) return { mode: "near", at, radius_m: s.radius_km * 1000 };
  if (s.mode === "along" && at && to) {
    return { mode: "along", from: at, to, detour_m_max: s.detour_km * 1000 };
  }
  if (s.mode === "home" && at && to)
    return { mode: "home", at, home: to, radius_m: s.radius_km * 1000 };
  return at ? { mode: "anywhere", at } : { mode: "anywhere" };
}
