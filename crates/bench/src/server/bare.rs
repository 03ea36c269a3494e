//! The peer: a bare loop over prepared statements, the same rows in the same tables, one booking a transaction, no checks.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use sarai_seal::rest::{Keyring, MemoryMaster};
use sarai_store::{SqlStore, StoreOptions};
use sqlx::{
    Connection, Database, Encode, Executor, IntoArguments, PgConnection, SqliteConnection, Type,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{
    Taken,
    booking::{NOW, load_clear, words},
};

const DOCUMENT: &str = "INSERT INTO document (kind, id, version, schema, created_at, updated_at, clear, sealed) \
    VALUES ($1, $2, $3, 1, $4, $4, $5, $6)";
const CHANGE: &str = "UPDATE document SET version = $3, updated_at = $4, clear = $5, sealed = $6 WHERE kind = $1 AND id = $2";
const KEY: &str = "INSERT INTO document_key (name, value, kind, sort, id, only_one) VALUES ($1, $2, $3, 1, $4, $5)";
const KEY_GONE: &str = "DELETE FROM document_key WHERE name = $1 AND value = $2 AND kind = $3 AND sort = 1 AND id = $4";
const EVENT: &str = "INSERT INTO event (global_seq, id, kind, at, subject_kind, subject, version, seq, audience, on_board, data) \
    VALUES ($1, $2, 'freight.order.booked', $3, 'order', $4, 1, 1, $5, 1, $6)";
const SET: &str =
    "INSERT INTO posting_set (subject, cause, currency, at) VALUES ($1, $2, 'CNY', $3)";
const LINE: &str = "INSERT INTO posting (seq, at, account, currency, amount, balance_after, subject, cause) \
    VALUES ($1, $2, $3, 'CNY', $4, $5, $6, $7)";
const ACCOUNT: &str =
    "INSERT INTO account (name, currency, balance, may_be_negative) VALUES ($1, 'CNY', $2, 0)";
const SPEND: &str =
    "UPDATE account SET balance = balance - $2 WHERE name = $1 AND currency = 'CNY'";
const AUDIT: &str = "INSERT INTO audit (seq, at, body, previous, hash) VALUES ($1, $2, $3, $4, $4)";
const AUDIT_SUBJECT: &str = "INSERT INTO audit_subject (subject, seq) VALUES ($1, $2)";
const ANSWER: &str =
    "INSERT INTO answer (scope, fingerprint, outcome, keep_until) VALUES ($1, $2, $3, $4)";
const HEAD: &str = "UPDATE head SET event_seq = $1, audit_seq = $2, audit_hash = $3, posting_seq = $4 WHERE one = 1";

/// Places handed out without any lock: cheaper than what we do.
#[derive(Default)]
struct Places {
    event: AtomicI64,
    audit: AtomicI64,
    posting: AtomicI64,
    /// Several connections would only wait for one another on the head's one row: they are spared it.
    head: bool,
}

/// Books `bookings` times over `connections` connections, for which `clients` clients wait in turn: the same crowd as ours has.
pub async fn measure(address: &str, bookings: usize, connections: usize, clients: usize) -> Taken {
    make_tables(address).await;
    let head = connections == 1;
    let places = Arc::new(Places { head, ..Places::default() });
    let each = bookings / clients;
    let mut ready = Vec::new();
    for _ in 0..connections {
        ready.push(
            Peer::start(address, Arc::clone(&places), (each * clients).div_ceil(connections)).await,
        );
    }
    let loads = ready.iter_mut().flat_map(|peer| std::mem::take(&mut peer.loads)).collect();
    let desk = Desk {
        free: Semaphore::new(connections),
        peers: Mutex::new(ready),
        loads: Mutex::new(loads),
    };
    let desk = Arc::new(desk);
    let started = Instant::now();
    let tasks: Vec<_> =
        (0..clients).map(|_| tokio::spawn(visit(Arc::clone(&desk), each))).collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.expect("runs"));
    }
    Taken::of(times, started.elapsed())
}

/// Connections, taken in turn.
struct Desk {
    free: Semaphore,
    peers: Mutex<Vec<Peer>>,
    loads: Mutex<Vec<Uuid>>,
}

async fn visit(desk: Arc<Desk>, bookings: usize) -> Vec<Duration> {
    let mut times = Vec::with_capacity(bookings);
    for _ in 0..bookings {
        let started = Instant::now();
        let turn = desk.free.acquire().await.expect("open");
        let (mut peer, load) = desk.take();
        peer.book_one(load).await;
        desk.give(peer);
        drop(turn);
        times.push(started.elapsed());
    }
    times
}

