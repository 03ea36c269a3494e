//! What stands in running text of any length.

use std::collections::BTreeMap;

use sarai_detect::{Confidence, Detector, Hit, Kind, Stream, mask_sample};

use super::distinct::{Counter, hash_of};

/// Bytes before the newest piece that a hit can still begin in: a segment of the stream, what it looks ahead, and room.
const KEPT_BYTES: usize = 128 * 1024;
/// The longest piece that is given to the stream at once.
const PIECE_BYTES_MAX: usize = 256 * 1024;

/// Hits of one kind.
#[derive(Debug, Clone)]
pub struct OfKind {
    /// How many.
    pub count: u64,
    /// Different ones.
    pub distinct: Counter,
    /// Line of the first, from 1.
    pub line: u64,
    /// The surest.
    pub confidence: Confidence,
    /// Shape of the first.
    pub sample: String,
}

/// Hits by kind.
pub type Kinds = BTreeMap<Kind, OfKind>;

/// A text that arrives in pieces.
#[derive(Debug)]
pub struct TextTally<'d> {
    stream: Stream<'d>,
    window: Window,
    kinds: Kinds,
    /// Only hits at least this sure are counted.
    confidence_min: Confidence,
}

/// The newest bytes of a text and where they stand in it.
#[derive(Debug, Default)]
struct Window {
    bytes: Vec<u8>,
    /// Bytes of the text before the window.
    before: usize,
    /// Line ends before the window.
    lines: u64,
}

impl<'d> TextTally<'d> {
    /// A text of which nothing was read yet.
    pub fn new(detector: &'d Detector, confidence_min: Confidence) -> Self {
        Self {
            stream: Stream::new(detector),
            window: Window::default(),
            kinds: Kinds::new(),
            confidence_min,
        }
    }

    /// The next piece.
    pub fn push(&mut self, text: &[u8]) {
        let Self { stream, window, kinds, confidence_min } = self;
        for piece in text.chunks(PIECE_BYTES_MAX) {
            window.bytes.extend_from_slice(piece);
            stream.push(piece, |hit| note(window, kinds, *confidence_min, hit));
            window.forget();
        }
    }

    /// Ends the text.
    pub fn finish(self) -> Kinds {
        let Self { stream, window, mut kinds, confidence_min } = self;
        stream.finish(|hit| note(&window, &mut kinds, confidence_min, hit));
        kinds
    }
}

impl Window {
    fn forget(&mut self) {
        // Moving the rest down costs its length: done only when that is a small share.
        if self.bytes.len() < KEPT_BYTES + PIECE_BYTES_MAX {
            return;
        }
        let gone = self.bytes.len() - KEPT_BYTES;
        self.lines += line_ends(self.bytes.get(..gone).unwrap_or_default());
        self.before += gone;
        self.bytes.drain(..gone);
    }
}

fn line_ends(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

fn note(window: &Window, kinds: &mut Kinds, confidence_min: Confidence, hit: Hit) {
    if hit.confidence < confidence_min {
        return;
    }
    let (Some(start), Some(end)) =
        (hit.start.checked_sub(window.before), hit.end.checked_sub(window.before))
    else {
        return;
    };
    let here = Hit { start, end, ..hit };
    let value = String::from_utf8_lossy(here.bytes(&window.bytes));
    let of_kind = kinds.entry(hit.kind).or_insert_with(|| OfKind {
        count: 0,
        distinct: Counter::default(),
        line: window.lines + line_ends(window.bytes.get(..start).unwrap_or_default()) + 1,
        confidence: hit.confidence,
        sample: mask_sample(&window.bytes, &here),
    });
    of_kind.count += 1;
    of_kind.confidence = of_kind.confidence.max(hit.confidence);
    of_kind.distinct.add(hash_of(&value));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(pieces: impl Iterator<Item = Vec<u8>>) -> Kinds {
        let detector = Detector::default();
        let mut text = TextTally::new(&detector, Confidence::Likely);
        pieces.for_each(|piece| text.push(&piece));
        text.finish()
    }

    #[test]
    fn lines_and_counts_hold_over_many_pieces() {
        let filler = "nothing to see on this line\n".repeat(40_000);
        let text =
            format!("{filler}mail ann@example.com\n{filler}mail ANN@example.com, bo@example.com\n");
        for size in [7_919, 100_000, text.len()] {
            let kinds = tally(text.as_bytes().chunks(size).map(<[u8]>::to_vec));
            let mail = &kinds[&Kind::Email];
            assert_eq!((mail.count, mail.distinct.distinct().number(), mail.line), (3, 2, 40_001));
            assert_eq!(mail.sample, "aaa@aaaaaaa.aaa");
        }
    }
}
