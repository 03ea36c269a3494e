//! MySQL and MariaDB. The client never offers local files, so a server cannot ask for one.

use std::str::FromStr;

use futures::TryStreamExt;
use sqlx::{
    AssertSqlSafe, Connection, MySqlConnection, Row, mysql::MySqlConnectOptions, mysql::MySqlRow,
};

use super::{
    BINARY_BYTES_MAX, CONNECT_TIME_MAX, Column, TABLES_MAX, Table, VALUE_CHARS_MAX, is_gone, open,
    problem, values,
};
use crate::source::{Cell, Fault, Format, Limits, Problem, Sink, UnitId};

/// Places in a large table at which rows are taken.
const PLACES: u64 = 20;

/// Ordinary tables of the address's database, or of all but the system's.
const TABLES: &str = "SELECT CAST(table_schema AS CHAR), CAST(table_name AS CHAR), CAST(table_rows AS CHAR), \
     CAST(IFNULL(engine, '') AS CHAR) FROM information_schema.tables WHERE table_type = 'BASE TABLE' \
     AND table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema') \
     AND (DATABASE() IS NULL OR table_schema = DATABASE()) ORDER BY table_schema, table_name LIMIT 10001";

const COLUMNS: &str = "SELECT CAST(column_name AS CHAR), CAST(data_type AS CHAR), CAST(column_key AS CHAR) \
     FROM information_schema.columns WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position";

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
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
    let url = url.replacen("mariadb://", "mysql://", 1);
    let options = MySqlConnectOptions::from_str(&url)?;
    let connecting =
        tokio::time::timeout(CONNECT_TIME_MAX, MySqlConnection::connect_with(&options));
    let mut connection =
        connecting.await.map_err(|_| std::io::Error::from(std::io::ErrorKind::TimedOut))??;
    let seconds = limits.statement_time_max.as_secs();
    // The first is MariaDB's, the second MySQL's: one of them is not known.
    for bound in [
        format!("SET SESSION max_statement_time = {seconds}"),
        format!("SET SESSION max_execution_time = {}", seconds * 1000),
        "SET SESSION lock_wait_timeout = 2".to_owned(),
    ] {
        let _ = sqlx::raw_sql(AssertSqlSafe(bound)).execute(&mut connection).await;
    }
    run(&mut connection, "SET SESSION TRANSACTION READ ONLY").await?;
    run(&mut connection, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY").await?;
    let rows = sqlx::query(TABLES).fetch_all(&mut connection).await?;
    if rows.len() > TABLES_MAX {
        sink.problem(Problem::new("", Fault::TooMany, "it has more tables than a scan reads"));
    }
    let database = options.get_database().map(str::to_owned);
    for row in rows.iter().take(TABLES_MAX) {
        let (schema, name): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let rows = row.try_get::<Option<String>, _>(2)?.and_then(|rows| rows.parse().ok());
        let engine: String = row.try_get(3)?;
        let place = if database.as_deref() == Some(&schema) {
            format!("table {name}")
        } else {
            format!("table {schema}.{name}")
        };
        if ["FEDERATED", "CONNECT", "SPIDER", "S3"]
            .iter()
            .any(|other| engine.eq_ignore_ascii_case(other))
        {
            let reason = "its data lies in another place, which was not asked";
            sink.problem(Problem::new(place, Fault::Unsupported, reason));
        } else if let Err(error) =
            table(&mut connection, place.clone(), &schema, &name, rows, limits, sink).await
        {
            sink.problem(problem(&place, &error));
            if is_gone(&error) {
                return Ok(());
            }
        }
    }
    run(&mut connection, "ROLLBACK").await?;
    connection.close().await
}

async fn run(connection: &mut MySqlConnection, statement: &'static str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(statement).execute(connection).await.map(drop)
}

async fn table(
    connection: &mut MySqlConnection,
    place: String,
    schema: &str,
    name: &str,
    estimate: Option<u64>,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(COLUMNS).bind(schema).bind(name).fetch_all(&mut *connection).await?;
    let columns: Vec<Column> = rows.iter().map(column).collect::<Result<_, _>>()?;
    let primary = primary(&rows)?;
    let quoted_name = format!("{}.{}", quoted(schema), quoted(name));
    let table = Table { place, quoted: quoted_name, columns, estimate };
    if table.columns.is_empty() {
        return Ok(());
    }
    let (unit, ids) = open(&table, Format::Mysql, sink);
    let read = sample(connection, &table, primary, limits, unit, &ids, sink).await;
    if let Ok(rows) = read
        && limits.sample_rows > 0
        && rows >= limits.sample_rows
    {
        sink.rows_total(unit, table.estimate.unwrap_or(0).max(rows));
        if let Err(error) = whole(connection, &table, unit, sink).await
            && is_gone(&error)
        {
            return Err(error);
        }
    }
    sink.close(unit);
    read.map(drop)
}

