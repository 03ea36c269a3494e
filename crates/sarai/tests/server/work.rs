//! What the people do all day: shippers post and pay, truckers take, talk, run, and walk away.

use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use http::Method;
use sarai_geo::{Gazetteer, Lang};
use sarai_kernel::{Money, TruckId};
use sarai_testkit::server::{Client, PIXEL, load_of, pixel_for, yuan};
use serde_json::{Value, json};

use crate::{
    journal::Journal,
    people::{Person, now},
};

/// Open loads that the shippers keep on the board.
const OPEN_MAX: usize = 24;

/// Among so many of them a trucker looks.
const OLDEST: usize = 5;
/// Where the stops of every load are.
const CITIES: [&str; 2] = ["Wuxi", "Jinan"];

/// A load on the board.
#[derive(Debug, Clone)]
pub struct Posted {
    id: String,
    price: Money,
}

/// Loads as the people see them.
#[derive(Debug, Default)]
pub struct Board {
    open: Mutex<Vec<Posted>>,
    owners: Mutex<HashMap<String, String>>,
    number: AtomicI64,
}

fn locked<T>(what: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Board {
    /// Notes the loads that a post of this session brought.
    pub fn put(&self, owner: &str, asked: &Value, answer: &Value) {
        let price: Money = serde_json::from_value(asked["price"].clone()).expect("a price");
        let ids = answer["items"].as_array().into_iter().flatten();
        for id in ids.filter_map(|item| item["id"].as_str()).map(str::to_owned) {
            locked(&self.owners).insert(id.clone(), owner.to_owned());
            locked(&self.open).push(Posted { id, price });
        }
    }

    /// One of the oldest, so that two or three want the same.
    fn one(&self, turn: u64) -> Option<Posted> {
        let open = locked(&self.open);
        let among = open.len().min(OLDEST) as u64;
        let at = usize::try_from(turn.checked_rem(among)?).ok()?;
        open.get(at).cloned()
    }

    fn gone(&self, load: &str) {
        locked(&self.open).retain(|one| one.id != load);
    }

    /// Posts loads until the server is gone.
    pub async fn fill(&self, client: &Client, journal: &Journal) {
        let owner = client.session().unwrap_or_default();
        loop {
            if locked(&self.open).len() >= OPEN_MAX {
                pause().await;
                if client.call(Method::GET, "/healthz").try_send().await.is_none() {
                    return;
                }
                continue;
            }
            // No two loads alike: the market takes a second one for a mistake.
            let price = 4_000 + self.number.fetch_add(1, Ordering::Relaxed) % 1_000;
            let load = load_of(now(), "one_price", yuan(price));
            let path = "/v1/freight/loads".to_owned();
            let Some(posted) = journal.post(client, path, None, load.clone()).await else { return };
            if posted.status == 201 {
                self.put(&owner, &load, &posted.json());
            } else {
                pause().await;
            }
        }
    }
}

/// So long nothing happens after a refusal.
async fn pause() {
    tokio::time::sleep(Duration::from_millis(40)).await;
}

/// A trucker with a truck, and the run that it is on.
#[derive(Debug)]
pub struct Carry {
    /// Who.
    pub person: Person,
    /// With what.
    pub truck: TruckId,
    /// The present run.
    pub order: Option<String>,
    turns: u64,
}

/// What one does with: sessions of both sides, the board, the journal.
pub struct Day<'a> {
    /// The trucker's page.
    pub own: &'a Client,
    /// The shippers' pages, by session.
    pub shippers: &'a HashMap<String, Client>,
    /// Loads.
    pub board: &'a Board,
    /// Where commands are written down.
    pub journal: &'a Journal,
}

impl Carry {
    /// A trucker without a run.
    pub fn new(person: Person, truck: TruckId) -> Self {
        Self { person, truck, order: None, turns: 0 }
    }

    /// The next thing to do; `None` when the server is gone.
    pub async fn step(&mut self, day: &Day<'_>) -> Option<()> {
        self.turns += 1;
        match self.order.clone() {
            None => self.take(day).await,
            Some(order) => self.go_on(day, &format!("/v1/freight/orders/{order}")).await,
        }
    }

