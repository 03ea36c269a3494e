// One event stream for all that a page listens to.
// EventSource resumes by Last-Event-ID; `reset` tells every listener to fetch again.
import type { EventEnvelope, Topic } from "./wire";

type Listener = (e: EventEnvelope | "reset") => void;

const SEEN_MAX = 2_000;
const listeners = new Map<Listener, Set<string>>();
const seen = new Set<string>();
let source: EventSource | null = null;
let openTopics = "";
let reopen: ReturnType<typeof setTimeout> | undefined;

/** Hears events of these topics until the returned function is called. */
export function listen(topics: Topic[], hear: Listener): () => void {
  listeners.set(hear, new Set(topics));
  renew();
  return () => {
    listeners.delete(hear);
    renew();
  };
}

function renew(): void {
  clearTimeout(reopen);
  reopen = setTimeout(open, 50);
}
function open(): void {
  const all = [...new Set([...listeners.values()].flatMap((t) => [...t]))].sort().join(",");
  if (all === openTopics && source) return;
  source?.close();
  source = null;
  openTopics = all;
  if (!all || typeof EventSource === "undefined") return;
  source = new EventSource(`/v1/events/stream?topics=${encodeURIComponent(all)}`);
  source.addEventListener("reset", () => tell("reset"));
  source.onmessage = take;
  for (const type of TYPES) source.addEventListener(type, take);
  source.onerror = () => {
    // A closed stream (not signed in any more, or refused) is not tried again by itself.
    if (source?.readyState !== EventSource.CLOSED) return;
    source = null;
    openTopics = "";
    reopen = setTimeout(open, 15_000);
  };
}
function take(e: MessageEvent<string>): void {
  let event: EventEnvelope;
  try {
    event = JSON.parse(e.data) as EventEnvelope;
  } catch {
    return;
  }
  if (seen.has(event.id)) return;
  seen.add(event.id);
  if (seen.size > SEEN_MAX) seen.delete(seen.values().next().value ?? "");
  tell(event);
}
function tell(e: EventEnvelope | "reset"): void {
  for (const hear of [...listeners.keys()]) hear(e);
}

const TYPES = [
  "board.changed",
  "freight.load.opened",
  "freight.load.closed",
  "freight.load.changed",
  "freight.offer.made",
  "freight.offer.countered",
  "freight.offer.accepted",
  "freight.offer.declined",
  "freight.offer.withdrawn",
  "freight.offer.expired",
  "freight.lane.matched",
  "freight.order.agreed",
  "freight.order.booked",
  "freight.order.assigned",
  "freight.order.delivered",
  "freight.order.completed",
  "freight.order.cancelled",
  "freight.stop.arrived",
  "freight.stop.served",
  "freight.stop.left",
  "freight.track.moved",
  "kernel.message.sent",
  "kernel.rating.made",
  "kernel.payment.changed",
  "kernel.wallet.posted",
  "kernel.verification.decided",
  "kernel.access.logged",
] as const;
