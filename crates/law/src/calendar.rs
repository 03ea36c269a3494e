//! Working days of China: weekends, public holidays and the days that are worked instead.

use std::collections::BTreeSet;

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use serde::{Deserialize, Serialize};

use crate::{Checked, clock::Deadline};

const EMBEDDED: &str = include_str!("../../../laws/calendar.toml");
/// Longest count of working days: more than ten years of them.
const COUNT_MAX: i32 = 3_000;

/// How sure a counted day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Every year on the way was read in the State Council's notice, or no calendar is needed.
    Certain,
    /// A year on the way is remembered.
    Memory,
    /// The notice of a year on the way has not come out: only weekends and the statutory holidays are known, no shifted days.
    NotAnnounced,
}

/// One year.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    year: i16,
    announced: bool,
    checked: Checked,
    source: String,
    /// Holidays that fall on a day from Monday to Friday, or on a weekend.
    off: Vec<Date>,
    /// Saturdays and Sundays that are worked.
    work: Vec<Date>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    year: Vec<Year>,
}

/// What is known of a year's calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct YearSource {
    /// The year.
    pub year: i16,
    /// How sure.
    pub certainty: Certainty,
    /// Where it was read.
    pub source: String,
}

/// The calendar.
#[derive(Debug, Clone)]
pub struct Calendar {
    off: BTreeSet<Date>,
    work: BTreeSet<Date>,
    years: Vec<YearSource>,
}

/// A calendar that does not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("calendar refused: {0}")]
pub struct BadCalendar(String);

impl Calendar {
    /// The one inside the binary.
    pub fn embedded() -> Result<Self, BadCalendar> {
        Self::parse(EMBEDDED)
    }

    /// Reads one. A worked day that is no weekend, or a day in the wrong year, is refused.
    pub fn parse(text: &str) -> Result<Self, BadCalendar> {
        let file: File = toml::from_str(text).map_err(|error| BadCalendar(error.to_string()))?;
        let mut calendar = Self { off: BTreeSet::new(), work: BTreeSet::new(), years: Vec::new() };
        for year in file.year {
            let strange = year.off.iter().chain(&year.work).find(|day| day.year() != year.year);
            let strange = strange.or_else(|| year.work.iter().find(|day| !weekend(**day)));
            if let Some(day) = strange {
                return Err(BadCalendar(format!("{day} cannot stand in the year {}", year.year)));
            }
            calendar.off.extend(year.off);
            calendar.work.extend(year.work);
            let certainty = match (year.announced, year.checked) {
                (false, _) => Certainty::NotAnnounced,
                (true, Checked::Memory) => Certainty::Memory,
                (true, Checked::Text) => Certainty::Certain,
            };
            calendar.years.push(YearSource { year: year.year, certainty, source: year.source });
        }
        Ok(calendar)
    }

    /// The years it knows.
    pub fn years(&self) -> &[YearSource] {
        &self.years
    }

    /// Whether people work on this day.
    pub fn is_working_day(&self, day: Date) -> bool {
        self.work.contains(&day) || !weekend(day) && !self.off.contains(&day)
    }

    /// The `count`-th working day after `day`, which itself is not counted; with 0 the day itself.
    pub fn working_days_after(&self, day: Date, count: u16) -> Option<Deadline> {
        self.working_days_from(day, i32::from(count))
    }

    /// As [`Self::working_days_after`]; a negative count goes back.
    pub fn working_days_from(&self, day: Date, count: i32) -> Option<Deadline> {
        if count.abs() > COUNT_MAX {
            return None;
        }
        let step = count.signum();
        let (mut due, mut left) = (day, count.abs());
        while left > 0 {
            due = due.checked_add(step.days()).ok()?;
            left -= i32::from(self.is_working_day(due));
        }
        Some(Deadline { due, certainty: self.certainty(day.min(due), day.max(due)) })
    }