    async fn take(&mut self, day: &Day<'_>) -> Option<()> {
        let Some(load) = day.board.one(self.turns) else {
            pause().await;
            return Some(());
        };
        let path = format!("/v1/freight/loads/{}", load.id);
        let seen = day.own.call(Method::GET, &path).try_send().await?;
        let etag = seen.header("etag").to_owned();
        let body = json!({"vehicle": self.truck, "price": load.price});
        let path = format!("{path}/actions/take");
        let taken = day.journal.post(day.own, path, Some(etag), body).await?;
        match taken.verdict() {
            (201, _) => {
                day.board.gone(&load.id);
                self.order = taken.json()["order"].as_str().map(str::to_owned);
            }
            (403..=410, _) => day.board.gone(&load.id),
            _ => pause().await,
        }
        Some(())
    }

    async fn go_on(&mut self, day: &Day<'_>, at: &str) -> Option<()> {
        let seen = day.own.call(Method::GET, at).try_send().await?;
        if seen.status != 200 {
            pause().await;
            return Some(());
        }
        let seen = seen.json();
        let owner = locked(&day.board.owners).get(seen["load"].as_str()?).cloned()?;
        let shipper = day.shippers.get(&owner)?;
        let stop = seen["standing"]["stop"].as_u64().unwrap_or(0);
        let state = seen["standing"]["state"].as_str().unwrap_or_default().to_owned();
        let served = seen["standing"]["served"] == true;
        match (state.as_str(), served) {
            ("awaiting_funds" | "booked", _) if self.turns.is_multiple_of(5) => {
                let body = json!({"reason": "other"});
                self.act(day, day.own, at, "cancel", body).await
            }
            ("awaiting_funds", _) => self.act(day, shipper, at, "fund", json!({})).await,
            ("booked", _) => {
                self.talk(day, &seen).await?;
                self.act(day, day.own, at, "arrive", arrival(0)).await
            }
            ("at_stop", false) => self.serve(day, shipper, at, stop).await,
            ("at_stop", true) => {
                let body = json!({"stop": stop, "happened_at": now()});
                self.act(day, day.own, at, "leave", body).await
            }
            ("under_way", _) => self.act(day, day.own, at, "arrive", arrival(stop)).await,
            ("delivered", _) => self.act(day, shipper, at, "sign-off", json!({})).await,
            _ => {
                self.order = None;
                Some(())
            }
        }
    }

    async fn act(
        &self,
        day: &Day<'_>,
        who: &Client,
        at: &str,
        verb: &str,
        body: Value,
    ) -> Option<()> {
        let path = format!("{at}/actions/{verb}");
        if day.journal.post(who, path, None, body).await?.status != 200 {
            pause().await;
        }
        Some(())
    }

    async fn talk(&self, day: &Day<'_>, seen: &Value) -> Option<()> {
        let thread = seen["thread"].as_str()?;
        let path = format!("/v1/threads/{thread}/messages");
        let body = json!({"text": format!("On my way, turn {}", self.turns)});
        day.journal.post(day.own, path, None, body).await.map(drop)
    }

    async fn serve(&self, day: &Day<'_>, shipper: &Client, at: &str, stop: u64) -> Option<()> {
        let codes = shipper.call(Method::GET, format!("{at}/codes")).try_send().await?.json();
        let code = if stop == 0 { &codes["loading"] } else { &codes["receiving"][0]["code"] };
        let photo = self.photo(day).await?;
        let body = json!({
            "stop": stop, "happened_at": now(), "mass_kg": 28_100, "photos": [photo], "code": code,
        });
        self.act(day, day.own, at, "serve", body).await
    }

    /// Uploads a picture and gives its id.
    async fn photo(&self, day: &Day<'_>) -> Option<Value> {
        let new = pixel_for("proof_photo");
        let made = day.journal.post(day.own, "/v1/files".to_owned(), None, new).await?.json();
        let path = format!("/v1/files/{}/content", made["id"].as_str().unwrap_or_default());
        let put = day.own.call(Method::PUT, path).page().raw("image/png", PIXEL.to_vec());
        put.try_send().await?;
        Some(made["id"].clone())
    }
}

/// Being at a stop, by position.
pub fn arrival(stop: u64) -> Value {
    let city = usize::try_from(stop).ok().and_then(|stop| CITIES.get(stop)).expect("two stops");
    let place = Gazetteer::shared().search(city, Lang::En, 1, None).remove(0);
    let point = json!({"lat": place.point.lat(), "lon": place.point.lon()});
    json!({"stop": stop, "happened_at": now(), "position": point})
}
