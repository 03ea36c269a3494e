//! The whole server.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use sarai_kernel::{Clock, Money};
use sarai_testkit::{
    Backend,
    server::{Client, Member, Town, load_of, yuan},
};
use serde_json::json;
use tokio::{sync::Barrier, task::JoinHandle};

use super::{Settings, Taken, between};

/// Open loads that one account may have; more posters share the work.
const LOADS_A_POSTER: usize = 100;
/// How long the last event may take before it counts as not seen.
const LATEST: Duration = Duration::from_secs(10);

type Seen = Vec<(String, Instant)>;

pub async fn run(settings: &Settings) -> Taken {
    let town = Town::new(Backend::Sqlite).await;
    let ready = Arc::new(Barrier::new(settings.listeners + 1));
    let listeners: Vec<_> = (0..settings.listeners)
        .map(|_| {
            let (token, _) = town.door.admit(&[], town.clock.now());
            let client = town.client().with_session(&token);
            tokio::spawn(listen(client, settings.posts(), Arc::clone(&ready)))
        })
        .collect();
    let mut posters = Vec::new();
    for _ in 0..settings.posts().div_ceil(LOADS_A_POSTER) {
        posters.push(town.shipper(yuan(1_000_000)).await);
    }
    ready.wait().await;
    let sent = post(&town, &posters, settings).await;
    let mut each = Vec::new();
    for listener in listeners {
        let seen = listener.await.expect("a listener that does not panic");
        each.extend(seen.iter().filter_map(|(id, at)| Some(between(*sent.get(id)?, *at))));
    }
    Taken::of(each, settings.posts() * settings.listeners)
}

/// Posts at a steady rate, whatever the answers take; gives when each was acknowledged.
async fn post(town: &Town, posters: &[Member], settings: &Settings) -> HashMap<String, Instant> {
    let mut ticks = tokio::time::interval(settings.period());
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
    let mut answers: Vec<JoinHandle<(String, Instant)>> = Vec::new();
    for number in 0..settings.posts() {
        ticks.tick().await;
        let client = posters[number / LOADS_A_POSTER].client.clone();
        let load = load(town, number);
        answers.push(tokio::spawn(async move {
            let made = client.post("/v1/freight/loads", load).await.ok();
            let at = Instant::now();
            (made["items"][0]["id"].as_str().expect("an id").to_owned(), at)
        }));
    }
    let mut sent = HashMap::new();
    for answer in answers {
        let (id, at) = answer.await.expect("a post that does not panic");
        sent.insert(id, at);
    }
    sent
}

/// No two loads are alike, or the second would be refused.
fn load(town: &Town, number: usize) -> serde_json::Value {
    let price =
        Money { amount_minor: 400_000 + 100 * i64::try_from(number).unwrap_or(0), ..yuan(0) };
    let mut load = load_of(town.clock.now(), "one_price", price);
    load["cargo"]["mass_kg"] = json!(1_000 + number * 10);
    load["cargo"]["name"] = json!(format!("Steel coil {number}"));
    load
}

async fn listen(client: Client, wanted: usize, ready: Arc<Barrier>) -> Seen {
    let opened = client.listen("/v1/events/stream?topics=board:public", None).await;
    let mut frames = opened.unwrap_or_else(|answer| panic!("no stream: {}", answer.status));
    frames.next_id().await;
    ready.wait().await;
    let mut seen = Seen::new();
    while seen.len() < wanted {
        let Ok(Some(frame)) = tokio::time::timeout(LATEST, frames.next_raw()).await else { break };
        let at = Instant::now();
        if frame.event == "board.changed" {
            let listings = frame.json()["data"]["listings"].as_array().cloned().unwrap_or_default();
            seen.extend(listings.iter().filter_map(|id| Some((id.as_str()?.to_owned(), at))));
        }
    }
    seen
}
