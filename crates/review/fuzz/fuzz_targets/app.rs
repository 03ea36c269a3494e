//! A review of any bytes ends, whatever they are: `cargo fuzz run app` in `crates/review`.
#![no_main]

use std::io::Cursor;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(review) = sarai_review::app::review_app("x.apk", Cursor::new(bytes)) {
        let _ = review.observations(Some("ride.driver"));
    }
    let _ = sarai_review::app::Dex::open(bytes);
});
