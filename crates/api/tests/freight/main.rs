//! Freight over HTTP: the whole journey, what each side sees on the way, and what nobody sees.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

mod ends;
mod world;

use sarai_kernel::time::HOUR;
use sarai_testkit::server::upload;
use serde_json::{Value, json};
use world::{World, place};

async fn bargained(world: &World) -> (String, String) {
    let load = world.post("bargain", 440_000).await;
    let bid = json!({ "vehicle": world.truck, "price": world::yuan(480_000), "words": "call 13800138000" });
    let offer = world.trucker.post(format!("/v1/freight/loads/{load}/offers"), bid).await;
    let etag = offer.header("etag").to_owned();
    let offer = offer.ok();
    assert_eq!(offer["keep"]["keep"]["amount_minor"], 470_400, "the trucker sees what is kept");
    assert!(offer["pay"].is_null() && offer["trucker"].is_null());
    let id = offer["id"].as_str().expect("an id").to_owned();
    let seen = world.shipper.get(format!("/v1/freight/offers/{id}")).await.ok();
    assert_eq!(seen["pay"]["pay"]["amount_minor"], 480_000, "the shipper sees what is paid");
    assert!(seen["keep"].is_null());
    assert_eq!(seen["allowed_now"], json!(["accept", "counter", "decline"]));
    let path = format!("/v1/freight/offers/{id}/actions/counter");
    let countered = world.shipper.act(path, json!({ "price": world::yuan(450_000) }), &etag).await;
    let etag = countered.header("etag").to_owned();
    assert_eq!(countered.ok()["turn"], "trucker");
    let path = format!("/v1/freight/offers/{id}/actions/accept");
    let booked = world.trucker.act(path, json!({}), &etag).await.ok();
    assert_eq!(booked["state"], "booked");
    (load, booked["order"].as_str().expect("an order").to_owned())
}

#[tokio::test]
async fn a_load_is_posted_found_bargained_run_signed_and_paid() {
    let world = World::new().await;
    let (_, order) = bargained(&world).await;
    let at = format!("/v1/freight/orders/{order}");
    let before = world.trucker.get(at.clone()).await.ok();
    assert_eq!(
        before["stops"][0]["address"], "8 Steel Road, gate 3",
        "the street is open from booked on"
    );
    assert!(
        before["stops"][1]["contact_name"].is_null(),
        "the receiver's name is not, before the first stop"
    );
    assert_eq!(before["allowed_now"][0], "arrive");
    world.bare.clock.pass(25 * HOUR);
    world.arrive(&order, 0, "Wuxi").await.ok();
    let open = world.trucker.get(at.clone()).await.ok();
    assert_eq!(open["stops"][1]["contact_name"], "Li Wei");
    let codes = world.shipper.get(format!("{at}/codes")).await.ok();
    assert_eq!(world.trucker.get(format!("{at}/codes")).await.verdict().0, 403, "the codes never");
    let wrong = world.serve(&order, 0, "12").await;
    assert_eq!(wrong.verdict(), (422, "validation_failed".to_owned()));
    let loading = codes["loading"].as_str().expect("six digits");
    assert_eq!(world.serve(&order, 0, loading).await.ok()["standing"]["served"], true);
    world.leave(&order, 0).await.ok();
    let fix = json!({ "points": [{ "at": world.now(), "point": place("Wuxi")["point"] }] });
    assert_eq!(world.trucker.post(format!("{at}/track"), fix).await.ok()["points_taken"], 1);
    assert_eq!(
        world.shipper.get(format!("{at}/track")).await.verdict().0,
        403,
        "not without the driver's consent"
    );
    assert_eq!(world.trucker.get(format!("{at}/track")).await.ok()["live"], true);
    world.bare.clock.pass(13 * HOUR);
    world.arrive(&order, 1, "Jinan").await.ok();
    let receiving = codes["receiving"][0]["code"].as_str().expect("four digits");
    assert_eq!(world.serve(&order, 1, receiving).await.ok()["standing"]["state"], "delivered");
    let signed = world.shipper.post(format!("{at}/actions/sign-off"), json!({})).await.ok();
    assert_eq!(signed["standing"]["state"], "completed");
    assert_eq!(world.wallet(&world.trucker_id).await, 50_000 + 441_000);
    let done = world.trucker.get(at.clone()).await.ok();
    assert_eq!(done["deposit_state"], "returned");
    assert_eq!((&done["allowed_now"], &done["my_rating"]), (&json!(["rate"]), &json!(false)));
    let stars = json!({ "stars": 5, "tags": ["paid_at_once"] });
    let rated = world.trucker.post(format!("/v1/orders/{order}/ratings"), stars).await;
    assert_eq!(rated.ok()["visible"], false);
    let done = world.trucker.get(at.clone()).await.ok();
    assert_eq!((&done["allowed_now"], &done["my_rating"]), (&json!([]), &json!(true)));
    let history = world.shipper.get(format!("{at}/events")).await.ok();
    let kinds: Vec<_> =
        history["items"].as_array().expect("items").iter().map(|e| e["type"].clone()).collect();
    assert_eq!(kinds.len(), 8, "{kinds:?}");
    let mine = world.shipper.get("/v1/orders?market=freight&side=shipper&open=false").await.ok();
    assert_eq!(mine["items"][0]["id"], order.as_str());
}

