//! The shape of every answer: problems, languages, headers, versions, who may come in.

use http::Method;
use sarai_api::codes::CODES;
use sarai_kernel::{Role, Via};
use serde_json::json;

use crate::world::{member, town};

#[tokio::test]
async fn a_problem_says_what_where_and_how_again_in_the_callers_language() {
    let (town, client, _) = town().await;
    let answer = client
        .call(Method::GET, "/v1/nothing")
        .header("accept-language", "zh-CN,en;q=0.5")
        .send()
        .await;
    let problem = answer.json();
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("content-language"), "zh-Hans");
    assert_eq!(problem["type"], format!("http://{}/problems/not_found", town.address));
    assert_eq!(
        (problem["status"].as_u64(), problem["code"].as_str(), problem["retry"].as_str()),
        (Some(404), Some("not_found"), Some("never"))
    );
    assert_eq!(problem["title"], "没有找到相应内容");
    let number = answer.header("sarai-request-id");
    assert_eq!(problem["instance"], format!("urn:sarai:request:{number}"));
    assert_eq!(problem["errors"], json!([]));
}

#[tokio::test]
async fn the_framework_itself_says_no_in_the_same_shape() {
    let (_town, client, _) = town().await;
    let wrong_method = client.call(Method::DELETE, "/v1/events").page().send().await;
    assert_eq!(wrong_method.verdict(), (405, "method_not_allowed".to_owned()));
    assert_eq!(wrong_method.header("allow"), "GET,HEAD");
    let id = client.get("/v1/things/ord_01jd0000000000000000000000").await;
    assert_eq!(id.verdict(), (400, "id_malformed".to_owned()));
    assert_eq!(
        client.get("/v1/events?limit=0").await.verdict(),
        (400, "parameter_unknown".to_owned())
    );
    assert_eq!(
        client.get("/v1/events?limit=101").await.verdict(),
        (400, "parameter_unknown".to_owned())
    );
    assert_eq!(client.get("/v1/events?limit=100").await.status, 200);
    assert_eq!(
        client.get("/v1/events?colour=red").await.verdict(),
        (400, "parameter_unknown".to_owned())
    );
    assert_eq!(
        client.get("/v1/events?limit=1&limit=2").await.verdict(),
        (400, "parameter_unknown".to_owned())
    );
    assert_eq!(
        client.get("/v1/events?cursor=abc").await.verdict(),
        (400, "cursor_invalid".to_owned())
    );
    let accept = client.call(Method::GET, "/v1/events").header("accept", "text/html").send().await;
    assert_eq!(accept.verdict(), (406, "not_acceptable".to_owned()));
}

#[tokio::test]
async fn a_panic_is_an_internal_problem_that_tells_nothing() {
    let (_town, client, _) = town().await;
    let answer = client.post("/v1/things/panics", json!({})).await;
    assert_eq!(answer.verdict(), (500, "internal".to_owned()));
    assert!(!String::from_utf8_lossy(&answer.body).contains("secret"));
    assert_eq!(client.get("/v1/events").await.status, 200, "the server goes on");
}

#[tokio::test]
async fn every_code_has_its_page_in_both_languages() {
    let (town, ..) = town().await;
    for row in CODES {
        town.clock.pass(2_000_000);
        let page = town.client().get(format!("/problems/{}", row.code)).await;
        let text = String::from_utf8_lossy(&page.body).into_owned();
        assert_eq!(page.status, 200, "{}", row.code);
        assert!(text.contains(row.title.en) && text.contains(row.title.zh), "{}", row.code);
    }
    assert_eq!(town.client().get("/problems/nonsense").await.verdict().0, 404);
}

