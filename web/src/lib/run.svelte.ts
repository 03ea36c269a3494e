// The deeds of one run, done in order and never lost: each is kept on the phone first, then sent.
// The server applies them through the same table one by one; the first refusal stops, and stays with its reason.
import { call, newKey, OfflineError, upload } from "./api";
import { all, put, remove } from "./keep";
import type {
  FileId,
  OrderDetail,
  OrderId,
  OrderStanding,
  Point,
  Problem,
  RunStep,
  TrackPoint,
} from "./wire";

const POINTS_MAX = 500;
const STEPS_MAX = 100;
const PHOTO_PX_MAX = 1600;

export interface Deed {
  id: string;
  order: OrderId;
  seq: number;
  action: "arrive" | "serve" | "leave";
  stop: number;
  happened_at: string;
  position?: Point;
  mass_kg?: number;
  code?: string;
  damage_note?: string;
  reason?: string;
  photos: Blob[];
  /** Photos already sent, in order. */
  sent: FileId[];
  refused?: Problem;
}

export class Run {
  deeds = $state.raw<Deed[]>([]);
  points: TrackPoint[] = [];
  sending = $state(false);
  offline = $state(false);
  error = $state.raw<unknown>(undefined);
  #order: OrderId;
  #after: () => Promise<void>;

  constructor(order: OrderId, after: () => Promise<void>) {
    this.#order = order;
    this.#after = after;
  }
  async start(): Promise<void> {
    const rows = await all<Deed>().catch(() => []);
    this.deeds = rows.filter((d) => d.order === this.#order).sort((a, b) => a.seq - b.seq);
    await this.drain();
  }
  async do(deed: Omit<Deed, "id" | "order" | "seq" | "happened_at" | "sent">): Promise<void> {
    const seq = (this.deeds[this.deeds.length - 1]?.seq ?? 0) + 1;
    const row: Deed = {
      ...deed,
      id: newKey(),
      order: this.#order,
      seq,
      happened_at: new Date().toISOString(),
      sent: [],
    };
    // Counted in at once, so that a second tap meets the next step and not this one again.
    this.deeds = [...this.deeds, row];
    await put(row).catch(() => undefined);
    await this.drain();
  }
  /** Takes back a refused deed and all after it: the driver does it again, rightly. */
  async drop(): Promise<void> {
    const at = this.deeds.findIndex((d) => d.refused);
    if (at < 0) return;
    for (const d of this.deeds.slice(at)) await remove(d.id).catch(() => undefined);
    this.deeds = this.deeds.slice(0, at);
  }
  track(p: TrackPoint): void {
    this.points.push(p);
    if (this.points.length > POINTS_MAX) this.points.shift();
  }

  /** Sends what is kept, also what is done while something is under way, until nothing is left or something stops it. */
  async drain(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    this.error = undefined;
    try {
      while (this.deeds.length && !this.deeds.some((d) => d.refused))
        await this.#send(this.deeds.slice(0, STEPS_MAX));
    } catch (e) {
      if (e instanceof OfflineError) this.offline = true;
      else this.error = e;
    } finally {
      this.sending = false;
    }
  }
  async #send(open: Deed[]): Promise<void> {
    for (const d of open) await this.#photos(d);
    const points = this.points.splice(0, POINTS_MAX);
    const got = await call("POST /v1/freight/orders/{id}/run-events", {
      params: { id: this.#order },
      body: { steps: open.map(step), points },
      // Each step is known to the server by its own id: a batch sent again, or grown meanwhile, does nothing twice.
      key: newKey(),
    });
    this.offline = false;
    for (const id of got.data.taken) await remove(id).catch(() => undefined);
    const refused = got.data.refused;
    this.deeds = this.deeds
      .filter((d) => !got.data.taken.includes(d.id))
      .map((d) => (refused && d.id === refused.id ? { ...d, refused: refused.problem } : d));
    await this.#after();
  }
  async #photos(d: Deed): Promise<void> {
    while (d.sent.length < d.photos.length) {
      const photo = d.photos[d.sent.length];
      if (!photo) return;
      d.sent = [...d.sent, await upload(photo, "proof_photo")];
      await put(d).catch(() => undefined);
    }
  }
}

