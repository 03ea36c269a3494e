//! A relation that ends shuts every door within a second: a driver who is taken off the run, and a session that is ended.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::world::World;

/// How long a door may stay open.
const SHUT_MAX: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_driver_who_is_taken_off_the_run_reaches_nothing_of_it_any_more() {
    let world = World::new().await;
    let photo = sarai_testkit::server::upload(&world.shipper, "load_photo").await;
    let mut load = world.load("one_price", 440_000);
    load["photos"] = json!([photo]);
    let made = world.shipper.post("/v1/freight/loads", load).await.ok();
    let load = format!("/v1/freight/loads/{}", made["items"][0]["id"].as_str().expect("an id"));
    let etag = world.trucker.get(&load).await.header("etag").to_owned();
    let body = json!({ "vehicle": world.truck, "price": crate::world::yuan(440_000) });
    let taken = world.trucker.act(format!("{load}/actions/take"), body, &etag).await.ok();
    let order = taken["order"].as_str().expect("an order").to_owned();
    let at = format!("/v1/freight/orders/{order}");
    let (driver, id) = world.driver().await;
    let assign = async |who: &str| {
        let etag = world.trucker.get(&at).await.header("etag").to_owned();
        let body = json!({ "driver": who, "vehicle": world.truck });
        world.trucker.act(format!("{at}/assignment"), body, &etag).await.ok();
    };
    assign(&id).await;
    let doors = [
        at.clone(),
        format!("{at}/events"),
        format!("{at}/contact"),
        format!("{at}/track"),
        format!("/v1/files/{photo}/content"),
    ];
    for door in &doors {
        assert_eq!(driver.get(door).await.status, 200, "{door} is the driver's");
    }
    let fix = json!({ "stop": 0, "happened_at": world.now(), "reason": "gate is shut" });
    let mut hears = driver.listen("/v1/events/stream?topics=orders", None).await.expect("open");
    hears.next_id().await;
    let since = Instant::now();
    assign(&world.trucker_id).await;
    for door in &doors {
        assert_eq!(driver.get(door).await.verdict(), (404, "not_found".to_owned()), "{door}");
    }
    let arrive = driver.post(format!("{at}/actions/arrive"), fix).await;
    assert_eq!(arrive.verdict(), (404, "not_found".to_owned()));
    let mine = driver.get("/v1/orders?market=freight&side=trucker&open=true").await.ok();
    assert_eq!(mine["items"], json!([]));
    let listed = driver.get("/v1/events").await.ok();
    let newest = listed["items"].as_array().and_then(|items| items.last()).cloned();
    assert!(since.elapsed() < SHUT_MAX, "{:?}", since.elapsed());
    // What happens from now on is not heard of: not by the stream, not by the list.
    world.arrive(&order, 0, "Wuxi").await.ok();
    let quiet = tokio::time::timeout(Duration::from_millis(300), async {
        loop {
            let frame = hears.next().await.expect("the stream goes on");
            if frame.json()["type"] == "freight.stop.arrived" {
                return;
            }
        }
    });
    assert!(quiet.await.is_err(), "the old driver hears of the run");
    let listed = driver.get("/v1/events").await.ok();
    assert_eq!(listed["items"].as_array().and_then(|items| items.last()).cloned(), newest);
}

#[tokio::test]
async fn a_session_that_ends_shuts_reading_writing_replays_and_streams() {
    let world = World::new().await;
    let token = world.shipper.session().expect("a session");
    let key = "0123456789abcdef";
    let body = world.load("one_price", 440_000);
    let path = "/v1/freight/loads";
    let post = || {
        let call = world.shipper.call(axum::http::Method::POST, path).page().key(key);
        call.json(&body).send()
    };
    post().await.ok();
    assert_eq!(post().await.header("idempotent-replayed"), "true");
    let page = world.shipper.get("/v1/freight/loads?limit=1").await.ok();
    let photo = sarai_testkit::server::upload(&world.shipper, "load_photo").await;
    let mut streams = Vec::new();
    for _ in 0..2 {
        let mut hears = world.shipper.listen("/v1/events/stream", None).await.expect("open");
        hears.next_id().await;
        streams.push(hears);
    }
    let since = Instant::now();
    world.bare.door.set(&token, None);
    for door in [
        "/v1/freight/loads".to_owned(),
        format!("/v1/files/{photo}/content"),
        "/v1/me/exports".to_owned(),
        page["next_cursor"].as_str().map_or("/v1/events".to_owned(), |cursor| {
            format!("/v1/freight/loads?limit=1&cursor={cursor}")
        }),
    ] {
        assert_eq!(world.shipper.get(&door).await.verdict().0, 401, "{door}");
    }
    assert_eq!(post().await.verdict().0, 401, "not even an old answer again");
    for mut hears in streams {
        while hears.next_raw().await.is_some() {}
    }
    assert!(since.elapsed() < SHUT_MAX, "{:?}", since.elapsed());
}