impl Desk {
    fn take(&self) -> (Peer, Uuid) {
        let peer = self.peers.lock().expect("not poisoned").pop();
        let load = self.loads.lock().expect("not poisoned").pop();
        (peer.expect("a turn is a connection"), load.expect("a load for each booking"))
    }

    fn give(&self, peer: Peer) {
        self.peers.lock().expect("not poisoned").push(peer);
    }
}

/// The store's own tables, with their indexes and checks.
async fn make_tables(address: &str) {
    let keyring = Arc::new(Keyring::new(Arc::new(MemoryMaster::random().expect("random bytes"))));
    let store = SqlStore::open(address, keyring, StoreOptions::default()).await.expect("opens");
    store.close().await;
}

enum Conn {
    Sqlite(SqliteConnection),
    Pg(PgConnection),
}

struct Peer {
    conn: Conn,
    places: Arc<Places>,
    client: Uuid,
    loads: Vec<Uuid>,
}

impl Peer {
    async fn start(address: &str, places: Arc<Places>, loads: usize) -> Self {
        let mut conn = match address.starts_with("postgres://") {
            true => Conn::Pg(PgConnection::connect(address).await.expect("connects")),
            false => {
                let options = SqliteConnectOptions::new()
                    .filename(std::path::Path::new(address).join("sarai.db"))
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .pragma("trusted_schema", "OFF")
                    .pragma("secure_delete", "ON")
                    .pragma("journal_size_limit", "67108864")
                    .pragma("cache_size", "-65536");
                Conn::Sqlite(SqliteConnection::connect_with(&options).await.expect("connects"))
            }
        };
        let client = Uuid::new_v4();
        let loads: Vec<_> = (0..loads).map(|_| Uuid::new_v4()).collect();
        match &mut conn {
            Conn::Sqlite(conn) => prepare(conn, client, &loads).await,
            Conn::Pg(conn) => prepare(conn, client, &loads).await,
        }
        Self { conn, places, client, loads }
    }

    async fn book_one(&mut self, load: Uuid) {
        match &mut self.conn {
            Conn::Sqlite(conn) => {
                book(conn, "BEGIN IMMEDIATE", &self.places, self.client, load).await
            }
            Conn::Pg(conn) => book(conn, "BEGIN", &self.places, self.client, load).await,
        }
    }
}

/// One value of a statement.
enum V<'a> {
    I(i64),
    T(&'a str),
    B(&'a [u8]),
    U(Uuid),
}

async fn run<'v, DB>(conn: &mut DB::Connection, text: &'static str, values: &[V<'v>])
where
    DB: Database,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    DB::Arguments: IntoArguments<DB>,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    Vec<u8>: for<'q> Encode<'q, DB> + Type<DB>,
    Uuid: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut query = sqlx::query(text);
    for value in values {
        query = match value {
            V::I(value) => query.bind(*value),
            V::T(value) => query.bind((*value).to_owned()),
            V::B(value) => query.bind(value.to_vec()),
            V::U(value) => query.bind(*value),
        };
    }
    query.execute(conn).await.expect("writes");
}

/// What a connection can do here; spares the long bounds below.
trait Bare {
    async fn run(&mut self, text: &'static str, values: &[V<'_>]);
    async fn raw(&mut self, text: &'static str);
}

impl Bare for SqliteConnection {
    async fn run(&mut self, text: &'static str, values: &[V<'_>]) {
        run::<sqlx::Sqlite>(self, text, values).await;
    }
    async fn raw(&mut self, text: &'static str) {
        sqlx::raw_sql(text).execute(self).await.expect("runs");
    }
}

impl Bare for PgConnection {
    async fn run(&mut self, text: &'static str, values: &[V<'_>]) {
        run::<sqlx::Postgres>(self, text, values).await;
    }
    async fn raw(&mut self, text: &'static str) {
        sqlx::raw_sql(text).execute(self).await.expect("runs");
    }
}

/// Wallets, calendars and loads, as ours has them before.
async fn prepare(conn: &mut impl Bare, client: Uuid, loads: &[Uuid]) {
    use V::{B, I, T, U};
    let text = serde_json::to_string(&load_clear("open")).expect("JSON");
    let value = [0; 33];
    conn.raw("BEGIN").await;
    for (kind, id) in [("driver", client), ("vehicle", client)] {
        conn.run(DOCUMENT, &[T(kind), U(id), I(1), I(NOW.as_micros()), T(&text), B(&[])]).await;
        let wallet = format!("wallet/{kind}{client}");
        conn.run(ACCOUNT, &[T(&wallet), I(1_000_000_000)]).await;
    }
    for load in loads {
        conn.run(
            DOCUMENT,
            &[T("load"), U(*load), I(1), I(NOW.as_micros()), T(&text), B(&[7; 250])],
        )
        .await;
        for name in ["load.owner", "load.state"] {
            conn.run(KEY, &[T(name), B(&value), T("load"), U(*load), I(0)]).await;
        }
    }
    conn.raw("COMMIT").await;
}

