import { afterEach, describe, expect, it, vi } from "vitest";
import { call, OfflineError, ProblemError } from "../src/lib/api";

function answers(...list: (Response | Error)[]): { sent: { url: string; init: RequestInit }[] } {
  const sent: { url: string; init: RequestInit }[] = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    sent.push({ url, init });
    const next = list.shift();
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  });
  return { sent };
}
const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json", ...headers },
  });
const header = (init: RequestInit, name: string): string | undefined =>
  (init.headers as Record<string, string>)[name];
const deed = () => call("POST /v1/auth/codes", { body: { email: "a@example.org" } });

describe("the client", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("repeats with the same key when the line breaks or the server is busy", async () => {
    const { sent } = answers(
      new TypeError("network"),
      json({}, 503),
      json({ challenge: "chl_1" }, 202),
    );
    await deed();
    const keys = sent.map((s) => header(s.init, "Idempotency-Key"));
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^"[A-Za-z0-9_-]{16,64}"$/);
  });
  it("does not repeat a refusal, and throws its problem", async () => {
    const { sent } = answers(
      json({ code: "rate_limited", status: 429, title: "Too often", type: "" }, 429),
    );
    await expect(deed()).rejects.toThrowError(ProblemError);
    expect(sent).toHaveLength(1);
  });
  it("waits for a twin that is still under way", async () => {
    const { sent } = answers(
      json({ code: "idempotency_in_progress", status: 409, title: "", type: "" }, 409),
      json({ challenge: "chl_1" }, 202),
    );
    expect((await deed()).data.challenge).toBe("chl_1");
    expect(sent).toHaveLength(2);
  });
  it("says plainly that nothing is known when the line stays dead", async () => {
    vi.stubGlobal("navigator", { onLine: false });
    answers(new TypeError("network"));
    await expect(deed()).rejects.toThrowError(OfflineError);
  });
  it("fills path parameters, sends If-Match and gives the ETag back", async () => {
    const { sent } = answers(json({ id: "offer_1" }, 200, { ETag: '"4.t"' }));
    const got = await call("POST /v1/freight/offers/{id}/actions/counter", {
      params: { id: "offer_1" },
      body: { price: { amount_minor: 1, currency: "CNY" } },
      match: '"3.t"',
    });
    expect(sent[0]?.url).toBe("/v1/freight/offers/offer_1/actions/counter");
    expect(header(sent[0]?.init ?? {}, "If-Match")).toBe('"3.t"');
    expect(got.etag).toBe('"4.t"');
  });
});
