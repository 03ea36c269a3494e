//! SQLite files, read only: ordinary tables, row by row. No view, no trigger and no virtual table of the file runs.

use std::{io, os::fd::AsRawFd};

use futures::TryStreamExt;
use sqlx::{
    AssertSqlSafe, Column, ConnectOptions, Connection, Row, SqliteConnection, TypeInfo, ValueRef,
    sqlite::{SqliteConnectOptions, SqliteOwnedBuf, SqliteRow},
};

use super::{
    Cell, Fault, Format, Input, UnitId,
    read::{Context, inside},
};

/// Tables of a file.
const TABLES_MAX: usize = 10_000;

/// Reads a file.
///
/// # Errors
/// It does not read.
pub(super) fn read(input: Input<'_>, within: &str, cx: &mut Context<'_>) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // The file stays open while it is read by its number.
    let (options, bytes, _kept) = match input {
        Input::File(file, _) => {
            let path = format!("/proc/self/fd/{}", file.as_raw_fd());
            let options =
                SqliteConnectOptions::new().filename(path).read_only(true).immutable(true);
            (options, None, Some(file))
        }
        other => {
            let bytes = other.memory(cx.limits.memory_bytes_max)?;
            (SqliteConnectOptions::new().in_memory(true), Some(bytes), None)
        }
    };
    let outcome = runtime.block_on(tables(options, bytes, within, cx));
    if let Err(error) = outcome {
        told(within, &error, cx);
    }
    Ok(())
}

async fn tables(
    options: SqliteConnectOptions,
    bytes: Option<Vec<u8>>,
    within: &str,
    cx: &mut Context<'_>,
) -> Result<(), sqlx::Error> {
    let options = options
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .disable_statement_logging();
    let mut connection = SqliteConnection::connect_with(&options).await?;
    if let Some(bytes) = bytes {
        let buffer = SqliteOwnedBuf::try_from(bytes.as_slice())?;
        connection.deserialize(None, buffer, true).await?;
    }
    let names = sqlx::query(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' \
         AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY rootpage",
    )
    .fetch_all(&mut connection)
    .await?;
    if names.len() > TABLES_MAX {
        cx.told(within, Fault::TooMany, "it has more tables than a scan reads");
    }
    for row in names.iter().take(TABLES_MAX) {
        let Ok(name) = row.try_get::<String, _>(0) else { continue };
        let place = inside(within, &format!("table {name}"));
        if let Err(error) = table(&mut connection, &name, &place, cx).await {
            told(&place, &error, cx);
        }
    }
    connection.close().await
}

async fn table(
    connection: &mut SqliteConnection,
    name: &str,
    place: &str,
    cx: &mut Context<'_>,
) -> Result<(), sqlx::Error> {
    let unit = cx.sink.open(place, Format::Sqlite);
    // The name is quoted, and every quote in it doubled.
    let sql = format!("SELECT * FROM \"{}\"", name.replace('"', "\"\""));
    let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(connection);
    let mut columns: Option<Vec<usize>> = None;
    while let Some(row) = rows.try_next().await? {
        let ids = columns.get_or_insert_with(|| {
            row.columns().iter().map(|column| cx.sink.column(unit, column.name())).collect()
        });
        for (at, id) in ids.iter().enumerate() {
            value(&row, at, *id, unit, cx);
        }
        cx.sink.end_row(unit);
    }
    cx.sink.close(unit);
    Ok(())
}

fn value(row: &SqliteRow, at: usize, column: usize, unit: UnitId, cx: &mut Context<'_>) {
    let Ok(raw) = row.try_get_raw(at) else { return };
    if raw.is_null() {
        return;
    }
    let kind = raw.type_info().name().to_owned();
    match kind.as_str() {
        "INTEGER" => {
            if let Ok(number) = row.try_get_unchecked::<i64, _>(at) {
                cx.sink.cell(unit, column, Cell::Integer(number));
            }
        }
        "REAL" => {
            if let Ok(number) = row.try_get_unchecked::<f64, _>(at) {
                cx.sink.cell(unit, column, Cell::Real(number));
            }
        }
        _ => {
            if let Ok(bytes) = row.try_get_unchecked::<&[u8], _>(at) {
                cx.sink.cell(unit, column, Cell::Bytes(bytes));
            }
        }
    }
}

fn told(within: &str, error: &sqlx::Error, cx: &mut Context<'_>) {
    let code = match error {
        sqlx::Error::Database(error) => error.code().unwrap_or_default().into_owned(),
        _ => String::new(),
    };
    let (fault, reason) = match code.as_str() {
        // SQLITE_NOTADB: also what an encrypted file looks like.
        "26" => (Fault::Encrypted, "it is no SQLite file behind its head: broken or encrypted"),
        "14" => (Fault::Unreadable, "it could not be opened"),
        _ => (Fault::Broken, "it breaks the rules of SQLite files"),
    };
    cx.told(within, fault, reason);
}
