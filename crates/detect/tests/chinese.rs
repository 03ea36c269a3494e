//! Chinese identifiers in generated lines, exact spans: F1 over all, precision of bank cards, hits on clean lines.
//! Half of the lines hold none, and of those that hold numbers most have no word beside them that says what they are.

#![expect(clippy::expect_used, reason = "a test stops where it cannot go on")]

#[path = "../../bench/src/detect/logs.rs"]
#[expect(dead_code, reason = "more of it is used elsewhere")]
mod logs;

use std::collections::BTreeMap;

use logs::Dice;
use sarai_detect::{Detector, Kind, Options, check};

const LINES: usize = 12_000;
const PROVINCES: &str = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新";
const PLATE_SIGNS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const CODE_SIGNS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const AREAS: &[&str] = &["110105", "330106", "440305", "510107", "320106", "610113", "420106"];
/// First digits and length of cards that Chinese banks issue.
const CARDS: &[(&str, usize)] = &[
    ("622202", 19),
    ("621700", 19),
    ("622848", 19),
    ("622588", 16),
    ("621483", 16),
    ("622700", 19),
];

fn digits(dice: &mut Dice, count: usize) -> String {
    (0..count).map(|_| char::from(b'0' + dice.below(10) as u8)).collect()
}

fn signs(dice: &mut Dice, of: &[u8], count: usize) -> String {
    (0..count).map(|_| char::from(of[dice.below(of.len() as u64) as usize])).collect()
}

/// The word with the last sign that makes it valid.
fn closed(head: &str, of: &[u8], valid: impl Fn(&[u8]) -> bool) -> Option<String> {
    of.iter().map(|sign| format!("{head}{}", char::from(*sign))).find(|word| valid(word.as_bytes()))
}

fn mobile(dice: &mut Dice) -> String {
    format!("1{}{}", dice.of(&["38", "39", "51", "58", "76", "86", "87", "99"]), digits(dice, 8))
}

fn resident(dice: &mut Dice) -> String {
    let head = format!(
        "{}{}{:02}{:02}{}",
        dice.of(AREAS),
        1940 + dice.below(68),
        1 + dice.below(12),
        1 + dice.below(28),
        digits(dice, 3)
    );
    closed(&head, b"0123456789X", check::resident_18).expect("one of eleven fits")
}

fn uscc(dice: &mut Dice) -> String {
    loop {
        let head = format!("91{}{}", dice.of(AREAS), digits(dice, 8));
        let found = b"0123456789X"
            .iter()
            .map(|sign| format!("{head}{}", char::from(*sign)))
            .filter(|head| check::org_code(&head.as_bytes()[8..]))
            .find_map(|head| closed(&head, CODE_SIGNS, check::uscc));
        if let Some(code) = found {
            return code;
        }
    }
}

fn vin(dice: &mut Dice) -> String {
    const SIGNS: &[u8] = b"0123456789ABCDEFGHJKLMNPRSTUVWXYZ";
    loop {
        let word = format!("L{}{}", signs(dice, SIGNS, 12), digits(dice, 4));
        if word.bytes().any(|byte| byte.is_ascii_uppercase()) && check::vin(word.as_bytes()) {
            return word;
        }
    }
}

fn card(dice: &mut Dice) -> String {
    let (first, length) = CARDS[dice.below(CARDS.len() as u64) as usize];
    let head = format!("{first}{}", digits(dice, length - 7));
    closed(&head, b"0123456789", check::luhn).expect("one of ten fits")
}

fn plate(dice: &mut Dice) -> String {
    let provinces: Vec<char> = PROVINCES.chars().collect();
    let province = provinces[dice.below(provinces.len() as u64) as usize];
    let city = signs(dice, b"ABCDEFGHJK", 1);
    match dice.below(4) {
        0 => format!(
            "{province}{city}{}{}",
            signs(dice, PLATE_SIGNS, 4),
            dice.of(&["挂", "学", "警"])
        ),
        1 => format!("{province}{city}D{}{}", signs(dice, b"0123456789ABC", 1), digits(dice, 4)),
        2 => format!("{province}{city}·{}", signs(dice, PLATE_SIGNS, 5)),
        _ => format!("{province}{city}{}", signs(dice, PLATE_SIGNS, 5)),
    }
}

