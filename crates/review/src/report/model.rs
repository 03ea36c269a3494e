//! What a report holds, whatever its form.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use crate::{Finding, Lang, Severity, Text2, subject::House};

/// A review, complete.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Who, when, under which law.
    pub head: Head,
    /// What was looked at.
    pub sources: Vec<SourceLine>,
    /// What was found, the gravest first.
    pub findings: Vec<Finding>,
    /// Figures behind the charts.
    pub figures: Figures,
    /// What was not seen, and why: a reader must know.
    pub limits: Vec<Text2>,
}

/// Who, when, under which law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Head {
    /// The subject.
    pub name: Text2,
    /// Its market.
    pub sector: Text2,
    /// Whose house.
    pub house: House,
    /// Accounts, as stated.
    pub users: u64,
    /// Made up throughout.
    pub synthetic: bool,
    /// The case it belongs to.
    pub case: Option<String>,
    /// The day whose law was applied.
    pub on: Date,
    /// Packs that were applied.
    pub law: Vec<String>,
    /// When the report was made.
    #[serde(serialize_with = "as_text")]
    pub made: Timestamp,
    /// Version of the program.
    pub version: &'static str,
}

/// What kind of source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A database.
    Database,
    /// Files.
    Files,
    /// An app package.
    App,
    /// A traffic capture.
    Traffic,
    /// A privacy policy.
    Policy,
    /// A list of what is collected.
    Declared,
    /// A log of who opened what.
    Access,
    /// The house's own store, register and logs.
    House,
}

impl SourceKind {
    /// All.
    pub const ALL: [Self; 8] = [
        Self::Database,
        Self::Files,
        Self::App,
        Self::Traffic,
        Self::Policy,
        Self::Declared,
        Self::Access,
        Self::House,
    ];

    /// For a reader, with a count.
    pub fn counted(self, n: usize) -> Text2 {
        let (one, many, zh) = match self {
            Self::Database => ("database", "databases", "数据库"),
            Self::Files => ("set of files", "sets of files", "文件集"),
            Self::App => ("app", "apps", "应用"),
            Self::Traffic => ("traffic capture", "traffic captures", "流量记录"),
            Self::Policy => ("privacy policy", "privacy policies", "隐私政策"),
            Self::Declared => {
                ("list of what is collected", "lists of what is collected", "收集清单")
            }
            Self::Access => ("access log", "access logs", "访问日志"),
            Self::House => ("own store", "own stores", "自有存储"),
        };
        let noun = if n == 1 { one } else { many };
        Text2::made(format!("{n} {noun}"), format!("{zh} {n} 个"))
    }
}

/// One source, as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceLine {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: SourceKind,
    /// Rows, requests or files read.
    pub read: u64,
    /// Everything was read.
    pub complete: bool,
    /// SHA-256 where it is one file.
    pub sha256: Option<String>,
    /// What went wrong, or how it was sampled.
    pub note: Option<String>,
}

/// Figures behind the charts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Figures {
    /// Kinds of data held, with the persons concerned; most persons first.
    pub classes: Vec<ClassLine>,
    /// Kinds of data seen at all.
    pub collected: u32,
    /// Of them, named in policy or list.
    pub declared: u32,
    /// Of them, needed for the basic service.
    pub needed: u32,
    /// Where data goes.
    pub flows: Vec<FlowLine>,
    /// Rules that findings rest on.
    pub rules: Vec<RuleSpan>,
    /// Of the sixteen facts of the decision of 2022, how many have a likeness here.
    pub sixteen: u32,
}

/// A kind of data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassLine {
    /// `biometric.face`
    pub category: String,
    /// For a reader.
    pub label: Text2,
    /// Sensitive by law.
    pub sensitive: bool,
    /// Distinct persons at least.
    pub persons: u64,
    /// Named in policy or list.
    pub declared: bool,
}

/// Data going somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FlowLine {
    /// Who receives.
    pub recipient: String,
    /// ISO 3166-1, `??` where it could not be told.
    pub country: String,
    /// Outside of the subject's country.
    pub abroad: bool,
    /// Requests seen in traffic.
    pub requests: u64,
    /// Of them before anybody agreed.
    pub before_consent: u64,
    /// Distinct persons since 1 January, as stated.
    pub persons: u64,
    /// Named by the subject.
    pub declared: bool,
    /// A mechanism in force stands behind it.
    pub covered: bool,
}

/// A rule and its days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleSpan {
    /// `PIPL 28`
    pub cite: String,
    /// The rule.
    pub rule: String,
    /// First day, YYYY-MM-DD.
    pub from: String,
    /// First day without it.
    pub until: Option<String>,
    /// `text` or `memory`.
    pub checked: &'static str,
    /// Findings that rest on it.
    pub findings: u32,
}

impl Report {
    /// Findings of a severity.
    pub fn of(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Nothing was left out: every source was read to its end.
    pub fn complete(&self) -> bool {
        self.sources.iter().all(|source| source.complete)
    }

    /// The number by which people speak of a finding: `F-01`.
    pub fn number(index: usize) -> String {
        format!("F-{:02}", index + 1)
    }

    /// What kinds of evidence there were, in one line.
    pub fn evidence_line(&self, lang: Lang) -> String {
        let parts: Vec<String> = SourceKind::ALL
            .into_iter()
            .filter_map(|kind| {
                let n = self.sources.iter().filter(|source| source.kind == kind).count();
                (n > 0).then(|| kind.counted(n).of(lang).to_owned())
            })
            .collect();
        parts.join(if lang == Lang::Zh { "、" } else { ", " })
    }
}

/// A moment as text (RFC 3339).
fn as_text<S: serde::Serializer>(at: &Timestamp, out: S) -> Result<S::Ok, S::Error> {
    out.collect_str(at)
}
