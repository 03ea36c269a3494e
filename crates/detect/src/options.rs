//! What a detector looks for.

use crate::{Confidence, KINDS, Kind};

/// Settings of a detector. The default finds every kind at [`Confidence::Likely`] and above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    wanted: u128,
    /// The least confidence of a hit that is reported.
    pub confidence_min: Confidence,
}

impl Default for Options {
    fn default() -> Self {
        Self { wanted: u128::MAX, confidence_min: Confidence::Likely }
    }
}

// A kind is a bit of a word.
const _: () = assert!(KINDS.len() <= 128);

impl Options {
    /// These kinds only.
    pub fn only(kinds: impl IntoIterator<Item = Kind>) -> Self {
        kinds
            .into_iter()
            .fold(Self { wanted: 0, ..Self::default() }, |options, kind| options.with(kind))
    }

    /// Every kind but those that are of no person and in every log: dates, web addresses, bare places.
    pub fn quiet() -> Self {
        [Kind::Date, Kind::Url, Kind::Place, Kind::CnPlace, Kind::ServicePhone]
            .into_iter()
            .fold(Self::default(), Self::without)
    }

    /// This kind too.
    pub fn with(mut self, kind: Kind) -> Self {
        self.wanted |= 1 << kind as u8;
        self
    }

    /// Without this kind.
    pub fn without(mut self, kind: Kind) -> Self {
        self.wanted &= !(1 << kind as u8);
        self
    }

    /// With hits of this confidence and above.
    pub fn at_least(mut self, confidence: Confidence) -> Self {
        self.confidence_min = confidence;
        self
    }

    /// Whether this kind is looked for.
    pub fn wants(&self, kind: Kind) -> bool {
        self.wanted >> kind as u8 & 1 == 1
    }
}
