//! Finding personal data. Bytes a second of one thread: ours with every detector on, beside a plain set of regular expressions and one pass
//! of an automaton, over the same mixed logs. What is found in English texts: ours beside Presidio, where its Python package can be had.

mod english;
#[expect(dead_code, reason = "shared with the tests of the detection engine, which use more of it")]
mod logs;
mod spans;
mod speed;

use std::path::PathBuf;

use clap::Args;

/// How much is measured.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Millions of bytes of mixed logs.
    #[arg(long, default_value_t = 32)]
    megabytes: usize,
    /// Scans by each, taking turns; the middle one counts.
    #[arg(long, default_value_t = 7)]
    turns: usize,
    /// English texts with their spans: `synth_dataset_v2.json` of presidio-research. Without them, no Presidio.
    #[arg(long)]
    texts: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { megabytes: 32, turns: 7, texts: None }
    }
}

/// Measures all.
pub fn run(settings: &Settings) {
    speed::run(settings.megabytes, settings.turns);
    match &settings.texts {
        Some(path) => english::run(path),
        None => {
            eprintln!("detect: no texts given (--texts FILE), so nothing is compared with Presidio")
        }
    }
}
