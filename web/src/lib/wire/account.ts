// Who is asking: meta, sign-in, sessions, factors, the person's own record, papers, files.
import type {
  ChallengeId,
  Cite,
  ConsentId,
  CorrectionId,
  Currency,
  Day,
  ExportId,
  FactorId,
  FileId,
  Money,
  Open,
  OrgId,
  PartyId,
  Point,
  SessionId,
  Text2,
  Time,
  VerificationId,
} from "./base";
import type { DirectiveInForce } from "./law";

// ---- meta

export interface Meta {
  name: string;
  version: string;
  api: "v1";
  /** A synthetic world; pages say so. */
  demo: boolean;
  /** Where codes go: an outbox page (development), SMTP, or a signed HTTP hook. */
  sender: "outbox" | "smtp" | "hook";
  languages: ("en" | "zh-Hans")[];
  currency: Currency;
  country: string;
  zone: string;
  features: {
    public_board: boolean;
    sealed_bid: boolean;
    lanes: boolean;
    tiles: boolean;
    passkeys: boolean;
  };
  fees: FeeRules;
  limits: {
    photo_bytes_max: number;
    paper_bytes_max: number;
    board_limit_max: number;
    lanes_max: number;
    counters_max: number;
    offer_life_seconds: number;
    deposit_max: Money;
    price_max: Money;
  };
  freight: { bodies: BodyType[]; lengths_mm: number[]; cargo_kinds: CargoKind[] };
  /** Imported road maps; empty means every distance is an estimate. */
  maps: { name: string; attribution: string }[];
  /** The word by which orders of authorities name this installation. */
  platform: string;
  /** Orders of authorities that are in force. */
  directives: DirectiveInForce[];
}

export interface FeeRules {
  /** Basis points of the price, from the trucker. */
  trucker_fee_bp: number;
  shipper_fee_bp: number;
  fee_min: Money;
  insurance: Money;
  paid_within_seconds: number;
}

export type BodyType =
  | "flatbed"
  | "high_side"
  | "box"
  | "curtain"
  | "low_bed"
  | "reefer"
  | "tanker"
  | "dump"
  | "van";
export type CargoKind =
  | "steel"
  | "machinery"
  | "building"
  | "food"
  | "produce"
  | "chemicals"
  | "textiles"
  | "parcels"
  | "furniture"
  | "electronics"
  | "paper"
  | "auto_parts"
  | "other";

// ---- sign-in

/** Exactly one of the two. Answered alike whether the address is known or not. */
export type AuthCodeRequest = { phone: string } | { email: string };
export interface AuthChallenge {
  challenge: ChallengeId;
  expires_at: Time;
  /** When another channel or another code may be asked for. */
  again_at: Time;
}
export interface AuthSessionRequest {
  challenge: ChallengeId;
  code: string;
  /** The second factor, sent again with the same challenge after `second_factor_required`. */
  totp?: string;
  recovery_code?: string;
}
/** The secret itself travels only in the cookie. */
export interface AuthSession {
  session: SessionId;
  party: PartyId;
  new_account: boolean;
}
export interface SessionCard {
  id: SessionId;
  current: boolean;
  started_at: Time;
  last_seen_at: Time;
  device: string;
}
/** One of: a fresh code for a challenge of this person, a TOTP code, a recovery code. */
export type StepUpRequest =
  | { challenge: ChallengeId; code: string }
  | { totp: string }
  | { recovery_code: string };
export interface StepUp {
  until: Time;
}
export type FactorKind = "totp" | "recovery_codes" | "phone" | "email";
export interface Factor {
  id: FactorId;
  kind: Open<FactorKind>;
  /** Masked: `138••••5678`. Empty for TOTP. */
  label: string;
  confirmed: boolean;
  created_at: Time;
  codes_left: number | null;
}
/** TOTP is made unconfirmed, then confirmed by its first code. */
export type FactorRequest =
  | { kind: "totp" }
  | { kind: "recovery_codes" }
  | { kind: "totp_confirm"; id: FactorId; totp: string };
