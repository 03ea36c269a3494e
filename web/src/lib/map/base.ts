// The base of the map: physical land, lakes and city names, checked in (scripts/map-data.mjs says from where).
import type { Feature, FeatureCollection, Point as GeoPoint, Polygon } from "geojson";
import citiesUrl from "./data/cities.json?url";
import landUrl from "./data/land.json?url";
import { decode, type LonLat } from "./geo";

/** longitude, latitude, rank (0 = drawn first), English, Chinese or nothing */
export type CityRow = [number, number, number, string, string];
export interface Base {
  land: FeatureCollection<Polygon>;
  lakes: FeatureCollection<Polygon>;
  /** Coarse: for the wide view only. */
  rivers: FeatureCollection<Polygon>;
  cities: FeatureCollection<GeoPoint>;
  rows: CityRow[];
}

let loading: Promise<Base> | null = null;
export function loadBase(): Promise<Base> {
  loading ??= fetchBase().catch((e: unknown) => {
    loading = null;
    throw e;
  });
  return loading;
}

async function fetchBase(): Promise<Base> {
  const [shapes, rows] = await Promise.all([
    json<{ land: string[][]; lakes: string[][]; rivers: string[][] }>(landUrl),
    json<CityRow[]>(citiesUrl),
  ]);
  return {
    land: polygons(shapes.land),
    lakes: polygons(shapes.lakes),
    rivers: polygons(shapes.rivers),
    cities: labels(rows),
    rows,
  };
}
async function json<T>(url: string): Promise<T> {
  const res = await fetch(url);
  if (!res.ok) throw new Error(`map data: ${res.status}`);
  return (await res.json()) as T;
}
function polygons(rings: string[][]): FeatureCollection<Polygon> {
  const features = rings.map(
    (r): Feature<Polygon> => ({
      type: "Feature",
      properties: {},
      geometry: { type: "Polygon", coordinates: r.map((t): LonLat[] => decode(t, 3, false)) },
    }),
  );
  return { type: "FeatureCollection", features };
}
function labels(rows: CityRow[]): FeatureCollection<GeoPoint> {
  return {
    type: "FeatureCollection",
    features: rows.map(([lon, lat, rank, en, zh]) => ({
      type: "Feature",
      properties: { rank, en, zh: zh || en },
      geometry: { type: "Point", coordinates: [lon, lat] },
    })),
  };
}
