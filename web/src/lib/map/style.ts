// The one map style, a function of the tokens and the language: day, night and sun are the same style.
import type { ExpressionSpecification, StyleSpecification } from "maplibre-gl";
import type { Base } from "./base";

export interface Inks {
  sea: string;
  land: string;
  water: string;
  road: string;
  lab: string;
  halo: string;
  act: string;
  card: string;
  ink: string;
  ink3: string;
  paper: string;
  onAct: string;
  font: string;
}

export function readInks(): Inks {
  const css = getComputedStyle(document.documentElement);
  const v = (name: string): string => css.getPropertyValue(name).trim();
  return {
    sea: v("--m-sea"),
    land: v("--m-land"),
    water: v("--m-water"),
    road: v("--m-road"),
    lab: v("--m-lab"),
    halo: v("--m-halo"),
    act: v("--act"),
    card: v("--card"),
    ink: v("--ink"),
    ink3: v("--ink-3"),
    paper: v("--paper"),
    onAct: v("--on-act"),
    font: v("--font"),
  };
}

const EMPTY = { type: "FeatureCollection" as const, features: [] };

/** What a city of a rank needs of zoom to be named. */
export const NAMED: ExpressionSpecification = [
  "step",
  ["zoom"],
  ["<=", ["get", "rank"], 0],
  4,
  ["<=", ["get", "rank"], 1],
  4.9,
  ["<=", ["get", "rank"], 2],
  5.8,
  ["<=", ["get", "rank"], 3],
  6.6,
  ["<=", ["get", "rank"], 4],
  7.6,
  true,
];

export function mapStyle(base: Base, inks: Inks, lang: "en" | "zh-Hans"): StyleSpecification {
  const name = lang === "en" ? "en" : "zh";
  const stack = (weight: string): string[] => [`Sarai ${weight},${inks.font.replace(/"/g, "")}`];
  const geo = (data: GeoJSON.GeoJSON = EMPTY) => ({ type: "geojson" as const, data });
  return {
    version: 8,
    sources: {
      land: { ...geo(base.land), tolerance: 0.2 },
      lakes: { ...geo(base.lakes), tolerance: 0.2 },
      rivers: { ...geo(base.rivers), tolerance: 0.2 },
      cities: geo(base.cities),
      faint: geo(),
      reach: geo(),
      lane: geo(),
      ends: geo(),
      loads: { ...geo(), cluster: true, clusterRadius: 34, clusterMaxZoom: 11 },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": inks.sea } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": inks.land } },
      {
        id: "coast",
        type: "line",
        source: "land",
        paint: { "line-color": inks.road, "line-width": 0.8, "line-opacity": 0.55 },
      },
      { id: "lakes", type: "fill", source: "lakes", paint: { "fill-color": inks.water } },
      {
        id: "rivers",
        type: "fill",
        source: "rivers",
        maxzoom: 7.6,
        paint: {
          "fill-color": inks.water,
          "fill-opacity": ["interpolate", ["linear"], ["zoom"], 6.6, 1, 7.6, 0],
        },
      },
      {
        id: "banks",
        type: "line",
        source: "rivers",
        maxzoom: 7.6,
        paint: {
          "line-color": inks.water,
          "line-width": ["interpolate", ["linear"], ["zoom"], 4, 0.8, 7, 1.6],
          "line-opacity": ["interpolate", ["linear"], ["zoom"], 6.6, 1, 7.6, 0],
        },
      },
      {
        id: "faint",
        type: "line",
        source: "faint",
        layout: { "line-cap": "round" },
        paint: {
          "line-color": inks.act,
          "line-width": ["interpolate", ["linear"], ["zoom"], 3, 1, 8, 1.8],
          "line-opacity": 0.26,
        },
      },
      {
        id: "reach-fill",
        type: "fill",
        source: "reach",
        paint: { "fill-color": inks.act, "fill-opacity": 0.06 },
      },
      {
        id: "reach-line",
        type: "line",
        source: "reach",
        paint: {
          "line-color": inks.act,
          "line-width": 1.5,
          "line-opacity": 0.6,
          "line-dasharray": [3, 3],
        },
      },
      {
        id: "dots",
        type: "circle",
        source: "cities",
        filter: NAMED,
        paint: {
          "circle-color": inks.lab,
          "circle-opacity": 0.8,
          "circle-radius": ["interpolate", ["linear"], ["get", "rank"], 0, 3.1, 4, 2],
        },
      },
      {
        id: "names",
        type: "symbol",
        source: "cities",
        filter: NAMED,
        layout: {
          "text-field": ["get", name],
          "text-font": [
            "case",
            ["<=", ["get", "rank"], 1],
            ["literal", stack("SemiBold")],
            ["literal", stack("Medium")],
          ],
          "text-size": ["interpolate", ["linear"], ["get", "rank"], 0, 13.5, 1, 13, 4, 11.5],
          "text-variable-anchor": ["left", "right", "top", "bottom"],
          "text-radial-offset": 0.55,
          "text-justify": "auto",
          "text-max-width": 9,
          "text-padding": 6,
          "symbol-sort-key": ["get", "rank"],
        },
        paint: { "text-color": inks.lab, "text-halo-color": inks.halo, "text-halo-width": 1.6 },
      },
      {
        id: "lane-case",
        type: "line",
        source: "lane",
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": inks.card, "line-width": 9 },
      },
      {
        id: "lane",
        type: "line",
        source: "lane",
        layout: { "line-cap": "round", "line-join": "round" },
        paint: {
          "line-color": ["match", ["get", "kind"], "done", inks.ink3, inks.act],
          "line-width": ["match", ["get", "kind"], "done", 3.5, 4.5],
          "line-opacity": ["match", ["get", "kind"], "done", 0.55, 1],
        },
      },
      {
        id: "ends",
        type: "circle",
        source: "ends",
        paint: {
          "circle-radius": ["match", ["get", "kind"], "mid", 4, 6.5],
          "circle-color": ["match", ["get", "kind"], "end", inks.card, inks.ink],
          "circle-stroke-width": ["match", ["get", "kind"], "end", 4, 2],
          "circle-stroke-color": ["match", ["get", "kind"], "end", inks.ink, inks.card],
        },
      },
      {
        id: "end-names",
        type: "symbol",
        source: "ends",
        layout: {
          "text-field": ["get", name],
          "text-font": stack("SemiBold"),
          "text-size": 13.5,
          "text-variable-anchor": ["left", "right", "top", "bottom"],
          "text-radial-offset": 0.95,
          "text-justify": "auto",
        },
        paint: { "text-color": inks.lab, "text-halo-color": inks.halo, "text-halo-width": 2 },
      },
      {
        id: "clusters",
        type: "circle",
        source: "loads",
        filter: ["has", "point_count"],
        paint: {
          "circle-color": inks.ink,
          "circle-radius": ["+", 13, ["sqrt", ["get", "point_count"]]],
        },
      },
      {
        id: "cluster-counts",
        type: "symbol",
        source: "loads",
        filter: ["has", "point_count"],
        layout: {
          "text-field": ["to-string", ["get", "point_count"]],
          "text-font": stack("SemiBold"),
          "text-size": 13,
          "text-allow-overlap": true,
          "icon-allow-overlap": true,
        },
        paint: { "text-color": inks.paper },
      },
      {
        id: "pills",
        type: "symbol",
        source: "loads",
        filter: ["!", ["has", "point_count"]],
        layout: {
          "icon-image": "pill",
          "icon-text-fit": "both",
          "icon-text-fit-padding": [4, 8, 4, 8],
          "icon-anchor": "bottom",
          "text-field": ["get", "text"],
          "text-font": stack("SemiBold"),
          "text-size": 13,
          "text-anchor": "bottom",
          "text-offset": [0, -0.95],
          "icon-allow-overlap": true,
          "text-allow-overlap": true,
          "symbol-sort-key": ["get", "order"],
        },
        paint: { "text-color": inks.ink },
      },
    ],
  };
}

