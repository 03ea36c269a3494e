use serde_json::json;

use crate::town::Town;

const ANN: &str = "13800138001";

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_signs_in_takes_a_role_and_changes_the_name() {
    let town = Town::start().await;
    let ann = town.enter(ANN).await;
    let me = ann.client.get("/v1/me").await;
    let etag = me.header("etag").to_owned();
    let me = me.ok();
    assert_eq!(me["phone"], "+8613800138001");
    assert_eq!(me["name"], serde_json::Value::Null);
    assert!(me["display_name"].as_str().is_some_and(|name| name.starts_with("Member ")));
    assert_eq!(me["verification"]["person"], "none");
    ann.client.post("/v1/me/roles", json!({ "role": "trucker" })).await.ok();
    let stale = ann.client.patch("/v1/me", json!({ "name": "Ann" }), &etag).await;
    assert_eq!(stale.verdict(), (412, "version_mismatch".to_owned()));
    let me = ann.client.get("/v1/me").await;
    let etag = me.header("etag").to_owned();
    assert_eq!(me.ok()["missing"].as_array().map(Vec::len), Some(3));
    let patch = json!({ "display_name": "Ann's Trucks", "language": "en" });
    let me = ann.client.patch("/v1/me", patch, &etag).await.ok();
    assert_eq!((&me["display_name"], &me["language"]), (&json!("Ann's Trucks"), &json!("en")));
    let sessions = ann.client.get("/v1/auth/sessions").await.ok();
    assert_eq!(sessions["items"][0]["current"], true);
    let factors = ann.client.get("/v1/auth/factors").await.ok();
    assert_eq!(factors["items"][0]["label"], "138••••8001");
    assert_eq!(ann.client.delete("/v1/auth/sessions/current").await.status, 204);
    assert_eq!(ann.client.get("/v1/me").await.verdict().0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_go_from_hand_in_to_approval_and_open_only_to_the_claimer() {
    let town = Town::start().await;
    let admin = town.admin().await;
    let checker = town.staff(&admin, "13900000002", &["op.verify"]).await;
    let other = town.staff(&admin, "13900000003", &["op.verify"]).await;
    let ann = town.enter(ANN).await;
    let fields = json!({ "name": "安娜", "id_number": "370102199001011234" });
    let papers = json!({ "kind": "person", "fields": fields, "files": [] });
    let case = ann.client.post("/v1/verifications", papers.clone()).await.ok();
    assert_eq!((&case["state"], &case["summary"]), (&json!("waiting"), &json!("370••••1234")));
    let twice = ann.client.post("/v1/verifications", papers).await;
    assert_eq!(twice.verdict(), (409, "transition_refused".to_owned()));
    let id = case["id"].as_str().expect("an id");
    let path = format!("/v1/ops/verifications/{id}");
    assert_eq!(ann.client.get(&path).await.status, 403);
    town.step_up(&checker).await;
    let queue = checker.client.get("/v1/ops/verifications").await.ok();
    assert_eq!(queue["items"][0]["id"], case["id"]);
    assert_eq!(checker.client.get(&path).await.status, 403, "not claimed yet");
    let claimed =
        checker.client.act(format!("{path}/actions/claim"), json!({}), "\"1.ref\"").await.ok();
    assert_eq!(claimed["state"], "claimed");
    let detail = checker.client.get(&path).await.ok();
    assert_eq!(detail["fields"][0]["value"], "安娜");
    assert_eq!(detail["purpose"]["code"], "verify");
    town.step_up(&other).await;
    assert_eq!(other.client.get(&path).await.status, 403);
    let taken = other.client.act(format!("{path}/actions/claim"), json!({}), "\"2.ref\"").await;
    assert_eq!(taken.verdict(), (409, "already_taken".to_owned()));
    let done =
        checker.client.act(format!("{path}/actions/approve"), json!({}), "\"2.ref\"").await.ok();
    assert_eq!(done["state"], "approved");
    let me = ann.client.get("/v1/me").await.ok();
    assert_eq!((&me["verification"]["person"], &me["name"]), (&json!("verified"), &json!("安娜")));
    assert_eq!(checker.client.get(&path).await.status, 403, "closed again after the decision");
}

#[tokio::test(flavor = "multi_thread")]
async fn money_comes_in_and_goes_out_only_past_a_second_person() {
    let town = Town::start().await;
    let admin = town.admin().await;
    let desk = town.staff(&admin, "13900000002", &["op.money"]).await;
    let second = town.staff(&admin, "13900000003", &["op.money"]).await;
    let ann = town.enter(ANN).await;
    let me = ann.client.get("/v1/me").await.ok();
    let amount = json!({ "amount_minor": 50_000, "currency": "CNY" });
    town.step_up(&desk).await;
    let asked = json!({ "party": me["id"], "amount": amount, "reason": "bank slip 7" });
    let asked = desk.client.post("/v1/ops/money/topups", asked).await.ok();
    let path =
        format!("/v1/ops/money/approvals/{}/actions/approve", asked["id"].as_str().expect("id"));
    let why = json!({ "reason": "seen" });
    let own = desk.client.act(&path, why.clone(), "\"1.ref\"").await;
    assert_eq!(own.verdict(), (403, "four_eyes_required".to_owned()));
    town.step_up(&second).await;
    second.client.act(&path, why.clone(), "\"1.ref\"").await.ok();
    let wallet = ann.client.get("/v1/wallet").await.ok();
    assert_eq!(wallet["available"]["amount_minor"], 50_000);

    town.step_up(&ann).await;
    let account = json!({ "holder": "Ann", "number": "6222021234567890", "bank": "ICBC" });
    let weak = ann.client.post("/v1/wallet/payout-accounts", account.clone()).await;
    assert_eq!(
        weak.verdict(),
        (403, "step_up_required".to_owned()),
        "a code by message is not enough"
    );
    let told = weak.json();
    assert_eq!((&told["factor"], &told["enrolled"]), (&json!("authenticator"), &json!(false)));
    let mut ann = ann;
    town.add_authenticator(&mut ann).await;
    let account = ann.client.post("/v1/wallet/payout-accounts", account).await.ok();
    assert_eq!(account["number"], "••••7890");
    let out = json!({ "amount": amount, "account": account["id"] });
    let early = ann.client.post("/v1/wallet/payouts", out.clone()).await;
    assert_eq!(early.verdict(), (409, "payout_refused".to_owned()));
    town.pass(sarai_kernel::time::DAY);
    let stale = ann.client.post("/v1/wallet/payouts", out.clone()).await;
    assert_eq!(stale.verdict(), (403, "step_up_required".to_owned()));
    town.step_up(&ann).await;
    let paid = ann.client.post("/v1/wallet/payouts", out.clone()).await.ok();
    assert_eq!(paid["state"], "awaiting_approval");
    let again = ann.client.post("/v1/wallet/payouts", out).await;
    assert_eq!(again.verdict(), (409, "funds_insufficient".to_owned()));
    let wallet = ann.client.get("/v1/wallet").await.ok();
    assert_eq!(wallet["available"]["amount_minor"], 0);
    assert_eq!(wallet["held"]["amount_minor"], 50_000);
    assert_eq!(desk.client.get("/v1/me").await.status, 401, "staff sessions end within the day");
    let desk = town.return_of(&desk).await;
    let waiting = desk.client.get("/v1/ops/money/approvals?state=waiting").await.ok();
    let id = waiting["items"][0]["id"].as_str().expect("an approval").to_owned();
    let refuse = format!("/v1/ops/money/approvals/{id}/actions/refuse");
    desk.client.act(&refuse, why, "\"1.ref\"").await.ok();
    let wallet = ann.client.get("/v1/wallet").await.ok();
    assert_eq!(wallet["available"]["amount_minor"], 50_000);
    let lines = ann.client.get("/v1/wallet/postings").await.ok();
    let causes: Vec<_> = lines["items"].as_array().expect("lines").iter().collect();
    let causes: Vec<_> =
        causes.iter().map(|line| line["cause"].as_str().expect("a cause")).collect();
    assert_eq!(causes, ["payout_returned", "payout", "topup"]);
    let sums = desk.client.get("/v1/ops/money/reconciliation").await.ok();
    assert_eq!(sums["balanced"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_up_renews_the_token_and_the_old_one_shows_no_factor_and_dies() {
    let town = Town::start().await;
    let ann = town.enter(ANN).await;
    let before = ann.client.session().expect("a session");
    town.step_up(&ann).await;
    let after = ann.client.session().expect("a session");
    assert_ne!(before, after);
    let copy = json!({ "format": "json" });
    let thief = town.0.client().with_session(&before);
    assert_eq!(thief.get("/v1/me").await.status, 200, "what was under way still ends well");
    let refused = thief.post("/v1/me/exports", copy.clone()).await;
    assert_eq!(refused.verdict(), (403, "step_up_required".to_owned()));
    ann.client.post("/v1/me/exports", copy).await.ok();
    town.pass(10 * sarai_kernel::time::SECOND);
    assert_eq!(thief.get("/v1/me").await.verdict(), (401, "unauthenticated".to_owned()));
    assert_eq!(ann.client.get("/v1/me").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_asked_for_by_message_alone_waits_a_day_and_is_told_everywhere() {
    let town = Town::start().await;
    let ann = town.enter(ANN).await;
    town.step_up(&ann).await;
    let copy = ann.client.post("/v1/me/exports", json!({ "format": "json" })).await.ok();
    assert_eq!(copy["state"], "preparing");
    let path = format!("/v1/me/exports/{}/content", copy["id"].as_str().expect("id"));
    let early = ann.client.get(&path).await;
    assert_eq!(early.verdict(), (409, "transition_refused".to_owned()));
    assert!(town.told(&ann).await.iter().any(|body| body.contains("copy of your data")));
    town.pass(sarai_kernel::time::DAY);
    town.step_up(&ann).await;
    assert_eq!(ann.client.get(&path).await.status, 200);
    // With an authenticator it is there at once.
    let mut bo = town.enter("13800138002").await;
    town.enrol(&mut bo).await;
    let copy = bo.client.post("/v1/me/exports", json!({ "format": "json" })).await.ok();
    assert_eq!(copy["state"], "ready");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_was_never_seen_is_told_and_one_that_was_is_not() {
    let town = Town::start().await;
    let ann = town.enter(ANN).await;
    assert_eq!(town.told(&ann).await.len(), 0, "a new account is no news");
    ann.client.delete("/v1/auth/sessions/current").await;
    town.sign_in(&ann).await;
    assert_eq!(town.told(&ann).await.len(), 0, "the same browser");
    let elsewhere = town.enter(ANN).await;
    let told = town.told(&elsewhere).await;
    assert!(told.len() == 1 && told[0].contains("new device"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_number_needs_the_old_the_new_and_the_authenticator_and_is_told_to_the_old() {
    let town = Town::start().await;
    let mut ann = town.enter(ANN).await;
    let bo = town.enter("13800138002").await;
    let other = town.enter(ANN).await;
    const NEW: &str = "13800138009";
    let change = async |person: &crate::town::Person, held: &str, new: &str| {
        let (held_at, held) = town.code(&person.client, held).await;
        let (new_at, new) = town.code(&person.client, new).await;
        let body = json!({
            "held": { "challenge": held_at, "code": held }, "new": { "challenge": new_at, "code": new },
        });
        person.client.post("/v1/me/contact", body).await
    };
    town.step_up(&ann).await;
    let weak = change(&ann, ANN, NEW).await;
    assert_eq!(weak.verdict(), (403, "step_up_required".to_owned()));
    town.pass(sarai_kernel::time::HOUR);
    town.step_up(&ann).await;
    town.enrol(&mut ann).await;
    let young = change(&ann, ANN, NEW).await;
    assert_eq!(young.verdict(), (409, "payout_refused".to_owned()), "the authenticator is too new");
    town.pass(sarai_kernel::time::DAY);
    town.step_up(&ann).await;
    let taken = change(&ann, ANN, &bo.number).await;
    assert_eq!(taken.verdict(), (422, "validation_failed".to_owned()));
    let foreign = change(&ann, &bo.number, NEW).await;
    assert_eq!(foreign.verdict(), (401, "challenge_spent".to_owned()));
    town.pass(sarai_kernel::time::HOUR);
    town.step_up(&ann).await;
    change(&ann, ANN, NEW).await.ok();
    assert_eq!(ann.client.get("/v1/me").await.ok()["phone"], "+8613800138009");
    assert_eq!(other.client.get("/v1/me").await.status, 401, "every other session has ended");
    assert!(
        town.told(&ann).await.iter().any(|body| body.contains("number or address was changed"))
    );
    // Money waits a day after it.
    let account = json!({ "holder": "Ann", "number": "6222021234567890", "bank": "ICBC" });
    town.step_up(&ann).await;
    let account = ann.client.post("/v1/wallet/payout-accounts", account).await.ok();
    let amount = json!({ "amount_minor": 500, "currency": "CNY" });
    let out = json!({ "amount": amount, "account": account["id"] });
    let early = ann.client.post("/v1/wallet/payouts", out).await;
    assert_eq!(early.verdict(), (409, "payout_refused".to_owned()));
    // The old number is free: whoever gets it is a new person.
    assert_ne!(
        town.enter(ANN).await.client.get("/v1/me").await.ok()["id"],
        ann.client.get("/v1/me").await.ok()["id"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_kept_without_metadata_and_read_by_its_owner_only() {
    use sha2::{Digest, Sha256};
    let town = Town::start().await;
    let ann = town.enter(ANN).await;
    let pdf = b"%PDF-1.7 a paper".to_vec();
    let sum: String = Sha256::digest(&pdf).iter().map(|byte| format!("{byte:02x}")).collect();
    let new = json!({
        "purpose": "paper", "media_type": "application/pdf", "bytes": pdf.len(), "sha256": sum,
    });
    let file = ann.client.post("/v1/files", new).await.ok();
    let path = format!("/v1/files/{}/content", file["id"].as_str().expect("an id"));
    let put = ann.client.call(http::Method::PUT, &path).page().raw("application/pdf", pdf.clone());
    assert_eq!(put.send().await.ok()["state"], "ready");
    let read = ann.client.get(&path).await;
    assert_eq!(read.header("content-disposition"), "attachment");
    assert_eq!(read.header("x-content-type-options"), "nosniff");
    assert_eq!(read.body.to_vec(), pdf);
    let bo = town.enter("13800138002").await;
    assert_eq!(bo.client.get(&path).await.verdict(), (404, "not_found".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_what_is_held_and_who_opened_it_and_takes_a_copy() {
    let town = Town::start().await;
    let ann = town.enter(ANN).await;
    let held = ann.client.get("/v1/me/data").await.ok();
    let groups = held["groups"].as_array().expect("groups");
    let contact = groups.iter().find(|group| group["code"] == "contact").expect("contact");
    let phone = contact["items"].as_array().expect("items");
    let phone = phone.iter().find(|item| item["field"] == "party.phone").expect("the number");
    assert_eq!(phone["value"], "138••••8001");
    assert_eq!(phone["basis"]["code"], "PIPL 13(2)");
    assert!(!held.to_string().contains("13800138001"), "values are covered");
    let log = ann.client.get("/v1/me/access-log").await.ok();
    let kinds: Vec<_> = log["items"].as_array().expect("rows").iter().collect();
    assert!(kinds.iter().any(|row| row["who_kind"] == "self"));
    assert!(kinds.iter().any(|row| row["who_kind"] == "engine"), "the notice was sent");
    let early = ann.client.post("/v1/me/exports", json!({ "format": "json" })).await;
    assert_eq!(early.verdict(), (403, "step_up_required".to_owned()));
    town.step_up(&ann).await;
    let copy = ann.client.post("/v1/me/exports", json!({ "format": "json" })).await.ok();
    let path = format!("/v1/me/exports/{}/content", copy["id"].as_str().expect("id"));
    town.pass(sarai_kernel::time::DAY);
    town.step_up(&ann).await;
    let copy = ann.client.get(&path).await;
    assert!(copy.json().to_string().contains("+8613800138001"), "the copy is in clear");
    let bo = town.enter("13800138002").await;
    town.step_up(&bo).await;
    assert_eq!(bo.client.get(&path).await.verdict(), (404, "not_found".to_owned()));
    let wish = json!({ "field": "party.name", "value": "Anna" });
    let wish = ann.client.post("/v1/me/corrections", wish).await.ok();
    assert_eq!(wish["state"], "waiting");
    let strange = json!({ "field": "party.shoe_size", "value": "44" });
    assert_eq!(ann.client.post("/v1/me/corrections", strange).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_is_given_and_withdrawn() {
    let town = Town::start().await;
    let ann = town.enter(ANN).await;
    let all = ann.client.get("/v1/me/consents").await.ok();
    let offer = &all["offers"][0];
    let give = json!({ "purpose": offer["purpose"]["code"], "version": offer["version"] });
    let given = ann.client.post("/v1/me/consents", give).await.ok();
    let all = ann.client.get("/v1/me/consents").await.ok();
    assert_eq!((all["items"].as_array().map(Vec::len), &all["offers"]), (Some(1), &json!([])));
    let path = format!("/v1/me/consents/{}", given["id"].as_str().expect("id"));
    assert_eq!(ann.client.delete(&path).await.status, 204);
    let all = ann.client.get("/v1/me/consents").await.ok();
    assert_ne!(all["items"][0]["withdrawn_at"], serde_json::Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_ends_after_a_week_and_nothing_personal_is_left() {
    let town = Town::start().await;
    let ann = town.enter(ANN).await;
    let me = ann.client.get("/v1/me").await.ok();
    let money = json!({ "amount": { "amount_minor": 500, "currency": "CNY" }, "method": "demo" });
    let bo = town.enter("13800138002").await;
    bo.client.post("/v1/wallet/topups", money).await.ok();
    town.step_up(&bo).await;
    let refused = bo.client.post("/v1/me/erasure", json!({ "confirm": true })).await;
    assert_eq!(refused.verdict(), (409, "transition_refused".to_owned()));
    let plan = ann.client.get("/v1/me/erasure").await.ok();
    assert_eq!((&plan["state"], &plan["blocked_by"]), (&json!("none"), &json!([])));
    town.step_up(&ann).await;
    let plan = ann.client.post("/v1/me/erasure", json!({ "confirm": true })).await.ok();
    assert_eq!(plan["state"], "planned");
    assert!(plan["erased"].as_array().is_some_and(|rows| !rows.is_empty()));
    assert_eq!(ann.client.delete("/v1/me/erasure").await.status, 204);
    town.step_up(&ann).await;
    ann.client.post("/v1/me/erasure", json!({ "confirm": true })).await.ok();
    let account = town.0.app.account.clone();
    let now = town.pass(6 * sarai_kernel::time::DAY);
    account.run_due(now).await.expect("runs");
    assert_eq!(ann.client.get("/v1/me").await.status, 200, "not before the week is over");
    let now = town.pass(2 * sarai_kernel::time::DAY);
    account.run_due(now).await.expect("runs");
    assert_eq!(ann.client.get("/v1/me").await.status, 401);
    let id: sarai_kernel::PartyId = me["id"].as_str().expect("id").parse().expect("an id");
    assert!(town.0.app.store.is_erased(id.subject()).await.expect("store"));
    for document in town.0.app.store.about(id.subject()).await.expect("store") {
        for part in document.parts.sealed {
            assert!(matches!(part.content, sarai_seal::Content::Erased), "{}", part.field);
        }
    }
    let again = town.enter(ANN).await;
    assert_ne!(again.client.get("/v1/me").await.ok()["id"], me["id"], "a new person");
}
