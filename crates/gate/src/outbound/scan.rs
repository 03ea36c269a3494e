//! What is in the untyped parts of a payload, and the same parts with it covered.

use std::{collections::BTreeMap, sync::LazyLock};

use sarai_detect::{Class, Detector, Options, Redaction, Rule, redact};

/// What a scan found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Kind and how often. Never the values.
    pub kinds: BTreeMap<String, u64>,
    /// Something sensitive or a credential is among it.
    pub sensitive: bool,
    /// The parts with it covered, in their order.
    pub covered: Vec<Vec<u8>>,
}

/// Dates, web addresses and bare places are in every message and of nobody.
static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::new(Options::quiet()));

/// Scans the parts.
pub fn scan(parts: &[&[u8]]) -> Found {
    let mut found = Found::default();
    let redaction = Redaction::all(Rule::Mask { last: 0 });
    for part in parts {
        let hits = DETECTOR.scan(part);
        for hit in &hits {
            *found.kinds.entry(hit.kind.code().to_owned()).or_default() += 1;
            found.sensitive |= hit.kind.category().class() >= Class::Sensitive;
        }
        found.covered.push(match hits.is_empty() {
            true => part.to_vec(),
            false => redact::replace(&redaction, part, &hits),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use sarai_kernel::{EventId, LoadId, OrderId, Timestamp};

    use super::*;

    #[test]
    fn what_is_of_a_person_is_found_and_covered() {
        let text = "Call Li Wei, 13800138000, or write to li.wei@example.org".as_bytes();
        let found = scan(&[text, b"nothing here"]);
        assert!(found.kinds.len() >= 2, "{:?}", found.kinds);
        let covered = String::from_utf8_lossy(&found.covered[0]).into_owned();
        assert!(!covered.contains("13800138000") && !covered.contains("li.wei@example.org"));
        assert_eq!(found.covered[1], b"nothing here");
    }

    /// Messages to endpoints are ids, states and moments: a scan that took those for data of persons would garble them.
    #[test]
    fn thin_events_are_left_alone() {
        let mut hit = Vec::new();
        for number in 0..5_000_i64 {
            let at = Timestamp::from_micros(1_795_395_600_000_000 + number * 61_000_003);
            let body = format!(
                r#"{{"id":"{}","type":"freight.order.booked","at":"{at}","subject":{{"kind":"order","id":"{}","version":{},"seq":5}},"data":{{"state":"booked","load":"{}"}},"api":"v1"}}"#,
                EventId::new(at),
                OrderId::new(at),
                number % 40,
                LoadId::new(at),
            );
            let found = scan(&[body.as_bytes()]);
            if !found.kinds.is_empty() {
                hit.push((found.kinds, body));
            }
        }
        assert!(hit.is_empty(), "{} of 5000, first {:?}", hit.len(), hit.first());
    }
}
