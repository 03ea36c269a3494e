//! SQLite: one connection writes, a pool reads.

use std::{fmt::Write as _, path::Path};

use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use sqlx::{
    ConnectOptions, Executor, Row as _, Sqlite, SqliteConnection, SqlitePool,
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};

use super::{DbError, Given, READERS_MAX, STATEMENT_TIME_MAX};
use crate::{
    cell::{Cell, Row, Type},
    hex::push_hex,
    statement::{Dialect, Statement},
};

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(STATEMENT_TIME_MAX)
        .pragma("trusted_schema", "OFF")
        // What is deleted (a person's key above all) is overwritten, not left in free pages.
        .pragma("secure_delete", "ON")
        .pragma("journal_size_limit", "67108864")
        .pragma("cache_size", "-65536")
        .statement_cache_capacity(200)
        .disable_statement_logging()
}

/// The connection that writes. The first one makes the database.
pub async fn connect(path: &Path) -> Result<SqliteConnection, DbError> {
    Ok(options(path).connect().await?)
}

/// Connections that read.
pub async fn pool(path: &Path) -> Result<SqlitePool, DbError> {
    let pool = SqlitePoolOptions::new()
        .max_connections(READERS_MAX)
        .acquire_timeout(STATEMENT_TIME_MAX)
        .connect_with(options(path).create_if_missing(false).pragma("query_only", "ON"))
        .await?;
    Ok(pool)
}

/// Runs a statement and gives its rows.
pub async fn rows<'c>(
    on: impl Executor<'c, Database = Sqlite>,
    statement: &'static Statement,
    given: Given,
) -> Result<Vec<Row>, DbError> {
    let mut query = sqlx::query(statement.text(Dialect::Sqlite));
    query = match given {
        Given::Rows(rows) => query.bind(json(&rows)?),
        Given::Values(values) => values.into_iter().fold(query, |query, value| match value {
            Cell::Int(value) => query.bind(value),
            Cell::Text(value) => query.bind(value),
            Cell::Bytes(value) => query.bind(value),
            Cell::Id(value) => query.bind(value),
        }),
    };
    let rows = query.fetch(on);
    rows.map_err(DbError::from)
        .and_then(async |row| read(&row, statement.gives))
        .try_collect()
        .await
}

fn read(row: &SqliteRow, gives: &[Type]) -> Result<Row, DbError> {
    let cell = |(at, kind): (usize, &Type)| {
        Ok(match kind {
            Type::Int => Cell::Int(row.try_get(at)?),
            Type::Text => Cell::Text(row.try_get(at)?),
            Type::Bytes => Cell::Bytes(row.try_get(at)?),
            Type::Id => Cell::Id(row.try_get(at)?),
        })
    };
    gives.iter().enumerate().map(cell).collect()
}

/// Rows as one JSON text, bytes as hexadecimal: one statement for any number of rows.
fn json(rows: &[Row]) -> Result<String, DbError> {
    let mut out = String::with_capacity(64 * rows.len());
    out.push('[');
    for (at, row) in rows.iter().enumerate() {
        out.push_str(if at == 0 { "[" } else { ",[" });
        for (at, cell) in row.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            put(&mut out, cell)?;
        }
        out.push(']');
    }
    out.push(']');
    Ok(out)
}

fn put(out: &mut String, cell: &Cell) -> Result<(), DbError> {
    match cell {
        // Writing to a String does not fail.
        Cell::Int(value) => write!(out, "{value}").unwrap_or_default(),
        Cell::Text(value) => {
            let text = serde_json::to_string(value).map_err(|_| DbError::refused("encode"))?;
            out.push_str(&text);
        }
        Cell::Bytes(value) => quoted(out, value),
        Cell::Id(value) => quoted(out, value.as_bytes()),
    }
    Ok(())
}

fn quoted(out: &mut String, bytes: &[u8]) {
    out.push('"');
    push_hex(out, bytes);
    out.push('"');
}

/// All rows of a statement without arguments, one after the other.
pub fn stream<'c>(
    on: impl Executor<'c, Database = Sqlite> + 'c,
    statement: &'static Statement,
) -> BoxStream<'c, Result<Row, DbError>> {
    let rows = sqlx::query(statement.text(Dialect::Sqlite)).fetch(on);
    rows.map(|row| read(&row?, statement.gives)).boxed()
}
