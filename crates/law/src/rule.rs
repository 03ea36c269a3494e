//! One rule: a policy, and what a reader needs to know about it.

use cedar_policy::{Effect, Policy, PolicyId};
use jiff::civil::Date;

use crate::{Fault, fault::Finger, statement::Statement};

/// Annotations that a rule may carry.
const KNOWN: [&str; 6] = ["id", "cite", "from", "until", "checked", "note"];

/// Whether the wording of the source was read, or is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// One rule of law.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `house.contact.sides`.
    pub id: String,
    /// The pack it is in.
    pub pack: String,
    /// Whether it forbids; otherwise it permits.
    pub forbids: bool,
    /// What it rests on: `PIPL 6; PIPL 13(2)`.
    pub cite: String,
    /// First day in force.
    pub from: Date,
    /// First day no longer in force.
    pub until: Option<Date>,
    /// Whether the source's wording was read.
    pub checked: Checked,
    /// One sentence for the reader.
    pub note: Option<String>,
    /// Where it stands.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    pub(crate) policy: Policy,
}

impl Rule {
    /// Whether it is in force on a day.
    pub fn in_force(&self, on: Date) -> bool {
        self.from <= on && self.until.is_none_or(|until| on < until)
    }

    /// Reads a statement as a rule.
    pub(crate) fn read(
        finger: &Finger<'_>,
        pack: &str,
        statement: &Statement<'_>,
    ) -> Result<Self, Vec<Fault>> {
        let policy = Policy::parse(None, statement.text).map_err(|errors| {
            errors.iter().map(|e| finger.cedar(statement.start, None, e)).collect::<Vec<_>>()
        })?;
        let mut notes = Notes { finger, statement, policy: &policy, faults: Vec::new() };
        notes.refuse_unknown();
        let (id, cite) = (notes.need("id"), notes.need("cite"));
        let (from, until) = notes.days();
        let checked = notes.checked();
        let faults = notes.faults;
        let (true, Some(from)) = (faults.is_empty(), from) else {
            return Err(faults);
        };
        let note = policy.annotation("note").map(str::to_owned);
        Ok(Self {
            pack: pack.to_owned(),
            forbids: policy.effect() == Effect::Forbid,
            cite,
            from,
            until,
            checked,
            note,
            file: finger.file.to_owned(),
            line: finger.at(statement.start, None, "").line,
            policy: policy.new_id(PolicyId::new(&id)),
            id,
        })
    }
}

/// Reads a policy's annotations and gathers what is wrong with them.
struct Notes<'a> {
    finger: &'a Finger<'a>,
    statement: &'a Statement<'a>,
    policy: &'a Policy,
    faults: Vec<Fault>,
}

impl Notes<'_> {
    fn say(&mut self, needle: &str, reason: String) {
        let place = self.statement.start + self.statement.text.find(needle).unwrap_or(0);
        self.faults.push(self.finger.at(place, self.policy.annotation("id"), reason));
    }

    fn refuse_unknown(&mut self) {
        for (key, _) in self.policy.annotations() {
            if !KNOWN.contains(&key) {
                self.say(&format!("@{key}"), format!("annotation @{key} is not known"));
            }
        }
    }

    fn need(&mut self, key: &str) -> String {
        let text = self.policy.annotation(key).unwrap_or_default().trim().to_owned();
        if text.is_empty() {
            self.say("@", format!("annotation @{key} is missing"));
        }
        text
    }

    fn day(&mut self, key: &str, text: &str) -> Option<Date> {
        let day = text.parse().ok().filter(|day: &Date| day.to_string() == text);
        if day.is_none() {
            self.say(&format!("@{key}"), format!("@{key}: `{text}` is not a date (YYYY-MM-DD)"));
        }
        day
    }

    fn days(&mut self) -> (Option<Date>, Option<Date>) {
        let from = self.need("from");
        let from = if from.is_empty() { None } else { self.day("from", &from) };
        let until = self.policy.annotation("until").map(str::to_owned);
        let until = until.and_then(|text| self.day("until", &text));
        if let (Some(from), Some(until)) = (from, until)
            && until <= from
        {
            self.say("@until", format!("@until {until} is not after @from {from}"));
        }
        (from, until)
    }

    fn checked(&mut self) -> Checked {
        match self.need("checked").as_str() {
            "text" => Checked::Text,
            "memory" | "" => Checked::Memory,
            other => {
                self.say("@checked", format!("@checked(\"{other}\"): say \"text\" or \"memory\""));
                Checked::Memory
            }
        }
    }
}
