// Makes the checked-in base of the map: land, lakes and city labels. Run by hand when a source changes:
//   node scripts/map-data.mjs LAKES.shp WATER.json CITIES.tsv
// Land: Natural Earth 1:10m and 1:110m, public domain, from the npm package world-atlas.
// Lakes: Natural Earth 1:10m `ne_10m_lakes.shp`, public domain. Cities: GeoNames cities15000, CC BY 4.0.
// Rivers wide enough to have banks, and more lakes: OpenStreetMap contributors, ODbL, as cut by the npm package
// @geo-maps/earth-waterbodies-1km (`map.geo.json`).
// Inside WINDOW the fine coast is used, outside it the coarse one. No borders are drawn.
import { readFileSync, writeFileSync } from "node:fs";
import { feature } from "topojson-client";

const WINDOW = [66, -2, 150, 56];
const TOLERANCE_DEG = 0.004;
const ISLAND_DEG2_MIN = 0.0006;
const LAKE_DEG2_MIN = 0.004;
const RIVERS = [73, 18, 135, 54];
const RIVER_DEG_MIN = 0.07;
const RIVER_DEG2_MIN = 0.0009;
const CITIES_MAX = 1500;
const [lakesPath, waterPath, citiesPath] = process.argv.slice(2);
const atlas = (name) =>
  JSON.parse(readFileSync(new URL(`../node_modules/world-atlas/${name}.json`, import.meta.url)));

/** Rings of one Natural Earth land file. */
function land(name) {
  const topo = atlas(name);
  return feature(topo, topo.objects.land).features.flatMap((f) =>
    f.geometry.type === "Polygon" ? [f.geometry.coordinates] : f.geometry.coordinates,
  );
}

/** Sutherland-Hodgman against a box. */
function clip(ring, [w, s, e, n]) {
  const sides = [
    [(p) => p[0] >= w, (a, b) => at(a, b, 0, w)],
    [(p) => p[0] <= e, (a, b) => at(a, b, 0, e)],
    [(p) => p[1] >= s, (a, b) => at(a, b, 1, s)],
    [(p) => p[1] <= n, (a, b) => at(a, b, 1, n)],
  ];
  let out = ring;
  for (const [inside, cut] of sides) {
    const from = out;
    out = [];
    for (let i = 0; i < from.length; i++) {
      const a = from[(i + from.length - 1) % from.length];
      const b = from[i];
      if (inside(b)) {
        if (!inside(a)) out.push(cut(a, b));
        out.push(b);
      } else if (inside(a)) out.push(cut(a, b));
    }
    if (!out.length) return out;
  }
  return out;
}
function at(a, b, axis, v) {
  const t = (v - a[axis]) / (b[axis] - a[axis]);
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
}
const area = (ring) => {
  let sum = 0;
  for (let i = 0; i < ring.length; i++) {
    const [x1, y1] = ring[i];
    const [x2, y2] = ring[(i + 1) % ring.length];
    sum += x1 * y2 - x2 * y1;
  }
  return Math.abs(sum / 2);
};

/** Ramer-Douglas-Peucker, with a stack. */
function simplify(ring, tolerance) {
  if (ring.length < 5) return ring;
  const keep = new Uint8Array(ring.length);
  keep[0] = keep[ring.length - 1] = 1;
  const mid = ring.length >> 1;
  keep[mid] = 1;
  const stack = [
    [0, mid],
    [mid, ring.length - 1],
  ];
  while (stack.length) {
    const [a, b] = stack.pop();
    let far = 0;
    let best = -1;
    for (let i = a + 1; i < b; i++) {
      const d = distance(ring[i], ring[a], ring[b]);
      if (d > far) [far, best] = [d, i];
    }
    if (far > tolerance) {
      keep[best] = 1;
      stack.push([a, best], [best, b]);
    }
  }
  return ring.filter((_, i) => keep[i]);
}
function distance(p, a, b) {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const l = dx * dx + dy * dy;
  const t = l ? Math.max(0, Math.min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / l)) : 0;
  return Math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
}

/** Google's polyline form, three decimals, longitude first. */
function encode(ring) {
  let out = "";
  let px = 0;
  let py = 0;
  for (const [x, y] of ring) {
    const ix = Math.round(x * 1000);
    const iy = Math.round(y * 1000);
    out += number(ix - px) + number(iy - py);
    [px, py] = [ix, iy];
  }
  return out;
}
function number(v) {
  let n = v < 0 ? ~(v << 1) : v << 1;
  let out = "";
  while (n >= 32) {
    out += String.fromCharCode((32 | (n & 31)) + 63);
    n >>= 5;
  }
  return out + String.fromCharCode(n + 63);
}

function boxed(polygons, box, tolerance, areaMin) {
  const out = [];
  for (const rings of polygons) {
    const outer = clip(rings[0].slice(0, -1), box);
    if (outer.length < 3 || area(outer) < areaMin) continue;
    const holes = rings
      .slice(1)
      .map((r) => clip(r.slice(0, -1), box))
      .filter((r) => r.length > 2 && area(r) > areaMin);
    out.push([outer, ...holes].map((r) => encode(simplify([...r, r[0]], tolerance))));
  }
  return out;
}