    /// Working days after `from` up to and including `to`; 0 where `to` is not later. `None` for spans above ten years.
    pub fn working_days_between(&self, from: Date, to: Date) -> Option<u32> {
        let mut count = 0;
        let mut day = from;
        let mut steps = 0;
        while day < to {
            day = day.checked_add(1.day()).ok()?;
            count += u32::from(self.is_working_day(day));
            steps += 1;
            if steps > 10 * 366 {
                return None;
            }
        }
        Some(count)
    }

    fn certainty(&self, from: Date, to: Date) -> Certainty {
        let of = |year| {
            let known = self.years.iter().find(|known| known.year == year);
            known.map_or(Certainty::NotAnnounced, |known| known.certainty)
        };
        (from.year()..=to.year()).map(of).max().unwrap_or(Certainty::NotAnnounced)
    }
}

fn weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn terms_step_over_holidays_and_count_worked_weekends() {
        let calendar = Calendar::embedded().unwrap();
        for (from, count, due, certainty) in [
            ("2024-02-09", 1, "2024-02-18", Certainty::Certain), // a Sunday that is worked
            ("2024-09-30", 1, "2024-10-08", Certainty::Certain),
            ("2025-09-27", 3, "2025-09-30", Certainty::Certain), // the 27th is a Saturday, the 28th worked
            ("2026-02-13", 2, "2026-02-24", Certainty::Certain),
            ("2026-11-25", 10, "2026-12-09", Certainty::Certain),
            ("2026-12-28", 10, "2027-01-12", Certainty::NotAnnounced),
            ("2021-07-02", 45, "2021-09-03", Certainty::Memory),
            ("2030-01-01", 1, "2030-01-02", Certainty::NotAnnounced),
            ("2026-11-28", 0, "2026-11-28", Certainty::Certain),
        ] {
            let found = calendar.working_days_after(day(from), count).unwrap();
            assert_eq!((found.due, found.certainty), (day(due), certainty), "{from} + {count}");
        }
    }

    #[test]
    fn a_years_working_days_are_as_many_as_the_notices_leave() {
        let calendar = Calendar::embedded().unwrap();
        // Days of the week less the statutory holidays: 11 until 2024, 13 since 2025.
        for (year, working) in [(2024, 251), (2025, 248), (2026, 248)] {
            let (from, to) = (day(&format!("{}-12-31", year - 1)), day(&format!("{year}-12-31")));
            assert_eq!(calendar.working_days_between(from, to), Some(working), "{year}");
        }
    }

    #[test]
    fn a_day_in_the_wrong_place_refuses_the_calendar() {
        let with = |off: &str, work: &str| {
            Calendar::parse(&format!(
                "[[year]]\nyear = 2026\nannounced = true\nchecked = \"text\"\nsource = \"x\"\noff = [{off}]\nwork = [{work}]"
            ))
        };
        assert!(with("\"2026-01-01\"", "\"2026-01-04\"").is_ok());
        for (off, work) in
            [("\"2025-01-01\"", ""), ("", "\"2026-01-05\""), ("\"2026-02-30\"", ""), ("5", "")]
        {
            assert!(with(off, work).is_err(), "{off} {work}");
        }
    }

    proptest! {
        #[test]
        fn going_there_and_counting_back_agree(start in 0_i64..2500, count in 1_u16..200) {
            let calendar = Calendar::embedded().unwrap();
            let from = day("2020-01-01").checked_add(start.days()).unwrap();
            let found = calendar.working_days_after(from, count).unwrap();
            prop_assert!(calendar.is_working_day(found.due));
            // The slow obvious way: every day on the way, one after another.
            let mut each = from;
            let mut working = 0;
            while each < found.due {
                each = each.tomorrow().unwrap();
                working += u32::from(calendar.is_working_day(each));
            }
            prop_assert_eq!(working, u32::from(count));
            prop_assert_eq!(calendar.working_days_between(from, found.due), Some(working));
        }
    }
}
