//! Spans of days with the same rules.

use std::sync::Arc;

use sarai_law::{Date, Jurisdiction, Laws, Question, Rule, Set};

/// The rules of a question on every day from one change of the law to the next.
pub struct Span {
    /// Its first day.
    pub on: Date,
    /// The rules.
    pub rules: Vec<Arc<Rule>>,
}

/// Spans from a day on, without those whose rules are the same as in the span before.
pub fn spans(
    laws: &Laws,
    since: Date,
    packs: Set<Jurisdiction>,
    questions: &[Question],
) -> Vec<Span> {
    let later = laws.changes().iter().copied().filter(|day| *day > since);
    let mut found: Vec<Span> = Vec::new();
    for on in std::iter::once(since).chain(later) {
        let rules: Vec<Arc<Rule>> =
            questions.iter().flat_map(|question| laws.on(on, packs, *question)).cloned().collect();
        let same = |span: &Span| {
            span.rules.len() == rules.len()
                && span.rules.iter().zip(&rules).all(|(one, other)| Arc::ptr_eq(one, other))
        };
        if !found.last().is_some_and(same) {
            found.push(Span { on, rules });
        }
    }
    found
}
