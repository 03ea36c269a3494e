// The operator's desk: queues, histories, money with four eyes, staff, the development outbox.
import type { PartyCard, StaffRole, VerificationKind, VerifyState } from "./account";
import type {
  ApprovalId,
  Area,
  FileId,
  Money,
  Open,
  OrderId,
  PartyId,
  PaymentId,
  Text2,
  Time,
  VerificationId,
} from "./base";
import type { Cargo, OrderEvent, OrderStanding } from "./freight";

/** One line a queue: how many wait, how old the oldest is, what the limit is. */
export interface Desk {
  as_of: Time;
  queues: {
    code: Open<
      "verifications" | "approvals" | "disputes" | "incidents" | "reports" | "corrections"
    >;
    count: number;
    oldest_at: Time | null;
    limit_seconds: number | null;
  }[];
}
export interface OpsVerificationCard {
  id: VerificationId;
  version: number;
  kind: Open<VerificationKind>;
  state: Open<"waiting" | "claimed" | "approved" | "refused" | "expired">;
  asked_at: Time;
  claimed_by_me: boolean;
  /** The name only opens with the claim. */
  handle: string;
}
/** Papers of the claimed case only; opening is logged with the purpose shown on top. */
export interface OpsVerificationDetail extends OpsVerificationCard {
  party: PartyId;
  purpose: { code: string; name: Text2 };
  fields: {
    field: string;
    label: Text2;
    value: string;
    check: Open<"ok" | "wrong" | "unchecked">;
  }[];
  files: { file: FileId; side: string; media_type: string }[];
  history: { at: Time; what: string; reasons: string[] }[];
}
export type RefuseReason =
  | "unreadable"
  | "number_differs"
  | "name_differs"
  | "expired"
  | "wrong_paper"
  | "altered";
export interface OpsRefuse {
  reasons: RefuseReason[];
  words?: string;
}
export interface OpsOrderCard {
  id: OrderId;
  standing: OrderStanding;
  from: Area;
  to: Area;
  price: Money;
  booked_at: Time | null;
  updated_at: Time;
  alarm: Open<"late" | "silent" | "dispute"> | null;
}
export interface OpsOrderDetail extends OpsOrderCard {
  shipper: PartyCard;
  trucker: PartyCard;
  cargo: Cargo;
  allowed_next: { action: string; who: string }[];
  /** The ledger of this order; every set sums to zero. */
  postings: { at: Time; cause: string; account: string; amount: Money }[];
  opened_by: { at: Time; who: Text2; what: Text2; purpose: Text2 }[];
}
export interface OpsOrderEvents {
  items: OrderEvent[];
  next_cursor: string | null;
}
export interface OpsOrderQuery {
  state?: string;
  alarm?: "true";
  limit?: number;
  cursor?: string;
}
export interface Approval {
  id: ApprovalId;
  version: number;
  kind: Open<"topup" | "payout">;
  payment: PaymentId;
  party: PartyId;
  amount: Money;
  asked_at: Time;
  asked_by: Text2;
  asked_by_me: boolean;
  state: Open<"waiting" | "approved" | "refused">;
  decided_at: Time | null;
  reason: string | null;
}
export interface ManualTopup {
  party: PartyId;
  amount: Money;
  reason: string;
}
export interface Decide {
  reason: string;
}
export interface Reconciliation {
  as_of: Time;
  sums: { account: string; currency: string; amount_minor: number }[];
  differences: { payment: PaymentId; ledger: Money | null; provider: Money | null; since: Time }[];
  balanced: boolean;
}
export interface OpsParty {
  card: PartyCard;
  version: number;
  suspended: boolean;
  verification: Record<VerificationKind, VerifyState>;
  sessions: number;
  orders: { running: number; done: number; cancelled: number };
  history: { at: Time; what: string; by: Text2 }[];
}
export interface OpsPartySearch {
  /** Equality over blind indexes, or an id; a case number says why. */
  phone?: string;
  email?: string;
  id?: PartyId;
  case: string;
}
export interface Staff {
  party: PartyId;
  version: number;
  display_name: string;
  roles: Open<StaffRole>[];
  second_factor: boolean;
  last_seen_at: Time | null;
}
export interface StaffNew {
  phone_or_email: string;
  roles: StaffRole[];
}
export interface StaffPatch {
  roles: StaffRole[];
}
/** Only with the development sender. */
export interface OutboxItem {
  id: string;
  at: Time;
  channel: "sms" | "email" | "push";
  to: string;
  subject: string | null;
  body: string;
  /** The one-time code in it, for the tests. */
  code: string | null;
}
