//! What leaves is counted exactly, decided with the article, held for the officer, and written down.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

use std::{
    collections::HashSet,
    sync::{Arc, LazyLock},
};

use proptest::prelude::*;
use sarai_gate::{
    Gate, Laws,
    outbound::{
        Answered, Approving, Cited, Ground, Leaving, MechanismForm, MechanismKind, Of, Operator,
        Question, RecipientForm, RecipientKind, Released, Ruling, Sector, TransferFacts,
        TransferLaw, approvals, decide_approval, mechanism, recipient, sweep, tally_name,
        transfers,
    },
};
use sarai_kernel::{
    Caller, Command, PartyId, RecipientId, Refusal, Role, SessionId, Store, Timestamp, Via,
    party::Party,
    time::{DAY, HOUR},
};
use sarai_law::Date;
use sarai_seal::{Personal, SubjectId};
use sarai_testkit::{Backend, Home, MemoryStore};
use uuid::Uuid;

/// A law of tests with thresholds so low that a test reaches them: from three persons on a contract, from six an assessment.
struct LowLaw;

impl TransferLaw for LowLaw {
    fn transfer(&self, facts: &TransferFacts<'_>, _: Date) -> Ruling {
        let has = |kind| facts.mechanisms.contains(&kind);
        let cite = |cite: &str| Cited {
            cite: cite.into(),
            rule: cite.to_lowercase(),
            checked: "text".into(),
        };
        let home = facts.country == facts.operator.country;
        if home || facts.kind == RecipientKind::Subject {
            return Ruling { allowed: true, ..Ruling::default() };
        }
        if facts.kind == RecipientKind::ForeignAuthority && !has(MechanismKind::AuthorityApproval) {
            return Ruling {
                needs: vec![vec!["authority_approval".into()]],
                basis: vec![cite("PIPL 41")],
                ..Ruling::default()
            };
        }
        if facts.sector == Sector::Ride && facts.personal {
            return Ruling { needs: vec![], basis: vec![cite("RIDE 26")], ..Ruling::default() };
        }
        let assessed = has(MechanismKind::SecurityAssessment);
        let contract = has(MechanismKind::StandardContract) || assessed;
        if facts.plain_persons >= 6 && !assessed {
            return Ruling {
                needs: vec![vec!["security_assessment".into()]],
                basis: vec![cite("CBDF 7")],
                ..Ruling::default()
            };
        }
        if (facts.plain_persons >= 3 || facts.sensitive_persons >= 1) && !contract {
            let needs = vec!["standard_contract".into(), "certificate".into()];
            return Ruling { needs: vec![needs], basis: vec![cite("CBDF 8")], ..Ruling::default() };
        }
        Ruling { allowed: true, basis: vec![cite("CBDF 5")], ..Ruling::default() }
    }
}

fn now() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

fn person(number: u128) -> SubjectId {
    SubjectId::from_uuid(Uuid::from_u128(number))
}

fn officer(number: u128) -> Caller {
    Caller {
        party: PartyId::from_uuid(Uuid::from_u128(number)),
        roles: vec![Role::PrivacyOfficer],
        suspended: false,
        via: Via::Session { id: SessionId::new(now()), factor_at: Some(now()), thin: false },
    }
}

/// The packs, read once: a test restarts the gate often.
static LAWS: LazyLock<Arc<Laws>> = LazyLock::new(|| Arc::new(Laws::embedded().unwrap()));

fn gate(store: Arc<dyn Store>) -> Gate {
    Gate::new(store, LAWS.clone())
        .of_platform("plt_test")
        .of_operator(Operator::default())
        .with_secret([9; 32])
        .with_register(&[Party::ENTRY])
        .with_transfer_law(Arc::new(LowLaw))
}

async fn register(
    store: &dyn Store,
    country: &str,
    kind: RecipientKind,
    approving: Approving,
) -> RecipientId {
    let form = RecipientForm {
        name: format!("Recipient in {country}"),
        country: country.into(),
        kind,
        purposes: vec!["notify".into()],
        categories: vec!["contact".into()],
        group: None,
        approving,
    };
    let made = recipient::register(store, &officer(1), form, Command::at(now())).await.unwrap();
    made.body["id"].as_str().unwrap().parse().unwrap()
}

