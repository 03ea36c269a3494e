//! The same random decisions put to the real store and to the plain one in memory: both must say the same and hold the same.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

use sarai_kernel::{
    Account, Currency, Decision, DocRef, Draft, Key, Money, NewEvent, Once, OrderId, Outcome,
    PartyId, PostingSet, Query, Store, Timestamp,
    audit::AuditEntry,
    document::{Clear, KeyValue},
    time::SECOND,
};
use sarai_seal::{Content, Parts, SealedBytes, SealedPart, SubjectId};
use sarai_testkit::{Backend, Home, MemoryStore};
use uuid::Uuid;

/// Decisions of one run.
const STEPS: u64 = 150;
const SEEDS: u64 = 4;
const THINGS: u64 = 6;

/// A small generator of its own: the seed is all that is needed to see a run again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn one_in(&mut self, bound: u64) -> bool {
        self.below(bound) == 0
    }
}

fn at(step: u64) -> Timestamp {
    Timestamp::from_micros(1_800_000_000 * SECOND + step as i64 * SECOND)
}

fn place(number: u64) -> DocRef {
    DocRef::new("thing", Uuid::from_u128(u128::from(number) + 1))
}

fn subject(number: u64) -> SubjectId {
    SubjectId::from_uuid(Uuid::from_u128(u128::from(number) + 100))
}

fn blind(number: u64) -> KeyValue {
    KeyValue::Blind(SealedBytes::text(&format!("number {number}")).unwrap())
}

fn account(number: u64) -> Account {
    match number {
        0 => Account::Provider("bank"),
        1 => Account::Fee,
        _ => Account::Wallet(PartyId::from_uuid(Uuid::from_u128(u128::from(number)))),
    }
}

/// What the run knows of the versions, so that most decisions are fine.
async fn version(store: &MemoryStore, at: &DocRef) -> u64 {
    store.document(at).await.unwrap().map_or(0, |found| found.version)
}

/// The same decision twice: a decision is a plain value, and is used up when committed.
async fn decisions(dice: &mut Dice, step: u64, memory: &MemoryStore) -> (Decision, Decision) {
    let seed = dice.0;
    let mut versions = Vec::new();
    for number in 0..THINGS {
        versions.push(version(memory, &place(number)).await);
    }
    let first = decision(dice, step, &versions);
    (first, decision(&mut Dice(seed), step, &versions))
}

fn decision(dice: &mut Dice, step: u64, versions: &[u64]) -> Decision {
    let mut decision = Decision::new("test", at(step));
    let expect = |dice: &mut Dice, number: u64| {
        let stale = u64::from(dice.one_in(12));
        versions.get(number as usize).copied().unwrap_or(0).saturating_sub(stale)
    };
    let chosen = dice.below(THINGS);
    if dice.one_in(8) {
        decision.removals.push((place(chosen), expect(dice, chosen).max(1)));
    } else {
        let expect = expect(dice, chosen);
        decision.drafts.push(draft(dice, chosen, expect));
    }
    if dice.one_in(6) {
        let other = (chosen + 1) % THINGS;
        decision.expects.push((place(other), expect(dice, other)));
    }
    for _ in 0..dice.below(3) {
        decision.events.push(event(dice));
    }
    for _ in 0..dice.below(3) {
        decision.postings.push(posting(dice));
    }
    for _ in 0..dice.below(2) {
        decision.audit.push(row(dice));
    }
    if dice.one_in(30) {
        decision.erase.push(subject(dice.below(3)));
    }
    if dice.one_in(3) {
        let scope = dice.below(20) as u8;
        let once = Once { scope: [scope; 32], fingerprint: [1; 32], keep_until: at(step + 20) };
        decision.answer = Some((once, Outcome::of(201, step, 1)));
    }
    if dice.one_in(10) {
        decision.fence = Some(("worker".to_owned(), dice.below(4)));
    }
    decision
}

fn draft(dice: &mut Dice, number: u64, expect: u64) -> Draft {
    let mut clear = Clear::new();
    clear.insert("n".to_owned(), dice.below(1_000).into());
    let mut keys = vec![Key::new("thing.all", "1", dice.below(5) as i64)];
    let mut sealed = Vec::new();
    if dice.one_in(2) {
        let bytes = SealedBytes::text(&format!("secret {}", dice.below(9))).unwrap();
        let field = "thing.name".into();
        let subject = subject(dice.below(3));
        sealed.push(SealedPart { field, subject, content: Content::Present(bytes) });
        keys.push(Key { name: "thing.phone", value: blind(dice.below(8)), sort: 0, unique: true });
    }
    if dice.one_in(3) {
        keys.push(Key::unique("thing.plate", format!("plate {}", dice.below(8))));
    }
    Draft { at: place(number), expect, schema: 1, parts: Parts { clear, sealed }, keys }
}

fn event(dice: &mut Dice) -> NewEvent {
    NewEvent {
        kind: "test.thing.changed",
        subject_kind: "thing",
        subject: format!("thing_{}", dice.below(4)),
        version: 1,
        audience: vec![PartyId::from_uuid(Uuid::from_u128(u128::from(dice.below(9))))],
        on_board: dice.one_in(2),
        data: Clear::new(),
    }
}

