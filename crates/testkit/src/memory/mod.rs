//! A store in memory behind one lock: the plainest thing that keeps the port's promises. Sealed parts stay as they are, since
//! nothing is written anywhere.

mod commit;
mod state;
#[cfg(test)]
mod tests;

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use sarai_kernel::{
    Account, CommitError, Committed, Currency, Decision, DocRef, Document, Event, Query, Store,
    StoreError, Timestamp,
    audit::AuditRow,
    decision::StoredAnswer,
    document::{Found, KeyValue, PAGE_MAX},
    ledger::PostedLine,
    tally::{Counted, Token, Ways},
};
use sarai_seal::SubjectId;
use uuid::Uuid;

use state::{Held, State};

/// Everything in memory, gone when dropped.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<State>);

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A commit changes the state only after its last check, so a panic elsewhere leaves it whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a test that plays the forger change the audit log behind the store's back.
    pub fn forge_audit(&self, change: impl FnOnce(&mut Vec<AuditRow>)) {
        change(&mut self.state().audit);
    }
}

fn same(a: &KeyValue, b: &KeyValue) -> bool {
    match (a, b) {
        (KeyValue::Clear(a), KeyValue::Clear(b)) => a == b,
        (KeyValue::Blind(a), KeyValue::Blind(b)) => a.same(b),
        _ => false,
    }
}

fn document(at: &DocRef, held: &Held) -> Document {
    Document {
        at: at.clone(),
        version: held.version,
        created_at: held.created_at,
        updated_at: held.updated_at,
        parts: held.parts.clone(),
    }
}

fn bound(limit: u32) -> usize {
    limit.clamp(1, PAGE_MAX) as usize
}

#[async_trait]
impl Store for MemoryStore {
    async fn document(&self, at: &DocRef) -> Result<Option<Document>, StoreError> {
        Ok(self.state().documents.get(at).map(|held| document(at, held)))
    }

    async fn find(&self, query: Query) -> Result<Vec<Found>, StoreError> {
        let state = self.state();
        let mut places = Vec::new();
        for (at, held) in state.documents.iter().filter(|(at, _)| at.kind == query.kind) {
            let fits = |key: &&sarai_kernel::Key| {
                key.name == query.name
                    && same(&key.value, &query.value)
                    && query.sort_max.is_none_or(|max| key.sort <= max)
            };
            places.extend(held.keys.iter().filter(fits).map(|key| ((key.sort, at.id), at, held)));
        }
        places.sort_by_key(|(place, ..)| *place);
        if query.descending {
            places.reverse();
        }
        let beyond = |place: &(i64, Uuid)| match query.after {
            None => true,
            Some(after) if query.descending => *place < after,
            Some(after) => *place > after,
        };
        let page = places.into_iter().filter(|(place, ..)| beyond(place)).take(bound(query.limit));
        Ok(page.map(|((sort, _), at, held)| Found { document: document(at, held), sort }).collect())
    }

    async fn count(&self, query: Query) -> Result<u64, StoreError> {
        let found = self.find(Query { after: None, ..query }).await?;
        Ok(u64::try_from(found.len()).unwrap_or(u64::MAX))
    }

    async fn scan(
        &self,
        kind: &'static str,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<Document>, StoreError> {
        let state = self.state();
        let of_kind = state.documents.iter().filter(|(at, _)| at.kind == kind);
        let beyond = of_kind.filter(|(at, _)| after.is_none_or(|after| at.id > after));
        Ok(beyond.take(bound(limit)).map(|(at, held)| document(at, held)).collect())
    }

    async fn about(&self, subject: SubjectId) -> Result<Vec<Document>, StoreError> {
        let state = self.state();
        let about = state.documents.iter().filter(|(_, held)| held.is_about(subject));
        Ok(about.map(|(at, held)| document(at, held)).collect())
    }

    async fn commit(&self, decision: Decision) -> Result<Committed, CommitError> {
        self.state().commit(decision)
    }

    async fn answer(&self, scope: &[u8; 32]) -> Result<Option<StoredAnswer>, StoreError> {
        Ok(self.state().answers.get(scope).map(|(_, answer)| answer.clone()))
    }

    async fn events_after(&self, global_seq: i64, limit: u32) -> Result<Vec<Event>, StoreError> {
        let state = self.state();
        let later = state.events.iter().filter(|event| event.global_seq > global_seq);
        Ok(later.take(bound(limit)).cloned().collect())
    }

    async fn events_of(&self, subject: &str) -> Result<Vec<Event>, StoreError> {
        Ok(self.state().events.iter().filter(|event| event.subject == subject).cloned().collect())
    }

    async fn last_event(&self) -> Result<i64, StoreError> {
        Ok(self.state().events.last().map_or(0, |event| event.global_seq))
    }

    async fn balance(&self, account: &Account, currency: Currency) -> Result<i64, StoreError> {
        let key = (account.to_string(), currency);
        Ok(self.state().balances.get(&key).copied().unwrap_or(0))
    }

    async fn postings(
        &self,
        account: &Account,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<PostedLine>, StoreError> {
        let (state, name) = (self.state(), account.to_string());
        let of_account = state.lines.iter().rev().filter(|line| line.account == name);
        let earlier = of_account.filter(|line| before.is_none_or(|before| line.seq < before));
        Ok(earlier.take(bound(limit)).cloned().collect())
    }

    async fn postings_about(&self, subject: &str) -> Result<Vec<PostedLine>, StoreError> {
        Ok(self.state().lines.iter().filter(|line| line.subject == subject).cloned().collect())
    }

    async fn ledger_sums(&self) -> Result<Vec<(Currency, i64)>, StoreError> {
        let mut sums = std::collections::BTreeMap::new();
        for ((_, currency), balance) in &self.state().balances {
            *sums.entry(*currency).or_insert(0) += balance;
        }
        Ok(sums.into_iter().collect())
    }

    async fn audit_after(&self, seq: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        let state = self.state();
        let later = state.audit.iter().filter(|row| row.seq > seq);
        Ok(later.take(bound(limit)).cloned().collect())
    }

    async fn audit_of(
        &self,
        subject: SubjectId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let state = self.state();
        let about = state.audit.iter().rev().filter(|row| row.subjects.contains(&subject));
        let earlier = about.filter(|row| before.is_none_or(|before| row.seq < before));
        Ok(earlier.take(bound(limit)).cloned().collect())
    }

    async fn lease(
        &self,
        name: &str,
        holder: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<u64>, StoreError> {
        Ok(self.state().lease(name, holder, now, until))
    }

    async fn tally(&self, name: &str) -> Result<Counted, StoreError> {
        Ok(self.state().tally(name))
    }

    async fn tally_ways(&self, name: &str, who: &[Token]) -> Result<Vec<Ways>, StoreError> {
        let state = self.state();
        let members = state.tallies.get(name);
        let ways = |token| members.and_then(|members| members.get(token)).copied();
        Ok(who.iter().map(|token| ways(token).unwrap_or_default()).collect())
    }

    async fn is_erased(&self, subject: SubjectId) -> Result<bool, StoreError> {
        Ok(self.state().erased.contains(&subject))
    }
}
