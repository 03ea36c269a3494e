//! The words of an [`Ask`](crate::Ask), the same as in `laws/schema.cedarschema`. Any other word is refused.

/// What is opened: [`Ask::resource_kind`](crate::Ask::resource_kind).
pub mod data {
    /// All of a listing, as its poster sees it.
    pub const LOAD: &str = "load";
    /// Exact addresses and site notes.
    pub const STOPS: &str = "stops";
    /// Name and telephone of the other side.
    pub const CONTACT: &str = "contact";
    /// The receiver's name and telephone.
    pub const RECEIVER: &str = "receiver";
    /// Loading code and receiver's code.
    pub const RECEIVER_CODE: &str = "receiver_code";
    /// The driver's name and the plate.
    pub const RUN: &str = "run";
    /// The name that stands on a public card.
    pub const CARD: &str = "card";
    /// Words of an offer.
    pub const OFFER: &str = "offer";
    /// Messages.
    pub const THREAD: &str = "thread";
    /// Positions. Another than the carrier also needs the driver's consent `track`.
    pub const TRACK: &str = "track";
    /// Photos and weights.
    pub const PROOF: &str = "proof";
    /// Payout account, payer and payee.
    pub const MONEY: &str = "money";
    /// Evidence of a dispute.
    pub const EVIDENCE: &str = "evidence";
    /// The words of a rating.
    pub const RATING: &str = "rating";
    /// Own profile: name, telephone, e-mail.
    pub const ACCOUNT: &str = "account";
    /// Papers and contacts of a company.
    pub const COMPANY: &str = "company";
    /// Identity papers, licences and their numbers.
    pub const PAPERS: &str = "papers";
    /// An uploaded file that nothing carries yet.
    pub const FILE: &str = "file";
    /// Seeds, secrets, devices.
    pub const CREDENTIAL: &str = "credential";
    /// Codes and letters on their way.
    pub const NOTICE: &str = "notice";
    /// What a person asked about own data.
    pub const REQUEST: &str = "request";
    /// Who opened what.
    pub const ACCESS_LOG: &str = "access_log";
}

/// How the caller stands to the thing: [`Ask::relation`](crate::Ask::relation). From stored facts, never from the request.
pub mod relation {
    /// Nothing at all: the answer is "not found".
    pub const NONE: &str = "none";
    /// May read public cards: a verified trucker at the board, a signed-in party at a rating.
    pub const READER: &str = "reader";
    /// The data is about the caller.
    pub const SELF: &str = "self";
    /// Owner of the listing, file or vehicle.
    pub const OWNER: &str = "owner";
    /// Member of the company that owns it.
    pub const MEMBER: &str = "member";
    /// Administers the company that owns it.
    pub const ADMIN: &str = "admin";
    /// Shipper of this order.
    pub const SHIPPER: &str = "shipper";
    /// Trucker of this order.
    pub const TRUCKER: &str = "trucker";
    /// Driver on this run.
    pub const DRIVER: &str = "driver";
    /// Has a live offer on this listing.
    pub const BIDDER: &str = "bidder";
    /// Had an offer on this listing.
    pub const LOST_BIDDER: &str = "lost_bidder";
    /// The other side of the same thread.
    pub const PEER: &str = "peer";
    /// Staff on duty, with a case.
    pub const STAFF: &str = "staff";
    /// The member of staff who claimed this very case.
    pub const CLAIMER: &str = "claimer";
    /// A worker or engine of the house: no caller, and an actor that begins with `system/`.
    pub const SYSTEM: &str = "system";
    /// Reads the outbox of the development sender. Only where that sender is configured.
    pub const DEVELOPER: &str = "developer";
}

/// Where the thing stands in its life: [`Ask::stage`](crate::Ask::stage).
pub mod stage {
    /// It has no stages.
    pub const NONE: &str = "none";
    /// A listing not yet open.
    pub const DRAFT: &str = "draft";
    /// An open listing or thread.
    pub const OPEN: &str = "open";
    /// Sealed bids before their deadline.
    pub const SEALED: &str = "sealed";
    /// A closed listing or thread.
    pub const CLOSED: &str = "closed";
    /// An order that waits for money.
    pub const AWAITING_FUNDS: &str = "awaiting_funds";
    /// Booked.
    pub const BOOKED: &str = "booked";
    /// At a stop.
    pub const AT_STOP: &str = "at_stop";
    /// Between stops.
    pub const UNDER_WAY: &str = "under_way";
    /// Delivered, and not longer than [`CONTACT_HOURS_MAX`] ago, signed off or not.
    pub const DELIVERED: &str = "delivered";
    /// Delivered longer ago than that, and not signed off.
    pub const PAST: &str = "past";
    /// Signed off, and delivered longer ago than that.
    pub const COMPLETED: &str = "completed";
    /// Called off.
    pub const CANCELLED: &str = "cancelled";
    /// A verification in the queue.
    pub const WAITING: &str = "waiting";
    /// A verification that somebody claimed.
    pub const CLAIMED: &str = "claimed";
    /// A verification that was decided.
    pub const DECIDED: &str = "decided";

    /// How long after delivery the two sides still reach each other.
    pub const CONTACT_HOURS_MAX: i64 = 24;

    /// The stage of an order that was delivered: contact ends a day after delivery, whether or not it was signed off meanwhile.
    pub fn after_delivery(
        delivered_at: sarai_kernel::Timestamp,
        signed_off: bool,
        now: sarai_kernel::Timestamp,
    ) -> &'static str {
        match (now.since(delivered_at) < CONTACT_HOURS_MAX * sarai_kernel::time::HOUR, signed_off) {
            (true, _) => DELIVERED,
            (false, true) => COMPLETED,
            (false, false) => PAST,
        }
    }
}