/// A line with an identifier: what stands before it, the identifier, what it is, what stands behind.
fn planted(dice: &mut Dice) -> (String, String, &'static str, &'static str) {
    let (value, code, labels): (_, _, &[&str]) = match dice.below(6) {
        0 => (mobile(dice), "cn.mobile", &["手机：", "联系电话", "call ", "收货人王芳 ", "1,"]),
        1 => (resident(dice), "cn.resident_id", &["身份证号：", "证件", "id_card=", "司机 ", "x,"]),
        2 => (uscc(dice), "cn.uscc", &["统一社会信用代码：", "税号", "code ", "公司 "]),
        3 => (vin(dice), "vin", &["车架号：", "vin=", "VIN ", "车辆 "]),
        4 => (card(dice), "bank.card", &["银行卡：", "卡号", "card ", "打款到 ", "b,"]),
        _ => (plate(dice), "cn.plate", &["车牌：", "号牌号码", "plate=", "到场车辆 "]),
    };
    (
        dice.of(labels).to_owned(),
        value,
        code,
        dice.of(&["", "，已核对", ",c", "；", " 备注无", "\""]),
    )
}

/// A line without an identifier.
fn clean(dice: &mut Dice) -> String {
    let number = |dice: &mut Dice| {
        let count = 4 + dice.below(18) as usize;
        format!("{}{}", 2 + dice.below(8), digits(dice, count))
    };
    match dice.below(9) {
        0 => format!("流水{}完成", number(dice)),
        1 => format!("订单号：{}", number(dice)),
        2 => format!("版本 {} 发布", number(dice)),
        3 => format!("a,{},b,{}", number(dice), number(dice)),
        4 => format!("rows={} bytes={}", number(dice), number(dice)),
        5 => format!("货物已装车，数量{}，共{}件", number(dice), dice.below(900)),
        6 => format!("{}.{} km, {} s", dice.below(9_000), digits(dice, 2), digits(dice, 3)),
        7 => format!("sha {}", signs(dice, b"0123456789abcdef", 40)),
        _ => format!("[{}] {}", number(dice), dice.of(&["任务完成", "等待", "查询路线", "done"])),
    }
}

#[derive(Debug, Default)]
struct Count {
    right: usize,
    wrong: usize,
    missed: usize,
}

#[test]
fn identifiers_are_found_with_their_ends_and_clean_lines_are_left_alone() {
    let facts = |kind: Kind| kind.code();
    let detector = Detector::new(Options::quiet());
    let mut dice = Dice::new(11);
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let (mut clean_hits, mut faults) = (Vec::new(), Vec::new());
    for _ in 0..LINES / 2 {
        let (before, value, code, behind) = planted(&mut dice);
        let line = format!("{before}{value}{behind}");
        let (start, end) = (before.len(), before.len() + value.len());
        let mut seen = false;
        for hit in detector.scan(line.as_bytes()) {
            let found = facts(hit.kind);
            let family = found == code || found == "cn.plate_new_energy" && code == "cn.plate";
            if family && (hit.start, hit.end) == (start, end) {
                seen = true;
            } else if hit.start < end && start < hit.end {
                counts.entry(found).or_default().wrong += 1;
                faults.push(format!("{found} in {line}"));
            }
        }
        let count = counts.entry(code).or_default();
        if seen {
            count.right += 1
        } else {
            count.missed += 1
        }
        if !seen {
            faults.push(format!("missed {code} in {line}"));
        }
        let line = clean(&mut dice);
        for hit in detector.scan(line.as_bytes()) {
            counts.entry(facts(hit.kind)).or_default().wrong += 1;
            clean_hits.push(format!("{} in {line}", facts(hit.kind)));
        }
    }
    let sum = |of: fn(&Count) -> usize| counts.values().map(of).sum::<usize>() as f64;
    let (right, wrong, missed) = (sum(|c| c.right), sum(|c| c.wrong), sum(|c| c.missed));
    let f1 = 2.0 * right / (2.0 * right + wrong + missed);
    let cards = &counts["bank.card"];
    let precision = cards.right as f64 / (cards.right + cards.wrong) as f64;
    println!("F1 {f1:.4}, cards {precision:.4}, clean lines with a hit {}", clean_hits.len());
    faults.truncate(30);
    assert!(f1 >= 0.998, "F1 {f1:.4}: {counts:#?} {faults:#?} {clean_hits:#?}");
    assert!(precision >= 0.99, "bank cards {precision:.4}: {clean_hits:#?}");
    assert!(clean_hits.len() * 1_000 <= LINES / 2, "{clean_hits:#?}");
}
