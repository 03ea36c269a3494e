//! The detector: walks over the text by the events of the prefilter and hands each to the reader that knows it.
//!
//! A text is read in segments of up to 64 KiB that are cut at the same places however the text arrives, so that a
//! stream and a whole text give the same hits. A segment is read with some bytes before it and after it, and owns the
//! hits that start in it.

use crate::{
    Hit, Options,
    hit::settle,
    mask::{Around, BLOCK, Masks, classes},
    pass::{Keys, Pass},
};

/// The most bytes that a segment owns.
pub(crate) const SEGMENT_BYTES_MAX: usize = 64 * 1024;
/// A segment is cut behind a line end in its second half, if there is one.
const SEGMENT_BYTES_MIN: usize = SEGMENT_BYTES_MAX / 2;
/// Bytes before a segment that its readers may look at.
pub(crate) const BEFORE_BYTES: usize = 256;
/// Bytes behind a segment that a hit may reach into.
pub(crate) const BEHIND_BYTES: usize = 8 * 1024;

/// Finds personal and important data in bytes.
#[derive(Debug, Clone, Default)]
pub struct Detector {
    options: Options,
}

impl Detector {
    /// A detector with these options. The word lists are read once, by the first scan of the process.
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    /// Its options.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The hits in `text`, by place, without overlap. UTF-8 is assumed; other bytes are no error and in no hit's way.
    pub fn scan(&self, text: &[u8]) -> Vec<Hit> {
        let mut hits = Vec::new();
        self.scan_into(text, &mut hits);
        hits
    }

    /// As [`Detector::scan`], into a vector that is emptied first and can be used again.
    pub fn scan_into(&self, text: &[u8], hits: &mut Vec<Hit>) {
        hits.clear();
        let mut scratch = Scratch::default();
        let mut from = 0;
        while from < text.len() {
            from = self.segment(text, from, &mut scratch, hits);
        }
    }

    /// Calls `found` with each hit, by place.
    pub fn for_each(&self, text: &[u8], mut found: impl FnMut(Hit)) {
        let mut hits = Vec::new();
        let mut scratch = Scratch::default();
        let mut from = 0;
        while from < text.len() {
            from = self.segment(text, from, &mut scratch, &mut hits);
            hits.drain(..).for_each(&mut found);
        }
    }

    /// Whether anything is found, reading no further than to the first segment with a hit.
    pub fn finds_any(&self, text: &[u8]) -> bool {
        let mut hits = Vec::new();
        let mut scratch = Scratch::default();
        let mut from = 0;
        while from < text.len() && hits.is_empty() {
            from = self.segment(text, from, &mut scratch, &mut hits);
        }
        !hits.is_empty()
    }

    /// Reads the segment that starts at `from`, adds its hits, and says where the next one starts. All that lies
    /// [`SEGMENT_BYTES_MAX`] + [`BEHIND_BYTES`] behind `from` must be there, or the end of the text.
    pub(crate) fn segment(
        &self,
        text: &[u8],
        from: usize,
        scratch: &mut Scratch,
        hits: &mut Vec<Hit>,
    ) -> usize {
        let reach = |pass: &Pass<'_, '_>, base: usize| pass.label_reach(base);
        self.segment_by(text, from, scratch, hits, reach)
    }

    /// As [`Detector::segment`], where `reach` says how far cues let few digits be read.
    fn segment_by(
        &self,
        text: &[u8],
        from: usize,
        scratch: &mut Scratch,
        hits: &mut Vec<Hit>,
        reach: impl Fn(&Pass<'_, '_>, usize) -> (u64, u64),
    ) -> usize {
        let cut = cut(text, from);
        let window_start = start_of_char(text, from.saturating_sub(BEFORE_BYTES));
        let window_end = text.len().min(cut + BEHIND_BYTES);
        let Some(window) = text.get(window_start..window_end) else { return cut };
        let first = hits.len();
        let own = from - window_start..cut - window_start;
        scratch.fill(window, own.end);
        let Scratch { signs, masks, keys } = scratch;
        let mut pass = Pass::new(window, own, signs, keys, &self.options, hits);
        walk(&mut pass, masks, reach);
        pass.finish();
        settle(hits, first);
        let mut next = cut;
        for hit in hits.iter_mut().skip(first) {
            hit.start += window_start;
            hit.end += window_start;
            next = next.max(hit.end);
        }
        next
    }
}

/// Where the segment from `from` is cut: behind the last line end of its second half, else between two characters.
fn cut(text: &[u8], from: usize) -> usize {
    let end = from + SEGMENT_BYTES_MAX;
    if end >= text.len() {
        return text.len();
    }
    let half = text.get(from + SEGMENT_BYTES_MIN..end).unwrap_or_default();
    memchr::memrchr(b'\n', half)
        .map_or_else(|| start_of_char(text, end), |at| from + SEGMENT_BYTES_MIN + at + 1)
}

