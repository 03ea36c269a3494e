// Freight: loads, the board, lanes, vehicles, offers, orders and the run.
import type { BodyType, CargoKind, RatingSum, VerifyState } from "./account";
import type {
  Area,
  FileId,
  LaneId,
  LoadId,
  Money,
  OfferId,
  Open,
  OrderId,
  PartyId,
  Point,
  PointIn,
  Problem,
  StopId,
  Text2,
  ThreadId,
  Time,
  TruckId,
  Window,
} from "./base";

// ---- money shown as what one keeps or pays

export interface FeeLine {
  kind: Open<"service_fee" | "insurance" | "extra">;
  amount: Money;
  /** Basis points, where the line is a rate. */
  rate_bp: number | null;
}
/** For the trucker: price minus lines is `keep`. */
export interface KeepSum {
  price: Money;
  lines: FeeLine[];
  keep: Money;
}
/** For the shipper: price plus lines is `pay`. */
export interface PaySum {
  price: Money;
  lines: FeeLine[];
  pay: Money;
}
/** Settled orders of a lane. Quartiles only with enough orders of enough shippers. */
export interface PriceBand {
  days: number;
  orders: number;
  p25: Money | null;
  p50: Money | null;
  p75: Money | null;
  /** Counts per price step, for the dots; empty when too few. */
  dots: { price: Money; count: number }[];
}

// ---- loads

export type PriceMode = "one_price" | "bargain" | "sealed_bid";
export type LoadState =
  | "draft"
  | "open"
  | "booked"
  | "expired"
  | "withdrawn"
  | "taken_down"
  | "bids_due";

export interface StopNew {
  kind: "pickup" | "drop";
  /** Division code of the district or city. */
  area_code: string;
  point: PointIn;
  /** Street and gate: sealed, opened to the trucker from `booked`. */
  address: string;
  notes?: string;
  window: Window;
  contact: { name: string; phone: string };
}
export interface Cargo {
  kind: CargoKind;
  /** Free words: "Steel coil, strapped". */
  name: string;
  mass_kg: number;
  volume_l: number | null;
  pieces: number | null;
  handling: Open<"by_hand" | "forklift" | "crane" | "conveyor">[];
}
export interface LoadNew {
  stops: StopNew[];
  cargo: Cargo;
  bodies: BodyType[];
  lengths_mm: number[];
  price_mode: PriceMode;
  /** The asked price; with `sealed_bid` left out. */
  price?: Money;
  bids_close_at?: Time;
  deposit: Money;
  deposit_refundable: boolean;
  photos: FileId[];
  copies?: number;
  /** `true` saves it as a draft. */
  draft?: boolean;
}
/** JSON Merge Patch over the terms. */
export type LoadPatch = Partial<Omit<LoadNew, "copies" | "draft">>;

export interface Poster {
  /** Keyed per listing: links nothing. */
  handle: string;
  rating: RatingSum | null;
  verified: boolean;
  /** Median seconds from signing to payment; 0 = at once. */
  pays_in_seconds: number | null;
}
export interface StopCard {
  kind: "pickup" | "drop";
  area: Area;
  /** H3 cell of about 5 km², and its centre; never the gate. */
  cell: string;
  center: Point;
  window: Window;
}
/** A row of the board. Distance by road, or an estimate that says so. */
export interface BoardCard {
  id: LoadId;
  version: number;
  state: Open<LoadState>;
  posted_at: Time;
  stops: StopCard[];
  cargo: { kind: Open<CargoKind>; name: string; mass_kg: number; volume_l: number | null };
  bodies: Open<BodyType>[];
  lengths_mm: number[];
  price_mode: PriceMode;
  bids_close_at: Time | null;
  /** With `sealed_bid` the rule's estimate, shown with "≈"; `null` where there is none. */
  money: KeepSum | null;
  estimate: boolean;
  distance_m: number;
  duration_seconds: number;
  basis: DistanceBasis;
  /** What is kept per km, minor units. */
  keep_per_km: Money | null;
  /** Empty run from where the search starts. */
  deadhead_m: number | null;
  deadhead_seconds: number | null;
  /** Only with `along`: what the route grows by. */
  detour_m: number | null;
  /** Does it suit the chosen vehicle; `null` when none was named. */
  fit: Fit | null;
  deposit: Money;
  deposit_refundable: boolean;
  poster: Poster;
  /** The caller's own live offer on it. */
  my_offer: OfferId | null;
}
export type DistanceBasis = "road" | "estimated";
export interface Fit {
  ok: boolean;
  reasons: Open<"too_heavy" | "body" | "length" | "papers" | "time">[];
}

