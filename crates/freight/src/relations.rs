//! How a caller stands to a load, an offer or an order: from stored facts alone. No relation is "not found".

use sarai_kernel::{Caller, Refusal, Timestamp, time::HOUR};

use crate::{
    model::{Load, LoadState, Offer, OfferState, Order},
    rules::order::State,
    words::Side,
};

/// One way in which a caller stands to a thing, in the words of the law packs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// Posted the load.
    Owner,
    /// May read cards: a verified trucker.
    Reader,
    /// Has a live offer on the load.
    Bidder,
    /// Had one.
    LostBidder,
    /// Shipper of the order.
    Shipper,
    /// Trucker of the order.
    Trucker,
    /// Driver of the order.
    Driver,
}

impl Relation {
    /// The word that the law packs know.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Reader => "reader",
            Self::Bidder => "bidder",
            Self::LostBidder => "lost_bidder",
            Self::Shipper => "shipper",
            Self::Trucker => "trucker",
            Self::Driver => "driver",
        }
    }
}

/// How a caller stands to a load. `verified` says whether the caller is a verified trucker, `own` are the caller's offers on it.
pub fn to_load(
    caller: &Caller,
    load: &Load,
    verified: bool,
    own: &[Offer],
    now: Timestamp,
) -> Vec<Relation> {
    let mut all = Vec::new();
    if load.owner == caller.party {
        all.push(Relation::Owner);
    }
    let own: Vec<_> = own.iter().filter(|offer| offer.trucker == caller.party).collect();
    if own.iter().any(|offer| offer.state_at(now) == OfferState::Pending) {
        all.push(Relation::Bidder);
    } else if !own.is_empty() {
        all.push(Relation::LostBidder);
    }
    if verified && load.state == LoadState::Open && all.is_empty() {
        all.push(Relation::Reader);
    }
    all
}

/// How a caller stands to an order, the driver first.
pub fn to_order(caller: &Caller, order: &Order) -> Vec<Relation> {
    let mut all = Vec::new();
    if order.assignment.is_some_and(|assignment| assignment.driver == caller.party) {
        all.push(Relation::Driver);
    }
    match order.side_of(caller.party) {
        Some(Side::Shipper) => all.push(Relation::Shipper),
        Some(Side::Trucker) => all.push(Relation::Trucker),
        None => {}
    }
    all
}

/// The first relation, or "not found".
pub fn related(all: &[Relation]) -> Result<Relation, Refusal> {
    all.first().copied().ok_or_else(Refusal::not_found)
}

/// The stage of an order in the words of the law packs.
pub fn stage(order: &Order, now: Timestamp) -> &'static str {
    match order.standing.state {
        State::Delivered | State::Completed => {
            let fresh = order.delivered_at.is_some_and(|at| now.since(at) < 24 * HOUR);
            match (order.standing.state, fresh) {
                (_, true) => "delivered",
                (State::Completed, false) => "completed",
                _ => "past",
            }
        }
        state => state.word(),
    }
}

/// The stage of a load in the words of the law packs.
pub const fn load_stage(load: &Load) -> &'static str {
    match load.state {
        LoadState::Draft => "draft",
        LoadState::Open => "open",
        _ => "closed",
    }
}
