// A tiny client router over the history API. Pages are loaded when first needed.
import type { Component } from "svelte";

export interface RouteDef {
  /** `/freight/:id` */
  path: string;
  page: () => Promise<{ default: Component<{ params: Record<string, string> }> }>;
  /** Which tab is lit. */
  tab?: string;
  /** On a phone without the bar on top, or without any bar: the page brings its own. */
  bare?: "top" | "all";
  /** Goes on while the service is suspended by an order. */
  goesOn?: boolean;
}
interface Hit {
  def: RouteDef;
  params: Record<string, string>;
}

export const place = $state<{ path: string; search: string; depth: number }>({
  path: location.pathname,
  search: location.search,
  depth: 0,
});

export function match(defs: RouteDef[], path: string): Hit | null {
  const have = path.split("/").filter(Boolean);
  for (const def of defs) {
    const want = def.path.split("/").filter(Boolean);
    if (want.length !== have.length) continue;
    const params: Record<string, string> = {};
    const ok = want.every((w, i) => {
      const h = have[i] ?? "";
      if (!w.startsWith(":")) return w === h;
      params[w.slice(1)] = decodeURIComponent(h);
      return true;
    });
    if (ok) return { def, params };
  }
  return null;
}

/** Goes to a path of ours. `replace` leaves no way back. */
export function go(to: string, replace = false): void {
  if (replace) history.replaceState(history.state, "", to);
  else history.pushState({}, "", to);
  place.depth += replace ? 0 : 1;
  read();
  scrollTo(0, 0);
}
/** Back where we came from, or to `otherwise` when this page was opened first. */
export function back(otherwise: string): void {
  if (place.depth > 0) history.back();
  else go(otherwise, true);
}
function read(): void {
  place.path = location.pathname;
  place.search = location.search;
}

export function startRouter(): void {
  addEventListener("popstate", () => {
    place.depth = Math.max(0, place.depth - 1);
    read();
  });
  document.addEventListener("click", (e) => {
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey) return;
    const a = (e.target as Element | null)?.closest("a");
    if (!a?.href || a.target || a.hasAttribute("download")) return;
    const url = new URL(a.href);
    if (url.origin !== location.origin || url.pathname.startsWith("/v1/")) return;
    if (url.pathname === location.pathname && url.hash) return;
    e.preventDefault();
    go(url.pathname + url.search + url.hash);
  });
}
