//! What can be done in a case, and by which side.

use jiff::civil::Date;
use sarai_kernel::{PartyId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Longest text of a deed, characters.
pub const WORDS_MAX: usize = 4_000;
/// Most entries of a case.
pub const ENTRIES_MAX: usize = 2_000;
/// Working days by which the preliminary review can be extended, once (Measures, article 11).
pub const EXTEND_DAYS_MAX: u16 = 15;
/// Working days of one extension of the special procedure. The Measures set no cap; a longer one is said again.
pub const SPECIAL_EXTEND_DAYS_MAX: u16 = 250;

/// Who acts in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The authority's reviewer.
    Reviewer,
    /// The party under review: its privacy officer.
    Party,
}

/// How a case ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing stands against it.
    Passed,
    /// It goes on under conditions.
    Conditions,
    /// It does not go on.
    Refused,
}

/// One deed. Numbers of questions and materials count from 1 within the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "deed", rename_all = "snake_case", deny_unknown_fields)]
pub enum Deed {
    /// The party declares, or the authority takes the matter up by itself (article 16).
    Open {
        /// Taken up by the authority itself.
        ex_officio: bool,
    },
    /// A material is asked for.
    AskMaterial {
        /// Which.
        #[schema(min_length = 1, max_length = 300)]
        title: String,
        /// Whether the clock stands still until it is there (article 15).
        stops_clock: bool,
    },
    /// A material is handed in: its fingerprint stands here, the material itself lies where the two sides agreed.
    HandIn {
        /// Which of those asked for; none for one that nobody asked for.
        material: Option<u32>,
        /// What it is.
        #[schema(min_length = 1, max_length = 300)]
        title: String,
        /// SHA-256 in hexadecimal.
        #[schema(pattern = "^[0-9a-f]{64}$", max_length = 64)]
        sha256: String,
    },
    /// Everything is there: the ten days for deciding whether a review is needed start (article 9).
    MaterialsComplete {},
    /// Whether a review is needed.
    Need {
        /// A review is needed.
        needed: bool,
    },
    /// The written notice: the preliminary review starts (article 11).
    Notice {},
    /// A question to the party.
    Ask {
        /// The question.
        #[schema(min_length = 1, max_length = 4000)]
        words: String,
        /// Whether the clock stands still until it is answered.
        stops_clock: bool,
    },
    /// The party's answer.
    Reply {
        /// Which question.
        question: u32,
        /// The answer.
        #[schema(min_length = 1, max_length = 4000)]
        words: String,
    },
    /// More time, with the reason.
    Extend {
        /// Working days.
        #[schema(minimum = 1, maximum = 250)]
        days: u16,
        /// Why.
        #[schema(min_length = 1, max_length = 4000)]
        reason: String,
    },
    /// The draft conclusion goes to the members, who reply within fifteen days (article 12).
    Draft {},
    /// The members disagree: the special procedure starts (article 14).
    Special {},
    /// A report of the review is laid down: what was found on which day.
    Report {
        /// SHA-256 of the report, in hexadecimal.
        #[schema(pattern = "^[0-9a-f]{64}$", max_length = 64)]
        sha256: String,
        /// Findings in it.
        findings: u32,
        /// Of them critical or high.
        grave: u32,
    },
    /// A directive of the authority was issued in this case.
    Directive {
        /// Its number.
        #[schema(min_length = 1, max_length = 80)]
        number: String,
    },
    /// The decision.
    Decide {
        /// How it ends.
        outcome: Outcome,
        /// In words.
        #[schema(min_length = 1, max_length = 4000)]
        words: String,
    },
    /// The decision is published.
    Publish {
        /// What the public reads, in English.
        #[schema(min_length = 1, max_length = 4000)]
        en: String,
        /// What the public reads, in Chinese.
        #[schema(min_length = 1, max_length = 4000)]
        zh: String,
    },
}

impl Deed {
    /// The word on the wire.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::AskMaterial { .. } => "ask_material",
            Self::HandIn { .. } => "hand_in",
            Self::MaterialsComplete {} => "materials_complete",
            Self::Need { .. } => "need",
            Self::Notice {} => "notice",
            Self::Ask { .. } => "ask",
            Self::Reply { .. } => "reply",
            Self::Extend { .. } => "extend",
            Self::Draft {} => "draft",
            Self::Special {} => "special",
            Self::Report { .. } => "report",
            Self::Directive { .. } => "directive",
            Self::Decide { .. } => "decide",
            Self::Publish { .. } => "publish",
        }
    }

    /// Which side does it.
    pub const fn side(&self) -> Side {
        match self {
            Self::HandIn { .. } | Self::Reply { .. } => Side::Party,
            _ => Side::Reviewer,
        }
    }

    /// Texts of the deed with the member that holds them and its bound in characters.
    pub fn texts(&self) -> Vec<(&'static str, &str, usize)> {
        match self {
            Self::AskMaterial { title, .. } | Self::HandIn { title, .. } => {
                vec![("/title", title, 300)]
            }
            Self::Ask { words, .. } | Self::Reply { words, .. } | Self::Decide { words, .. } => {
                vec![("/words", words, WORDS_MAX)]
            }
            Self::Extend { reason, .. } => vec![("/reason", reason, WORDS_MAX)],
            Self::Directive { number } => vec![("/number", number, 80)],
            Self::Publish { en, zh } => vec![("/en", en, WORDS_MAX), ("/zh", zh, WORDS_MAX)],
            _ => Vec::new(),
        }
    }

    /// The fingerprint that the deed carries.
    pub fn fingerprint(&self) -> Option<&str> {
        match self {
            Self::HandIn { sha256, .. } | Self::Report { sha256, .. } => Some(sha256),
            _ => None,
        }
    }
}

/// One line of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The day that counts for the clocks, in Beijing.
    pub on: Date,
    /// When it was written down.
    pub at: Timestamp,
    /// By whom.
    pub by: PartyId,
    /// What.
    pub deed: Deed,
}
