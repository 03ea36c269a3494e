//! CPU time of a scan of mixed logs, or of a file, with every detector on.
//!
//! `cargo run --release -p sarai-detect --example throughput [-- FILE]`

#![expect(clippy::expect_used, reason = "an example stops where it cannot go on")]

#[path = "../../bench/src/detect/logs.rs"]
#[expect(dead_code, reason = "more of it is used elsewhere")]
mod logs;

use std::collections::BTreeMap;

use rustix::time::{ClockId, clock_gettime};
use sarai_detect::{Detector, Hit, KINDS, Options};

fn cpu_seconds() -> f64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

fn measure(name: &str, text: &[u8], mut work: impl FnMut()) {
    work();
    let mut turns: Vec<f64> = (0..7)
        .map(|_| {
            let start = cpu_seconds();
            work();
            cpu_seconds() - start
        })
        .collect();
    turns.sort_by(f64::total_cmp);
    println!("{name}: {:.0} MB/s", text.len() as f64 / turns[3] / 1e6);
}

fn main() {
    let text = match std::env::args().nth(1) {
        Some(path) => std::fs::read(path).expect("a file that can be read"),
        None => logs::mixed(32_000_000, 7),
    };
    let mut hits: Vec<Hit> = Vec::new();
    let detector = Detector::new(Options::default());
    measure("every detector", &text, || detector.scan_into(&text, &mut hits));
    let mut counts = BTreeMap::new();
    for hit in &hits {
        *counts.entry(hit.kind.code()).or_insert(0) += 1;
    }
    println!(
        "{} bytes, {} lines, hits {counts:?}",
        text.len(),
        text.iter().filter(|byte| **byte == b'\n').count()
    );
    // One pass of an automaton over the labels alone, to know what this machine gives at this moment.
    let words = [
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
    let labels = aho_corasick::AhoCorasick::new(words).expect("words");
    let mut seen = 0;
    measure("aho-corasick, 12 labels", &text, || seen += labels.find_iter(&text).count());
    let lines = memchr::memchr_iter(b'\n', &text).count();
    println!("{seen} labels, {lines} lines");
    measure("memchr, line ends", &text, || seen += memchr::memchr_iter(b'\n', &text).count());
    let quiet = Detector::new(Options::quiet());
    measure("quiet", &text, || quiet.scan_into(&text, &mut hits));
    let none = Detector::new(
        KINDS.iter().fold(Options::default(), |options, facts| options.without(facts.kind)),
    );
    measure("no kind wanted", &text, || none.scan_into(&text, &mut hits));
}