export interface BoardSearch {
  scope:
    | { mode: "near"; at: PointIn; radius_m: number }
    | { mode: "along"; from: PointIn; to: PointIn; detour_m_max: number }
    | { mode: "home"; at: PointIn; home: PointIn; radius_m: number }
    | { mode: "anywhere"; at?: PointIn };
  vehicle?: TruckId;
  bodies?: BodyType[];
  length_mm_max?: number;
  mass_kg_max?: number;
  price_modes?: PriceMode[];
  pickup?: { from: Time; to: Time };
  to_area_codes?: string[];
  poster_rating_min_x10?: number;
  keep_min?: Money;
  sort: BoardSort;
  limit?: number;
  cursor?: string;
}
export type BoardSort = "best" | "-keep" | "-per_km" | "deadhead" | "pickup_time";
export interface BoardResult {
  items: BoardCard[];
  next_cursor: string | null;
  as_of: Time;
  /** With no item: filters whose absence would give some, with how many (at most 100). */
  without: { filter: string; count: number }[];
}

/** Anybody's view: cities and districts, kind of cargo, no cell. */
export interface PublicCard {
  id: LoadId;
  posted_at: Time;
  from: Area;
  to: Area;
  /** Centres of the cities, for the map. */
  from_point: Point;
  to_point: Point;
  stops: number;
  pickup: Window;
  drop: Window;
  cargo: { kind: Open<CargoKind>; mass_kg: number };
  bodies: Open<BodyType>[];
  lengths_mm: number[];
  price_mode: PriceMode;
  keep: Money | null;
  estimate: boolean;
  distance_m: number;
  basis: DistanceBasis;
  keep_per_km: Money | null;
  poster: Poster;
}
export interface PublicBoard {
  items: PublicCard[];
  next_cursor: string | null;
  as_of: Time;
}

/** A load by id, for a trucker: the card and what helps to decide. */
export interface LoadBoardDetail {
  view: "board";
  card: BoardCard;
  cargo: Cargo;
  photos: FileId[];
  route: RouteLine;
  band: PriceBand;
  offers: { count: number };
  my_offer: Offer | null;
  thread: ThreadId | null;
  /** The caller's wallet against the deposit. */
  deposit_missing: Money | null;
  may: Open<"take" | "bid" | "ask">[];
  /** Why not, where `may` is empty. */
  missing: { kind: string; state: VerifyState }[];
}
/** For its owner. */
export interface LoadOwnerDetail {
  view: "owner";
  id: LoadId;
  version: number;
  state: Open<LoadState>;
  created_at: Time;
  expires_at: Time | null;
  stops: (StopCard & {
    id: StopId;
    point: Point;
    address: string;
    notes: string | null;
    contact: { name: string; phone: string };
  })[];
  cargo: Cargo;
  bodies: Open<BodyType>[];
  lengths_mm: number[];
  price_mode: PriceMode;
  bids_close_at: Time | null;
  money: PaySum | null;
  deposit: Money;
  deposit_refundable: boolean;
  photos: FileId[];
  route: RouteLine;
  band: PriceBand;
  offers: { count: number; best: Money | null; waiting_for_you: number };
  seen_by: number;
  order: OrderId | null;
  allowed_now: Open<"publish" | "withdraw" | "renew" | "edit">[];
}
export type LoadDetail = LoadBoardDetail | LoadOwnerDetail;
/** A row of the owner's list. */
export interface LoadMineCard {
  id: LoadId;
  version: number;
  state: Open<LoadState>;
  created_at: Time;
  expires_at: Time | null;
  from: Area;
  to: Area;
  pickup: Window;
  drop: Window;
  cargo: { kind: Open<CargoKind>; name: string; mass_kg: number };
  price_mode: PriceMode;
  price: Money | null;
  offers: { count: number; best: Money | null; waiting_for_you: number };
  seen_by: number;
  order: OrderId | null;
}
export interface RouteLine {
  distance_m: number;
  duration_seconds: number;
  basis: DistanceBasis;
  /** The factor over the great circle, with `estimated`. */
  factor: number | null;
  /** Google's encoded polyline, precision 5. */
  geometry: string;
  attribution: string | null;
}

export interface QuoteRequest {
  stops: { point: PointIn; area_code: string }[];
  cargo?: { kind: CargoKind; mass_kg: number };
  bodies?: BodyType[];
  price?: Money;
}
export interface Quote {
  route: RouteLine;
  band: PriceBand;
  suggested: Money | null;
  floor: Money | null;
  ceiling: Money | null;
  pay: PaySum | null;
  keep: KeepSum | null;
}

// ---- lanes, vehicles