#[tokio::test]
async fn security_headers_are_on_everything() {
    let (_town, client, _) = town().await;
    for path in [
        "/v1/events",
        "/v1/nothing",
        "/openapi.json",
        "/healthz",
        "/problems/internal",
        "/",
        "/assets/x.js",
    ] {
        let answer = client.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert!(
            answer.header("content-security-policy").starts_with("default-src 'self'"),
            "{path}"
        );
        assert!(
            answer.header("content-security-policy").contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert!(answer.header("vary").contains("Cookie"), "{path}");
        assert!(!answer.header("sarai-request-id").is_empty(), "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "no TLS here");
    }
}

#[tokio::test]
async fn a_session_and_a_key_at_once_are_ambiguous() {
    let (town, client, _) = town().await;
    let call =
        client.call(Method::GET, "/v1/events").header("authorization", "Bearer x").send().await;
    assert_eq!(call.verdict(), (400, "auth_ambiguous".to_owned()));
    assert_eq!(
        town.client().get("/v1/events").await.verdict(),
        (401, "unauthenticated".to_owned())
    );
    assert_eq!(
        town.client().with_key("nobody").get("/v1/events").await.verdict(),
        (401, "unauthenticated".to_owned())
    );
    let basic = town
        .client()
        .call(Method::GET, "/v1/events")
        .header("authorization", "Basic eDp5")
        .send()
        .await;
    assert_eq!(basic.verdict(), (401, "unauthenticated".to_owned()));
}

#[tokio::test]
async fn a_key_enters_with_its_scope_only() {
    let (town, ..) = town().await;
    let (secret, _) = town.door.key(&["kernel.events:read"], sarai_testkit::server::START);
    let program = town.client().with_key(&secret);
    assert_eq!(program.get("/v1/events").await.status, 200);
    let thing = "/v1/things/load_01jd0000000000000000000000";
    assert_eq!(program.get(thing).await.verdict(), (403, "scope_missing".to_owned()));
    assert_eq!(
        program.post("/v1/things", json!({"name": "steel"})).await.verdict(),
        (403, "scope_missing".to_owned())
    );
}

#[tokio::test]
async fn a_role_and_a_fresh_factor_are_asked_for_in_that_order() {
    let (town, client, _) = town().await;
    assert_eq!(client.get("/v1/desk").await.verdict(), (403, "role_missing".to_owned()));
    let (money, mut caller) = member(&town, &[Role::OpMoney]);
    assert_eq!(money.get("/v1/desk").await.verdict(), (403, "step_up_required".to_owned()));
    let Via::Session { factor_at, .. } = &mut caller.via else { panic!("a session") };
    *factor_at = Some(sarai_testkit::server::START);
    town.door.set("fresh", Some(caller));
    let fresh = town.client().with_session("fresh");
    town.clock.pass(sarai_kernel::caller::STEP_UP_MICROS);
    assert_eq!(fresh.get("/v1/desk").await.status, 200);
    town.clock.pass(1);
    assert_eq!(fresh.get("/v1/desk").await.verdict(), (403, "step_up_required".to_owned()));
}

#[tokio::test]
async fn a_suspended_account_reads_and_does_nothing() {
    let (town, _, mut caller) = town().await;
    caller.suspended = true;
    town.door.set("suspended", Some(caller));
    let client = town.client().with_session("suspended");
    assert_eq!(client.get("/v1/events").await.status, 200);
    assert_eq!(
        client.post("/v1/things", json!({"name": "x"})).await.verdict(),
        (403, "account_suspended".to_owned())
    );
}

#[tokio::test]
async fn versions_are_demanded_checked_and_spare_reading() {
    let (_town, client, _) = town().await;
    let thing = "/v1/things/load_01jd0000000000000000000000";
    let read = client.get(thing).await;
    assert_eq!(read.header("etag"), "\"3.owner\"");
    let again = client.call(Method::GET, thing).header("if-none-match", "\"3.owner\"").send().await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    let remove = |tag: &'static str| {
        client.call(Method::DELETE, thing).page().header("if-match", tag).send()
    };
    assert_eq!(client.delete(thing).await.verdict(), (428, "version_required".to_owned()));
    assert_eq!(remove("*").await.verdict(), (428, "version_required".to_owned()));
    let stale = remove("\"2.owner\"").await;
    assert_eq!(stale.verdict(), (412, "version_mismatch".to_owned()));
    assert_eq!(stale.json()["version"], 3);
    assert_eq!(remove("\"3.owner\"").await.status, 204);
}

#[tokio::test]
async fn an_ended_session_is_told_so_but_does_not_shut_open_doors() {
    let (town, ..) = town().await;
    town.door.set("ended", None);
    let client = town.client().with_session("ended");
    assert_eq!(client.get("/v1/events").await.verdict(), (401, "session_expired".to_owned()));
    assert_eq!(client.get("/v1/places?q=Wuhan").await.status, 200);
}

#[tokio::test]
async fn places_are_found_by_name_and_point_in_both_languages() {
    let (_town, client, _) = town().await;
    let found = client.get("/v1/places?q=%E6%AD%A6%E6%B1%89&limit=3").await.ok();
    assert_eq!(found["items"][0]["area"]["city"]["en"], "Wuhan");
    let point = json!({"point": {"lat": 30.593, "lon": 114.305}});
    let at = client.call(Method::POST, "/v1/places/at").page().json(&point).send().await.ok();
    assert_eq!(at["items"][0]["area"]["city"]["zh"], "武汉");
    let sea = json!({"point": {"lat": 0.0, "lon": -150.0}});
    let at = client.call(Method::POST, "/v1/places/at").page().json(&sea).send().await.ok();
    assert_eq!(at["items"], json!([]));
    for wrong in
        ["/v1/places", "/v1/places?q=", "/v1/places?q=x&limit=51", "/v1/places?q=x&country=cn"]
    {
        assert_eq!(
            client.get(wrong).await.verdict(),
            (400, "parameter_unknown".to_owned()),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn a_way_between_points_says_what_it_rests_on() {
    let (_town, client, _) = town().await;
    let ask = |body: serde_json::Value| {
        let client = client.clone();
        async move { client.call(Method::POST, "/v1/routes/quote").page().json(&body).send().await }
    };
    let points = json!([{"lat": 31.5, "lon": 120.3}, {"lat": 30.6, "lon": 114.3}]);
    let quote = ask(json!({"points": points, "profile": "truck"})).await.ok();
    assert_eq!(
        (quote["basis"].as_str(), quote["factor"].as_f64()),
        (Some("estimated"), Some(1.33))
    );
    assert_eq!(quote["legs"].as_array().map(Vec::len), Some(1));
    assert_eq!(quote["legs"][0]["distance_m"], quote["distance_m"]);
    let one = ask(json!({"points": [points[0]], "profile": "truck"})).await;
    assert_eq!(one.verdict(), (422, "validation_failed".to_owned()));
    let nowhere =
        ask(json!({"points": [points[0], {"lat": 91, "lon": 0}], "profile": "truck"})).await;
    assert_eq!(nowhere.json()["errors"][0]["pointer"], "/points/1");
}
