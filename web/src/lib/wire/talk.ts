// Talk between two sides: threads, messages with offers interleaved, ratings, blocks.
import type { RatingSum } from "./account";
import type {
  Cite,
  LoadId,
  MessageId,
  Money,
  OfferId,
  Open,
  OrderId,
  RatingId,
  ThreadId,
  Time,
} from "./base";
import type { OfferState, Side } from "./freight";

export interface ThreadCard {
  id: ThreadId;
  load: LoadId;
  order: OrderId | null;
  other: { display_name: string; rating: RatingSum | null; verified: boolean };
  /** "Wuxi → Jinan" from areas; pages build the words. */
  from: { en: string; zh: string };
  to: { en: string; zh: string };
  side: Side;
  unread: number;
  standing_offer: { id: OfferId; price: Money; turn: Side | null; expires_at: Time } | null;
  state: Open<"open" | "closed">;
  last_at: Time;
}
/** Oldest first. A row is words or an offer, or both. */
export interface Message {
  id: MessageId;
  at: Time;
  by: Side | "system";
  mine: boolean;
  /** Words with what is covered cut out, in order. */
  parts: MessagePart[];
  offer: MessageOffer | null;
}
export type MessagePart =
  | { kind: "text"; text: string }
  /** A telephone number, an e-mail address, an account: a bar of that many characters. */
  | { kind: "masked"; what: Open<"phone" | "email" | "account" | "link">; length: number };
/** One version of an offer, as it stood in the talk. */
export interface MessageOffer {
  id: OfferId;
  version: number;
  price: Money;
  keep: Money | null;
  pay: Money | null;
  against_band: Money | null;
  state: Open<OfferState>;
  expires_at: Time;
  /** The newest version, still pending. */
  standing: boolean;
}
export interface Messages {
  items: Message[];
  next_cursor: string | null;
  /** Present when something in this thread is covered. */
  mask_note: { opens: "deposit_held"; basis: Cite } | null;
}
export interface MessageNew {
  text: string;
}
export interface ReportRequest {
  message?: MessageId;
  reason: Open<"fraud" | "abuse" | "spam" | "contact_fishing" | "other">;
  words?: string;
}

export interface RatingNew {
  stars: 1 | 2 | 3 | 4 | 5;
  tags: RatingTag[];
  words?: string;
}
export type RatingTag =
  | "on_time"
  | "goods_as_said"
  | "paid_at_once"
  | "kind"
  | "careful"
  | "waited_long"
  | "goods_differed"
  | "hard_to_reach"
  | "late"
  | "careless";
export interface Rating {
  id: RatingId;
  stars: number;
  tags: Open<RatingTag>[];
  words: string | null;
  at: Time;
  by: Side;
  /** Blind until both have rated or the time is out. */
  visible: boolean;
}
