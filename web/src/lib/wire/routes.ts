// Every route of the wire, typed. `api` implements exactly this table.
//
// Key = "METHOD path". Entry: `body` request JSON, `query` parameters, `reply` answer JSON,
// `status` of success, `key` = Idempotency-Key demanded, `match` = If-Match demanded,
// `etag` = the answer carries an ETag, `step_up` = a fresh factor within 5 min, `who` as in docs/API.md.
import type * as A from "./account";
import type { ApprovalId, AuthorityId, BreachId, CaseId, ChallengeId, CorrectionId, List, LoadId, MechanismId, Page, PartyId, PaymentId, RecipientId, Ref } from "./base";
import type * as F from "./freight";
import type * as X from "./gate";
import type * as L from "./law";
import type * as M from "./money";
import type * as O from "./ops";
import type * as G from "./orgs";
import type * as V from "./review";
import type * as T from "./talk";
import type * as W from "./world";

export type { ChallengeId };

type None = undefined;

export interface Routes {
  // ---- meta, anon
  "GET /v1/meta": { reply: A.Meta; status: 200; who: "anon" };

  // ---- sign-in
  "POST /v1/auth/codes": { body: A.AuthCodeRequest; reply: A.AuthChallenge; status: 202; key: true; who: "anon" };
  "POST /v1/auth/sessions": { body: A.AuthSessionRequest; reply: A.AuthSession; status: 201; key: true; who: "anon" };
  "GET /v1/auth/sessions": { reply: List<A.SessionCard>; status: 200; who: "self" };
  /** `{id}` is a session id, `current` or `others`. */
  "DELETE /v1/auth/sessions/{id}": { reply: None; status: 204; who: "self" };
  "POST /v1/auth/step-up": { body: A.StepUpRequest; reply: A.StepUp; status: 200; key: true; who: "self" };
  "GET /v1/auth/factors": { reply: List<A.Factor>; status: 200; who: "self" };
  "POST /v1/auth/factors": { body: A.FactorRequest; reply: A.FactorMade; status: 201; key: true; step_up: true; who: "self" };
  "DELETE /v1/auth/factors/{id}": { reply: None; status: 204; step_up: true; who: "self" };

  // ---- me
  "GET /v1/me": { reply: A.Me; status: 200; etag: true; who: "self" };
  "PATCH /v1/me": { body: A.MePatch; reply: A.Me; status: 200; match: true; etag: true; who: "self" };
  "POST /v1/me/roles": { body: A.RoleRequest; reply: Ref<PartyId>; status: 200; key: true; who: "self" };
  "GET /v1/me/data": { reply: A.MyData; status: 200; who: "self" };
  "GET /v1/me/access-log": { query: Page; reply: A.AccessLog; status: 200; who: "self" };
  "POST /v1/me/exports": { body: A.ExportRequest; reply: A.Export; status: 202; key: true; step_up: true; who: "self" };
  "GET /v1/me/exports": { query: Page; reply: List<A.Export>; status: 200; who: "self" };
  "GET /v1/me/exports/{id}": { reply: A.Export; status: 200; who: "self" };
  /** An attachment, not JSON of a type of its own. */
  "GET /v1/me/exports/{id}/content": { reply: Blob; status: 200; step_up: true; who: "self" };
  "POST /v1/me/corrections": { body: A.CorrectionRequest; reply: A.Correction; status: 202; key: true; who: "self" };
  "GET /v1/me/corrections": { query: Page; reply: List<A.Correction>; status: 200; who: "self" };
  "POST /v1/me/objections": { body: A.ObjectionRequest; reply: A.Correction; status: 202; key: true; who: "self" };
  "POST /v1/me/appeals": { body: L.AppealRequest; reply: A.Correction; status: 202; key: true; who: "self" };
  "GET /v1/me/consents": { reply: A.Consents; status: 200; who: "self" };
  "POST /v1/me/consents": { body: A.ConsentRequest; reply: A.Consent; status: 201; key: true; who: "self" };
  "DELETE /v1/me/consents/{id}": { reply: None; status: 204; who: "self" };
  "GET /v1/me/erasure": { reply: A.ErasurePlan; status: 200; who: "self" };
  "POST /v1/me/erasure": { body: A.ErasureRequest; reply: A.ErasurePlan; status: 202; key: true; step_up: true; who: "self" };
  "DELETE /v1/me/erasure": { reply: None; status: 204; who: "self" };
  "GET /v1/parties/{id}": { reply: A.PartyCard; status: 200; who: "self, counterparty, peer, op" };
  "GET /v1/parties/{id}/ratings": { query: Page; reply: List<T.Rating>; status: 200; who: "self, counterparty, peer, op" };