fn leaving<'a>(to: RecipientId, persons: &'a [SubjectId]) -> Leaving<'a> {
    Leaving {
        to,
        actor: "system/test",
        purpose: "notify",
        resource: "ntc_x",
        fields: &["party.phone"],
        persons,
        more_persons: 0,
        untyped: &[],
        ground: Ground::Contract,
        sector: Sector::Freight,
        approval: None,
    }
}

fn reason(refusal: &Refusal) -> &str {
    refusal.facts.get("reason").and_then(|reason| reason.as_str()).unwrap_or(refusal.code)
}

async fn enter(store: &dyn Store, to: RecipientId, kind: MechanismKind, days: i64) {
    let form = MechanismForm {
        recipient: to,
        kind,
        number: format!("No. {days}"),
        effective_at: now(),
        filed_at: None,
        expires_at: Some(now().plus(days * DAY)),
    };
    mechanism::enter(store, &officer(1), form, Command::at(now())).await.unwrap();
}

#[tokio::test]
async fn recipients_of_one_group_share_one_count_and_a_mechanism_lifts_until_it_runs_out() {
    let store = Arc::new(MemoryStore::new());
    let gate = gate(store.clone());
    let us = register(store.as_ref(), "US", RecipientKind::Processor, Approving::Standing).await;
    let sg = register(store.as_ref(), "SG", RecipientKind::GroupCompany, Approving::Standing).await;
    let cn = register(store.as_ref(), "CN", RecipientKind::Processor, Approving::Standing).await;
    let go = |to, persons: Vec<SubjectId>, at| {
        let gate = &gate;
        async move { gate.release(&leaving(to, &persons), at).await.map(|_| ()) }
    };
    go(us, vec![person(1)], now()).await.unwrap();
    go(sg, vec![person(2), person(1), person(2)], now()).await.unwrap();
    assert_eq!(store.tally("outbound/2026").await.unwrap().persons, 2);
    // The third person would make three, whoever gets it; at home nobody counts.
    let refused = go(sg, vec![person(3)], now()).await.unwrap_err();
    assert_eq!((refused.code, reason(&refused)), ("transfer_refused", "law"));
    assert_eq!(refused.facts["legal"]["basis"][0], "CBDF 8");
    assert_eq!(refused.facts["legal"]["mechanism_needed"][0][1], "certificate");
    go(cn, (1..100).map(person).collect(), now()).await.unwrap();
    go(us, vec![person(1)], now()).await.unwrap();
    assert_eq!(
        store.tally("outbound/2026").await.unwrap().persons,
        2,
        "the refused one left nothing"
    );
    enter(store.as_ref(), sg, MechanismKind::StandardContract, 30).await;
    go(sg, vec![person(3)], now()).await.unwrap();
    assert!(go(us, vec![person(4)], now()).await.is_err(), "a contract with another lifts nothing");
    let later = now().plus(30 * DAY);
    assert!(go(sg, vec![person(4)], later).await.is_err(), "it has run out");
    // The new year begins at nothing, in China.
    let new_year = "2026-12-31T16:00:00Z".parse().unwrap();
    go(us, vec![person(4)], new_year).await.unwrap();
    assert_eq!(store.tally("outbound/2027").await.unwrap().persons, 1);
    let log = transfers(store.as_ref(), Of::All, 100, None).await.unwrap();
    assert_eq!(log.len(), 9, "a row for every one");
    let refused = transfers(store.as_ref(), Of::Answer(Answered::Refuse), 100, None).await.unwrap();
    assert_eq!(refused.len(), 3);
    assert!(refused.iter().all(|(row, _)| row.record.new_persons == 0));
}

#[tokio::test]
async fn the_register_decides_before_the_law_does() {
    let store = Arc::new(MemoryStore::new());
    let gate = gate(store.clone());
    let to = register(store.as_ref(), "CN", RecipientKind::Processor, Approving::Standing).await;
    let persons = [person(1)];
    let ask = |change: fn(&mut Leaving<'_>)| {
        let mut what = leaving(to, &persons);
        change(&mut what);
        let gate = &gate;
        async move { gate.release(&what, now()).await.map(|_| ()).map_err(|no| reason(&no).to_owned()) }
    };
    assert_eq!(ask(|_| {}).await, Ok(()));
    assert_eq!(ask(|what| what.purpose = "deliver").await, Err("purpose_not_registered".into()));
    // A name is of a category that this recipient is not registered for.
    assert_eq!(
        ask(|what| what.fields = &["party.name"]).await,
        Err("category_not_registered".into())
    );
    // What the register does not know is the worst that it could be.
    assert_eq!(
        ask(|what| what.fields = &["party.secret"]).await,
        Err("category_not_registered".into())
    );
    recipient::close(store.as_ref(), &officer(1), to, Command::at(now())).await.unwrap();
    assert_eq!(ask(|_| {}).await, Err("recipient_closed".into()));
    let nowhere = leaving(RecipientId::new(now()), &persons);
    assert_eq!(gate.release(&nowhere, now()).await.unwrap_err().code, "not_found");
}

