//! What is kept longer than the subject says that it keeps it.

use jiff::civil::{Date, DateTime};

use super::Observed;
use crate::{Evidence, Group, Place, collect::Collected, report::number, subject::Subject};

/// Holds the oldest row of every table with a term against that term.
pub fn observe(subject: &Subject, collected: &Collected, seen: &mut Vec<Observed>) {
    let Some(on) = subject.on else { return };
    for moments in &collected.moments {
        let table = format!("{}/{}", moments.source, moments.table);
        let Some(keep) = subject.keep.iter().find(|keep| keep.table == table) else { continue };
        let Some(over) = days_over(&moments.oldest, on, keep.days) else { continue };
        let evidence = Evidence {
            place: Place {
                source: moments.source.clone(),
                within: format!("{}.{}", moments.table, moments.column),
            },
            count: moments.rows,
            persons: moments.persons,
            sample: None,
            sha256: None,
        };
        let (oldest, days) =
            (moments.oldest.get(..10).unwrap_or(&moments.oldest).to_owned(), keep.days);
        let mut observed =
            Observed::new("retention_over", &table, Group::Retention, vec![evidence]).detail(
                format!(
                    "the oldest row is of {oldest}; {days} days are stated, it is {} days over",
                    number(over)
                ),
                format!("最早记录为 {oldest}，声明保存 {days} 天，已超期 {} 天", number(over)),
            );
        observed.days = over;
        seen.push(observed);
    }
}

/// By how many days a moment is older than its term; none where it is not.
fn days_over(oldest: &str, on: Date, days: u32) -> Option<u64> {
    let day = oldest
        .parse::<DateTime>()
        .map(DateTime::date)
        .or_else(|_| oldest.get(..10).unwrap_or(oldest).parse::<Date>())
        .ok()?;
    let age = i64::from((on - day).get_days());
    u64::try_from(age - i64::from(days)).ok().filter(|over| *over > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_over_its_term_from_the_next_day() {
        let on = Date::constant(2026, 11, 23);
        assert_eq!(days_over("2026-10-24T08:00:00", on, 30), None);
        assert_eq!(days_over("2026-10-23T08:00:00", on, 30), Some(1));
        assert_eq!(days_over("2020-11-23", on, 365), Some(2191 - 365));
        assert_eq!(days_over("yesterday", on, 1), None);
    }
}
