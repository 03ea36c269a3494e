//! Migrations: numbered scripts, run once, in order, never edited afterwards.

use crate::{
    cell::{Columns, Type, row},
    db::{Conn, DbError, Given, OpenError},
    statement::{Dialect, Statement},
};

/// One migration, with its text for each database.
struct Migration {
    number: i64,
    name: &'static str,
    sqlite: &'static str,
    pg: &'static str,
}

macro_rules! migrations {
    ($($number:literal $file:literal),* $(,)?) => {
        &[$(Migration {
            number: $number,
            name: $file,
            sqlite: include_str!(concat!("../migrations/sqlite/", $file, ".sql")),
            pg: include_str!(concat!("../migrations/pg/", $file, ".sql")),
        }),*]
    };
}

static MIGRATIONS: &[Migration] = migrations![1 "0001_ground", 2 "0002_tally"];

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migration \
    (number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)";
static RUN: Statement = Statement::values(
    "SELECT number, checksum FROM migration ORDER BY number",
    &[],
    &[Type::Int, Type::Text],
);
static NOTE: Statement = Statement::values(
    "INSERT INTO migration (number, name, checksum) VALUES ($1, $2, $3)",
    &[Type::Int, Type::Text, Type::Text],
    &[],
);

/// Number of the newest migration.
pub fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.number)
}

/// Brings the schema up to this program, in one transaction. Refuses one that is newer or was edited. A schema that is up to date
/// is only read, so that a database role without the right to change it can serve.
pub async fn run(conn: &mut Conn) -> Result<(), OpenError> {
    if let Ok(run) = applied(conn).await {
        refuse_foreign(&run, conn.dialect())?;
        if run.len() == MIGRATIONS.len() {
            return Ok(());
        }
    }
    conn.begin().await?;
    let done = all(conn).await;
    match &done {
        Ok(()) => conn.commit().await?,
        Err(_) => conn.rollback().await?,
    }
    done
}

async fn all(conn: &mut Conn) -> Result<(), OpenError> {
    if conn.dialect() == Dialect::Pg {
        // Two processes that start at once migrate one after the other.
        conn.script(
            "SET LOCAL client_min_messages = warning; SELECT pg_advisory_xact_lock(7205112)",
        )
        .await?;
    }
    conn.script(TABLE).await?;
    let run = applied(conn).await?;
    refuse_foreign(&run, conn.dialect())?;
    for migration in MIGRATIONS.iter().filter(|m| !run.iter().any(|(n, _)| *n == m.number)) {
        conn.script(migration.text(conn.dialect())).await?;
        let note = row![migration.number, migration.name, migration.checksum(conn.dialect())];
        conn.rows(&NOTE, Given::Values(note)).await?;
    }
    Ok(())
}

async fn applied(conn: &mut Conn) -> Result<Vec<(i64, String)>, DbError> {
    let rows = conn.rows(&RUN, Given::Values(row![])).await?;
    rows.into_iter()
        .map(|row| {
            let mut columns = Columns::of(row);
            Ok((columns.int()?, columns.text()?))
        })
        .collect()
}

fn refuse_foreign(run: &[(i64, String)], dialect: Dialect) -> Result<(), OpenError> {
    let known = newest();
    for (number, checksum) in run {
        let Some(migration) = MIGRATIONS.iter().find(|m| m.number == *number) else {
            return Err(OpenError::Newer { found: *number, known });
        };
        if migration.checksum(dialect) != *checksum {
            return Err(OpenError::Edited { number: *number });
        }
    }
    Ok(())
}

impl Migration {
    const fn text(&self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Pg => self.pg,
        }
    }

    fn checksum(&self, dialect: Dialect) -> String {
        blake3::hash(self.text(dialect).as_bytes()).to_hex().to_string()
    }
}