const [w, s, e, n] = WINDOW;
const coarse = land("land-110m");
const polygons = [
  ...boxed(land("land-10m"), WINDOW, TOLERANCE_DEG, ISLAND_DEG2_MIN),
  ...boxed(coarse, [-180, -85, w, 85], 0.1, 0.5),
  ...boxed(coarse, [e, -85, 180, 85], 0.1, 0.5),
  ...boxed(coarse, [w, -85, e, s], 0.1, 0.5),
  ...boxed(coarse, [w, n, e, 85], 0.1, 0.5),
];

/** Polygons of an ESRI shapefile; inner rings turn the other way. */
function shapefile(path) {
  const b = readFileSync(path);
  const out = [];
  let o = 100;
  while (o < b.length) {
    const size = b.readInt32BE(o + 4) * 2;
    const base = o + 8;
    if (b.readInt32LE(base) === 5) {
      const parts = b.readInt32LE(base + 36);
      const points = b.readInt32LE(base + 40);
      const starts = Array.from({ length: parts }, (_, i) => b.readInt32LE(base + 44 + 4 * i));
      const first = base + 44 + 4 * parts;
      const rings = starts.map((from, i) => {
        const to = starts[i + 1] ?? points;
        return Array.from({ length: to - from }, (_, k) => [
          b.readDoubleLE(first + 16 * (from + k)),
          b.readDoubleLE(first + 16 * (from + k) + 8),
        ]);
      });
      out.push(rings);
    }
    o = base + size;
  }
  return out;
}
const lakes = boxed(shapefile(lakesPath), WINDOW, TOLERANCE_DEG, LAKE_DEG2_MIN);
const rivers = water(waterPath);

/** Water bodies of a GeoJSON file inside RIVERS; the sea among them is left out. */
function water(path) {
  const [rw, rs, re, rn] = RIVERS;
  return JSON.parse(readFileSync(path, "utf8"))
    .geometries.flatMap((g) => (g.type === "MultiPolygon" ? g.coordinates : [g.coordinates]))
    .filter(([outer]) => {
      const xs = outer.map((p) => p[0]);
      const ys = outer.map((p) => p[1]);
      const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
      if (x1 - x0 > 20 || x0 < rw || x1 > re || y0 < rs || y1 > rn) return false;
      return area(outer) >= RIVER_DEG2_MIN || x1 - x0 + (y1 - y0) >= RIVER_DEG_MIN;
    })
    .map(([outer]) => [encode(outer)]);
}

// GeoNames mixes traditional and Japanese forms into its Chinese names; the pages write simplified ones.
const FORMS = new Map(
  [
    ..."長长貴贵陽阳恵惠紹绍興兴崑昆掲揭門门塩盐綿绵銀银徳德鶏鸡欽钦貢贡饒饶竜龙賀贺渓溪頂顶齊齐爾尔順顺鶴鹤崗岗黃黄錦锦鴨鸭営营園园鉄铁嶺岭義义綏绥銅铜鷹鹰員员東东蓮莲蘭兰楡榆馬马",
  ]
    .map((c, i, all) => [c, all[i + 1]])
    .filter((_, i) => i % 2 === 0),
);
const simplified = (name) => [...name].map((c) => FORMS.get(c) ?? c).join("");

/** Label rows: [longitude, latitude, rank, English, Chinese]; rank 0 is drawn first. */
function cities(path) {
  const rows = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((l) => l.split("\t"));
  const near = rows
    .filter((r) =>
      [
        "CN",
        "HK",
        "MO",
        "TW",
        "KR",
        "KP",
        "JP",
        "VN",
        "MN",
        "KZ",
        "KG",
        "LA",
        "MM",
        "TH",
        "RU",
        "IN",
        "NP",
        "UZ",
        "PH",
      ].includes(r[3]),
    )
    .map((r) => ({
      en: r[1],
      zh: simplified(r[2]).replace(/(特别行政区|自治州|地区|市|盟)$/u, ""),
      cn: ["CN", "HK", "MO", "TW"].includes(r[3]),
      lat: +r[5],
      lon: +r[6],
      pop: +r[7],
    }))
    .filter((c) => c.pop >= (c.cn ? 60_000 : 500_000) && (!c.cn || c.zh))
    .sort((a, b) => b.pop - a.pop);
  const kept = [];
  for (const c of near) {
    const close = kept.some((k) => Math.hypot((k.lon - c.lon) * 0.85, k.lat - c.lat) < 0.16);
    if (!close) kept.push(c);
    if (kept.length >= CITIES_MAX) break;
  }
  // GeoNames gives these districts the people of their whole region.
  const rank = (c) =>
    c.en === "Wuzhong"
      ? 3
      : c.pop > 5e6
        ? 0
        : c.pop > 2.5e6
          ? 1
          : c.pop > 1e6
            ? 2
            : c.pop > 4e5
              ? 3
              : c.pop > 1.5e5
                ? 4
                : 5;
  return kept.map((c) => [+c.lon.toFixed(3), +c.lat.toFixed(3), rank(c), c.en, c.zh]);
}

const out = new URL("../src/lib/map/data/", import.meta.url);
writeFileSync(new URL("land.json", out), JSON.stringify({ land: polygons, lakes, rivers }));
writeFileSync(new URL("cities.json", out), JSON.stringify(cities(citiesPath)));
