//! `sarai-bench law` without the server around it: `cargo run --release -p sarai-law --example decisions -- [requests]`.

#![expect(clippy::expect_used, reason = "a benchmark that cannot go on stops and says where")]

#[expect(dead_code, reason = "every figure here runs upwards")]
#[path = "../../bench/src/figure.rs"]
mod figure;
#[path = "../../bench/src/law/measure.rs"]
mod measure;

fn main() {
    let requests = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(300_000);
    for figure in measure::figures(requests, 3_000, 1) {
        figure.print(figure::Better::More);
    }
}
