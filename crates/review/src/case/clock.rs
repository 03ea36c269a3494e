//! Clocks in working days: a first day, days allowed, stops that do not count.

use jiff::civil::Date;
use serde::Serialize;

/// Which days count. The working days of China are those of the State Council's yearly notice.
pub trait WorkingDays {
    /// Whether people work on that day.
    fn works(&self, day: Date) -> bool;
}

impl WorkingDays for sarai_law::calendar::Calendar {
    fn works(&self, day: Date) -> bool {
        self.is_working_day(day)
    }
}

/// Longest clock that is counted, days: beyond it a case is older than any procedure.
const DAYS_MAX: usize = 4_000;

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// Runs.
    Running,
    /// Stands still until something is handed in or answered.
    Stopped,
    /// Done in time.
    Done,
    /// Done, but late.
    DoneLate,
    /// Past its last day.
    Overdue,
}

/// A clock of the procedure on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clock {
    /// `need`, `preliminary`, `replies`, `special`.
    pub step: &'static str,
    /// Article and whether its wording was read.
    pub cite: &'static str,
    /// `text` or `memory`.
    pub checked: &'static str,
    /// The day after which counting starts.
    pub from: String,
    /// Working days allowed, extensions included.
    pub days: u16,
    /// Of them by extension.
    pub extended: u16,
    /// Working days gone, without those of stops.
    pub gone: u16,
    /// The last day, as it stands now; none while the clock is stopped.
    pub last_day: Option<String>,
    /// How it stands.
    pub state: ClockState,
}

/// What a clock is made of.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub step: &'static str,
    pub cite: &'static str,
    pub checked: &'static str,
    pub from: Date,
    pub days: u16,
    pub extended: u16,
    pub done: Option<Date>,
    /// Days from and to which it stood still; open at the end while it still does.
    pub stops: Vec<(Date, Option<Date>)>,
}

impl Span {
    fn stopped(&self, day: Date) -> bool {
        self.stops.iter().any(|(from, to)| *from < day && to.is_none_or(|to| day <= to))
    }

    /// The days that count: after the first, worked on, not within a stop.
    fn counted(&self, calendar: &dyn WorkingDays) -> impl Iterator<Item = Date> {
        let days = std::iter::successors(self.from.tomorrow().ok(), |day| day.tomorrow().ok());
        days.take(DAYS_MAX).filter(move |day| calendar.works(*day) && !self.stopped(*day))
    }

    /// The clock on `today`. The first day itself does not count (Civil Code, article 201), nor do days of a stop.
    pub fn on(&self, today: Date, calendar: &dyn WorkingDays) -> Clock {
        let end = self.done.unwrap_or(today);
        let days = self.days.saturating_add(self.extended);
        let last_day = self.counted(calendar).nth(usize::from(days.max(1)) - 1);
        let gone = self.counted(calendar).take_while(|day| *day <= end).count();
        let standing = self.stops.iter().any(|(_, to)| to.is_none());
        let late = last_day.is_some_and(|last| end > last);
        let state = match (self.done.is_some(), standing, late) {
            (true, _, false) => ClockState::Done,
            (true, _, true) => ClockState::DoneLate,
            (false, _, true) => ClockState::Overdue,
            (false, true, false) => ClockState::Stopped,
            (false, false, false) => ClockState::Running,
        };
        Clock {
            step: self.step,
            cite: self.cite,
            checked: self.checked,
            from: self.from.to_string(),
            days,
            extended: self.extended,
            gone: u16::try_from(gone).unwrap_or(u16::MAX),
            last_day: last_day.map(|day| day.to_string()),
            state,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date};

    use super::*;

    struct Weekdays;

    impl WorkingDays for Weekdays {
        fn works(&self, day: Date) -> bool {
            !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
        }
    }

    fn span(days: u16) -> Span {
        Span {
            step: "need",
            cite: "x",
            checked: "memory",
            // A Monday.
            from: date(2026, 3, 2),
            days,
            extended: 0,
            done: None,
            stops: Vec::new(),
        }
    }

    #[test]
    fn the_first_day_and_weekends_do_not_count() {
        let clock = span(10).on(date(2026, 3, 9), &Weekdays);
        assert_eq!((clock.gone, clock.last_day.as_deref()), (5, Some("2026-03-16")));
        assert_eq!(clock.state, ClockState::Running);
        assert_eq!(span(10).on(date(2026, 3, 16), &Weekdays).state, ClockState::Running);
        assert_eq!(span(10).on(date(2026, 3, 17), &Weekdays).state, ClockState::Overdue);
    }

    #[test]
    fn a_stop_moves_the_last_day_and_an_open_stop_hides_it() {
        let mut stopped = span(10);
        stopped.stops.push((date(2026, 3, 4), Some(date(2026, 3, 6))));
        let clock = stopped.on(date(2026, 3, 9), &Weekdays);
        // Thursday and Friday do not count; Wednesday, the day of the question, does.
        assert_eq!((clock.gone, clock.last_day.as_deref()), (3, Some("2026-03-18")));
        stopped.stops.push((date(2026, 3, 9), None));
        let clock = stopped.on(date(2026, 5, 1), &Weekdays);
        assert_eq!((clock.state, clock.last_day), (ClockState::Stopped, None));
    }

    #[test]
    fn an_extension_and_an_end_are_counted() {
        let mut extended = span(5);
        extended.extended = 5;
        extended.done = Some(date(2026, 3, 13));
        let clock = extended.on(date(2027, 1, 1), &Weekdays);
        assert_eq!((clock.days, clock.gone, clock.state), (10, 9, ClockState::Done));
        extended.done = Some(date(2026, 3, 17));
        assert_eq!(extended.on(date(2027, 1, 1), &Weekdays).state, ClockState::DoneLate);
    }

    #[test]
    fn counting_agrees_with_a_slow_walk_over_random_spans() {
        let mut seed = 7u64;
        let mut roll = |n: u64| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % n
        };
        for _ in 0..500 {
            let mut one = span(u16::try_from(1 + roll(60)).expect("small"));
            let at = |days: u64| {
                date(2026, 3, 2)
                    .saturating_add(jiff::Span::new().days(i64::try_from(days).expect("small")))
            };
            let begin = roll(40);
            one.stops.push((at(begin), Some(at(begin + roll(20)))));
            let today = at(roll(200));
            let clock = one.on(today, &Weekdays);
            let counted: Vec<Date> = (1..2_000)
                .map(at)
                .filter(|day| Weekdays.works(*day) && !one.stopped(*day))
                .collect();
            let gone = counted.iter().filter(|day| **day <= today).count();
            assert_eq!(usize::from(clock.gone), gone);
            let last = counted[usize::from(one.days) - 1];
            assert_eq!(clock.last_day, Some(last.to_string()));
            assert_eq!(clock.state == ClockState::Overdue, today > last);
        }
    }
}
