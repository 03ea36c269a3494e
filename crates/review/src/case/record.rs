//! The case as it is kept.

use sarai_kernel::{Key, PartyId};
use sarai_seal::Record;
use serde::{Deserialize, Serialize};

use super::Entry;

/// The authority that reviews, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name2 {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(kind = "case", schema = 1)]
pub struct Case {
    /// The authority's number.
    pub number: String,
    /// The authority.
    pub authority: Name2,
    /// What is reviewed: a platform, a product, a listing. No person.
    pub about: String,
    /// The reviewer who opened it: a case is its reviewer's own.
    pub reviewer: PartyId,
    /// What was done, in order.
    pub entries: Vec<Entry>,
}

impl Case {
    /// Keys under which it is found.
    pub fn keys(&self) -> Vec<Key> {
        let opened = self.entries.first().map_or(0, |entry| entry.at.as_micros());
        vec![
            Key::unique("case.number", self.number.as_str()),
            Key::new("case.reviewer", self.reviewer, opened),
            Key::new("case.all", "all", opened),
        ]
    }
}