function step(d: Deed): RunStep {
  const base = { id: d.id, stop: d.stop, happened_at: d.happened_at };
  const position = d.position ? { position: d.position } : {};
  if (d.action === "leave") return { ...base, action: "leave" };
  if (d.action === "arrive") {
    return {
      ...base,
      action: "arrive",
      ...position,
      ...(d.sent[0] ? { photo: d.sent[0] } : {}),
      ...(d.reason ? { reason: d.reason } : {}),
    };
  }
  return {
    ...base,
    action: "serve",
    photos: d.sent,
    ...position,
    ...(d.mass_kg ? { mass_kg: d.mass_kg } : {}),
    ...(d.code ? { code: d.code } : {}),
    ...(d.damage_note ? { damage_note: d.damage_note } : {}),
  };
}

/** Where the run stands when what is kept here is counted in. */
export function ahead(standing: OrderStanding, deeds: Deed[], stops: number): OrderStanding {
  let now = standing;
  for (const d of deeds) {
    if (d.refused) break;
    if (d.action === "arrive") now = { ...now, state: "at_stop", stop: d.stop, served: false };
    else if (d.action === "leave")
      now = { ...now, state: "under_way", stop: d.stop + 1, served: false };
    else
      now =
        d.stop === stops - 1
          ? { ...now, state: "delivered", served: true }
          : { ...now, served: true };
  }
  return now;
}

export interface StepView {
  key: string;
  action: "arrive" | "serve" | "leave";
  stop: number;
  state: "done" | "now" | "next";
  at: string | null;
  kept: boolean;
  refused: Problem | null;
}
/** The list of deeds of the whole run. */
export function stepsOf(order: OrderDetail, deeds: Deed[]): StepView[] {
  const last = order.stops.length - 1;
  const now = ahead(order.standing, deeds, order.stops.length);
  const done = (action: StepView["action"], stop: number): boolean => {
    if (["delivered", "completed"].includes(now.state)) return true;
    const at = now.stop ?? 0;
    if (now.state === "booked" || now.state === "awaiting_funds" || now.state === "cancelled")
      return false;
    if (now.state === "under_way") return stop < at;
    if (stop !== at) return stop < at;
    return action === "arrive" || (action === "serve" && now.served);
  };
  let current = false;
  return order.stops.flatMap((x) => {
    const actions: StepView["action"][] =
      x.index === last ? ["arrive", "serve"] : ["arrive", "serve", "leave"];
    return actions.map((action): StepView => {
      const kept = deeds.find((d) => d.action === action && d.stop === x.index) ?? null;
      const isDone = done(action, x.index);
      const state = isDone ? "done" : current ? "next" : "now";
      if (!isDone) current = true;
      const at = { arrive: x.arrived_at, serve: x.served_at, leave: x.left_at }[action];
      return {
        key: `${action}${x.index}`,
        action,
        stop: x.index,
        state,
        at: at ?? kept?.happened_at ?? null,
        kept: kept !== null && !kept.refused,
        refused: kept?.refused ?? null,
      };
    });
  });
}

/** A picture small enough to send on a bad line; drawing it anew drops where and with what it was taken. */
export async function shrink(file: Blob): Promise<Blob> {
  const image = await createImageBitmap(file).catch(() => null);
  if (!image) return file;
  const k = Math.min(1, PHOTO_PX_MAX / Math.max(image.width, image.height));
  const c = document.createElement("canvas");
  c.width = Math.round(image.width * k);
  c.height = Math.round(image.height * k);
  c.getContext("2d")?.drawImage(image, 0, 0, c.width, c.height);
  image.close();
  return new Promise((done) => c.toBlob((b) => done(b ?? file), "image/jpeg", 0.82));
}
