use sarai_kernel::{
    Account, CommitError, Currency, Decision, DocRef, Draft, Key, Money, NewEvent, Once, OrderId,
    Outcome, PartyId, PostingSet, Query, Store, StoreExt, Timestamp,
    audit::AuditEntry,
    document::{Clear, KeyValue},
    party::Party,
    personal::Phone,
};
use sarai_seal::{Parts, Sealed, SealedBytes};
use uuid::Uuid;

use super::MemoryStore;

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros)
}

fn thing(number: u128, expect: u64, keys: Vec<Key>) -> Draft {
    let at = DocRef::new("thing", Uuid::from_u128(number));
    Draft { at, expect, schema: 1, parts: Parts::default(), keys }
}

fn decision() -> Decision {
    Decision::new("test", at(1_000))
}

fn someone() -> PartyId {
    PartyId::from_uuid(Uuid::from_u128(7))
}

#[tokio::test]
async fn a_version_is_written_once() {
    let store = MemoryStore::new();
    assert!(store.commit(decision().write(thing(1, 0, vec![]))).await.is_ok());
    let again = store.commit(decision().write(thing(1, 0, vec![]))).await;
    assert!(matches!(again, Err(CommitError::Conflict(_))));
    assert!(store.commit(decision().write(thing(1, 1, vec![]))).await.is_ok());
    let late = store.commit(decision().write(thing(2, 0, vec![])).write(thing(1, 1, vec![]))).await;
    assert!(matches!(late, Err(CommitError::Conflict(_))));
    assert!(store.document(&DocRef::new("thing", Uuid::from_u128(2))).await.unwrap().is_none());
    let mut watching = decision();
    watching.expects.push((DocRef::new("thing", Uuid::from_u128(1)), 1));
    assert!(matches!(store.commit(watching).await, Err(CommitError::Conflict(_))));
}

#[tokio::test]
async fn a_unique_key_has_one_holder_until_it_lets_go() {
    let store = MemoryStore::new();
    let plate = || vec![Key::unique("thing.plate", "A1")];
    assert!(store.commit(decision().write(thing(1, 0, plate()))).await.is_ok());
    let second = store.commit(decision().write(thing(2, 0, plate()))).await;
    assert_eq!(second.unwrap_err(), CommitError::Duplicate("thing.plate"));
    let twins = decision().write(thing(3, 0, vec![Key::unique("n", "x")]));
    let twins = store.commit(twins.write(thing(4, 0, vec![Key::unique("n", "x")]))).await;
    assert_eq!(twins.unwrap_err(), CommitError::Duplicate("n"));
    let handover = decision().write(thing(1, 1, vec![])).write(thing(2, 0, plate()));
    assert!(store.commit(handover).await.is_ok());
}

