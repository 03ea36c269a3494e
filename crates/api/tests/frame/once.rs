//! A command is done once: at once fifty times, after a restart, with another body, by another caller.

use http::Method;
use sarai_testkit::server::Bare;
use serde_json::json;

use crate::world::{member, routes, town};

const KEY: &str = "0123456789abcdef";

#[tokio::test]
async fn fifty_at_once_do_it_once() {
    let (town, client, _) = town().await;
    let body = json!({"name": "steel"});
    let calls =
        (0..50).map(|_| client.call(Method::POST, "/v1/things").page().key(KEY).json(&body).send());
    let answers = futures::future::join_all(calls).await;
    let first = &answers[0].body;
    assert!(answers.iter().all(|answer| answer.status == 201 && answer.body == *first));
    let replayed =
        answers.iter().filter(|answer| answer.header("idempotent-replayed") == "true").count();
    assert_eq!(replayed, 49);
    assert_eq!(town.app.store.last_event().await, Ok(1));
}

#[tokio::test]
async fn the_answer_outlives_a_restart() {
    let (town, client, caller) = town().await;
    let body = json!({"name": "steel"});
    let call = |client: &sarai_testkit::server::Client| {
        let client = client.clone();
        let body = body.clone();
        async move { client.call(Method::POST, "/v1/things").page().key(KEY).json(&body).send().await }
    };
    let first = call(&client).await;
    let store = town.app.store.clone();
    drop(town);
    let again = Bare::over(store, routes(), sarai_api::Config::default()).await;
    again.door.set("t", Some(caller));
    let second = call(&again.client().with_session("t")).await;
    assert_eq!(second.status, 201);
    assert_eq!(second.body, first.body);
    assert_eq!(second.header("idempotent-replayed"), "true");
}

#[tokio::test]
async fn another_body_is_refused_and_another_caller_is_another_scope() {
    let (town, client, _) = town().await;
    let send = |client: &sarai_testkit::server::Client, name: &str| {
        let (client, body) = (client.clone(), json!({"name": name}));
        async move { client.call(Method::POST, "/v1/things").page().key(KEY).json(&body).send().await }
    };
    let first = send(&client, "steel").await.ok();
    assert_eq!(send(&client, "copper").await.verdict(), (422, "idempotency_key_reused".to_owned()));
    let (other, _) = member(&town, &[]);
    let theirs = send(&other, "copper").await;
    assert_eq!(theirs.status, 201);
    assert_eq!(theirs.header("idempotent-replayed"), "");
    assert_ne!(theirs.ok()["id"], first["id"]);
}

#[tokio::test]
async fn the_order_of_members_makes_no_other_request() {
    let (_town, client, _) = town().await;
    let send = |text: &'static str| {
        client.call(Method::POST, "/v1/things").page().key(KEY).raw("application/json", text).send()
    };
    let first = send(r#"{"name":"steel","on_board":true}"#).await;
    let again = send(r#"{ "on_board":true, "name":"steel" }"#).await;
    assert_eq!(first.body, again.body);
}

#[tokio::test]
async fn a_decided_refusal_is_kept_and_said_again() {
    let (_town, client, _) = town().await;
    let send = |key: &'static str| {
        client.call(Method::POST, "/v1/things/refused").page().key(key).json(&json!({})).send()
    };
    let (first, again, new) = (send(KEY).await, send(KEY).await, send("fedcba9876543210").await);
    assert_eq!(first.verdict(), (409, "transition_refused".to_owned()));
    assert_eq!(again.header("idempotent-replayed"), "true");
    let without_request = |answer: &sarai_testkit::server::Answer| {
        let mut problem = answer.json();
        problem.as_object_mut().expect("a problem").remove("instance");
        problem
    };
    assert_eq!(without_request(&first), without_request(&again));
    assert_ne!(first.json()["times"], new.json()["times"], "a new key is a new try");
}

#[tokio::test]
async fn what_was_not_understood_is_not_kept() {
    let (_town, client, _) = town().await;
    let send = |body| client.call(Method::POST, "/v1/things").page().key(KEY).json(body).send();
    let wrong = json!({"name": 1});
    assert_eq!(send(&wrong).await.verdict().0, 422);
    assert_eq!(send(&json!({"name": "steel"})).await.status, 201);
}

#[tokio::test]
async fn a_twin_of_a_slow_command_is_told_to_wait() {
    let (_town, client, _) = town().await;
    let send =
        || client.call(Method::POST, "/v1/things/slow").page().key(KEY).json(&json!({})).send();
    let (first, second) = tokio::join!(send(), send());
    let mut verdicts = [first.verdict(), second.verdict()];
    verdicts.sort();
    assert_eq!(verdicts, [(200, String::new()), (409, "idempotency_in_progress".to_owned())]);
    let told = if first.status == 409 { first } else { second };
    assert_eq!(told.header("retry-after"), "1");
}

#[tokio::test]
async fn a_key_is_demanded_and_must_be_well_formed() {
    let (_town, client, _) = town().await;
    let call = || client.call(Method::POST, "/v1/things").page().json(&json!({"name": "steel"}));
    assert_eq!(call().send().await.verdict(), (400, "idempotency_key_required".to_owned()));
    assert_eq!(
        call().key("short").send().await.verdict(),
        (400, "idempotency_key_malformed".to_owned())
    );
    assert_eq!(
        call().header("idempotency-key", KEY).send().await.verdict(),
        (400, "idempotency_key_malformed".to_owned())
    );
    assert_eq!(
        call().key(KEY).key(KEY).send().await.verdict(),
        (400, "idempotency_key_malformed".to_owned())
    );
}
