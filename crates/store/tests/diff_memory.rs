//! The same random histories on SQL and in the plain store in memory, which was written apart: every verdict and, at the end, all that
//! can be read are the same. The seed is printed and can be given as `SARAI_SEED`.

#![expect(clippy::expect_used, reason = "a test that cannot go on must stop and say where")]

use sarai_kernel::{
    Account, Currency, Decision, DocRef, Key, Money, NewEvent, Once, OrderId, Outcome, PartyId,
    PostingSet, Query, Store, Timestamp,
    document::{Clear, Draft, KeyValue},
};
use sarai_seal::{Content, Parts, SealedBytes, SealedPart, SubjectId};
use sarai_testkit::{Backend, Home, MemoryStore};
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);
const THINGS: u64 = 6;
const PEOPLE: u64 = 3;

/// Dice that a seed gives again.
#[derive(Clone)]
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }
}

fn thing(number: u64) -> DocRef {
    DocRef::new("thing", Uuid::from_u128(u128::from(number) + 1))
}

fn person(number: u64) -> SubjectId {
    SubjectId::from_uuid(Uuid::from_u128(u128::from(number) + 100))
}

fn account(number: u64) -> Account {
    match number {
        0 => Account::Provider("test"),
        1 => Account::Fee,
        n => Account::Wallet(PartyId::from_uuid(Uuid::from_u128(n.into()))),
    }
}

fn text(text: &str) -> SealedBytes {
    SealedBytes::text(text).expect("a text is JSON")
}

fn draft(dice: &mut Dice, versions: &[u64]) -> Draft {
    let number = dice.roll(THINGS);
    let right = versions.get(usize::try_from(number).expect("small")).copied().unwrap_or(0);
    let mut clear = Clear::new();
    clear.insert("n".to_owned(), dice.roll(1_000).into());
    let mut keys = vec![Key::new("thing.all", "all", dice.roll(3).cast_signed())];
    if dice.one_in(2) {
        keys.push(Key::unique("thing.name", dice.roll(4).to_string()));
    }
    let mut sealed = Vec::new();
    if dice.one_in(2) {
        let word = dice.roll(4).to_string();
        keys.push(Key::new("thing.phone", KeyValue::Blind(text(&word)), 0));
        let content = Content::Present(text(&word));
        sealed.push(SealedPart {
            field: "thing.phone".into(),
            subject: person(dice.roll(PEOPLE)),
            content,
        });
    }
    let expect = if dice.one_in(6) { dice.roll(4) } else { right };
    Draft { at: thing(number), expect, schema: 1, parts: Parts { clear, sealed }, keys }
}

fn set(dice: &mut Dice) -> PostingSet {
    let (from, to) = (account(dice.roll(4)), account(dice.roll(4)));
    let cause =
        ["a", "b", "c"].get(usize::try_from(dice.roll(3)).expect("small")).copied().unwrap_or("a");
    let order = OrderId::from_uuid(Uuid::from_u128(dice.roll(200).into()));
    let money = Money::new(dice.roll(50).cast_signed(), Currency::CNY).expect("in bounds");
    PostingSet::new(order, cause, Currency::CNY).transfer(from, to, money).expect("balances")
}

fn event(dice: &mut Dice) -> NewEvent {
    NewEvent {
        kind: "test.thing.made",
        subject_kind: "thing",
        subject: format!("thing_{}", dice.roll(3)),
        version: 1,
        audience: Vec::new(),
        on_board: dice.one_in(2),
        data: Clear::new(),
    }
}

fn decision(dice: &mut Dice, versions: &[u64], step: i64) -> Decision {
    let mut decision = Decision::new("test", NOW.plus(step));
    for _ in 0..dice.roll(3) {
        decision = decision.write(draft(dice, versions));
    }
    for _ in 0..dice.roll(2) {
        decision = decision.post(set(dice)).event(event(dice));
    }
    if dice.one_in(8) {
        let number = dice.roll(THINGS);
        let version = versions.get(usize::try_from(number).expect("small")).copied().unwrap_or(0);
        if version > 0 {
            decision.removals.push((thing(number), version));
        }
    }
    if dice.one_in(3) {
        let byte = u8::try_from(dice.roll(40)).expect("small");
        let once =
            Once { scope: [byte; 32], fingerprint: [2; 32], keep_until: NOW.plus(step + 100_000) };
        decision = decision.answer(Some(once), Outcome::of(201, byte, 1));
    }
    if dice.one_in(60) {
        decision.erase.push(person(dice.roll(PEOPLE)));
    }
    decision
}

