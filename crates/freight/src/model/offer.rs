//! An offer: a price between one trucker and one shipper on one load, going back and forth by versions.

use sarai_kernel::{Key, LoadId, OrderId, PartyId, ThreadId, Timestamp, TruckId};
use sarai_seal::Record;
use serde::{Deserialize, Serialize};

use crate::{rules::money::Terms, words::Side};

/// Where an offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferState {
    /// Waits for the side on turn.
    Pending,
    /// Accepted: an order was agreed.
    Accepted,
    /// Declined by the side on turn.
    Declined,
    /// Taken back by its maker.
    Withdrawn,
    /// Its time is over.
    Expired,
    /// The load changed, or another offer was accepted.
    Superseded,
}

impl OfferState {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Superseded => "superseded",
        }
    }
}

/// An offer. A counter is a new version of the same offer.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(kind = "offer", schema = 1)]
pub struct Offer {
    /// On which load.
    pub load: LoadId,
    /// The load's terms that it was made on.
    pub terms_version: u64,
    /// Who posted the load.
    pub shipper: PartyId,
    /// Who would carry it.
    pub trucker: PartyId,
    /// With which truck.
    pub vehicle: TruckId,
    /// Which side made the standing version.
    pub made_by: Side,
    /// The money at the standing price.
    pub terms: Terms,
    /// Where it stands.
    pub state: OfferState,
    /// Until when the standing version holds.
    pub expires_at: Timestamp,
    /// Counters so far.
    pub counters: u8,
    /// The talk.
    pub thread: ThreadId,
    /// The order that came of it.
    pub order: Option<OrderId>,
}

impl Offer {
    /// Who may accept or counter: the side that did not make the standing version.
    pub fn turn(&self, now: Timestamp) -> Option<Side> {
        (self.state_at(now) == OfferState::Pending).then(|| self.made_by.other())
    }

    /// The state as it is at `now`: a pending offer past its time is expired, whether or not a worker wrote that down.
    pub fn state_at(&self, now: Timestamp) -> OfferState {
        match self.state {
            OfferState::Pending if now >= self.expires_at => OfferState::Expired,
            state => state,
        }
    }

    /// Which side `party` is on.
    pub fn side_of(&self, party: PartyId) -> Option<Side> {
        match party {
            party if party == self.shipper => Some(Side::Shipper),
            party if party == self.trucker => Some(Side::Trucker),
            _ => None,
        }
    }

    /// Keys under which it is found.
    pub fn keys(&self, created: Timestamp) -> Vec<Key> {
        let sort = created.as_micros();
        let mut keys = vec![
            Key::new("offer.load", self.load, sort),
            Key::new("offer.pair", format!("{}:{}", self.load, self.trucker), sort),
            Key::new("offer.thread", self.thread, sort),
        ];
        if self.state == OfferState::Pending {
            keys.push(Key::unique("offer.live", format!("{}:{}", self.load, self.trucker)));
            keys.push(Key::new("offer.pending", self.load, sort));
            keys.push(Key::new("offer.trucker_pending", self.trucker, sort));
            keys.push(Key::timer("freight.offer", self.expires_at));
        }
        keys
    }
}
