//! The process is killed at random moments under concurrent load, again and again on one store. After each restart: what was
//! acknowledged is there, whole and once; no load is booked twice; the ledger sums to zero; the audit chain links; events have no gap.
//!
//! `SARAI_SOAK=1` makes it 200 moments instead of 12. The seed is printed and can be given as `SARAI_SEED`.

#![expect(clippy::expect_used, reason = "a test that cannot go on must stop and say where")]

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use sarai_kernel::{
    Account, CommitError, Currency, Decision, DocRef, Key, Money, NewEvent, Once, OrderId, Outcome,
    PartyId, PostingSet, Store, StoreError, Timestamp,
    audit::AuditEntry,
    document::{Clear, Draft},
};
use sarai_seal::{Content, Parts, SealedBytes, SealedPart};
use sarai_store::{SqlStore, StoreOptions};
use sarai_testkit::{Backend, Home, pg::Cluster};
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);
const WRITERS: u64 = 12;
const ADDRESS: &str = "SARAI_KILL_ADDRESS";
const FIRST_LOAD: &str = "SARAI_KILL_FIRST_LOAD";

fn scope(order: OrderId) -> [u8; 32] {
    let mut scope = [0; 32];
    scope.iter_mut().zip(order.uuid().as_bytes()).for_each(|(to, from)| *to = *from);
    scope
}

/// A booking: one load to one order, with money, event, audit row and answer.
fn booking(order: OrderId, load: u64, shipper: PartyId) -> Decision {
    let mut clear = Clear::new();
    clear.insert("load".to_owned(), load.into());
    let content = Content::Present(SealedBytes::text("somebody").expect("a text is JSON"));
    let part = SealedPart { field: "order.receiver".into(), subject: shipper.subject(), content };
    let money = Money::new(5, Currency::CNY).expect("in bounds");
    let set = PostingSet::new(order, "booked", Currency::CNY)
        .transfer(Account::Provider("test"), Account::HoldPrice(order), money)
        .expect("balances");
    let once = Once { scope: scope(order), fingerprint: [1; 32], keep_until: NOW.plus(1_000) };
    Decision::new("test.book", NOW)
        .write(Draft {
            at: DocRef::new("order", order.uuid()),
            expect: 0,
            schema: 1,
            parts: Parts { clear, sealed: vec![part] },
            keys: vec![
                Key::unique("order.load", load.to_string()),
                Key::new("order.all", "all", 0),
            ],
        })
        .event(NewEvent {
            kind: "test.order.booked",
            subject_kind: "order",
            subject: order.to_string(),
            version: 1,
            audience: vec![shipper],
            on_board: false,
            data: Clear::new(),
        })
        .post(set)
        .audit(AuditEntry {
            actor: shipper.to_string(),
            action: "book",
            purpose: "",
            resource: order.to_string(),
            relation: "owner".to_owned(),
            subjects: vec![shipper.subject()],
            fields: Vec::new(),
            rule: "test".to_owned(),
            allowed: true,
            case: None,
        })
        .answer(Some(once), Outcome::of(201, order, 1))
}

