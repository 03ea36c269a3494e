//! The same number written in other ways is the same number; signs that join columns hide none.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

use proptest::prelude::*;
use sarai_detect::{Detector, Hit, Kind, Options};

fn kinds(text: &str) -> Vec<(Kind, String)> {
    let detector = Detector::new(Options::default());
    let own = |hit: &Hit| String::from_utf8(hit.bytes(text.as_bytes()).to_vec()).unwrap();
    detector.scan(text.as_bytes()).iter().map(|hit| (hit.kind, own(hit))).collect()
}

fn full_width(text: &str) -> String {
    text.chars()
        .map(|char| match char {
            '!'..='~' => char::from_u32(char as u32 + 0xFEE0).unwrap(),
            _ => char,
        })
        .collect()
}

proptest! {
    #[test]
    fn a_mobile_number_is_found_in_every_form(
        prefix in prop::sample::select(vec!["138", "159", "186", "199"]), rest in 10_000_000_u32..100_000_000,
        label in prop::sample::select(vec!["手机：", "电话", "联系人 ", ""]),
    ) {
        let (a, b) = (rest / 10_000, rest % 10_000);
        prop_assume!(!format!("{rest}").bytes().all(|digit| digit == b'1'));
        let plain = format!("{prefix}{a}{b:04}");
        for written in [
            plain.clone(),
            full_width(&plain),
            format!("{prefix}-{a}-{b:04}"),
            format!("{prefix} {a} {b:04}"),
            format!("{prefix}\u{200b}{a}\u{200b}{b:04}"),
            full_width(&format!("{prefix}-{a}-{b:04}")),
        ] {
            let text = format!("{label}{written}，已登记");
            prop_assert_eq!(kinds(&text), vec![(Kind::Mobile, written.clone())], "{}", text);
        }
    }

    #[test]
    fn a_resident_number_is_found_in_every_form(year in 1940_u32..2008, month in 1_u32..=12, day in 1_u32..=28, serial in 0_u32..1_000) {
        let head = format!("330106{year}{month:02}{day:02}{serial:03}");
        let check = sarai_detect::check::resident_check(head.as_bytes()).unwrap();
        let plain = format!("{head}{}", char::from(check));
        let spaced = format!("{} {} {}", &plain[..6], &plain[6..14], &plain[14..]);
        for written in [plain.clone(), plain.to_lowercase(), full_width(&plain), spaced] {
            let text = format!("身份证：{written}。");
            prop_assert_eq!(kinds(&text), vec![(Kind::ResidentId, written.clone())], "{}", text);
        }
    }

    #[test]
    fn a_number_between_any_signs_of_a_table_is_found(
        left in prop::sample::select(vec![",", "+", ";", "\t", "|", "=", "\"", "'", "[", "{", "&", "*", "~", "^"]),
        right in prop::sample::select(vec![",", "+", ";", "\t", "|", "\"", "'", "]", "}", "&", "*", "~", "^", "\n"]),
        near in prop::sample::select(vec!["a", "7", "12", "2026"]),
    ) {
        let text = format!("{near}{left}13800138000{right}{near}");
        let found = kinds(&text);
        prop_assert!(
            found.iter().any(|(kind, value)| *kind == Kind::Mobile && value.trim_start_matches('+') == "13800138000"),
            "{found:?} in {text:?}"
        );
    }
}

#[test]
fn columns_are_numbers_of_their_own() {
    let text = "7,13800138000,11010519491231002X,6222021234567890128\n";
    let found: Vec<Kind> = kinds(text).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(found.get(..2), Some(&[Kind::Mobile, Kind::ResidentId][..]));
}

#[test]
fn plates_of_letters_are_found_before_their_word() {
    for (text, plate) in
        [("粤BABCD挂", "粤BABCD挂"), ("车牌京AQWER学。", "京AQWER学"), ("沪CHJKL警", "沪CHJKL警")]
    {
        assert_eq!(kinds(text), [(Kind::Plate, plate.to_owned())], "{text}");
    }
    assert_eq!(kinds("粤BABCD"), []);
}
