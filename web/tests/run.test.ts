import { describe, expect, it } from "vitest";
import { bow, boxOf, decode, encode, metresBetween } from "../src/lib/map/geo";
import { match, type RouteDef } from "../src/lib/router.svelte";
import { ahead, type Deed, stepsOf } from "../src/lib/run.svelte";
import type { OrderDetail, OrderStanding } from "../src/lib/wire";

const standing = (state: OrderStanding["state"], stop: number, served = false): OrderStanding => ({
  state,
  stop,
  served,
  reason: null,
  dispute: "none",
});
const deed = (action: Deed["action"], stop: number, more: Partial<Deed> = {}): Deed => ({
  id: `${action}${stop}`,
  order: "ord_1",
  seq: 1,
  action,
  stop,
  happened_at: "2026-11-23T01:00:00.000Z",
  photos: [],
  sent: [],
  ...more,
});
const order = (now: OrderStanding): OrderDetail =>
  ({
    standing: now,
    stops: [0, 1].map((index) => ({
      index,
      kind: index ? "drop" : "pickup",
      arrived_at: null,
      served_at: null,
      left_at: null,
    })),
  }) as unknown as OrderDetail;

describe("a run", () => {
  it("goes on by what is kept on the phone", () => {
    const kept = [deed("arrive", 0), deed("serve", 0), deed("leave", 0)];
    expect(ahead(standing("booked", 0), kept, 2)).toMatchObject({
      state: "under_way",
      stop: 1,
      served: false,
    });
    expect(ahead(standing("at_stop", 1), [deed("serve", 1)], 2)).toMatchObject({
      state: "delivered",
    });
  });
  it("stops at a refused deed", () => {
    const problem = { type: "", title: "", status: 403, code: "receiver_code_wrong" };
    const kept = [deed("serve", 0, { refused: problem }), deed("leave", 0)];
    expect(ahead(standing("at_stop", 0), kept, 2)).toMatchObject({
      state: "at_stop",
      stop: 0,
      served: false,
    });
  });
  it("has five deeds for two stops, and exactly one of them is now", () => {
    const steps = stepsOf(order(standing("under_way", 1)), []);
    expect(steps.map((x) => `${x.action}${x.stop}:${x.state}`)).toEqual([
      "arrive0:done",
      "serve0:done",
      "leave0:done",
      "arrive1:now",
      "serve1:next",
    ]);
    expect(
      stepsOf(order(standing("delivered", 1, true)), []).every((x) => x.state === "done"),
    ).toBe(true);
  });
  it("marks a deed that waits for signal as kept", () => {
    const steps = stepsOf(order(standing("booked", 0)), [deed("arrive", 0)]);
    expect(steps[0]).toMatchObject({ state: "done", kept: true });
    expect(steps[1]).toMatchObject({ state: "now" });
  });
});

describe("geometry", () => {
  it("reads back the polyline it writes", () => {
    const line = bow({ lat: 31.57, lon: 120.29 }, { lat: 36.67, lon: 117 });
    const back = decode(encode(line));
    expect(back).toHaveLength(line.length);
    back.forEach(([lon, lat], i) => {
      expect(lon).toBeCloseTo(line[i]?.[0] ?? 0, 4);
      expect(lat).toBeCloseTo(line[i]?.[1] ?? 0, 4);
    });
  });
  it("knows Google's own example", () => {
    expect(decode("_p~iF~ps|U_ulLnnqC_mqNvxq`@")).toEqual([
      [-120.2, 38.5],
      [-120.95, 40.7],
      [-126.453, 43.252],
    ]);
  });
  it("measures Wuxi to Jinan and gives a small box room", () => {
    expect(metresBetween({ lat: 31.57, lon: 120.29 }, { lat: 36.67, lon: 117 })).toBeGreaterThan(
      630_000,
    );
    const box = boxOf([{ lat: 31, lon: 120 }], 1);
    expect(box).toMatchObject({ west: 119.5, east: 120.5, south: 30.5, north: 31.5 });
  });
});

describe("the router", () => {
  const defs = [{ path: "/freight" }, { path: "/freight/loads/:id" }] as RouteDef[];
  it("fills parameters and refuses a longer path", () => {
    expect(match(defs, "/freight/loads/load_1")?.params).toEqual({ id: "load_1" });
    expect(match(defs, "/freight/")?.def.path).toBe("/freight");
    expect(match(defs, "/freight/loads/load_1/more")).toBeNull();
  });
});