  // ---- papers and files
  "POST /v1/verifications": { body: A.VerificationRequest; reply: A.VerificationCard; status: 201; key: true; who: "self, admin" };
  "GET /v1/verifications": { query: Page; reply: List<A.VerificationCard>; status: 200; who: "self, admin" };
  "GET /v1/verifications/{id}": { reply: A.VerificationDetail; status: 200; etag: true; who: "self, admin" };
  "POST /v1/files": { body: A.FileRequest; reply: A.FileRecord; status: 201; key: true; who: "any" };
  /** The body is the raw bytes, `Content-Type` the declared one. */
  "PUT /v1/files/{id}/content": { body: Blob; reply: A.FileRecord; status: 200; who: "owner" };
  "GET /v1/files/{id}": { reply: A.FileRecord; status: 200; who: "owner" };
  "GET /v1/files/{id}/content": { reply: Blob; status: 200; who: "owner, readers of what it is attached to" };
  "DELETE /v1/files/{id}": { reply: None; status: 204; who: "owner" };

  // ---- freight: board
  "GET /v1/freight/board/public": { query: Page; reply: F.PublicBoard; status: 200; who: "anon" };
  "POST /v1/freight/board/search": { body: F.BoardSearch; reply: F.BoardResult; status: 200; who: "verified trucker" };
  "GET /v1/freight/lanes": { query: Page; reply: List<F.Lane>; status: 200; who: "trucker" };
  "POST /v1/freight/lanes": { body: F.LaneNew; reply: F.Lane; status: 201; key: true; who: "trucker" };
  "DELETE /v1/freight/lanes/{id}": { reply: None; status: 204; who: "owner" };
  /** The lane was looked at: `fresh` starts from nought. */
  "POST /v1/freight/lanes/{id}/actions/seen": { body: Record<string, never>; reply: F.Lane; status: 200; key: true; who: "owner" };

  // ---- freight: loads
  "POST /v1/freight/loads": { body: F.LoadNew; reply: { items: Ref<LoadId, F.LoadState>[] }; status: 201; key: true; who: "shipper" };
  /** The caller's own; `state` filters. */
  "GET /v1/freight/loads": { query: Page & { mine: "true"; state?: string }; reply: List<F.LoadMineCard>; status: 200; who: "owner" };
  "GET /v1/freight/loads/{id}": { reply: F.LoadDetail; status: 200; etag: true; who: "owner, verified trucker" };
  "PATCH /v1/freight/loads/{id}": { body: F.LoadPatch; reply: Ref<LoadId>; status: 200; match: true; etag: true; who: "owner" };
  "POST /v1/freight/loads/{id}/actions/publish": { body: Record<string, never>; reply: Ref<LoadId>; status: 200; key: true; match: true; who: "owner" };
  "POST /v1/freight/loads/{id}/actions/withdraw": { body: Record<string, never>; reply: Ref<LoadId>; status: 200; key: true; match: true; who: "owner" };
  "POST /v1/freight/loads/{id}/actions/renew": { body: Record<string, never>; reply: Ref<LoadId>; status: 200; key: true; match: true; who: "owner" };
  "POST /v1/freight/loads/{id}/actions/take": { body: F.TakeRequest; reply: F.Booked; status: 201; key: true; match: true; who: "verified trucker, one_price" };
  "POST /v1/freight/quotes": { body: F.QuoteRequest; reply: F.Quote; status: 200; who: "shipper, trucker" };

