//! Migrations and the schemas that they make.

#![expect(clippy::expect_used, reason = "a test that cannot go on must stop and say where")]

use std::{os::unix::fs::PermissionsExt, path::Path};

use sarai_store::{OpenError, SqlStore, StoreOptions};
use sarai_testkit::{Backend, Home};
use sqlx::{Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};

async fn sqlite(home: &Home) -> SqliteConnection {
    let path = Path::new(home.address()).join("sarai.db");
    let options = SqliteConnectOptions::new().filename(path);
    SqliteConnection::connect_with(&options).await.expect("connects")
}

async fn run(home: &Home, backend: Backend, text: &'static str) {
    match backend {
        Backend::Sqlite => {
            sqlx::raw_sql(text).execute(&mut sqlite(home).await).await.expect("runs");
        }
        Backend::Pg => {
            let mut conn = PgConnection::connect(home.address()).await.expect("connects");
            sqlx::raw_sql(text).execute(&mut conn).await.expect("runs");
        }
    }
}

async fn reopen(home: &Home) -> Result<(), OpenError> {
    SqlStore::open(home.address(), home.keyring(), StoreOptions::default()).await.map(drop)
}

#[tokio::test]
async fn an_edited_or_newer_migration_is_refused() {
    for backend in [Backend::Sqlite, Backend::Pg] {
        let home = Home::new(backend).await;
        drop(home.open().await);
        reopen(&home).await.expect("opens again");
        run(
            &home,
            backend,
            "INSERT INTO migration (number, name, checksum) VALUES (9999, 'x', 'x')",
        )
        .await;
        assert!(matches!(reopen(&home).await, Err(OpenError::Newer { found: 9999, known: 2 })));
        run(&home, backend, "DELETE FROM migration WHERE number = 9999").await;
        run(&home, backend, "UPDATE migration SET checksum = 'x'").await;
        assert!(matches!(reopen(&home).await, Err(OpenError::Edited { number: 1 })));
    }
}

#[tokio::test]
async fn both_schemas_have_the_same_tables_and_columns() {
    const SQLITE: &str = "SELECT m.name || '.' || c.name || ' ' || c.type FROM sqlite_schema m, pragma_table_info(m.name) c \
        WHERE m.type = 'table' ORDER BY m.name, c.cid";
    const PG: &str = "SELECT table_name || '.' || column_name || ' ' || data_type FROM information_schema.columns \
        WHERE table_schema = 'public' ORDER BY table_name COLLATE \"C\", ordinal_position";
    let (home, other) = (Home::new(Backend::Sqlite).await, Home::new(Backend::Pg).await);
    drop((home.open().await, other.open().await));
    let ours: Vec<String> =
        sqlx::query_scalar(SQLITE).fetch_all(&mut sqlite(&home).await).await.expect("reads");
    let mut conn = PgConnection::connect(other.address()).await.expect("connects");
    let theirs: Vec<String> = sqlx::query_scalar(PG).fetch_all(&mut conn).await.expect("reads");
    let theirs: Vec<_> = theirs
        .iter()
        .map(|column| match column.rsplit_once(' ') {
            Some((name, "bigint")) if name != "migration.number" => format!("{name} INTEGER"),
            Some((name, "bigint")) => format!("{name} BIGINT"),
            Some((name, "uuid" | "bytea")) => format!("{name} BLOB"),
            Some((name, kind)) => format!("{name} {}", kind.to_uppercase()),
            None => column.clone(),
        })
        .collect();
    assert!(ours.len() > 60);
    assert_eq!(ours, theirs);
}

#[tokio::test]
async fn written_history_cannot_be_changed_by_sql() {
    use sarai_kernel::{Decision, Store, Timestamp, audit::AuditEntry};
    for backend in [Backend::Sqlite, Backend::Pg] {
        let home = Home::new(backend).await;
        let store = home.open().await;
        let row = AuditEntry {
            actor: "pty_x".to_owned(),
            action: "open",
            purpose: "",
            resource: String::new(),
            relation: String::new(),
            subjects: Vec::new(),
            fields: Vec::new(),
            rule: String::new(),
            allowed: true,
            case: None,
        };
        let decision = Decision::new("test", Timestamp::from_micros(1)).audit(row);
        store.commit(decision).await.expect("commits");
        for text in ["UPDATE audit SET body = '{}'", "DELETE FROM audit"] {
            let refused = match backend {
                Backend::Sqlite => {
                    sqlx::raw_sql(text).execute(&mut sqlite(&home).await).await.is_err()
                }
                Backend::Pg => {
                    let mut conn = PgConnection::connect(home.address()).await.expect("connects");
                    sqlx::raw_sql(text).execute(&mut conn).await.is_err()
                }
            };
            assert!(refused, "{text}");
        }
    }
}

#[tokio::test]
async fn a_data_directory_that_others_can_read_is_refused() {
    let home = Home::new(Backend::Sqlite).await;
    drop(home.open().await);
    std::fs::set_permissions(home.address(), PermissionsExt::from_mode(0o750)).expect("changes");
    assert!(matches!(reopen(&home).await, Err(OpenError::Loose { mode: 0o750 })));
    let nowhere = SqlStore::open("mysql://x/y", home.keyring(), StoreOptions::default()).await;
    assert!(matches!(nowhere, Err(OpenError::Address)));
}

/// A role that may read and write rows but not change the schema can serve, and cannot touch what is written.
#[tokio::test]
async fn a_database_role_without_rights_to_the_schema_can_serve() {
    use sarai_kernel::{Decision, Store, Timestamp};
    let home = Home::new(Backend::Pg).await;
    drop(home.open().await);
    run(
        &home,
        Backend::Pg,
        "DROP ROLE IF EXISTS serve; CREATE ROLE serve LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO serve; \
         REVOKE UPDATE, DELETE ON audit, audit_subject, posting, posting_set, event FROM serve; REVOKE INSERT, UPDATE, DELETE ON migration FROM serve",
    )
    .await;
    let address = home.address().replace("postgres://sarai@", "postgres://serve@");
    let store =
        SqlStore::open(&address, home.keyring(), StoreOptions::default()).await.expect("opens");
    let event = sarai_kernel::NewEvent {
        kind: "test.thing.made",
        subject_kind: "thing",
        subject: "x".to_owned(),
        version: 1,
        audience: Vec::new(),
        on_board: false,
        data: Default::default(),
    };
    store
        .commit(Decision::new("test", Timestamp::from_micros(1)).event(event))
        .await
        .expect("commits");
}