#[tokio::test]
async fn the_board_shows_cells_and_handles_and_never_a_gate_a_street_or_a_number() {
    let world = World::new().await;
    let load = world.post("one_price", 440_000).await;
    let search = json!({
        "scope": { "mode": "near", "at": place("Suzhou")["point"], "radius_m": 100_000 },
        "vehicle": world.truck,
        "sort": "best",
    });
    let found = world.trucker.post("/v1/freight/board/search", search).await.ok();
    assert_eq!(found["items"][0]["id"], load.as_str());
    assert_eq!(found["items"][0]["fit"]["ok"], true);
    let detail = world.trucker.get(format!("/v1/freight/loads/{load}")).await.ok();
    assert_eq!(detail["view"], "board");
    assert_eq!(detail["may"], json!(["take", "ask"]));
    let public = world.bare.client().get("/v1/freight/board/public").await.ok();
    assert_eq!(public["items"][0]["from"]["district"], Value::Null);
    for shown in [&found, &detail, &public] {
        let text = shown.to_string();
        for hidden in
            ["Steel Road", "Li Wei", "13800138000", "weighbridge", world.shipper_id.as_str()]
        {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }
        assert!(!text.contains("\"point\""), "an exact point in {text}");
    }
    let own = world.shipper.get(format!("/v1/freight/loads/{load}")).await.ok();
    assert_eq!(
        (&own["view"], &own["stops"][0]["contact"]["phone"]),
        (&json!("owner"), &json!("+8613800138000"))
    );
}

#[tokio::test]
async fn taking_needs_the_version_and_the_price_that_were_seen_and_happens_once() {
    let world = World::new().await;
    let load = world.post("one_price", 440_000).await;
    let path = format!("/v1/freight/loads/{load}/actions/take");
    let etag =
        world.trucker.get(format!("/v1/freight/loads/{load}")).await.header("etag").to_owned();
    let other = json!({ "vehicle": world.truck, "price": world::yuan(430_000) });
    assert_eq!(world.trucker.act(&path, other, &etag).await.verdict().1, "terms_changed");
    let body = json!({ "vehicle": world.truck, "price": world::yuan(440_000) });
    assert_eq!(
        world.trucker.post(&path, body.clone()).await.verdict(),
        (428, "version_required".to_owned())
    );
    let key = "0123456789abcdef";
    let call = || {
        let call = world.trucker.call(axum::http::Method::POST, path.clone()).page().key(key);
        call.header("if-match", &etag).json(&body).send()
    };
    let first = call().await;
    let again = call().await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(first.ok(), again.ok());
    let late = world.trucker.act(&path, body, &etag).await;
    assert_eq!(late.verdict(), (409, "already_taken".to_owned()));
}

