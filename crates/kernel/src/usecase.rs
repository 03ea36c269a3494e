//! How a use case runs: read, decide, commit; after a lost race read and decide again, a bounded number of times.

use crate::{
    decision::{Decision, Outcome, StoredAnswer},
    ports::{CommitError, RACES_MAX, Store, StoreError},
    refusal::{Kind, Refusal},
};

/// A use case that did not do anything.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum UseCaseError {
    /// It was refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The same idempotency key was answered before: this is that answer.
    #[error("answered before")]
    Answered(Box<StoredAnswer>),
}

impl From<StoreError> for UseCaseError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<crate::document::Unreadable> for UseCaseError {
    fn from(error: crate::document::Unreadable) -> Self {
        Self::Refused(StoreError::Unreadable(error).into())
    }
}

impl From<crate::document::Unreadable> for Refusal {
    fn from(error: crate::document::Unreadable) -> Self {
        StoreError::Unreadable(error).into()
    }
}

impl From<crate::ledger::Unbalanced> for Refusal {
    fn from(_: crate::ledger::Unbalanced) -> Self {
        Self::new("internal", Kind::Internal)
    }
}

impl From<crate::money::MoneyError> for Refusal {
    fn from(_: crate::money::MoneyError) -> Self {
        Self::new("amount_out_of_bounds", Kind::Invalid)
    }
}

impl From<CommitError> for UseCaseError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Answered(answer) => Self::Answered(answer),
            other => Self::Refused(other.into()),
        }
    }
}

/// Reads and decides through `decide`, commits, and starts again after a lost race, at most [`RACES_MAX`] times.
/// `decide` reads afresh on every call; its [`Outcome`] is returned once its [`Decision`] is durable.
pub async fn decide_and_commit<S, F, D, E>(
    store: &S,
    mut decide: F,
) -> Result<Outcome, UseCaseError>
where
    S: Store + ?Sized,
    F: FnMut() -> D + Send,
    D: Future<Output = Result<(Decision, Outcome), E>> + Send,
    E: Send,
    UseCaseError: From<E>,
{
    for _ in 0..RACES_MAX {
        let (decision, outcome) = decide().await?;
        match store.commit(decision).await {
            Ok(_) => return Ok(outcome),
            Err(CommitError::Conflict(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(Refusal::new("busy_retry", Kind::Unavailable).into())
}
