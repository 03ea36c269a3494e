//! Who sees what of an order at each of its stages: every route that reads it or a thing of it, by relation and stage, against a
//! checked-in table; and the names of the fields that each of them is given.

use std::collections::BTreeMap;

use http::Method;
use sarai_geo::{Gazetteer, Lang};
use sarai_kernel::{Clock, Role, TruckId, time::HOUR};
use sarai_testkit::server::{Client, Member, Town, load_of, upload, yuan};
use serde_json::{Value, json};

use crate::{
    ask::{Route, routes},
    cell,
    fields::Fields,
    table::Table,
};

/// The stages, in the order of the columns. `past`: delivered more than a day ago.
pub const STAGES: [&str; 8] = [
    "awaiting_funds",
    "booked",
    "at_stop",
    "under_way",
    "delivered",
    "past",
    "completed",
    "cancelled",
];
const CITIES: [&str; 2] = ["Wuxi", "Jinan"];

/// An order brought to a stage, with everything that hangs on it.
struct Run {
    order: String,
    load: String,
    thread: String,
    proof: String,
    picture: String,
    evidence: String,
    /// By relation: its two sides, one whose offer lost, one who has nothing to do with it.
    people: Vec<(&'static str, Client)>,
}

/// One way to read: the route's name in the document, and the path for a run.
struct Way {
    name: String,
    path: String,
}

impl Run {
    fn path(&self, route: &str) -> Option<Way> {
        let (start, id) = [
            ("/v1/freight/orders/{id}", &self.order),
            ("/v1/ops/orders/{id}", &self.order),
            ("/v1/orders/{id}", &self.order),
            ("/v1/freight/loads/{id}", &self.load),
            ("/v1/threads/{id}", &self.thread),
        ]
        .into_iter()
        .find(|(start, _)| route.starts_with(start))?;
        let path = route.replacen(start, &start.replace("{id}", id), 1);
        Some(Way { name: format!("GET {route}"), path })
    }

