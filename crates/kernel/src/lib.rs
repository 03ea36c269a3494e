//! The kernel: what every market has in common. Ids, money, time, documents, decisions, events, the ledger, parties, threads, ratings,
//! and the ports through which the rooms ask for the outside.
//!
//! Architecture invariant: no I/O, no async runtime, no SQL, no HTTP, and no word of any one market.
//!
//! Start at [`Decision`]: a use case reads documents, calls a pure rule, and commits one decision. Then [`ports::Store`].

pub mod audit;
pub mod caller;
pub mod decision;
pub mod document;
pub mod event;
pub mod file;
pub mod id;
pub mod ledger;
pub mod mask;
pub mod money;
pub mod party;
pub mod personal;
pub mod ports;
pub mod purpose;
pub mod rating;
pub mod refusal;
#[cfg(feature = "schema")]
mod schema;
pub mod tally;
pub mod thread;
pub mod time;
pub mod usecase;

pub use caller::{Caller, Command, Role, Via};
pub use decision::{Decision, Once, Outcome};
pub use document::{DocRef, Document, Draft, Key, Query, Stored};
pub use event::{Event, NewEvent};
pub use id::*;
pub use ledger::{Account, PostingSet};
pub use money::{Currency, Money};
pub use ports::{CommitError, Committed, Store, StoreError, StoreExt};
pub use refusal::{FieldCheck, FieldError, Kind, Refusal};
pub use tally::{Counted, Marks, Ways};
pub use time::{Clock, Timestamp, Window};
pub use usecase::{UseCaseError, decide_and_commit};
