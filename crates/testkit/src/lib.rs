//! What tests share: a store in memory, a clock that is told the time, a whole server with a client (feature `server`),
//! stores in temporary places with the suite that every store must pass (feature `sql`).
//!
//! Architecture invariant: never part of a server; only tests depend on it.
//!
//! Start at [`MemoryStore`].

mod clock;
#[cfg(feature = "sql")]
pub mod conformance;
mod memory;
#[cfg(feature = "sql")]
pub mod pg;
#[cfg(feature = "sql")]
pub mod place;
#[cfg(feature = "server")]
pub mod server;

pub use clock::SetClock;
pub use memory::MemoryStore;
#[cfg(feature = "sql")]
pub use place::{Backend, Home};