    /// Every way to read something of it.
    fn ways(&self) -> Vec<Way> {
        let reads = routes().into_iter().filter(|route| route.method() == Method::GET);
        let mut ways: Vec<Way> = reads.filter_map(|route| self.path(route.path())).collect();
        for (what, id) in
            [("proof", &self.proof), ("load picture", &self.picture), ("evidence", &self.evidence)]
        {
            ways.push(Way {
                name: format!("GET /v1/files/{{id}}/content ({what})"),
                path: format!("/v1/files/{id}/content"),
            });
        }
        ways
    }
}

/// Fills `found` and `fields` with every stage.
pub async fn look(town: &Town, found: &mut Table, fields: &mut Fields) {
    let mut cells: BTreeMap<(String, &'static str), Vec<String>> = BTreeMap::new();
    for stage in STAGES {
        let run = run_to(town, stage).await;
        for way in run.ways() {
            for (who, client) in &run.people {
                let answer = client.get(&way.path).await;
                cells.entry((way.name.clone(), who)).or_default().push(cell(&answer));
                if answer.status == 200 {
                    fields.note(&format!("{} as {who}", way.name), stage, &answer.json());
                }
            }
        }
    }
    for ((name, who), row) in cells {
        found.add(&format!("{name},{who}"), row);
    }
}

async fn run_to(town: &Town, stage: &str) -> Run {
    // A shipper without money for it lets the order wait.
    let money = if stage == "awaiting_funds" { 100 } else { 100_000 };
    let shipper = town.shipper(yuan(money)).await;
    let driver = town.trucker(yuan(10_000)).await;
    let loser = town.trucker(yuan(10_000)).await;
    let stranger = town.trucker(yuan(10_000)).await.0;
    let desk = town.member(&[Role::OpMoney, Role::OpSupport], &["person"]).await;
    let picture = upload(&shipper.client, "load_photo").await;
    let (load, offer) = bargained(town, &shipper, &[&loser, &driver], &picture).await;
    let path = format!("/v1/freight/offers/{offer}");
    let etag = shipper.client.get(&path).await.header("etag").to_owned();
    let order = shipper.client.act(format!("{path}/actions/accept"), json!({}), &etag).await.ok();
    let order = order["order"].as_str().expect("an order").to_owned();
    consent(&driver.0).await;
    let at = format!("/v1/freight/orders/{order}");
    let nothing = "file_01jd0000000000000000000000".to_owned();
    let thread = driver.0.client.get(&at).await.ok()["thread"].as_str().map(str::to_owned);
    let mut run = Run {
        order,
        load,
        thread: thread.expect("a talk"),
        proof: nothing.clone(),
        picture,
        evidence: nothing,
        people: vec![
            ("shipper", shipper.client.clone()),
            ("trucker", driver.0.client.clone()),
            ("lost bidder", loser.0.client),
            ("stranger", stranger.client),
            ("desk", desk.client),
        ],
    };
    bring(town, &mut run, &shipper, &driver, stage).await;
    run
}

/// A load to bargain over with an offer of each; gives it with the last offer.
async fn bargained(
    town: &Town,
    shipper: &Member,
    bidders: &[&(Member, TruckId)],
    picture: &str,
) -> (String, String) {
    let mut load = load_of(town.clock.now(), "bargain", yuan(4_000));
    load["photos"] = json!([picture]);
    let made = shipper.client.post("/v1/freight/loads", load).await.ok();
    let load = made["items"][0]["id"].as_str().expect("a load").to_owned();
    let mut last = String::new();
    for (member, truck) in bidders {
        let bid = json!({"vehicle": truck, "price": yuan(4_000), "words": "can be there at noon"});
        let made = member.client.post(format!("/v1/freight/loads/{load}/offers"), bid).await.ok();
        last = made["id"].as_str().expect("an offer").to_owned();
    }
    (load, last)
}

/// The driver lets the other side follow.
async fn consent(driver: &Member) {
    let all = driver.client.get("/v1/me/consents").await.ok();
    for offer in all["offers"].as_array().into_iter().flatten() {
        let give = json!({"purpose": offer["purpose"]["code"], "version": offer["version"]});
        driver.client.post("/v1/me/consents", give).await.ok();
    }
}

async fn bring(
    town: &Town,
    run: &mut Run,
    shipper: &Member,
    (driver, _): &(Member, TruckId),
    stage: &str,
) {
    let at = format!("/v1/freight/orders/{}", run.order);
    let now = || town.clock.now();
    if stage == "awaiting_funds" || stage == "booked" {
        return;
    }
    if stage == "cancelled" {
        let why = json!({"reason": "plans_changed"});
        shipper.client.post(format!("{at}/actions/cancel"), why).await.ok();
        return;
    }
    let step = async |verb: &str, body: Value| {
        driver.client.post(format!("{at}/actions/{verb}"), body).await.ok();
    };
    step("arrive", arrival(0, now())).await;
    let codes = shipper.client.get(format!("{at}/codes")).await.ok();
    run.proof = upload(&driver.client, "proof_photo").await;
    let served = |stop: u8, code: &Value, photo: &str| json!({"stop": stop, "happened_at": now(), "mass_kg": 28_100, "photos": [photo], "code": code});
    step("serve", served(0, &codes["loading"], &run.proof)).await;
    if stage == "at_stop" {
        run.evidence = dispute(shipper, &at).await;
        return;
    }
    step("leave", json!({"stop": 0, "happened_at": now()})).await;
    let place = arrival(0, now())["position"].clone();
    let track = json!({"points": [{"at": now(), "point": place}]});
    driver.client.post(format!("{at}/track"), track).await.ok();
    if stage == "under_way" {
        return;
    }
    step("arrive", arrival(1, now())).await;
    let photo = upload(&driver.client, "proof_photo").await;
    step("serve", served(1, &codes["receiving"][0]["code"], &photo)).await;
    match stage {
        "past" => {
            town.clock.pass(25 * HOUR);
        }
        "completed" => {
            shipper.client.post(format!("{at}/actions/sign-off"), json!({})).await.ok();
        }
        _ => {}
    }
}

/// The shipper disputes, with a picture; gives it.
async fn dispute(shipper: &Member, at: &str) -> String {
    let evidence = upload(&shipper.client, "evidence").await;
    let why = json!({"reason": "damage", "words": "two coils are wet", "evidence": [evidence]});
    shipper.client.post(format!("{at}/disputes"), why).await.ok();
    evidence
}

fn arrival(stop: usize, now: sarai_kernel::Timestamp) -> Value {
    let city = CITIES.get(stop).expect("two stops");
    let place = Gazetteer::shared().search(city, Lang::En, 1, None).remove(0);
    json!({
        "stop": stop, "happened_at": now,
        "position": {"lat": place.point.lat(), "lon": place.point.lon()},
    })
}

/// Routes of the document that read something of an order, so that the test can say when it has none.
pub fn count() -> usize {
    routes()
        .iter()
        .filter(|route: &&Route| route.path().starts_with("/v1/freight/orders/{id}"))
        .count()
}
