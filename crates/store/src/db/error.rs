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
    /// COMMIT was sent and nobody can tell what became of it: never run again.
    Unknown,
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

    /// Nobody can tell whether it was committed.
    pub fn unknown() -> Self {
        Self { fault: Fault::Unknown, code: "outcome unknown".to_owned() }
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
    let fault = fault_of(&code);
    let code = match error.constraint() {
        Some(constraint) => format!("{code}:{constraint}"),
        None => code,
    };
    DbError { fault, code }
}

/// What to do about a code of either database; theirs never look alike.
fn fault_of(code: &str) -> Fault {
    match code {
        // PostgreSQL: serialization_failure, deadlock_detected. SQLite: BUSY and its kin.
        "40001" | "40P01" | "5" | "261" | "517" | "773" => Fault::Race,
        // PostgreSQL: out of time, lock not had, shut down, idle too long. Trying each decision alone would only take longer.
        "57014" | "55P03" | "57P01" | "57P02" | "57P03" | "25P03" => Fault::Lost,
        // SQLite: disk full, cannot open, I/O errors (10 and its kin, whose low byte is 10).
        "13" | "14" => Fault::Lost,
        _ if code.parse::<u32>().is_ok_and(|code| code < 10_000 && code % 256 == 10) => Fault::Lost,
        // PostgreSQL, by class: connection, out of resources.
        _ if code.len() == 5 && (code.starts_with("08") || code.starts_with("53")) => Fault::Lost,
        _ => Fault::Refused,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_say_what_to_do() {
        let codes = [
            (Fault::Race, &["40001", "40P01", "5", "517"][..]),
            (Fault::Lost, &["57014", "08006", "53100", "53300", "13", "10", "778", "3338"]),
            (
                Fault::Refused,
                &["23505", "23514", "22021", "19", "2067", "1555", "275", "", "42601"],
            ),
        ];
        for (fault, codes) in codes {
            for code in codes {
                assert_eq!(fault_of(code), fault, "{code}");
            }
        }
    }
}
