//! Digits that belong together: runs of digits with single separators between, as they stand in one line.

use super::{
    Pass,
    chars::{Sign, sign},
};

/// The most groups of one cluster; more are read as the next cluster, which takes up the last few again.
pub(super) const GROUPS_MAX: usize = 16;
/// Groups that the next cluster takes up again.
const GROUPS_AGAIN: usize = 6;
/// The most digits that are kept; a longer run of digits is no identifier.
pub(super) const DIGITS_MAX: usize = 96;
/// The most bytes between two groups.
const GAP_SIGNS_MAX: usize = 3;

/// A run of digits.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Group {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Digits in it.
    pub len: usize,
    /// The separator before it as ASCII, 0 for the first: of several the one that says most.
    pub gap: u8,
    /// Where its digits start in [`Cluster::digits`].
    pub at: usize,
}

/// Groups with what separates them.
#[derive(Debug, Clone)]
pub(super) struct Cluster {
    groups: [Group; GROUPS_MAX],
    /// How many groups.
    pub count: usize,
    digits: [u8; DIGITS_MAX],
    kept: usize,
    /// Where reading goes on.
    pub resume: usize,
    /// There were more groups than are kept.
    pub more: bool,
    /// The last group is closed by a letter X, which [`Cluster::digits`] has too.
    pub ex: bool,
}

impl Cluster {
    /// The group `at`; an empty one past the last.
    #[inline]
    pub fn group(&self, at: usize) -> Group {
        if at < self.count {
            self.groups.get(at).copied().unwrap_or_default()
        } else {
            Group::default()
        }
    }

    /// Digits in group `at`; 0 past the last.
    #[inline]
    pub fn len(&self, at: usize) -> usize {
        self.group(at).len
    }

    /// The separator before group `at`; 0 for the first and past the last.
    #[inline]
    pub fn gap(&self, at: usize) -> u8 {
        self.group(at).gap
    }

    /// The digits of groups `first..=last` as ASCII; empty where there are too many.
    #[inline]
    pub fn digits(&self, first: usize, last: usize) -> &[u8] {
        let (first, last) = (self.group(first), self.group(last));
        self.digits.get(first.at..(last.at + last.len).min(self.kept)).unwrap_or_default()
    }

    /// The value of group `at`, if it is short.
    pub fn value(&self, at: usize) -> Option<u32> {
        crate::check::number(self.digits(at, at))
    }

    /// Whether the groups from `at` have these lengths.
    pub fn lengths(&self, at: usize, lengths: &[usize]) -> bool {
        lengths.iter().enumerate().all(|(offset, length)| self.len(at + offset) == *length)
    }
}

impl Pass<'_, '_> {
    /// Reads the cluster that starts with the digit at `at`.
    pub(super) fn cluster(&self, at: usize) -> Cluster {
        let mut cluster = Cluster {
            groups: [Group::default(); GROUPS_MAX],
            count: 0,
            digits: [0; DIGITS_MAX],
            kept: 0,
            resume: at,
            more: false,
            ex: false,
        };
        let (mut next, mut gap) = (at, 0);
        loop {
            let group = self.group(next, gap, &mut cluster);
            if self.byte(group.end).is_ascii_alphabetic() && cluster.count > 1 && !cluster.ex {
                // A word that starts with digits.
                cluster.count -= 1;
                return cluster;
            }
            cluster.resume = group.end;
            if cluster.count == GROUPS_MAX {
                cluster.count -= 1;
                cluster.resume = cluster.group(GROUPS_MAX - GROUPS_AGAIN).start;
                cluster.more = true;
                return cluster;
            }
            if cluster.ex {
                return cluster;
            }
            match self.gap(group.end) {
                Some((separator, start)) => (gap, next) = (separator, start),
                None => return cluster,
            }
        }
    }

    fn group(&self, start: usize, gap: u8, cluster: &mut Cluster) -> Group {
        let mut group = Group { start, end: start, len: 0, gap, at: cluster.kept };
        let mut at = start;
        loop {
            let rest = self.text.get(at..).unwrap_or_default();
            match sign(rest) {
                (Sign::Digit(digit), width) => {
                    if let Some(slot) = cluster.digits.get_mut(cluster.kept) {
                        *slot = digit;
                        cluster.kept += 1;
                    }
                    group.len += 1;
                    at += width;
                    group.end = at;
                }
                (Sign::Nothing, width) => at += width,
                (Sign::Ex, width) if group.len == 17 || (group.len == 3 && cluster.kept == 17) => {
                    let after = self.byte(at + width);
                    if !after.is_ascii_alphanumeric()
                        && let Some(slot) = cluster.digits.get_mut(cluster.kept)
                    {
                        *slot = b'X';
                        cluster.kept += 1;
                        group.len += 1;
                        group.end = at + width;
                        cluster.ex = true;
                    }
                    break;
                }
                _ => break,
            }
        }
        if let Some(slot) = cluster.groups.get_mut(cluster.count) {
            *slot = group;
            cluster.count += 1;
        }
        group
    }

    /// The separator at `at` and where the digit behind it starts, if it stands between digits.
    fn gap(&self, at: usize) -> Option<(u8, usize)> {
        let (mut at, mut found) = (at, 0);
        for _ in 0..=GAP_SIGNS_MAX {
            match sign(self.text.get(at..)?) {
                (Sign::Digit(_), _) => return (found != 0).then_some((found, at)),
                (Sign::Separator(separator), width) => {
                    if found == 0 || found == b' ' {
                        found = separator;
                    }
                    at += width;
                }
                (Sign::Nothing, width) => at += width,
                _ => return None,
            }
        }
        None
    }
}
