// The letter after a breach, filled in from the log: what the log knows stands in it, what only people know stands in brackets.
// Article 57 of the PIPL names what must be said: data, cause, possible harm; what was done and can be done; how to reach the house.
import type { Breach } from "../wire";

export interface LetterWords {
  subject: (house: string) => string;
  to: (whom: string) => string;
  found: (at: string) => string;
  window: (from: string, to: string) => string;
  reach: (persons: string, openings: string, transfers: string) => string;
  fields: (list: string) => string;
  none: string;
  cause: string;
  harm: string;
  done: string;
  can: string;
  contact: string;
  basis: (cite: string) => string;
  sign: (house: string, on: string) => string;
}
export interface Told {
  whom: string;
  cite: string;
  house: string;
  on: string;
  moment: (t: string) => string;
  field: (name: string) => string;
  number: (n: number) => string;
}

export function letter(b: Breach, w: LetterWords, t: Told): string {
  const fields = b.fields.map((f) => `${t.field(f.field)} (${t.number(f.persons)})`).join(", ");
  return [
    w.subject(t.house),
    w.to(t.whom),
    "",
    w.found(t.moment(b.found_at)),
    w.window(t.moment(b.from), t.moment(b.to)),
    w.reach(t.number(b.persons), t.number(b.openings), t.number(b.transfers)),
    fields ? w.fields(fields) : w.none,
    w.cause,
    w.harm,
    w.done,
    w.can,
    w.contact,
    "",
    w.basis(t.cite),
    w.sign(t.house, t.on),
  ].join("\n");
}