const PILL = { w: 40, h: 30, tail: 7, scale: 2 };

/** A price pill with a tail: the sides stretch, the tail does not. */
export function pillImage(
  inks: Inks,
): { data: ImageData; options: Record<string, unknown> } | null {
  const { w, h, tail, scale } = PILL;
  const c = document.createElement("canvas");
  c.width = w * scale;
  c.height = h * scale;
  const g = c.getContext("2d");
  if (!g) return null;
  g.scale(scale, scale);
  const bottom = h - tail;
  const r = bottom / 2 - 1;
  g.beginPath();
  g.roundRect(1, 1, w - 2, bottom - 2, r);
  g.fillStyle = inks.card;
  g.strokeStyle = inks.ink;
  g.lineWidth = 1.4;
  g.fill();
  g.stroke();
  g.beginPath();
  g.moveTo(w / 2 - 5, bottom - 1.7);
  g.lineTo(w / 2, h - 1);
  g.lineTo(w / 2 + 5, bottom - 1.7);
  g.fill();
  g.beginPath();
  g.moveTo(w / 2 - 5, bottom - 1);
  g.lineTo(w / 2, h - 1);
  g.lineTo(w / 2 + 5, bottom - 1);
  g.stroke();
  const px = (v: number): number => v * scale;
  return {
    data: g.getImageData(0, 0, px(w), px(h)),
    options: {
      pixelRatio: scale,
      stretchX: [
        [px(12), px(14)],
        [px(26), px(28)],
      ],
      stretchY: [[px(11), px(12)]],
      content: [px(8), px(3), px(w - 8), px(bottom - 3)],
    },
  };
}
