//! What tests share: a store in memory, a clock that is told the time, a whole server with a client (feature `server`).
//!
//! Architecture invariant: never part of a server; only tests depend on it.
//!
//! Start at [`MemoryStore`].

mod clock;
mod memory;
#[cfg(feature = "server")]
pub mod server;

pub use clock::SetClock;
pub use memory::MemoryStore;
