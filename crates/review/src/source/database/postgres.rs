//! PostgreSQL.

use std::str::FromStr;

use futures::TryStreamExt;
use sqlx::{
    AssertSqlSafe, Connection, PgConnection, Row, postgres::PgConnectOptions, postgres::PgRow,
};

use super::{
    BINARY_BYTES_MAX, CONNECT_TIME_MAX, Column, TABLES_MAX, Table, VALUE_CHARS_MAX, is_gone, open,
    problem, values,
};
use crate::source::{Cell, Fault, Format, Limits, Problem, Sink, UnitId};

/// Ordinary tables, the roots of partitioned ones, and materialised views; of views and foreign tables only the names.
const TABLES: &str = "SELECT n.nspname, c.relname, c.relkind::text, c.oid::int8, \
     has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') \
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
     WHERE c.relkind IN ('r', 'p', 'm', 'f') AND NOT c.relispartition \
     AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%' \
     ORDER BY n.nspname, c.relname LIMIT 10001";

const COLUMNS: &str = "SELECT a.attname, t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
     WHERE a.attrelid = $1::int8::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum LIMIT 1600";

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Reads a database.
///
/// # Errors
/// It cannot be asked, or goes away.
pub(super) async fn read(
    url: &str,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), sqlx::Error> {
    let statement = format!("{}ms", limits.statement_time_max.as_millis());
    let options = PgConnectOptions::from_str(url)?.application_name("sarai scan").options([
        ("statement_timeout", statement.as_str()),
        ("lock_timeout", "2s"),
        ("idle_in_transaction_session_timeout", "60s"),
        ("default_transaction_read_only", "on"),
        // No function of the database's owner stands in for one of the system's.
        ("search_path", "pg_catalog"),
        // A policy on rows would run its owner's code as us: an error instead.
        ("row_security", "off"),
    ]);
    let connecting = tokio::time::timeout(CONNECT_TIME_MAX, PgConnection::connect_with(&options));
    let mut connection =
        connecting.await.map_err(|_| std::io::Error::from(std::io::ErrorKind::TimedOut))??;
    run(&mut connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let rows = sqlx::query(TABLES).fetch_all(&mut connection).await?;
    if rows.len() > TABLES_MAX {
        sink.problem(Problem::new("", Fault::TooMany, "it has more tables than a scan reads"));
    }
    for row in rows.iter().take(TABLES_MAX) {
        let (schema, name): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let (kind, oid, allowed): (String, i64, bool) =
            (row.try_get(2)?, row.try_get(3)?, row.try_get(4)?);
        let place = if schema == "public" {
            format!("table {name}")
        } else {
            format!("table {schema}.{name}")
        };
        if kind == "f" {
            let reason = "a foreign table: its data lies in another database, which was not asked";
            sink.problem(Problem::new(place, Fault::Unsupported, reason));
        } else if !allowed {
            let reason = "the database does not let this account read it";
            sink.problem(Problem::new(place, Fault::Denied, reason));
        } else {
            let quoted = format!("{}.{}", quoted(&schema), quoted(&name));
            run(&mut connection, "SAVEPOINT scan").await?;
            if let Err(error) =
                table(&mut connection, place.clone(), quoted, oid, &kind, limits, sink).await
            {
                sink.problem(problem(&place, &error));
                if is_gone(&error) {
                    return Ok(());
                }
            }
            run(&mut connection, "ROLLBACK TO SAVEPOINT scan").await?;
        }
    }
    run(&mut connection, "ROLLBACK").await?;
    connection.close().await
}

async fn run(connection: &mut PgConnection, statement: &'static str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(statement).execute(connection).await.map(drop)
}

async fn table(
    connection: &mut PgConnection,
    place: String,
    quoted_name: String,
    oid: i64,
    kind: &str,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), sqlx::Error> {
    let columns = sqlx::query(COLUMNS).bind(oid).fetch_all(&mut *connection).await?;
    let columns: Vec<Column> = columns.iter().map(column).collect::<Result<_, _>>()?;
    let estimate = estimate(connection, &quoted_name).await?;
    let table = Table { place, quoted: quoted_name, columns, estimate };
    if table.columns.is_empty() {
        return Ok(());
    }
    let (unit, ids) = open(&table, Format::Postgres, sink);
    let read = sample(connection, &table, kind, limits, unit, &ids, sink).await;
    let sampled =
        read.as_ref().is_ok_and(|rows| limits.sample_rows > 0 && *rows >= limits.sample_rows);
    if sampled
        || table.estimate.is_some_and(|rows| read.as_ref().is_ok_and(|read| rows > *read * 2))
    {
        sink.rows_total(unit, table.estimate.unwrap_or(0));
        run(connection, "SAVEPOINT whole").await?;
        // What a sample cannot say: how many persons, and how old the oldest is. Where that takes too long the sample must do.
        if let Err(error) = whole(connection, &table, unit, sink).await {
            if is_gone(&error) {
                return Err(error);
            }
            run(connection, "ROLLBACK TO SAVEPOINT whole").await?;
        }
    }
    sink.close(unit);
    read.map(drop)
}

fn column(row: &PgRow) -> Result<Column, sqlx::Error> {
    let (name, kind): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let quoted = quoted(&name);
    // format() writes a value by the output function of its type: a cast could be the owner's.
    let value = if kind == "bytea" {
        format!("encode(substring({quoted} from 1 for {BINARY_BYTES_MAX}), 'hex')")
    } else {
        format!("left(format('%s', {quoted}), {VALUE_CHARS_MAX})")
    };
    let moment = matches!(kind.as_str(), "date" | "timestamp" | "timestamptz");
    Ok(Column { name, quoted, value, moment })
}

/// Rows of a table, as the planner reckons from its present length.
async fn estimate(connection: &mut PgConnection, table: &str) -> Result<Option<u64>, sqlx::Error> {
    let row = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN SELECT 1 FROM {table}")))
        .fetch_one(connection)
        .await?;
    let plan: String = row.try_get_unchecked(0)?;
    let rows = plan.split("rows=").nth(1).and_then(|rest| rest.split(' ').next());
    Ok(rows.and_then(|rows| rows.parse().ok()))
}

async fn sample(
    connection: &mut PgConnection,
    table: &Table,
    kind: &str,
    limits: &Limits,
    unit: UnitId,
    ids: &[usize],
    sink: &mut dyn Sink,
) -> Result<u64, sqlx::Error> {
    let most = limits.sample_rows;
    let estimate = table.estimate.unwrap_or(0);
    let some = if most > 0 && estimate > most * 2 && matches!(kind, "r" | "m") {
        let percent = (most as f64 * 150.0 / estimate as f64).clamp(0.001, 100.0);
        format!(" TABLESAMPLE SYSTEM ({percent:.3}) REPEATABLE (1)")
    } else {
        String::new()
    };
    let limit = if most > 0 { format!(" LIMIT {most}") } else { String::new() };
    let sql = format!("SELECT {} FROM {}{some}{limit}", values(table), table.quoted);
    let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(connection);
    let mut read = 0;
    while let Some(row) = rows.try_next().await? {
        for (at, id) in ids.iter().enumerate() {
            if let Ok(Some(value)) = row.try_get_unchecked::<Option<&str>, _>(at) {
                sink.cell(unit, *id, Cell::Text(value));
            }
        }
        sink.end_row(unit);
        read += 1;
        // A server that sends more than it was asked for.
        if most > 0 && read >= most {
            break;
        }
    }
    Ok(read)
}

async fn whole(
    connection: &mut PgConnection,
    table: &Table,
    unit: UnitId,
    sink: &mut dyn Sink,
) -> Result<(), sqlx::Error> {
    let key = sink.person_key(unit);
    let key = key.and_then(|key| table.columns.iter().find(|column| column.name == key));
    let moments: Vec<&Column> = table.columns.iter().filter(|column| column.moment).collect();
    let persons = key.map_or_else(
        || "NULL::int8".to_owned(),
        |key| format!("count(DISTINCT {})::int8", key.quoted),
    );
    let ranges: String = moments
        .iter()
        .map(|column| format!(", format('%s', min({0})), format('%s', max({0}))", column.quoted))
        .collect();
    let sql = format!("SELECT count(*)::int8, {persons}{ranges} FROM {}", table.quoted);
    let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(connection).await?;
    let count = |at: usize| {
        row.try_get::<Option<i64>, _>(at).map(|n| n.and_then(|n| u64::try_from(n).ok()))
    };
    if let Some(rows) = count(0)? {
        sink.rows_total(unit, rows);
    }
    if let Some(persons) = count(1)? {
        sink.persons(unit, persons);
    }
    for (at, column) in moments.iter().enumerate() {
        let (oldest, newest): (Option<&str>, Option<&str>) =
            (row.try_get_unchecked(2 + at * 2)?, row.try_get_unchecked(3 + at * 2)?);
        if let (Some(oldest), Some(newest)) = (oldest, newest) {
            sink.range(unit, &column.name, oldest, newest);
        }
    }
    Ok(())
}
