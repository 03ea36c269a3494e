import { beforeEach, describe, expect, it } from "vitest";
import {
  byText,
  clock,
  dayWord,
  duration,
  km,
  money,
  perKm,
  tonnes,
  windowText,
} from "../src/lib/format";
import { setLang } from "../src/lib/look.svelte";

const cny = (amount_minor: number) => ({ amount_minor, currency: "CNY" });
const NOW = new Date("2026-11-23T01:00:00Z");

describe("format", () => {
  beforeEach(() => setLang("en"));
  it("shows cents only where they exist, a true minus, and other currencies as a code", () => {
    expect(money(cny(439_200))).toBe("¥4,392");
    expect(money(cny(439_250))).toBe("¥4,392.50");
    expect(money(cny(-8_800))).toBe("−¥88");
    expect(money({ amount_minor: 31_000, currency: "EUR" })).toBe("EUR 310.00");
    expect(money(cny(123_456_789_00))).toBe("¥123,456,789");
  });
  it("gives two decimals per kilometre in both languages", () => {
    expect(perKm(cny(596))).toBe("¥5.96/km");
    setLang("zh-Hans");
    expect(perKm(cny(596))).toBe("¥5.96/公里");
  });
  it("says days by their distance in the zone of the place", () => {
    expect(dayWord("2026-11-23T06:00:00Z", "Asia/Shanghai", NOW)).toBe("Today");
    expect(dayWord("2026-11-23T17:00:00Z", "Asia/Shanghai", NOW)).toBe("Tomorrow");
    expect(dayWord("2026-11-26T02:00:00Z", "Asia/Shanghai", NOW)).toBe("Thu");
    expect(dayWord("2027-01-05T02:00:00Z", "Asia/Shanghai", NOW)).toBe("5 Jan 2027");
    setLang("zh-Hans");
    expect(dayWord("2026-12-05T02:00:00Z", "Asia/Shanghai", NOW)).toBe("12 月 5 日");
  });
  it("writes windows with one day word, and the end of a drop as a deadline", () => {
    const day = new Date();
    const from = new Date(`${day.toISOString().slice(0, 10)}T06:00:00Z`);
    const w = {
      from: from.toISOString(),
      to: new Date(from.getTime() + 4 * 3600_000).toISOString(),
      zone: "UTC",
    };
    expect(windowText(w)).toBe("Today 06:00–10:00");
    expect(byText(w)).toBe("Today by 10:00");
    setLang("zh-Hans");
    expect(byText(w)).toBe("今天 10:00 前");
    expect(clock(w.from, "UTC")).toBe("6:00");
  });
  it("rounds units as trade does", () => {
    expect(km(720_400)).toBe("720 km");
    expect(km(4_250)).toBe("4.3 km");
    expect(tonnes(28_100)).toBe("28.1 t");
    expect(tonnes(28_000)).toBe("28 t");
    expect(duration(38_400)).toBe("10 h 40 min");
  });
});
