use sarai_kernel::{
    Decision, Draft, OrderId, PartyId, ThreadId, Timestamp, thread::Thread, time::DAY,
};
use sarai_seal::Record;
use serde_json::{Value, json};

use crate::town::{Person, Town};

/// What this room reads of an order of any market.
#[derive(Record)]
#[record(kind = "order", schema = 1)]
struct Order {
    shipper: PartyId,
    trucker: PartyId,
    completed_at: Option<Timestamp>,
}

async fn id_of(person: &Person) -> PartyId {
    let me = person.client.get("/v1/me").await.ok();
    me["id"].as_str().expect("id").parse().expect("an id")
}

async fn thread(town: &Town, poster: PartyId, other: PartyId, open_contact: bool) -> String {
    let now = town.pass(0);
    let id = ThreadId::new(now);
    let thread = Thread {
        market: "freight".to_owned(),
        about: sarai_kernel::LoadId::new(now).to_string(),
        poster,
        other,
        order: None,
        open_contact,
        closed: false,
        messages: 0,
        last_at: now,
        read_poster: 0,
        read_other: 0,
    };
    let draft = Draft::create(id.uuid(), &thread, thread.keys()).expect("a draft");
    let decision = Decision::new("test.thread", now).write(draft);
    town.0.app.store.commit(decision).await.expect("committed");
    id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_in_a_talk_stays_covered_until_contact_opens() {
    let town = Town::start().await;
    let (ann, bo) = (town.enter("13800138001").await, town.enter("13800138002").await);
    let eve = town.enter("13800138003").await;
    let (poster, other) = (id_of(&ann).await, id_of(&bo).await);
    let text = json!({ "text": "call 13912345678 please" });
    for open in [false, true] {
        let path = format!("/v1/threads/{}/messages", thread(&town, poster, other, open).await);
        let said = bo.client.post(&path, text.clone()).await.ok();
        assert_eq!((&said["by"], &said["mine"]), (&json!("trucker"), &json!(true)));
        let seen = ann.client.get(&path).await.ok();
        let covered = !seen.to_string().contains("13912345678");
        assert_eq!(covered, !open);
        assert_eq!(seen["mask_note"] == Value::Null, open);
        assert_eq!(eve.client.get(&path).await.verdict(), (404, "not_found".to_owned()));
        assert_eq!(eve.client.post(&path, text.clone()).await.status, 404);
    }
    let cards = ann.client.get("/v1/threads").await.ok();
    assert_eq!(cards["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(cards["items"][0]["unread"], 1);
    let path = format!("/v1/threads/{}", cards["items"][0]["id"].as_str().expect("id"));
    ann.client.post(format!("{path}/actions/read"), json!({})).await.ok();
    assert_eq!(ann.client.get(&path).await.ok()["unread"], 0);
    let report = json!({ "reason": "contact_fishing" });
    assert_eq!(ann.client.post(format!("{path}/actions/report"), report).await.status, 202);
    assert_eq!(ann.client.get(format!("/v1/parties/{other}")).await.status, 200);
    assert_eq!(eve.client.get(format!("/v1/parties/{other}")).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn ratings_are_blind_until_both_rated_or_the_time_is_over() {
    let town = Town::start().await;
    let (ann, bo) = (town.enter("13800138001").await, town.enter("13800138002").await);
    let eve = town.enter("13800138003").await;
    let (shipper, trucker) = (id_of(&ann).await, id_of(&bo).await);
    let stars = |stars: u8| json!({ "stars": stars, "tags": ["on_time"], "words": "well done" });
    let mut paths = Vec::new();
    for completed in [None, Some(town.pass(0)), Some(town.pass(0))] {
        let id = OrderId::new(town.pass(1));
        let order = Order { shipper, trucker, completed_at: completed };
        let draft = Draft::create(id.uuid(), &order, Vec::new()).expect("a draft");
        let decision = Decision::new("test.order", town.pass(0)).write(draft);
        town.0.app.store.commit(decision).await.expect("committed");
        paths.push(format!("/v1/orders/{id}/ratings"));
    }
    let early = ann.client.post(&paths[0], stars(5)).await;
    assert_eq!(early.verdict(), (409, "transition_refused".to_owned()));
    assert_eq!(eve.client.post(&paths[1], stars(1)).await.status, 404);
    let given = ann.client.post(&paths[1], stars(5)).await.ok();
    assert_eq!((&given["visible"], &given["by"]), (&json!(false), &json!("shipper")));
    let twice = ann.client.post(&paths[1], stars(1)).await;
    assert_eq!(twice.verdict(), (409, "transition_refused".to_owned()));
    assert_eq!(bo.client.get(&paths[1]).await.ok()["items"], json!([]), "blind");
    bo.client.post(&paths[1], stars(4)).await.ok();
    let both = bo.client.get(&paths[1]).await.ok();
    assert_eq!(both["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(bo.client.get("/v1/me").await.ok()["rating"]["average_x10"], 50);
    // The other order: only one side rates; it is shown after fourteen days.
    ann.client.post(&paths[2], stars(1)).await.ok();
    let account = town.0.app.account.clone();
    account.run_due(town.pass(13 * DAY)).await.expect("runs");
    assert_eq!(bo.client.get(&paths[2]).await.ok()["items"], json!([]));
    account.run_due(town.pass(DAY)).await.expect("runs");
    let bo = town.enter("13800138002").await;
    let shown = bo.client.get(&paths[2]).await.ok();
    assert_eq!(shown["items"][0]["words"], "well done");
    let late = bo.client.post(&paths[2], stars(5)).await;
    assert_eq!(late.verdict(), (409, "transition_refused".to_owned()));
    assert_eq!(bo.client.get("/v1/me").await.ok()["rating"]["average_x10"], 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_companys_key_works_until_it_is_revoked_and_is_shown_once() {
    let town = Town::start().await;
    let (ann, bo) = (town.enter("13800138001").await, town.enter("13800138002").await);
    let new =
        json!({ "name": "Ann Ltd", "credit_code": "91370100MA3C1234XY", "city_code": "370100" });
    let org = ann.client.post("/v1/orgs", new.clone()).await.ok();
    assert_eq!((&org["my_role"], &org["name"]), (&json!("owner"), &json!("Ann Ltd")));
    assert_eq!(bo.client.post("/v1/orgs", new).await.verdict().0, 422);
    let base = format!("/v1/orgs/{}", org["id"].as_str().expect("id"));
    assert_eq!(bo.client.get(&base).await.status, 404);
    let key = json!({ "name": "tms", "scopes": ["kernel.wallet:read"], "expires_in_days": 30 });
    let early = ann.client.post(format!("{base}/api-keys"), key.clone()).await;
    assert_eq!(early.verdict(), (403, "step_up_required".to_owned()));
    town.step_up(&ann).await;
    let made = ann.client.post(format!("{base}/api-keys"), key).await.ok();
    let secret = made["secret"].as_str().expect("a secret");
    let listed = ann.client.get(format!("{base}/api-keys")).await.ok();
    assert!(!listed.to_string().contains(secret));
    let program = town.0.client().with_key(secret);
    assert_eq!(program.get("/v1/wallet").await.status, 200);
    assert_eq!(program.get("/v1/me").await.status, 403, "no scope opens it");
    town.step_up(&bo).await;
    let member = json!({ "phone_or_email": "13800138002", "role": "dispatcher" });
    town.step_up(&ann).await;
    let member = ann.client.post(format!("{base}/members"), member).await.ok();
    assert_eq!(member["role"], "dispatcher");
    assert_eq!(bo.client.get(&base).await.ok()["credit_code"], "••••");
    let key = format!("{base}/api-keys/{}", made["id"].as_str().expect("id"));
    assert_eq!(ann.client.delete(&key).await.status, 204);
    assert_eq!(program.get("/v1/wallet").await.verdict(), (401, "key_revoked".to_owned()));
}
