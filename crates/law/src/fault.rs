//! What is wrong with a pack, and where.

use std::fmt;

use miette::Diagnostic;

/// One thing wrong with a pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// File, as the pack names it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// The rule, where it is known.
    pub rule: Option<String>,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        if let Some(rule) = &self.rule {
            write!(f, "{rule}: ")?;
        }
        f.write_str(&self.reason)
    }
}

/// Packs that are refused, with everything that is wrong with them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("law packs refused:\n{}", lines(.faults))]
pub struct BadPack {
    /// All faults, in order of file.
    pub faults: Vec<Fault>,
}

fn lines(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Turns places in a text into faults.
pub(crate) struct Finger<'a> {
    pub file: &'a str,
    pub text: &'a str,
}

impl Finger<'_> {
    /// A fault at a byte offset.
    pub fn at(&self, offset: usize, rule: Option<&str>, reason: impl Into<String>) -> Fault {
        let before = self.text.get(..offset).unwrap_or(self.text);
        Fault {
            file: self.file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before.chars().rev().take_while(|letter| *letter != '\n').count() + 1,
            rule: rule.map(str::to_owned),
            reason: reason.into(),
        }
    }

    /// A fault that Cedar found, in a statement that begins at `start`.
    pub fn cedar(&self, start: usize, rule: Option<&str>, found: &dyn Diagnostic) -> Fault {
        let label = found.labels().and_then(|mut labels| labels.next());
        let mut reason = found.to_string();
        if let Some(text) = label.as_ref().and_then(|label| label.label()) {
            reason = format!("{reason} ({text})");
        }
        if let Some(help) = found.help() {
            reason = format!("{reason}; {help}");
        }
        let offset = label.map_or(0, |label| label.offset());
        self.at(start + offset, rule, reason.replace('\n', " "))
    }
}
