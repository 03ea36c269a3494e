//! What a scan gives back.

use crate::Kind;

/// How sure a hit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// The shape fits, nothing else speaks for it. Not reported unless asked for.
    Possible,
    /// Shape with context, a dictionary, or a grammar.
    Likely,
    /// A check digit together with structure, or a form that means nothing else.
    Sure,
}

impl Confidence {
    /// For people and reports: a rough share of hits of this sort that are right, in percent. Not calibrated.
    pub fn percent(self) -> u8 {
        match self {
            Self::Possible => 40,
            Self::Likely => 80,
            Self::Sure => 98,
        }
    }
}

/// A piece of data found: byte offsets into the input, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hit {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
    /// How sure.
    pub confidence: Confidence,
}

impl Hit {
    /// The bytes of the hit; empty where `text` is not what was scanned.
    pub fn bytes<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        text.get(self.start..self.end).unwrap_or_default()
    }

    fn rank(&self) -> (Confidence, usize) {
        (self.confidence, self.end - self.start)
    }
}

/// Sorts hits by place and drops those that overlap a surer or, as sure, longer one. What stands under a label that
/// names it wins over what merely lies inside.
pub(crate) fn settle(hits: &mut Vec<Hit>, from: usize) {
    let Some(fresh) = hits.get_mut(from..) else { return };
    if fresh.is_sorted_by(|a, b| a.end <= b.start) {
        return;
    }
    fresh.sort_by(|a, b| a.start.cmp(&b.start).then(b.rank().cmp(&a.rank())));
    let mut kept = from;
    for at in from..hits.len() {
        let Some(&hit) = hits.get(at) else { break };
        // A hit can push out several that it overlaps, if it beats each of them.
        let mut back = kept;
        while back > from && hits.get(back - 1).is_some_and(|other| other.end > hit.start) {
            back -= 1;
        }
        let beats =
            hits.get(back..kept).is_some_and(|others| others.iter().all(|o| hit.rank() > o.rank()));
        if beats {
            kept = back;
            if let Some(slot) = hits.get_mut(kept) {
                *slot = hit;
            }
            kept += 1;
        }
    }
    hits.truncate(kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(start: usize, end: usize, confidence: Confidence) -> Hit {
        Hit { start, end, kind: Kind::Mobile, confidence }
    }

    #[test]
    fn the_surer_then_the_longer_stays() {
        use Confidence::{Likely, Sure};
        let mut hits =
            vec![hit(0, 30, Likely), hit(5, 10, Sure), hit(40, 45, Likely), hit(38, 50, Likely)];
        settle(&mut hits, 0);
        assert_eq!(hits, [hit(5, 10, Sure), hit(38, 50, Likely)]);
    }
}
