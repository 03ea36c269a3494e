//! The event stream: who hears what, resume, reset, the end of a session.

use std::time::{Duration, Instant};

use sarai_kernel::time::DAY;
use sarai_testkit::server::Client;
use serde_json::json;

use crate::world::{member, town};

async fn make(client: &Client, body: serde_json::Value) -> String {
    client.post("/v1/things", body).await.ok()["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn one_hears_only_what_one_is_in_the_audience_of() {
    let (town, ann, _) = town().await;
    let (bo, bo_is) = member(&town, &[]);
    let mut ann_hears = ann.listen("/v1/events/stream?topics=orders", None).await.expect("open");
    let mut bo_hears = bo.listen("/v1/events/stream?topics=orders", None).await.expect("open");
    ann_hears.next_id().await;
    bo_hears.next_id().await;
    let own = make(&ann, json!({"name": "own"})).await;
    let told = make(&ann, json!({"name": "told", "tell": [bo_is.party]})).await;
    let subject = |frame: sarai_testkit::server::Frame| {
        frame.json()["subject"]["id"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(subject(ann_hears.next().await.expect("event")), own);
    assert_eq!(subject(ann_hears.next().await.expect("event")), told);
    let frame = bo_hears.next().await.expect("event");
    assert_eq!(frame.event, "freight.load.opened");
    assert!(frame.json()["global_seq"].is_null(), "the store's number stays inside");
    assert_eq!(subject(frame), told);
}

#[tokio::test]
async fn a_topic_that_is_not_asked_for_is_not_heard() {
    let (_town, ann, _) = town().await;
    let mut hears = ann.listen("/v1/events/stream?topics=wallet", None).await.expect("open");
    hears.next_id().await;
    make(&ann, json!({"name": "own"})).await;
    assert!(tokio::time::timeout(Duration::from_millis(200), hears.next_raw()).await.is_err());
}

#[tokio::test]
async fn a_stream_resumes_where_it_ended_without_gap_or_repetition() {
    let (_town, ann, _) = town().await;
    let mut hears = ann.listen("/v1/events/stream", None).await.expect("open");
    hears.next_id().await;
    make(&ann, json!({"name": "first"})).await;
    let first = hears.next().await.expect("event");
    drop(hears);
    let mut missed = Vec::new();
    for number in 0..5 {
        missed.push(make(&ann, json!({"name": number.to_string()})).await);
    }
    let mut again = ann.listen("/v1/events/stream", Some(&first.id)).await.expect("open");
    for id in missed {
        assert_eq!(again.next().await.expect("event").json()["subject"]["id"], id.as_str());
    }
    let live = make(&ann, json!({"name": "live"})).await;
    assert_eq!(again.next().await.expect("event").json()["subject"]["id"], live.as_str());
}

#[tokio::test]
async fn an_id_that_is_foreign_old_or_forged_resets() {
    let (town, ann, _) = town().await;
    let (bo, _) = member(&town, &[]);
    let mut hears = ann.listen("/v1/events/stream", None).await.expect("open");
    let id = hears.next_id().await;
    for (who, last) in [(&bo, id.as_str()), (&ann, "forged"), (&ann, "")] {
        let mut again = who.listen("/v1/events/stream", Some(last)).await.expect("open");
        assert_eq!(again.next().await.expect("reset").event, "reset");
    }
    town.clock.pass(7 * DAY);
    let mut again = bo.listen("/v1/events/stream", None).await.expect("open");
    again.next_id().await;
    let mut late = ann.listen("/v1/events/stream", Some(&id)).await.expect("open");
    late.next_id().await;
    make(&ann, json!({"name": "x"})).await;
    assert_eq!(late.next().await.expect("event").event, "freight.load.opened", "seven days hold");
    town.clock.pass(1);
    let mut late = ann.listen("/v1/events/stream", Some(&id)).await.expect("open");
    assert_eq!(late.next().await.expect("reset").event, "reset");
}

#[tokio::test]
async fn a_revoked_session_ends_its_stream_within_a_second() {
    let (town, _, caller) = town().await;
    town.door.set("token", Some(caller));
    let client = town.client().with_session("token");
    let mut hears = client.listen("/v1/events/stream", None).await.expect("open");
    hears.next_id().await;
    town.door.set("token", None);
    let since = Instant::now();
    while hears.next_raw().await.is_some() {}
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
}

#[tokio::test]
async fn the_public_board_is_gathered_and_needs_no_session() {
    let (town, ann, _) = town().await;
    let mut hears =
        town.client().listen("/v1/events/stream?topics=board:public", None).await.expect("open");
    let from = hears.next_id().await;
    let calls =
        (0..20).map(|number| make(&ann, json!({"name": number.to_string(), "on_board": true})));
    let mut made = futures::future::join_all(calls).await;
    let hidden = make(&ann, json!({"name": "hidden"})).await;
    let (mut heard, mut frames) = (Vec::new(), 0);
    while heard.len() < made.len() {
        let frame = hears.next().await.expect("event");
        assert_eq!(frame.event, "board.changed");
        frames += 1;
        let ids = frame.json()["data"]["listings"].as_array().cloned().expect("listings");
        heard.extend(ids.iter().filter_map(|id| id.as_str().map(str::to_owned)));
    }
    made.sort();
    heard.sort();
    assert_eq!(heard, made);
    assert!(frames < 20, "gathered: {frames}");
    assert!(!heard.contains(&hidden));
    // What was missed is said again, gathered.
    let mut again = town
        .client()
        .listen("/v1/events/stream?topics=board:public", Some(&from))
        .await
        .expect("open");
    let frame = again.next().await.expect("event");
    assert_eq!(frame.json()["data"]["listings"].as_array().map(Vec::len), Some(20));
    let refused = town.client().listen("/v1/events/stream?topics=orders,board:public", None).await;
    assert_eq!(refused.err().expect("refused").verdict(), (401, "unauthenticated".to_owned()));
}

#[tokio::test]
async fn the_list_pages_through_own_events_and_its_cursor_is_ones_own() {
    let (town, ann, _) = town().await;
    let (bo, _) = member(&town, &[]);
    for number in 0..5 {
        make(&ann, json!({"name": number.to_string()})).await;
        make(&bo, json!({"name": number.to_string()})).await;
    }
    let mut seen = Vec::new();
    let mut path = "/v1/events?limit=2".to_owned();
    loop {
        let page = ann.get(&path).await.ok();
        seen.extend(page["items"].as_array().cloned().expect("items"));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        assert_eq!(
            bo.get(format!("/v1/events?limit=2&cursor={cursor}")).await.verdict(),
            (400, "cursor_invalid".to_owned())
        );
        assert_eq!(
            ann.get(format!("/v1/events?topics=me&cursor={cursor}")).await.verdict(),
            (400, "cursor_invalid".to_owned())
        );
        path = format!("/v1/events?limit=2&cursor={cursor}");
    }
    assert_eq!(seen.len(), 5);
}
