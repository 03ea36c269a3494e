//! Database errors, cut to a code: their texts can hold values.

use sarai_kernel::StoreError;

use crate::cell::WrongColumn;

/// What to do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Two transactions met: run it again.
    Race,
    /// The connection is gone or does not answer.
    Lost,
    /// The database refused it, and will again.
    Refused,
}

/// A database error: its code, and the constraint if there is one. Never the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DbError {
    /// What to do.
    pub fault: Fault,
    /// Code, and constraint after a colon.
    pub code: String,
}

impl DbError {
    /// The connection is gone.
    pub fn lost(code: &str) -> Self {
        Self { fault: Fault::Lost, code: code.to_owned() }
    }

    /// The database's answer is not what was promised.
    pub fn refused(code: &str) -> Self {
        Self { fault: Fault::Refused, code: code.to_owned() }
    }
}

impl From<DbError> for StoreError {
    fn from(error: DbError) -> Self {
        Self::Unavailable { code: error.code }
    }
}

impl From<WrongColumn> for DbError {
    fn from(_: WrongColumn) -> Self {
        Self::refused("column")
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => from_database(&*error),
            sqlx::Error::Io(error) => Self::lost(&format!("io {:?}", error.kind())),
            sqlx::Error::Tls(_) => Self::lost("tls"),
            sqlx::Error::PoolTimedOut => Self::lost("pool"),
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => Self::lost("closed"),
            sqlx::Error::Protocol(_) => Self::lost("protocol"),
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::refused("decode"),
            sqlx::Error::Encode(_) => Self::refused("encode"),
            _ => Self::lost("driver"),
        }
    }
}

fn from_database(error: &dyn sqlx::error::DatabaseError) -> DbError {
    let code = error.code().unwrap_or_default().into_owned();
    let fault = match code.as_str() {
        // PostgreSQL: serialization_failure, deadlock_detected. SQLite: BUSY and its kin.
        "40001" | "40P01" | "5" | "261" | "517" | "773" => Fault::Race,
        // PostgreSQL: shutdown, crash, cannot connect now, idle in transaction.
        "57P01" | "57P02" | "57P03" | "25P03" => Fault::Lost,
        _ => Fault::Refused,
    };
    let code = match error.constraint() {
        Some(constraint) => format!("{code}:{constraint}"),
        None => code,
    };
    DbError { fault, code }
}

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is not a directory or a PostgreSQL address.
    #[error("not a directory or a postgres:// address")]
    Address,
    /// The directory cannot be made or read.
    #[error("the data directory: {0}")]
    Directory(std::io::Error),
    /// Others can read the directory.
    #[error("the data directory has mode {mode:04o}; it must be 0700")]
    Loose {
        /// Its mode.
        mode: u32,
    },
    /// The database said no.
    #[error("the database answers {0}")]
    Database(String),
    /// A migration that was run is not the one that this program has.
    #[error("migration {number} was changed after it was run")]
    Edited {
        /// Which.
        number: i64,
    },
    /// The store was migrated by a newer program.
    #[error("the store is at migration {found}, this program knows {known}")]
    Newer {
        /// The store's.
        found: i64,
        /// The program's.
        known: i64,
    },
}

impl From<DbError> for OpenError {
    fn from(error: DbError) -> Self {
        Self::Database(error.code)
    }
}