export interface LaneNew {
  from_area_code: string;
  from_radius_m: number;
  to_area_code: string | null;
  to_radius_m: number | null;
  vehicle?: TruckId;
  keep_per_km_min?: Money;
  /** Local hours without push, 0–23. */
  quiet?: { from_hour: number; to_hour: number };
}
export interface Lane {
  id: LaneId;
  from: Area;
  from_radius_m: number;
  to: Area | null;
  to_radius_m: number | null;
  vehicle: TruckId | null;
  keep_per_km_min: Money | null;
  quiet: { from_hour: number; to_hour: number } | null;
  /** Loads since the lane was last looked at. */
  fresh: number;
  created_at: Time;
}
export interface VehicleNew {
  plate: string;
  plate_colour: "yellow" | "blue" | "green" | "yellow_green";
  body: BodyType;
  length_mm: number;
  payload_kg: number;
  volume_l?: number;
}
export interface Vehicle extends VehicleNew {
  id: TruckId;
  version: number;
  verification: VerifyState;
  papers: { kind: string; expires_on: string; state: Open<"valid" | "expiring" | "expired"> }[];
}

// ---- offers

export interface TakeRequest {
  vehicle: TruckId;
  /** The price that was shown: another one answers `terms_changed`. */
  price: Money;
}
export interface OfferNew {
  vehicle: TruckId;
  price: Money;
  words?: string;
}
export interface CounterRequest {
  price: Money;
  words?: string;
}
export type OfferState =
  | "pending"
  | "accepted"
  | "declined"
  | "countered"
  | "withdrawn"
  | "expired"
  | "superseded";
export interface Offer {
  id: OfferId;
  /** Grows with every counter; accept needs it in `If-Match`. */
  version: number;
  load: LoadId;
  thread: ThreadId | null;
  state: Open<OfferState>;
  made_by: "shipper" | "trucker";
  /** Who may accept or counter now. */
  turn: "shipper" | "trucker" | null;
  price: Money;
  /** The caller's side: the trucker sees `keep`, the shipper `pay`. */
  keep: KeepSum | null;
  pay: PaySum | null;
  expires_at: Time;
  /** Price minus the middle of the lane's band. */
  against_band: Money | null;
  /** The trucker's card, for the shipper. */
  trucker: TruckerLine | null;
  allowed_now: Open<"accept" | "counter" | "decline" | "withdraw">[];
  counters: number;
  order: OrderId | null;
}
export interface TruckerLine {
  handle: string;
  rating: RatingSum | null;
  verified: boolean;
  vehicle: { body: BodyType; length_mm: number; payload_kg: number };
  distance_band: Open<"under_10_km" | "under_30_km" | "under_100_km" | "far">;
}
export interface Booked {
  order: OrderId;
  version: number;
  state: Open<OrderState>;
}

// ---- orders

export type OrderState =
  | "awaiting_funds"
  | "booked"
  | "at_stop"
  | "under_way"
  | "delivered"
  | "completed"
  | "cancelled";
export type OrderAction =
  | "fund"
  | "assign"
  | "arrive"
  | "serve"
  | "leave"
  | "confirm_loaded"
  | "sign_off"
  | "cancel"
  | "dispute"
  | "rate"
  | "report_no_show"
  | "refuse_goods"
  | "object";
export type Side = "shipper" | "trucker";

