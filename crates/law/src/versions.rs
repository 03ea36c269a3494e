//! A rule that takes another's place starts on the day on which the other ends.

use std::collections::BTreeMap;

use crate::{Fault, Rule};

/// Gaps, overlaps, and names of rules that are none.
pub(crate) fn faults(rules: &[Rule]) -> Vec<Fault> {
    let by: BTreeMap<&str, &Rule> = rules.iter().map(|rule| (rule.id.as_str(), rule)).collect();
    let mut faults = Vec::new();
    for rule in rules {
        let fault = |reason| Fault {
            file: rule.file.clone(),
            line: rule.line,
            column: 1,
            rule: Some(rule.id.clone()),
            reason,
        };
        for old in &rule.replaces {
            let reason = match by.get(old.as_str()) {
                None => Some(format!("@replaces names `{old}`, which is not a rule")),
                Some(old) => succession(old, rule),
            };
            faults.extend(reason.map(fault));
        }
        // The other law may not be loaded at all.
        let loaded = |other: &str| {
            rules.iter().any(|known| Some(known.pack.as_str()) == other.split('.').next())
        };
        let unknown = rule.conflicts.iter();
        let unknown = unknown.filter(|other| loaded(other) && !by.contains_key(other.as_str()));
        let unknown =
            unknown.map(|other| format!("@conflict names `{other}`, which is not a rule"));
        faults.extend(unknown.map(fault));
    }
    faults
}

fn succession(old: &Rule, new: &Rule) -> Option<String> {
    let (id, from) = (&old.id, new.from);
    match old.until {
        Some(until) if until == from => None,
        Some(until) if until < from => {
            Some(format!("gap: `{id}` ends {until}, this starts {from}"))
        }
        Some(until) => Some(format!("overlap: `{id}` ends {until}, this starts {from}")),
        None => {
            let place = format!("{}:{}", old.file, old.line);
            Some(format!("overlap: `{id}` ({place}) has no @until, this starts {from}"))
        }
    }
}
