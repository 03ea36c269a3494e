// Money, time, units as PAGES of the product say them. Everything follows the language in `look`.
import { look } from "./look.svelte";
import type { Area, Money, Window } from "./wire";

const zh = (): boolean => look.lang === "zh-Hans";
const locale = (): string => (zh() ? "zh-CN" : "en-GB");

/** Minor units per unit: two decimals unless the currency has none. */
const NO_MINOR = new Set(["JPY", "KRW", "VND"]);
const scale = (currency: string): number => (NO_MINOR.has(currency) ? 1 : 100);

/** Sign and digits apart, so that the sign can be smaller. */
export function moneyParts(m: Money): { minus: string; sign: string; digits: string } {
  const per = scale(m.currency);
  const whole = Math.abs(m.amount_minor) / per;
  const cents = Math.abs(m.amount_minor) % per !== 0;
  const foreign = m.currency !== "CNY";
  const digits = new Intl.NumberFormat("en-US", {
    minimumFractionDigits: (cents || foreign) && per > 1 ? 2 : 0,
    maximumFractionDigits: per > 1 ? 2 : 0,
  }).format(whole);
  return {
    minus: m.amount_minor < 0 ? "−" : "",
    sign: foreign ? `${m.currency} ` : "¥",
    digits,
  };
}
/** For a pill on the map: no cents. */
export function whole(m: Money): Money {
  const per = scale(m.currency);
  return { ...m, amount_minor: Math.round(m.amount_minor / per) * per };
}
export function money(m: Money): string {
  const p = moneyParts(m);
  return `${p.minus}${p.sign}${p.digits}`;
}
export function minus(m: Money): string {
  return money({ ...m, amount_minor: -Math.abs(m.amount_minor) });
}
export function moneyRange(a: Money, b: Money): string {
  return `${money(a)}–${moneyParts(b).digits}`;
}
export function perKm(m: Money): string {
  const v = (m.amount_minor / scale(m.currency)).toFixed(2);
  const sign = m.currency === "CNY" ? "¥" : `${m.currency} `;
  return `${sign}${v}/${zh() ? "公里" : "km"}`;
}
export function percent(bp: number): string {
  return `${bp / 100} %`;
}

export function km(metres: number): string {
  const v = metres / 1000;
  const n = v < 10 && v % 1 >= 0.05 ? v.toFixed(1) : Math.round(v).toLocaleString("en-US");
  return `${n} ${zh() ? "公里" : "km"}`;
}
export function tonnes(kg: number): string {
  const v = kg / 1000;
  return `${v % 1 === 0 ? v : v.toFixed(1)} ${zh() ? "吨" : "t"}`;
}
export function metres(mm: number): string {
  const v = mm / 1000;
  return `${v % 1 === 0 ? v : v.toFixed(1)} ${zh() ? "米" : "m"}`;
}
export function cubic(litres: number): string {
  return `${Math.round(litres / 1000)} ${zh() ? "方" : "m³"}`;
}
export function duration(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  const h = Math.floor(minutes / 60);
  const m = minutes % 60;
  if (zh()) return h ? `${h} 小时${m ? ` ${m} 分` : ""}` : `${m} 分钟`;
  return h ? `${h} h${m ? ` ${m} min` : ""}` : `${m} min`;
}

let zoneNow = "Asia/Shanghai";
export function setZone(zone: string): void {
  zoneNow = zone;
}
const parts = (t: Date, zone: string): Record<string, string> =>
  Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    })
      .formatToParts(t)
      .map((p) => [p.type, p.value]),
  );
