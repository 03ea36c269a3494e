// The wallet: balance, postings, money in, money out.
import type { Money, Open, OrderId, PaymentId, PayoutAccountId, PostingId, Time } from "./base";

export interface Wallet {
  version: number;
  available: Money;
  /** Set aside: deposits and freight of running orders. */
  held: Money;
  /** Where the held money is and when it ends. */
  holds: { order: OrderId; kind: Open<"deposit" | "freight">; amount: Money; since: Time }[];
  /** Freight that comes when the receiver signs. */
  coming: { order: OrderId; amount: Money; expected_at: Time | null }[];
  frozen: { order: OrderId; amount: Money } | null;
}
export interface Posting {
  id: PostingId;
  at: Time;
  /** Signed: minus leaves the wallet. */
  amount: Money;
  balance_after: Money;
  cause: Open<
    | "topup"
    | "payout"
    | "payout_returned"
    | "freight_held"
    | "freight_released"
    | "freight_paid"
    | "deposit_held"
    | "deposit_returned"
    | "deposit_forfeited"
    | "service_fee"
    | "insurance"
    | "penalty"
    | "refund"
    | "extra"
  >;
  order: OrderId | null;
  payment: PaymentId | null;
}
export interface Statement {
  month: string;
  opening: Money;
  closing: Money;
  sums: { cause: Open<string>; amount: Money }[];
  items: Posting[];
}
export interface TopupNew {
  amount: Money;
  method: "bank_transfer" | "card" | "demo";
}
export interface PayoutNew {
  amount: Money;
  account: PayoutAccountId;
}
export interface Payment {
  id: PaymentId;
  version: number;
  kind: "topup" | "payout";
  state: Open<"pending" | "awaiting_approval" | "done" | "failed" | "refused">;
  amount: Money;
  fee: Money | null;
  asked_at: Time;
  done_at: Time | null;
  expected_at: Time | null;
  reason: string | null;
  /** What the payer must quote, with a bank transfer. */
  reference: string | null;
}
export interface PayoutAccountNew {
  holder: string;
  number: string;
  bank: string;
}
export interface PayoutAccount {
  id: PayoutAccountId;
  bank: string;
  /** Masked. */
  number: string;
  usable_at: Time;
  created_at: Time;
}
