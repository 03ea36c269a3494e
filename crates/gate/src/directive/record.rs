//! What is kept of authorities and their orders.

use sarai_kernel::{AuthorityId, DirectiveId, Key, Timestamp};
use sarai_seal::Record;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::document::{Effect, Order, Paper, TwoTexts};

/// Where a key of an authority stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// One officer entered it; a second has to confirm its fingerprint.
    Proposed,
    /// Its orders are obeyed.
    Active,
    /// Its orders are not obeyed any more.
    Revoked,
}

impl KeyState {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Active => "active",
            Self::Revoked => "revoked",
        }
    }
}

/// The public key of an authority.
#[derive(Debug, Clone, PartialEq, Eq, Record)]
#[record(kind = "authority_key", schema = 1)]
pub struct AuthorityKey {
    /// Which authority.
    pub name: TwoTexts,
    /// The public key, base64url.
    pub public: String,
    /// See [`fingerprint`](super::fingerprint).
    pub fingerprint: String,
    /// What it may order.
    pub effects: Vec<Effect>,
    /// The authority behind the key: a key that follows another stays in its office.
    pub office: Uuid,
    /// The key that this one takes over from, once it is confirmed.
    pub follows: Option<AuthorityId>,
    /// Where it stands.
    pub state: KeyState,
    /// The officer who entered it, as the audit log names officers.
    pub proposed_by: String,
    /// When.
    pub proposed_at: Timestamp,
    /// The second officer.
    pub confirmed_by: Option<String>,
    /// When.
    pub confirmed_at: Option<Timestamp>,
    /// The officer who asked that it be revoked; a second one does it.
    pub revoke_asked_by: Option<String>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The highest sequence number that was obeyed.
    pub last_sequence: u64,
}

impl AuthorityKey {
    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        vec![
            Key::new("authority.all", "1", self.proposed_at.as_micros()),
            Key::unique("authority.fingerprint", self.fingerprint.as_str()),
        ]
    }
}

/// How an order ended before its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifted {
    /// When.
    pub at: Timestamp,
    /// Number of the decision.
    pub number: String,
    /// The signed document.
    pub paper: Paper,
}

/// An order that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Record)]
#[record(kind = "directive", schema = 1)]
pub struct Directive {
    /// What it says.
    pub order: Order,
    /// The document as it was signed: anybody can check it.
    pub paper: Paper,
    /// The key that signed it.
    pub key: AuthorityId,
    /// The authority behind that key.
    pub office: Uuid,
    /// The authority's name at that time.
    pub authority: TwoTexts,
    /// When it was taken.
    pub received_at: Timestamp,
    /// How it ended before its time.
    pub lifted: Option<Lifted>,
}

/// Orders that were not lifted, by this key.
pub const LIVE: &str = "directive.live";

impl Directive {
    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        let received = self.received_at.as_micros();
        let mut keys = vec![Key::new("directive.all", "1", received)];
        if self.lifted.is_none() {
            keys.push(Key::new(LIVE, "1", received));
        }
        keys
    }

    /// Its id.
    pub const fn id(&self) -> DirectiveId {
        self.order.id
    }

    /// Whether it is obeyed at this moment.
    pub fn in_force(&self, now: Timestamp) -> bool {
        self.state(now) == "in_force"
    }

    /// Whether the moment is past by which it was to be put right.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.in_force(now) && self.order.scope.by.is_some_and(|by| now >= by)
    }

    /// `coming`, `in_force`, `expired` or `lifted`.
    pub fn state(&self, now: Timestamp) -> &'static str {
        if self.lifted.is_some() {
            "lifted"
        } else if self.order.expires.is_some_and(|end| now >= end) {
            "expired"
        } else if now < self.order.not_before {
            "coming"
        } else {
            "in_force"
        }
    }
}
