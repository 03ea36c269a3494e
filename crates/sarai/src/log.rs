//! Text logs: ids, codes, numbers and durations only. What may be a field is decided where the event is written; here is how it looks.

use std::io::IsTerminal;

use tracing_subscriber::{EnvFilter, fmt, prelude::*};

/// Starts the log. `SARAI_LOG` holds a filter, `info` where absent.
pub fn start(json: bool) {
    let filter = EnvFilter::try_from_env("SARAI_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=error,hyper=error,rustls=error"));
    let registry = tracing_subscriber::registry().with(filter);
    // A second start (tests) keeps the first subscriber.
    let _ = if json {
        registry.with(fmt::layer().json().with_writer(std::io::stderr)).try_init()
    } else {
        let colour = std::io::stderr().is_terminal();
        registry
            .with(
                fmt::layer()
                    .compact()
                    .with_ansi(colour)
                    .with_target(false)
                    .with_writer(std::io::stderr),
            )
            .try_init()
    };
}

/// Panics leave file and line in the log, never their text: it may hold what was opened.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(|place| (place.file().to_owned(), place.line()));
        let (file, line) = place.unwrap_or_default();
        tracing::error!(file, line, "panic");
    }));
}
