use super::*;
use crate::{Confidence, Options};

fn done(rule: Rule, text: &str) -> String {
    let detector = Detector::new(Options::default());
    let redaction = Redaction::all(rule).key(b"a key of the caller");
    String::from_utf8(redact(&detector, &redaction, text.as_bytes()).0).unwrap()
}

#[test]
fn a_mask_keeps_the_shape_and_the_last_four() {
    let text = "手机:138-1234-5678, 邮箱 li@example.com";
    assert_eq!(done(Rule::Mask { last: 4 }, text), "手机:***-****-5678, 邮箱 *********e.com");
}

#[test]
fn hashes_under_one_key_join_and_under_another_do_not() {
    let one = done(Rule::Hash, "电话13812345678");
    assert_eq!(one, done(Rule::Hash, "电话１３８１２３４５６７８"));
    assert!(one.starts_with("电话<cn.mobile:") && !one.contains("138"), "{one}");
    let detector = Detector::new(Options::default());
    let other = Redaction::all(Rule::Hash).key(b"another");
    assert_ne!(one.as_bytes(), redact(&detector, &other, "电话13812345678".as_bytes()).0);
    let without = Redaction::all(Rule::Hash);
    assert_eq!(
        redact(&detector, &without, "电话13812345678".as_bytes()).0,
        "电话***********".as_bytes()
    );
}

#[test]
fn coarser_forms_keep_what_a_statistic_needs() {
    assert_eq!(done(Rule::Generalise, "出生日期：1990-03-07"), "出生日期：1990");
    assert_eq!(done(Rule::Generalise, "GPS 116.397389,39.908722"), "GPS 116.39,39.90");
    assert_eq!(
        done(Rule::Generalise, "收货地址：浙江省杭州市西湖区文三路138号"),
        "收货地址：浙江省杭州市西湖区***"
    );
}

#[test]
fn rules_are_by_category() {
    let detector = Detector::new(Options::default());
    let redaction = Redaction::all(Rule::Drop).with(Category::ContactMobile, Rule::Keep);
    let text = "手机13812345678 身份证11010519491231002X";
    let (out, count) = redact(&detector, &redaction, text.as_bytes());
    assert_eq!(String::from_utf8(out).unwrap(), "手机13812345678 身份证<cn.resident_id>");
    assert_eq!(count, 1);
}

#[test]
fn a_sample_shows_the_shape_only() {
    let text = "王小明 Li-8.x@y";
    let hit = Hit { start: 0, end: text.len(), kind: Kind::CnName, confidence: Confidence::Sure };
    assert_eq!(mask_sample(text.as_bytes(), &hit), "汉汉汉 Aa-9.a@a");
}
