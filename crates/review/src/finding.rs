//! A finding: a breach or a duty, with where it was seen and what it rests on.

use std::borrow::Cow;

use serde::Serialize;

/// A sentence in both languages of the house.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text2 {
    /// English.
    pub en: Cow<'static, str>,
    /// Simplified Chinese.
    pub zh: Cow<'static, str>,
}

impl Text2 {
    /// Both languages of a fixed sentence.
    pub const fn fixed(en: &'static str, zh: &'static str) -> Self {
        Self { en: Cow::Borrowed(en), zh: Cow::Borrowed(zh) }
    }

    /// Both languages of a sentence with figures in it.
    pub fn made(en: String, zh: String) -> Self {
        Self { en: Cow::Owned(en), zh: Cow::Owned(zh) }
    }
}

/// How grave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; breaks nothing.
    Note,
    /// A duty that is not shown to be met.
    Low,
    /// A breach that harms few or is quickly mended.
    Medium,
    /// A breach that harms many, or touches sensitive data.
    High,
    /// What the authorities stopped a platform for.
    Critical,
}

impl Severity {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// Where something was seen, so that a second person finds it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The source as the subject names it: `orders-db`, `driver.apk`, `trips.har`.
    pub source: String,
    /// Inside it: `table trips, column passenger_id`, `a.zip → b.csv, line 12`, `com.example.Tracker.start`.
    pub within: String,
}

/// What was seen there. Never a value: counts, and a sample with its value masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Where.
    pub place: Place,
    /// How often.
    pub count: u64,
    /// Distinct persons concerned, where they can be told apart.
    pub persons: Option<u64>,
    /// A masked sample: shape, never the value.
    pub sample: Option<String>,
    /// SHA-256 of the source as it was read, in hexadecimal, where it is a file.
    pub sha256: Option<String>,
}

/// What a finding rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cite {
    /// `PIPL 28`.
    pub cite: String,
    /// The rule of the pack that was applied.
    pub rule: String,
    /// `text` where the source's wording was read, `memory` where it is not yet checked.
    pub checked: &'static str,
    /// First day in force, YYYY-MM-DD.
    pub from: String,
    /// First day no longer in force.
    pub until: Option<String>,
}

/// Which of the sixteen facts of the decision of 21 July 2022 it resembles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Likeness {
    /// `V01` to `V16`, in the order of the decision.
    pub fact: String,
    /// What was found there, in a sentence.
    pub what: Text2,
}

/// A breach or a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable within a subject: the same fact in the same place has the same id in the next review.
    pub id: String,
    /// The observed fact, in the law's word: `app.reads_clipboard`.
    pub fact: String,
    /// How grave.
    pub severity: Severity,
    /// A full statement.
    pub title: Text2,
    /// Where it was seen, the weightiest first.
    pub evidence: Vec<Evidence>,
    /// What it rests on, the one that decided first.
    pub cites: Vec<Cite>,
    /// What has to be done.
    pub remedy: Text2,
    /// What it resembles.
    pub likeness: Option<Likeness>,
}
