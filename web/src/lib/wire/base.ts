// The alphabet of the wire: ids, money, time, places, lists, problems.
// Nothing here belongs to one market. docs/API.md holds the rules in prose.

/** `<prefix>_<26 characters of Crockford base32>`; a UUIDv7 inside. */
export type Id<P extends string> = `${P}_${string}`;
export type PartyId = Id<"pty">;
export type OrgId = Id<"org">;
export type SessionId = Id<"ses">;
export type FactorId = Id<"fac">;
export type ApiKeyId = Id<"key">;
export type VerificationId = Id<"vrf">;
export type FileId = Id<"file">;
export type LoadId = Id<"load">;
export type TruckId = Id<"truck">;
export type LaneId = Id<"lane">;
export type OfferId = Id<"offer">;
export type OrderId = Id<"ord">;
export type StopId = Id<"stop">;
export type ThreadId = Id<"thr">;
export type MessageId = Id<"msg">;
export type RatingId = Id<"rat">;
export type PaymentId = Id<"pay">;
export type PostingId = Id<"post">;
export type EventId = Id<"evt">;
export type WebhookId = Id<"whk">;
export type DeliveryId = Id<"dlv">;
export type ConsentId = Id<"cns">;
export type JobId = Id<"job">;
export type DirectiveId = Id<"drv">;
export type AuthorityId = Id<"auk">;
export type RecipientId = Id<"rcp">;
export type MechanismId = Id<"mch">;
export type TransferId = Id<"xfr">;
export type CaseId = Id<"case">;
export type BreachId = Id<"brc">;
export type ChallengeId = Id<"chl">;
export type ExportId = Id<"exp">;
export type CorrectionId = Id<"cor">;
export type RequestId = Id<"req">;
export type PayoutAccountId = Id<"acct">;
export type ApprovalId = Id<"apv">;

/** RFC 3339 in UTC, three decimals, `Z`. */
export type Time = string;
/** Calendar day `YYYY-MM-DD`, no zone. */
export type Day = string;
/** ISO 4217. */
export type Currency = string;

export interface Money {
  amount_minor: number;
  currency: Currency;
}

/** Half-open window; `zone` is IANA and says whose local day is meant. */
export interface Window {
  from: Time;
  to: Time;
  zone: string;
}

/** WGS-84, at most 6 decimals. Never in a URL. */
export interface Point {
  lat: number;
  lon: number;
}
/** A point from a client that may use another Chinese datum; converted at the edge. */
export interface PointIn extends Point {
  datum?: "wgs84" | "gcj02" | "bd09";
}

/** A name in both languages of the pages. */
export interface Text2 {
  en: string;
  zh: string;
}

/** Where something is, as coarse as the board may show it. */
export interface Area {
  /** Division code of the district, or of the city where the district is not known. */
  code: string;
  province: Text2 | null;
  city: Text2;
  district: Text2 | null;
  country: string;
}

/** `GET` lists: keyset, no counts, no offsets. */
export interface List<T> {
  items: T[];
  next_cursor: string | null;
}
export interface Page {
  limit?: number;
  cursor?: string;
}

/** What a `POST` answers: never another person's data, only where to look. */
export interface Ref<I extends string, S extends string = string> {
  id: I;
  version: number;
  state: S;
}

/** A response enum is open: a client must survive a value it does not know. */
export type Open<T extends string> = T | (string & {});

/** `application/problem+json`. Programs read `code` and `errors[]`, never text. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: Open<ProblemCode>;
  detail?: string;
  /** `urn:sarai:request:<id>`, also in the header `Sarai-Request-Id`. */
  instance?: string;
  retry?: "never" | "same_key" | "new_key" | "after";
  errors?: FieldError[];
  /** With `transition_refused`. */
  state?: string;
  allowed_from?: string[];
  allowed_now?: string[];
  /** With `already_taken`. */
  taken_at?: Time;
  /** With `terms_changed`, `version_mismatch`: the version that holds now. */
  version?: number;
  /** With `funds_insufficient`: what is missing. */
  missing?: Money;
  /** With `rate_limited`, `quota_spent`: when it works again. */
  retry_at?: Time;
  /** With `step_up_required`: whether the factor that is asked for is set up at all. */
  enrolled?: boolean;
  /** With 451 and with `transfer_refused`. */
  legal?: Legal;
}

export interface FieldError {
  /** JSON Pointer into the request body. */
  pointer: string;
  code: Open<FieldErrorCode>;
  params: Record<string, string | number>;
}

export interface Legal {
  directive: DirectiveId | null;
  number: string | null;
  authority: Text2 | null;
  basis: string[];
  checked: "text" | "memory";
  effect: string;
  since: Time;
  until: Time | null;
  appeal: string | null;
}

/** A reference to an article: the mark with the section sign. */
export interface Cite {
  /** `PIPL 6`, `CSR 16`; stable, for look-ups. */
  code: string;
  name: Text2;
  article: string;
  checked: "text" | "memory";
  in_force_from: Day | null;
  in_force_until: Day | null;
  summary: Text2 | null;
}

export type FieldErrorCode =
  | "required"
  | "too_short"
  | "too_long"
  | "out_of_range"
  | "not_in_list"
  | "pattern"
  | "duplicate"
  | "window_reversed"
  | "in_the_past"
  | "too_far_ahead"
  | "place_unknown"
  | "currency_mismatch"
  | "checksum_wrong";

export type ProblemCode =
  | "body_malformed"
  | "field_unknown"
  | "id_malformed"
  | "parameter_unknown"
  | "cursor_invalid"
  | "validation_failed"
  | "body_too_large"
  | "media_type_refused"
  | "not_acceptable"
  | "method_not_allowed"
  | "unauthenticated"
  | "auth_ambiguous"
  | "code_wrong"
  | "code_expired"
  | "challenge_spent"
  | "challenge_required"
  | "second_factor_required"
  | "step_up_required"
  | "session_expired"
  | "key_revoked"
  | "csrf_refused"
  | "not_found"
  | "not_allowed"
  | "scope_missing"
  | "role_missing"
  | "four_eyes_required"
  | "account_suspended"
  | "blocked_by_other_party"
  | "verification_required"
  | "document_expired"
  | "idempotency_key_required"
  | "idempotency_key_malformed"
  | "idempotency_key_reused"
  | "idempotency_in_progress"
  | "secret_not_replayed"
  | "version_required"
  | "version_mismatch"
  | "transition_refused"
  | "already_taken"
  | "offer_expired"
  | "offer_superseded"
  | "listing_closed"
  | "terms_changed"
  | "party_busy"
  | "bulk_row_failed"
  | "busy_retry"
  | "funds_insufficient"
  | "hold_expired"
  | "amount_out_of_bounds"
  | "price_below_floor"
  | "price_above_ceiling"
  | "payment_failed"
  | "payment_pending"
  | "money_frozen"
  | "payout_refused"
  | "vehicle_unsuitable"
  | "driver_not_on_run"
  | "goods_banned"
  | "load_duplicate"
  | "proof_required"
  | "receiver_code_wrong"
  | "position_implausible"
  | "blocked_by_directive"
  | "registration_suspended"
  | "directive_refused"
  | "transfer_refused"
  | "transfer_held"
  | "consent_missing"
  | "purpose_not_allowed"
  | "retention_over"
  | "key_destroyed"
  | "rate_limited"
  | "quota_spent"
  | "too_many_streams"
  | "overloaded"
  | "maintenance"
  | "retired"
  | "internal";
