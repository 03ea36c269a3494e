//! One rule: a policy, and what a reader needs to know about it.

use std::sync::Arc;

use cedar_policy::{Effect, Policy};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Class, Lift, Requirement, clock::Clock, condition::Condition};

/// Whether the wording of the source was read, or is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    /// Read in a copy of the text.
    Text,
    /// Remembered, and not yet checked.
    Memory,
}

impl Checked {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Memory => "memory",
        }
    }
}

/// The question that a rule answers: the schema's action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// May this be opened?
    Open,
    /// What class is this kind of data?
    Classify,
    /// What is lifted?
    Exempt,
    /// What must be in place before this goes?
    Transfer,
    /// What goes with the transfer and does not hold it up?
    Owe,
    /// What must be in place before the operator acts?
    Act,
    /// What does the operator owe as it stands?
    Stand,
    /// What does this observed fact breach?
    Breach,
    /// All of them: the rule names no action.
    Any,
}

impl Question {
    /// Every action of the schema.
    pub const ACTIONS: [(Self, &'static str); 8] = [
        (Self::Open, "open"),
        (Self::Classify, "classify"),
        (Self::Exempt, "exempt"),
        (Self::Transfer, "transfer"),
        (Self::Owe, "owe"),
        (Self::Act, "act"),
        (Self::Stand, "stand"),
        (Self::Breach, "breach"),
    ];

    /// As the schema writes it; `any` where no action is named.
    pub fn word(self) -> &'static str {
        Self::ACTIONS.iter().find(|(known, _)| *known == self).map_or("any", |(_, word)| word)
    }

    /// Whether a rule for this question speaks when `asked` is put.
    pub fn speaks_to(self, asked: Self) -> bool {
        self == asked || self == Self::Any
    }
}

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Small.
    Low,
    /// Middling.
    Medium,
    /// Large.
    High,
    /// The house burns.
    Critical,
}

impl Severity {
    /// All of them, lowest first.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Info, "info"),
        (Self::Low, "low"),
        (Self::Medium, "medium"),
        (Self::High, "high"),
        (Self::Critical, "critical"),
    ];

    /// As it is written.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(known, _)| *known == self).map_or("", |(_, word)| word)
    }
}

/// A sum of money that a law threatens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FineRule {
    /// `CNY`.
    pub currency: String,
    /// Whole units.
    pub amount: u64,
    /// Instead, this share of the turnover of the year before, in percent.
    pub turnover_percent: Option<u64>,
}

/// One rule of law.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `house.contact.sides`.
    pub id: String,
    /// The pack it is in.
    pub pack: String,
    /// Which question it answers.
    pub question: Question,
    /// Whether it forbids; otherwise it permits.
    pub forbids: bool,
    /// What it rests on: `PIPL 6; PIPL 13(2)`.
    pub cite: String,
    /// First day in force.
    pub from: Date,
    /// First day no longer in force.
    pub until: Option<Date>,
    /// Whether the source's wording was read; `Memory` too where a number in it is remembered.
    pub checked: Checked,
    /// What of it is from memory: `rule`, or names of figures.
    pub memory_of: Vec<String>,
    /// One sentence for the reader.
    pub note: Option<String>,
    /// The same in Chinese.
    pub note_zh: Option<String>,
    /// How much it matters.
    pub severity: Severity,
    /// Any one of these meets it; nothing does where it is empty.
    pub remedy: Vec<Requirement>,
    /// What to change where nothing meets it, or what to do.
    pub fix: Option<String>,
    /// The same in Chinese.
    pub fix_zh: Option<String>,
    /// What it exempts from.
    pub lifts: Option<Lift>,
    /// What class it gives.
    pub class: Option<Class>,
    /// Years for which records are kept.
    pub keep_years: Option<u16>,
    /// The term that it sets.
    pub clock: Option<Clock>,
    /// The fine that it threatens.
    pub fine: Option<FineRule>,
    /// It orders an act, and does not only allow it.
    pub command: bool,
    /// Rules of other laws that are known to forbid what this one orders.
    pub conflicts: Vec<String>,
    /// Rules whose place it takes.
    pub replaces: Vec<String>,
    /// Where it stands.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// The policy as it is written.
    pub text: String,
    /// Counts and the numbers they are compared with.
    pub(crate) thresholds: Vec<(&'static str, i64)>,
    /// Its condition for each question of the gate that it speaks to, where it could be read.
    pub(crate) conditions: Vec<(Question, Arc<Condition>)>,
    pub(crate) policy: Policy,
}

impl Rule {
    /// Whether it is in force on a day.
    pub fn in_force(&self, on: Date) -> bool {
        self.from <= on && self.until.is_none_or(|until| on < until)
    }

    /// Whether its condition compares a count: of persons, say.
    pub fn rests_on_count(&self) -> bool {
        !self.thresholds.is_empty()
    }

    /// Whether nothing lifts it.
    pub fn is_prohibition(&self) -> bool {
        self.forbids && self.question == Question::Transfer && self.remedy.is_empty()
    }

    pub(crate) fn effect_of(policy: &Policy) -> bool {
        policy.effect() == Effect::Forbid
    }
}