/** The state with its numbers: `at_stop` of stop 0, served or not. */
export interface OrderStanding {
  state: Open<OrderState>;
  stop: number | null;
  served: boolean;
  /** `unfunded`, `shipper_free`, … with `cancelled`. */
  reason: string | null;
  dispute: Open<"none" | "open" | "ruled">;
}
export interface OrderCard {
  id: OrderId;
  version: number;
  side: Side;
  standing: OrderStanding;
  allowed_now: Open<OrderAction>[];
  from: Area;
  to: Area;
  pickup: Window;
  drop: Window;
  cargo: { kind: Open<CargoKind>; name: string; mass_kg: number };
  /** What this side keeps or pays. */
  amount: Money;
  /** Next deed and by when. */
  next: { action: Open<OrderAction>; by: Time | null } | null;
  eta: Time | null;
  updated_at: Time;
}
export interface OrderStop {
  id: StopId;
  index: number;
  kind: "pickup" | "drop";
  area: Area;
  window: Window;
  /** Opened from `booked`; `null` before. */
  point: Point | null;
  address: string | null;
  notes: string | null;
  /** Receiver's name, for the trucker from `at_stop`. */
  contact_name: string | null;
  arrived_at: Time | null;
  served_at: Time | null;
  left_at: Time | null;
  eta: Time | null;
  mass_kg: number | null;
  photos: FileId[];
  waiting_seconds: number | null;
}
export interface OrderDetail {
  id: OrderId;
  version: number;
  load: LoadId;
  side: Side;
  mode: Open<"carrier" | "matched">;
  standing: OrderStanding;
  allowed_now: Open<OrderAction>[];
  stops: OrderStop[];
  cargo: Cargo;
  route: RouteLine;
  /** Own side's view only. */
  keep: KeepSum | null;
  pay: PaySum | null;
  deposit: Money;
  deposit_state: Open<"not_held" | "held" | "returned" | "forfeited">;
  /** When the money is due after signing. */
  paid_within_seconds: number;
  paid_at: Time | null;
  /** The other side. */
  other: { id: PartyId; display_name: string; rating: RatingSum | null; verified: boolean };
  assignment: Assignment | null;
  thread: ThreadId | null;
  /** Contact can be opened now (an opening is logged and shown to the other). */
  contact_open: boolean;
  codes_open: boolean;
  my_rating: boolean;
  rate_until: Time | null;
  cancel: { free: boolean; free_until: Time | null; penalty: Money | null } | null;
  auto_sign_off_at: Time | null;
  booked_at: Time | null;
  /** Who sees the position, in words, and until when. */
  position_seen_by: { who: Text2; until: Time | null }[];
}
export interface Assignment {
  /** Name and plate: own for the trucker, from assignment for the shipper. */
  driver_name: string | null;
  plate: string | null;
  plate_colour: string | null;
  vehicle: { body: BodyType; length_mm: number; payload_kg: number };
  assigned_at: Time;
}
export interface AssignmentRequest {
  vehicle: TruckId;
  /** Left out: the caller drives. */
  driver?: PartyId;
}
/** Opened under a fresh grant; appears in the other's access log. */
export interface OrderContact {
  role: Side | "loader" | "receiver";
  name: string;
  /** A masked number or an in-app call token. */
  call: { kind: "number"; number: string } | { kind: "token"; token: string };
  until: Time;
}
export interface OrderContacts {
  items: OrderContact[];
  next_cursor: null;
}
/** For the shipper only. Six digits to load, four to receive. */
export interface OrderCodes {
  loading: string | null;
  receiving: { stop: number; code: string; tries_left: number }[];
  sent: number;
  sends_left: number;
}

export interface ActArrive {
  stop: number;
  happened_at: Time;
  position?: Point;
  /** Instead of a position. */
  photo?: FileId;
  reason?: string;
}
export interface ActServe {
  stop: number;
  happened_at: Time;
  mass_kg?: number;
  photos: FileId[];
  /** Loading or receiver's code. */
  code?: string;
  damage_note?: string;
  position?: Point;
}
export interface ActLeave {
  stop: number;
  happened_at: Time;
}
export interface ActCancel {
  reason: Open<"plans_changed" | "truck_trouble" | "cargo_differs" | "not_loaded" | "other">;
  words?: string;
  photo?: FileId;
}
export interface ActDispute {
  reason: Open<"damage" | "missing" | "late" | "unpaid" | "waiting" | "other">;
  words: string;
  evidence: FileId[];
}
export interface Acted {
  order: OrderId;
  version: number;
  standing: OrderStanding;
  allowed_now: Open<OrderAction>[];
}
/** What was done in a dead zone, in order; the first refusal stops. */
export interface RunEventsRequest {
  steps: RunStep[];
  points: TrackPoint[];
}
export type RunStep = { id: string } & (
  | ({ action: "arrive" } & ActArrive)
  | ({ action: "serve" } & ActServe)
  | ({ action: "leave" } & ActLeave)
);
export interface TrackPoint {
  at: Time;
  point: Point;
  /** Degrees from north. */
  heading_deg?: number;
  speed_mps?: number;
  accuracy_m?: number;
}
export interface RunEventsAnswer {
  taken: string[];
  refused: { id: string; problem: Problem } | null;
  points_taken: number;
  standing: OrderStanding;
  version: number;
}
export interface TrackRequest {
  points: TrackPoint[];
}
/** For the shipper the last point is 60 s old. */
export interface Track {
  order: OrderId;
  live: boolean;
  last: TrackPoint | null;
  /** Encoded polyline of what was driven. */
  driven: string;
  remaining_m: number | null;
  eta: Time | null;
  delayed_seconds: number;
}
export interface OrderEvent {
  seq: number;
  at: Time;
  /** `order.booked`, `stop.arrived`, … */
  type: string;
  actor: Open<"shipper" | "trucker" | "driver" | "system" | "staff">;
  happened_at: Time | null;
  data: Record<string, string | number | boolean | null>;
}
