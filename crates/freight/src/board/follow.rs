//! How the board stays true: a scan of all loads at the start, then every load event in the store's one order.

use std::sync::atomic::Ordering;

use sarai_kernel::{
    LoadId, PartyId, Store, StoreError, StoreExt, Timestamp, document::Stored, party::Party,
};

use super::{Board, Listing, Poster};
use crate::model::Load;

/// Documents read at once when the board is rebuilt.
const SCAN: u32 = 500;
/// Events read at once when it follows.
const FOLLOW: u32 = 500;

impl Board {
    /// Rebuilds the board from the store. Events that come meanwhile are followed afterwards.
    pub async fn rebuild(&self, store: &dyn Store, now: Timestamp) -> Result<(), StoreError> {
        let from = store.last_event().await?;
        let mut after = None;
        loop {
            let page = store.scan("load", after, SCAN).await?;
            let Some(last) = page.last().map(|document| document.at.id) else { break };
            after = Some(last);
            for document in page {
                self.show(store, document.read::<Load>()?, now).await?;
            }
        }
        self.followed.fetch_max(from, Ordering::SeqCst);
        self.catch_up(store, now).await.map(drop)
    }

    /// Follows the events that came since; how many concerned a load. Safe to run from several tasks at once.
    pub async fn catch_up(&self, store: &dyn Store, now: Timestamp) -> Result<usize, StoreError> {
        let mut changed = 0;
        loop {
            let at = self.followed.load(Ordering::SeqCst);
            let events = store.events_after(at, FOLLOW).await?;
            let Some(last) = events.last().map(|event| event.global_seq) else {
                return Ok(changed);
            };
            for event in events.iter().filter(|event| event.subject_kind == "load") {
                if let Ok(id) = event.subject.parse::<LoadId>() {
                    self.refresh(store, id, now).await?;
                    changed += 1;
                }
            }
            self.followed.fetch_max(last, Ordering::SeqCst);
        }
    }

    /// Reads one load afresh.
    pub async fn refresh(
        &self,
        store: &dyn Store,
        id: LoadId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match store.load::<Load>(id.uuid()).await? {
            Some(stored) => self.show(store, stored, now).await,
            None => {
                self.remove(id);
                Ok(())
            }
        }
    }

    async fn show(
        &self,
        store: &dyn Store,
        stored: Stored<Load>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let id = LoadId::from_uuid(stored.id);
        let poster = poster(store, stored.record.owner, now).await?;
        match Listing::of(id, stored.version, &stored.record, poster) {
            Some(listing) => self.put(listing),
            None => self.remove(id),
        }
        Ok(())
    }
}

/// What the board may say of a party.
pub async fn poster(
    store: &dyn Store,
    party: PartyId,
    now: Timestamp,
) -> Result<Poster, StoreError> {
    let found = store.load::<Party>(party.uuid()).await?;
    Ok(found.map_or(Poster { rating_hundredths: None, ratings: 0, verified: false }, |found| {
        Poster {
            rating_hundredths: found.record.rating_hundredths(),
            ratings: found.record.ratings,
            verified: found.record.is_verified("person", now)
                || found.record.is_verified("company", now),
        }
    }))
}
