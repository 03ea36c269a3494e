// Working days of the mainland for the clocks on the pages. The days come from `laws/calendar.toml`, the same list that the server
// counts with (scripts/calendar.mjs).
import { zone } from "../format";
import data from "./calendar.json";

const OFF = new Set(data.off);
const WORK = new Set(data.work);
/** Years whose notice has not come out: shifted days are not known. */
export const NOT_ANNOUNCED = new Set(data.notAnnounced);
/** Longest clock that is counted, days. */
const DAYS_MAX = 1000;
const DAY_MS = 86_400_000;

/** The calendar day of a moment in a zone, `YYYY-MM-DD`. */
export function dayOf(time: string | Date, inZone = zone()): string {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone: inZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(new Date(time));
}
export function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}
/** Whether people work on that day. Outside the mainland only weekends are known. */
export function isWorkday(day: string, mainland = true): boolean {
  if (mainland && OFF.has(day)) return false;
  if (mainland && WORK.has(day)) return true;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}
/** Working days after `from` up to and with `to`: the first day does not count (Civil Code, article 201). */
export function workdaysBetween(from: string, to: string, mainland = true): number {
  let n = 0;
  for (let day = nextDay(from), i = 0; day <= to && i < DAYS_MAX; day = nextDay(day), i++)
    if (isWorkday(day, mainland)) n++;
  return n;
}
/** The day on which so many working days after `from` are full. */
export function addWorkdays(from: string, count: number, mainland = true): string {
  let day = from;
  for (let n = 0, i = 0; n < count && i < DAYS_MAX; i++) {
    day = nextDay(day);
    if (isWorkday(day, mainland)) n++;
  }
  return day;
}

/** The day before which so many working days lie up to `to`. */
export function subWorkdays(to: string, count: number, mainland = true): string {
  let day = to;
  for (let n = 0, i = 0; n < count && i < DAYS_MAX; i++) {
    if (isWorkday(day, mainland)) n++;
    day = new Date(Date.parse(`${day}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
  }
  return day;
}

export interface LegalClock {
  total: number;
  /** Working days from tomorrow to the last day. */
  left: number;
  state: "running" | "soon" | "late";
  /** Every day after the first, up to the last. */
  days: { day: string; kind: "gone" | "left" | "off" }[];
  last: string;
}
/** The clock of a term from a moment to a moment. At one third it is `soon`, after its moment `late`. */
export function clockOf(
  asked: string,
  due: string,
  now = new Date(),
  inZone = zone(),
  mainland = true,
): LegalClock {
  const [first, last, today] = [dayOf(asked, inZone), dayOf(due, inZone), dayOf(now, inZone)];
  const days: LegalClock["days"] = [];
  for (let day = nextDay(first), i = 0; day <= last && i < DAYS_MAX; day = nextDay(day), i++) {
    const works = isWorkday(day, mainland);
    days.push({ day, kind: works ? (day <= today ? "gone" : "left") : "off" });
  }
  const total = days.filter((d) => d.kind !== "off").length;
  const left = days.filter((d) => d.kind === "left").length;
  const late = now.getTime() >= Date.parse(due);
  return { total, left, last, days, state: late ? "late" : left * 3 <= total ? "soon" : "running" };
}