async fn book(
    conn: &mut impl Bare,
    begin: &'static str,
    places: &Places,
    client: Uuid,
    load: Uuid,
) {
    let order = Uuid::new_v4();
    conn.raw(begin).await;
    documents(conn, client, load, order).await;
    money(conn, places, client, order).await;
    rest(conn, places, client, order).await;
    conn.raw("COMMIT").await;
}

async fn documents(conn: &mut impl Bare, client: Uuid, load: Uuid, order: Uuid) {
    use V::{B, I, T, U};
    let now = I(NOW.as_micros());
    let text = serde_json::to_string(&load_clear("booked")).expect("JSON");
    let short = serde_json::to_string(&words("driver", "busy")).expect("JSON");
    conn.run(DOCUMENT, &[T("order"), U(order), I(1), I(NOW.as_micros()), T(&text), B(&[7; 130])])
        .await;
    conn.run(CHANGE, &[T("load"), U(load), I(2), now, T(&text), B(&[7; 250])]).await;
    for kind in ["driver", "vehicle"] {
        conn.run(CHANGE, &[T(kind), U(client), I(2), I(NOW.as_micros()), T(&short), B(&[])]).await;
    }
    let value = [1; 33];
    conn.run(KEY_GONE, &[T("load.state"), B(&[0; 33]), T("load"), U(load)]).await;
    conn.run(KEY, &[T("load.state"), B(&value), T("load"), U(load), I(0)]).await;
    conn.run(KEY, &[T("order.load"), B(load.as_bytes()), T("order"), U(order), I(1)]).await;
    for name in ["order.shipper", "order.trucker", "timer", "@subject"] {
        conn.run(KEY, &[T(name), B(&value), T("order"), U(order), I(0)]).await;
    }
}

async fn money(conn: &mut impl Bare, places: &Places, client: Uuid, order: Uuid) {
    use V::{I, T};
    let (subject, now) = (format!("ord_{order}"), NOW.as_micros());
    for (cause, kind, fen) in [("price", "driver", 420), ("deposit", "vehicle", 50)] {
        conn.run(SET, &[T(&subject), T(cause), I(now)]).await;
        let (wallet, hold) = (format!("wallet/{kind}{client}"), format!("hold/{order}/{cause}"));
        for (account, amount) in [(&wallet, -fen), (&hold, fen)] {
            let seq = places.posting.fetch_add(1, Ordering::Relaxed) + 1;
            conn.run(LINE, &[I(seq), I(now), T(account), I(amount), I(fen), T(&subject), T(cause)])
                .await;
        }
        conn.run(SPEND, &[T(&wallet), I(fen)]).await;
        conn.run(ACCOUNT, &[T(&hold), I(fen)]).await;
    }
}

async fn rest(conn: &mut impl Bare, places: &Places, client: Uuid, order: Uuid) {
    use V::{B, I, T, U};
    let (subject, now) = (format!("ord_{order}"), NOW.as_micros());
    let data = serde_json::to_string(&words("", "booked")).expect("JSON");
    let (body, audience) = ("x".repeat(420), "x".repeat(80));
    for what in ["order", "load"] {
        let seq = places.event.fetch_add(1, Ordering::Relaxed) + 1;
        let about = format!("{what}/{subject}");
        conn.run(EVENT, &[I(seq), U(Uuid::new_v4()), I(now), T(&about), T(&audience), T(&data)])
            .await;
    }
    let seq = places.audit.fetch_add(1, Ordering::Relaxed) + 1;
    conn.run(AUDIT, &[I(seq), I(now), T(&body), B(&[3; 32])]).await;
    for who in [client, order] {
        conn.run(AUDIT_SUBJECT, &[U(who), I(seq)]).await;
    }
    conn.run(ANSWER, &[B(order.as_bytes()), B(&[1; 32]), T(&data), I(now)]).await;
    if places.head {
        conn.run(HEAD, &[I(seq * 2), I(seq), B(&[3; 32]), I(seq * 4)]).await;
    }
}
