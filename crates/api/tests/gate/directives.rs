//! Directives over HTTP: 451 within a second on every node, with the order's number; lifted, everything goes on.

use std::time::{Duration, Instant};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sarai_gate::directive::{Effect, Paper};
use sarai_kernel::{Clock, Role, time::DAY};
use sarai_testkit::{
    Backend,
    server::{Client, Town, yuan},
};
use serde_json::json;

use crate::authority::{Authority, hand_in};

/// An order is obeyed within so long.
const SOON: Duration = Duration::from_secs(1);

/// Asks until the status is the wanted one; fails after a second.
async fn soon(client: &Client, path: &str, wanted: u16) -> Duration {
    let started = Instant::now();
    loop {
        let status = client.get(path).await.status.as_u16();
        if status == wanted {
            return started.elapsed();
        }
        assert!(started.elapsed() < SOON, "{path} still says {status}, not {wanted}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn every_node_obeys(backend: Backend) {
    let town = Town::new(backend).await;
    let other = town.node().await;
    let mut authority = Authority::in_town(&town).await;
    let (here, there) = (town.client(), other.client());
    let board = "/v1/freight/board/public";
    assert_eq!(there.get(board).await.status.as_u16(), 200);
    let order = authority.orders(&town, Effect::SuspendService, json!({})).await;
    assert_eq!(here.get(board).await.status.as_u16(), 451, "at once where it was handed in");
    soon(&there, board, 451).await;
    let meta = there.get("/v1/meta").await.ok();
    assert_eq!(meta["directives"][0]["effect"], "suspend_service");
    authority.lifts(&town, &order).await;
    assert_eq!(here.get(board).await.status.as_u16(), 200);
    soon(&there, board, 200).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_node_obeys_within_a_second_on_sqlite() {
    every_node_obeys(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_node_obeys_within_a_second_on_postgresql() {
    every_node_obeys(Backend::Pg).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspended_service_leaves_own_data_appeals_and_directives() {
    let town = Town::new(Backend::Sqlite).await;
    let mut authority = Authority::in_town(&town).await;
    let shipper = town.shipper(yuan(1_000)).await;
    let mut stream =
        shipper.client.listen("/v1/events/stream", None).await.map_err(|_| ()).expect("a stream");
    let order = authority.orders(&town, Effect::SuspendService, json!({})).await;
    for goes_on in ["/v1/me", "/v1/me/data", "/v1/me/access-log", "/v1/directives", "/v1/meta"] {
        assert_eq!(shipper.client.get(goes_on).await.status.as_u16(), 200, "{goes_on}");
    }
    let appeal = json!({ "against": order.id, "words": "We carry food for a hospital." });
    shipper.client.post("/v1/me/appeals", appeal).await.ok();
    for stopped in
        ["/v1/wallet", "/v1/freight/loads", "/v1/threads", "/v1/orders", "/v1/places?q=wuxi"]
    {
        assert_eq!(shipper.client.get(stopped).await.status.as_u16(), 451, "{stopped}");
    }
    // A stream that was open before ends within a second.
    let ended = tokio::time::timeout(SOON, async { while stream.next_raw().await.is_some() {} });
    ended.await.expect("the stream ends");
    authority.lifts(&town, &order).await;
    assert_eq!(shipper.client.get("/v1/wallet").await.status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_names_the_order_in_both_languages_and_where_to_appeal() {
    let town = Town::new(Backend::Sqlite).await;
    let mut authority = Authority::in_town(&town).await;
    let order = authority.orders(&town, Effect::SuspendService, json!({})).await;
    let call = town.client();
    let answer = call
        .call(http::Method::GET, "/v1/freight/board/public")
        .header("accept-language", "zh")
        .send()
        .await;
    assert_eq!(answer.verdict(), (451, "blocked_by_directive".to_owned()));
    assert!(answer.header("link").contains("rel=\"blocked-by\""), "{}", answer.header("link"));
    assert_eq!(answer.header("content-language"), "zh-Hans");
    let problem = answer.json();
    assert_eq!(problem["title"], "依主管部门指令不可用");
    let legal = &problem["legal"];
    assert_eq!(legal["directive"], order.id.to_string());
    assert_eq!(legal["number"], "网审〔2026〕1号");
    assert_eq!(legal["authority"]["en"], "Cyberspace Administration");
    assert_eq!(legal["authority"]["zh"], "国家互联网信息办公室");
    assert_eq!(legal["basis"][0], "CSR 16");
    assert_eq!(legal["effect"], "suspend_service");
    assert!(
        legal["appeal"]
            .as_str()
            .is_some_and(|url| url.starts_with("http") && url.ends_with("/v1/me/appeals"))
    );
    // And anybody can check what was signed.
    let listed = call.get("/v1/directives").await.ok();
    let shown = &listed["items"][0];
    let bytes = URL_SAFE_NO_PAD.decode(shown["document"].as_str().expect("text")).expect("base64");
    let read: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    assert_eq!(read["number"], "网审〔2026〕1号");
    assert_eq!(shown["state"], "in_force");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_a_role_goes_on_while_registration_is_suspended() {
    let town = Town::new(Backend::Sqlite).await;
    let mut authority = Authority::in_town(&town).await;
    let shipper = town.shipper(yuan(100_000)).await;
    let order = authority.orders(&town, Effect::SuspendRegistration, json!({})).await;
    town.post_load(&shipper, yuan(4_000)).await;
    let refused = shipper.client.post("/v1/me/roles", json!({ "role": "trucker" })).await;
    assert_eq!(refused.verdict(), (451, "registration_suspended".to_owned()));
    shipper.client.post("/v1/me/roles", json!({ "role": "shipper" })).await.ok();
    authority.lifts(&town, &order).await;
    shipper.client.post("/v1/me/roles", json!({ "role": "trucker" })).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_of_a_stopped_class_is_not_opened_but_by_the_person() {
    let town = Town::new(Backend::Sqlite).await;
    let mut authority = Authority::in_town(&town).await;
    let (shipper, trucker) = (town.shipper(yuan(100_000)).await, town.trucker(yuan(10_000)).await);
    let load = town.post_load(&shipper, yuan(4_100)).await;
    let order = town.book(&trucker, &load, yuan(4_100)).await;
    let contact = format!("/v1/freight/orders/{order}/contact");
    let before = trucker.0.client.get(&contact).await;
    let scope = json!({ "categories": ["contact"] });
    let stop = authority.orders(&town, Effect::StopProcessingClass, scope).await;
    let during = trucker.0.client.get(&contact).await;
    assert_eq!(during.verdict(), (451, "blocked_by_directive".to_owned()));
    assert_eq!(shipper.client.get("/v1/me/data").await.status.as_u16(), 200);
    let rows = town.app.store.audit_after(0, 10_000).await.expect("the log");
    let row = rows.iter().rev().find(|row| row.action == "refuse").expect("a row of the refusal");
    assert_eq!((row.rule.as_str(), row.allowed), (stop.id.to_string().as_str(), false));
    authority.lifts(&town, &stop).await;
    assert_eq!(trucker.0.client.get(&contact).await.status, before.status);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_to_be_put_right_stands_on_the_desk_with_its_clock() {
    let town = Town::new(Backend::Sqlite).await;
    let mut authority = Authority::in_town(&town).await;
    let officer = town.member(&[Role::PrivacyOfficer], &[]).await;
    let by = town.clock.now().plus(15 * DAY);
    let what = json!({"zh": "删除剪切板内容", "en": "Delete what was read from clipboards"});
    let order = authority.orders(&town, Effect::RectifyBy, json!({"by": by, "what": what})).await;
    let desk = officer.client.get("/v1/ops/desk").await.ok();
    let line =
        desk["queues"].as_array().expect("lines").iter().find(|line| line["code"] == "rectify");
    assert_eq!(line.expect("the line")["limit_seconds"], 15 * 86_400);
    let path = format!("/v1/directives/{}", order.id);
    assert_eq!(town.client().get(&path).await.ok()["overdue"], false);
    town.clock.pass(15 * DAY);
    assert_eq!(town.client().get(&path).await.ok()["overdue"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forged_order_is_refused_over_the_wire_and_written_down() {
    let town = Town::new(Backend::Sqlite).await;
    let mut authority = Authority::in_town(&town).await;
    let (_, good) = authority.order(&town, Effect::SuspendService, json!({}));
    let client = town.client();
    let wrong = Paper { signature: URL_SAFE_NO_PAD.encode([1u8; 64]), ..good.clone() };
    let answer = hand_in(&client, "/v1/directives", &wrong).await;
    assert_eq!(answer.verdict(), (403, "directive_refused".to_owned()));
    assert_eq!(answer.json()["reason"], "signature_wrong");
    let extra = json!({"document": good.document, "signature": good.signature, "hurry": true});
    let answer = client.call(http::Method::POST, "/v1/directives").json(&extra).send().await;
    assert_eq!(answer.verdict(), (400, "body_malformed".to_owned()));
    let rows = town.app.store.audit_after(0, 10_000).await.expect("the log");
    assert!(
        rows.iter().any(|row| row.action == "directive_refused" && row.rule == "signature_wrong")
    );
    hand_in(&client, "/v1/directives", &good).await.ok();
    let again = hand_in(&client, "/v1/directives", &good).await;
    assert_eq!(again.json()["reason"], "replayed");
    let (_, elsewhere) = authority.order(&town, Effect::SuspendRegistration, json!({}));
    let lifting = hand_in(
        &client,
        &format!("/v1/directives/{}/lift", sarai_kernel::DirectiveId::new(town.clock.now())),
        &elsewhere,
    )
    .await;
    assert_eq!(lifting.verdict(), (403, "directive_refused".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_outlives_a_restart() {
    let town = Town::new(Backend::Sqlite).await;
    let mut authority = Authority::in_town(&town).await;
    authority.orders(&town, Effect::SuspendService, json!({})).await;
    let town = town.restart().await;
    assert_eq!(town.client().get("/v1/freight/board/public").await.status.as_u16(), 451);
}
