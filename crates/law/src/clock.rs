//! Terms: `10 working_days after contract_effective`.

use std::fmt;

use jiff::{ToSpan, civil::Date};
use serde::Serialize;

use crate::{
    Event, Word,
    calendar::{Calendar, Certainty},
};

/// What a term is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Hours.
    Hours,
    /// Days of the calendar.
    Days,
    /// Working days of China.
    WorkingDays,
    /// Months.
    Months,
    /// Years.
    Years,
}

impl Unit {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Hours, "hours"),
        (Self::Days, "days"),
        (Self::WorkingDays, "working_days"),
        (Self::Months, "months"),
        (Self::Years, "years"),
    ];

    /// As it is written.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(unit, _)| *unit == self).map_or("", |(_, word)| word)
    }
}

/// A term that runs from a day, or ends before one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Clock {
    /// How many.
    pub count: u16,
    /// Of what.
    pub unit: Unit,
    /// Counted back from the event.
    pub before: bool,
    /// The event.
    pub event: Event,
}

/// A day by which something must be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Deadline {
    /// The last day.
    pub due: Date,
    /// How sure the calendar is on the way there.
    pub certainty: Certainty,
}

impl Clock {
    /// Reads `N unit after|before event`.
    pub fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let [count, unit, side, event] = words.as_slice() else { return None };
        let (unit, _) = Unit::ALL.into_iter().find(|(_, word)| word == unit)?;
        let before = match *side {
            "after" => false,
            "before" => true,
            _ => return None,
        };
        Some(Self { count: count.parse().ok()?, unit, before, event: Event::of(event)? })
    }

    /// The last day of the term when the event falls on `day`. A term in hours ends on the day on which its last hour falls.
    /// `None` past the end of time.
    pub fn due(&self, day: Date, calendar: &Calendar) -> Option<Deadline> {
        let count = i64::from(self.count) * if self.before { -1 } else { 1 };
        let plain = |due: Date| Deadline { due, certainty: Certainty::Certain };
        match self.unit {
            Unit::WorkingDays => calendar.working_days_from(day, i32::try_from(count).ok()?),
            Unit::Hours => {
                let days = (count.abs() + 23) / 24 * count.signum();
                day.checked_add(days.days()).ok().map(plain)
            }
            Unit::Days => day.checked_add(count.days()).ok().map(plain),
            Unit::Months => day.checked_add(count.months()).ok().map(plain),
            Unit::Years => day.checked_add(count.years()).ok().map(plain),
        }
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = if self.before { "before" } else { "after" };
        let unit = self.unit.word().replace('_', " ");
        write!(f, "{} {unit} {side} {}", self.count, self.event.word().replace('_', " "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_read_and_counted() {
        let calendar = Calendar::embedded().unwrap();
        for (text, day, due) in [
            ("3 years after transfer", "2026-02-28", "2029-02-28"),
            ("72 hours after breach_found", "2026-03-02", "2026-03-05"),
            ("24 hours after flaw_found", "2026-03-02", "2026-03-03"),
            ("6 months before certificate_expires", "2026-08-31", "2026-02-28"),
            ("10 working_days after contract_effective", "2026-09-25", "2026-10-15"),
            ("60 working_days before assessment_expires", "2026-06-30", "2026-04-01"),
        ] {
            let clock = Clock::parse(text).unwrap();
            assert_eq!(
                clock.due(day.parse().unwrap(), &calendar).unwrap().due.to_string(),
                due,
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_term_is_not_read() {
        for text in [
            "",
            "10 days",
            "x days after transfer",
            "10 weeks after transfer",
            "1 days upon transfer",
            "1 days after lunch",
        ] {
            assert_eq!(Clock::parse(text), None, "{text}");
        }
    }
}
