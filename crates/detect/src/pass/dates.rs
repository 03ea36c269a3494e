//! Dates, times, days of birth, ages.

use super::{Pass, cluster::Cluster};
use crate::{
    Category as C,
    Confidence::{Likely, Sure},
    Kind,
    check::real_date,
};

impl Pass<'_, '_> {
    /// A date, with its time if it has one, or a time alone, that starts with group `at`: how many groups it takes.
    pub(super) fn date_or_time(&mut self, cluster: &Cluster, at: usize) -> usize {
        if cluster.gap(at + 1) == b':' && cluster.len(at) <= 2 && cluster.len(at + 1) == 2 {
            return self.time(cluster, at);
        }
        let gap = cluster.gap(at + 1);
        if !matches!(gap, b'-' | b'/' | b'.')
            || cluster.gap(at + 2) != gap
            || matches!(cluster.gap(at), b'-' | b'.' | b'/')
            || !calendar(cluster, at, gap)
        {
            return 0;
        }
        let closed = !matches!(cluster.gap(at + 3), b'-' | b'.' | b'/');
        if !closed {
            return 0;
        }
        let mut last = at + 2;
        if cluster.gap(at + 3) == b' ' && cluster.gap(at + 4) == b':' {
            last = at + 2 + self.time(cluster, at + 3);
        }
        let end = cluster.group(last).end;
        self.found_date(cluster.group(at).start, self.after_time(end));
        last + 1 - at
    }

    /// `2024-05-01`, with a time behind it or without, as logs have it on every line.
    #[inline]
    pub(super) fn fast_date(&mut self, at: usize) -> bool {
        let Some(&[a, b, c, d, b'-', e, f, b'-', g, h, after]) = self.text.get(at..at + 11) else {
            return false;
        };
        let two = |tens: u8, ones: u8| {
            u32::from(tens.wrapping_sub(b'0')) * 10 + u32::from(ones.wrapping_sub(b'0'))
        };
        let digits = [e, f, g, h].iter().all(u8::is_ascii_digit);
        if !digits
            || after.is_ascii_digit()
            || !after.is_ascii()
            || matches!(after, b'-' | b'.' | b'/')
            || matches!(self.before(at), b'-' | b'.' | b'/')
        {
            return false;
        }
        if !real_date(two(a, b) * 100 + two(c, d), two(e, f), two(g, h)) {
            return false;
        }
        let mut end = at + 10;
        if after == b' ' && self.clock_at(end + 1) {
            end += 9;
            if matches!(self.byte(end), b'.' | b',') && self.digits_at(end + 1) > 0 {
                end += 1 + self.digits_at(end + 1);
            }
        } else if after == b'T' {
            end = self.after_time(end);
        } else if after == b' ' && self.byte(end + 1).is_ascii_digit() {
            return false;
        }
        self.found_date(at, end);
        self.cursor = end;
        true
    }

    /// Whether `12:33:44` stands at `at`.
    fn clock_at(&self, at: usize) -> bool {
        matches!(self.text.get(at..at + 8), Some([a, b, b':', c, d, b':', e, f]) if [a, b, c, d, e, f].iter().all(|byte| byte.is_ascii_digit()))
    }

    /// Adds a date: of birth, if the words before it say so.
    pub(super) fn found_date(&mut self, start: usize, end: usize) {
        if !self.wants(Kind::Date) && !self.wants(Kind::BirthDate) {
            return;
        }
        let near = self.cue.is_some_and(|(category, at)| {
            category == C::PersonBirthDate && at <= start && start - at <= 16
        });
        // Logs have a date on every line; the words before the first of a line cannot name it.
        let before = self.before(start);
        let prose = before > 0x7F
            || before == b' ' && matches!(self.before(start - 1), b'a'..=b'z' | b':' | b'?');
        let birth = near || prose && self.cue_at(start) == Some(C::PersonBirthDate);
        if birth {
            self.hit(start, end, Kind::BirthDate, Sure);
        } else {
            self.hit(start, end, Kind::Date, Likely);
        }
    }

    fn time(&mut self, cluster: &Cluster, at: usize) -> usize {
        let mut last = at;
        while cluster.gap(last + 1) == b':' && cluster.len(last + 1) == 2 && last < at + 2 {
            last += 1;
        }
        if cluster.gap(last + 1) == b'.' && last == at + 2 {
            last += 1;
        }
        last + 1 - at
    }

