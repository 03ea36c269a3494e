//! A grant exists only after the law said yes and the row was written.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

use std::sync::Arc;

use sarai_gate::{
    Ask, Gate, Scope,
    words::{data, relation, stage},
};
use sarai_kernel::{
    Caller, Kind, PartyId, Role, SessionId, Store, Timestamp, Via,
    party::{Party, PartyPhone},
    personal::Phone,
    purpose::{Deliver, Publish, SelfAccess, Support},
    time::{HOUR, MINUTE},
};
use sarai_seal::{Denied, Sealed};
use sarai_testkit::MemoryStore;
use uuid::Uuid;

fn now() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

fn party(number: u128) -> PartyId {
    PartyId::from_uuid(Uuid::from_u128(number))
}

fn caller(number: u128) -> Caller {
    let session = SessionId::from_uuid(Uuid::from_u128(1));
    Caller {
        party: party(number),
        roles: vec![],
        suspended: false,
        via: Via::Session { id: session, factor_at: None, thin: false },
    }
}

fn staff(role: Role, factor_at: Option<Timestamp>) -> Caller {
    let session = SessionId::from_uuid(Uuid::from_u128(1));
    Caller {
        roles: vec![role],
        via: Via::Session { id: session, factor_at, thin: false },
        ..caller(9)
    }
}

fn contact<'a>(caller: &'a Caller, stage: &'a str) -> Ask<'a> {
    Ask {
        actor: caller.actor(),
        caller: Some(caller),
        relation: relation::TRUCKER,
        resource_kind: data::CONTACT,
        resource: "ord_x".to_owned(),
        stage,
        case: None,
        consent: false,
        scope: Scope::One(party(2).subject()),
        fields: &["party.phone"],
    }
}

fn house() -> (Arc<MemoryStore>, Gate) {
    let store = Arc::new(MemoryStore::new());
    let gate = Gate::embedded(store.clone()).unwrap();
    (store, gate)
}

fn with_phone(number: u128) -> Party {
    let mut party = Party::new(party(number));
    party.phone = Some(Sealed::new(Phone::new("13800138000").unwrap()));
    party
}

#[tokio::test]
async fn a_grant_opens_the_other_side_and_stands_in_the_log_first() {
    let (store, gate) = house();
    let trucker = caller(1);
    let grant = gate.grant::<Deliver>(contact(&trucker, stage::BOOKED), now()).await.unwrap();
    let rows = store.audit_after(0, 10).await.unwrap();
    let row = &rows[0];
    assert_eq!((rows.len(), grant.audit().0, row.allowed), (1, 1, true));
    assert_eq!((row.action.as_str(), row.purpose.as_str()), ("open", "deliver"));
    assert_eq!((row.relation.as_str(), row.rule.as_str()), ("trucker", "house.contact.sides"));
    assert_eq!(
        (row.subjects.as_slice(), row.fields.as_slice()),
        (&[party(2).subject()][..], &["party.phone".to_owned()][..])
    );
    assert_eq!(row.actor, party(1).to_string());
    assert!(grant.open::<PartyPhone>(&with_phone(2)).is_ok());
    assert!(matches!(grant.open::<PartyPhone>(&with_phone(3)), Err(Denied::WrongSubject)));
}

#[tokio::test]
async fn a_refusal_is_logged_and_cites() {
    let (store, gate) = house();
    let trucker = caller(1);
    let refusal = gate.grant::<Deliver>(contact(&trucker, stage::PAST), now()).await.unwrap_err();
    assert_eq!((refusal.code, refusal.kind), ("purpose_not_allowed", Kind::Forbidden));
    assert_eq!(refusal.facts["rule"], "house.deny_by_default");
    let rows = store.audit_after(0, 10).await.unwrap();
    assert_eq!((rows.len(), rows[0].allowed, rows[0].action.as_str()), (1, false, "refuse"));
    let other = gate.grant::<Publish>(contact(&trucker, stage::BOOKED), now()).await.unwrap_err();
    assert_eq!(other.code, "purpose_not_allowed");
    let stranger = Ask { relation: relation::NONE, ..contact(&trucker, stage::BOOKED) };
    assert_eq!(gate.grant::<Deliver>(stranger, now()).await.unwrap_err().kind, Kind::NotFound);
}

