//! A foreign page cannot make a browser act: the whole product of what browsers say.

use http::Method;
use serde_json::json;

use crate::world::town;

#[tokio::test]
async fn cookie_commands_come_from_our_own_pages_only() {
    let (town, client, _) = town().await;
    let ours = format!("http://{}", town.address);
    let near = format!("{ours}0");
    let sites = [
        None,
        Some("same-origin"),
        Some("same-site"),
        Some("cross-site"),
        Some("none"),
        Some("SAME-ORIGIN"),
        Some(""),
    ];
    let origins = [
        None,
        Some(ours.as_str()),
        Some("http://evil.example"),
        Some("null"),
        Some(near.as_str()),
        Some(""),
    ];
    for (cookie, path) in [(true, "/v1/things"), (false, "/v1/things")] {
        for site in sites {
            for origin in origins {
                let client = if cookie { client.clone() } else { town.client() };
                let mut call =
                    client.call(Method::POST, path).new_key().json(&json!({"name": "steel"}));
                if let Some(site) = site {
                    call = call.header("sec-fetch-site", site);
                }
                if let Some(origin) = origin {
                    call = call.header("origin", origin);
                }
                let fine = match (site, origin) {
                    (Some("same-origin"), None) => true,
                    (None | Some("same-origin"), Some(from)) => from == ours,
                    (None, None) => !cookie,
                    _ => false,
                };
                let answer = call.send().await;
                let wanted = match (fine, cookie) {
                    (true, true) => (201, ""),
                    (true, false) => (401, "unauthenticated"),
                    (false, _) => (403, "csrf_refused"),
                };
                assert_eq!(
                    answer.verdict(),
                    (wanted.0, wanted.1.to_owned()),
                    "{cookie} {site:?} {origin:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_form_cannot_be_posted() {
    let (_town, client, _) = town().await;
    for media in
        ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", ""]
    {
        let call =
            client.call(Method::POST, "/v1/things").page().new_key().header("content-type", media);
        let answer = call.raw(media, "{\"name\":\"steel\"}").send().await;
        assert_eq!(answer.verdict(), (415, "media_type_refused".to_owned()), "{media}");
    }
}

#[tokio::test]
async fn no_header_lets_other_origins_read() {
    let (_town, client, _) = town().await;
    let call = client.call(Method::GET, "/v1/events").header("origin", "http://evil.example");
    let answer = call.send().await;
    assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control")));
    let preflight =
        client.call(Method::OPTIONS, "/v1/things").header("origin", "http://evil.example");
    let answer = preflight.header("access-control-request-method", "POST").send().await;
    assert_eq!(answer.status, 405);
    assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control")));
}