#[tokio::test]
async fn a_foreign_court_gets_nothing_before_an_approval_is_registered_and_rides_stay() {
    let store = Arc::new(MemoryStore::new());
    let gate = gate(store.clone());
    let court =
        register(store.as_ref(), "US", RecipientKind::ForeignAuthority, Approving::Standing).await;
    let persons = [person(1)];
    let refused = gate.release(&leaving(court, &persons), now()).await.unwrap_err();
    assert_eq!(refused.facts["legal"]["basis"][0], "PIPL 41");
    enter(store.as_ref(), court, MechanismKind::AuthorityApproval, 10).await;
    assert!(gate.release(&leaving(court, &persons), now()).await.is_ok());
    let partner =
        register(store.as_ref(), "US", RecipientKind::Processor, Approving::Standing).await;
    let ride = Leaving { sector: Sector::Ride, ..leaving(partner, &persons) };
    let refused = gate.release(&ride, now()).await.unwrap_err();
    assert_eq!(refused.facts["legal"]["basis"][0], "RIDE 26");
}

#[tokio::test]
async fn the_officer_lets_exactly_this_go_once() {
    let store = Arc::new(MemoryStore::new());
    let gate = gate(store.clone());
    let to = register(store.as_ref(), "US", RecipientKind::Processor, Approving::Each).await;
    let persons = [person(1), person(2)];
    let what = leaving(to, &persons);
    let Released::Held(id) = gate.release(&what, now()).await.unwrap() else { panic!("held") };
    let Released::Held(same) = gate.release(&what, now()).await.unwrap() else { panic!("held") };
    assert_eq!(id, same, "who asks twice waits once");
    let waits = approvals(store.as_ref(), None, 10, None).await.unwrap();
    assert_eq!((waits.len(), waits[0].0.record.persons), (1, 2));
    assert_eq!(store.tally("outbound/2026").await.unwrap().persons, 0);
    let decide = |yes| {
        let store = store.clone();
        async move {
            let (place, why) = ((id, 1), (yes, "seen"));
            decide_approval(store.as_ref(), &officer(2), place, why, Command::at(now())).await
        }
    };
    decide(true).await.unwrap();
    assert!(decide(false).await.is_err(), "it is decided");
    let other = [person(1), person(3)];
    let stretched = Leaving { approval: Some(id), ..leaving(to, &other) };
    assert!(matches!(gate.release(&stretched, now()).await.unwrap(), Released::Held(_)));
    let approved = Leaving { approval: Some(id), ..what.clone() };
    let Released::Whole(leave) = gate.release(&approved, now()).await.unwrap() else {
        panic!("goes")
    };
    assert_eq!(leave.to(), to);
    assert_eq!(store.tally("outbound/2026").await.unwrap().persons, 2);
    assert!(matches!(gate.release(&approved, now()).await.unwrap(), Released::Held(_)), "once");
}