#[tokio::test]
async fn pages_follow_one_another_in_both_directions() {
    let store = MemoryStore::new();
    for number in 0..5_u128 {
        let keys = vec![Key::new("thing.all", "1", (number / 2) as i64)];
        store.commit(decision().write(thing(number + 1, 0, keys))).await.unwrap();
    }
    let mut seen = Vec::new();
    let mut place = None;
    loop {
        let query = Query::by("thing", "thing.all", "1").newest_first().limit(2).after(place);
        let page = store.find(query).await.unwrap();
        let Some(last) = page.last() else { break };
        place = Some((last.sort, last.document.at.id));
        seen.extend(page.iter().map(|found| found.document.at.id.as_u128()));
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
    let due = store.find(Query::by("thing", "thing.all", "1").up_to(1)).await.unwrap();
    assert_eq!(due.len(), 4);
    let after = Some(Uuid::from_u128(2));
    let rest = store.scan("thing", after, 10).await.unwrap();
    assert_eq!(rest.iter().map(|d| d.at.id.as_u128()).collect::<Vec<_>>(), [3, 4, 5]);
}

#[tokio::test]
async fn money_never_goes_below_zero_and_is_never_posted_twice() {
    let store = MemoryStore::new();
    let order = OrderId::from_uuid(Uuid::from_u128(9));
    let wallet = || Account::Wallet(someone());
    let move_money = |cause, from, to, amount_minor| {
        let money = Money { amount_minor, currency: Currency::CNY };
        decision()
            .post(PostingSet::new(order, cause, Currency::CNY).transfer(from, to, money).unwrap())
    };
    let provider = || Account::Provider("bank");
    store.commit(move_money("topup", provider(), wallet(), 100)).await.unwrap();
    let twice = store.commit(move_money("topup", provider(), wallet(), 100)).await;
    assert_eq!(twice.unwrap_err(), CommitError::PostedBefore("topup"));
    let deep = store.commit(move_money("hold", wallet(), Account::HoldPrice(order), 101)).await;
    assert_eq!(deep.unwrap_err(), CommitError::Funds(wallet().to_string()));
    store.commit(move_money("hold", wallet(), Account::HoldPrice(order), 100)).await.unwrap();
    assert_eq!(store.balance(&wallet(), Currency::CNY).await.unwrap(), 0);
    assert_eq!(store.ledger_sums().await.unwrap(), [(Currency::CNY, 0)]);
    let lines = store.postings(&wallet(), None, 10).await.unwrap();
    assert_eq!(lines.iter().map(|l| l.balance_after_minor).collect::<Vec<_>>(), [0, 100]);
    assert_eq!(store.postings_about(&order.to_string()).await.unwrap().len(), 4);
}

#[tokio::test]
async fn an_answer_is_replayed_until_its_time_is_over() {
    let store = MemoryStore::new();
    let once = Once { scope: [1; 32], fingerprint: [2; 32], keep_until: at(2_000) };
    let outcome = Outcome::of(201, "x", 1);
    store.commit(decision().answer(Some(once), outcome.clone())).await.unwrap();
    let again =
        store.commit(decision().write(thing(1, 0, vec![])).answer(Some(once), outcome.clone()));
    match again.await.unwrap_err() {
        CommitError::Answered(answer) => assert_eq!(answer.outcome, outcome),
        other => panic!("{other}"),
    }
    assert!(store.document(&DocRef::new("thing", Uuid::from_u128(1))).await.unwrap().is_none());
    let later = Decision::new("test", at(2_000)).answer(Some(once), outcome);
    assert!(store.commit(later).await.is_ok());
}

#[tokio::test]
async fn events_and_audit_rows_are_numbered_without_gaps() {
    let store = MemoryStore::new();
    let event = |subject: &str| NewEvent {
        kind: "test.thing.made",
        subject_kind: "thing",
        subject: subject.to_owned(),
        version: 1,
        audience: vec![],
        on_board: false,
        data: Clear::new(),
    };
    let row = AuditEntry {
        actor: "pty_a".to_owned(),
        action: "open",
        purpose: "deliver",
        resource: "a".to_owned(),
        relation: "driver".to_owned(),
        subjects: vec![someone().subject()],
        fields: vec![],
        rule: "r".to_owned(),
        allowed: true,
        case: None,
    };
    let two = decision().event(event("a")).event(event("b")).audit(row.clone());
    store.commit(two).await.unwrap();
    let done =
        store.commit(decision().event(event("a")).audit(row.clone()).audit(row)).await.unwrap();
    assert_eq!((done.audit_seq, done.events[0].global_seq, done.events[0].seq), (3, 3, 2));
    let rows = store.audit_after(0, 10).await.unwrap();
    assert!(rows.windows(2).all(|pair| pair[1].previous == pair[0].hash));
    assert!(rows.iter().all(|row| row.digest() == row.hash));
    let of = store.audit_of(someone().subject(), Some(3), 1).await.unwrap();
    assert_eq!(of[0].seq, 2);
}

#[tokio::test]
async fn an_erased_person_is_gone_and_stays_so() {
    let store = MemoryStore::new();
    let mut party = Party::new(someone());
    party.phone = Some(Sealed::new(Phone::new("13800138000").unwrap()));
    let draft = party.draft(someone(), 0, at(0)).unwrap();
    store.commit(decision().write(draft)).await.unwrap();
    let by_phone = || {
        let number = SealedBytes::text("+8613800138000").unwrap();
        Query::by("party", "party.phone", KeyValue::Blind(number))
    };
    assert_eq!(store.find(by_phone()).await.unwrap().len(), 1);
    let mut erasure = decision();
    erasure.erase.push(someone().subject());
    store.commit(erasure).await.unwrap();
    assert!(store.is_erased(someone().subject()).await.unwrap());
    assert!(store.find(by_phone()).await.unwrap().is_empty());
    let found = store.load::<Party>(someone().uuid()).await.unwrap().unwrap();
    assert!(found.record.phone.as_ref().is_some_and(Sealed::is_erased));
    let back = party.draft(someone(), 1, at(0)).unwrap();
    let back = store.commit(decision().write(back)).await;
    assert_eq!(back.unwrap_err(), CommitError::Erased(someone().subject()));
}

#[tokio::test]
async fn a_lease_has_one_holder_and_a_rising_number() {
    let store = MemoryStore::new();
    let (ann, bo) = (Uuid::from_u128(1), Uuid::from_u128(2));
    assert_eq!(store.lease("w", ann, at(0), at(10)).await.unwrap(), Some(1));
    assert_eq!(store.lease("w", bo, at(5), at(15)).await.unwrap(), None);
    assert_eq!(store.lease("w", ann, at(5), at(15)).await.unwrap(), Some(1));
    assert_eq!(store.lease("w", bo, at(15), at(2_000)).await.unwrap(), Some(2));
    let fenced = |number| Decision { fence: Some(("w".to_owned(), number)), ..decision() };
    assert_eq!(store.commit(fenced(1)).await.unwrap_err(), CommitError::Fenced);
    assert!(store.commit(fenced(2)).await.is_ok());
}
