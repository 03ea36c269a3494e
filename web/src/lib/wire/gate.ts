// The gate: recipients, mechanisms, transfers, approvals, the year's count, the register, questions.

import type { DataClass } from "./account";
import type {
  ApprovalId,
  BreachId,
  CorrectionId,
  MechanismId,
  Open,
  Page,
  PartyId,
  RecipientId,
  Text2,
  Time,
  TransferId,
} from "./base";

export type RecipientKind =
  | "processor"
  | "controller"
  | "group_company"
  | "subject"
  | "own"
  | "authority"
  | "foreign_authority";
export type MechanismKind =
  | "standard_contract"
  | "certificate"
  | "security_assessment"
  | "authority_approval";
export type TransferGround =
  | "none"
  | "contract"
  | "consent"
  | "employment"
  | "emergency"
  | "legal_duty"
  | "transit";
export type Sector = "general" | "freight" | "ride" | "jobs";
export type Approving = "each" | "standing";
export type GateAnswer = "allow" | "mask" | "hold" | "refuse";

export interface RecipientNew {
  name: string;
  /** ISO 3166: where the data is stored or can be read from. */
  country: string;
  kind: RecipientKind;
  purposes: string[];
  /** None means no data of persons. */
  categories: string[];
  group?: string;
  approving: Approving;
}
export interface Recipient {
  id: RecipientId;
  version: number;
  name: string;
  country: string;
  abroad: boolean;
  kind: Open<RecipientKind>;
  purposes: string[];
  categories: string[];
  group: string | null;
  approving: Open<Approving>;
  /** One of the house's own ways out, such as its sender of messages. */
  own_way: boolean;
  state: Open<"open" | "closed">;
  made_at: Time;
  closed_at: Time | null;
}
export interface MechanismNew {
  recipient: RecipientId;
  kind: MechanismKind;
  number: string;
  effective_at: Time;
  filed_at?: Time;
  /** Demanded for certificates and assessments. */
  expires_at?: Time;
}
export interface Mechanism {
  id: MechanismId;
  version: number;
  recipient: RecipientId;
  kind: Open<MechanismKind>;
  number: string;
  effective_at: Time;
  filed_at: Time | null;
  expires_at: Time | null;
  ended_at: Time | null;
  /** Only what is in force lifts anything. */
  state: Open<"coming" | "in_force" | "expired" | "ended">;
}
/** Distinct persons whose data left the country in a year. */
export interface PersonCount {
  persons: number;
  plain: number;
  sensitive: number;
}
export interface GateCite {
  cite: string;
  rule: string;
  checked: "text" | "memory";
}
/** A row of the transfer log. It names no person. */
export interface Transfer {
  id: TransferId;
  at: Time;
  actor: string;
  recipient: RecipientId;
  country: string;
  kind: Open<RecipientKind>;
  purpose: string;
  resource: string;
  fields: string[];
  categories: string[];
  class: Open<DataClass>;
  /** What a scan of untyped parts found. */
  found: { kind: string; times: number }[];
  ground: Open<TransferGround>;
  persons: number;
  new_persons: number;
  year: number | null;
  counted: PersonCount;
  answer: Open<GateAnswer>;
  mechanisms: MechanismId[];
  approval: ApprovalId | null;
  basis: GateCite[];
  /** What is missing; within each need one of the words is enough. */
  needs: string[][];
  reason: string | null;
  kept_until: Time;
}
export type TransferQuery = Page & { recipient?: RecipientId; answer?: GateAnswer };
/** A transfer that waits for the privacy officer, or waited. */
export interface TransferApproval {
  id: ApprovalId;
  version: number;
  recipient: RecipientId;
  purpose: string;
  resource: string;
  fields: string[];
  persons: number;
  ground: Open<TransferGround>;
  asked_by: string;
  asked_at: Time;
  until: Time;
  state: Open<"waiting" | "approved" | "refused" | "used">;
  decided_by: string | null;
  decided_at: Time | null;
  reason: string | null;
}
export interface YearCount {
  year: number;
  counted: PersonCount;
  as_of: Time;
}
export interface RegisterField {
  name: string;
  category: string;
  class: Open<DataClass>;
  purposes: string[];
  basis: string;
  /** How long: `order + 30d`. */
  kept: string;
  /** To whom it goes outside. */
  leaves: string | null;
}
export interface RegisterRecord {
  record: string;
  fields: RegisterField[];
  /** Fields held in clear. */
  clear: string[];
}
export interface QuestionAsked {
  recipient: RecipientId;
  purpose: string;
  fields: string[];
  /** So many persons, each taken for new this year. */
  persons: number;
  ground?: TransferGround;
  sector?: Sector;
  consented?: boolean;
}
export interface QuestionAnswer {
  answer: Open<GateAnswer>;
  reason: Open<
    | "blocked_by_directive"
    | "recipient_closed"
    | "purpose_not_registered"
    | "category_not_registered"
    | "field_does_not_leave"
    | "law"
    | "approval"
  > | null;
  abroad: boolean;
  class: Open<DataClass>;
  basis: GateCite[];
  needs: string[][];
  counted: PersonCount;
  counted_with_it: PersonCount;
}

/** What a person asked about own data, without its words. */
export interface RequestCard {
  id: CorrectionId;
  version: number;
  party: PartyId;
  kind: Open<"correction" | "objection" | "appeal">;
  /** The field, or what it is about. */
  about: string;
  state: Open<"waiting" | "done">;
  asked_at: Time;
  answer_by: Time;
  overdue: boolean;
  answered_at: Time | null;
  granted: boolean | null;
}
/** With its words; opening them is logged, and the person sees it. */
export interface PersonRequest {
  id: CorrectionId;
  party: PartyId;
  kind: Open<"correction" | "objection" | "appeal">;
  about: string;
  state: Open<"waiting" | "done">;
  asked_at: Time;
  answer_by: Time;
  words: string;
}
export interface RequestAnswer {
  /** It was done as asked. */
  granted: boolean;
  words: string;
}
export interface BreachNew {
  title: string;
  from: Time;
  to: Time;
  /** As the audit log names them; none means everybody. */
  actors: string[];
}
/** A breach as it was looked into: everything comes from the audit log. */
export interface Breach {
  id: BreachId;
  version: number;
  title: string;
  from: Time;
  to: Time;
  actors: string[];
  found_at: Time;
  persons: number;
  fields: { field: string; persons: number }[];
  openings: number;
  transfers: number;
  /** There was more than one look goes through. */
  more: boolean;
  tell: {
    whom: Text2;
    by: Time | null;
    at_once: boolean;
    say: Text2;
    cite: string;
    checked: "text" | "memory";
  }[];
}
export interface BreachPerson {
  party: PartyId;
  fields: string[];
  times: number;
  first: Time;
  last: Time;
}
