//! Bounds, each one below, at and one above.

use http::Method;
use sarai_api::{Config, spec::BODY_BYTES_MAX};
use sarai_kernel::time::SECOND;
use sarai_testkit::server::Bare;
use serde_json::json;

use crate::world::{member, routes, town};

#[tokio::test]
async fn a_body_may_be_as_large_as_the_bound_and_no_larger() {
    let (_town, client, _) = town().await;
    let send = |bytes: usize| {
        let mut text = "{\"name\":\"steel\"}".to_owned();
        text.extend(std::iter::repeat_n(' ', bytes - text.len()));
        client
            .call(Method::POST, "/v1/things")
            .page()
            .new_key()
            .raw("application/json", text)
            .send()
    };
    assert_eq!(send(BODY_BYTES_MAX - 1).await.status, 201);
    assert_eq!(send(BODY_BYTES_MAX).await.status, 201);
    assert_eq!(send(BODY_BYTES_MAX + 1).await.verdict(), (413, "body_too_large".to_owned()));
}

#[tokio::test]
async fn url_and_headers_have_bounds() {
    let (_town, client, _) = town().await;
    let path = |bytes: usize| format!("/problems/{}", "x".repeat(bytes - "/problems/".len()));
    assert_eq!(client.get(path(4 * 1024)).await.status, 404);
    assert_eq!(client.get(path(4 * 1024 + 1)).await.status, 413);
    let with = |fields: usize| {
        let mut call = client.call(Method::GET, "/healthz");
        // Host and cookie are there already.
        for _ in 2..fields {
            call = call.header("x-more", "1");
        }
        call.send()
    };
    assert_eq!(with(64).await.status, 200);
    assert_eq!(with(65).await.status, 413);
}

#[tokio::test]
async fn an_account_spends_its_units_and_gets_them_back() {
    let config = Config { units_per_minute: (20, 10), ..Config::default() };
    let town = Bare::start(routes(), config).await;
    let (client, _) = member(&town, &[]);
    let post = || client.post("/v1/things", json!({"name": "steel"}));
    for left in [15, 10, 5, 0] {
        let answer = post().await;
        assert_eq!(answer.status, 201);
        assert_eq!(answer.header("ratelimit-policy"), "\"account\";q=20;w=60");
        assert!(answer.header("ratelimit").starts_with(&format!("\"account\";r={left};")));
    }
    let refused = post().await;
    assert_eq!(refused.verdict(), (429, "rate_limited".to_owned()));
    assert_eq!(refused.header("retry-after"), "15");
    town.clock.pass(15 * SECOND);
    assert_eq!(post().await.status, 201);
}

#[tokio::test]
async fn an_address_without_a_session_has_a_smaller_budget_and_is_told_nothing_of_it() {
    let config = Config { units_per_minute: (600, 3), ..Config::default() };
    let town = Bare::start(routes(), config).await;
    for _ in 0..6 {
        let answer = town.client().get("/v1/places?q=Wuhan").await;
        assert_eq!((answer.status.as_u16(), answer.header("ratelimit")), (200, ""));
    }
    assert_eq!(town.client().get("/v1/places?q=Wuhan").await.verdict().0, 429);
    // A guessed token does not get round it.
    let guess = town.client().with_key("sarai_guess");
    assert_eq!(guess.get("/v1/events").await.verdict().0, 429);
}

#[tokio::test]
async fn streams_are_counted_by_session() {
    let (_town, client, _) = town().await;
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(client.listen("/v1/events/stream", None).await.expect("room"));
    }
    let refused = client.listen("/v1/events/stream", None).await.err().expect("no room");
    assert_eq!(refused.verdict(), (429, "too_many_streams".to_owned()));
    open.pop();
    let mut tries = 0;
    while client.listen("/v1/events/stream", None).await.is_err() {
        tries += 1;
        assert!(tries < 100, "the place is given back");
        tokio::task::yield_now().await;
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}
