//! PostgreSQL: one connection a process writes, a pool reads.

use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use sqlx::{
    ConnectOptions, Executor, PgConnection, PgPool, Postgres, Row as _,
    postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow},
    query::Query,
};
use uuid::Uuid;

use super::{DbError, Given, READERS_MAX, STATEMENT_TIME_MAX};
use crate::{
    cell::{Cell, Row, Type},
    statement::{Dialect, Statement, Takes},
};

fn options(base: &PgConnectOptions) -> PgConnectOptions {
    base.clone()
        .application_name("sarai")
        .options([
            ("statement_timeout", "2000"),
            ("lock_timeout", "2000"),
            ("idle_in_transaction_session_timeout", "5000"),
            ("default_transaction_isolation", "read committed"),
            ("synchronous_commit", "on"),
        ])
        .statement_cache_capacity(200)
        .disable_statement_logging()
}

/// The connection that writes. Its statements join a few given rows with large tables by their keys, always: plans are made once,
/// and never by reading a whole table because it was small when the plan was made.
pub async fn connect(base: &PgConnectOptions) -> Result<PgConnection, DbError> {
    let options = options(base).options([
        ("plan_cache_mode", "force_generic_plan"),
        ("enable_seqscan", "off"),
        ("enable_hashjoin", "off"),
        ("enable_mergejoin", "off"),
        ("jit", "off"),
    ]);
    Ok(options.connect().await?)
}

/// Connections that read.
pub async fn pool(base: &PgConnectOptions) -> Result<PgPool, DbError> {
    let pool = PgPoolOptions::new()
        .max_connections(READERS_MAX)
        .acquire_timeout(STATEMENT_TIME_MAX)
        .connect_with(options(base).options([("default_transaction_read_only", "on")]))
        .await?;
    Ok(pool)
}

type PgQuery = Query<'static, Postgres, PgArguments>;

/// Runs a statement and gives its rows.
pub async fn rows<'c>(
    on: impl Executor<'c, Database = Postgres>,
    statement: &'static Statement,
    given: Given,
) -> Result<Vec<Row>, DbError> {
    let query = sqlx::query(statement.text(Dialect::Pg));
    let query = match (given, statement.takes) {
        (Given::Rows(rows), Takes::Rows(columns)) => bind_rows(query, rows, columns)?,
        (Given::Values(values), Takes::Values(_)) => bind_values(query, values),
        _ => return Err(DbError::refused("arguments")),
    };
    let rows = query.fetch(on);
    rows.map_err(DbError::from)
        .and_then(async |row| read(&row, statement.gives))
        .try_collect()
        .await
}

fn bind_values(query: PgQuery, values: Row) -> PgQuery {
    values.into_iter().fold(query, |query, value| match value {
        Cell::Int(value) => query.bind(value),
        Cell::Text(value) => query.bind(value),
        Cell::Bytes(value) => query.bind(value),
        Cell::Id(value) => query.bind(value),
    })
}

/// Rows become one array a column.
fn bind_rows(
    mut query: PgQuery,
    rows: Vec<Row>,
    columns: &[(&str, Type)],
) -> Result<PgQuery, DbError> {
    let mut arrays: Vec<Array> =
        columns.iter().map(|(_, kind)| Array::of(*kind, rows.len())).collect();
    for row in rows {
        for (array, cell) in arrays.iter_mut().zip(row) {
            array.push(cell)?;
        }
    }
    for array in arrays {
        query = match array {
            Array::Int(values) => query.bind(values),
            Array::Text(values) => query.bind(values),
            Array::Bytes(values) => query.bind(values),
            Array::Id(values) => query.bind(values),
        };
    }
    Ok(query)
}

enum Array {
    Int(Vec<i64>),
    Text(Vec<String>),
    Bytes(Vec<Vec<u8>>),
    Id(Vec<Uuid>),
}

impl Array {
    fn of(kind: Type, length: usize) -> Self {
        match kind {
            Type::Int => Self::Int(Vec::with_capacity(length)),
            Type::Text => Self::Text(Vec::with_capacity(length)),
            Type::Bytes => Self::Bytes(Vec::with_capacity(length)),
            Type::Id => Self::Id(Vec::with_capacity(length)),
        }
    }

    fn push(&mut self, cell: Cell) -> Result<(), DbError> {
        match (self, cell) {
            (Self::Int(values), Cell::Int(value)) => values.push(value),
            (Self::Text(values), Cell::Text(value)) => values.push(value),
            (Self::Bytes(values), Cell::Bytes(value)) => values.push(value),
            (Self::Id(values), Cell::Id(value)) => values.push(value),
            _ => return Err(DbError::refused("arguments")),
        }
        Ok(())
    }
}

fn read(row: &PgRow, gives: &[Type]) -> Result<Row, DbError> {
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

/// PostgreSQL only: what became of a transaction.
const XACT_STATUS: &str = "SELECT coalesce(pg_xact_status($1::text::xid8), 'unknown')";

/// Whether a transaction was committed; `None` while it runs or is too old to be known.
pub async fn was_committed(conn: &mut PgConnection, xid: &str) -> Result<Option<bool>, DbError> {
    let status: String = sqlx::query_scalar(XACT_STATUS).bind(xid).fetch_one(conn).await?;
    Ok(match status.as_str() {
        "committed" => Some(true),
        "aborted" => Some(false),
        _ => None,
    })
}

/// All rows of a statement without arguments, one after the other.
pub fn stream<'c>(
    on: impl Executor<'c, Database = Postgres> + 'c,
    statement: &'static Statement,
) -> BoxStream<'c, Result<Row, DbError>> {
    let rows = sqlx::query(statement.text(Dialect::Pg)).fetch(on);
    rows.map(|row| read(&row?, statement.gives)).boxed()
}
