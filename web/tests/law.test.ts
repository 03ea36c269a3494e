import { generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { calendar } from "../scripts/calendar.mjs";
import kept from "../src/lib/law/calendar.json";
import { materialsOf, questionsOf } from "../src/lib/law/case";
import { citesOf } from "../src/lib/law/cite";
import { csv } from "../src/lib/law/csv";
import { stopping } from "../src/lib/law/orders.svelte";
import { bytesOf, check, fingerprint } from "../src/lib/law/signature";
import { leftIn, PLAIN, SENSITIVE, segments, tierOf } from "../src/lib/law/tiers";
import { fileBy, renewSoon, todos } from "../src/lib/law/todos";
import {
  addWorkdays,
  clockOf,
  isWorkday,
  nextDay,
  subWorkdays,
  workdaysBetween,
} from "../src/lib/law/workdays";
import type { CaseLine, DirectiveInForce, Mechanism, Recipient } from "../src/lib/wire";

describe("working days", () => {
  it("are those of the one calendar of the house", () => {
    const toml = readFileSync(join(import.meta.dirname, "../../laws/calendar.toml"), "utf8");
    expect(calendar(toml)).toEqual(kept);
  });
  it("skip weekends and holidays, and count worked weekends", () => {
    expect(isWorkday("2026-10-01")).toBe(false);
    expect(isWorkday("2026-10-01", false)).toBe(true);
    const worked = kept.work.find((d) => d.startsWith("2026")) ?? "";
    expect([0, 6]).toContain(new Date(`${worked}T00:00:00Z`).getUTCDay());
    expect(isWorkday(worked)).toBe(true);
    expect(isWorkday(worked, false)).toBe(false);
  });
  it("agree with a slow walk from any day, forwards and back", () => {
    let day = "2026-01-01";
    for (let i = 0; i < 200; i++, day = nextDay(day)) {
      const count = (i * 7) % 40;
      const end = addWorkdays(day, count);
      let n = 0;
      for (let d = day; d !== end; ) {
        d = nextDay(d);
        if (isWorkday(d)) n++;
      }
      expect(n).toBe(count);
      expect(workdaysBetween(day, end)).toBe(count);
      expect(workdaysBetween(subWorkdays(end, count), end)).toBe(count);
    }
  });
  it("make a clock that turns at one third and is late only after its moment", () => {
    // Wednesday, 25 November 2026, to Thursday, 10 December.
    const [asked, due] = ["2026-11-25T02:00:00Z", "2026-12-10T02:00:00Z"];
    const at = (t: string) => clockOf(asked, due, new Date(t), "Asia/Shanghai");
    expect(at("2026-11-25T03:00:00Z")).toMatchObject({ total: 11, left: 11, state: "running" });
    expect(at("2026-11-30T03:00:00Z")).toMatchObject({ left: 8, state: "running" });
    expect(at("2026-12-07T03:00:00Z")).toMatchObject({ left: 3, state: "soon" });
    expect(at("2026-12-10T01:59:00Z")).toMatchObject({ left: 0, state: "soon" });
    expect(at("2026-12-10T02:00:00Z").state).toBe("late");
    // Late in the evening in London it is the next day in Shanghai.
    expect(at("2026-11-25T17:00:00Z").left).toBe(10);
  });
});

describe("the tiers of a year", () => {
  it("begin exactly at their lines", () => {
    const at = (n: number): string => tierOf(n, PLAIN);
    expect([0, 99_999, 100_000, 999_999, 1_000_000].map(at)).toEqual([
      "nothing",
      "nothing",
      "contract",
      "contract",
      "assessment",
    ]);
    expect([0, 1, 9_999, 10_000].map((n) => tierOf(n, SENSITIVE))).toEqual([
      "nothing",
      "contract",
      "contract",
      "assessment",
    ]);
  });
  it("say how many persons are left, and fill one segment after the other", () => {
    expect(leftIn(99_999, PLAIN)).toBe(1);
    expect(leftIn(0, SENSITIVE)).toBe(1);
    expect(leftIn(1_000_000, PLAIN)).toBeNull();
    for (let n = 0; n < 3_000_000; n += 37_777) {
      const [a, b, c] = segments(n, PLAIN).map((g) => g.filled);
      expect([a, b, c].every((x) => x !== undefined && x >= 0 && x <= 1)).toBe(true);
      if ((b ?? 0) > 0) expect(a).toBe(1);
      if ((c ?? 0) > 0) expect(b).toBe(1);
    }
  });
});

describe("citations", () => {
  const say = (text: string): string[] => citesOf(text).map((c) => `${c.name.en}|${c.article}`);
  it("are parted, named, and keep what is not known", () => {
    expect(say("CSR 16")).toEqual(["Review Measures|16"]);
    expect(say("CSR 2020 13")).toEqual(["Review Measures 2020|13"]);
    expect(say("PIPL 55(4); CBDF 10")).toEqual(["PIPL|55(4)", "Cross-Border Data Provisions|10"]);
    expect(say("28 CFR 202.301")).toEqual(["28 CFR|202.301"]);
    expect(say("Some New Law 7")).toEqual(["Some New Law|7"]);
    expect(say("house rule")).toEqual([]);
  });
});

describe("the signature of an order", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const key = publicKey.export({ format: "jwk" }).x ?? "";
  const document = Buffer.from('{"number":"网审〔2026〕17号"}').toString("base64url");
  const signed = (text: string): string =>
    sign(
      null,
      Buffer.concat([Buffer.from(text), Buffer.from(document, "base64url")]),
      privateKey,
    ).toString("base64url");
  it("is good with its key, and nothing else is", async () => {
    const raw = bytesOf(key);
    const order = {
      document,
      signature: signed("sarai-directive-v1\n"),
      key: await fingerprint(raw ?? new Uint8Array()),
    };
    expect(await check(order, key)).toBe("good");
    expect(await check(order, ` ${key}= `)).toBe("good");
    const other = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" }).x ?? "";
    expect(await check(order, other)).toBe("other_key");
    expect(await check(order, "not a key")).toBe("malformed");
    expect(await check({ ...order, document: `${document}QQ` }, key)).toBe("bad");
    // A signature for another use of the key.
    expect(await check({ ...order, signature: signed("sarai-directive-lift-v1\n") }, key)).toBe(
      "bad",
    );
  });
});