  // ---- freight: vehicles
  "GET /v1/freight/vehicles": { query: Page; reply: List<F.Vehicle>; status: 200; who: "owner" };
  "POST /v1/freight/vehicles": { body: F.VehicleNew; reply: F.Vehicle; status: 201; key: true; who: "trucker" };
  "GET /v1/freight/vehicles/{id}": { reply: F.Vehicle; status: 200; etag: true; who: "owner" };
  "PATCH /v1/freight/vehicles/{id}": { body: Partial<F.VehicleNew>; reply: F.Vehicle; status: 200; match: true; etag: true; who: "owner" };

  // ---- freight: offers
  "POST /v1/freight/loads/{id}/offers": { body: F.OfferNew; reply: F.Offer; status: 201; key: true; who: "verified trucker" };
  "GET /v1/freight/loads/{id}/offers": { query: Page; reply: List<F.Offer>; status: 200; who: "owner; bidder: own" };
  "GET /v1/freight/offers/{id}": { reply: F.Offer; status: 200; etag: true; who: "the two sides" };
  "POST /v1/freight/offers/{id}/actions/counter": { body: F.CounterRequest; reply: F.Offer; status: 200; key: true; match: true; etag: true; who: "side on turn" };
  "POST /v1/freight/offers/{id}/actions/accept": { body: Record<string, never>; reply: F.Booked; status: 201; key: true; match: true; who: "side on turn" };
  "POST /v1/freight/offers/{id}/actions/decline": { body: Record<string, never>; reply: F.Offer; status: 200; key: true; match: true; who: "side on turn" };
  "POST /v1/freight/offers/{id}/actions/withdraw": { body: Record<string, never>; reply: F.Offer; status: 200; key: true; match: true; who: "maker" };

  // ---- freight: orders and the run
  "GET /v1/orders": { query: Page & { market: "freight"; side?: F.Side; open?: "true" | "false" }; reply: List<F.OrderCard>; status: 200; who: "the two sides" };
  "GET /v1/freight/orders/{id}": { reply: F.OrderDetail; status: 200; etag: true; who: "the two sides, driver" };
  "GET /v1/freight/orders/{id}/events": { query: Page; reply: List<F.OrderEvent>; status: 200; who: "the two sides" };
  "GET /v1/freight/orders/{id}/codes": { reply: F.OrderCodes; status: 200; who: "shipper" };
  "POST /v1/freight/orders/{id}/codes/actions/renew": { body: { stop: number }; reply: F.OrderCodes; status: 200; key: true; who: "shipper" };
  "POST /v1/freight/orders/{id}/codes/actions/send": { body: { stop: number; phone: string }; reply: F.OrderCodes; status: 202; key: true; who: "shipper" };
  /** Opens, audits, and appears in the other's access log. */
  "GET /v1/freight/orders/{id}/contact": { reply: F.OrderContacts; status: 200; who: "the two sides, driver" };
  "POST /v1/freight/orders/{id}/assignment": { body: F.AssignmentRequest; reply: F.Acted; status: 200; key: true; match: true; who: "trucker" };
  "POST /v1/freight/orders/{id}/actions/fund": { body: Record<string, never>; reply: F.Acted; status: 200; key: true; who: "the two sides" };
  "POST /v1/freight/orders/{id}/actions/arrive": { body: F.ActArrive; reply: F.Acted; status: 200; key: true; who: "driver" };
  "POST /v1/freight/orders/{id}/actions/serve": { body: F.ActServe; reply: F.Acted; status: 200; key: true; who: "driver" };
  /** The shipper confirms the loading instead of giving the code. */
  "POST /v1/freight/orders/{id}/actions/confirm-loaded": { body: { stop: number }; reply: F.Acted; status: 200; key: true; who: "shipper" };
  "POST /v1/freight/orders/{id}/actions/leave": { body: F.ActLeave; reply: F.Acted; status: 200; key: true; who: "driver" };
  "POST /v1/freight/orders/{id}/actions/sign-off": { body: Record<string, never>; reply: F.Acted; status: 200; key: true; who: "shipper; step-up above 20,000.00" };
  "POST /v1/freight/orders/{id}/actions/cancel": { body: F.ActCancel; reply: F.Acted; status: 200; key: true; who: "by stage" };
  "POST /v1/freight/orders/{id}/disputes": { body: F.ActDispute; reply: F.Acted; status: 201; key: true; who: "the two sides" };
  "POST /v1/freight/orders/{id}/run-events": { body: F.RunEventsRequest; reply: F.RunEventsAnswer; status: 200; key: true; who: "driver" };
  "POST /v1/freight/orders/{id}/track": { body: F.TrackRequest; reply: { points_taken: number }; status: 200; who: "driver" };
  "GET /v1/freight/orders/{id}/track": { reply: F.Track; status: 200; who: "shipper under way; trucker" };

