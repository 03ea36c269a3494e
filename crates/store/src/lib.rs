//! The store: everything that is kept, in SQLite or PostgreSQL, behind [`sarai_kernel::Store`].
//!
//! Architecture invariant: the one crate with SQL, and it never knows a market: documents are kind, id, version, clear JSON, sealed
//! parts and keys. Sealed parts touch the disk only encrypted under the key of the person that they are about.
//!
//! Start at [`SqlStore::open`]. The write path is `writer` (one task, many decisions in one durable transaction) around `plan`
//! (a pure function over what the batch needs to know); all statements stand in `sql`, one text for both databases.

mod backup;
mod cell;
mod db;
mod erased;
mod hex;
mod migrate;
mod plan;
mod prepare;
mod read;
mod sealing;
mod snapshot;
mod sql;
mod statement;
mod store;
mod write;
mod writer;

pub use backup::{BackupError, BackupIdentity, BackupRecipient, BackupReport, backup, restore};
pub use db::OpenError;
pub use store::{SqlStore, StoreOptions};
