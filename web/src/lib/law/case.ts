// A case as a document: its materials and questions, gathered from the list of what was done.
import type { CaseLine, Day, Deed } from "../wire";

type Of<W extends Deed["deed"]> = Extract<Deed, { deed: W }>;
export interface Material {
  /** Its number; `null` where nobody asked for it. */
  number: number | null;
  title: string;
  stops: boolean;
  asked: Day | null;
  handed: { on: Day; title: string; sha256: string }[];
}
export interface Question {
  number: number;
  words: string;
  stops: boolean;
  on: Day;
  replies: { on: Day; words: string }[];
}
const isDeed =
  <W extends Deed["deed"]>(word: W) =>
  (line: CaseLine): line is CaseLine & { deed: Of<W> } =>
    line.deed.deed === word;

export function materialsOf(lines: CaseLine[]): Material[] {
  const asked: Material[] = lines.filter(isDeed("ask_material")).map((l, i) => ({
    number: i + 1,
    title: l.deed.title,
    stops: l.deed.stops_clock,
    asked: l.on,
    handed: [],
  }));
  const free: Material[] = [];
  for (const l of lines.filter(isDeed("hand_in"))) {
    const one = { on: l.on, title: l.deed.title, sha256: l.deed.sha256 };
    const to = l.deed.material === null ? undefined : asked[l.deed.material - 1];
    if (to) to.handed.push(one);
    else free.push({ number: null, title: l.deed.title, stops: false, asked: null, handed: [one] });
  }
  return [...asked, ...free];
}
export function questionsOf(lines: CaseLine[]): Question[] {
  const list: Question[] = lines.filter(isDeed("ask")).map((l, i) => ({
    number: i + 1,
    words: l.deed.words,
    stops: l.deed.stops_clock,
    on: l.on,
    replies: [],
  }));
  for (const l of lines.filter(isDeed("reply")))
    list[l.deed.question - 1]?.replies.push({ on: l.on, words: l.deed.words });
  return list;
}
export const reportsOf = (lines: CaseLine[]): (CaseLine & { deed: Of<"report"> })[] =>
  lines.filter(isDeed("report"));
/** SHA-256 of a file in hexadecimal. */
export async function sha256(file: Blob): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return [...hash].map((b) => b.toString(16).padStart(2, "0")).join("");
}