  // ---- talk and ratings
  "GET /v1/threads": { query: Page & { load?: LoadId }; reply: List<T.ThreadCard>; status: 200; who: "peer" };
  /** A trucker opens (or finds) the talk about a load. */
  "POST /v1/freight/loads/{id}/threads": { body: Record<string, never>; reply: Ref<import("./base").ThreadId>; status: 201; key: true; who: "verified trucker" };
  "GET /v1/threads/{id}": { reply: T.ThreadCard; status: 200; who: "peer" };
  "GET /v1/threads/{id}/messages": { query: Page; reply: T.Messages; status: 200; who: "peer" };
  "POST /v1/threads/{id}/messages": { body: T.MessageNew; reply: T.Message; status: 201; key: true; who: "peer" };
  "POST /v1/threads/{id}/actions/read": { body: Record<string, never>; reply: Ref<import("./base").ThreadId>; status: 200; key: true; who: "peer" };
  "POST /v1/threads/{id}/actions/report": { body: T.ReportRequest; reply: Ref<import("./base").ThreadId>; status: 202; key: true; who: "peer" };
  "POST /v1/orders/{id}/ratings": { body: T.RatingNew; reply: T.Rating; status: 201; key: true; who: "the two sides, 14 days" };
  "GET /v1/orders/{id}/ratings": { reply: List<T.Rating>; status: 200; who: "the two sides" };

  // ---- wallet
  "GET /v1/wallet": { reply: M.Wallet; status: 200; etag: true; who: "self, admin" };
  "GET /v1/wallet/postings": { query: Page; reply: List<M.Posting>; status: 200; who: "self, admin" };
  "GET /v1/wallet/statements/{month}": { reply: M.Statement; status: 200; who: "self, admin" };
  "POST /v1/wallet/topups": { body: M.TopupNew; reply: M.Payment; status: 202; key: true; who: "self, admin" };
  "POST /v1/wallet/payouts": { body: M.PayoutNew; reply: M.Payment; status: 202; key: true; step_up: true; who: "self, admin" };
  "GET /v1/payments": { query: Page; reply: List<M.Payment>; status: 200; who: "self, admin" };
  "GET /v1/payments/{id}": { reply: M.Payment; status: 200; etag: true; who: "self, admin" };
  "GET /v1/wallet/payout-accounts": { reply: List<M.PayoutAccount>; status: 200; who: "self, admin" };
  "POST /v1/wallet/payout-accounts": { body: M.PayoutAccountNew; reply: M.PayoutAccount; status: 201; key: true; step_up: true; who: "self, admin" };

