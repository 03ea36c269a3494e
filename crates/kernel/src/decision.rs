//! A decision: everything that one use case wants to change, as one plain value. Nothing writes by any other way.

use sarai_seal::SubjectId;
use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    audit::AuditEntry,
    document::{Clear, DocRef, Draft},
    event::NewEvent,
    ledger::PostingSet,
    tally::Marks,
};

/// What one use case wants to change. Committed whole or not at all.
#[derive(Debug)]
pub struct Decision {
    /// Name of the use case, for traces and figures: `freight.take`.
    pub name: &'static str,
    /// The moment of the decision.
    pub at: Timestamp,
    /// Documents to write, each with the version that it expects.
    pub drafts: Vec<Draft>,
    /// Documents that must still have this version, though they are not written.
    pub expects: Vec<(DocRef, u64)>,
    /// Documents to remove, each with the version that it expects.
    pub removals: Vec<(DocRef, u64)>,
    /// Facts to record.
    pub events: Vec<NewEvent>,
    /// Money to move.
    pub postings: Vec<PostingSet>,
    /// Audit rows.
    pub audit: Vec<AuditEntry>,
    /// Persons to be added to tallies.
    pub marks: Vec<Marks>,
    /// Subjects whose key is dropped: erasure.
    pub erase: Vec<SubjectId>,
    /// The answer kept under the caller's idempotency key.
    pub answer: Option<(Once, Outcome)>,
    /// A lease that must still be held, with its fencing number.
    pub fence: Option<(String, u64)>,
}

impl Decision {
    /// An empty decision.
    pub fn new(name: &'static str, at: Timestamp) -> Self {
        Self {
            name,
            at,
            drafts: Vec::new(),
            expects: Vec::new(),
            removals: Vec::new(),
            events: Vec::new(),
            postings: Vec::new(),
            audit: Vec::new(),
            marks: Vec::new(),
            erase: Vec::new(),
            answer: None,
            fence: None,
        }
    }

    /// Write a document.
    #[must_use]
    pub fn write(mut self, draft: Draft) -> Self {
        self.drafts.push(draft);
        self
    }

    /// Record a fact.
    #[must_use]
    pub fn event(mut self, event: NewEvent) -> Self {
        self.events.push(event);
        self
    }

    /// Move money.
    #[must_use]
    pub fn post(mut self, set: PostingSet) -> Self {
        self.postings.push(set);
        self
    }

    /// Append an audit row.
    #[must_use]
    pub fn audit(mut self, entry: AuditEntry) -> Self {
        self.audit.push(entry);
        self
    }

    /// Keep `outcome` under the caller's idempotency key, if there is one.
    #[must_use]
    pub fn answer(mut self, once: Option<Once>, outcome: Outcome) -> Self {
        self.answer = once.map(|once| (once, outcome));
        self
    }
}

/// An idempotency key in its scope, so that keys of others cannot be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Once {
    /// Hash over (principal, method, route, key).
    pub scope: [u8; 32],
    /// Hash over the canonical request.
    pub fingerprint: [u8; 32],
    /// Kept until then.
    pub keep_until: Timestamp,
}

/// What a POST answers: the thing, its version and state. Never anybody's sealed data, so that a replay outlives no consent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// HTTP status that goes with it: 200, 201, 202, or that of a stored refusal.
    pub status: u16,
    /// The answer's members: `id`, `version`, `state` and further clear facts, or the stored problem.
    pub body: Clear,
}

impl Outcome {
    /// The outcome of making or changing a thing.
    pub fn of(status: u16, id: impl std::fmt::Display, version: u64) -> Self {
        let mut body = Clear::new();
        body.insert("id".to_owned(), id.to_string().into());
        body.insert("version".to_owned(), version.into());
        Self { status, body }
    }

    /// Add the state that the thing is in.
    #[must_use]
    pub fn state(self, state: impl Into<String>) -> Self {
        self.with("state", state.into())
    }

    /// Add a clear fact.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.body.insert(name.to_owned(), value.into());
        self
    }
}

/// An answer kept for replay.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredAnswer {
    /// Hash over the request that it answered.
    pub fingerprint: [u8; 32],
    /// The answer.
    pub outcome: Outcome,
}
