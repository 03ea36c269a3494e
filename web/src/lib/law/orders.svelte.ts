// Orders of authorities that are in force: heard with `GET /v1/meta`, asked again whenever something is refused by one.
import { call, REFUSED_BY_LAW } from "../api";
import { loadMeta, session } from "../session.svelte";
import type { Directive, DirectiveInForce, Legal } from "../wire";

/** Asked again so often while a page is open: an order may come, or be lifted, while nobody presses anything. */
const AGAIN_MS = 20_000;
/** What stops most comes first in the banner. `rectify_by` stops nothing. */
const WEIGHT: Record<string, number> = {
  suspend_service: 5,
  suspend_registration: 4,
  stop_processing_class: 3,
  block_transfer: 2,
  delist_app: 1,
};

/** Orders that stop something, the gravest first. */
export function stopping(all: DirectiveInForce[]): DirectiveInForce[] {
  return all
    .filter((d) => (WEIGHT[d.effect] ?? 0) > 0)
    .sort(
      (a, b) => (WEIGHT[b.effect] ?? 0) - (WEIGHT[a.effect] ?? 0) || (a.since < b.since ? 1 : -1),
    );
}
export function inForce(): DirectiveInForce[] {
  return session.meta?.directives ?? [];
}
export function withEffect(effect: string): DirectiveInForce | undefined {
  return inForce().find((d) => d.effect === effect);
}
/** What a refusal would say about an order: the same facts, from the order itself. */
export function legalOf(d: Directive): Legal {
  return {
    directive: d.id,
    number: d.number,
    authority: d.authority,
    basis: d.basis,
    checked: d.checked,
    effect: d.effect,
    since: d.since,
    until: d.until,
    appeal: null,
  };
}
const kept = new Map<string, Promise<Directive>>();
/** An order by its id; asked for once. */
export function order(id: Directive["id"]): Promise<Directive> {
  let found = kept.get(id);
  if (!found) {
    found = call("GET /v1/directives/{id}", { params: { id } }).then((got) => got.data);
    found.catch(() => kept.delete(id));
    kept.set(id, found);
  }
  return found;
}
export function watchOrders(): void {
  const look = (): void => {
    if (document.visibilityState === "visible" && navigator.onLine) void loadMeta();
  };
  setInterval(look, AGAIN_MS);
  document.addEventListener("visibilitychange", look);
  addEventListener(REFUSED_BY_LAW, look);
}
