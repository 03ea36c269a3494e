//! Webhooks end to end: a receiver on loopback that checks signatures, forgets, refuses, and comes back.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU16, Ordering},
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use sarai_api::{Config, webhooks};
use sarai_kernel::{
    Caller, Clock, Command, OrgId, Via,
    time::{DAY, HOUR, MINUTE, SECOND},
};
use sarai_testkit::server::{Bare, Client, serve};
use serde_json::{Value, json};

use crate::world::{member, routes};

/// What a receiver heard.
#[derive(Clone, Default)]
struct Receiver {
    heard: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    says: Arc<AtomicU16>,
}

impl Receiver {
    async fn open() -> (Self, String) {
        let receiver = Self::default();
        receiver.says.store(204, Ordering::SeqCst);
        let router = Router::new().route("/hook", post(hear)).with_state(receiver.clone());
        let (address, _) = serve(router).await;
        (receiver, format!("http://{address}/hook"))
    }

    fn heard(&self) -> Vec<(HeaderMap, String)> {
        self.heard.lock().expect("nobody panicked").clone()
    }
}

async fn hear(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> StatusCode {
    receiver.heard.lock().expect("nobody panicked").push((headers, body));
    StatusCode::from_u16(receiver.says.load(Ordering::SeqCst)).expect("a status")
}

struct House {
    town: Bare,
    admin: Client,
    caller: Caller,
    org: OrgId,
    receiver: Receiver,
    url: String,
}

impl House {
    async fn open() -> Self {
        let town =
            Bare::start(routes(), Config { webhooks_to_loopback: true, ..Config::default() }).await;
        let (_, mut caller) = member(&town, &[]);
        let Via::Session { factor_at, .. } = &mut caller.via else { panic!("a session") };
        *factor_at = Some(town.clock.now());
        let command = Command::at(town.clock.now());
        let new = ("Acme Freight", "91310000MA1K35XX1A", "310000");
        let made = sarai_account::usecase::orgs::make(&town.app.account, &caller, new, command)
            .await
            .expect("a company");
        let org = made.body["id"].as_str().and_then(|id| id.parse().ok()).expect("its id");
        town.door.set("admin", Some(caller.clone()));
        let admin = town.client().with_session("admin");
        let (receiver, url) = Receiver::open().await;
        Self { town, admin, caller, org, receiver, url }
    }

    /// The clock moves on and the second factor with it.
    fn pass(&self, micros: i64) {
        let now = self.town.clock.pass(micros);
        let mut caller = self.caller.clone();
        if let Via::Session { factor_at, .. } = &mut caller.via {
            *factor_at = Some(now);
        }
        self.town.door.set("admin", Some(caller));
    }

    fn path(&self, rest: &str) -> String {
        format!("/v1/orgs/{}/webhooks{rest}", self.org)
    }

    fn request(&self, scheme: &str) -> Value {
        json!({"url": self.url, "types": ["freight.load.*"], "country": "CN", "purpose": "Our dispatch board", "scheme": scheme})
    }

    async fn due(&self) -> usize {
        webhooks::run_due(&self.town.app, self.town.clock.now()).await.expect("the round runs")
    }

    /// An endpoint that answered its test.
    async fn hook(&self, scheme: &str) -> (String, String) {
        let made = self.admin.post(self.path(""), self.request(scheme)).await.ok();
        assert_eq!(made["state"], "untested");
        let id = made["id"].as_str().expect("an id").to_owned();
        self.admin.post(self.path(&format!("/{id}/actions/test")), json!({})).await.ok();
        assert_eq!(self.due().await, 1);
        assert_eq!(self.state(&id).await, "on");
        (id, made["key"].as_str().expect("a key").to_owned())
    }

    async fn state(&self, id: &str) -> String {
        let list = self.admin.get(self.path("")).await.ok();
        let hook = list["items"]
            .as_array()
            .and_then(|items| items.iter().find(|hook| hook["id"] == id).cloned());
        hook.expect("the endpoint")["state"].as_str().expect("a state").to_owned()
    }

    async fn happens(&self) {
        self.admin.post("/v1/things", json!({"name": "steel"})).await.ok();
    }

    async fn deliveries(&self, id: &str, query: &str) -> Vec<Value> {
        let list = self.admin.get(self.path(&format!("/{id}/deliveries{query}"))).await.ok();
        list["items"].as_array().cloned().expect("items")
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn signed_by(key: &str, (headers, body): &(HeaderMap, String)) -> bool {
    let text = format!(
        "{}.{}.{body}",
        header(headers, "webhook-id"),
        header(headers, "webhook-timestamp")
    );
    let public = STANDARD.decode(key.strip_prefix("whpk_").expect("a public key")).expect("base64");
    let public = VerifyingKey::from_bytes(&public.try_into().expect("32 bytes")).expect("a key");
    header(headers, "webhook-signature").split(' ').any(|part| {
        let bytes = part.strip_prefix("v1a,").and_then(|part| STANDARD.decode(part).ok());
        bytes
            .and_then(|bytes| Signature::from_slice(&bytes).ok())
            .is_some_and(|signature| public.verify(text.as_bytes(), &signature).is_ok())
    })
}

#[tokio::test]
async fn an_event_arrives_once_signed_and_thin() {
    let house = House::open().await;
    let (id, key) = house.hook("v1a").await;
    house.pass(SECOND);
    house.happens().await;
    assert_eq!(house.due().await, 1);
    assert_eq!(house.due().await, 0, "not again");
    let heard = house.receiver.heard();
    assert_eq!(heard.len(), 2, "the test and the event");
    assert!(heard.iter().all(|message| signed_by(&key, message)));
    let event: Value = serde_json::from_str(&heard[1].1).expect("JSON");
    assert_eq!(event["type"], "freight.load.opened");
    assert_eq!(event["id"], header(&heard[1].0, "webhook-id"));
    let delivery = &house.deliveries(&id, "?state=done&limit=1").await[0];
    assert_eq!(
        (delivery["attempts"][0]["status"].as_u64(), &delivery["event"]),
        (Some(204), &event["id"])
    );
}

#[tokio::test]
async fn nothing_is_sent_before_a_test_was_answered() {
    let house = House::open().await;
    house.receiver.says.store(500, Ordering::SeqCst);
    let made = house.admin.post(house.path(""), house.request("v1a")).await.ok();
    let id = made["id"].as_str().expect("an id");
    house.admin.post(house.path(&format!("/{id}/actions/test")), json!({})).await.ok();
    house.happens().await;
    assert_eq!(house.due().await, 1);
    assert_eq!(house.state(id).await, "untested");
    assert_eq!(house.receiver.heard().len(), 1, "only the test");
}

#[tokio::test]
async fn failures_are_tried_ten_times_and_then_lie_with_the_dead_letters() {
    let house = House::open().await;
    let (id, _) = house.hook("v1a").await;
    house.receiver.says.store(500, Ordering::SeqCst);
    house.happens().await;
    for wait in [
        0,
        6 * SECOND,
        6 * MINUTE,
        36 * MINUTE,
        144 * MINUTE,
        6 * HOUR,
        12 * HOUR,
        17 * HOUR,
        24 * HOUR,
        29 * HOUR,
    ] {
        house.pass(wait);
        assert_eq!(house.due().await, 1);
        assert_eq!(house.due().await, 0, "not before its time");
    }
    house.pass(2 * DAY);
    assert_eq!(house.due().await, 0);
    let dead = house.deliveries(&id, "?state=dead").await;
    assert_eq!((dead.len(), dead[0]["attempts"].as_array().map(Vec::len)), (1, Some(10)));
    let times: std::collections::HashSet<String> = house
        .receiver
        .heard()
        .iter()
        .skip(1)
        .map(|(headers, _)| header(headers, "webhook-id").to_owned())
        .collect();
    assert_eq!(times.len(), 1, "the id stays the same in every try");
    assert_eq!(house.state(&id).await, "failing");
    // By hand, once the receiver is back.
    house.receiver.says.store(200, Ordering::SeqCst);
    let delivery = dead[0]["id"].as_str().expect("an id");
    house
        .admin
        .post(house.path(&format!("/{id}/deliveries/{delivery}/actions/retry")), json!({}))
        .await
        .ok();
    assert_eq!(house.due().await, 1);
    assert_eq!(house.deliveries(&id, "?state=dead").await.len(), 0);
    assert_eq!(house.state(&id).await, "on");
}

#[tokio::test]
async fn gone_switches_off_and_so_do_five_days_of_failures() {
    let house = House::open().await;
    let (id, _) = house.hook("v1a").await;
    house.receiver.says.store(410, Ordering::SeqCst);
    house.happens().await;
    house.due().await;
    assert_eq!(house.state(&id).await, "off");
    let house = House::open().await;
    let (id, _) = house.hook("v1a").await;
    house.receiver.says.store(302, Ordering::SeqCst);
    for _ in 0..2 {
        house.happens().await;
        house.due().await;
        assert_eq!(house.state(&id).await, "failing");
        house.pass(5 * DAY / 2 - SECOND);
    }
    house.pass(2 * SECOND);
    house.due().await;
    assert_eq!(house.state(&id).await, "off");
}

#[tokio::test]
async fn a_rotation_signs_with_both_keys_for_a_day() {
    let house = House::open().await;
    let (id, old) = house.hook("v1a").await;
    let new = house.admin.post(house.path(&format!("/{id}/actions/rotate")), json!({})).await.ok();
    let new = new["key"].as_str().expect("a key").to_owned();
    assert_ne!(new, old);
    house.happens().await;
    house.due().await;
    house.pass(DAY);
    house.happens().await;
    house.due().await;
    let heard = house.receiver.heard();
    assert!(signed_by(&old, &heard[1]) && signed_by(&new, &heard[1]));
    assert!(!signed_by(&old, &heard[2]) && signed_by(&new, &heard[2]));
}

#[tokio::test]
async fn a_secret_is_shown_once_and_a_public_key_as_often_as_asked() {
    let house = House::open().await;
    for (scheme, prefix, again) in
        [("v1", "whsec_", (409, "secret_not_replayed")), ("v1a", "whpk_", (201, ""))]
    {
        let key = format!("0123456789abcdef-{scheme}");
        let call = || {
            house
                .admin
                .call(http::Method::POST, house.path(""))
                .page()
                .key(&key)
                .json(&house.request(scheme))
                .send()
        };
        let first = call().await.ok();
        assert!(first["key"].as_str().is_some_and(|key| key.starts_with(prefix)));
        let second = call().await;
        assert_eq!(second.verdict(), (again.0, again.1.to_owned()));
        assert_eq!(second.json()["id"], first["id"]);
    }
}

#[tokio::test]
async fn inside_addresses_and_strangers_are_refused() {
    let house = House::open().await;
    for url in [
        "http://93.184.216.34/",
        "https://10.0.0.1/",
        "https://169.254.169.254/",
        "https://db.internal/",
        "gopher://x.example/",
    ] {
        let mut new = house.request("v1a");
        new["url"] = url.into();
        let answer = house.admin.post(house.path(""), new).await;
        assert_eq!(answer.verdict(), (422, "validation_failed".to_owned()), "{url}");
        assert_eq!(answer.json()["errors"][0]["pointer"], "/url");
    }
    let (id, _) = house.hook("v1a").await;
    let (stranger, _) = member(&house.town, &[]);
    let theirs = stranger.get(house.path(&format!("/{id}/deliveries"))).await;
    let nothing = stranger.get(house.path("/whk_01jd0000000000000000000000/deliveries")).await;
    assert_eq!(theirs.verdict(), (404, "not_found".to_owned()));
    assert_eq!(nothing.verdict(), theirs.verdict());
}

#[tokio::test]
async fn a_span_can_be_delivered_again() {
    let house = House::open().await;
    let (id, _) = house.hook("v1a").await;
    let from = house.town.clock.now();
    house.happens().await;
    house.due().await;
    house.pass(MINUTE);
    let to = house.town.clock.now();
    house.happens().await;
    house.due().await;
    let before = house.receiver.heard().len();
    house
        .admin
        .post(house.path(&format!("/{id}/actions/replay")), json!({"from": from, "to": to}))
        .await
        .ok();
    assert_eq!(house.due().await, 1, "the one of the span");
    assert_eq!(house.receiver.heard().len(), before + 1);
    house.pass(8 * DAY);
    let late = house
        .admin
        .post(house.path(&format!("/{id}/actions/replay")), json!({"from": from, "to": to}))
        .await;
    assert_eq!(late.verdict(), (422, "validation_failed".to_owned()));
}
