//! A refusal: the answer "no" with a stable code, a kind, and facts. Markets and rooms refuse; the wire alone turns it into a status.

use serde::Serialize;
use serde_json::{Map, Value};

/// What sort of "no" it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Kind {
    /// Not understood.
    Malformed,
    /// Who are you?
    Unauthenticated,
    /// Known, and not allowed.
    Forbidden,
    /// Nothing like that for you.
    NotFound,
    /// Not in this state, or somebody was first.
    Conflict,
    /// The version that was named is not the present one.
    Stale,
    /// Understood, and a value is wrong.
    Invalid,
    /// Payment did not work.
    Payment,
    /// It was here and is gone for good.
    Gone,
    /// Too often.
    TooMany,
    /// An authority's order stands against it.
    Legal,
    /// Not now.
    Unavailable,
    /// Our fault.
    Internal,
}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// JSON Pointer to the field.
    pub pointer: String,
    /// Stable code, e.g. `out_of_range`.
    pub code: &'static str,
    /// Facts for the message: bounds, lists. Never the input.
    pub params: Map<String, Value>,
}

impl FieldError {
    /// A wrong field without parameters.
    pub fn new(pointer: impl Into<String>, code: &'static str) -> Self {
        Self { pointer: pointer.into(), code, params: Map::new() }
    }

    /// Add one fact.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }
}

/// The answer "no", ready for the wire.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}")]
pub struct Refusal {
    /// Stable code from the table of codes.
    pub code: &'static str,
    /// What sort of "no".
    pub kind: Kind,
    /// Wrong fields, at most 50.
    pub errors: Vec<FieldError>,
    /// Extension members of the problem document: states, bounds, ids of the caller's own things. Never personal data.
    pub facts: Map<String, Value>,
}

/// Most field errors in one refusal.
pub const FIELD_ERRORS_MAX: usize = 50;

impl Refusal {
    /// A refusal with a code and a kind.
    pub fn new(code: &'static str, kind: Kind) -> Self {
        Self { code, kind, errors: Vec::new(), facts: Map::new() }
    }

    /// Nothing like that for the caller: the same whether it exists or not.
    pub fn not_found() -> Self {
        Self::new("not_found", Kind::NotFound)
    }

    /// Understood, and these fields are wrong.
    pub fn invalid(mut errors: Vec<FieldError>) -> Self {
        errors.truncate(FIELD_ERRORS_MAX);
        Self { errors, ..Self::new("validation_failed", Kind::Invalid) }
    }

    /// Add one fact.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.facts.insert(name.to_owned(), value.into());
        self
    }
}

/// Collects wrong fields, so that a person sees all of them at once.
#[derive(Debug, Default)]
pub struct FieldCheck {
    errors: Vec<FieldError>,
}

impl FieldCheck {
    /// Nothing wrong yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Note `error` unless `fine`.
    pub fn require(&mut self, fine: bool, error: impl FnOnce() -> FieldError) -> &mut Self {
        if !fine && self.errors.len() < FIELD_ERRORS_MAX {
            self.errors.push(error());
        }
        self
    }

    /// Length in characters must be within `min..=max`.
    pub fn length(&mut self, pointer: &str, text: &str, min: usize, max: usize) -> &mut Self {
        let count = text.chars().count();
        self.require(count >= min, || FieldError::new(pointer, "too_short").with("min", min));
        self.require(count <= max, || FieldError::new(pointer, "too_long").with("max", max))
    }

    /// The number must be within `min..=max`.
    pub fn range(&mut self, pointer: &str, value: i64, min: i64, max: i64) -> &mut Self {
        self.require((min..=max).contains(&value), || {
            FieldError::new(pointer, "out_of_range").with("min", min).with("max", max)
        })
    }

    /// Text that people read: no control characters and no marks that turn the writing direction.
    pub fn plain_text(&mut self, pointer: &str, text: &str) -> &mut Self {
        self.require(!text.chars().any(is_hidden_control), || FieldError::new(pointer, "pattern"))
    }

    /// Fine, or the refusal with everything that is wrong.
    pub fn finish(self) -> Result<(), Refusal> {
        if self.errors.is_empty() { Ok(()) } else { Err(Refusal::invalid(self.errors)) }
    }
}

/// C0/C1 controls except line feed and tab, and bidirectional controls.
fn is_hidden_control(letter: char) -> bool {
    (letter.is_control() && letter != '\n' && letter != '\t')
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_gathers_every_wrong_field() {
        let mut check = FieldCheck::new();
        check.range("/mass_kg", 0, 100, 60_000).length("/cargo", "", 1, 80);
        check.plain_text("/note", "pay \u{202e}kcab");
        let refusal = check.finish().expect_err("three fields are wrong");
        let codes: Vec<_> = refusal.errors.iter().map(|error| error.code).collect();
        assert_eq!(codes, ["out_of_range", "too_short", "pattern"]);
    }

    #[test]
    fn a_check_without_errors_is_fine() {
        let mut check = FieldCheck::new();
        check.range("/mass_kg", 100, 100, 60_000).plain_text("/note", "two lines\nof text");
        assert_eq!(check.finish(), Ok(()));
    }
}
