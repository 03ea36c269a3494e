// Orders of authorities and the keys that they are signed with.
import type { AuthorityId, DirectiveId, Open, RecipientId, Text2, Time } from "./base";

export type DirectiveEffect =
  | "suspend_registration"
  | "delist_app"
  | "block_transfer"
  | "stop_processing_class"
  | "rectify_by"
  | "suspend_service";

export interface DirectiveScope {
  packages: string[];
  /** ISO 3166. */
  countries: string[];
  recipients: RecipientId[];
  /** Categories as the register names them. */
  categories: string[];
  /** `rectify_by`: until when, and what. */
  by: Time | null;
  what: Text2 | null;
}
/** An order with the document that was signed, so that anybody can check it. */
export interface Directive {
  id: DirectiveId;
  version: number;
  number: string;
  authority: Text2;
  effect: Open<DirectiveEffect>;
  scope: DirectiveScope;
  basis: string[];
  checked: "text" | "memory";
  state: Open<"coming" | "in_force" | "expired" | "lifted">;
  issued_at: Time;
  since: Time;
  until: Time | null;
  /** Number of the decision that lifted it. */
  lifted_by: string | null;
  lifted_at: Time | null;
  overdue: boolean;
  sequence: number;
  /** Fingerprint of the key: the first 128 bits of SHA-256 over it, in hexadecimal. */
  key: string;
  /** The exact bytes that were signed after `sarai-directive-v1` and a line feed; base64url. */
  document: string;
  /** Ed25519; base64url. */
  signature: string;
}
/** An order in force, as short as the banner needs it. */
export interface DirectiveInForce {
  id: DirectiveId;
  number: string;
  authority: Text2;
  effect: Open<DirectiveEffect>;
  since: Time;
  until: Time | null;
}
export interface AppealRequest {
  /** `suspension`, or the id of a directive. */
  against: "suspension" | DirectiveId;
  words: string;
}

/** The key of an authority: entered by one officer, confirmed by another. */
export interface AuthorityKey {
  id: AuthorityId;
  version: number;
  name: Text2;
  public_key: string;
  fingerprint: string;
  effects: Open<DirectiveEffect>[];
  /** The key of the same authority that it takes over from. */
  follows: AuthorityId | null;
  state: Open<"proposed" | "active" | "revoked">;
  /** The first officer asked that it be ended. */
  revocation_asked: boolean;
  proposed_at: Time;
  /** It was entered by whoever asks: another one confirms. */
  proposed_by_me: boolean;
  confirmed_at: Time | null;
  revoked_at: Time | null;
  /** The number that the next order must be above. */
  last_sequence: number;
}
export interface AuthorityKeyNew {
  name_zh: string;
  name_en: string;
  /** Ed25519, base64url without padding. */
  public_key: string;
  effects: DirectiveEffect[];
  follows?: AuthorityId;
}
export interface AuthorityKeyMade {
  id: AuthorityId;
  version: number;
  state: string;
  fingerprint: string;
}
