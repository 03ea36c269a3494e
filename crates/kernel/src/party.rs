//! A party: a person or organisation with an account, and what the house knows of it.

use sarai_seal::{Personal, Record, Sealed, SubjectId};
use serde::{Deserialize, Serialize};

use crate::{
    PartyId, Role, Timestamp,
    document::{Draft, Key, Unreadable, blind},
    personal::{Email, Name, Phone},
    purpose::{
        Converse, Deliver, Notify, Publish, Resolve, Secure, SelfAccess, Settle, Support, Verify,
    },
};

/// Whether a party may act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Standing {
    /// May act.
    Active,
    /// May only read, appeal and leave.
    Suspended {
        /// Since when.
        since: Timestamp,
        /// Reason code.
        reason: String,
    },
    /// Erased: nothing personal is left.
    Erased {
        /// Since when.
        since: Timestamp,
    },
}

/// What was checked about a party, and until when it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// `person`, `company`, `licence`, `qualification`.
    pub what: String,
    /// When.
    pub at: Timestamp,
    /// Until when the paper is valid.
    pub until: Option<Timestamp>,
}

/// Language of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese.
    #[default]
    #[serde(rename = "zh-Hans")]
    Chinese,
}

/// A person with an account.
#[derive(Debug, Personal, Record)]
#[record(kind = "party", schema = 1)]
pub struct Party {
    /// Whom it is about.
    #[subject]
    pub subject: SubjectId,
    /// Roles taken up or given.
    pub roles: Vec<Role>,
    /// What was checked.
    pub verified: Vec<Verified>,
    /// Whether the party may act.
    pub standing: Standing,
    /// Language for notices.
    pub language: Language,
    /// Stars received in all.
    pub stars: u64,
    /// Ratings received.
    pub ratings: u64,
    /// Orders completed.
    pub completed: u64,
    /// When contact data or payout account last changed.
    pub contact_changed_at: Option<Timestamp>,
    /// When the party last signed in: tells a quiet number from a living one.
    pub signed_in_at: Option<Timestamp>,
    /// Name, as checked or as typed.
    #[personal(class = Identity, purposes(Deliver, Converse, Verify, Settle, Support, Resolve, Notify, SelfAccess), keep = "account", basis = "contract")]
    pub name: Option<Sealed<Name, PartyName>>,
    /// Trade name shown to the other side; the name where there is none.
    #[personal(class = Identity, purposes(Publish, Deliver, Converse, Settle, Support, Resolve, Notify, SelfAccess), keep = "account", basis = "contract")]
    pub display_name: Option<Sealed<Name, PartyDisplayName>>,
    /// Telephone number, the first way to sign in.
    #[personal(class = Contact, purposes(Deliver, Notify, Secure, Support, Resolve, SelfAccess), keep = "account", basis = "contract", leaves = "sms")]
    pub phone: Option<Sealed<Phone, PartyPhone>>,
    /// E-mail address, the other way to sign in.
    #[personal(class = Contact, purposes(Notify, Secure, Support, Resolve, SelfAccess), keep = "account", basis = "contract", leaves = "email")]
    pub email: Option<Sealed<Email, PartyEmail>>,
}

impl Party {
    /// A new party without roles.
    pub fn new(id: PartyId) -> Self {
        Self {
            subject: id.subject(),
            roles: Vec::new(),
            verified: Vec::new(),
            standing: Standing::Active,
            language: Language::default(),
            stars: 0,
            ratings: 0,
            completed: 0,
            contact_changed_at: None,
            signed_in_at: None,
            name: None,
            display_name: None,
            phone: None,
            email: None,
        }
    }

    /// Whether `what` was checked and the paper still holds.
    pub fn is_verified(&self, what: &str, now: Timestamp) -> bool {
        self.verified
            .iter()
            .any(|paper| paper.what == what && paper.until.is_none_or(|until| now < until))
    }

    /// Mean rating in hundredths of a star; `None` before the first.
    pub fn rating_hundredths(&self) -> Option<u64> {
        (self.stars * 100).checked_div(self.ratings)
    }

    /// Its document with all its keys. `created` orders the lists that it stands in.
    pub fn draft(
        &self,
        id: PartyId,
        version: u64,
        created: Timestamp,
    ) -> Result<Draft, Unreadable> {
        Draft::update(id.uuid(), version, self, self.keys(created))
    }

    /// The keys of a party: by role, and by telephone and e-mail as blind values, each held by one party only.
    pub fn keys(&self, created: Timestamp) -> Vec<Key> {
        let mut keys = vec![Key::new("party.all", "1", created.as_micros())];
        keys.extend(
            self.roles.iter().map(|role| Key::new("party.role", role.word(), created.as_micros())),
        );
        for name in ["party.phone", "party.email"] {
            keys.extend(blind(self, name).map(|value| Key::unique(name, value)));
        }
        keys
    }
}
