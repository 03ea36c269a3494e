//! The market in one value: store, roads, places, board, figures, keys. Every use case takes it first.

use std::sync::{Arc, atomic::AtomicI64};

use sarai_geo::Gazetteer;
use sarai_kernel::{
    LoadId, PartyId, Store, StoreError, Timestamp, UseCaseError,
    decision::{Decision, Outcome},
    usecase::decide_and_commit,
};
use uuid::Uuid;

use crate::{board::Board, settings::FreightRules, ways::Ways};

/// The freight market of one server.
pub struct Freight {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// Roads, or estimates.
    pub ways: Arc<dyn Ways>,
    /// Places.
    pub gazetteer: &'static Gazetteer,
    /// Open loads in memory.
    pub board: Board,
    /// The operator's figures.
    pub rules: FreightRules,
    /// Keys of handles, codes and plates.
    pub keys: Keys,
    /// Up to which event vehicles were followed to their checks.
    pub(crate) checks_seen: AtomicI64,
}

impl Freight {
    /// The market around its store. `root` is a key derived for it alone; call [`Freight::start`] before the first search.
    pub fn new(
        store: Arc<dyn Store>,
        ways: Arc<dyn Ways>,
        rules: FreightRules,
        root: &[u8; 32],
    ) -> Self {
        Self {
            store,
            ways,
            gazetteer: Gazetteer::shared(),
            board: Board::default(),
            rules,
            keys: Keys::new(root),
            checks_seen: AtomicI64::new(0),
        }
    }

    /// Fills the board from the store.
    pub async fn start(&self, now: Timestamp) -> Result<(), StoreError> {
        self.check_all(now).await?;
        self.board.rebuild(&*self.store, now).await
    }

    /// Decides and commits, then lets the board see it.
    pub(crate) async fn commit<F, D>(
        &self,
        now: Timestamp,
        decide: F,
    ) -> Result<Outcome, UseCaseError>
    where
        F: FnMut() -> D + Send,
        D: Future<Output = Result<(Decision, Outcome), UseCaseError>> + Send,
    {
        let outcome = decide_and_commit(&*self.store, decide).await?;
        // The decision is durable; should the board not catch up now, the worker does.
        let _ = self.board.catch_up(&*self.store, now).await;
        Ok(outcome)
    }
}

/// Keys derived from the market's root.
pub struct Keys {
    handle: [u8; 32],
    code: [u8; 32],
    plate: [u8; 32],
}

const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

impl Keys {
    fn new(root: &[u8; 32]) -> Self {
        Self {
            handle: blake3::derive_key("sarai 2026 freight handle v1", root),
            code: blake3::derive_key("sarai 2026 freight code v1", root),
            plate: blake3::derive_key("sarai 2026 freight plate v1", root),
        }
    }

    /// A party's name on one listing: the same there, and linked to nothing elsewhere.
    pub fn handle(&self, load: LoadId, party: PartyId) -> String {
        let mut hasher = blake3::Hasher::new_keyed(&self.handle);
        hasher.update(load.uuid().as_bytes());
        hasher.update(party.uuid().as_bytes());
        let hash = hasher.finalize();
        let letter =
            |byte: &u8| LETTERS.get(usize::from(byte & 31)).copied().map_or('2', char::from);
        hash.as_bytes().iter().take(6).map(letter).collect()
    }

    /// The mark by which a code is checked.
    pub(crate) fn code_mark(&self, order: Uuid, stop: u8, code: &str) -> String {
        let mut hasher = blake3::Hasher::new_keyed(&self.code);
        hasher.update(order.as_bytes());
        hasher.update(&[stop]);
        hasher.update(code.as_bytes());
        hasher.finalize().to_hex().to_string()
    }

    /// The mark of a plate.
    pub(crate) fn plate_mark(&self, plate: &str) -> Uuid {
        let hash = blake3::keyed_hash(&self.plate, plate.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(hash.as_bytes().get(..16).unwrap_or(&[0; 16]));
        Uuid::from_bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_names_a_party_on_one_listing_only() {
        let keys = Keys::new(&[1; 32]);
        let load = |n| LoadId::from_uuid(Uuid::from_u128(n));
        let party = PartyId::from_uuid(Uuid::from_u128(1));
        assert_eq!(keys.handle(load(1), party), keys.handle(load(1), party));
        assert_ne!(keys.handle(load(1), party), keys.handle(load(2), party));
        assert_eq!(keys.handle(load(1), party).len(), 6);
        assert_ne!(keys.plate_mark("A"), keys.plate_mark("B"));
        assert_ne!(
            keys.code_mark(Uuid::nil(), 0, "123456"),
            keys.code_mark(Uuid::nil(), 1, "123456")
        );
    }
}