fn posting(dice: &mut Dice) -> PostingSet {
    const CAUSES: [&str; 4] = ["topup", "booked", "released", "fee"];
    let order = OrderId::from_uuid(Uuid::from_u128(u128::from(dice.below(60))));
    let cause = CAUSES[dice.below(4) as usize];
    let mut set = PostingSet::new(order, cause, Currency::CNY);
    for _ in 0..=dice.below(2) {
        let money = Money { amount_minor: dice.below(500) as i64, currency: Currency::CNY };
        let (from, to) = (account(dice.below(5)), account(dice.below(5)));
        set = set.transfer(if dice.one_in(2) { account(0) } else { from }, to, money).unwrap();
    }
    set
}

fn row(dice: &mut Dice) -> AuditEntry {
    AuditEntry {
        actor: format!("pty_{}", dice.below(3)),
        action: "open",
        purpose: "deliver",
        resource: "thing_1".to_owned(),
        relation: "driver".to_owned(),
        subjects: (0..dice.below(3)).map(subject).collect(),
        fields: vec!["thing.name".to_owned()],
        rule: "house.x".to_owned(),
        allowed: true,
        case: None,
    }
}

/// Everything that a reader can see of a store, as text.
async fn seen(store: &dyn Store) -> Vec<String> {
    let mut all = Vec::new();
    for number in 0..THINGS {
        let found = store.document(&place(number)).await.unwrap();
        all.push(found.map_or("none".to_owned(), |d| {
            let sealed = d.parts.sealed.iter().map(|part| {
                format!(
                    "{} {:?} {}",
                    part.field,
                    part.subject,
                    matches!(part.content, Content::Present(_))
                )
            });
            let sealed = sealed.collect::<Vec<_>>();
            format!(
                "{:?} {} {} {} {:?} {sealed:?}",
                d.at, d.version, d.created_at, d.updated_at, d.parts.clear
            )
        }));
    }
    let pages = [
        Query::by("thing", "thing.all", "1").limit(3),
        Query::by("thing", "thing.all", "1").newest_first().limit(4),
        Query::by("thing", "thing.all", "1").up_to(2),
        Query::by("thing", "thing.plate", "plate 3"),
        Query::by("thing", "thing.phone", blind(2)),
    ];
    for query in pages {
        let found = store.find(query).await.unwrap();
        let found = found.iter().map(|f| (f.sort, f.document.at.id, f.document.version));
        all.push(format!("{:?}", found.collect::<Vec<_>>()));
    }
    let events = store.events_after(0, 1_000).await.unwrap();
    all.extend(events.iter().map(|e| {
        format!("{} {} {} {} {:?} {}", e.global_seq, e.seq, e.subject, e.at, e.audience, e.on_board)
    }));
    all.extend(store.audit_after(0, 1_000).await.unwrap().iter().map(|row| format!("{row:?}")));
    for number in 0..5 {
        all.push(format!("{:?}", store.postings(&account(number), None, 1_000).await.unwrap()));
        all.push(format!("{:?}", store.balance(&account(number), Currency::CNY).await.unwrap()));
    }
    for number in 0..3 {
        all.push(format!("{:?}", store.is_erased(subject(number)).await.unwrap()));
        let about = store.about(subject(number)).await.unwrap();
        let mut about: Vec<_> = about.iter().map(|d| d.at.id).collect();
        about.sort();
        all.push(format!("{about:?}"));
        let of = store.audit_of(subject(number), Some(50), 5).await.unwrap();
        all.push(format!("{:?}", of.iter().map(|row| row.seq).collect::<Vec<_>>()));
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_in_memory_and_the_real_one_agree() {
    for seed in 1..=SEEDS {
        let home = Home::new(Backend::Sqlite).await;
        let (real, memory) = (home.open().await, MemoryStore::new());
        let (mut dice, mut done) = (Dice(seed), 0);
        for step in 0..STEPS {
            if dice.one_in(10) {
                let holder = Uuid::from_u128(u128::from(dice.below(2)));
                let (now, until) = (at(step), at(step + dice.below(15)));
                let here = memory.lease("worker", holder, now, until).await.unwrap();
                assert_eq!(real.lease("worker", holder, now, until).await.unwrap(), here);
            }
            let (one, other) = decisions(&mut dice, step, &memory).await;
            let what = format!("{one:?}");
            let (here, there) = (memory.commit(one).await, real.commit(other).await);
            assert_eq!(
                here.is_ok(),
                there.is_ok(),
                "seed {seed} step {step}: {here:?} {there:?}\n{what}"
            );
            if let (Ok(here), Ok(there)) = (here, there) {
                done += 1;
                assert_eq!(here.audit_seq, there.audit_seq, "seed {seed} step {step}");
                assert_eq!(here.events.len(), there.events.len());
            }
        }
        assert!(done > STEPS / 5, "seed {seed}: only {done} decisions were fine");
        let (here, there) = (seen(&memory).await, seen(&real).await);
        for (here, there) in here.iter().zip(&there) {
            assert_eq!(here, there, "seed {seed}");
        }
        assert_eq!(here.len(), there.len());
        assert_eq!(memory.ledger_sums().await.unwrap(), real.ledger_sums().await.unwrap());
    }
}
