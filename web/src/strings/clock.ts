// Words of a legal clock.
import { strings } from "../lib/strings";

export const s = strings(
  {
    left: (left: number, total: number) =>
      total === 1 ? "1 working day left" : `${left} of ${total} working days left`,
    today: "the last working day",
    late: (d: string) => `was due ${d}`,
    off: (n: number) =>
      n === 1
        ? "1 day in it does not count"
        : `${n} days in it do not count: weekends and holidays`,
    offDay: (d: string) => `${d}: does not count`,
    unsure: (year: string) => `Holidays of ${year} are not announced yet; the day may move.`,
  },
  {
    left: (left, total) => `剩 ${left} 个工作日，共 ${total} 个`,
    today: "最后一个工作日",
    late: (d) => `应于 ${d}办结`,
    off: (n) => `其中 ${n} 天为休息日，不计`,
    offDay: (d) => `${d}：不计`,
    unsure: (year) => `${year} 年放假安排尚未公布，日期可能变动。`,
  },
);