async fn versions(store: &dyn Store) -> Vec<u64> {
    let mut versions = Vec::new();
    for number in 0..THINGS {
        let document = store.document(&thing(number)).await.expect("answers");
        versions.push(document.map_or(0, |document| document.version));
    }
    versions
}

fn content(content: &Content) -> String {
    let known = |word: &u64| matches!(content, Content::Present(bytes) if bytes.same(&text(&word.to_string())));
    match content {
        Content::Erased => "erased".to_owned(),
        Content::Present(_) => format!("{:?}", (0..4).find(known)),
    }
}

/// All that can be read, as lines.
async fn seen(store: &dyn Store) -> Vec<String> {
    let mut lines = Vec::new();
    for document in store.scan("thing", None, 100).await.expect("answers") {
        let sealed: Vec<_> =
            document.parts.sealed.iter().map(|p| (p.subject, content(&p.content))).collect();
        let times = (document.created_at, document.updated_at);
        lines.push(format!(
            "{:?} {} {times:?} {:?} {sealed:?}",
            document.at, document.version, document.parts.clear
        ));
    }
    for number in 0..4u64 {
        let names = Query::by("thing", "thing.name", number.to_string());
        let phones = Query::by("thing", "thing.phone", KeyValue::Blind(text(&number.to_string())));
        for query in [names, phones, Query::by("thing", "thing.all", "all").newest_first()] {
            let found = store.find(query).await.expect("answers");
            lines.push(format!(
                "{:?}",
                found.iter().map(|f| (f.sort, f.document.at.id)).collect::<Vec<_>>()
            ));
        }
        let balance = store.balance(&account(number), Currency::CNY).await.expect("answers");
        let postings = store.postings(&account(number), None, 1_000).await.expect("answers");
        lines.push(format!("{balance} {postings:?}"));
    }
    for number in 0..PEOPLE {
        let about = store.about(person(number)).await.expect("answers");
        let erased = store.is_erased(person(number)).await.expect("answers");
        lines.push(format!("{erased} {:?}", about.iter().map(|d| d.at.id).collect::<Vec<_>>()));
    }
    for event in store.events_after(0, 1_000).await.expect("answers") {
        lines.push(format!(
            "{} {} {} {} {}",
            event.global_seq, event.subject, event.seq, event.at, event.on_board
        ));
    }
    lines.push(format!("{:?}", store.ledger_sums().await.expect("answers")));
    lines
}

async fn compare(backend: Backend, histories: u64, steps: i64) {
    let given = std::env::var("SARAI_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = given.unwrap_or_else(|| Uuid::new_v4().as_u64_pair().0);
    println!("SARAI_SEED={seed}");
    for history in 0..histories {
        let mut dice = Dice(seed.wrapping_add(history) | 1);
        let home = Home::new(backend).await;
        let (sql, memory) = (home.open().await, MemoryStore::new());
        let (mut done, mut refused) = (0, 0);
        for step in 0..steps {
            let now = versions(&memory).await;
            let mut again = dice.clone();
            let ours = sql.commit(decision(&mut dice, &now, step)).await;
            let theirs = memory.commit(decision(&mut again, &now, step)).await;
            match &ours {
                Ok(_) => done += 1,
                Err(_) => refused += 1,
            }
            assert_eq!(ours.map(drop), theirs.map(drop), "history {history}, step {step}");
        }
        assert_eq!(seen(&sql).await, seen(&memory).await, "history {history}");
        assert!(
            done > 20 && refused > 20,
            "{done} done, {refused} refused: the history tells nothing"
        );
    }
}

#[tokio::test]
async fn sqlite_and_memory_agree_on_random_histories() {
    compare(Backend::Sqlite, 4, 150).await;
}

#[tokio::test]
async fn postgresql_and_memory_agree_on_random_histories() {
    compare(Backend::Pg, 3, 150).await;
}