/** Days from today to the day of `t`, both in `zone`. */
function dayOffset(t: Date, zone: string, now: Date): number {
  const day = (d: Date): number => {
    const p = parts(d, zone);
    return Date.UTC(Number(p.year), Number(p.month) - 1, Number(p.day)) / 86_400_000;
  };
  return day(t) - day(now);
}
export function clock(time: string | Date, zone = zoneNow): string {
  const p = parts(new Date(time), zone);
  const hour = zh() ? String(Number(p.hour)) : p.hour;
  return `${hour}:${p.minute}`;
}
/** today, tomorrow, a weekday within six days, then the date; the year when it is not this one. */
export function dayWord(time: string | Date, zone = zoneNow, now = new Date()): string {
  const t = new Date(time);
  const off = dayOffset(t, zone, now);
  if (off === 0) return zh() ? "今天" : "Today";
  if (off === 1) return zh() ? "明天" : "Tomorrow";
  if (off === -1) return zh() ? "昨天" : "Yesterday";
  if (Math.abs(off) <= 6) {
    return new Intl.DateTimeFormat(locale(), { weekday: "short", timeZone: zone }).format(t);
  }
  return date(t, zone, now);
}
export function date(time: string | Date, zone = zoneNow, now = new Date()): string {
  const t = new Date(time);
  const year = parts(t, zone).year !== parts(now, zone).year;
  const text = new Intl.DateTimeFormat(locale(), {
    day: "numeric",
    month: zh() ? "long" : "short",
    ...(year ? { year: "numeric" } : {}),
    timeZone: zone,
  }).format(t);
  return zh() ? text.replace(/(\d+)/g, " $1 ").replace(/\s+/g, " ").trim() : text;
}
/** "23 November 2026, 10:00": always with the year, for what is quoted. */
export function moment(time: string | Date, zone = zoneNow): string {
  const text = new Intl.DateTimeFormat(locale(), {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: zone,
  }).format(new Date(time));
  const spaced = zh() ? text.replace(/(\d+)/g, " $1 ").replace(/\s+/g, " ").trim() : `${text},`;
  return `${spaced} ${clock(time, zone)}`;
}
export function dayClock(time: string | Date, zone = zoneNow): string {
  return `${dayWord(time, zone)} ${clock(time, zone)}`;
}
/** "Today 14:00–18:00" */
export function windowText(w: Window): string {
  const same = dayWord(w.from, w.zone) === dayWord(w.to, w.zone);
  const end = same ? clock(w.to, w.zone) : dayClock(w.to, w.zone);
  return `${dayClock(w.from, w.zone)}–${end}`;
}
/** "Tomorrow by 20:00" */
export function byText(w: Window): string {
  const at = clock(w.to, w.zone);
  return zh() ? `${dayWord(w.to, w.zone)} ${at} 前` : `${dayWord(w.to, w.zone)} by ${at}`;
}
export function ago(time: string | Date, now = new Date()): string {
  const s = Math.max(0, Math.round((now.getTime() - new Date(time).getTime()) / 1000));
  if (s < 60) return zh() ? `${s} 秒前` : `${s} s ago`;
  if (s < 3600) return zh() ? `${Math.floor(s / 60)} 分钟前` : `${Math.floor(s / 60)} min ago`;
  return dayClock(time);
}
export function left(until: string | Date, now = new Date()): number {
  return Math.max(0, Math.round((new Date(until).getTime() - now.getTime()) / 1000));
}

export function cityName(a: Area): string {
  return zh() ? a.city.zh : a.city.en;
}
export function districtName(a: Area): string {
  if (!a.district) return "";
  return zh() ? a.district.zh : a.district.en;
}
/** `★ 4.8` */
export function stars(averageX10: number): string {
  return (averageX10 / 10).toFixed(1);
}
/** Last six of an id, for lists. */
export function tail(id: string): string {
  return id.slice(-6);
}

/** The name of the day that is so many days from today in the market's zone. */
export function dayName(offset: number, zone = zoneNow): string {
  return dayWord(new Date(Date.now() + offset * 86_400_000), zone);
}
/** The moment of a local clock time, `days` from today in `zone`. */
export function zoned(days: number, time: string, zone = zoneNow): Date {
  const p = parts(new Date(Date.now() + days * 86_400_000), zone);
  const [h = 0, m = 0] = time.split(":").map(Number);
  const guess = Date.UTC(Number(p.year), Number(p.month) - 1, Number(p.day), h, m);
  // What the zone shows at the guess tells how far it is off; twice, for a change of the clocks in between.
  let t = guess;
  for (let i = 0; i < 2; i++) {
    const q = parts(new Date(t), zone);
    const shown = Date.UTC(
      Number(q.year),
      Number(q.month) - 1,
      Number(q.day),
      Number(q.hour),
      Number(q.minute),
    );
    t += guess - shown;
  }
  return new Date(t);
}
/** Days from today to the day of `t`, in the market's zone. */
export function daysFromToday(t: string | Date, zone = zoneNow): number {
  return dayOffset(new Date(t), zone, new Date());
}
export function zone(): string {
  return zoneNow;
}
