//! A whole server over a real store with people in it: shippers and truckers with checked papers and money, staff.

use std::{ops::Deref, sync::Arc};

use sarai_account::model::{Factor, FactorKind};
use sarai_api::{Config, Routes};
use sarai_bus::Feed;
use sarai_freight::{model::VehicleCheck, usecase::vehicles};
use sarai_geo::{Gazetteer, Lang};
use sarai_kernel::{
    Account, Caller, Clock, Currency, Decision, Draft, FactorId, Money, PartyId, PostingSet, Role,
    Timestamp, TruckId, Via,
    event::EventSink,
    party::{Party, Verified},
    time::HOUR,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Bare, Client};
use crate::{Backend, Home};

/// A server over its own database.
pub struct Town {
    server: Bare,
    home: Home,
}

/// Somebody in the town.
#[derive(Clone)]
pub struct Member {
    /// Their page.
    pub client: Client,
    /// Who they are.
    pub caller: Caller,
}

/// A picture of one pixel: PNG.
pub const PIXEL: [u8; 69] = [
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0,
    0, 0, 144, 119, 83, 222, 0, 0, 0, 12, 73, 68, 65, 84, 120, 156, 99, 248, 207, 192, 0, 0, 3, 1,
    1, 0, 201, 254, 146, 239, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
];

/// What is announced of [`PIXEL`] for a purpose: `proof_photo`, `load_photo`, `evidence`, `paper`.
pub fn pixel_for(purpose: &str) -> Value {
    let sum = "b1ff9c8ea3a780bad09b346c423d2d0e46815926879b18e841d928376a946640";
    json!({"purpose": purpose, "media_type": "image/png", "bytes": PIXEL.len(), "sha256": sum})
}

/// Uploads [`PIXEL`]; gives its id.
pub async fn upload(client: &Client, purpose: &str) -> String {
    let made = client.post("/v1/files", pixel_for(purpose)).await.ok();
    let id = made["id"].as_str().expect("an id").to_owned();
    let path = format!("/v1/files/{id}/content");
    let put = client.call(http::Method::PUT, path).page().raw("image/png", PIXEL.to_vec());
    assert_eq!(put.send().await.ok()["state"], "ready");
    id
}

/// So many whole yuan.
pub const fn yuan(amount: i64) -> Money {
    Money { amount_minor: amount * 100, currency: Currency::CNY }
}

impl Deref for Town {
    type Target = Bare;

    fn deref(&self) -> &Bare {
        &self.server
    }
}

impl Town {
    /// A server over an empty database of this kind.
    pub async fn new(backend: Backend) -> Self {
        let home = Home::new(backend).await;
        let server = serve_over(&home).await;
        Self { server, home }
    }

    /// The server is stopped and started over what it kept.
    pub async fn restart(self) -> Self {
        let Self { server, home } = self;
        drop(server);
        let server = serve_over(&home).await;
        Self { server, home }
    }

    /// Another server over the same database: what a second node is.
    pub async fn node(&self) -> Bare {
        serve_over(&self.home).await
    }

    /// Somebody with these roles and checked papers, with a fresh second factor.
    pub async fn member(&self, roles: &[Role], verified: &[&str]) -> Member {
        let now = self.clock.now();
        let (token, mut caller) = self.door.admit(roles, now);
        if let Via::Session { factor_at, .. } = &mut caller.via {
            *factor_at = Some(now);
        }
        self.door.set(&token, Some(caller.clone()));
        self.keep_party(caller.party, roles, verified, now).await;
        Member { client: self.client().with_session(&token), caller }
    }

    async fn keep_party(&self, id: PartyId, roles: &[Role], verified: &[&str], now: Timestamp) {
        let paper = |what: &&str| Verified { what: (*what).to_owned(), at: now, until: None };
        let mut party = Party::new(id);
        party.roles = roles.to_vec();
        party.verified = verified.iter().map(paper).collect();
        let draft = Draft::create(id.uuid(), &party, party.keys(now)).expect("a party");
        let decision = Decision::new("test.party", now).write(draft);
        self.app.store.commit(decision).await.expect("nobody had this id");
        self.keep_authenticator(id, now).await;
    }

    /// An authenticator that has been there for long: its digits are never asked for, since sessions come by decree.
    async fn keep_authenticator(&self, party: PartyId, now: Timestamp) {
        let factor = Factor {
            subject: party.subject(),
            party,
            kind: FactorKind::Totp,
            confirmed: true,
            created_at: now.plus(-365 * 24 * HOUR),
            last_step: None,
            salt: None,
            seed: None,
            hashes: Vec::new(),
        };
        let id = FactorId::new(now);
        let draft = Draft::create(id.uuid(), &factor, factor.keys()).expect("a factor");
        let decision = Decision::new("test.factor", now).write(draft);
        self.app.store.commit(decision).await.expect("nobody had this id");
    }

