//! The report for programs. The shape is stable: see `docs/review.md`.

use serde::Serialize;

use super::Report;

/// Name and version of the shape.
pub const SCHEMA: &str = "sarai-review/1";

#[derive(Serialize)]
struct Whole<'r> {
    schema: &'static str,
    complete: bool,
    #[serde(flatten)]
    report: &'r Report,
}

/// A report as JSON, indented.
pub fn json(report: &Report) -> String {
    let whole = Whole { schema: SCHEMA, complete: report.complete(), report };
    let mut out = serde_json::to_string_pretty(&whole).unwrap_or_default();
    out.push('\n');
    out
}