  // ---- companies
  "POST /v1/orgs": { body: G.OrgNew; reply: G.Org; status: 201; key: true; who: "any" };
  "GET /v1/orgs/{id}": { reply: G.Org; status: 200; etag: true; who: "member" };
  "PATCH /v1/orgs/{id}": { body: G.OrgPatch; reply: G.Org; status: 200; match: true; etag: true; who: "admin" };
  "GET /v1/orgs/{id}/members": { query: Page; reply: List<G.Member>; status: 200; who: "admin" };
  "POST /v1/orgs/{id}/members": { body: G.MemberNew; reply: G.Member; status: 202; key: true; step_up: true; who: "admin" };
  "DELETE /v1/orgs/{id}/members/{party}": { reply: None; status: 204; step_up: true; who: "admin" };
  "GET /v1/orgs/{id}/api-keys": { query: Page; reply: List<G.ApiKey>; status: 200; who: "admin" };
  "POST /v1/orgs/{id}/api-keys": { body: G.ApiKeyNew; reply: G.ApiKeyMade; status: 201; key: true; step_up: true; who: "admin" };
  "DELETE /v1/orgs/{id}/api-keys/{key}": { reply: None; status: 204; step_up: true; who: "admin" };
  "GET /v1/orgs/{id}/webhooks": { query: Page; reply: List<G.Webhook>; status: 200; who: "admin" };
  "POST /v1/orgs/{id}/webhooks": { body: G.WebhookNew; reply: G.WebhookMade; status: 201; key: true; step_up: true; who: "admin" };
  "PATCH /v1/orgs/{id}/webhooks/{whk}": { body: G.WebhookPatch; reply: G.Webhook; status: 200; match: true; etag: true; who: "admin" };
  "DELETE /v1/orgs/{id}/webhooks/{whk}": { reply: None; status: 204; step_up: true; who: "admin" };
  "POST /v1/orgs/{id}/webhooks/{whk}/actions/rotate": { body: Record<string, never>; reply: G.WebhookMade; status: 200; key: true; step_up: true; who: "admin" };
  "POST /v1/orgs/{id}/webhooks/{whk}/actions/test": { body: Record<string, never>; reply: G.Delivery; status: 202; key: true; who: "admin" };
  "POST /v1/orgs/{id}/webhooks/{whk}/actions/replay": { body: G.ReplayRequest; reply: Ref<import("./base").WebhookId>; status: 202; key: true; who: "admin" };
  "GET /v1/orgs/{id}/webhooks/{whk}/deliveries": { query: Page & { state?: string }; reply: List<G.Delivery>; status: 200; who: "admin" };
  "POST /v1/orgs/{id}/webhooks/{whk}/deliveries/{dlv}/actions/retry": { body: Record<string, never>; reply: G.Delivery; status: 202; key: true; who: "admin" };

  // ---- places, routes, events
  "GET /v1/places": { query: W.PlaceQuery; reply: W.Places; status: 200; who: "anon" };
  "POST /v1/places/at": { body: W.PlaceAt; reply: W.Places; status: 200; who: "any" };
  "POST /v1/routes/quote": { body: W.RouteQuoteRequest; reply: W.RouteQuote; status: 200; who: "any" };
  "GET /v1/events": { query: W.EventQuery; reply: List<W.EventEnvelope>; status: 200; who: "any" };
  /** `text/event-stream`; anon for `topics=board:public` only. */
  "GET /v1/events/stream": { query: { topics: string }; reply: ReadableStream; status: 200; who: "any" };

