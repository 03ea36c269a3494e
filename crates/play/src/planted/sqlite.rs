//! The tables as an SQLite file.

use std::{io, path::Path};

use sqlx::{ConnectOptions, Connection, Executor, sqlite::SqliteConnectOptions};

use super::Table;

/// Writes a new file; one of that name is replaced.
pub async fn write(path: &Path, tables: &[Table]) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .disable_statement_logging();
    let mut connection = options.connect().await.map_err(io::Error::other)?;
    for table in tables {
        let statements = format!("BEGIN; {} COMMIT;", table.statements());
        connection
            .execute(sqlx::raw_sql(sqlx::AssertSqlSafe(statements)))
            .await
            .map_err(io::Error::other)?;
    }
    connection.close().await.map_err(io::Error::other)
}
