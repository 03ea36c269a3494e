//! What the store holds.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sarai_kernel::{
    Currency, DocRef, Event, Key, Timestamp,
    audit::AuditRow,
    decision::StoredAnswer,
    document::KeyValue,
    ledger::PostedLine,
    tally::{Counted, Token, Ways},
};
use sarai_seal::{Content, Parts, SubjectId};
use uuid::Uuid;

/// A document as it is held.
#[derive(Debug)]
pub(super) struct Held {
    pub version: u64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub parts: Parts,
    pub keys: Vec<Key>,
}

impl Held {
    /// Whether any sealed part is about `subject`, erased or not.
    pub fn is_about(&self, subject: SubjectId) -> bool {
        self.parts.sealed.iter().any(|part| part.subject == subject)
    }

    /// Drops what is sealed about `subject`, and the blind keys with it.
    pub fn erase(&mut self, subject: SubjectId) {
        if !self.is_about(subject) {
            return;
        }
        for part in self.parts.sealed.iter_mut().filter(|part| part.subject == subject) {
            part.content = Content::Erased;
        }
        self.keys.retain(|key| !matches!(key.value, KeyValue::Blind(_)));
    }
}

#[derive(Debug)]
pub(super) struct Lease {
    holder: Uuid,
    until: Timestamp,
    number: u64,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub documents: BTreeMap<DocRef, Held>,
    pub events: Vec<Event>,
    pub balances: BTreeMap<(String, Currency), i64>,
    pub lines: Vec<PostedLine>,
    pub posted: BTreeSet<(String, &'static str)>,
    pub audit: Vec<AuditRow>,
    pub answers: HashMap<[u8; 32], (Timestamp, StoredAnswer)>,
    pub leases: HashMap<String, Lease>,
    pub erased: BTreeSet<SubjectId>,
    pub tallies: BTreeMap<String, BTreeMap<Token, Ways>>,
}

impl State {
    /// Counts a tally from its members, each time anew.
    pub fn tally(&self, name: &str) -> Counted {
        let members = self.tallies.get(name).into_iter().flatten();
        members.fold(Counted::default(), |count, (_, ways)| count.moved(Ways::NONE, *ways))
    }

    /// The holder renews under the same number; anybody else gets the next one when the time is over.
    pub fn lease(
        &mut self,
        name: &str,
        holder: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Option<u64> {
        let number = match self.leases.get(name) {
            Some(held) if held.until > now && held.holder != holder => return None,
            Some(held) if held.until > now => held.number,
            Some(held) => held.number + 1,
            None => 1,
        };
        self.leases.insert(name.to_owned(), Lease { holder, until, number });
        Some(number)
    }

    /// A lease holds until somebody else takes it: time alone fences nobody off.
    pub fn holds(&self, name: &str, number: u64) -> bool {
        self.leases.get(name).is_some_and(|held| held.number == number)
    }
}
