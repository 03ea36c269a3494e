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

    /// One of them.
    pub fn of(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }

    /// Both languages of a sentence with figures in it.
    pub fn made(en: String, zh: String) -> Self {
        Self { en: Cow::Owned(en), zh: Cow::Owned(zh) }
    }
}

/// A language of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// Both.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// BCP 47.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-Hans",
        }
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

    /// All, the gravest first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Note];

    /// For a reader.
    pub const fn text(self) -> Text2 {
        match self {
            Self::Note => Text2::fixed("Note", "提示"),
            Self::Low => Text2::fixed("Low", "低"),
            Self::Medium => Text2::fixed("Medium", "中"),
            Self::High => Text2::fixed("High", "高"),
            Self::Critical => Text2::fixed("Critical", "严重"),
        }
    }
}

/// What kind of wrong a finding is: the parts of the report's first chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// More is collected than the service needs.
    Excess,
    /// People were not told.
    Notice,
    /// People were not asked, or asked too often.
    Consent,
    /// What is held is not protected.
    Protection,
    /// It went to others, or abroad.
    Transfer,
    /// It is kept too long.
    Retention,
    /// A duty towards an authority.
    Duty,
}

impl Group {
    /// All, in the order of the chart.
    pub const ALL: [Self; 7] = [
        Self::Excess,
        Self::Notice,
        Self::Consent,
        Self::Protection,
        Self::Transfer,
        Self::Retention,
        Self::Duty,
    ];

    /// For a reader.
    pub const fn text(self) -> Text2 {
        match self {
            Self::Excess => Text2::fixed("More than needed", "超范围收集"),
            Self::Notice => Text2::fixed("Not told", "未告知"),
            Self::Consent => Text2::fixed("Not asked", "未征得同意"),
            Self::Protection => Text2::fixed("Not protected", "保护不足"),
            Self::Transfer => Text2::fixed("Passed on", "对外提供"),
            Self::Retention => Text2::fixed("Kept too long", "超期留存"),
            Self::Duty => Text2::fixed("Duty not met", "义务未履行"),
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
    /// What kind of wrong.
    pub group: Group,
    /// How grave.
    pub severity: Severity,
    /// How often it was seen, over all evidence.
    pub count: u64,
    /// Distinct persons concerned, where they can be told apart.
    pub persons: Option<u64>,
    /// A full statement.
    pub title: Text2,
    /// Where it was seen, the weightiest first.
    pub evidence: Vec<Evidence>,
    /// What it rests on, the one that decided first.
    pub cites: Vec<Cite>,
    /// What has to be done.
    pub remedy: Text2,
    /// The same in a few words.
    pub act: Text2,
    /// What it resembles.
    pub likeness: Option<Likeness>,
}