  // ---- operator
  "GET /v1/ops/desk": { reply: O.Desk; status: 200; who: "op.*" };
  "GET /v1/ops/verifications": { query: Page & { state?: string }; reply: List<O.OpsVerificationCard>; status: 200; step_up: true; who: "op.verify" };
  "GET /v1/ops/verifications/{id}": { reply: O.OpsVerificationDetail; status: 200; etag: true; step_up: true; who: "op.verify, claimed" };
  "POST /v1/ops/verifications/{id}/actions/claim": { body: Record<string, never>; reply: Ref<import("./base").VerificationId>; status: 200; key: true; match: true; step_up: true; who: "op.verify" };
  "POST /v1/ops/verifications/{id}/actions/approve": { body: Record<string, never>; reply: Ref<import("./base").VerificationId>; status: 200; key: true; match: true; step_up: true; who: "op.verify, claimed" };
  "POST /v1/ops/verifications/{id}/actions/refuse": { body: O.OpsRefuse; reply: Ref<import("./base").VerificationId>; status: 200; key: true; match: true; step_up: true; who: "op.verify, claimed" };
  "GET /v1/ops/orders": { query: O.OpsOrderQuery; reply: List<O.OpsOrderCard>; status: 200; who: "op.support, op.safety" };
  "GET /v1/ops/orders/{id}": { reply: O.OpsOrderDetail; status: 200; etag: true; who: "op.support, op.safety" };
  "GET /v1/ops/orders/{id}/events": { query: Page; reply: O.OpsOrderEvents; status: 200; who: "op.support, op.safety" };
  "GET /v1/ops/money/approvals": { query: Page & { state?: string }; reply: List<O.Approval>; status: 200; step_up: true; who: "op.money" };
  "POST /v1/ops/money/topups": { body: O.ManualTopup; reply: Ref<ApprovalId>; status: 202; key: true; step_up: true; who: "op.money" };
  "POST /v1/ops/money/approvals/{id}/actions/approve": { body: O.Decide; reply: Ref<ApprovalId>; status: 200; key: true; match: true; step_up: true; who: "op.money, not who asked" };
  "POST /v1/ops/money/approvals/{id}/actions/refuse": { body: O.Decide; reply: Ref<ApprovalId>; status: 200; key: true; match: true; step_up: true; who: "op.money, not who asked" };
  "GET /v1/ops/money/reconciliation": { reply: O.Reconciliation; status: 200; step_up: true; who: "op.money" };
  /** A POST: no contact data in a URL. */
  "POST /v1/ops/parties/search": { body: O.OpsPartySearch; reply: List<O.OpsParty>; status: 200; who: "op.support" };
  "GET /v1/ops/parties/{id}": { reply: O.OpsParty; status: 200; etag: true; who: "op.support" };
  "POST /v1/ops/parties/{id}/actions/suspend": { body: O.Decide; reply: Ref<PartyId>; status: 200; key: true; step_up: true; who: "op.admin" };
  "POST /v1/ops/parties/{id}/actions/restore": { body: O.Decide; reply: Ref<PartyId>; status: 200; key: true; step_up: true; who: "op.admin" };
  "POST /v1/ops/parties/{id}/actions/end-sessions": { body: O.Decide; reply: Ref<PartyId>; status: 200; key: true; who: "op.support" };
  "GET /v1/ops/staff": { query: Page; reply: List<O.Staff>; status: 200; step_up: true; who: "op.admin" };
  "POST /v1/ops/staff": { body: O.StaffNew; reply: O.Staff; status: 201; key: true; step_up: true; who: "op.admin" };
  "PATCH /v1/ops/staff/{id}": { body: O.StaffPatch; reply: O.Staff; status: 200; match: true; step_up: true; who: "op.admin" };
  // ---- orders of authorities
  "GET /v1/directives": { query: Page; reply: List<L.Directive>; status: 200; who: "anon" };
  "GET /v1/directives/{id}": { reply: L.Directive; status: 200; etag: true; who: "anon" };
  "GET /v1/gate/authorities": { query: Page; reply: List<L.AuthorityKey>; status: 200; step_up: true; who: "po, op.admin" };
  "POST /v1/gate/authorities": { body: L.AuthorityKeyNew; reply: L.AuthorityKeyMade; status: 201; key: true; step_up: true; who: "po, op.admin" };
  "POST /v1/gate/authorities/{id}/actions/confirm": { body: { fingerprint: string }; reply: Ref<AuthorityId>; status: 200; key: true; step_up: true; who: "po, op.admin, not who entered it" };
  "POST /v1/gate/authorities/{id}/actions/revoke": { body: Record<string, never>; reply: Ref<AuthorityId>; status: 200; key: true; step_up: true; who: "po, op.admin" };

