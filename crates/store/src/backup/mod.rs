//! Backup while running, and restore into an empty store: one form for both databases, so a backup of one restores into the other.
//!
//! ```text
//! title line | header length (4) | header JSON: recipients, schema | chunks
//! chunk: length (4) | AES-256-GCM-SIV of at most 256 KiB of a gzip stream, bound to header, place and being the last
//! stream: a JSON line a row, `[table, cells…]`; last line: the number of rows of each table and the head
//! ```
//!
//! The key of the chunks is sealed to each recipient by HPKE (X25519, HKDF-SHA256, AES-256-GCM). The master key is never inside:
//! personal values stay sealed under persons' keys, which are wrapped by it.

mod dump;
mod envelope;
mod keys;
mod lines;
mod load;

pub use dump::backup;
pub use keys::{BackupIdentity, BackupRecipient};
pub use load::restore;

use std::io;

use crate::db::{DbError, OpenError};

/// What a backup holds, or what was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// Rows of each table.
    pub rows: Vec<(String, u64)>,
    /// Place of the last event in it.
    pub last_event: i64,
    /// Place of the last audit row in it.
    pub last_audit: i64,
}

/// Why a backup could not be made or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is nobody to seal it to.
    #[error("a backup needs at least one recipient")]
    NoRecipient,
    /// Not a key of the form that is wanted.
    #[error("not a backup key of this form")]
    BadKey,
    /// The system gave no random bytes.
    #[error("the system gave no random bytes")]
    NoRandom,
    /// The file could not be read or written.
    #[error("the backup file: {0}")]
    Io(#[from] io::Error),
    /// Not a backup, or of another version.
    #[error("not a backup that this program can read")]
    Form,
    /// Sealed to others.
    #[error("the backup is not sealed to this key")]
    NotForUs,
    /// Cut short or changed.
    #[error("the backup was changed or cut short")]
    NotAuthentic,
    /// It has another schema.
    #[error("the backup is of schema {found}, this program restores {known}")]
    Schema {
        /// The backup's.
        found: i64,
        /// This program's.
        known: i64,
    },
    /// There is something in the store already.
    #[error("the store is not empty")]
    NotEmpty,
    /// What it holds contradicts itself.
    #[error("the backup contradicts itself: {0}")]
    Contradicts(&'static str),
    /// The store could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database said no.
    #[error("the database answers {0}")]
    Database(String),
}

impl From<DbError> for BackupError {
    fn from(error: DbError) -> Self {
        Self::Database(error.code)
    }
}