#[tokio::test]
async fn contact_opens_with_the_booking_to_the_two_sides_only_and_is_logged() {
    let world = World::new().await;
    let (_, order) = bargained(&world).await;
    let path = format!("/v1/freight/orders/{order}/contact");
    let rows = world.audit_rows(&world.shipper_id).await;
    let seen = world.trucker.get(&path).await.ok();
    assert_eq!(seen["items"][0]["role"], "shipper");
    assert_eq!(seen["items"][0]["call"], json!({ "kind": "number", "number": "+8613800138001" }));
    assert_eq!(
        world.audit_rows(&world.shipper_id).await,
        rows + 1,
        "the shipper can see that it was opened"
    );
    let stranger = world.stranger().await;
    for path in
        [path, format!("/v1/freight/orders/{order}"), format!("/v1/freight/orders/{order}/track")]
    {
        assert_eq!(stranger.get(&path).await.verdict(), (404, "not_found".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_wrong_body_names_its_fields() {
    let world = World::new().await;
    let mut load = world.load("one_price", 440_000);
    load["stops"][0]["window"]["to"] = load["stops"][0]["window"]["from"].clone();
    load["cargo"]["mass_kg"] = json!(0);
    let refused = world.shipper.post("/v1/freight/loads", load.clone()).await;
    assert_eq!(refused.verdict(), (422, "validation_failed".to_owned()));
    let pointers: Vec<_> = refused.json()["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|e| e["pointer"].clone())
        .collect();
    assert!(
        pointers.contains(&json!("/stops/0/window/to"))
            && pointers.contains(&json!("/cargo/mass_kg"))
    );
    load["state"] = json!("open");
    assert_eq!(
        world.shipper.post("/v1/freight/loads", load).await.verdict(),
        (400, "field_unknown".to_owned())
    );
}

#[tokio::test]
async fn proof_photos_open_to_both_sides_from_the_first_stop_and_to_nobody_else() {
    let world = World::new().await;
    let (_, order) = bargained(&world).await;
    let at = format!("/v1/freight/orders/{order}");
    world.bare.clock.pass(25 * HOUR);
    world.arrive(&order, 0, "Wuxi").await.ok();
    let codes = world.shipper.get(format!("{at}/codes")).await.ok();
    world.serve(&order, 0, codes["loading"].as_str().expect("six digits")).await.ok();
    let seen = world.shipper.get(&at).await.ok();
    let photo = seen["stops"][0]["photos"][0].as_str().expect("a photo").to_owned();
    let path = format!("/v1/files/{photo}/content");
    let rows = world.audit_rows(&world.trucker_id).await;
    let opened = world.shipper.get(&path).await;
    assert_eq!((opened.status.as_u16(), opened.header("content-type")), (200, "image/jpeg"));
    assert_eq!(world.audit_rows(&world.trucker_id).await, rows + 1, "the driver sees who looked");
    assert_eq!(world.trucker.get(&path).await.status, 200, "it is the driver's own");
    let stranger = world.stranger().await;
    assert_eq!(stranger.get(&path).await.verdict(), (404, "not_found".to_owned()));
    assert_eq!(world.trucker.delete(format!("/v1/files/{photo}")).await.status, 409, "it is proof");
}

#[tokio::test]
async fn pictures_of_goods_go_with_the_load_and_then_with_its_order() {
    let world = World::new().await;
    let photo = upload(&world.shipper, "load_photo").await;
    let path = format!("/v1/files/{photo}/content");
    let stranger = world.stranger().await;
    assert_eq!(stranger.get(&path).await.status, 404, "nothing carries it yet");
    let mut load = world.load("one_price", 440_000);
    load["photos"] = json!([photo]);
    let foreign = json!([upload(&world.trucker, "load_photo").await]);
    let mut stolen = load.clone();
    stolen["photos"] = foreign;
    let refused = world.shipper.post("/v1/freight/loads", stolen).await;
    assert_eq!(refused.json()["errors"][0]["pointer"], "/photos/0");
    let made = world.shipper.post("/v1/freight/loads", load).await.ok();
    let load = made["items"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(world.trucker.get(&path).await.status, 200, "on the board it belongs to the card");
    assert_eq!(stranger.get(&path).await.status, 404, "whose truck was not checked");
    let at = format!("/v1/freight/loads/{load}");
    let etag = world.trucker.get(&at).await.header("etag").to_owned();
    let body = json!({ "vehicle": world.truck, "price": world::yuan(440_000) });
    let order = world.trucker.act(format!("{at}/actions/take"), body, &etag).await.ok();
    assert_eq!(world.trucker.get(&path).await.status, 200, "as a side of the order");
    let order = order["order"].as_str().expect("an order");
    let why = json!({ "reason": "plans_changed" });
    let cancelled = format!("/v1/freight/orders/{order}/actions/cancel");
    world.shipper.post(cancelled, why).await.ok();
    let closed = world.trucker.get(&path).await;
    assert_eq!(closed.verdict(), (403, "purpose_not_allowed".to_owned()), "closed afterwards");
    assert_eq!(world.shipper.get(&path).await.status, 200, "it stays its owner's");
}

#[tokio::test]
async fn a_code_goes_to_the_contact_of_its_stop_five_times_and_only_by_the_shipper() {
    let world = World::new().await;
    let (_, order) = bargained(&world).await;
    let path = format!("/v1/freight/orders/{order}/codes/actions/send");
    let last = json!({ "stop": 1 });
    assert_eq!(world.trucker.post(&path, last.clone()).await.verdict().0, 403);
    assert_eq!(world.stranger().await.post(&path, last.clone()).await.verdict().0, 404);
    assert_eq!(world.shipper.post(&path, json!({ "stop": 7 })).await.verdict().0, 404);
    let key = "0123456789abcdef";
    let call =
        || world.shipper.call(axum::http::Method::POST, &path).page().key(key).json(&last).send();
    let first = call().await.ok();
    assert_eq!((&first["sent"], &first["sends_left"]), (&json!(1), &json!(4)));
    assert_eq!(call().await.ok()["sent"], 1, "the same command is done once");
    for left in [3, 2, 1, 0] {
        let sent = world.shipper.post(&path, last.clone()).await.ok();
        assert_eq!(sent["sends_left"], left);
    }
    let over = world.shipper.post(&path, last.clone()).await;
    assert_eq!(over.verdict(), (429, "quota_spent".to_owned()));
    let account = &world.bare.app.account;
    let outbox = account.outbox.clone().expect("an outbox");
    let now = sarai_kernel::Clock::now(&*world.bare.clock);
    sarai_account::usecase::notices::deliver_due(account, &*outbox, now).await.expect("delivered");
    let code = first["receiving"][0]["code"].as_str().expect("four digits");
    let letters = outbox.items();
    assert_eq!(letters.len(), 5);
    assert!(letters.iter().all(|one| one.to == "+8613800138000" && one.body.contains(code)));
}
