//! Tallies: exact counts of distinct persons, kept as sets that only grow. What stands in a set is a keyed token, never a person.

use serde::{Deserialize, Serialize};

/// What stands for a person in a tally: 128 bits of a keyed hash. Whoever has no key learns nothing from it.
pub type Token = [u8; 16];

/// Most persons that one decision adds to one tally. More go in several decisions.
pub const MEMBERS_MAX: usize = 10_000;

/// In what way a person is in a tally. Ways add up and never go away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Ways(u8);

impl Ways {
    /// Not at all.
    pub const NONE: Self = Self(0);
    /// With personal data that is not sensitive.
    pub const PLAIN: Self = Self(1);
    /// With sensitive data.
    pub const SENSITIVE: Self = Self(2);

    /// From its number in a store.
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & 3)
    }

    /// Its number in a store.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// These and those.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` is in it.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// How many persons are in a tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counted {
    /// In any way.
    pub persons: u64,
    /// With data that is not sensitive.
    pub plain: u64,
    /// With sensitive data. Who is in it both ways counts in both.
    pub sensitive: u64,
}

impl Counted {
    /// The count after one person's ways went from `before` to `after`.
    #[must_use]
    pub fn moved(self, before: Ways, after: Ways) -> Self {
        let new = |way: Ways| u64::from(after.has(way) && !before.has(way));
        Self {
            persons: self.persons + u64::from(before == Ways::NONE && after != Ways::NONE),
            plain: self.plain + new(Ways::PLAIN),
            sensitive: self.sensitive + new(Ways::SENSITIVE),
        }
    }
}

/// Persons to be added to a tally, in the same transaction as everything else of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks {
    /// Which tally: `outbound/2026`.
    pub tally: String,
    /// Who, and in which ways. At most [`MEMBERS_MAX`].
    pub members: Vec<(Token, Ways)>,
    /// What the count must still be when this is committed; otherwise the decision lost a race.
    pub expect: Option<Counted>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_counts_once_in_each_way() {
        let both = Ways::PLAIN.and(Ways::SENSITIVE);
        let once = Counted::default().moved(Ways::NONE, Ways::PLAIN);
        assert_eq!(once, Counted { persons: 1, plain: 1, sensitive: 0 });
        assert_eq!(once.moved(Ways::PLAIN, Ways::PLAIN), once);
        assert_eq!(once.moved(Ways::PLAIN, both), Counted { persons: 1, plain: 1, sensitive: 1 });
        assert_eq!(
            Counted::default().moved(Ways::NONE, both),
            Counted { persons: 1, plain: 1, sensitive: 1 }
        );
    }
}
