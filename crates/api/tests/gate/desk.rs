//! The officer's desk: what persons ask, by its clock, and what a breach reached.

use sarai_kernel::{Clock, Role, time::DAY};
use sarai_testkit::{
    Backend,
    server::{Town, yuan},
};
use serde_json::json;

async fn a_request_is_read_answered_and_seen_by_the_person(backend: Backend) {
    let town = Town::new(backend).await;
    let person = town.member(&[], &[]).await;
    let officer = town.member(&[Role::PrivacyOfficer], &[]).await;
    let asked = json!({ "field": "party.name", "value": "Wang Min", "reason": "Misspelt" });
    let made = person.client.post("/v1/me/corrections", asked).await.ok();
    let id = made["id"].as_str().expect("an id");
    let queue = officer.client.get("/v1/gate/requests").await.ok();
    assert_eq!(
        (queue["items"][0]["id"].as_str(), queue["items"][0]["overdue"].as_bool()),
        (Some(id), Some(false))
    );
    assert!(!queue.to_string().contains("Wang"), "a list opens nothing");
    let shown = officer.client.get(format!("/v1/gate/requests/{id}")).await;
    let (etag, shown) = (shown.header("etag").to_owned(), shown.ok());
    assert!(shown["words"].as_str().is_some_and(|words| words.contains("Wang Min")));
    let answer = json!({ "granted": true, "words": "Your name is spelt so now." });
    let path = format!("/v1/gate/requests/{id}/actions/answer");
    officer.client.act(&path, answer.clone(), &etag).await.ok();
    let again = officer.client.act(&path, answer, "\"2.po\"").await;
    assert_eq!(again.verdict(), (409, "transition_refused".to_owned()));
    let mine = person.client.get("/v1/me/corrections").await.ok();
    assert_eq!(
        (mine["items"][0]["state"].as_str(), mine["items"][0]["granted"].as_bool()),
        (Some("done"), Some(true))
    );
    let read = person.client.get(format!("/v1/me/corrections/{id}")).await.ok();
    assert_eq!(read["answer"], "Your name is spelt so now.");
    let log = person.client.get("/v1/me/access-log").await.ok();
    assert!(log.to_string().contains("correction.words"), "and the person sees who read it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_answered_on_sqlite() {
    a_request_is_read_answered_and_seen_by_the_person(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_answered_on_postgresql() {
    a_request_is_read_answered_and_seen_by_the_person(Backend::Pg).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_clock_of_a_request_runs_out_in_sight() {
    let town = Town::new(Backend::Sqlite).await;
    let person = town.member(&[], &[]).await;
    let objection = json!({ "about": "ranking", "words": "Not by machine" });
    person.client.post("/v1/me/objections", objection).await.ok();
    town.clock.pass(16 * DAY);
    let officer = town.member(&[Role::PrivacyOfficer], &[]).await;
    let queue = officer.client.get("/v1/gate/requests").await.ok();
    assert_eq!(
        (queue["items"][0]["kind"].as_str(), queue["items"][0]["overdue"].as_bool()),
        (Some("objection"), Some(true))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_breach_says_whose_data_and_which_fields_a_suspect_could_open() {
    let town = Town::new(Backend::Sqlite).await;
    let officer = town.member(&[Role::PrivacyOfficer], &[]).await;
    let (shipper, trucker) = (town.shipper(yuan(100_000)).await, town.trucker(yuan(10_000)).await);
    let load = town.post_load(&shipper, yuan(4_100)).await;
    let order = town.book(&trucker, &load, yuan(4_100)).await;
    let from = town.clock.now();
    trucker.0.client.get(format!("/v1/freight/orders/{order}/contact")).await;
    let to = town.clock.pass(DAY / 24);
    let case = |actors: serde_json::Value| json!({"title": "Stolen telephone", "from": from, "to": to, "actors": actors});
    let suspect = trucker.0.caller.party.to_string();
    let officer2 = town.member(&[Role::PrivacyOfficer], &[]).await;
    let made = officer2.client.post("/v1/gate/breaches", case(json!([suspect]))).await.ok();
    let path = format!("/v1/gate/breaches/{}", made["id"].as_str().expect("an id"));
    let breach = officer2.client.get(&path).await.ok();
    assert!(breach["persons"].as_u64().is_some_and(|persons| persons >= 1), "{breach}");
    assert!(breach["fields"].to_string().contains("phone"), "{breach}");
    assert_eq!(breach["tell"][0]["cite"], "PIPL 57");
    let persons = officer2.client.get(format!("{path}/persons")).await.ok();
    let listed = persons["items"].as_array().expect("rows");
    assert_eq!(listed.len() as u64, breach["persons"].as_u64().expect("a count"));
    // Somebody who opened nothing reached nobody.
    let other = officer.caller.party.to_string();
    let made = officer2.client.post("/v1/gate/breaches", case(json!([other]))).await.ok();
    assert_eq!(made["persons"], 0);
}
