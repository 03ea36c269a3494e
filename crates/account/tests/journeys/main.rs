//! Whole journeys through the room, over the store in memory and the real gate.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a journey that cannot go on is a failed test"
)]

mod sign_in;
mod town;

use std::sync::Arc;

use sarai_gate::Gate;
use sarai_testkit::MemoryStore;

/// The gate over a store.
fn gate(store: Arc<MemoryStore>) -> Arc<Gate> {
    Arc::new(Gate::embedded(store).expect("the packs in the binary"))
}
