//! The detector: walks over the text by the events of the prefilter and hands each to the reader that knows it.
//!
//! A text is read in segments of up to 64 KiB that are cut at the same places however the text arrives, so that a
//! stream and a whole text give the same hits. A segment is read with some bytes before it and after it, and owns the
//! hits that start in it.

use crate::{
    Hit, Options,
    hit::settle,
    mask::{BLOCK, Carry, masks},
    pass::Pass,
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
        let cut = cut(text, from);
        let window_start = start_of_char(text, from.saturating_sub(BEFORE_BYTES));
        let window_end = text.len().min(cut + BEHIND_BYTES);
        let Some(window) = text.get(window_start..window_end) else { return cut };
        let first = hits.len();
        scratch.fill(window);
        let own = from - window_start..cut - window_start;
        let mut pass = Pass::new(window, own, &scratch.digits, &self.options, hits);
        walk(&mut pass, &scratch.events);
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
    digits: Vec<u64>,
    events: Vec<u64>,
}

impl Scratch {
    fn fill(&mut self, text: &[u8]) {
        self.digits.clear();
        self.events.clear();
        let mut carry = Carry::default();
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        let mut last = [b'\n'; BLOCK];
        if let Some(slot) = last.get_mut(..rest.len()) {
            slot.copy_from_slice(rest);
        }
        let ends = blocks.iter().skip(1).map(|block| block[0]).chain([last[0]]);
        for (block, next) in blocks.iter().zip(ends).chain([(&last, b'\n')]) {
            let found = masks(block, next, &mut carry);
            self.digits.push(found.digit);
            self.events.push(found.event);
        }
        // A window over the digits may begin in the last block.
        self.digits.push(0);
    }
}

/// Calls the readers for the events of the pass's own part, but for those that one has already gone past.
fn walk(pass: &mut Pass<'_, '_>, events: &[u64]) {
    let first = pass.from / BLOCK;
    for (block, events) in events.iter().enumerate().skip(first) {
        let base = block * BLOCK;
        if base >= pass.to {
            return;
        }
        let mut events = *events;
        while events != 0 {
            let bit = events.trailing_zeros() as usize;
            let at = base + bit;
            if at < pass.cursor {
                let done = pass.cursor - base;
                events = if done >= BLOCK { 0 } else { events & u64::MAX << done };
                continue;
            }
            events &= events - 1;
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
