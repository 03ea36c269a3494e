//! What falls due: old challenges, ended sessions, loose files, old copies, lone ratings, erasures.

use sarai_kernel::{CommitError, Decision, Query, Refusal, Store, StoreError, StoreExt, Timestamp};

use super::{erasure, files, ratings};
use crate::{Account, model::File};

/// Documents removed in one round, of each kind.
const ROUND_MAX: u32 = 200;

impl Account {
    /// Does what is due. To be called by one worker under a lease, every few seconds; answers how many things it did.
    pub async fn run_due(&self, now: Timestamp) -> Result<usize, StoreError> {
        let mut done = 0;
        for (kind, timer) in [
            ("challenge", "account.challenge"),
            ("session", "account.session"),
            ("export", "account.export"),
        ] {
            done += remove_due(self, kind, timer, now).await?;
        }
        done += loose_files(self, now).await.map_err(store_error)?;
        done += ratings::show_due(self, now).await.map_err(store_error)?;
        done += erasure::run_due(self, now).await.map_err(store_error)?;
        Ok(done)
    }
}

/// A worker's refusal is the store's trouble: nobody asked.
fn store_error(refusal: Refusal) -> StoreError {
    StoreError::Unavailable { code: refusal.code.to_owned() }
}

async fn remove_due(
    account: &Account,
    kind: &'static str,
    timer: &'static str,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let due = Query::by(kind, "timer", timer).up_to(now.as_micros()).limit(ROUND_MAX);
    let mut removed = 0;
    for found in account.store.find(due).await? {
        let mut decision = Decision::new("account.sweep", now);
        decision.removals.push((found.document.at, found.document.version));
        removed += usize::from(settle(account.store.as_ref(), decision).await?);
    }
    Ok(removed)
}

async fn loose_files(account: &Account, now: Timestamp) -> Result<usize, Refusal> {
    let due = Query::by("file", "timer", "account.file").up_to(now.as_micros()).limit(ROUND_MAX);
    let mut removed = 0;
    for (file, _) in account.store.records::<File>(due).await? {
        let decision = files::removal(account, file, now).await?;
        removed += usize::from(settle(account.store.as_ref(), decision).await?);
    }
    Ok(removed)
}

/// Commits; `false` where somebody was first, and the next round looks again.
pub(crate) async fn settle(store: &dyn Store, decision: Decision) -> Result<bool, StoreError> {
    match store.commit(decision).await {
        Ok(_) => Ok(true),
        Err(CommitError::Store(error)) => Err(error),
        Err(_) => Ok(false),
    }
}
