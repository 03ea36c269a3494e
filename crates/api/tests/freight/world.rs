//! A shipper and a trucker with papers and money, before a real server.

use sarai_api::Config;
use sarai_freight::{model::VehicleCheck, usecase::vehicles::note_check};
use sarai_geo::{Gazetteer, Lang};
use sarai_kernel::{
    Account, Caller, Clock, Currency, Decision, Draft, Money, PartyId, PostingSet, Role, Timestamp,
    TruckId,
    party::{Party, Verified},
    personal::{Name, Phone},
    time::HOUR,
};
use sarai_seal::Sealed;
use sarai_testkit::server::{Answer, Bare, Client, upload};
use serde_json::{Value, json};

pub struct World {
    pub bare: Bare,
    pub shipper: Client,
    pub shipper_id: String,
    pub trucker: Client,
    pub trucker_id: String,
    pub truck: String,
}

pub fn yuan(amount_minor: i64) -> Value {
    json!({ "amount_minor": amount_minor, "currency": "CNY" })
}

/// A city as the gazetteer has it.
pub fn place(name: &str) -> Value {
    let place = Gazetteer::shared().search(name, Lang::En, 1, None).remove(0);
    json!({ "code": place.id, "point": { "lat": place.point.lat(), "lon": place.point.lon() } })
}

impl World {
    pub async fn new() -> Self {
        let bare = Bare::start(sarai_api::Routes::new(), Config::default()).await;
        let (shipper, who) =
            admit(&bare, Role::Shipper, &["person"], "13800138001", 1_000_000).await;
        let (trucker, driver) =
            admit(&bare, Role::Trucker, &["person", "licence"], "13800138002", 50_000).await;
        let truck = truck(&bare, &trucker).await;
        let (shipper_id, trucker_id) = (who.party.to_string(), driver.party.to_string());
        Self { bare, shipper, shipper_id, trucker, trucker_id, truck }
    }

    pub async fn stranger(&self) -> Client {
        admit(&self.bare, Role::Trucker, &["person", "licence"], "13800138003", 0).await.0
    }

    /// Somebody whose papers let drive, with the id.
    pub async fn driver(&self) -> (Client, String) {
        let papers = ["person", "licence"];
        let (client, caller) = admit(&self.bare, Role::Trucker, &papers, "13800138004", 0).await;
        (client, caller.party.to_string())
    }

    pub fn now(&self) -> String {
        self.bare.clock.now().to_string()
    }

    pub fn load(&self, mode: &str, price: i64) -> Value {
        let from = self.bare.clock.now().plus(24 * HOUR);
        json!({
            "stops": [stop("pickup", "Wuxi", from), stop("drop", "Jinan", from.plus(14 * HOUR))],
            "cargo": { "kind": "steel", "name": "Steel coil", "mass_kg": 28_000, "volume_l": 12_000, "pieces": 2, "handling": ["crane"] },
            "bodies": ["flatbed"],
            "lengths_mm": [13_000],
            "price_mode": mode,
            "price": yuan(price),
            "deposit": yuan(20_000),
            "deposit_refundable": true,
            "photos": [],
        })
    }

    pub async fn post(&self, mode: &str, price: i64) -> String {
        let made = self.shipper.post("/v1/freight/loads", self.load(mode, price)).await.ok();
        made["items"][0]["id"].as_str().expect("an id").to_owned()
    }

    pub async fn arrive(&self, order: &str, stop: u8, city: &str) -> Answer {
        let body =
            json!({ "stop": stop, "happened_at": self.now(), "position": place(city)["point"] });
        self.trucker.post(format!("/v1/freight/orders/{order}/actions/arrive"), body).await
    }

    pub async fn serve(&self, order: &str, stop: u8, code: &str) -> Answer {
        let photo = upload(&self.trucker, "proof_photo").await;
        let body = json!({
            "stop": stop, "happened_at": self.now(), "mass_kg": 28_100, "photos": [photo], "code": code,
        });
        self.trucker.post(format!("/v1/freight/orders/{order}/actions/serve"), body).await
    }

    pub async fn leave(&self, order: &str, stop: u8) -> Answer {
        let body = json!({ "stop": stop, "happened_at": self.now() });
        self.trucker.post(format!("/v1/freight/orders/{order}/actions/leave"), body).await
    }

    pub async fn wallet(&self, party: &str) -> i64 {
        let party: PartyId = party.parse().expect("a party");
        self.bare
            .app
            .store
            .balance(&Account::Wallet(party), Currency::CNY)
            .await
            .expect("a balance")
    }

    pub async fn audit_rows(&self, party: &str) -> usize {
        let party: PartyId = party.parse().expect("a party");
        self.bare.app.store.audit_of(party.subject(), None, 100).await.expect("rows").len()
    }
}

fn stop(kind: &str, city: &str, from: Timestamp) -> Value {
    let place = place(city);
    json!({
        "kind": kind,
        "area_code": place["code"],
        "point": place["point"],
        "address": "8 Steel Road, gate 3",
        "notes": "report at the weighbridge",
        "window": { "from": from.to_string(), "to": from.plus(4 * HOUR).to_string(), "zone": "Asia/Shanghai" },
        "contact": { "name": "Li Wei", "phone": "13800138000" },
    })
}

async fn admit(
    bare: &Bare,
    role: Role,
    verified: &[&str],
    phone: &str,
    wallet: i64,
) -> (Client, Caller) {
    let now = bare.clock.now();
    let (token, caller) = bare.door.admit(&[role], now);
    let mut party = Party::new(caller.party);
    party.roles = vec![role];
    party.name = Some(Sealed::new(Name::new("Zhang San").expect("a name")));
    party.phone = Some(Sealed::new(Phone::new(phone).expect("a number")));
    party.verified = verified
        .iter()
        .map(|what| Verified { what: (*what).to_owned(), at: now, until: None })
        .collect();
    let draft = Draft::create(caller.party.uuid(), &party, party.keys(now)).expect("a party");
    let mut decision = Decision::new("test.party", now).write(draft);
    if wallet > 0 {
        let money = Money { amount_minor: wallet, currency: Currency::CNY };
        let set = PostingSet::new(caller.party, "topup", Currency::CNY)
            .transfer(Account::Provider("demo"), Account::Wallet(caller.party), money)
            .expect("balanced");
        decision = decision.post(set);
    }
    bare.app.store.commit(decision).await.expect("fresh");
    (bare.client().with_session(&token), caller)
}

async fn truck(bare: &Bare, trucker: &Client) -> String {
    let new = json!({
        "plate": "鲁A·83K61", "plate_colour": "yellow", "body": "flatbed", "length_mm": 13_000, "payload_kg": 32_000,
    });
    let made = trucker.post("/v1/freight/vehicles", new).await.ok();
    assert_eq!(made["plate"], "鲁A83K61", "the owner sees the own plate");
    let id = made["id"].as_str().expect("an id").to_owned();
    let truck: TruckId = id.parse().expect("a truck");
    let now = bare.clock.now();
    note_check(&bare.app.freight, truck, VehicleCheck::Verified, &[], now).await.expect("checked");
    id
}
