//! Ports: what the rooms ask of the outside. The store, the sender of notices, the provider of money.

use async_trait::async_trait;
use sarai_seal::{Record, SubjectId};
use uuid::Uuid;

use crate::{
    Currency, Refusal, Timestamp,
    audit::AuditRow,
    decision::{Decision, StoredAnswer},
    document::{DocRef, Document, Found, Query, Stored, Unreadable},
    event::Event,
    ledger::{Account, PostedLine},
    refusal::Kind,
    tally::{Counted, Token, Ways},
};

/// The store could not answer. Carries no data and no text of the database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database did not answer in time or at all.
    #[error("the store is not available: {code}")]
    Unavailable {
        /// Code of the database or driver, never its message.
        code: String,
    },
    /// A stored document does not read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// A key that should be there is not, or does not open.
    #[error("a key does not open")]
    Key,
}

/// Why a decision was not committed. Nothing of it was written.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CommitError {
    /// A document has another version: read and decide again.
    #[error("lost a race on {0:?}")]
    Conflict(DocRef),
    /// A unique key is taken.
    #[error("the key {0} is taken")]
    Duplicate(&'static str),
    /// An account would go below zero.
    #[error("not enough on {0}")]
    Funds(String),
    /// This posting set was made before.
    #[error("posted before: {0}")]
    PostedBefore(&'static str),
    /// The idempotency key was answered before, by this.
    #[error("answered before")]
    Answered(Box<StoredAnswer>),
    /// The lease is not held with that number any more.
    #[error("the lease is gone")]
    Fenced,
    /// The subject's key was destroyed; nothing can be sealed for it.
    #[error("the subject was erased")]
    Erased(SubjectId),
    /// Too many decisions wait.
    #[error("too many decisions wait")]
    Busy,
    /// The store could not answer. Whether it committed is known by asking again with the same key.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was committed.
#[derive(Debug, Clone, Default)]
pub struct Committed {
    /// The recorded events, in order.
    pub events: Vec<Event>,
    /// Sequence number of the last audit row of this decision; 0 without one.
    pub audit_seq: i64,
}

/// Where everything is kept.
#[async_trait]
pub trait Store: Send + Sync {
    /// One document.
    async fn document(&self, at: &DocRef) -> Result<Option<Document>, StoreError>;
    /// A page of documents by a key.
    async fn find(&self, query: Query) -> Result<Vec<Found>, StoreError>;
    /// How many documents a key has, counted to the query's limit; its direction and place do not matter. Reads no document.
    async fn count(&self, query: Query) -> Result<u64, StoreError>;
    /// All documents of a kind in order of id, `limit` at a time: for rebuilding live indexes.
    async fn scan(
        &self,
        kind: &'static str,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<Document>, StoreError>;
    /// Documents that hold sealed data about a subject.
    async fn about(&self, subject: SubjectId) -> Result<Vec<Document>, StoreError>;
    /// Commit a decision: all or nothing, durable when it returns.
    async fn commit(&self, decision: Decision) -> Result<Committed, CommitError>;
    /// The answer kept under an idempotency key.
    async fn answer(&self, scope: &[u8; 32]) -> Result<Option<StoredAnswer>, StoreError>;
    /// Events after a place in the store's order, at most `limit`.
    async fn events_after(&self, global_seq: i64, limit: u32) -> Result<Vec<Event>, StoreError>;
    /// Events of one subject (wire id), from the first.
    async fn events_of(&self, subject: &str) -> Result<Vec<Event>, StoreError>;
    /// Place of the last event; 0 when there is none.
    async fn last_event(&self) -> Result<i64, StoreError>;
    /// Balance of an account in minor units.
    async fn balance(&self, account: &Account, currency: Currency) -> Result<i64, StoreError>;
    /// Lines of an account, newest first, before a ledger place.
    async fn postings(
        &self,
        account: &Account,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<PostedLine>, StoreError>;
    /// Lines about a subject (an order's or payment's wire id), in order.
    async fn postings_about(&self, subject: &str) -> Result<Vec<PostedLine>, StoreError>;
    /// Sum over all accounts of each currency: zero, always.
    async fn ledger_sums(&self) -> Result<Vec<(Currency, i64)>, StoreError>;
    /// Audit rows after a sequence number, at most `limit`.
    async fn audit_after(&self, seq: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError>;
    /// Audit rows about a subject, newest first, before a sequence number.
    async fn audit_of(
        &self,
        subject: SubjectId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditRow>, StoreError>;
    /// Take or renew a lease until a moment; its fencing number, or `None` while somebody else holds it.
    async fn lease(
        &self,
        name: &str,
        holder: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<u64>, StoreError>;
    /// How many persons a tally holds.
    async fn tally(&self, name: &str) -> Result<Counted, StoreError>;
    /// In which ways these persons are in a tally already; in the order asked, [`Ways::NONE`] for those that are not.
    async fn tally_ways(&self, name: &str, who: &[Token]) -> Result<Vec<Ways>, StoreError>;
    /// Whether a subject was erased.
    async fn is_erased(&self, subject: SubjectId) -> Result<bool, StoreError>;
}

/// Typed reading on top of [`Store`].
pub trait StoreExt: Store {
    /// One record.
    fn load<R: Record>(
        &self,
        id: Uuid,
    ) -> impl Future<Output = Result<Option<Stored<R>>, StoreError>> + Send {
        async move {
            let found = self.document(&DocRef::new(R::KIND, id)).await?;
            Ok(found.map(Document::read).transpose()?)
        }
    }

    /// The first record of a query.
    fn first<R: Record>(
        &self,
        query: Query,
    ) -> impl Future<Output = Result<Option<Stored<R>>, StoreError>> + Send {
        async move {
            let mut found = self.find(query.limit(1)).await?;
            Ok(found.pop().map(|found| found.document.read()).transpose()?)
        }
    }

    /// The records of a query, each with the value that orders the page.
    fn records<R: Record + Send>(
        &self,
        query: Query,
    ) -> impl Future<Output = Result<Vec<(Stored<R>, i64)>, StoreError>> + Send {
        async move {
            let found = self.find(query).await?;
            found
                .into_iter()
                .map(|found| Ok((found.document.read()?, found.sort)))
                .collect::<Result<_, StoreError>>()
        }
    }
}

impl<S: Store + ?Sized> StoreExt for S {}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable { .. } => Self::new("overloaded", Kind::Unavailable),
            StoreError::Unreadable(_) | StoreError::Key => Self::new("internal", Kind::Internal),
        }
    }
}

impl From<CommitError> for Refusal {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict(_) | CommitError::Fenced => {
                Self::new("busy_retry", Kind::Unavailable)
            }
            CommitError::Busy => Self::new("overloaded", Kind::Unavailable),
            CommitError::Duplicate(_) | CommitError::PostedBefore(_) => {
                Self::new("already_taken", Kind::Conflict)
            }
            CommitError::Funds(_) => Self::new("funds_insufficient", Kind::Conflict),
            CommitError::Answered(_) => Self::new("idempotency_in_progress", Kind::Conflict),
            CommitError::Erased(_) => Self::new("key_destroyed", Kind::Gone),
            CommitError::Store(error) => error.into(),
        }
    }
}

/// Most times that a use case reads and decides again after a lost race.
pub const RACES_MAX: usize = 5;