#[tokio::test]
async fn a_question_changes_nothing() {
    let store = Arc::new(MemoryStore::new());
    let gate = gate(store.clone());
    let to = register(store.as_ref(), "US", RecipientKind::Processor, Approving::Each).await;
    let before = store.audit_after(0, 100).await.unwrap().len();
    let ask = |persons| {
        let gate = &gate;
        async move {
            let question = Question {
                to,
                purpose: "notify",
                fields: &["party.phone"],
                persons,
                ground: Ground::Contract,
                sector: Sector::Freight,
                consented: false,
            };
            gate.question(&question, now()).await.unwrap()
        }
    };
    assert_eq!((ask(2).await.answer, ask(2).await.reason), (Answered::Hold, Some("approval")));
    let refused = ask(6).await;
    assert_eq!((refused.answer, refused.with_it.plain), (Answered::Refuse, 6));
    assert_eq!(refused.basis[0].cite, "CBDF 7");
    assert_eq!(store.audit_after(0, 100).await.unwrap().len(), before);
    assert!(transfers(store.as_ref(), Of::All, 10, None).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_row_is_kept_three_years_and_then_goes() {
    let store = Arc::new(MemoryStore::new());
    let gate = gate(store.clone());
    let to = register(store.as_ref(), "CN", RecipientKind::Processor, Approving::Standing).await;
    let _ = gate.release(&leaving(to, &[person(1)]), now()).await.unwrap();
    let last_day: Timestamp = "2029-11-22T09:00:00Z".parse().unwrap();
    assert_eq!(sweep(store.as_ref(), last_day).await.unwrap(), 0);
    assert_eq!(sweep(store.as_ref(), last_day.plus(2 * DAY)).await.unwrap(), 1);
    assert!(transfers(store.as_ref(), Of::All, 10, None).await.unwrap().is_empty());
}

/// Many at once on a real database: nobody passes the threshold unseen, and a restart changes nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_once_none_passes_the_threshold() {
    for backend in [Backend::Sqlite, Backend::Pg] {
        let home = Home::new(backend).await;
        let store: Arc<dyn Store> = Arc::new(home.open().await);
        let first = Arc::new(gate(store.clone()));
        let to =
            register(store.as_ref(), "US", RecipientKind::Processor, Approving::Standing).await;
        let tries: Vec<_> = (0..12)
            .map(|number| {
                let gate = Arc::clone(&first);
                tokio::spawn(async move {
                    gate.release(&leaving(to, &[person(number)]), now()).await.map(|_| ())
                })
            })
            .collect();
        let mut gone = 0;
        for one in tries {
            gone += usize::from(one.await.unwrap().is_ok());
        }
        assert!(gone <= 2, "{gone} went where two may");
        let counted = store.tally("outbound/2026").await.unwrap();
        assert_eq!(counted.persons, gone as u64);
        drop((first, store));
        let store: Arc<dyn Store> = Arc::new(home.open().await);
        assert_eq!(store.tally("outbound/2026").await.unwrap(), counted);
    }
}

/// One act of a random year.
#[derive(Debug, Clone)]
struct Act {
    recipient: usize,
    persons: Vec<u128>,
    hours: i64,
    restart: bool,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = (0..3_usize, prop::collection::vec(0..40_u128, 0..8), 0..2_000_i64, any::<bool>());
    let act = act.prop_map(|(recipient, persons, hours, restart)| Act {
        recipient,
        persons,
        hours,
        restart,
    });
    prop::collection::vec(act, 1..40)
}

/// Allows everything: the property is about the count alone.
struct NoLaw;
impl TransferLaw for NoLaw {
    fn transfer(&self, _: &TransferFacts<'_>, _: Date) -> Ruling {
        Ruling { allowed: true, ..Ruling::default() }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever goes to whom and when: each year's count is the size of a plain set of persons.
    #[test]
    fn the_count_of_a_year_is_the_size_of_a_plain_set(acts in acts()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = Arc::new(MemoryStore::new());
            let make = || gate(store.clone()).with_transfer_law(Arc::new(NoLaw));
            let mut gate = make();
            let mut to = Vec::new();
            for (country, kind) in [("US", RecipientKind::Processor), ("SG", RecipientKind::GroupCompany), ("CN", RecipientKind::Processor)] {
                to.push(register(store.as_ref(), country, kind, Approving::Standing).await);
            }
            let mut plain: std::collections::BTreeMap<i16, HashSet<u128>> = Default::default();
            let mut at = now();
            for act in &acts {
                at = at.plus(act.hours * HOUR);
                if act.restart {
                    gate = make();
                }
                let persons: Vec<SubjectId> = act.persons.iter().map(|number| person(*number)).collect();
                let _ = gate.release(&leaving(to[act.recipient], &persons), at).await.unwrap();
                if act.recipient < 2 {
                    plain.entry(sarai_gate::outbound::year_of(at)).or_default().extend(&act.persons);
                }
            }
            for (year, persons) in plain {
                let counted = store.tally(&tally_name(year)).await.unwrap();
                assert_eq!(counted.persons, persons.len() as u64, "{year}");
            }
        });
    }
}
