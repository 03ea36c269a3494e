//! The board: every open load in memory, rebuilt from the store and kept up by following its events in their one order.
//!
//! It holds cells, never a gate, a street or a contact.

pub mod follow;
pub mod index;
pub mod listing;
pub mod search;

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError, RwLock, atomic::AtomicI64},
};

use sarai_kernel::{LoadId, PartyId};

pub use index::Index;
pub use listing::{Listing, ListingStop, Poster};
pub use search::{Filters, Found, Hit, Scope, Search, Sort};

/// Parties remembered as having looked at one load.
const LOOKED_MAX: usize = 1_000;

/// The live board.
#[derive(Default)]
pub struct Board {
    index: RwLock<Index>,
    /// Place in the store's order up to which events were followed.
    followed: AtomicI64,
    /// Who looked at a load since the server started; a figure for the poster, nothing else.
    looked: Mutex<HashMap<LoadId, HashSet<PartyId>>>,
}

impl Board {
    /// How many loads are open.
    pub fn len(&self) -> usize {
        self.read().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The loads that a search means.
    pub fn search(&self, search: &Search) -> Found {
        search::run(&self.read(), search)
    }

    /// One open load.
    pub fn get(&self, id: LoadId) -> Option<Listing> {
        self.read().get(id).cloned()
    }

    /// Puts a load on the board or changes it there.
    pub fn put(&self, listing: Listing) {
        self.write().put(listing);
    }

    /// Takes a load off the board.
    pub fn remove(&self, id: LoadId) {
        self.write().remove(id);
        self.looked().remove(&id);
    }

    /// Notes that a party looked at a load.
    pub fn look(&self, id: LoadId, party: PartyId) {
        if self.read().get(id).is_some() {
            let mut looked = self.looked();
            let seen = looked.entry(id).or_default();
            if seen.len() < LOOKED_MAX {
                seen.insert(party);
            }
        }
    }

    /// How many parties looked at a load since the server started.
    pub fn seen_by(&self, id: LoadId) -> usize {
        self.looked().get(&id).map_or(0, HashSet::len)
    }

    fn looked(&self) -> std::sync::MutexGuard<'_, HashMap<LoadId, HashSet<PartyId>>> {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Index> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }
}
