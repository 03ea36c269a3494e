//! What the database refuses although the plan allowed it: rows that somebody put there behind the store's back.

#![expect(clippy::expect_used, reason = "a test that cannot go on must stop and say where")]

use std::{path::Path, sync::Arc};

use sarai_kernel::{
    CommitError, Decision, DocRef, NewEvent, Store, StoreError, Timestamp,
    document::{Clear, Draft},
};
use sarai_seal::Parts;
use sarai_testkit::{Backend, Home};
use sqlx::{Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_micros(1);

/// An event that holds the place that the head will give next.
const INTRUDER: &str = "INSERT INTO event (global_seq, id, kind, at, subject_kind, subject, version, seq, audience, on_board, data) \
    SELECT 1, id, 'x', 1, 'x', 'intruder', 1, 1, '[]', 0, '{}' FROM document LIMIT 1";

fn written() -> Decision {
    let at = DocRef::new("thing", Uuid::new_v4());
    let parts = Parts { clear: Clear::new(), sealed: Vec::new() };
    Decision::new("test", NOW).write(Draft { at, expect: 0, schema: 1, parts, keys: Vec::new() })
}

fn with_event() -> Decision {
    written().event(NewEvent {
        kind: "test.thing.made",
        subject_kind: "thing",
        subject: "x".to_owned(),
        version: 1,
        audience: Vec::new(),
        on_board: false,
        data: Clear::new(),
    })
}

async fn intrude(home: &Home, backend: Backend) {
    match backend {
        Backend::Sqlite => {
            let path = Path::new(home.address()).join("sarai.db");
            let options = SqliteConnectOptions::new().filename(path);
            let mut conn = SqliteConnection::connect_with(&options).await.expect("connects");
            sqlx::raw_sql(INTRUDER).execute(&mut conn).await.expect("intrudes");
        }
        Backend::Pg => {
            let mut conn = PgConnection::connect(home.address()).await.expect("connects");
            sqlx::raw_sql(INTRUDER).execute(&mut conn).await.expect("intrudes");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_the_database_refuses_does_not_harm_the_others_of_its_batch() {
    for backend in [Backend::Sqlite, Backend::Pg] {
        let home = Home::new(backend).await;
        let store = Arc::new(home.open().await);
        store.commit(written()).await.expect("commits");
        intrude(&home, backend).await;
        let tries: Vec<_> = (0..40)
            .map(|number| {
                let store = Arc::clone(&store);
                tokio::spawn(async move {
                    let bad = number % 10 == 0;
                    (bad, store.commit(if bad { with_event() } else { written() }).await.map(drop))
                })
            })
            .collect();
        for one in tries {
            match one.await.expect("runs") {
                (false, verdict) => assert_eq!(verdict, Ok(())),
                (true, Err(CommitError::Store(StoreError::Unavailable { code }))) => {
                    // A code and at most the constraint's name: never the values, which PostgreSQL puts into its text.
                    assert!(code.starts_with("23505") || code.starts_with("1555"), "{code}");
                    assert!(code.len() < 40, "{code}");
                }
                (true, other) => panic!("{other:?}"),
            }
        }
        assert_eq!(store.scan("thing", None, 1_000).await.expect("answers").len(), 37);
    }
}
