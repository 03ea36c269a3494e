//! Whole journeys through the room, over the store in memory and the real gate.

mod sign_in;
mod town;

use std::sync::Arc;

use sarai_gate::Gate;
use sarai_testkit::MemoryStore;

/// The gate over a store.
fn gate(store: Arc<MemoryStore>) -> Arc<Gate> {
    let _ = store;
    Arc::new(Gate)
}
