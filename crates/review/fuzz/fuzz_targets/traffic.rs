//! A review of any capture ends: `cargo fuzz run traffic` in `crates/review`.
#![no_main]

use sarai_review::traffic::{TrafficOptions, review_traffic};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(review) = review_traffic("x.har", bytes, &TrafficOptions::default()) {
        let _ = review.observations("CN");
    }
});