fn column(row: &MySqlRow) -> Result<Column, sqlx::Error> {
    let (name, kind): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let quoted = quoted(&name);
    let value = match kind.to_ascii_lowercase().as_str() {
        "tinyblob" | "blob" | "mediumblob" | "longblob" | "binary" | "varbinary" | "bit" => {
            format!("HEX(LEFT({quoted}, {BINARY_BYTES_MAX}))")
        }
        "geometry" | "point" | "linestring" | "polygon" | "multipoint" | "multilinestring"
        | "multipolygon" | "geometrycollection" => {
            format!("LEFT(ST_AsText({quoted}), {VALUE_CHARS_MAX})")
        }
        _ => format!("LEFT(CAST({quoted} AS CHAR CHARACTER SET utf8mb4), {VALUE_CHARS_MAX})"),
    };
    let moment = matches!(kind.to_ascii_lowercase().as_str(), "date" | "datetime" | "timestamp");
    Ok(Column { name, quoted, value, moment })
}

/// The column of the primary key, where that is one whole number.
fn primary(rows: &[MySqlRow]) -> Result<Option<String>, sqlx::Error> {
    let mut keys = Vec::new();
    for row in rows {
        let (name, kind, key): (String, String, String) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        if key == "PRI" {
            keys.push((name, kind.to_ascii_lowercase().ends_with("int")));
        }
    }
    Ok(match keys.as_slice() {
        [(name, true)] => Some(quoted(name)),
        _ => None,
    })
}

async fn sample(
    connection: &mut MySqlConnection,
    table: &Table,
    primary: Option<String>,
    limits: &Limits,
    unit: UnitId,
    ids: &[usize],
    sink: &mut dyn Sink,
) -> Result<u64, sqlx::Error> {
    let most = limits.sample_rows;
    let (values, name) = (values(table), &table.quoted);
    let spread =
        primary.filter(|_| most >= PLACES && table.estimate.is_some_and(|rows| rows > most * 2));
    let Some(key) = spread else {
        let limit = if most > 0 { format!(" LIMIT {most}") } else { String::new() };
        let sql = format!("SELECT {values} FROM {name}{limit}");
        return rows(connection, sql, most, unit, ids, sink).await;
    };
    let ends = format!("SELECT CAST(MIN({key}) AS CHAR), CAST(MAX({key}) AS CHAR) FROM {name}");
    let ends = sqlx::query(AssertSqlSafe(ends)).fetch_one(&mut *connection).await?;
    let end = |at: usize| -> Result<i128, sqlx::Error> {
        Ok(ends.try_get::<Option<String>, _>(at)?.and_then(|end| end.parse().ok()).unwrap_or(0))
    };
    let (first, last) = (end(0)?, end(1)?);
    let mut read = 0;
    let mut from = first;
    for place in 1..=PLACES {
        let until = first + (last - first + 1) * i128::from(place) / i128::from(PLACES);
        let each = most / PLACES;
        // Between two bounds, so that no row is read twice.
        let sql = format!(
            "SELECT {values} FROM {name} WHERE {key} >= {from} AND {key} < {until} ORDER BY {key} LIMIT {each}"
        );
        read += rows(connection, sql, each, unit, ids, sink).await?;
        from = until;
    }
    Ok(read)
}

async fn rows(
    connection: &mut MySqlConnection,
    sql: String,
    most: u64,
    unit: UnitId,
    ids: &[usize],
    sink: &mut dyn Sink,
) -> Result<u64, sqlx::Error> {
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
    connection: &mut MySqlConnection,
    table: &Table,
    unit: UnitId,
    sink: &mut dyn Sink,
) -> Result<(), sqlx::Error> {
    let key = sink.person_key(unit);
    let key = key.and_then(|key| table.columns.iter().find(|column| column.name == key));
    let moments: Vec<&Column> = table.columns.iter().filter(|column| column.moment).collect();
    let persons =
        key.map_or_else(|| "NULL".to_owned(), |key| format!("COUNT(DISTINCT {})", key.quoted));
    let ranges: String = moments
        .iter()
        .map(|column| format!(", CAST(MIN({0}) AS CHAR), CAST(MAX({0}) AS CHAR)", column.quoted))
        .collect();
    let sql = format!(
        "SELECT CAST(COUNT(*) AS CHAR), CAST({persons} AS CHAR){ranges} FROM {}",
        table.quoted
    );
    let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(connection).await?;
    let text = |at: usize| row.try_get::<Option<String>, _>(at);
    if let Some(rows) = text(0)?.and_then(|rows| rows.parse().ok()) {
        sink.rows_total(unit, rows);
    }
    if let Some(persons) = text(1)?.and_then(|persons| persons.parse().ok()) {
        sink.persons(unit, persons);
    }
    for (at, column) in moments.iter().enumerate() {
        if let (Some(oldest), Some(newest)) = (text(2 + at * 2)?, text(3 + at * 2)?) {
            sink.range(unit, &column.name, &oldest, &newest);
        }
    }
    Ok(())
}
