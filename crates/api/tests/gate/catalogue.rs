//! The app catalogue over HTTP: public, cacheable; what an order takes off leaves the index and answers 451 until it is lifted.

use sarai_gate::directive::Effect;
use sarai_testkit::{
    Backend,
    server::{APP, APP_BYTES, Client, Town},
};
use serde_json::json;

use crate::authority::Authority;

async fn cached(client: &Client, path: &str) -> String {
    let answer = client.call(http::Method::GET, path).send().await;
    assert_eq!(answer.status.as_u16(), 200, "{path}");
    answer.header("cache-control").to_owned()
}

async fn packages(client: &Client) -> usize {
    let index = client.get("/catalogue/repo/index-v2.json").await.ok();
    index["packages"].as_array().map_or(0, Vec::len)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delisted_app_leaves_the_index_and_answers_451_until_the_order_is_lifted() {
    let town = Town::new(Backend::Sqlite).await;
    let mut authority = Authority::in_town(&town).await;
    let anybody = town.client();
    let file = format!("/catalogue/repo/{APP}_7.apk");
    for path in
        ["/catalogue/apps", "/catalogue/repo/index-v2.json", "/catalogue/repo/entry.jar", &file]
    {
        assert_eq!(cached(&anybody, path).await, "public, max-age=300", "{path}");
    }
    assert_eq!(packages(&anybody).await, 1);
    let order = authority.orders(&town, Effect::DelistApp, json!({ "packages": [APP] })).await;
    assert_eq!(packages(&anybody).await, 0);
    assert_eq!(cached(&anybody, "/catalogue/repo/entry.json").await, "no-cache");
    let refused = anybody.get(&file).await;
    assert_eq!(refused.verdict(), (451, "blocked_by_directive".to_owned()));
    assert!(refused.header("link").contains("rel=\"blocked-by\""));
    // People still see that it is there, why it cannot be had, and what it takes.
    let apps = anybody.get("/catalogue/apps").await.ok();
    assert_eq!(apps["apps"][0]["package"], APP);
    assert_eq!(apps["apps"][0]["delisted"]["effect"], "delist_app");
    assert_eq!(anybody.get(&format!("/catalogue/labels/{APP}")).await.ok()["package"], APP);
    // And the service goes on for everybody else: who has the app keeps it.
    assert_eq!(anybody.get("/v1/freight/board/public").await.status.as_u16(), 200);
    authority.lifts(&town, &order).await;
    assert_eq!(packages(&anybody).await, 1);
    let answer = anybody.call(http::Method::GET, &file).send().await;
    assert_eq!(answer.body.as_ref(), APP_BYTES);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_on_the_shelf_is_not_found() {
    let town = Town::new(Backend::Sqlite).await;
    let anybody = town.client();
    for path in [
        "/catalogue/repo/other_1.apk",
        "/catalogue/labels/other",
        "/catalogue/repo/..%2f..%2fmaster.key",
        "/catalogue/x.apk",
    ] {
        assert_eq!(anybody.get(path).await.status.as_u16(), 404, "{path}");
    }
}
