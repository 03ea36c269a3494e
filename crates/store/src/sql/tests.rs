//! Every statement is prepared on both databases, and gives what it promises.

use sarai_testkit::{Backend, Home};
use sqlx::{
    Column, Connection, Executor, PgConnection, SqlSafeStr, SqliteConnection, Statement as _,
    TypeInfo, sqlite::SqliteConnectOptions,
};

use super::all;
use crate::{
    cell::Type,
    statement::{Dialect, Statement, Takes},
};

const fn pg_name(kind: Type) -> &'static str {
    match kind {
        Type::Int => "INT8",
        Type::Text => "TEXT",
        Type::Bytes => "BYTEA",
        Type::Id => "UUID",
    }
}

fn argument_count(statement: &Statement, dialect: Dialect) -> usize {
    match (statement.takes, dialect) {
        (Takes::Rows(_), Dialect::Sqlite) => 1,
        (Takes::Rows(columns), Dialect::Pg) => columns.len(),
        (Takes::Values(values), _) => values.len(),
    }
}

#[tokio::test]
async fn every_statement_is_accepted_by_sqlite() {
    let home = Home::new(Backend::Sqlite).await;
    let _store = home.open().await;
    let path = std::path::Path::new(home.address()).join("sarai.db");
    let options = SqliteConnectOptions::new().filename(path);
    let mut conn = SqliteConnection::connect_with(&options).await.expect("connects");
    for (name, statement) in all() {
        let text = statement.text(Dialect::Sqlite).into_sql_str();
        let prepared = conn.prepare(text).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(prepared.columns().len(), statement.gives.len(), "{name}");
        let count = prepared.parameters().and_then(|given| given.right()).unwrap_or_default();
        assert_eq!(count, argument_count(statement, Dialect::Sqlite), "{name}");
    }
}

#[tokio::test]
async fn every_statement_is_accepted_by_postgresql_with_the_same_types() {
    let home = Home::new(Backend::Pg).await;
    let _store = home.open().await;
    let mut conn = PgConnection::connect(home.address()).await.expect("connects");
    for (name, statement) in all() {
        let text = statement.text(Dialect::Pg).into_sql_str();
        let prepared = conn.prepare(text).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        let gives: Vec<_> = prepared.columns().iter().map(|c| c.type_info().name()).collect();
        let promised: Vec<_> = statement.gives.iter().map(|kind| pg_name(*kind)).collect();
        assert_eq!(gives, promised, "{name}");
        let takes = prepared.parameters().and_then(|given| given.left()).unwrap_or_default();
        assert_eq!(takes.len(), argument_count(statement, Dialect::Pg), "{name}");
        if let Takes::Values(values) = statement.takes {
            let wanted: Vec<_> = values.iter().map(|kind| pg_name(*kind)).collect();
            let takes: Vec<_> = takes.iter().map(TypeInfo::name).collect();
            assert_eq!(takes, wanted, "{name}");
        }
    }
}
