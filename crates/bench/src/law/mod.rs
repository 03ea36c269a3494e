//! Decisions of the law a second, on one core, beside plain Cedar.

mod measure;

use clap::Args;

/// How much is asked.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Random requests, each asked once.
    #[arg(long, default_value_t = 300_000)]
    requests: usize,
    /// Of them, how many plain Cedar is asked.
    #[arg(long, default_value_t = 3_000)]
    plain: usize,
    /// Seed of the requests.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { requests: 300_000, plain: 3_000, seed: 1 }
    }
}

/// Runs it and prints the figures.
pub fn run(settings: &Settings) {
    for figure in measure::figures(settings.requests, settings.plain, settings.seed) {
        figure.print(crate::figure::Better::More);
    }
}
