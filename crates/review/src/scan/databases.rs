//! Databases by their address.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::source::{Fault, Format, Limits, Problem, Sink, database};

/// Reads a sample of every table of a database, and says what it was.
pub(super) fn read(url: &str, limits: &Limits, sink: &mut dyn Sink) -> Format {
    let format = if url.starts_with("postgres") { Format::Postgres } else { Format::Mysql };
    let outcome = catch_unwind(AssertUnwindSafe(|| database::read(format, url, limits, sink)));
    if outcome.is_err() {
        sink.problem(Problem::new(
            "",
            Fault::Crashed,
            "its reader met something it could not bear",
        ));
    }
    format
}
