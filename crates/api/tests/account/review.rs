//! A review as a procedure, over the wire: a reviewer carries the case on, the party hands in and replies, nobody else sees it.

use serde_json::{Value, json};

use crate::town::{Person, Town};

/// Does one deed, with a fresh factor and the version that was seen.
async fn deed(town: &Town, who: &Person, path: &str, deed: Value) -> (u16, String) {
    town.step_up(who).await;
    let etag = who.client.get(path).await.header("etag").to_owned();
    who.client.act(format!("{path}/deeds"), deed, &etag).await.verdict()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reviewer_carries_a_case_from_notice_to_publication_and_the_party_replies() {
    let town = Town::start().await;
    let admin = town.admin().await;
    let reviewer = town.staff(&admin, "13900000002", &["rev"]).await;
    let officer = town.staff(&admin, "13900000003", &["po"]).await;
    let stranger = town.enter("13800138001").await;
    let open = json!({
        "number": "2026-017", "about": "The platform", "ex_officio": true,
        "authority": { "en": "Review Office", "zh": "审查办公室" },
    });
    assert_eq!(
        stranger.client.post("/v1/review/cases", open.clone()).await.verdict(),
        (403, "role_missing".to_owned())
    );
    town.step_up(&reviewer).await;
    let case = reviewer.client.post("/v1/review/cases", open.clone()).await.ok();
    let path = format!("/v1/review/cases/{}", case["id"].as_str().expect("id"));
    assert_eq!(stranger.client.get(&path).await.verdict(), (403, "role_missing".to_owned()));
    let twice = reviewer.client.post("/v1/review/cases", open).await.verdict();
    assert_eq!(twice, (409, "already_taken".to_owned()), "a number is one case's");

    let fine = |(status, code): (u16, String)| assert_eq!(status, 200, "{code}");
    let early = json!({ "deed": "publish", "en": "Done", "zh": "完成" });
    let early = deed(&town, &reviewer, &path, early).await;
    assert_eq!(early, (409, "transition_refused".to_owned()));
    fine(deed(&town, &reviewer, &path, json!({ "deed": "notice" })).await);
    let ask = json!({ "deed": "ask", "words": "Who can open a track?", "stops_clock": true });
    fine(deed(&town, &reviewer, &path, ask.clone()).await);
    let theirs = deed(&town, &officer, &path, ask).await;
    assert_eq!(theirs, (403, "not_allowed".to_owned()), "the party does not ask");

    let seen = officer.client.get(&path).await.ok();
    assert_eq!(seen["allowed_now"], json!(["hand_in", "reply"]));
    assert_eq!(seen["card"]["clocks"][0]["state"], "stopped");
    let reply = json!({ "deed": "reply", "question": 1, "words": "The two sides of the run." });
    assert_eq!(deed(&town, &reviewer, &path, reply.clone()).await.0, 403);
    fine(deed(&town, &officer, &path, reply).await);
    let decide =
        json!({ "deed": "decide", "outcome": "passed", "words": "Nothing stands against it." });
    fine(deed(&town, &reviewer, &path, decide).await);
    let publish = json!({ "deed": "publish", "en": "Passed.", "zh": "通过。" });
    fine(deed(&town, &reviewer, &path, publish).await);

    let over = officer.client.get(&path).await.ok();
    assert_eq!((&over["card"]["phase"], &over["allowed_now"]), (&json!("over"), &json!([])));
    let deeds: Vec<_> =
        over["timeline"].as_array().expect("lines").iter().map(|l| &l["deed"]["deed"]).collect();
    assert_eq!(deeds, ["open", "notice", "ask", "reply", "decide", "publish"]);
    let list = officer.client.get("/v1/review/cases").await.ok();
    assert_eq!(list["items"][0]["number"], "2026-017");
    let wrong = json!({ "deed": "notice", "extra": 1 });
    assert_eq!(deed(&town, &reviewer, &path, wrong).await.0, 400, "unknown fields are refused");
    let examples = officer.client.get("/v1/review/examples").await.ok();
    assert_eq!(examples["items"][0]["registration_days"], 563);
}
