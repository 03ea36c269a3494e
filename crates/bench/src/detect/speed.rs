//! Bytes a second of one thread, by CPU time, taking turns.

use aho_corasick::AhoCorasick;
use regex::bytes::{Regex, RegexSet};
use rustix::time::{ClockId, clock_gettime};
use sarai_detect::{Detector, Hit, Options};

use super::logs;
use crate::figure::{Better, Figure};

/// The Chinese identifiers, and e-mail and IPv4, as anybody would write them down.
const EXPRESSIONS: &[&str] = &[
    r"\b1[3-9]\d{9}\b",
    r"\b[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]\b",
    r"\b[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}\b",
    r"\b[A-HJ-NPR-Z0-9]{17}\b",
    r"\b(?:62|4\d|5[1-5])\d{13,17}\b",
    r"[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新][A-HJ-NP-Z][A-HJ-NP-Z0-9]{5,6}",
    r"\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b",
    r"\b(?:\d{1,3}\.){3}\d{1,3}\b",
    r"\b\d{2,3}\.\d{4,},\s*\d{2,3}\.\d{4,}\b",
];
/// What labels say in both languages.
const LABELS: &[&str] = &[
    "password",
    "secret",
    "token",
    "phone",
    "mobile",
    "id_card",
    "身份证",
    "手机",
    "姓名",
    "地址",
    "银行卡",
    "车牌",
];

fn cpu_seconds() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let seconds = now.tv_sec as f64 + now.tv_nsec as f64 / 1e9;
    seconds
}

fn seconds(work: impl FnOnce()) -> f64 {
    let start = cpu_seconds();
    work();
    cpu_seconds() - start
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// Lines that an expression of the set fits, with what fits.
fn by_expressions(set: &RegexSet, each: &[Regex], text: &[u8]) -> usize {
    text.split(|byte| *byte == b'\n')
        .map(|line| {
            let fits = set.matches(line);
            fits.iter()
                .filter_map(|at| each.get(at))
                .map(|regex| regex.find_iter(line).count())
                .sum::<usize>()
        })
        .sum()
}

/// Measures the three.
pub fn run(megabytes: usize, turns: usize) {
    let text = logs::mixed(megabytes * 1_000_000, 7);
    let detector = Detector::new(Options::default());
    let set = RegexSet::new(EXPRESSIONS).expect("expressions");
    let each: Vec<Regex> = EXPRESSIONS
        .iter()
        .map(|expression| Regex::new(expression).expect("an expression"))
        .collect();
    let labels = AhoCorasick::new(LABELS).expect("labels");
    let mut hits: Vec<Hit> = Vec::new();
    let (mut fits, mut seen) = (0, 0);
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    // The first turn of each reads its tables and is not counted.
    for turn in 0..=turns {
        let now = [
            seconds(|| detector.scan_into(&text, &mut hits)),
            seconds(|| fits = by_expressions(&set, &each, &text)),
            seconds(|| seen = labels.find_iter(&text).count()),
        ];
        if turn > 0 {
            times.iter_mut().zip(now).for_each(|(all, now)| all.push(now));
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let [ours, expressions, automaton] = times.map(|all| text.len() as f64 / 1e6 / median(all));
    let data = format!(
        "{} bytes of generated mixed logs, one thread, CPU time, every detector on: {} hits",
        text.len(),
        hits.len()
    );
    let peers = [
        (
            format!(
                "regex set of {} expressions, then each that fits: {fits} finds",
                EXPRESSIONS.len()
            ),
            expressions,
        ),
        (format!("one aho-corasick pass for {} labels: {seen} finds", LABELS.len()), automaton),
    ];
    for (peer, theirs) in peers {
        let figure = Figure {
            bench: "detect",
            figure: "throughput".to_owned(),
            unit: "MB/s",
            ours,
            peer,
            theirs,
            ratio: 0.0,
            data: data.clone(),
        };
        figure.print(Better::More);
    }
}
