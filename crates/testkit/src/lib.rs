//! What tests share: a store in memory, a clock that is told the time.
//!
//! Architecture invariant: never part of a server; only tests depend on it.
//!
//! Start at [`MemoryStore`].

mod clock;
mod memory;

pub use clock::SetClock;
pub use memory::MemoryStore;
