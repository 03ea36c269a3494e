//! Time as microseconds since 1970 in UTC. Rules never ask the clock: the moment comes in as an argument.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment, microseconds since the Unix epoch. On the wire RFC 3339 in UTC with three decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// One second in microseconds.
pub const SECOND: i64 = 1_000_000;
/// One minute in microseconds.
pub const MINUTE: i64 = 60 * SECOND;
/// One hour in microseconds.
pub const HOUR: i64 = 60 * MINUTE;
/// One day of 24 hours in microseconds.
pub const DAY: i64 = 24 * HOUR;

impl Timestamp {
    /// A moment from microseconds since the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(SECOND)
    }

    /// This moment moved by `micros`, stopping at the ends of the range.
    #[must_use]
    pub const fn plus(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Microseconds from `earlier` to this moment; negative if this one comes first.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(stamp) => write!(f, "{stamp:.3}"),
            Err(_) => f.write_str("out of range"),
        }
    }
}

impl std::str::FromStr for Timestamp {
    type Err = TimeMalformed;

    fn from_str(text: &str) -> Result<Self, TimeMalformed> {
        let stamp: jiff::Timestamp = text.parse().map_err(|_| TimeMalformed)?;
        Ok(Self(stamp.as_microsecond()))
    }
}

/// The text is not an RFC 3339 moment with an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 moment with an offset")]
pub struct TimeMalformed;

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// Where the time comes from. The one implementation that asks the machine lives in the binary.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// A half-open span of time with the zone in which its days are meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// First moment inside.
    pub from: Timestamp,
    /// First moment after.
    pub to: Timestamp,
    /// IANA zone in which the days are meant.
    #[serde(default = "default_zone")]
    pub zone: String,
}

fn default_zone() -> String {
    "Asia/Shanghai".to_owned()
}

impl Window {
    /// Whether `at` is inside.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// Whether the two have a moment in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from < other.to && other.from < self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc_with_three_decimals_and_read_with_any_offset() {
        let moment: Timestamp = "2026-11-23T09:41:00.5+08:00".parse().expect("valid");
        assert_eq!(moment.to_string(), "2026-11-23T01:41:00.500Z");
        assert!("2026-11-23T09:41:00".parse::<Timestamp>().is_err());
        assert!("yesterday".parse::<Timestamp>().is_err());
    }

    #[test]
    fn windows_are_half_open() {
        let at = Timestamp::from_micros;
        let window = |from, to| Window { from: at(from), to: at(to), zone: default_zone() };
        assert!(window(1, 3).contains(at(1)));
        assert!(!window(1, 3).contains(at(3)));
        assert!(!window(1, 3).overlaps(&window(3, 5)));
        assert!(window(1, 4).overlaps(&window(3, 5)));
    }
}
