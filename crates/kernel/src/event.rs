//! Events: recorded facts, thin. Ids, states and numbers that are not personal; no name, contact, coordinate, free text or plate.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{EventId, PartyId, Timestamp, document::Clear};

/// An event to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// `<market>.<noun>.<past tense>`, e.g. `freight.order.booked`.
    pub kind: &'static str,
    /// Kind of the thing it is about, e.g. `order`.
    pub subject_kind: &'static str,
    /// Wire id of the thing.
    pub subject: String,
    /// Version of the thing after it.
    pub version: u64,
    /// Parties who have a relation to it and may see it.
    pub audience: Vec<PartyId>,
    /// Open to everyone who may read the board.
    pub on_board: bool,
    /// Thin data.
    pub data: Clear,
}

/// An event as recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Place in the store's one order, without gaps. Never shown outside: it would tell the volume of business.
    pub global_seq: i64,
    /// Kind.
    pub kind: String,
    /// When it was recorded.
    pub at: Timestamp,
    /// Kind of its subject.
    pub subject_kind: String,
    /// Wire id of its subject.
    pub subject: String,
    /// Version of the subject.
    pub version: u64,
    /// Counts from 1 without gaps for each subject.
    pub seq: u64,
    /// Who may see it.
    pub audience: Vec<Uuid>,
    /// Open to readers of the board.
    pub on_board: bool,
    /// Thin data.
    pub data: Clear,
}

impl Event {
    /// Whether `party` is among those who may see it.
    pub fn is_for(&self, party: PartyId) -> bool {
        self.audience.contains(&party.uuid())
    }
}

/// Takes recorded events, in the store's order and without gaps, once they are durable. Must return at once.
pub trait EventSink: Send + Sync {
    /// The next events.
    fn publish(&self, events: Vec<std::sync::Arc<Event>>);
}