/** Secrets are shown once and never replayed. */
export interface FactorMade {
  id: FactorId;
  kind: Open<FactorKind>;
  otpauth_url: string | null;
  secret: string | null;
  recovery_codes: string[] | null;
}

// ---- me

export type Role = "shipper" | "trucker";
export type StaffRole =
  | "op.verify"
  | "op.market"
  | "op.money"
  | "op.support"
  | "op.safety"
  | "op.admin"
  | "po"
  | "rev";
export type VerifyState = "none" | "waiting" | "verified" | "refused" | "expired";
export interface Me {
  id: PartyId;
  version: number;
  name: string | null;
  /** Trade name shown to the other side. */
  display_name: string;
  phone: string | null;
  email: string | null;
  language: "en" | "zh-Hans";
  roles: Open<Role>[];
  staff: Open<StaffRole>[];
  orgs: { id: OrgId; name: string; role: OrgRole }[];
  verification: Record<VerificationKind, VerifyState>;
  /** What is missing before this role may act, in the order to do it. */
  missing: { role: Role; kind: VerificationKind }[];
  second_factor: boolean;
  rating: RatingSum | null;
  home: HomePlace | null;
  suspended: boolean;
  erasure_at: Time | null;
  created_at: Time;
}
export interface HomePlace {
  code: string;
  name: Text2;
  point: Point;
}
export interface MePatch {
  name?: string | null;
  display_name?: string;
  language?: "en" | "zh-Hans";
  home_code?: string | null;
}
/** Staff roles come by a one-use token that the operator's terminal prints. */
export type RoleRequest = { role: Role } | { role: "op.admin"; token: string };
export type OrgRole = "owner" | "admin" | "dispatcher" | "finance" | "driver";
export interface RatingSum {
  /** 10–50, so that 48 reads 4.8. */
  average_x10: number;
  count: number;
  runs: number;
}
/** Public card of a party, for those who have a relation to it. */
export interface PartyCard {
  id: PartyId;
  display_name: string;
  roles: Open<Role>[];
  verified: boolean;
  rating: RatingSum | null;
  since: Day;
}

// ---- my data

export type DataClass = "general" | "personal" | "sensitive" | "important" | "core";
export interface HeldItem {
  /** `party.phone`, as in the register. */
  field: string;
  label: Text2;
  class: Open<DataClass>;
  purposes: { code: string; name: Text2 }[];
  /** Masked; the clear value only in an export. */
  value: string | null;
  sealed: boolean;
  about: { kind: string; id: string } | null;
  keep: Text2;
  keep_until: Time | null;
  basis: Cite | null;
  correctable: boolean;
}
export interface MyData {
  as_of: Time;
  groups: { code: string; name: Text2; items: HeldItem[] }[];
}
export interface AccessEntry {
  id: string;
  at: Time;
  /** `person`, `company`, `staff`, `engine` (nobody read it). */
  who_kind: Open<"self" | "person" | "company" | "staff" | "engine">;
  who: Text2;
  fields: { field: string; label: Text2; group: string }[];
  purpose: { code: string; name: Text2 };
  about: { kind: string; id: string } | null;
  outcome: "opened" | "refused";
  reason: Text2 | null;
  basis: Cite | null;
}
export interface AccessLog {
  items: AccessEntry[];
  next_cursor: string | null;
  /** Over the last 30 days, for the sentence on top. */
  summary: {
    from: Time;
    companies: number;
    persons: number;
    staff: number;
    engine: number;
    openings: number;
    refused: number;
  };
}
export interface ExportRequest {
  format: "json";
}
export interface Export {
  id: ExportId;
  state: Open<"preparing" | "ready" | "expired">;
  asked_at: Time;
  ready_at: Time | null;
  expires_at: Time | null;
  bytes: number | null;
}
export interface CorrectionRequest {
  field: string;
  value: string;
  reason?: string;
}
export interface Correction {
  id: CorrectionId;
  field: string;
  state: Open<"waiting" | "done">;
  asked_at: Time;
  answer_by: Time;
  answered_at: Time | null;
  /** Whether it was done as asked; the answer itself stands in the person's data. */
  granted: boolean | null;
}
export interface ObjectionRequest {
  about: string;
  words: string;
}
export interface Consent {
  id: ConsentId;
  purpose: { code: string; name: Text2 };
  what: Text2;
  /** What stops working when it is withdrawn. */
  without: Text2;
  version: string;
  given_at: Time;
  withdrawn_at: Time | null;
  basis: Cite | null;
}
export interface ConsentOffer {
  purpose: { code: string; name: Text2 };
  what: Text2;
  without: Text2;
  version: string;
  basis: Cite | null;
}
export interface Consents {
  items: Consent[];
  /** Not given now. Never ticked before. */
  offers: ConsentOffer[];
  next_cursor: null;
}
export interface ConsentRequest {
  purpose: string;
  version: string;
}
export interface ErasurePlan {
  state: Open<"none" | "planned" | "done">;
  runs_at: Time | null;
  /** Numbered so that it can be quoted. */
  receipt: string | null;
  erased: { label: Text2; count: number }[];
  kept: { label: Text2; count: number; why: Text2; until: Time | null; basis: Cite | null }[];
  /** Open orders and money that must end first. */
  blocked_by: { kind: "order" | "money"; id: string }[];
}
export interface ErasureRequest {
  confirm: true;
}

