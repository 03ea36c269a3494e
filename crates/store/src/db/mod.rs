//! The two databases behind one face: a pool that reads, and connections that run statements of the catalogue.

mod error;
mod pg;
mod place;
mod sqlite;

pub use error::{DbError, Fault, OpenError};
pub use place::Place;

use std::time::Duration;

use futures::stream::BoxStream;
use sqlx::{Connection, PgConnection, PgPool, SqliteConnection, SqlitePool};

use crate::{
    cell::Row,
    statement::{Dialect, Statement},
};

/// Longest that one statement may take.
pub const STATEMENT_TIME_MAX: Duration = Duration::from_secs(2);
/// Longest that one transaction may take.
pub const TRANSACTION_TIME_MAX: Duration = Duration::from_secs(5);
/// One view for all statements of a backup, which may take their time.
const PG_VIEW: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0; \
    SET LOCAL enable_seqscan = on";
/// Connections that read.
const READERS_MAX: u32 = 8;

/// What a statement is given.
#[derive(Debug)]
pub enum Given {
    /// Values.
    Values(Row),
    /// Rows.
    Rows(Vec<Row>),
}

/// Connections that read.
#[derive(Debug, Clone)]
pub enum Pool {
    /// SQLite.
    Sqlite(SqlitePool),
    /// PostgreSQL.
    Pg(PgPool),
}

impl Pool {
    /// Opens the readers.
    pub async fn open(place: &Place) -> Result<Self, DbError> {
        match place {
            Place::Directory(path) => sqlite::pool(path).await.map(Self::Sqlite),
            Place::Postgres(options) => pg::pool(options).await.map(Self::Pg),
        }
    }

    /// The rows that a statement gives.
    pub async fn rows(
        &self,
        statement: &'static Statement,
        given: Given,
    ) -> Result<Vec<Row>, DbError> {
        let run = async {
            match self {
                Self::Sqlite(pool) => sqlite::rows(pool, statement, given).await,
                Self::Pg(pool) => pg::rows(pool, statement, given).await,
            }
        };
        match tokio::time::timeout(STATEMENT_TIME_MAX * 2, run).await {
            Ok(rows) => rows,
            Err(_) => Err(DbError::lost("timeout")),
        }
    }

    /// Ends all connections.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Pg(pool) => pool.close().await,
        }
    }
}

/// One connection of its own: the writer's, a backup's.
#[derive(Debug)]
pub enum Conn {
    /// SQLite.
    Sqlite(SqliteConnection),
    /// PostgreSQL.
    Pg(PgConnection),
}

impl Conn {
    /// Opens a connection that may write.
    pub async fn open(place: &Place) -> Result<Self, DbError> {
        match place {
            Place::Directory(path) => sqlite::connect(path).await.map(Self::Sqlite),
            Place::Postgres(options) => pg::connect(options).await.map(Self::Pg),
        }
    }

    /// Which database it is.
    pub const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Pg(_) => Dialect::Pg,
        }
    }

    /// The rows that a statement gives.
    pub async fn rows(
        &mut self,
        statement: &'static Statement,
        given: Given,
    ) -> Result<Vec<Row>, DbError> {
        match self {
            Self::Sqlite(conn) => sqlite::rows(&mut *conn, statement, given).await,
            Self::Pg(conn) => pg::rows(&mut *conn, statement, given).await,
        }
    }

    /// Runs a statement over rows, unless there are none; gives what it gives.
    pub async fn each(
        &mut self,
        statement: &'static Statement,
        rows: Vec<Row>,
    ) -> Result<Vec<Row>, DbError> {
        match rows.is_empty() {
            true => Ok(Vec::new()),
            false => self.rows(statement, Given::Rows(rows)).await,
        }
    }

    /// Runs SQL as it stands: schema, transactions.
    pub async fn script(&mut self, text: &'static str) -> Result<(), DbError> {
        match self {
            Self::Sqlite(conn) => sqlx::raw_sql(text).execute(&mut *conn).await.map(drop)?,
            Self::Pg(conn) => sqlx::raw_sql(text).execute(&mut *conn).await.map(drop)?,
        }
        Ok(())
    }

    /// Starts the writing transaction.
    pub async fn begin(&mut self) -> Result<(), DbError> {
        match self.dialect() {
            Dialect::Sqlite => self.script("BEGIN IMMEDIATE").await,
            Dialect::Pg => self.script("BEGIN").await,
        }
    }

    /// Starts a long transaction that sees the store as it is now and changes nothing.
    pub async fn begin_view(&mut self) -> Result<(), DbError> {
        match self.dialect() {
            Dialect::Sqlite => self.script("BEGIN").await,
            Dialect::Pg => self.script(PG_VIEW).await,
        }
    }

    /// All rows of a statement without arguments, one after the other.
    pub fn stream(&mut self, statement: &'static Statement) -> BoxStream<'_, Result<Row, DbError>> {
        match self {
            Self::Sqlite(conn) => sqlite::stream(conn, statement),
            Self::Pg(conn) => pg::stream(conn, statement),
        }
    }

    /// Makes it durable.
    pub async fn commit(&mut self) -> Result<(), DbError> {
        self.script("COMMIT").await
    }

    /// Undoes it.
    pub async fn rollback(&mut self) -> Result<(), DbError> {
        self.script("ROLLBACK").await
    }

    /// Ends the connection.
    pub async fn close(self) {
        // Nothing to be done about a connection that does not end well.
        let _ = match self {
            Self::Sqlite(conn) => conn.close().await,
            Self::Pg(conn) => conn.close().await,
        };
    }
}

impl Conn {
    /// Whether the transaction with this number was committed; `None` while it is not known.
    pub async fn was_committed(&mut self, xid: &str) -> Result<Option<bool>, DbError> {
        match self {
            // A COMMIT that SQLite did not acknowledge is rolled back when the file is opened again, or is there: it cannot be told here.
            Self::Sqlite(_) => Ok(None),
            Self::Pg(conn) => pg::was_committed(conn, xid).await,
        }
    }
}
