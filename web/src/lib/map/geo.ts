// Small geometry for the map: polylines, great circles, bounds, Mercator for the picture without WebGL.
import type { Point } from "../wire";

export type LonLat = [number, number];
export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** Google's encoded polyline. Wire geometry has five decimals and latitude first. */
export function decode(text: string, decimals = 5, latFirst = true): LonLat[] {
  const per = 10 ** decimals;
  const out: LonLat[] = [];
  let at = 0;
  let a = 0;
  let b = 0;
  const next = (): number => {
    let shift = 0;
    let value = 0;
    let c = 32;
    while (c >= 32 && at < text.length) {
      c = text.charCodeAt(at++) - 63;
      value |= (c & 31) << shift;
      shift += 5;
    }
    return value & 1 ? ~(value >> 1) : value >> 1;
  };
  while (at < text.length) {
    a += next();
    b += next();
    out.push(latFirst ? [b / per, a / per] : [a / per, b / per]);
  }
  return out;
}

export function encode(points: LonLat[]): string {
  let out = "";
  let py = 0;
  let px = 0;
  const put = (v: number): void => {
    let n = v < 0 ? ~(v << 1) : v << 1;
    while (n >= 32) {
      out += String.fromCharCode((32 | (n & 31)) + 63);
      n >>= 5;
    }
    out += String.fromCharCode(n + 63);
  };
  for (const [lon, lat] of points) {
    const y = Math.round(lat * 1e5);
    const x = Math.round(lon * 1e5);
    put(y - py);
    put(x - px);
    [py, px] = [y, x];
  }
  return out;
}

/** A gentle bow from a to b, drawn where no road is known: plainly not a road. */
export function bow(a: Point, b: Point, bend = 0.1, steps = 48): LonLat[] {
  const k = Math.cos(((a.lat + b.lat) / 2 / 180) * Math.PI);
  const dx = (b.lon - a.lon) * k;
  const dy = b.lat - a.lat;
  const cx = (a.lon + b.lon) / 2 + (-dy * bend) / k;
  const cy = (a.lat + b.lat) / 2 + dx * bend;
  return Array.from({ length: steps + 1 }, (_, i) => {
    const t = i / steps;
    const u = 1 - t;
    return [
      u * u * a.lon + 2 * u * t * cx + t * t * b.lon,
      u * u * a.lat + 2 * u * t * cy + t * t * b.lat,
    ] as LonLat;
  });
}

export function metresBetween(a: Point, b: Point): number {
  const r = Math.PI / 180;
  const h =
    Math.sin(((b.lat - a.lat) * r) / 2) ** 2 +
    Math.cos(a.lat * r) * Math.cos(b.lat * r) * Math.sin(((b.lon - a.lon) * r) / 2) ** 2;
  return 12_742_000 * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** A ring of that radius around a point. */
export function ring(at: Point, radius_m: number): LonLat[] {
  const dLat = radius_m / 111_320;
  const dLon = dLat / Math.cos((at.lat * Math.PI) / 180);
  return Array.from({ length: 73 }, (_, i) => {
    const t = (i / 72) * 2 * Math.PI;
    return [at.lon + dLon * Math.cos(t), at.lat + dLat * Math.sin(t)] as LonLat;
  });
}

export function boxOf(points: Point[], least = 0.4): Box | null {
  const lats = points.map((p) => p.lat);
  const lons = points.map((p) => p.lon);
  if (!points.length) return null;
  const box = {
    west: Math.min(...lons),
    east: Math.max(...lons),
    south: Math.min(...lats),
    north: Math.max(...lats),
  };
  const gx = Math.max(0, (least - (box.east - box.west)) / 2);
  const gy = Math.max(0, (least - (box.north - box.south)) / 2);
  return { west: box.west - gx, east: box.east + gx, south: box.south - gy, north: box.north + gy };
}

/** Unit square of Web Mercator. */
export function mercator(p: LonLat): [number, number] {
  const s = Math.sin((p[1] * Math.PI) / 180);
  return [p[0] / 360 + 0.5, 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)];
}
