//! `cargo run -p sarai-review --example app -- FILE.apk…`: what a package shows, as JSON.

use std::{fs::File, process::ExitCode};

fn main() -> ExitCode {
    let mut failed = false;
    for path in std::env::args().skip(1) {
        let review = File::open(&path).map_err(|fault| fault.to_string()).and_then(|file| {
            sarai_review::app::review_app(&path, file).map_err(|fault| fault.to_string())
        });
        match review {
            Ok(review) => {
                let seen = review.observations(None);
                let both = serde_json::json!({ "review": review, "observations": seen });
                println!("{both:#}");
            }
            Err(fault) => {
                failed = true;
                eprintln!("{path}: {fault}");
            }
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
