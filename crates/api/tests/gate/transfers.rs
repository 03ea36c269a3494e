//! The officer's desk for data that leaves: recipients, mechanisms, questions, the log.

use sarai_gate::directive::Effect;
use sarai_gate::outbound::{Ground, Leaving, Released, Sector};
use sarai_kernel::{Clock, PartyId, Role, time::DAY};
use sarai_testkit::{
    Backend,
    server::{Client, Member, Town},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::authority::Authority;

struct Desk {
    town: Town,
    officer: Client,
}

impl Desk {
    async fn open(backend: Backend) -> Self {
        let town = Town::new(backend).await;
        let officer = town.member(&[Role::PrivacyOfficer], &[]).await.client;
        Self { town, officer }
    }

    async fn colleague(&self) -> Member {
        self.town.member(&[Role::PrivacyOfficer], &[]).await
    }

    async fn recipient(&self, country: &str, kind: &str) -> String {
        let new = json!({
            "name": "Sender of messages", "country": country, "kind": kind,
            "purposes": ["notify"], "categories": ["contact"],
        });
        let made = self.officer.post("/v1/gate/recipients", new).await.ok();
        made["id"].as_str().expect("an id").to_owned()
    }

    async fn ask(&self, recipient: &str, persons: u64) -> Value {
        let question = json!({
            "recipient": recipient, "purpose": "notify", "fields": ["party.phone"],
            "persons": persons,
        });
        self.officer.post("/v1/gate/questions", question).await.ok()
    }

    async fn enter(&self, recipient: &str, kind: &str) {
        let now = self.town.clock.now();
        let new = json!({
            "recipient": recipient, "kind": kind, "number": format!("No. {kind}"),
            "effective_at": now, "expires_at": now.plus(30 * DAY),
        });
        self.officer.post("/v1/gate/mechanisms", new).await.ok();
    }
}

fn needs(answer: &Value) -> String {
    answer["needs"].to_string()
}

async fn the_law_answers_with_what_is_missing(backend: Backend) {
    let desk = Desk::open(backend).await;
    let home = desk.recipient("CN", "processor").await;
    assert_eq!(desk.ask(&home, 5_000_000).await["answer"], "allow");
    let abroad = desk.recipient("US", "processor").await;
    let bare = desk.ask(&abroad, 10).await;
    assert_eq!((bare["answer"].as_str(), bare["reason"].as_str()), (Some("refuse"), Some("law")));
    assert!(needs(&bare).contains("notice") && needs(&bare).contains("impact_assessment"));
    desk.enter(&abroad, "notice").await;
    desk.enter(&abroad, "impact_assessment").await;
    // Under 100,000 persons nothing is filed; but each transfer waits for the officer.
    assert_eq!(desk.ask(&abroad, 99_999).await["reason"], "approval");
    let more = desk.ask(&abroad, 100_000).await;
    assert!(needs(&more).contains("standard_contract"), "{more}");
    assert!(more["basis"].to_string().contains("CBDF 8"));
    desk.enter(&abroad, "standard_contract").await;
    assert_eq!(desk.ask(&abroad, 100_000).await["answer"], "hold");
    assert!(needs(&desk.ask(&abroad, 1_000_000).await).contains("security_assessment"));
    desk.town.clock.pass(31 * DAY);
    let officer = desk.colleague().await.client;
    let listed = officer.get("/v1/gate/mechanisms").await.ok();
    let states: Vec<_> =
        listed["items"].as_array().expect("rows").iter().map(|row| row["state"].clone()).collect();
    assert_eq!(states, ["expired", "expired", "expired"]);
    assert_eq!(desk.ask(&abroad, 10).await["reason"], "law", "what has run out lifts nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_law_answers_with_what_is_missing_on_sqlite() {
    the_law_answers_with_what_is_missing(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_law_answers_with_what_is_missing_on_postgresql() {
    the_law_answers_with_what_is_missing(Backend::Pg).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transfer_waits_for_the_officer_counts_and_stands_in_the_log() {
    let desk = Desk::open(Backend::Sqlite).await;
    let to = desk.recipient("SG", "processor").await;
    desk.enter(&to, "notice").await;
    desk.enter(&to, "impact_assessment").await;
    let persons: Vec<_> =
        (1..=3).map(|n| PartyId::from_uuid(Uuid::from_u128(n)).subject()).collect();
    let now = desk.town.clock.now();
    let what = Leaving {
        to: to.parse().expect("an id"),
        actor: "system/test",
        purpose: "notify",
        resource: "ntc_x",
        fields: &["party.phone"],
        persons: &persons,
        more_persons: 0,
        untyped: &[],
        ground: Ground::None,
        sector: Sector::Freight,
        approval: None,
    };
    let gate = &desk.town.app.gate;
    let Released::Held(id) = gate.release(&what, now).await.expect("held") else {
        panic!("it waits")
    };
    let waits = desk.officer.get("/v1/gate/approvals?state=waiting").await.ok();
    assert_eq!(waits["items"][0]["id"], id.to_string());
    assert_eq!(waits["items"][0]["persons"], 3);
    let path = format!("/v1/gate/approvals/{id}/actions/approve");
    let why = json!({ "reason": "Seen, contract on file" });
    desk.officer.act(&path, why, "\"1.po\"").await.ok();
    let approved = Leaving { approval: Some(id), ..what };
    let later = desk.town.clock.pass(sarai_kernel::time::SECOND);
    assert!(matches!(gate.release(&approved, later).await, Ok(Released::Whole(_))));
    let count = desk.officer.get("/v1/gate/counts/2026").await.ok();
    assert_eq!(
        (count["counted"]["persons"].as_u64(), count["counted"]["plain"].as_u64()),
        (Some(3), Some(3))
    );
    let log = desk.officer.get(format!("/v1/gate/transfers?recipient={to}")).await.ok();
    let answers: Vec<_> =
        log["items"].as_array().expect("rows").iter().map(|row| row["answer"].clone()).collect();
    assert_eq!(answers, ["allow", "hold"]);
    assert_eq!(log["items"][0]["new_persons"], 3);
    assert!(!log.to_string().contains("pty_"), "the log names no person");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocked_country_gets_nothing_and_no_endpoint() {
    let desk = Desk::open(Backend::Sqlite).await;
    let mut authority = Authority::in_town(&desk.town).await;
    let home = desk.recipient("CN", "processor").await;
    let order =
        authority.orders(&desk.town, Effect::BlockTransfer, json!({"recipients": [home]})).await;
    assert_eq!(desk.ask(&home, 1).await["reason"], "blocked_by_directive");
    authority.lifts(&desk.town, &order).await;
    assert_eq!(desk.ask(&home, 1).await["answer"], "allow");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_field_that_the_register_does_not_know_is_named() {
    let desk = Desk::open(Backend::Sqlite).await;
    let to = desk.recipient("CN", "processor").await;
    let question =
        json!({"recipient": to, "purpose": "notify", "fields": ["party.nothing"], "persons": 1});
    let answer = desk.officer.post("/v1/gate/questions", question).await;
    assert_eq!(answer.json()["errors"][0]["pointer"], "/fields/0");
    let register = desk.officer.get("/v1/gate/register").await.ok();
    assert!(register["items"].to_string().contains("party.phone"));
}
