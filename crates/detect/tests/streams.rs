//! A text in pieces gives what the whole gives; no bytes bring a scan down; what was found is gone from a masked copy.

#[path = "../../bench/src/detect/logs.rs"]
#[expect(dead_code, reason = "more of it is used elsewhere")]
mod logs;

use proptest::prelude::*;
use sarai_detect::{Confidence, Detector, Hit, Options, Redaction, Rule, Stream, redact};

/// Pieces of text with something in them, and pieces without.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("手机13812345678".to_owned()),
        Just("身份证号：11010519491231002X，".to_owned()),
        Just("１３８１２３４５６７８".to_owned()),
        Just("a,13800138000,b\n".to_owned()),
        Just("收货地址：浙江省杭州市西湖区文三路138号".to_owned()),
        Just("姓名：王小明 ".to_owned()),
        Just("Dear Mr. John Smith, ".to_owned()),
        Just("lives at 12 Baker Street, London\n".to_owned()),
        Just(" zoe.young@mail.example.org ".to_owned()),
        Just("password=Tr0ub4dor&3\n".to_owned()),
        Just("\"token\":\"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlMTIz\"".to_owned()),
        Just("4111 1111 1111 1111 ".to_owned()),
        Just("浙A12345 粤BABCD挂".to_owned()),
        Just("192.168.1.17:8080 - - [12/Mar/2026:09:12:33 +0800]".to_owned()),
        Just("30.259924,120.130742 ".to_owned()),
        Just("born 1990-03-07 12:00:01.5 ".to_owned()),
        Just("DE89 3704 0044 0532 0130 00 ".to_owned()),
        Just("call +1 (212) 555-0147 x12".to_owned()),
        "[ -~]{0,40}",
        "[0-9 .:/()+,-]{0,40}",
        "[一-龥王李张号市路：，]{0,12}",
        "\\PC{0,12}",
        Just("\n".to_owned()),
    ]
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => proptest::collection::vec(piece(), 0..40).prop_map(|pieces| pieces.concat().into_bytes()),
        1 => proptest::collection::vec(any::<u8>(), 0..600),
        1 => (proptest::collection::vec(piece(), 1..12), proptest::collection::vec(any::<u8>(), 0..9))
            .prop_map(|(pieces, odd)| {
                let odd = odd.as_slice();
                pieces.iter().flat_map(|piece| [piece.as_bytes(), odd].concat()).collect()
            }),
    ]
}

fn streamed(detector: &Detector, text: &[u8], cuts: &[usize]) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut stream = Stream::new(detector);
    let (mut from, mut turn) = (0, 0);
    while from < text.len() {
        let length = cuts[turn % cuts.len()].clamp(1, text.len() - from);
        stream.push(&text[from..from + length], |hit| hits.push(hit));
        from += length;
        turn += 1;
    }
    stream.finish(|hit| hits.push(hit));
    hits
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_are_read_to_the_end(text in text()) {
        for least in [Confidence::Possible, Confidence::Likely] {
            let detector = Detector::new(Options::default().at_least(least));
            let hits = detector.scan(&text);
            prop_assert!(hits.is_sorted_by(|a, b| a.end <= b.start));
            prop_assert!(hits.iter().all(|hit| hit.start < hit.end && hit.end <= text.len()));
            prop_assert_eq!(detector.finds_any(&text), !hits.is_empty());
        }
    }

    #[test]
    fn a_masked_copy_holds_nothing_that_is_found(text in text()) {
        let detector = Detector::new(Options::default());
        let redaction = Redaction::all(Rule::Drop);
        let (out, _) = redact(&detector, &redaction, &text);
        let left = detector.scan(&out);
        prop_assert!(
            left.is_empty(),
            "{left:?} in {:?} of {:?}",
            String::from_utf8_lossy(&out),
            String::from_utf8_lossy(&text)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Long enough for several segments, so that every sort of cut is met.
    #[test]
    fn pieces_give_what_the_whole_gives(
        seed in 1_u64..1_000,
        parts in proptest::collection::vec(text(), 1..6),
        lines in any::<bool>(),
        cuts in proptest::collection::vec(prop_oneof![1_usize..200, 1_000_usize..90_000], 1..5),
    ) {
        let mut text = parts.concat();
        text.extend(logs::mixed(150_000, seed));
        text.extend(parts.concat());
        if !lines {
            // Without line ends a segment is cut wherever it must.
            text.iter_mut().filter(|byte| **byte == b'\n').for_each(|byte| *byte = b' ');
        }
        let detector = Detector::new(Options::default());
        prop_assert_eq!(detector.scan(&text), streamed(&detector, &text, &cuts));
    }
}
