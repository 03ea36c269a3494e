// The tiers of the Cross-Border Data Provisions (articles 5, 7 and 8): how many persons in a calendar year ask for what.
// The decision is the server's; here the count is only set against its lines.

export type Tier = "nothing" | "contract" | "assessment";

export interface Lines {
  /** From so many persons a standard contract or a certificate is needed. */
  contract: number;
  /** From so many persons a security assessment is needed. */
  assessment: number;
}
export const PLAIN: Lines = { contract: 100_000, assessment: 1_000_000 };
/** The first sensitive person already leaves the free tier. */
export const SENSITIVE: Lines = { contract: 1, assessment: 10_000 };

export function tierOf(count: number, lines: Lines): Tier {
  if (count >= lines.assessment) return "assessment";
  return count >= lines.contract ? "contract" : "nothing";
}
/** Persons that may still come until the next tier begins; `null` in the last one. */
export function leftIn(count: number, lines: Lines): number | null {
  const tier = tierOf(count, lines);
  if (tier === "assessment") return null;
  return (tier === "nothing" ? lines.contract : lines.assessment) - count;
}
export interface Segment {
  tier: Tier;
  from: number;
  /** First count that is not in it; `null` for the last. */
  to: number | null;
  /** How much of it is filled, 0–1. */
  filled: number;
}
/** One segment a tier, each filled by its own share: a line of 100,000 and one of 1 can both be read. */
export function segments(count: number, lines: Lines): Segment[] {
  const share = (from: number, to: number): number =>
    Math.min(1, Math.max(0, (count - from) / (to - from)));
  const list: Segment[] = [
    { tier: "nothing", from: 0, to: lines.contract, filled: share(0, lines.contract) },
    {
      tier: "contract",
      from: lines.contract,
      to: lines.assessment,
      filled: share(lines.contract, lines.assessment),
    },
    {
      tier: "assessment",
      from: lines.assessment,
      to: null,
      // Beyond the last line there is no next one: filled by how many times the line is passed.
      filled: count < lines.assessment ? 0 : 1 - (0.9 * lines.assessment) / count,
    },
  ];
  return list;
}
