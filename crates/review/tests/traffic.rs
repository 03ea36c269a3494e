//! A capture made here: what went out is found in whatever it is wrapped, told apart by host, country and consent.

#![expect(clippy::expect_used, reason = "a test that fails here says so")]

use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::prelude::*;
use sarai_review::{
    Fact, Observation,
    traffic::{Consent, Placed, TrafficOptions, TrafficReview, review_traffic},
};
use serde_json::{Value, json};

const IMEI: &str = "860461030000125";
const PHONE: &str = "13800138000";

fn request(at: &str, url: &str, body: Option<Value>) -> Value {
    json!({
        "startedDateTime": at,
        "request": {
            "method": if body.is_some() { "POST" } else { "GET" },
            "url": url,
            "headers": [{"name": "User-Agent", "value": "x"}],
            "postData": body,
        },
        "response": {"content": {"text": "\"}]}"}},
        "serverIPAddress": "203.0.113.9",
    })
}

fn body(mime: &str, text: &str) -> Option<Value> {
    Some(json!({"mimeType": mime, "text": text}))
}

fn capture(entries: &[Value]) -> String {
    json!({"log": {"version": "1.2", "entries": entries}}).to_string()
}

fn planted() -> String {
    let ids = json!({"device": {"imei": IMEI, "android_id": "9774d56d682e549c"}, "pos": {"lat": 39.9087, "lng": 116.3975}});
    let wrapped = STANDARD.encode(ids.to_string());
    capture(&[
        request(
            "2026-03-01T10:00:00+08:00",
            "https://api.rider.example.com/v1/config?channel=a",
            None,
        ),
        request(
            "2026-03-01T10:00:01+08:00",
            "https://ulogs.umeng.com/unify_logs",
            body("text/plain", &wrapped),
        ),
        request(
            "2026-03-01T10:00:05+08:00",
            "https://api.rider.example.com/v1/agree",
            body("application/json", "{}"),
        ),
        request(
            "2026-03-01T10:01:00+08:00",
            "https://api.rider.example.com/v1/login",
            body(
                "application/json",
                &json!({"phone": PHONE, "device": {"imei": IMEI}}).to_string(),
            ),
        ),
        request(
            "2026-03-01T10:02:00+08:00",
            &format!("http://t.appsflyer.com/i?phone={PHONE}&imei={IMEI}"),
            None,
        ),
        request("2026-03-01T10:02:01+08:00", "https://cdn.example.net/a.js", None),
    ])
}

fn options(consent: Consent) -> TrafficOptions {
    TrafficOptions { first_party: vec!["rider.example.com".into()], consent, places: Vec::new() }
}

fn review(options: &TrafficOptions) -> TrafficReview {
    review_traffic("rider.har", planted().as_bytes(), options).expect("a capture")
}

fn of<'o>(seen: &'o [Observation], fact: Fact, host: &str, data: &str) -> Option<&'o Observation> {
    seen.iter().find(|o| {
        o.fact == fact
            && o.details.get("host").is_some_and(|h| h == host)
            && o.data.as_deref() == Some(data)
    })
}

#[test]
fn everything_that_went_out_is_told_by_host_country_and_consent() {
    let review = review(&options(Consent::Marker("/v1/agree".into())));
    assert_eq!((review.requests, review.consent_known), (6, "marker"));
    let umeng = &review.hosts["ulogs.umeng.com"];
    assert_eq!(
        (umeng.party.as_deref(), umeng.country.as_str(), umeng.country_by),
        (Some("umeng"), "CN", "service")
    );
    let seen = review.observations("CN");
    for data in ["device.imei", "device.android_id", "location.precise"] {
        assert!(
            of(&seen, Fact::TrafficBeforeConsent, "ulogs.umeng.com", data).is_some(),
            "{data}: {seen:#?}"
        );
        assert!(of(&seen, Fact::TrafficThirdParty, "ulogs.umeng.com", data).is_some(), "{data}");
    }
    let own = of(&seen, Fact::TrafficCountryUnknown, "api.rider.example.com", "contact.mobile")
        .expect("told");
    assert!(own.sample.as_deref().is_some_and(|sample| !sample.contains("1380")), "{own:?}");
    assert!(
        of(&seen, Fact::TrafficBeforeConsent, "api.rider.example.com", "contact.mobile").is_none()
    );
    assert!(
        of(&seen, Fact::TrafficThirdParty, "api.rider.example.com", "contact.mobile").is_none()
    );
    for fact in [
        Fact::TrafficAbroad,
        Fact::TrafficCleartext,
        Fact::TrafficInAddress,
        Fact::TrafficThirdParty,
    ] {
        assert!(of(&seen, fact, "t.appsflyer.com", "contact.mobile").is_some(), "{fact:?}");
    }
    assert!(review.hosts["cdn.example.net"].data.is_empty());
    let shared: Vec<_> =
        review.shared.iter().map(|shared| (shared.data.as_str(), shared.domains.len())).collect();
    assert_eq!(shared, [("contact.mobile", 2), ("device.imei", 3)]);
    let json = serde_json::to_string(&(&review, &seen)).expect("serialises");
    for value in [IMEI, PHONE, "9774d56d", "39.90", "116.39"] {
        assert!(!json.contains(value), "{value} stands in the review");
    }
}

#[test]
fn consent_is_what_is_known_of_it() {
    let before = |consent| {
        let review = review(&options(consent));
        let count: u64 = review
            .hosts
            .values()
            .flat_map(|host| host.data.values())
            .map(|data| data.before_consent)
            .sum();
        (review.consent_known, count > 0)
    };
    assert_eq!(before(Consent::Unknown), ("unknown", false));
    assert_eq!(before(Consent::Never), ("never", true));
    assert_eq!(before(Consent::Marker("/nothing".into())), ("unknown", false));
    let at = |text: &str| Consent::At(text.parse().expect("a moment"));
    assert_eq!(before(at("2026-03-01T00:00:00Z")), ("given", false));
    assert_eq!(before(at("2026-03-01T03:00:00Z")), ("given", true));
}

#[test]
fn the_operators_table_says_where_a_host_stands() {
    let mut options = options(Consent::Unknown);
    options.places = vec![Placed::read("203.0.113.0/24", "SG").expect("a block")];
    let review = review(&options);
    assert_eq!(review.hosts["api.rider.example.com"].country, "SG");
    assert!(
        of(
            &review.observations("CN"),
            Fact::TrafficAbroad,
            "api.rider.example.com",
            "contact.mobile"
        )
        .is_some()
    );
}

#[test]
fn a_cut_capture_is_read_as_far_as_it_goes_and_says_so() {
    let text = planted();
    let review =
        review_traffic("x.har", &text.as_bytes()[..text.len() / 2], &options(Consent::Unknown))
            .expect("partly");
    assert!(review.requests >= 1 && review.unread.len() == 1, "{:?}", review.unread);
    assert!(review_traffic("x.har", b"not json".as_slice(), &options(Consent::Unknown)).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn broken_captures_never_end_a_review(changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..10)) {
        let mut bytes = planted().into_bytes();
        for (at, value) in changes {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        let _ = review_traffic("x.har", bytes.as_slice(), &options(Consent::Never)).map(|review| review.observations("CN"));
    }

    #[test]
    fn any_address_and_body_are_taken(url in ".{0,80}", text in ".{0,200}", mime in "[a-z/;=-]{0,30}") {
        let har = capture(&[request("x", &format!("https://h.example.com/{url}"), body(&mime, &text))]);
        prop_assert_eq!(review_traffic("x.har", har.as_bytes(), &options(Consent::Never)).expect("a capture").requests, 1);
    }
}
