//! Lines with nothing personal in them: what is found there is wrong.

#[path = "../../bench/src/detect/logs.rs"]
#[expect(dead_code, reason = "more of it is used elsewhere")]
mod logs;

use sarai_detect::{Detector, Kind, Options};

/// Every kind but what these lines do hold: times, web addresses, network addresses, places.
fn detector() -> Detector {
    Detector::new(Options::quiet().without(Kind::Ipv4).without(Kind::Ipv6).without(Kind::Mac))
}

/// Lines that have a hit, with it.
fn wrong(text: &[u8]) -> Vec<String> {
    let detector = detector();
    text.split(|byte| *byte == b'\n')
        .filter_map(|line| {
            let hits = detector.scan(line);
            let hit = hits.first()?;
            let found = String::from_utf8_lossy(hit.bytes(line)).into_owned();
            Some(format!("{} {found:?} in {}", hit.kind.code(), String::from_utf8_lossy(line)))
        })
        .collect()
}

#[test]
fn mixed_logs_without_a_person_have_no_hit_in_a_thousand_lines() {
    for seed in 1..4 {
        let text = logs::plain(4_000_000, seed);
        let lines = text.iter().filter(|byte| **byte == b'\n').count();
        let wrong = wrong(&text);
        assert!(
            wrong.len() * 1_000 <= lines,
            "{} of {lines}: {:#?}",
            wrong.len(),
            wrong.iter().take(20).collect::<Vec<_>>()
        );
    }
}

#[test]
fn other_logs_without_a_person_have_no_hit() {
    let wrong = wrong(include_bytes!("clean.txt"));
    assert!(wrong.is_empty(), "{wrong:#?}");
}
