//! Prints the hits in texts that stand in a file, parted by zero bytes: number of the text, start, end, code, percent.
//!
//! `cargo run --release -p sarai-detect --example hits -- FILE [possible]`

#![expect(clippy::expect_used, reason = "an example stops where it cannot go on")]

use sarai_detect::{Confidence, Detector, Options};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("a file");
    let least = if arguments.next().is_some() { Confidence::Possible } else { Confidence::Likely };
    let detector = Detector::new(Options::default().at_least(least));
    let texts = std::fs::read(path).expect("a file that can be read");
    for (at, text) in texts.split(|byte| *byte == 0).enumerate() {
        for hit in detector.scan(text) {
            println!(
                "{at}\t{}\t{}\t{}\t{}",
                hit.start,
                hit.end,
                hit.kind.code(),
                hit.confidence.percent()
            );
        }
    }
}
