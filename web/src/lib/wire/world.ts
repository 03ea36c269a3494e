// Places, routes, events: what is nobody's.
import type { Area, EventId, Open, Point, PointIn, Text2, Time } from "./base";
import type { RouteLine } from "./freight";

/** A row of the gazetteer. */
export interface Place {
  code: string;
  kind: Open<"province" | "city" | "district" | "town">;
  name: Text2;
  area: Area;
  point: Point;
  population: number | null;
}
export interface PlaceQuery {
  q: string;
  limit?: number;
  country?: string;
}
export interface Places {
  items: Place[];
  next_cursor: null;
}
/** Which district a pin lies in; a POST, since a point never goes into a URL. */
export interface PlaceAt {
  point: PointIn;
}
export interface RouteQuoteRequest {
  points: PointIn[];
  profile: "truck" | "car";
}
export interface RouteQuote extends RouteLine {
  legs: { distance_m: number; duration_seconds: number }[];
}

/** Thin: ids, states, numbers that are not personal. */
export interface EventEnvelope {
  id: EventId;
  type: Open<EventType>;
  at: Time;
  subject: { kind: string; id: string; version: number; seq: number };
  data: Record<string, string | number | boolean | string[] | null>;
  api: "v1";
}
export type EventType =
  | "board.changed"
  | "freight.load.opened"
  | "freight.load.closed"
  | "freight.load.changed"
  | "freight.offer.made"
  | "freight.offer.countered"
  | "freight.offer.accepted"
  | "freight.offer.declined"
  | "freight.offer.withdrawn"
  | "freight.offer.expired"
  | "freight.lane.matched"
  | "freight.order.agreed"
  | "freight.order.booked"
  | "freight.order.assigned"
  | "freight.order.delivered"
  | "freight.order.completed"
  | "freight.order.cancelled"
  | "freight.stop.arrived"
  | "freight.stop.served"
  | "freight.stop.left"
  | "freight.track.moved"
  | "kernel.message.sent"
  | "kernel.rating.made"
  | "kernel.payment.changed"
  | "kernel.wallet.posted"
  | "kernel.verification.decided"
  | "kernel.access.logged";
/** `board:public` needs no session; `board:<lane id>` and the rest do. */
export type Topic = "orders" | "threads" | "wallet" | "me" | "board:public" | `board:${string}`;
export interface EventQuery {
  topics?: string;
  cursor?: string;
  limit?: number;
}