describe("the banner", () => {
  const order = (effect: string, since: string): DirectiveInForce => ({
    id: `drv_${effect}`,
    number: "1",
    authority: { en: "A", zh: "甲" },
    effect,
    since,
    until: null,
  });
  it("shows the gravest order and none that stops nothing", () => {
    const list = [
      order("rectify_by", "2026-01-01T00:00:00Z"),
      order("block_transfer", "2026-03-01T00:00:00Z"),
      order("suspend_registration", "2026-02-01T00:00:00Z"),
    ];
    expect(stopping(list).map((d) => d.effect)).toEqual(["suspend_registration", "block_transfer"]);
  });
});

describe("what waits for the officer", () => {
  const mechanism = (more: Partial<Mechanism>): Mechanism => ({
    id: "mch_1",
    version: 1,
    recipient: "rcp_1",
    kind: "security_assessment",
    number: "1",
    effective_at: "2024-01-01T00:00:00.000Z",
    filed_at: null,
    expires_at: null,
    ended_at: null,
    state: "in_force",
    ...more,
  });
  const to = { id: "rcp_1", state: "open" } as unknown as Recipient;
  const nothing = { approvals: [], requests: [], orders: [], keys: [] };
  it("comes with the nearest date first, without a date last", () => {
    const list = todos(
      {
        ...nothing,
        keys: [{ id: "auk_1", state: "proposed", name: { en: "A", zh: "甲" } } as never],
        requests: [
          {
            id: "cor_1",
            kind: "objection",
            about: "x",
            asked_at: "2026-11-01T00:00:00Z",
            answer_by: "2026-11-16T00:00:00Z",
          } as never,
        ],
        approvals: [
          {
            id: "apv_1",
            recipient: "rcp_1",
            persons: 3,
            asked_at: "2026-11-01T00:00:00Z",
            until: "2026-11-08T00:00:00Z",
          } as never,
        ],
        mechanisms: [],
      },
      [to],
      () => "A",
      new Date("2026-11-02T00:00:00Z"),
    );
    expect(list.map((t) => t.id)).toEqual(["apv_1", "cor_1", "auk_1"]);
  });
  it("tells of a contract that is not filed, and of an end from sixty working days before", () => {
    const contract = mechanism({
      kind: "standard_contract",
      effective_at: "2026-11-19T16:00:00.000Z",
    });
    // In force on Friday, 20 November in China; ten working days later is Friday, 4 December.
    expect(fileBy(contract)).toBe("2026-12-04T15:59:59.000Z");
    const ending = mechanism({ expires_at: "2027-03-01T00:00:00.000Z" });
    const first = subWorkdays("2027-03-01", 60);
    expect(renewSoon(ending, new Date(`${nextDay(first)}T04:00:00Z`))).toBe(true);
    const before = subWorkdays("2027-03-01", 62);
    expect(renewSoon(ending, new Date(`${before}T04:00:00Z`))).toBe(false);
    const closed = { ...to, state: "closed" } as Recipient;
    const of = (r: Recipient) =>
      todos(
        { ...nothing, mechanisms: [contract] },
        [r],
        () => "A",
        new Date("2026-11-25T00:00:00Z"),
      );
    expect(of(to).map((t) => t.id)).toEqual(["file mch_1"]);
    expect(of(closed)).toEqual([]);
  });
});

describe("a case as a document", () => {
  const line = (deed: CaseLine["deed"]): CaseLine => ({
    on: "2026-03-02",
    at: "2026-03-02T00:00:00Z",
    by: "reviewer",
    deed,
  });
  it("puts what was handed in under what was asked for, and replies under questions", () => {
    const lines = [
      line({ deed: "ask_material", title: "Contract", stops_clock: true }),
      line({ deed: "ask", words: "Who?", stops_clock: false }),
      line({ deed: "ask_material", title: "Log", stops_clock: false }),
      line({ deed: "hand_in", material: 2, title: "log.csv", sha256: "b".repeat(64) }),
      line({ deed: "hand_in", material: null, title: "More", sha256: "c".repeat(64) }),
      line({ deed: "reply", question: 1, words: "We." }),
    ];
    const found = materialsOf(lines).map((m) => [m.number, m.title, m.handed.length]);
    expect(found).toEqual([
      [1, "Contract", 0],
      [2, "Log", 1],
      [null, "More", 1],
    ]);
    expect(questionsOf(lines)).toMatchObject([{ number: 1, replies: [{ words: "We." }] }]);
  });
});

describe("a table as CSV", () => {
  it("keeps cells whole and lets none begin as a formula", () => {
    expect(
      csv(
        ["a", "b"],
        [
          ['say "x", y', "=1+1"],
          ["line\nbreak", 3],
        ],
      ),
    ).toBe('\uFEFFa,b\r\n"say ""x"", y",\'=1+1\r\n"line\nbreak",3\r\n');
  });
});