#[tokio::test]
async fn staff_need_a_case_and_a_fresh_factor_and_are_told_which() {
    let (store, gate) = house();
    let fresh = staff(Role::OpSupport, Some(now().plus(-4 * MINUTE)));
    let stale = staff(Role::OpSupport, Some(now().plus(-6 * MINUTE)));
    let money = staff(Role::OpMarket, Some(now()));
    let ask =
        |caller| Ask { relation: relation::STAFF, case: Some("case-7"), ..contact(caller, "") };
    assert!(gate.grant::<Support>(ask(&fresh), now()).await.is_ok());
    let rows = store.audit_after(0, 1).await.unwrap();
    assert_eq!(
        (rows[0].relation.as_str(), rows[0].case.as_deref()),
        ("staff op.support", Some("case-7"))
    );
    let code = async |ask| gate.grant::<Support>(ask, now()).await.unwrap_err().code;
    assert_eq!(code(ask(&stale)).await, "step_up_required");
    assert_eq!(code(Ask { case: None, ..ask(&fresh) }).await, "purpose_not_allowed");
    assert_eq!(code(Ask { case: Some(" "), ..ask(&fresh) }).await, "purpose_not_allowed");
    assert_eq!(code(ask(&money)).await, "purpose_not_allowed");
}

#[tokio::test]
async fn a_track_needs_the_drivers_consent() {
    let (_, gate) = house();
    let shipper = caller(1);
    let ask = |consent| Ask {
        relation: relation::SHIPPER,
        resource_kind: data::TRACK,
        consent,
        ..contact(&shipper, stage::UNDER_WAY)
    };
    assert_eq!(gate.grant::<Deliver>(ask(false), now()).await.unwrap_err().code, "consent_missing");
    assert!(gate.grant::<Deliver>(ask(true), now()).await.is_ok());
}

#[tokio::test]
async fn the_suspended_reach_only_their_own_data() {
    let (_, gate) = house();
    let suspended = Caller { suspended: true, ..caller(1) };
    let other = gate.grant::<Deliver>(contact(&suspended, stage::BOOKED), now()).await;
    assert_eq!(other.unwrap_err().code, "account_suspended");
    let own = gate.grant_self(&suspended, data::ACCOUNT, &["party.phone"], now()).await.unwrap();
    assert!(own.open::<PartyPhone>(&with_phone(1)).is_ok());
    assert!(matches!(own.open::<PartyPhone>(&with_phone(2)), Err(Denied::WrongSubject)));
}

#[tokio::test]
async fn only_the_houses_engines_go_over_everybody() {
    let (_, gate) = house();
    let board = gate
        .grant_system::<Publish>("board", data::LOAD, "board", Scope::Everyone, &[], now())
        .await;
    assert!(board.is_ok());
    let trucker = caller(1);
    let all = Ask { scope: Scope::Everyone, ..contact(&trucker, stage::BOOKED) };
    assert!(gate.grant::<Deliver>(all, now()).await.is_err());
    let own = Ask { scope: Scope::Everyone, relation: relation::SELF, ..contact(&trucker, "") };
    assert!(gate.grant::<SelfAccess>(own, now()).await.is_err());
    // A person who writes `system/` as the actor is still that person.
    let posing = Ask {
        actor: "system/board".to_owned(),
        relation: relation::SYSTEM,
        ..contact(&trucker, "")
    };
    assert!(gate.grant::<Deliver>(posing, now()).await.is_err());
}

#[test]
fn contact_ends_a_day_after_delivery_whether_or_not_it_was_signed_off() {
    let then = |hours: i64| now().plus(hours * HOUR);
    assert_eq!(stage::after_delivery(now(), true, then(23)), stage::DELIVERED);
    assert_eq!(stage::after_delivery(now(), false, then(24)), stage::PAST);
    assert_eq!(stage::after_delivery(now(), true, then(24)), stage::COMPLETED);
}
