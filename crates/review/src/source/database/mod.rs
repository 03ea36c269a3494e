//! Foreign databases by their address: every table sampled in one read-only transaction, nothing of theirs run: no view, no cast, no
//! policy. What a server sends beyond what was asked for is not read; a server that goes away leaves what was read before.

mod mysql;
mod postgres;

use std::{io, time::Duration};

use super::{Fault, Format, Limits, Problem, Sink, UnitId};

/// Tables of a database.
const TABLES_MAX: usize = 10_000;
/// Time to get a connection.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(15);
/// Characters of a value that are read; binary values are read to a part of that.
const VALUE_CHARS_MAX: usize = 65_536;
/// Bytes of a binary value that are read.
const BINARY_BYTES_MAX: usize = 256;

/// Reads a database; never fails, problems go to the sink.
pub fn read(format: Format, url: &str, limits: &Limits, sink: &mut dyn Sink) {
    let outcome =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map(|runtime| {
            runtime.block_on(async {
                let time_max = limits.database_time_max;
                let reading = async {
                    match format {
                        Format::Postgres => postgres::read(url, limits, sink).await,
                        _ => mysql::read(url, limits, sink).await,
                    }
                };
                tokio::time::timeout(time_max, reading).await
            })
        });
    match outcome {
        Ok(Ok(Ok(()))) => {}
        Ok(Ok(Err(error))) => sink.problem(problem("", &error)),
        Ok(Err(_)) => {
            let reason = "the time for a database was over; what stands here was read until then";
            sink.problem(Problem::new("", Fault::TimedOut, reason));
        }
        Err(_) => sink.problem(Problem::new("", Fault::Crashed, "its reader could not be started")),
    }
}

/// A table to read.
#[derive(Debug)]
struct Table {
    /// As it is shown.
    place: String,
    /// As it stands in a statement: every part quoted.
    quoted: String,
    columns: Vec<Column>,
    /// Rows by the database's estimate.
    estimate: Option<u64>,
}

#[derive(Debug)]
struct Column {
    name: String,
    /// As it stands in a statement.
    quoted: String,
    /// The statement's part that gives its value as a bounded text.
    value: String,
    /// Whether it is of a type of moments.
    moment: bool,
}

/// Opens the unit of a table with all its columns.
fn open(table: &Table, format: Format, sink: &mut dyn Sink) -> (UnitId, Vec<usize>) {
    let unit = sink.open(&table.place, format);
    let ids = table.columns.iter().map(|column| sink.column(unit, &column.name)).collect();
    (unit, ids)
}

/// The values of a table's columns, separated by commas.
fn values(table: &Table) -> String {
    table.columns.iter().map(|column| column.value.as_str()).collect::<Vec<_>>().join(", ")
}

/// Whether an error means that the server is gone, so that asking on is no use.
fn is_gone(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => {
            error.code().is_some_and(|code| code.starts_with("57P") || code.starts_with("08"))
        }
        sqlx::Error::RowNotFound | sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
            false
        }
        _ => true,
    }
}

/// An error as a problem, without words of the server in it: they may quote data.
fn problem(within: &str, error: &sqlx::Error) -> Problem {
    let (fault, reason) = match error {
        sqlx::Error::Database(error) => of_code(&error.code().unwrap_or_default()),
        sqlx::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            (Fault::Gone, "the database does not take connections".to_owned())
        }
        sqlx::Error::Configuration(_) => {
            (Fault::Unreadable, "its address is not understood".to_owned())
        }
        sqlx::Error::Tls(_) => {
            (Fault::Denied, "no encrypted connection could be agreed on".to_owned())
        }
        sqlx::Error::Protocol(_) => {
            (Fault::Hostile, "it does not speak as a database does".to_owned())
        }
        sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } => {
            (Fault::Broken, "a value could not be read".to_owned())
        }
        _ => {
            let reason = "the database went away; what stands here was read until then";
            (Fault::Gone, reason.to_owned())
        }
    };
    Problem::new(within, fault, reason)
}

fn of_code(code: &str) -> (Fault, String) {
    let fault = match code {
        // PostgreSQL: privilege, row security; password, role. MySQL by its SQL states.
        "42501" | "28P01" | "28000" | "42000" => Fault::Denied,
        "57014" | "70100" | "HY000" if code != "HY000" => Fault::TimedOut,
        _ if code.starts_with("57P") || code.starts_with("08") => Fault::Gone,
        _ => Fault::Broken,
    };
    let reason = match fault {
        Fault::Denied => "the database does not let this account read it",
        Fault::TimedOut => "a statement took longer than it may",
        Fault::Gone => "the database went away; what stands here was read until then",
        _ => "the database refused a statement",
    };
    (
        fault,
        format!(
            "{reason} (code {})",
            code.chars().filter(char::is_ascii_alphanumeric).collect::<String>()
        ),
    )
}
