//! One pass over a segment: the state that its readers share. Each reader is a file in `pass/`.
//!
//! A reader is called with the place of an event, adds hits, and may move the cursor on: nothing before the cursor is
//! read again as the start of anything. Every look back is bounded, so that a pass takes linear time on any bytes.

mod address;
mod chars;
mod cluster;
mod dates;
mod han;
mod han_names;
mod han_places;
mod keys;
mod latin;
mod marks;
mod names;
mod network;
mod numbers;
mod phones;
mod secrets;
mod tokens;

use crate::{Category, Confidence, Hit, Kind, Options, cue, detector::Signs};

pub(crate) use keys::Keys;

/// How far behind a cue its value may start, in bytes.
const CUE_REACH: usize = 32;
/// The same for few digits.
const SHORT_REACH: usize = 8;
/// How far back prose is searched for a cue: bytes and words.
const PROSE_BYTES: usize = 64;
const PROSE_WORDS: usize = 7;

/// The state of a pass.
pub(crate) struct Pass<'t, 'h> {
    /// The segment with what stands around it.
    pub text: &'t [u8],
    /// Where the segment's own part starts.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What lies before it was read.
    pub cursor: usize,
    /// What its bytes are.
    signs: &'t [Signs],
    /// Keys that were looked up.
    keys: &'t mut Keys,
    options: &'t Options,
    hits: &'h mut Vec<Hit>,
    /// The last cue in a key or in Chinese, and where it ends.
    cue: Option<(Category, usize)>,
    /// The last question for a cue and its answer.
    asked: (usize, Option<Category>),
    /// A Chinese address that is being read.
    open: Option<han_places::Open>,
}

impl<'t, 'h> Pass<'t, 'h> {
    /// A pass over `text` that owns the hits which start in `own`. `signs` has a bit for each byte.
    pub fn new(
        text: &'t [u8],
        own: std::ops::Range<usize>,
        signs: &'t [Signs],
        keys: &'t mut Keys,
        options: &'t Options,
        hits: &'h mut Vec<Hit>,
    ) -> Self {
        let (from, to) = (own.start, own.end);
        let asked = (usize::MAX, None);
        Self {
            text,
            from,
            to,
            cursor: from,
            signs,
            keys,
            options,
            hits,
            cue: None,
            asked,
            open: None,
        }
    }

    /// 64 bits of a sign from `at` on.
    #[inline]
    fn signs_from(&self, at: usize, sign: impl Fn(&Signs) -> u64) -> u64 {
        let (word, bit) = (at / 64, at % 64);
        let low = self.signs.get(word).map_or(0, &sign) >> bit;
        // Shifting twice keeps a shift by 64 away.
        low | self.signs.get(word + 1).map_or(0, &sign) << 1 << (63 - bit)
    }

    /// 64 bits of a sign before `at`, the nearest on top.
    #[inline]
    fn signs_before(&self, at: usize, sign: impl Fn(&Signs) -> u64) -> u64 {
        let (word, bit) = (at / 64, at % 64);
        let high = self.signs.get(word).map_or(0, &sign) << (63 - bit) << 1;
        let below = word.checked_sub(1).and_then(|word| self.signs.get(word)).map_or(0, &sign);
        high | below >> bit
    }

    /// How many digits stand from `at` on, 63 at most.
    #[inline]
    pub(self) fn digits_at(&self, at: usize) -> usize {
        (self.signs_from(at, |signs| signs.digit).trailing_ones() as usize).min(63)
    }

    /// One past the last of the letters and digits from `at` on.
    #[inline]
    pub(self) fn word_stop(&self, at: usize) -> usize {
        let mut at = at;
        loop {
            let ones = self.signs_from(at, |signs| signs.alnum).trailing_ones() as usize;
            at += ones;
            if ones < 64 {
                return at;
            }
        }
    }

    /// The first of the letters and digits right before `at`, 64 back at most.
    #[inline]
    pub(self) fn word_start(&self, at: usize) -> usize {
        at - self.signs_before(at, |signs| signs.alnum).leading_ones() as usize
    }

    /// In the 64 bytes from `base` on, where few digits alone, and where few digits in groups, stand near enough to a
    /// cue that says something of them.
    #[inline]
    pub fn label_reach(&self, base: usize) -> (u64, u64) {
        let Some((category, end)) = self.cue else { return (0, 0) };
        let past = end + CUE_REACH + 1;
        if past <= base {
            return (0, 0);
        }
        let upto = |past: usize| match past.saturating_sub(base) {
            count @ 0..64 => (1 << count) - 1,
            _ => u64::MAX,
        };
        let speaks =
            !matches!(category, Category::NumberSerial | Category::TimeDate | Category::NetIp);
        (if speaks { upto(end + SHORT_REACH + 1) } else { 0 }, upto(past))
    }

    /// Reads the event at this place.
    #[inline]
    pub fn event(&mut self, at: usize) {
        match self.byte(at) {
            b'0'..=b'9' => self.number(at),
            b'@' => self.at_sign(at),
            b':' | b'=' => self.key(at),
            b'A'..=b'Z' => self.capital(at),
            _ => self.high(at),
        }
    }

