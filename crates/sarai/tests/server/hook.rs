//! A company's endpoint: what happened to its maker's orders reaches it at least once, whatever was killed on the way.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{Router, extract::State, http::HeaderMap, routing::post};
use sarai_kernel::Store;
use serde_json::json;
use tokio::task::JoinHandle;

use crate::{
    house::{House, Server},
    people::Person,
};

/// How long the last events may take: leases of the killed server run out first.
const LAST_WAIT: Duration = Duration::from_secs(120);

type Heard = Arc<Mutex<HashSet<String>>>;

/// An HTTP server that says yes to every message.
pub struct Receiver {
    heard: Heard,
    address: std::net::SocketAddr,
    serving: JoinHandle<()>,
}

impl Receiver {
    /// Opens on a free port.
    pub async fn open() -> Self {
        let heard = Heard::default();
        let router = Router::new().route("/", post(hear)).with_state(Arc::clone(&heard));
        let (address, serving) = sarai_testkit::server::serve(router).await;
        Self { heard, address, serving }
    }

    fn has(&self, event: &str) -> bool {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).contains(event)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn hear(State(heard): State<Heard>, headers: HeaderMap) {
    let id = headers.get("webhook-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    heard.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned());
}

/// An endpoint that answered its test.
pub struct Hook {
    maker: Person,
}

/// Registers the receiver for a member's company and waits until it is on.
pub async fn register(server: &Server, maker: &Person, receiver: &Receiver) -> Hook {
    let client = server.client(&maker.token);
    let org =
        json!({"name": "Acme Freight", "credit_code": "91310000MA1K35XX1A", "city_code": "310000"});
    let org = client.post("/v1/orgs", org).await.ok();
    let base = format!("/v1/orgs/{}/webhooks", org["id"].as_str().expect("an id"));
    let new = json!({
        "url": format!("http://{}/", receiver.address), "types": ["freight.order.*"],
        "country": "CN", "purpose": "Our dispatch board",
    });
    let made = client.post(&base, new).await.ok();
    let test = format!("{base}/{}/actions/test", made["id"].as_str().expect("an id"));
    client.post(test, json!({})).await.ok();
    let started = Instant::now();
    while client.get(&base).await.ok()["items"][0]["state"] != "on" {
        assert!(started.elapsed() < LAST_WAIT, "the endpoint does not get its test");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Hook { maker: maker.clone() }
}

impl Hook {
    /// Waits until the receiver heard of every order event of its maker.
    pub async fn heard_everything(&self, house: &House, receiver: &Receiver) {
        // Another process reads beside the server: both stores take that.
        let store = house.store().await;
        let started = Instant::now();
        let (mut at, mut events) = (0, 0);
        loop {
            let page = store.events_after(at, 1_000).await.expect("answers");
            let Some(last) = page.last() else { break };
            at = last.global_seq;
            let own = page.iter().filter(|event| event.is_for(self.maker.id));
            for event in own.filter(|event| event.kind.starts_with("freight.order.")) {
                events += 1;
                while !receiver.has(&event.id.to_string()) {
                    assert!(
                        started.elapsed() < LAST_WAIT,
                        "{} {} was never heard of",
                        event.kind,
                        event.id
                    );
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
        assert!(events > 0, "nothing happened to the maker's orders");
        store.close().await;
    }
}
