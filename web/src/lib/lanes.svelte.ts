// The trucker's standing lanes, and hearing of a new load on one of them from any page.
import { s } from "../strings/lanes";
import { toast } from "../ui/toast.svelte";
import { call } from "./api";
import { cityName } from "./format";
import { go } from "./router.svelte";
import { listen } from "./stream";
import type { Lane } from "./wire";

export const lanes = $state<{ items: Lane[]; loaded: boolean; error: unknown }>({
  items: [],
  loaded: false,
  error: undefined,
});
let stop: (() => void) | undefined;

export async function loadLanes(): Promise<void> {
  try {
    lanes.items = (await call("GET /v1/freight/lanes", { query: { limit: 50 } })).data.items;
    lanes.error = undefined;
    hear();
  } catch (e) {
    lanes.error = e;
  } finally {
    lanes.loaded = true;
  }
}
export function laneText(l: Lane): string {
  return `${cityName(l.from)} → ${l.to ? cityName(l.to) : s.anywhere}`;
}
function hear(): void {
  stop?.();
  stop = undefined;
  if (!lanes.items.length) return;
  stop = listen(
    lanes.items.map((l) => `board:${l.id}` as const),
    (e) => {
      if (e === "reset" || e.type !== "freight.lane.matched") return;
      const lane = lanes.items.find((l) => l.id === e.data.lane || l.id === e.subject.id);
      if (!lane) return;
      const loads = Array.isArray(e.data.loads) ? e.data.loads : [];
      lane.fresh = typeof e.data.fresh === "number" ? e.data.fresh : lane.fresh + loads.length;
      const load = loads[0];
      toast(
        s.alert(laneText(lane)),
        typeof load === "string"
          ? { text: s.show, run: () => go(`/freight/loads/${load}`) }
          : undefined,
      );
    },
  );
}
