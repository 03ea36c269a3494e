// Who is signed in, and what the server offers. Loaded once, renewed on events that concern the person.
import { call, OfflineError, ProblemError } from "./api";
import { setZone } from "./format";
import type { Me, Meta } from "./wire";

export const session = $state<{
  /** `undefined` = not known yet, `null` = nobody. */
  me: Me | null | undefined;
  etag: string;
  meta: Meta | null;
  online: boolean;
}>({ me: undefined, etag: "", meta: null, online: navigator.onLine });

export async function loadMeta(): Promise<void> {
  try {
    session.meta = (await call("GET /v1/meta")).data;
    setZone(session.meta.zone);
  } catch {
    // What was known stays known: a moment without a server lifts no order.
    session.meta ??= null;
  }
}
export async function loadMe(): Promise<void> {
  try {
    const got = await call("GET /v1/me");
    session.me = got.data;
    session.etag = got.etag ?? "";
    setHint(true);
    // Lanes are heard from any page; the code for it comes only for those who have a truck.
    if (isRole("trucker")) void import("./lanes.svelte").then((m) => m.loadLanes());
  } catch (e) {
    if (e instanceof OfflineError) return;
    session.me = null;
    setHint(false);
    if (!(e instanceof ProblemError)) throw e;
  }
}
export async function signOut(): Promise<void> {
  await call("DELETE /v1/auth/sessions/{id}", { params: { id: "current" } });
  session.me = null;
  setHint(false);
}
export function isRole(role: "shipper" | "trucker"): boolean {
  return session.me?.roles.includes(role) ?? false;
}
export function isStaff(): boolean {
  return (session.me?.staff.length ?? 0) > 0;
}
/** Staff of the operator; the privacy officer and the reviewer have rooms of their own. */
export function isOperator(): boolean {
  return session.me?.staff.some((r) => r.startsWith("op.")) ?? false;
}
/** Whether one of these staff roles is held. */
export function mayAny(...roles: string[]): boolean {
  return session.me?.staff.some((r) => roles.includes(r)) ?? false;
}
export function start(): void {
  addEventListener("online", () => {
    session.online = true;
  });
  addEventListener("offline", () => {
    session.online = false;
  });
  void loadMeta();
  // A visitor who never signed in here does not ask who he is.
  if (hint()) void loadMe();
  else session.me = null;
}
/** Not a secret: only says that asking is worth it. The session itself is in a cookie that scripts cannot read. */
function hint(): boolean {
  try {
    return localStorage.getItem("sarai.in") === "1";
  } catch {
    return true;
  }
}
function setHint(on: boolean): void {
  try {
    if (on) localStorage.setItem("sarai.in", "1");
    else localStorage.removeItem("sarai.in");
  } catch {
    // See `look`: a device that keeps nothing still works.
  }
}
