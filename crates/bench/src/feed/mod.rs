//! From a post acknowledged to seen on another client's event stream. Ours: the whole server over SQLite, posts by HTTP with every check,
//! the board's gathering, sealed cursors, one session a listener. The floor: a bare broadcast channel into a bare stream route,
//! nothing checked, gathered or sealed; the same listeners in the same process.

mod floor;
mod ours;

use std::time::{Duration, Instant};

use clap::Args;

use crate::figure::{Better, Figure};

/// How much is measured.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Listeners, each with its own connection.
    #[arg(long, default_value_t = 1_000)]
    listeners: usize,
    /// Posts a second.
    #[arg(long, default_value_t = 100)]
    per_second: u32,
    /// How long posts are made.
    #[arg(long, default_value_t = 10)]
    seconds: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { listeners: 1_000, per_second: 100, seconds: 10 }
    }
}

impl Settings {
    fn posts(&self) -> usize {
        self.per_second as usize * self.seconds as usize
    }
    fn period(&self) -> Duration {
        Duration::from_secs(1) / self.per_second
    }
}

/// What a run took: every (post, listener) pair.
struct Taken {
    p50_ms: f64,
    p99_ms: f64,
    max_ms: f64,
    /// Pairs seen, of all that there should be.
    seen: f64,
}

impl Taken {
    fn of(mut each: Vec<Duration>, all: usize) -> Self {
        each.sort_unstable();
        let at = |share: usize| {
            each.get((each.len() * share / 1_000).min(each.len().saturating_sub(1)))
                .copied()
                .unwrap_or_default()
        };
        let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let seen = each.len() as f64 / all as f64;
        Self { p50_ms: ms(at(500)), p99_ms: ms(at(990)), max_ms: ms(at(1_000)), seen }
    }
}

/// Time from `sent` to `seen`; what overtook its acknowledgement took no time.
fn between(sent: Instant, seen: Instant) -> Duration {
    seen.saturating_duration_since(sent)
}

/// Measures both.
pub async fn run(settings: Settings) {
    let ours = ours::run(&settings).await;
    let floor = floor::run(&settings).await;
    let data = format!(
        "{} posts/s for {} s, {} listeners on loopback, SQLite; seen {:.4} of all",
        settings.per_second, settings.seconds, settings.listeners, ours.seen
    );
    for (name, ours, theirs) in [
        ("acknowledged to seen, p50", ours.p50_ms, floor.p50_ms),
        ("acknowledged to seen, p99", ours.p99_ms, floor.p99_ms),
        ("acknowledged to seen, longest", ours.max_ms, floor.max_ms),
    ] {
        let figure = Figure {
            bench: "feed",
            figure: name.to_owned(),
            unit: "ms",
            ours,
            peer: "bare broadcast into a bare stream, no store, no checks, not gathered".to_owned(),
            theirs,
            ratio: 0.0,
            data: data.clone(),
        };
        figure.print(Better::Less);
    }
    assert!((ours.seen - 1.0).abs() < 1e-9, "every listener sees every post");
}