    /// The digits that one separator joins to the digit before the cursor, if there are any.
    #[inline]
    pub fn hanging_on(&self) -> Option<usize> {
        let at = self.cursor;
        let hangs = at < self.to
            && self.before(at).is_ascii_digit()
            && numbers::joint(self.byte(at))
            && self.byte(at + 1).is_ascii_digit();
        (hangs && at + 1 < self.to).then_some(at + 1)
    }

    /// Adds what is still open at the end.
    pub fn finish(&mut self) {
        self.close_address();
    }

    /// The byte at this place; a line end where there is none, which ends whatever is being read.
    #[inline]
    pub(self) fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(b'\n')
    }

    /// The byte before this place.
    #[inline]
    pub(self) fn before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(b'\n', |at| self.byte(at))
    }

    #[inline]
    pub(self) fn slice(&self, start: usize, end: usize) -> &'t [u8] {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Whether the text goes on with this at `at`.
    pub(self) fn goes_on(&self, at: usize, with: &[u8]) -> bool {
        self.text.get(at..).is_some_and(|rest| rest.starts_with(with))
    }

    /// One past the last byte of the run of bytes from `at` that fit, `limit` at most.
    #[inline]
    pub(self) fn run(&self, at: usize, limit: usize, fits: impl Fn(u8) -> bool) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        at + rest.iter().take(limit).take_while(|byte| fits(**byte)).count()
    }

    /// The first byte of the run of bytes before `at` that fit, `limit` at most.
    #[inline]
    pub(self) fn run_back(&self, at: usize, limit: usize, fits: impl Fn(u8) -> bool) -> usize {
        let rest = self.text.get(..at).unwrap_or_default();
        at - rest.iter().rev().take(limit).take_while(|byte| fits(**byte)).count()
    }

    /// Adds a hit, if it is wanted and starts in the pass's own part.
    pub(self) fn hit(&mut self, start: usize, end: usize, kind: Kind, confidence: Confidence) {
        if confidence >= self.options.confidence_min
            && self.options.wants(kind)
            && (self.from..self.to).contains(&start)
            && start < end
        {
            self.hits.push(Hit { start, end, kind, confidence });
        }
    }

    /// Whether a hit that ends behind `at` was found.
    pub(self) fn covered(&self, at: usize) -> bool {
        self.hits.last().is_some_and(|hit| hit.start <= at && at < hit.end)
    }

    /// Whether a kind is looked for at all.
    pub(self) fn wants(&self, kind: Kind) -> bool {
        self.options.wants(kind)
    }

    /// What the words before `at` say about what starts there.
    pub(self) fn cue_at(&mut self, at: usize) -> Option<Category> {
        if self.asked.0 != at {
            self.asked = (at, self.find_cue(at));
        }
        self.asked.1
    }

    fn find_cue(&self, at: usize) -> Option<Category> {
        let kept = self.near_cue(at);
        let kept = kept.filter(|(_, end)| memchr::memchr(b'\n', self.slice(*end, at)).is_none());
        let prose = || if self.in_prose(at) { self.prose_cue(at) } else { None };
        match kept {
            // A key or label right before it leaves no doubt.
            Some((category, end)) if at - end <= 6 => Some(category),
            Some((category, end)) => {
                Some(prose().filter(|(_, word)| *word > end).map_or(category, |c| c.0))
            }
            None => prose().map(|(category, _)| category),
        }
    }

    /// The last cue, if `at` is in its reach.
    #[inline]
    pub(self) fn near_cue(&self, at: usize) -> Option<(Category, usize)> {
        self.cue.filter(|(_, end)| *end <= at && at - end <= CUE_REACH)
    }

    /// Whether what stands before `at` could be prose: a word, or a sign that words stand before.
    #[inline]
    pub(self) fn in_prose(&self, at: usize) -> bool {
        let before = self.before(at);
        if before == b' ' {
            let sign = self.before(at - 1);
            return sign.is_ascii_alphabetic()
                || matches!(
                    sign,
                    b'?' | b'.' | b'#' | b':' | b'(' | b'<' | b'+' | b'\n' | b' ' | b'>' | b'|'
                );
        }
        match before {
            b'#' | b'(' | b'<' | b'+' | b'\n' | b'|' | b'"' | b'\'' => true,
            _ => before.is_ascii_alphabetic(),
        }
    }

    /// Whether any words could say what the number at `at` is.
    #[inline]
    pub(self) fn may_have_cue(&self, at: usize) -> bool {
        self.in_prose(at) || self.near_cue(at).is_some()
    }

    /// The nearest English word before `at` that is a cue, and where it ends.
    fn prose_cue(&self, at: usize) -> Option<(Category, usize)> {
        let floor = at.saturating_sub(PROSE_BYTES);
        let mut end = at;
        for _ in 0..PROSE_WORDS {
            let gap = self.run_back(end, end - floor, |byte| {
                !byte.is_ascii_alphabetic() && !matches!(byte, b'\n' | b'|' | b'\t' | b'{' | b'}')
            });
            // A label may stand on the line above its value.
            let gap = if end == at && self.before(gap) == b'\n' {
                self.run_back(gap, 4, |byte| byte.is_ascii_whitespace() || byte == b':')
            } else {
                gap
            };
            let start = self.run_back(gap, gap - floor, |byte| byte.is_ascii_alphabetic());
            if start == gap {
                return None;
            }
            if let Some(cue) = cue::of_word(self.slice(start, gap)) {
                return Some((cue.category, gap));
            }
            end = start;
        }
        None
    }
}
