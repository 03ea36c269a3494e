//! A person reads who opened what: parties by relation, staff by role, engines as engines.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

use std::sync::Arc;

use sarai_gate::{Gate, audit::Who};
use sarai_kernel::{Decision, PartyId, Store, Timestamp, audit::AuditEntry, time::DAY};
use sarai_testkit::MemoryStore;
use uuid::Uuid;

fn party(number: u128) -> PartyId {
    PartyId::from_uuid(Uuid::from_u128(number))
}

fn row(actor: &str, relation: &str, allowed: bool) -> AuditEntry {
    AuditEntry {
        actor: actor.to_owned(),
        action: if allowed { "open" } else { "refuse" },
        purpose: "deliver",
        resource: "ord_x".to_owned(),
        relation: relation.to_owned(),
        subjects: vec![party(1).subject()],
        fields: vec!["party.phone".to_owned()],
        rule: "house.contact.sides".to_owned(),
        allowed,
        case: None,
    }
}

fn day(number: i64) -> Timestamp {
    Timestamp::from_micros(number * DAY)
}

async fn house() -> Gate {
    let store = Arc::new(MemoryStore::new());
    let rows = [
        row(&party(2).to_string(), "shipper", true),
        AuditEntry { subjects: vec![party(5).subject()], ..row("pty_x", "shipper", true) },
        row(&party(9).to_string(), "staff op.support po", true),
        AuditEntry { action: "sign_in", ..row(&party(1).to_string(), "self", true) },
        row("system/notices", "system", true),
        row("key_00000000000000000000000001", "shipper", true),
        row(&party(1).to_string(), "self", true),
        row(&party(3).to_string(), "trucker", false),
    ];
    for (number, row) in rows.into_iter().enumerate() {
        let at = day(number as i64 + 1);
        store.commit(Decision::new("test", at).audit(row)).await.unwrap();
    }
    Gate::embedded(store).unwrap()
}

#[tokio::test]
async fn the_log_names_parties_roles_and_engines_newest_first() {
    let page = house().await.access_log(party(1).subject(), None, 10).await.unwrap();
    let who: Vec<_> = page.rows.iter().map(|row| (row.seq, row.who.clone())).collect();
    let staff = vec!["op.support".to_owned(), "po".to_owned()];
    let wanted = [
        (8, Who::Person(Some(party(3)))),
        (7, Who::Own),
        (6, Who::Company),
        (5, Who::Engine("notices".to_owned())),
        (3, Who::Staff(staff)),
        (1, Who::Person(Some(party(2)))),
    ];
    assert_eq!(who, wanted);
    assert_eq!((page.rows[4].relation.as_str(), page.next_before), ("staff", None));
    assert!(!page.rows[0].allowed);
    assert_eq!(page.rows[5].citations[0].cite, "PIPL 6; PIPL 13(2); PIPL 19");
}

#[tokio::test]
async fn pages_follow_one_another_without_loss() {
    let gate = house().await;
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = gate.access_log(party(1).subject(), before, 2).await.unwrap();
        seen.extend(page.rows.iter().map(|row| row.seq));
        before = page.next_before;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen, [8, 7, 6, 5, 3, 1]);
}

#[tokio::test]
async fn the_summary_counts_from_its_day_on_and_not_ones_own_reading() {
    let gate = house().await;
    let all = gate.access_summary(party(1).subject(), day(0)).await.unwrap();
    assert_eq!((all.openings, all.persons, all.companies, all.staff), (3, 1, 1, 1));
    assert_eq!((all.engine, all.refused, all.more), (1, 1, false));
    let late = gate.access_summary(party(1).subject(), day(6)).await.unwrap();
    assert_eq!((late.openings, late.companies, late.refused), (1, 1, 1));
}