    /// A checked shipper with money.
    pub async fn shipper(&self, money: Money) -> Member {
        let member = self.member(&[Role::Shipper], &["person"]).await;
        self.top_up(&member, money).await;
        member
    }

    /// A checked trucker with money and a checked vehicle.
    pub async fn trucker(&self, money: Money) -> (Member, TruckId) {
        let member = self.member(&[Role::Trucker], &["person", "licence"]).await;
        self.top_up(&member, money).await;
        let plate = format!("苏B{:05}", Uuid::new_v4().as_u128() % 100_000);
        let new = json!({"plate": plate, "plate_colour": "yellow", "body": "flatbed", "length_mm": 13_000, "payload_kg": 32_000});
        let made = member.client.post("/v1/freight/vehicles", new).await.ok();
        let truck: TruckId = made["id"].as_str().and_then(|id| id.parse().ok()).expect("a vehicle");
        let market = &self.app.freight;
        vehicles::note_check(market, truck, VehicleCheck::Verified, &[], self.clock.now())
            .await
            .expect("checked");
        (member, truck)
    }

    /// Money from a provider that does not exist.
    pub async fn top_up(&self, member: &Member, money: Money) {
        let subject = format!("pay_{}", Uuid::new_v4());
        let set = PostingSet::new(subject, "topup", money.currency)
            .transfer(Account::Provider("test"), Account::Wallet(member.caller.party), money)
            .expect("balanced");
        let decision = Decision::new("test.topup", self.clock.now()).post(set);
        self.app.store.commit(decision).await.expect("posted");
    }

    /// Posts a load at one price; gives its id.
    pub async fn post_load(&self, shipper: &Member, price: Money) -> String {
        let load = load_of(self.clock.now(), "one_price", price);
        let made = shipper.client.post("/v1/freight/loads", load).await.ok();
        made["items"][0]["id"].as_str().expect("a load").to_owned()
    }

    /// Takes a load at its price; gives the order's id.
    pub async fn book(&self, trucker: &(Member, TruckId), load: &str, price: Money) -> String {
        let path = format!("/v1/freight/loads/{load}");
        let seen = trucker.0.client.get(&path).await;
        let (etag, _) = (seen.header("etag").to_owned(), seen.ok());
        let body = json!({"vehicle": trucker.1, "price": price});
        let booked = trucker.0.client.act(format!("{path}/actions/take"), body, &etag).await.ok();
        booked["order"].as_str().expect("an order").to_owned()
    }
}

async fn serve_over(home: &Home) -> Bare {
    let feed = Feed::default();
    let store = home.open_with(Some(Arc::new(feed.clone()) as Arc<dyn EventSink>)).await;
    let config = Config { units_per_minute: (1_000_000, 1_000_000), ..Config::default() };
    let server = Bare::with(Arc::new(store), feed, Routes::new(), config, false).await;
    server.app.freight.start(server.clock.now()).await.expect("the board fills");
    server
}

/// Steel coil from Wuxi to Jinan, loading in a day. Another price makes another load.
pub fn load_of(now: Timestamp, mode: &str, price: Money) -> Value {
    let from = now.plus(24 * HOUR);
    let mut load = json!({
        "stops": [stop("pickup", "Wuxi", from), stop("drop", "Jinan", from.plus(14 * HOUR))],
        "cargo": {"kind": "steel", "name": format!("Steel coil, lot {}", price.amount_minor), "mass_kg": 28_000, "pieces": 2, "handling": []},
        "bodies": ["flatbed"],
        "lengths_mm": [13_000, 17_500],
        "price_mode": mode,
        "deposit": yuan(200),
        "deposit_refundable": true,
        "photos": [],
    });
    if mode != "sealed_bid" {
        load["price"] = json!(price);
    }
    load
}

fn stop(kind: &str, city: &str, from: Timestamp) -> Value {
    let place = Gazetteer::shared().search(city, Lang::En, 1, None).remove(0);
    json!({
        "kind": kind,
        "area_code": place.id,
        "point": {"lat": place.point.lat(), "lon": place.point.lon()},
        "address": "8 Steel Road, gate 3",
        "window": {"from": from, "to": from.plus(4 * HOUR), "zone": "Asia/Shanghai"},
        "contact": {"name": "Li Wei", "phone": "13800138000"},
    })
}
