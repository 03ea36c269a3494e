// Reviews as a procedure: cases of an authority, their clocks, and what was done in them.
import type { CaseId, Day, Open, Text2, Time } from "./base";
import type { DirectiveEffect } from "./law";

export type CasePhase =
  | "materials"
  | "need"
  | "notice"
  | "preliminary"
  | "replies"
  | "special"
  | "decided"
  | "over";
export interface CaseClock {
  step: Open<"need" | "preliminary" | "replies" | "special">;
  cite: string;
  checked: "text" | "memory";
  from: Day;
  /** Working days allowed, extensions included. */
  days: number;
  extended: number;
  gone: number;
  /** None while it stands still. */
  last_day: Day | null;
  state: Open<"running" | "stopped" | "done" | "done_late" | "overdue">;
}
export interface CaseCard {
  id: CaseId;
  version: number;
  number: string;
  authority: Text2;
  /** A platform, a product, a listing. */
  about: string;
  phase: Open<CasePhase>;
  opened_on: Day;
  updated_at: Time;
  /** The caller carries it on. */
  own: boolean;
  clocks: CaseClock[];
  open_questions: number[];
  open_materials: number[];
}
/** Numbers of questions and materials count from 1 within the case, each for itself. */
export type Deed =
  | { deed: "open"; ex_officio: boolean }
  | { deed: "ask_material"; title: string; stops_clock: boolean }
  | { deed: "hand_in"; material: number | null; title: string; sha256: string }
  | { deed: "materials_complete" }
  | { deed: "need"; needed: boolean }
  | { deed: "notice" }
  | { deed: "ask"; words: string; stops_clock: boolean }
  | { deed: "reply"; question: number; words: string }
  | { deed: "extend"; days: number; reason: string }
  | { deed: "draft" }
  | { deed: "special" }
  | { deed: "report"; sha256: string; findings: number; grave: number }
  | { deed: "directive"; number: string }
  | { deed: "decide"; outcome: "passed" | "conditions" | "refused"; words: string }
  | { deed: "publish"; en: string; zh: string };
export type DeedWord = Deed["deed"];
export interface CaseLine {
  on: Day;
  at: Time;
  by: "reviewer" | "party";
  deed: Deed;
}
export interface CaseDetail {
  card: CaseCard;
  timeline: CaseLine[];
  /** Deeds that the caller may do now. */
  allowed_now: Open<DeedWord>[];
}
export interface CaseNew {
  number: string;
  authority: Text2;
  about: string;
  ex_officio: boolean;
}
/** A review of 2021, day by day. */
export interface ReviewExample {
  id: string;
  name: Text2;
  /** Days for which new registrations stood still. */
  registration_days: number | null;
  moments: {
    on: Day;
    what: Text2;
    order: Open<DirectiveEffect> | null;
    lifts: Open<DirectiveEffect> | null;
    checked: "text" | "memory";
  }[];
}