/// The next start of a character at or before `at`, if `at` lies inside one.
fn start_of_char(text: &[u8], at: usize) -> usize {
    let continues = |at: usize| text.get(at).is_some_and(|byte| byte & 0xC0 == 0x80);
    (0..4).map(|back| at.saturating_sub(back)).find(|at| !continues(*at)).unwrap_or(at)
}

/// The prefilter's work of one segment, kept from segment to segment.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    signs: Vec<Signs>,
    masks: Vec<Masks>,
    keys: Keys,
}

/// What the readers ask of 64 bytes: bit `i` for byte `i`.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Signs {
    /// Digits.
    pub digit: u64,
    /// Letters of ASCII and digits.
    pub alnum: u64,
    /// Letters, digits, `_`, `-` and `.`.
    pub key: u64,
}

impl Scratch {
    /// Reads the signs of a text, and where something could start in it before `to`.
    fn fill(&mut self, text: &[u8], to: usize) {
        self.signs.clear();
        self.masks.clear();
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        let mut last = [b'\n'; BLOCK];
        if let Some(slot) = last.get_mut(..rest.len()) {
            slot.copy_from_slice(rest);
        }
        let mut around = Around::default();
        // The first round has the first block ahead of it only.
        for (at, block) in blocks.iter().chain([&last, &[b'\n'; BLOCK]]).enumerate() {
            around.behind = classes(block);
            if at > 0 {
                let here = around.here;
                let alnum = here.digit | here.letter;
                if (at - 1) * BLOCK < to {
                    self.masks.push(around.masks());
                }
                self.signs.push(Signs { digit: here.digit, alnum, key: alnum | here.link });
            }
            around.before = around.here;
            around.here = around.behind;
        }
        // A window over the signs may begin in the last block.
        self.signs.push(Signs::default());
    }
}

/// Calls the readers for the events of the pass's own part, but for those that one has already gone past.
fn walk(
    pass: &mut Pass<'_, '_>,
    masks: &[Masks],
    reach: impl Fn(&Pass<'_, '_>, usize) -> (u64, u64),
) {
    for (block, masks) in masks.iter().enumerate().skip(pass.from / BLOCK) {
        let base = block * BLOCK;
        if base >= pass.to {
            return;
        }
        // What starts before the cursor was read.
        let mut left = u64::MAX;
        loop {
            let done = pass.cursor.saturating_sub(base);
            left &= if done >= BLOCK { 0 } else { u64::MAX << done };
            let waiting = reach(pass, base);
            let events = left & (masks.event | masks.lone & waiting.0 | masks.chain & waiting.1);
            if events == 0 {
                break;
            }
            let bit = events.trailing_zeros() as usize;
            left &= u64::MAX << bit << 1;
            let at = base + bit;
            if at >= pass.to {
                return;
            }
            pass.event(at);
            // Digits that hang on to digits are no event of their own.
            while let Some(next) = pass.hanging_on() {
                pass.number(next);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Confidence;

    /// Every first digit is read, whether a cue lets it or not.
    fn slow(detector: &Detector, text: &[u8]) -> Vec<Hit> {
        let (mut hits, mut scratch, mut from) = (Vec::new(), Scratch::default(), 0);
        while from < text.len() {
            let all = |_: &Pass<'_, '_>, _: usize| (u64::MAX, u64::MAX);
            from = detector.segment_by(text, from, &mut scratch, &mut hits, all);
        }
        hits
    }

    fn piece() -> impl Strategy<Value = String> {
        prop_oneof![
            "[0-9]{1,5}",
            "[0-9]{1,3}[ .:/,-][0-9]{1,4}",
            "[0-9]{1,2}-[a-f0-9]{2}-[a-f0-9]{2}",
            "[-,./:=\\[\"' ()]{1,2}",
            "(zip|postcode|age|date|phone|plate|id|ip|cvv|lat|mac)[=:] ?",
            "(年龄|邮编|手机|座机|日期|订单号)(：|:| )?",
            "(turned|aged|PO Box|lives at|born|call|office|Route) ",
            "( years old|-year-old|岁|号| Street| Main Rd| May| x12|, Berlin)",
            "[a-zA-Z]{1,6}",
            Just("\n".to_owned()),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn what_waits_for_a_cue_is_found_as_if_it_did_not(
            pieces in proptest::collection::vec(piece(), 0..40),
        ) {
            let text = pieces.concat();
            for least in [Confidence::Possible, Confidence::Likely] {
                let detector = Detector::new(Options::default().at_least(least));
                prop_assert_eq!(
                    detector.scan(text.as_bytes()),
                    slow(&detector, text.as_bytes()),
                    "{:?}",
                    text
                );
            }
        }
    }
}
