//! Which day of the law a moment falls on.

use jiff::{civil::Date, tz::Offset};

/// Laws of the packs begin and end at midnight in China.
const LAW_OFFSET: Offset = Offset::constant(8);

/// The day on which the law is asked at this moment, given in microseconds since 1970. Moments out of range fall on the last day
/// that can be written, on which every rule with an end is over.
pub fn day_of(micros: i64) -> Date {
    jiff::Timestamp::from_microsecond(micros)
        .map_or(Date::MAX, |moment| LAW_OFFSET.to_datetime(moment).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_china() {
        let moment = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_microsecond();
        assert_eq!(day_of(moment("2025-12-31T15:59:59Z")).to_string(), "2025-12-31");
        assert_eq!(day_of(moment("2025-12-31T16:00:00Z")).to_string(), "2026-01-01");
        assert_eq!(day_of(i64::MAX), Date::MAX);
    }
}
