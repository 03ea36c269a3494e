//! A proof as text.

use std::fmt;

use crate::{Answer, Counterexample, Proof};

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verdict, shown) = match &self.answer {
            Answer::Proven { declared } => ("PROVEN", declared),
            Answer::Refuted(found) => ("REFUTED", found),
        };
        writeln!(f, "{}: {verdict}", self.name)?;
        writeln!(f, "  asked: {}", self.asked)?;
        let seconds = self.took.as_secs_f64();
        writeln!(f, "  since {}, {} queries, {seconds:.2} s", self.since, self.queries)?;
        if matches!(self.answer, Answer::Proven { .. }) && !shown.is_empty() {
            writeln!(f, "  contradictions that the packs themselves declare:")?;
        }
        shown.iter().try_for_each(|one| one.fmt(f))
    }
}

impl fmt::Display for Counterexample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  - on {}: {}", self.on, self.rules.join(", "))?;
        let Some(facts) = &self.facts else { return Ok(()) };
        if !self.confirmed {
            writeln!(
                f,
                "    # the gate itself does not: the model rests on what its facts do not earn"
            )?;
        }
        let text = toml::to_string(facts).unwrap_or_else(|error| format!("# {error}"));
        writeln!(f, "    # facts for `sarai law ask`, of what differs from nothing:")?;
        text.lines()
            .filter(|line| says_something(line))
            .try_for_each(|line| writeln!(f, "    {line}"))
    }
}

/// Facts that are absent, false or nothing are the default, and left out.
fn says_something(line: &str) -> bool {
    let value = line.split_once(" = ").map_or("", |(_, value)| value);
    !line.is_empty() && !["0", "false", "[]"].contains(&value)
}