// ---- verification and files

export type VerificationKind = "person" | "licence" | "vehicle" | "company";
export interface PersonFields {
  name: string;
  id_number: string;
}
export interface LicenceFields {
  number: string;
  class: "A1" | "A2" | "B1" | "B2" | "C1";
  expires_on: Day;
  /** Freight qualification certificate. */
  qualification_number?: string;
  qualification_expires_on?: Day;
}
export interface VehicleFields {
  plate: string;
  plate_colour: "yellow" | "blue" | "green" | "yellow_green";
  body: BodyType;
  length_mm: number;
  payload_kg: number;
  volume_l?: number;
  vin?: string;
  licence_expires_on: Day;
  permit_number?: string;
  insurance_expires_on?: Day;
}
export interface CompanyFields {
  name: string;
  credit_code: string;
  city_code: string;
}
export type VerificationRequest =
  | { kind: "person"; fields: PersonFields; files: PaperFile[] }
  | { kind: "licence"; fields: LicenceFields; files: PaperFile[] }
  | { kind: "vehicle"; fields: VehicleFields; files: PaperFile[] }
  | { kind: "company"; org: OrgId; fields: CompanyFields; files: PaperFile[] };
export interface PaperFile {
  file: FileId;
  side: "front" | "back" | "page";
}
export interface VerificationCard {
  id: VerificationId;
  version: number;
  kind: Open<VerificationKind>;
  state: Open<"waiting" | "claimed" | "approved" | "refused" | "expired">;
  /** Masked. */
  summary: string;
  asked_at: Time;
  decided_at: Time | null;
  expires_on: Day | null;
  reasons: { code: string; text: Text2; field: string | null }[];
  /** Usual waiting time, while waiting. */
  usual_seconds: number | null;
}
export interface VerificationDetail extends VerificationCard {
  /** Own record; values masked. */
  fields: { field: string; value: string }[];
  files: { file: FileId; side: string }[];
}
export interface FileRequest {
  purpose: "proof_photo" | "load_photo" | "paper" | "evidence";
  media_type: "image/jpeg" | "image/png" | "image/webp" | "application/pdf";
  bytes: number;
  sha256: string;
}
export interface FileRecord {
  id: FileId;
  state: Open<"empty" | "scanning" | "ready" | "refused">;
  media_type: string;
  bytes: number;
  width_px: number | null;
  height_px: number | null;
  reason: string | null;
}
