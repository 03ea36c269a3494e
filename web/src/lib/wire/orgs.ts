// Companies, their programs' keys and their webhooks.
import type { OrgRole, VerifyState } from "./account";
import type { ApiKeyId, DeliveryId, EventId, Open, OrgId, PartyId, Time, WebhookId } from "./base";

export interface OrgNew {
  name: string;
  credit_code: string;
  city_code: string;
}
export interface Org {
  id: OrgId;
  version: number;
  name: string;
  /** Masked but for the last four, except to admins. */
  credit_code: string;
  city_code: string;
  verification: VerifyState;
  my_role: Open<OrgRole>;
  created_at: Time;
}
export interface OrgPatch {
  name?: string;
  city_code?: string;
}
export interface Member {
  party: PartyId;
  display_name: string;
  role: Open<OrgRole>;
  since: Time;
}
export interface MemberNew {
  phone_or_email: string;
  role: Exclude<OrgRole, "owner">;
}

export type Scope =
  | "freight.loads:read"
  | "freight.loads:write"
  | "freight.board:read"
  | "freight.offers:write"
  | "freight.orders:read"
  | "freight.orders:run"
  | "kernel.wallet:read"
  | "kernel.events:read";
export interface ApiKeyNew {
  name: string;
  scopes: Scope[];
  expires_in_days: number;
  addresses?: string[];
}
export interface ApiKey {
  id: ApiKeyId;
  name: string;
  /** `sarai_<8 characters>`, to tell keys apart. */
  prefix: string;
  scopes: Open<Scope>[];
  addresses: string[];
  created_at: Time;
  expires_at: Time;
  last_used_at: Time | null;
}
/** The secret is shown once. */
export interface ApiKeyMade {
  id: ApiKeyId;
  secret: string;
  expires_at: Time;
}

export interface WebhookNew {
  url: string;
  types: string[];
  /** ISO 3166 country of the receiver, and what it is for: an endpoint is a recipient. */
  country: string;
  purpose: string;
  scheme?: "v1a" | "v1";
}
export interface WebhookPatch {
  types?: string[];
  on?: boolean;
}
export interface Webhook {
  id: WebhookId;
  version: number;
  url: string;
  types: string[];
  country: string;
  purpose: string;
  scheme: "v1a" | "v1";
  state: Open<"untested" | "on" | "off" | "failing">;
  public_key: string | null;
  failing_since: Time | null;
  created_at: Time;
}
export interface WebhookMade {
  id: WebhookId;
  version: number;
  state: string;
  /** `whpk_…`, or with `v1` the secret `whsec_…`, shown once. */
  key: string;
}
export interface ReplayRequest {
  from: Time;
  to: Time;
}
export interface Delivery {
  id: DeliveryId;
  event: EventId;
  type: string;
  state: Open<"waiting" | "done" | "retrying" | "dead">;
  attempts: { at: Time; status: number | null; error: string | null; duration_ms: number }[];
  next_at: Time | null;
}
