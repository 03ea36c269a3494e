// The typed client: one function for every route of `wire/routes.ts`.
// It makes the idempotency key before the first send and repeats with the same key; it never repeats on another 4xx.
import { look } from "./look.svelte";
import type { Body, NeedsMatch, Params, Problem, Query, Reply, RouteKey } from "./wire";

const TRIES_MAX = 5;
const TRY_SECONDS_MAX = 30;
const WAIT_MS_FIRST = 300;
/** Sent to the window when an order of an authority stood against something: the banner then looks again. */
export const REFUSED_BY_LAW = "sarai:refused-by-law";

/** A problem document, thrown. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
  get code(): string {
    return this.problem.code;
  }
}
/** The server could not be reached at all. Nothing is known about the effect. */
export class OfflineError extends Error {}

export interface Answer<T> {
  data: T;
  etag: string | null;
  status: number;
  replayed: boolean;
}

type Rest<K extends RouteKey> = (keyof Params<K> extends never
  ? { params?: never }
  : { params: Params<K> }) &
  (Body<K> extends undefined ? { body?: never } : { body: Body<K> }) &
  (Query<K> extends undefined ? { query?: never } : { query?: Query<K> }) &
  (NeedsMatch<K> extends true ? { match: string } : { match?: string }) & {
    /** Made by the caller when the same deed may be tried again later. */
    key?: string;
    signal?: AbortSignal;
  };
type Args<K extends RouteKey> =
  Record<string, never> extends Rest<K> ? [options?: Rest<K>] : [options: Rest<K>];

export function newKey(): string {
  return crypto.randomUUID();
}

export async function call<K extends RouteKey>(
  route: K,
  ...args: Args<K>
): Promise<Answer<Reply<K>>> {
  const o = (args[0] ?? {}) as {
    params?: Record<string, string>;
    body?: unknown;
    query?: Record<string, string | number | undefined>;
    match?: string;
    key?: string;
    signal?: AbortSignal;
  };
  const [method = "GET", template = "/"] = route.split(" ");
  const request = build(method, template, o);
  const safe = method !== "POST" || request.headers["Idempotency-Key"] !== undefined;
  const res = await send(request, safe, o.signal);
  return read<Reply<K>>(res);
}

interface Ready {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: BodyInit | null;
}

function build(
  method: string,
  template: string,
  o: {
    params?: Record<string, string>;
    body?: unknown;
    query?: Record<string, string | number | undefined>;
    match?: string;
    key?: string;
  },
): Ready {
  const path = template.replace(/\{(\w+)\}/g, (_, n: string) =>
    encodeURIComponent(o.params?.[n] ?? ""),
  );
  const query = new URLSearchParams();
  for (const [k, v] of Object.entries(o.query ?? {})) if (v !== undefined) query.set(k, String(v));
  const headers: Record<string, string> = {
    Accept: "application/json",
    "Accept-Language": look.lang,
  };
  let body: BodyInit | null = null;
  if (o.body instanceof Blob) {
    headers["Content-Type"] = o.body.type;
    body = o.body;
  } else if (o.body !== undefined) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(o.body);
  }
  if (method === "POST") headers["Idempotency-Key"] = `"${o.key ?? newKey()}"`;
  if (o.match) headers["If-Match"] = o.match;
  const tail = query.size ? `?${query}` : "";
  return { url: path + tail, method, headers, body };
}

async function send(r: Ready, safe: boolean, signal?: AbortSignal): Promise<Response> {
  const started = Date.now();
  for (let n = 1; ; n++) {
    const last = n >= TRIES_MAX || !safe || Date.now() - started > TRY_SECONDS_MAX * 1000;
    try {
      const res = await fetch(r.url, {
        method: r.method,
        headers: r.headers,
        body: r.body,
        credentials: "same-origin",
        signal: signal ?? null,
      });
      if (last || !(await again(res))) return res;
      await wait(after(res) ?? backoff(n));
    } catch (e) {
      if (e instanceof DOMException && e.name === "AbortError") throw e;
      if (last || !navigator.onLine) throw new OfflineError("unreachable");
      await wait(backoff(n));
    }
  }
}

async function again(res: Response): Promise<boolean> {
  if (res.status === 503 || res.status === 502 || res.status === 504) return true;
  if (res.status !== 409) return false;
  const body = (await res
    .clone()
    .json()
    .catch(() => null)) as Problem | null;
  return body?.code === "idempotency_in_progress";
}
function after(res: Response): number | null {
  const s = Number(res.headers.get("Retry-After"));
  return s > 0 ? s * 1000 : null;
}
/** Exponential with full jitter. */
const backoff = (n: number): number => Math.random() * WAIT_MS_FIRST * 2 ** n;
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function read<T>(res: Response): Promise<Answer<T>> {
  if (res.status === 451) dispatchEvent(new Event(REFUSED_BY_LAW));
  if (!res.ok) throw new ProblemError(await problemOf(res));
  const type = res.headers.get("Content-Type") ?? "";
  let data: unknown;
  if (res.status === 204) data = undefined;
  else if (type.includes("json")) data = await res.json();
  else data = await res.blob();
  return {
    data: data as T,
    etag: res.headers.get("ETag"),
    status: res.status,
    replayed: res.headers.get("Idempotent-Replayed") === "true",
  };
}

async function problemOf(res: Response): Promise<Problem> {
  const fallback: Problem = {
    type: "about:blank",
    title: res.statusText || `HTTP ${res.status}`,
    status: res.status,
    code: res.status >= 500 ? "internal" : "not_found",
    instance: res.headers.get("Sarai-Request-Id") ?? "",
  };
  if (!(res.headers.get("Content-Type") ?? "").includes("json")) return fallback;
  const body = (await res.json().catch(() => null)) as Problem | null;
  return body?.code ? body : fallback;
}

/** Sends a file: makes the record, then the raw bytes. Answers its id. */
export async function upload(
  blob: Blob,
  purpose: "proof_photo" | "load_photo" | "paper" | "evidence",
): Promise<`file_${string}`> {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  const sha256 = [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, "0")).join("");
  const media_type = blob.type as "image/jpeg";
  const made = await call("POST /v1/files", {
    body: { purpose, media_type, bytes: blob.size, sha256 },
  });
  await call("PUT /v1/files/{id}/content", { params: { id: made.data.id }, body: blob });
  return made.data.id;
}
