//! Threads: talk between two parties about one thing. Contact data in the words stays covered until an order opens it.

use sarai_seal::{Personal, Record, Sealed, SubjectId};
use serde::{Deserialize, Serialize};

use crate::{
    Key, PartyId, ThreadId, Timestamp,
    mask::Span,
    personal::Words,
    purpose::{Converse, Resolve, SelfAccess},
};

/// Longest message, in characters.
pub const MESSAGE_CHARS_MAX: usize = 2_000;

/// A thread between two parties.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(kind = "thread", schema = 1)]
pub struct Thread {
    /// The market that it belongs to.
    pub market: String,
    /// Wire id of the listing that it is about.
    pub about: String,
    /// The listing's poster.
    pub poster: PartyId,
    /// The other side.
    pub other: PartyId,
    /// Wire id of the order, once there is one.
    pub order: Option<String>,
    /// Contact data in it is open: an order was booked.
    pub open_contact: bool,
    /// Nothing more can be said.
    pub closed: bool,
    /// How many messages it has; the next one's number.
    pub messages: u64,
    /// When the last message came.
    pub last_at: Timestamp,
    /// Up to which message the poster has read.
    pub read_poster: u64,
    /// Up to which message the other side has read.
    pub read_other: u64,
}

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Words.
    Text,
    /// An offer was made, countered, accepted, declined or withdrawn; `offer` names it.
    Offer,
    /// The house says something: booked, cancelled.
    System,
}

/// One message.
#[derive(Debug, Personal, Record)]
#[record(kind = "message", schema = 1)]
pub struct Message {
    /// Its author; the key is the author's.
    #[subject]
    pub author_subject: SubjectId,
    /// The thread.
    pub thread: ThreadId,
    /// Number within the thread, from 1.
    pub number: u64,
    /// Who wrote it.
    pub author: PartyId,
    /// When.
    pub at: Timestamp,
    /// What it is.
    pub kind: MessageKind,
    /// Clear facts of an offer or system message: ids, states, amounts.
    #[serde(default)]
    pub facts: crate::document::Clear,
    /// Spans covered until contact opens.
    #[serde(default)]
    pub covered: Vec<Span>,
    /// The words.
    #[personal(class = Message, purposes(Converse, Resolve, SelfAccess), keep = "record + 1y", basis = "contract")]
    pub words: Option<Sealed<Words, MessageWords>>,
}

impl Thread {
    /// Whether `party` is one of the two.
    pub fn has(&self, party: PartyId) -> bool {
        self.poster == party || self.other == party
    }

    /// Keys under which it is found: both sides by the last message, the listing, and the pair (one talk a listing and party).
    pub fn keys(&self) -> Vec<Key> {
        let sort = self.last_at.as_micros();
        vec![
            Key::new("thread.party", self.poster, sort),
            Key::new("thread.party", self.other, sort),
            Key::new("thread.about", self.about.clone(), sort),
            Key::unique("thread.pair", Self::pair(&self.about, self.other)),
        ]
    }

    /// The value of the key `thread.pair`.
    pub fn pair(about: &str, other: PartyId) -> String {
        format!("{about}:{other}")
    }

    /// The one whom `party` talks to.
    pub fn peer_of(&self, party: PartyId) -> PartyId {
        if self.poster == party { self.other } else { self.poster }
    }
}

impl Message {
    /// Keys under which it is found: its thread, by number.
    pub fn keys(&self) -> Vec<Key> {
        let sort = i64::try_from(self.number).unwrap_or(i64::MAX);
        vec![Key::new("message.thread", self.thread, sort)]
    }
}