    /// The end of a time behind a date: `T12:33:44.123Z`, `+08:00`, `,123`.
    fn after_time(&self, end: usize) -> usize {
        let timed = |at: usize| {
            let digits = |from: usize| {
                self.byte(from).is_ascii_digit() && self.byte(from + 1).is_ascii_digit()
            };
            digits(at) && self.byte(at + 2) == b':' && digits(at + 3)
        };
        let mut at = end;
        if self.byte(at) == b'T' && timed(at + 1) {
            at = self.run(at + 1, 18, |byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'));
        }
        if at == end {
            return end;
        }
        match self.byte(at) {
            b'Z' => at + 1,
            b'+' | b'-' if timed(at + 1) => at + 6,
            _ => at,
        }
    }

    /// A four-digit year in prose: "in 1977", "since 2004".
    pub(super) fn year(&mut self, start: usize, end: usize) {
        let Some(year) = crate::check::number(self.slice(start, end)) else { return };
        if !(1900..=2100).contains(&year) || !self.wants(Kind::Date) || self.before(start) != b' ' {
            return;
        }
        let word_start = self.run_back(start - 1, 12, |byte| byte.is_ascii_alphabetic());
        let word = self.slice(word_start, start - 1);
        let after = self.byte(end);
        let ended = matches!(after, b'.' | b',' | b'\n' | b' ' | b'\'' | b')' | b';' | b'?' | b'!');
        let announced = matches!(
            word,
            b"in"
                | b"In"
                | b"since"
                | b"Since"
                | b"during"
                | b"During"
                | b"of"
                | b"until"
                | b"from"
                | b"by"
                | b"a"
        );
        if announced && ended && !(after == b'.' && self.byte(end + 1).is_ascii_digit()) {
            self.hit(start, end, Kind::Date, Likely);
        }
    }

    /// An age: under its label, or before "years old", "year-old", 岁.
    pub(super) fn age(&mut self, start: usize, end: usize) -> bool {
        if !self.wants(Kind::Age) || end - start > 3 {
            return false;
        }
        let Some(1..=120) = crate::check::number(self.slice(start, end)) else { return false };
        let behind = match self.byte(end) {
            b' ' | b'-' if self.byte(end + 1) == b'y' => matches!(
                self.slice(end + 1, end + 6),
                b"years"
                    | b"year "
                    | b"year-"
                    | [b'y', b'/', b'o', ..]
                    | [b'y', b'o', b' ' | b'.' | b',', ..]
            ),
            b' ' => self.goes_on(end + 1, "岁".as_bytes()),
            0xE5 => self.goes_on(end, "岁".as_bytes()),
            _ => false,
        };
        let turned = self.turned(start);
        // "turned 40 pages" is no age.
        let goes_on = self.byte(end) == b' ' && self.byte(end + 1).is_ascii_lowercase();
        let ended = !(goes_on || matches!(self.byte(end), b'%' | b':' | b'-'));
        let labelled = self.cue.is_some_and(|(category, at)| {
            category == C::PersonAge && at <= start && start - at <= 4
        });
        if behind || (turned && ended) || labelled {
            self.hit(start, end, Kind::Age, Sure);
            return true;
        }
        false
    }

    /// Whether "turned", "turn", "aged", "the age of" or "when he was" stands before.
    fn turned(&self, start: usize) -> bool {
        if self.before(start) != b' '
            || !matches!(self.before(start - 1), b'd' | b'n' | b'f' | b's')
        {
            return false;
        }
        let word = self.run_back(start - 1, 8, |byte| byte.is_ascii_alphabetic());
        let before = self.slice(word.saturating_sub(9), word);
        match self.slice(word, start - 1) {
            b"turned" | b"turn" | b"aged" => true,
            b"of" => before.ends_with(b"the age "),
            b"was" => before.ends_with(b"hen he ") || before.ends_with(b"hen she "),
            _ => false,
        }
    }
}

/// Whether three groups are a day of the calendar: year first, or year last with day and month either way round.
fn calendar(cluster: &Cluster, at: usize, gap: u8) -> bool {
    let (Some(a), Some(b), Some(c)) =
        (cluster.value(at), cluster.value(at + 1), cluster.value(at + 2))
    else {
        return false;
    };
    let lengths = (cluster.len(at), cluster.len(at + 1), cluster.len(at + 2));
    match lengths {
        (4, 1..=2, 1..=2) => real_date(a, b, c),
        (1..=2, 1..=2, 4) => real_date(c, b, a) || real_date(c, a, b),
        (2, 2, 2) if gap == b'/' => real_date(2000 + c, b, a) || real_date(2000 + c, a, b),
        _ => false,
    }
}
