//! Consents: given once, withdrawn at once, never older than their wording.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

use std::sync::Arc;

use sarai_gate::{
    Ask, Gate, Scope,
    consent::{self, Give, OFFERS, TRACK},
    words::{data, relation, stage},
};
use sarai_kernel::{
    Caller, Command, ConsentId, Outcome, PartyId, SessionId, Store, Timestamp, UseCaseError, Via,
    purpose::Deliver, time::DAY,
};
use sarai_testkit::MemoryStore;
use uuid::Uuid;

fn now() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

fn caller(number: u128) -> Caller {
    let id = SessionId::from_uuid(Uuid::from_u128(1));
    Caller {
        party: PartyId::from_uuid(Uuid::from_u128(number)),
        roles: vec![],
        suspended: false,
        via: Via::Session { id, factor_at: None, thin: false },
    }
}

fn track() -> Give<'static> {
    Give { code: TRACK, version: OFFERS[0].version, to: None, expires_at: None }
}

fn id(outcome: &Outcome) -> ConsentId {
    outcome.body["id"].as_str().unwrap().parse().unwrap()
}

fn code(error: UseCaseError) -> &'static str {
    match error {
        UseCaseError::Refused(refusal) => refusal.code,
        UseCaseError::Answered(_) => "answered",
    }
}

/// The shipper (2) follows the driver (1).
async fn follows(gate: &Gate, at: Timestamp) -> bool {
    let (shipper, driver) = (caller(2), caller(1).party);
    let consent = gate.has_consent(driver, TRACK, None, at).await.unwrap();
    let ask = Ask {
        actor: shipper.actor(),
        caller: Some(&shipper),
        relation: relation::SHIPPER,
        resource_kind: data::TRACK,
        resource: "ord_x".to_owned(),
        stage: stage::UNDER_WAY,
        case: None,
        consent,
        scope: Scope::One(driver.subject()),
        fields: &["track.points"],
    };
    gate.grant::<Deliver>(ask, at).await.is_ok()
}

#[tokio::test]
async fn a_withdrawal_shuts_the_next_grant() {
    let store = Arc::new(MemoryStore::new());
    let gate = Gate::embedded(store.clone()).unwrap();
    let (driver, command) = (caller(1), Command::at(now()));
    assert!(!follows(&gate, now()).await);
    let given = consent::give(store.as_ref(), &driver, command, track()).await.unwrap();
    assert!(follows(&gate, now()).await);
    let again = consent::give(store.as_ref(), &driver, command, track()).await.unwrap();
    assert_eq!((id(&again), again.status), (id(&given), 200));
    let stranger = consent::withdraw(store.as_ref(), &caller(2), command, id(&given)).await;
    assert_eq!(code(stranger.unwrap_err()), "not_found");
    assert!(follows(&gate, now()).await);
    consent::withdraw(store.as_ref(), &driver, command, id(&given)).await.unwrap();
    assert!(!follows(&gate, now()).await);
    let later = Command::at(now().plus(DAY));
    let new = consent::give(store.as_ref(), &driver, later, track()).await.unwrap();
    assert_ne!(id(&new), id(&given));
    let all = consent::list(store.as_ref(), driver.party).await.unwrap();
    let withdrawn: Vec<_> = all.iter().map(|found| found.record.withdrawn_at.is_some()).collect();
    assert_eq!(withdrawn, [false, true]);
    let events = store.events_after(0, 10).await.unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["kernel.consent.given", "kernel.consent.withdrawn", "kernel.consent.given"]);
}

#[tokio::test]
async fn a_consent_ends_at_its_time_and_can_be_given_again() {
    let store = Arc::new(MemoryStore::new());
    let gate = Gate::embedded(store.clone()).unwrap();
    let driver = caller(1);
    let a_day = Give { expires_at: Some(now().plus(DAY)), ..track() };
    consent::give(store.as_ref(), &driver, Command::at(now()), a_day).await.unwrap();
    assert!(follows(&gate, now().plus(DAY - 1)).await);
    assert!(!follows(&gate, now().plus(DAY)).await);
    let later = Command::at(now().plus(2 * DAY));
    consent::give(store.as_ref(), &driver, later, track()).await.unwrap();
    assert!(follows(&gate, now().plus(2 * DAY)).await);
}

#[tokio::test]
async fn a_consent_to_one_is_not_one_to_all_and_one_to_all_is_one_to_each() {
    let store = Arc::new(MemoryStore::new());
    let gate = Gate::embedded(store.clone()).unwrap();
    let (driver, command) = (caller(1), Command::at(now()));
    let has = async |to| gate.has_consent(driver.party, TRACK, to, now()).await.unwrap();
    let one = Give { to: Some("pty_a"), ..track() };
    let to_one = consent::give(store.as_ref(), &driver, command, one).await.unwrap();
    assert_eq!(
        (has(Some("pty_a")).await, has(Some("pty_b")).await, has(None).await),
        (true, false, false)
    );
    consent::give(store.as_ref(), &driver, command, track()).await.unwrap();
    consent::withdraw(store.as_ref(), &driver, command, id(&to_one)).await.unwrap();
    assert_eq!(
        (has(Some("pty_a")).await, has(Some("pty_b")).await, has(None).await),
        (true, true, true)
    );
}

#[tokio::test]
async fn unknown_things_old_wordings_and_past_ends_are_refused() {
    let store = MemoryStore::new();
    let (driver, command) = (caller(1), Command::at(now()));
    let cases = [
        (Give { code: "everything", ..track() }, "validation_failed"),
        (Give { version: "2020-01-01", ..track() }, "terms_changed"),
        (Give { expires_at: Some(now()), ..track() }, "validation_failed"),
    ];
    for (what, wanted) in cases {
        let refused = consent::give(&store, &driver, command, what).await.unwrap_err();
        assert_eq!(code(refused), wanted);
    }
    let nobody = caller(3).party;
    assert!(consent::list(&store, nobody).await.unwrap().is_empty());
}
