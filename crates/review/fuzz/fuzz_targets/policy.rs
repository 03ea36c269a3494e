//! A review of any text ends: `cargo fuzz run policy` in `crates/review`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = sarai_review::policy::review_policy("policy", text).observations();
    let _ = sarai_review::policy::Declared::read(text);
});
