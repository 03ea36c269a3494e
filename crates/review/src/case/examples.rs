//! What happened in 2021 and 2022, as timelines to compare a case with.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

/// A day of an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// The day.
    #[serde(deserialize_with = "day")]
    pub on: Date,
    /// What happened.
    pub what: Words,
    /// The effect that was ordered on it, in the word of a directive.
    pub order: Option<String>,
    /// The effect that was lifted on it.
    pub lifts: Option<String>,
    /// `text` where the day was read in a source, `memory` where not.
    #[serde(default = "text")]
    pub checked: String,
}

/// A platform that was reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// `didi`, `fta`, `kanzhun`.
    pub id: String,
    /// Its name.
    pub name: Words,
    /// What happened, in order.
    #[serde(rename = "moment")]
    pub moments: Vec<Moment>,
}

impl Example {
    /// Days for which new registrations stood still.
    pub fn registration_days(&self) -> Option<i32> {
        let on = |wanted: fn(&Moment) -> &Option<String>| {
            let stop = Some("suspend_registration".to_owned());
            self.moments.iter().find(|moment| *wanted(moment) == stop).map(|moment| moment.on)
        };
        let (from, to) = (on(|moment| &moment.order)?, on(|moment| &moment.lifts)?);
        Some((to - from).get_days())
    }
}

fn text() -> String {
    "text".to_owned()
}

fn day<'de, D: serde::Deserializer<'de>>(source: D) -> Result<Date, D::Error> {
    String::deserialize(source)?.parse().map_err(serde::de::Error::custom)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    example: Vec<Example>,
}

static EXAMPLES: LazyLock<Vec<Example>> = LazyLock::new(|| {
    let read = toml::from_str::<File>(include_str!("../../data/timelines.toml"));
    read.map(|file| file.example).unwrap_or_default()
});

/// The reviews of 2021: Didi, Full Truck Alliance, Boss Zhipin.
pub fn examples() -> &'static [Example] {
    &EXAMPLES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_timeline_reads_in_order_and_lasts_as_long_as_it_did() {
        let days: Vec<_> =
            examples().iter().map(|one| (one.id.as_str(), one.registration_days())).collect();
        assert_eq!(days, [("didi", Some(563)), ("fta", Some(359)), ("kanzhun", Some(359))]);
        for example in examples() {
            assert!(example.moments.is_sorted_by_key(|moment| moment.on), "{}", example.id);
        }
    }
}