  // ---- the gate
  "GET /v1/gate/recipients": { query: Page; reply: List<X.Recipient>; status: 200; who: "po" };
  "POST /v1/gate/recipients": { body: X.RecipientNew; reply: Ref<RecipientId>; status: 201; key: true; step_up: true; who: "po" };
  "GET /v1/gate/recipients/{id}": { reply: X.Recipient; status: 200; etag: true; who: "po" };
  "PATCH /v1/gate/recipients/{id}": { body: X.RecipientNew; reply: X.Recipient; status: 200; match: true; etag: true; step_up: true; who: "po" };
  "POST /v1/gate/recipients/{id}/actions/close": { body: Record<string, never>; reply: Ref<RecipientId>; status: 200; key: true; step_up: true; who: "po" };
  "GET /v1/gate/mechanisms": { query: Page; reply: List<X.Mechanism>; status: 200; who: "po" };
  "POST /v1/gate/mechanisms": { body: X.MechanismNew; reply: Ref<MechanismId>; status: 201; key: true; step_up: true; who: "po" };
  "POST /v1/gate/mechanisms/{id}/actions/end": { body: Record<string, never>; reply: Ref<MechanismId>; status: 200; key: true; step_up: true; who: "po" };
  "GET /v1/gate/transfers": { query: X.TransferQuery; reply: List<X.Transfer>; status: 200; who: "po" };
  "GET /v1/gate/approvals": { query: Page & { state?: string }; reply: List<X.TransferApproval>; status: 200; who: "po" };
  "POST /v1/gate/approvals/{id}/actions/approve": { body: { reason: string }; reply: Ref<ApprovalId>; status: 200; key: true; match: true; step_up: true; who: "po, not who asked" };
  "POST /v1/gate/approvals/{id}/actions/refuse": { body: { reason: string }; reply: Ref<ApprovalId>; status: 200; key: true; match: true; step_up: true; who: "po, not who asked" };
  "GET /v1/gate/counts/{year}": { reply: X.YearCount; status: 200; who: "po" };
  "GET /v1/gate/register": { query: Page; reply: List<X.RegisterRecord>; status: 200; who: "po" };
  "GET /v1/gate/requests": { query: Page & { state?: "waiting" | "done" }; reply: List<X.RequestCard>; status: 200; who: "po" };
  "GET /v1/gate/requests/{id}": { reply: X.PersonRequest; status: 200; etag: true; step_up: true; who: "po" };
  "POST /v1/gate/requests/{id}/actions/answer": { body: X.RequestAnswer; reply: Ref<CorrectionId>; status: 200; key: true; match: true; step_up: true; who: "po, not about own data" };
  "GET /v1/gate/breaches": { query: Page; reply: List<X.Breach>; status: 200; step_up: true; who: "po" };
  "POST /v1/gate/breaches": { body: X.BreachNew; reply: Ref<BreachId> & { persons: number }; status: 201; key: true; step_up: true; who: "po" };
  "GET /v1/gate/breaches/{id}": { reply: X.Breach; status: 200; step_up: true; who: "po" };
  "GET /v1/gate/breaches/{id}/persons": { query: Page; reply: List<X.BreachPerson>; status: 200; step_up: true; who: "po" };
  "POST /v1/gate/questions": { body: X.QuestionAsked; reply: X.QuestionAnswer; status: 200; who: "po" };

  // ---- reviews
  "GET /v1/review/cases": { query: Page; reply: List<V.CaseCard>; status: 200; who: "rev, po" };
  "POST /v1/review/cases": { body: V.CaseNew; reply: Ref<CaseId>; status: 201; key: true; step_up: true; who: "rev" };
  "GET /v1/review/cases/{id}": { reply: V.CaseDetail; status: 200; etag: true; who: "rev, po" };
  "POST /v1/review/cases/{id}/deeds": { body: V.Deed; reply: Ref<CaseId>; status: 200; key: true; match: true; step_up: true; who: "rev: the own case; po: materials and replies" };
  "GET /v1/review/examples": { reply: List<V.ReviewExample>; status: 200; who: "rev, po" };

  /** With the development sender only: anybody on the machine's own address, so that a first sign-in works. */
  "GET /v1/ops/outbox": { query: Page; reply: List<O.OutboxItem>; status: 200; who: "op.admin; anon with --demo on loopback" };
}

export type RouteKey = keyof Routes;
export type Method<K extends RouteKey> = K extends `${infer M} ${string}` ? M : never;
export type PathOf<K extends RouteKey> = K extends `${string} ${infer P}` ? P : never;
type Names<P extends string> = P extends `${string}{${infer N}}${infer R}` ? N | Names<R> : never;
/** Path parameters of a route, by name. */
export type Params<K extends RouteKey> = Record<Names<PathOf<K>>, string>;
export type Body<K extends RouteKey> = Routes[K] extends { body: infer B } ? B : undefined;
export type Query<K extends RouteKey> = Routes[K] extends { query: infer Q } ? Q : undefined;
export type Reply<K extends RouteKey> = Routes[K]["reply"];
export type NeedsMatch<K extends RouteKey> = Routes[K] extends { match: true } ? true : false;
export type { PaymentId };