/// The process that is killed. Two writers at a time fight for each load.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by the kill tests"]
async fn child_under_load() {
    let (Ok(address), Ok(first)) = (std::env::var(ADDRESS), std::env::var(FIRST_LOAD)) else {
        return;
    };
    let keyring = Home::new(Backend::Sqlite).await.keyring();
    let store = open(&address, keyring).await;
    let (store, first): (_, u64) = (Arc::new(store), first.parse().expect("a number"));
    let writers = (0..WRITERS).map(|writer| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for load in (first + writer / 2..).step_by(usize::try_from(WRITERS / 2).expect("small"))
            {
                let order = OrderId::new(NOW);
                let shipper = PartyId::from_uuid(Uuid::from_u128(u128::from(writer) + 1));
                book(&store, order, load, shipper).await;
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("runs");
    }
}

/// Asks until there is an answer: a machine that is busy may take longer than the store waits.
async fn book(store: &SqlStore, order: OrderId, load: u64, shipper: PartyId) {
    loop {
        match store.commit(booking(order, load, shipper)).await {
            Ok(_) | Err(CommitError::Answered(_)) => return say(order, load),
            Err(CommitError::Duplicate(_)) => return,
            Err(CommitError::Store(StoreError::Unavailable { .. })) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(other) => panic!("{other}"),
        }
    }
}

/// Opens the store; a busy machine may need some tries.
async fn open(address: &str, keyring: Arc<sarai_seal::rest::Keyring>) -> SqlStore {
    for _ in 0..20 {
        match SqlStore::open(address, Arc::clone(&keyring), StoreOptions::default()).await {
            Ok(store) => return store,
            Err(error) => eprintln!("not yet: {error}"),
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("the store does not open");
}

fn say(order: OrderId, load: u64) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "booked {} {load}", order.uuid()).expect("the parent listens");
    out.flush().expect("the parent listens");
}

/// What was acknowledged so far: order and load.
type Acknowledged = HashMap<Uuid, u64>;

fn start_child(address: &str, first_load: u64) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--ignored", "--exact", "child_under_load", "--nocapture", "--test-threads=1"])
        .env(ADDRESS, address)
        .env(FIRST_LOAD, first_load.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts")
}

/// Runs a child until some moment after its first acknowledgement, kills it, and gives what it said until then.
fn run_and_kill(address: &str, first_load: u64, moment: Duration) -> Acknowledged {
    let mut child = start_child(address, first_load);
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut said = Acknowledged::new();
    let mut hear = |line: std::io::Result<String>| {
        let line = line.expect("reads");
        // The test harness's own first line may stand before ours without an end.
        let mut words = line.split("booked ").nth(1)?.split(' ');
        said.insert(words.next()?.parse().ok()?, words.next()?.trim().parse().ok()?);
        Some(())
    };
    while hear(lines.next().expect("the child lives")).is_none() {}
    let killer = std::thread::spawn(move || {
        std::thread::sleep(moment);
        child.kill().expect("kills");
        child.wait().expect("ended");
    });
    for line in lines {
        let _ = hear(line);
    }
    killer.join().expect("killed");
    said
}

/// Where the checks of earlier rounds ended.
#[derive(Default)]
struct Checked {
    event: i64,
    audit: (i64, [u8; 32]),
    booked: u64,
}

async fn check(store: &SqlStore, said: &Acknowledged, all: &Acknowledged, checked: &mut Checked) {
    for (order, load) in said {
        let at = DocRef::new("order", *order);
        let document =
            store.document(&at).await.expect("answers").expect("acknowledged, so it is there");
        assert_eq!(document.parts.clear["load"].as_u64(), Some(*load));
        assert!(matches!(document.parts.sealed[0].content, Content::Present(_)));
        assert!(store.answer(&scope(OrderId::from_uuid(*order))).await.expect("answers").is_some());
    }
    check_events(store, checked).await;
    check_audit(store, checked).await;
    // All or nothing: as many orders as events, audit rows and pairs of postings, and each load once.
    assert_eq!(
        (checked.event, checked.audit.0),
        (checked.booked.cast_signed(), checked.booked.cast_signed())
    );
    let loads: std::collections::HashSet<_> = all.values().collect();
    assert_eq!(loads.len(), all.len(), "a load was booked twice");
    let sums = store.ledger_sums().await.expect("answers");
    assert!(sums.iter().all(|(_, sum)| *sum == 0));
    let mirror = store.balance(&Account::Provider("test"), Currency::CNY).await.expect("answers");
    assert_eq!(mirror, -5 * checked.booked.cast_signed());
}

async fn check_events(store: &SqlStore, checked: &mut Checked) {
    loop {
        let page = store.events_after(checked.event, 1_000).await.expect("answers");
        if page.is_empty() {
            return;
        }
        for event in page {
            assert_eq!((event.global_seq, event.seq), (checked.event + 1, 1), "a gap");
            checked.event = event.global_seq;
            checked.booked += 1;
            let order: OrderId = event.subject.parse().expect("an order");
            let at = DocRef::new("order", order.uuid());
            assert!(store.document(&at).await.expect("answers").is_some());
            assert_eq!(store.postings_about(&event.subject).await.expect("answers").len(), 2);
        }
    }
}

async fn check_audit(store: &SqlStore, checked: &mut Checked) {
    loop {
        let page = store.audit_after(checked.audit.0, 1_000).await.expect("answers");
        if page.is_empty() {
            return;
        }
        for row in page {
            assert_eq!((row.seq, row.previous), (checked.audit.0 + 1, checked.audit.1));
            assert_eq!(row.digest(), row.hash);
            checked.audit = (row.seq, row.hash);
        }
    }
}

/// A small generator, so that a printed seed gives the same moments again.
struct Moments(u64);

impl Moments {
    fn new() -> Self {
        let given = std::env::var("SARAI_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| Uuid::new_v4().as_u64_pair().0);
        println!("SARAI_SEED={seed}");
        Self(seed | 1)
    }

    fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

fn rounds() -> u64 {
    if std::env::var_os("SARAI_SOAK").is_some() { 200 } else { 12 }
}

async fn kill_again_and_again(address: &str) {
    let keyring = Home::new(Backend::Sqlite).await.keyring();
    let (mut moments, mut checked, mut all) =
        (Moments::new(), Checked::default(), Acknowledged::new());
    for round in 0..rounds() {
        let moment = Duration::from_micros(moments.next(150_000));
        // Every other round fights for the same loads again as the one before.
        let first_load = (round / 2) * 1_000_000;
        let said = run_and_kill(address, first_load, moment);
        all.extend(&said);
        let store = open(address, Arc::clone(&keyring)).await;
        check(&store, &said, &all, &mut checked).await;
        store.close().await;
    }
    assert!(checked.booked >= all.len() as u64 && all.len() as u64 > rounds());
    println!("{} killed, {} acknowledged, {} booked", rounds(), all.len(), checked.booked);
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_the_process_is_killed_on_sqlite() {
    let home = Home::new(Backend::Sqlite).await;
    kill_again_and_again(home.address()).await;
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_the_process_is_killed_on_postgresql() {
    let cluster = Cluster::start(true);
    kill_again_and_again(&cluster.database().await).await;
}

/// The database, not the process, goes down under load: backends are killed, which makes the server drop everyone and recover.
/// Writers ask again with the same idempotency key until they have an answer; each booking is there exactly once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crashing_postgresql_costs_time_and_nothing_else() {
    let cluster = Cluster::start(true);
    let address = cluster.database().await;
    let keyring = Home::new(Backend::Sqlite).await.keyring();
    let store = SqlStore::open(&address, keyring, StoreOptions::default()).await.expect("opens");
    let store = Arc::new(store);
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut said = Acknowledged::new();
                for load in (writer..400).step_by(8) {
                    let order = OrderId::new(NOW);
                    insist(&store, order, load).await;
                    said.insert(order.uuid(), load);
                }
                said
            })
        })
        .collect();
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_millis(60)).await;
        kill_a_backend(&address).await;
    }
    let mut all = Acknowledged::new();
    for writer in writers {
        all.extend(writer.await.expect("runs"));
    }
    let mut checked = Checked::default();
    check(&store, &all, &all, &mut checked).await;
    assert_eq!(checked.booked, 400);
}

async fn insist(store: &SqlStore, order: OrderId, load: u64) {
    let shipper = PartyId::from_uuid(Uuid::from_u128(u128::from(load % 8) + 1));
    for _ in 0..200 {
        match store.commit(booking(order, load, shipper)).await {
            Ok(_) | Err(CommitError::Answered(_)) => return,
            Err(CommitError::Store(StoreError::Unavailable { .. })) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(other) => panic!("{other}"),
        }
    }
    panic!("the store did not come back");
}

/// Kills the server process behind the writer's connection.
async fn kill_a_backend(address: &str) {
    use sqlx::Connection;
    const WRITER: &str = "SELECT pid FROM pg_stat_activity WHERE application_name = 'sarai' \
        AND backend_type = 'client backend' ORDER BY query LIKE '%head%' DESC, pid LIMIT 1";
    for _ in 0..100 {
        if let Ok(mut conn) = sqlx::PgConnection::connect(address).await
            && let Ok(pid) = sqlx::query_scalar::<_, i32>(WRITER).fetch_one(&mut conn).await
        {
            let kill = Command::new("kill").args(["-9", &pid.to_string()]).status();
            assert!(kill.expect("kill runs").success());
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the server did not come back");
}
