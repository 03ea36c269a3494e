//! What sealing costs: a scan of a board of a million positions, and a whole request over HTTP. Beside each the same work on plain data in
//! the same process, the two taking turns.

mod board;
mod request;

use clap::Args;

use crate::figure::{Better, Figure};

/// How much is measured.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Positions on the board.
    #[arg(long, default_value_t = 1_000_000)]
    board: usize,
    /// Scans of the board, and requests of each kind.
    #[arg(long, default_value_t = 301)]
    turns: usize,
    /// Messages on the page that is requested.
    #[arg(long, default_value_t = 50)]
    page: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { board: 1_000_000, turns: 301, page: 50 }
    }
}

/// The middle one.
fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}

fn figure(name: &str, unit: &'static str, (ours, theirs): (f64, f64), peer: &str, data: String) {
    let figure = Figure {
        bench: "seal",
        figure: name.to_owned(),
        unit,
        ours,
        peer: peer.to_owned(),
        theirs,
        ratio: 0.0,
        data,
    };
    figure.print(Better::Less);
}

/// Measures both.
pub async fn run(settings: Settings) {
    board::run(&settings);
    request::run(&settings).await;
}
