//! The prefilter: for 64 bytes at a time, bit masks of where something could start. Clean text costs nothing more.
//!
//! By the `wide` crate: SSE2 on x86-64, NEON on ARM, plain code elsewhere. A test holds it against byte by byte.

use wide::i8x16;

/// Bytes that one block covers.
pub(crate) const BLOCK: usize = 64;

/// The longest chain of digits and separators that may wait for a label; the shortest IPv4 address has one more.
const SHORT_BYTES_MAX: u32 = 6;

/// What a block has: bit `i` for byte `i`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Masks {
    /// Where a reader is called: the first digit of digits that single separators join; a capital that no letter or
    /// digit precedes and a small letter, a dot, `<` or a byte above ASCII follows; `@`, `=`, and `:` behind no digit;
    /// the first byte above ASCII of its run; `B` of a `BEGIN` line.
    pub event: u64,
    /// Where a reader is called only shortly behind a cue: few digits alone between signs that speak for nothing.
    pub lone: u64,
    /// The same for few digits in several groups.
    pub chain: u64,
}

/// Classes of the bytes of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Classes {
    /// Digits.
    pub digit: u64,
    /// Letters of ASCII.
    pub letter: u64,
    /// `_`, `-` and `.`: what stands inside a key.
    pub link: u64,
    upper: u64,
    /// `@` and `=`.
    mark: u64,
    colon: u64,
    /// `-`, `.`, `/`, `:`, `(`, `)` and blank: what may stand between two digits of one number.
    joint: u64,
    /// `-`.
    dash: u64,
    blank: u64,
    /// Signs before a number that words never stand before: `,`, `-`, `.`, `/`, `:`, `=`, `[`; digits too.
    plain: u64,
    /// Signs that part a blank from the words before it: `,`, `-`, `/`, `"`, `]`; digits too.
    apart: u64,
    high: u64,
}

/// Bits of the bytes in `first..first + count`, by a shift of the range to the bottom of the signed bytes.
#[inline]
fn within(bytes: i8x16, first: u8, count: u8) -> i8x16 {
    let shifted = bytes + i8x16::splat(0x80_u8.wrapping_sub(first).cast_signed());
    shifted.simd_lt(i8x16::splat(0x80_u8.wrapping_add(count).cast_signed()))
}

#[inline]
fn bits(bytes: i8x16) -> u64 {
    u64::from(bytes.to_bitmask())
}

/// Classes of a block.
#[inline]
pub(crate) fn classes(block: &[u8; BLOCK]) -> Classes {
    let mut all = Classes::default();
    let (parts, _) = block.as_chunks::<16>();
    for (part, at) in parts.iter().zip([0, 16, 32, 48]) {
        let bytes = i8x16::new(part.map(u8::cast_signed));
        let equal = |byte: u8| bytes.simd_eq(i8x16::splat(byte.cast_signed()));
        let (digit, dash, equals, blank) =
            (within(bytes, b'0', 10), equal(b'-'), equal(b'='), equal(b' '));
        let colon = equal(b':');
        let dotted = within(bytes, b'-', 3);
        all.digit |= bits(digit) << at;
        all.letter |= bits(within(bytes | i8x16::splat(0x20), b'a', 26)) << at;
        all.upper |= bits(within(bytes, b'A', 26)) << at;
        all.link |= bits(within(bytes, b'-', 2) | equal(b'_')) << at;
        all.mark |= bits(equal(b'@') | equals) << at;
        all.colon |= bits(colon) << at;
        all.dash |= bits(dash) << at;
        all.blank |= bits(blank) << at;
        all.joint |= bits(within(bytes, b'(', 2) | dotted | colon | blank) << at;
        all.plain |= bits(within(bytes, b',', 15) | equals | equal(b'[')) << at;
        all.apart |=
            bits(within(bytes, b',', 2) | within(bytes, b'/', 11) | equal(b'"') | equal(b']'))
                << at;
        all.high |= bits(bytes) << at;
    }
    all
}

#[cfg(test)]
fn slow_classes(block: &[u8; BLOCK]) -> Classes {
    let mut all = Classes::default();
    for (at, byte) in block.iter().enumerate() {
        all.digit |= u64::from(byte.is_ascii_digit()) << at;
        all.letter |= u64::from(byte.is_ascii_alphabetic()) << at;
        all.upper |= u64::from(byte.is_ascii_uppercase()) << at;
        all.link |= u64::from(matches!(byte, b'_' | b'-' | b'.')) << at;
        all.mark |= u64::from(matches!(byte, b'@' | b'=')) << at;
        all.colon |= u64::from(*byte == b':') << at;
        all.dash |= u64::from(*byte == b'-') << at;
        all.blank |= u64::from(*byte == b' ') << at;
        all.joint |=
            u64::from(matches!(byte, b'-' | b'.' | b' ' | b'/' | b':' | b'(' | b')')) << at;
        all.plain |=
            u64::from(matches!(byte, b',' | b'-' | b'.' | b'/' | b'0'..=b'9' | b':' | b'=' | b'['))
                << at;
        all.apart |=
            u64::from(matches!(byte, b',' | b'-' | b'/' | b'0'..=b'9' | b'"' | b']')) << at;
        all.high |= u64::from(!byte.is_ascii()) << at;
    }
    all
}

/// Three blocks side by side: the one that is judged, and what stands around it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Around {
    /// The block before.
    pub before: Classes,
    /// The block.
    pub here: Classes,
    /// The block behind.
    pub behind: Classes,
}

impl Around {
    /// Bits of what stands `by` bytes before each place.
    #[inline]
    fn back(&self, class: impl Fn(&Classes) -> u64, by: u32) -> u64 {
        class(&self.here) << by | class(&self.before) >> (64 - by)
    }

    /// Bits of what stands `by` bytes behind each place.
    #[inline]
    fn ahead(&self, class: impl Fn(&Classes) -> u64, by: u32) -> u64 {
        // Shifting twice keeps a shift by 64 away.
        class(&self.here) >> by | class(&self.behind) << 1 << (63 - by)
    }

    /// The masks of the block.
    #[inline]
    pub fn masks(&self) -> Masks {
        let all = &self.here;
        let alnum = |c: &Classes| c.digit | c.letter;
        // Which capitals open a name; the last bit asks the block behind.
        let small = |c: &Classes| c.letter & !c.upper | c.high;
        let opens = self.ahead(small, 1);
        let upper = all.upper & !self.back(alnum, 1);
        // `-----BEGIN`, `P<`, `P.O. Box`: capitals that mean something else.
        let dashed = self.back(|c| c.dash, 1) & self.back(|c| c.dash, 2);
        let odd = all.upper & (dashed | !self.ahead(alnum, 1));
        let first = self.first_digits();
        let (lone, chain) = self.waiting(first);
        Masks {
            event: first & !(lone | chain)
                | upper & (opens | odd)
                | all.mark
                | all.colon & !self.back(|c| c.digit, 1)
                | all.high & !self.back(|c| c.high, 1),
            lone,
            chain,
        }
    }

    /// The first digits of numbers.
    #[inline]
    fn first_digits(&self) -> u64 {
        let digit = |c: &Classes| c.digit;
        let joined = self.back(|c| c.joint, 1) & self.back(digit, 2);
        self.here.digit & !self.back(digit, 1) & !joined
    }

    /// Of the first digits, those that only a cue before them can make something of.
    #[inline]
    fn waiting(&self, first: u64) -> (u64, u64) {
        if first == 0 {
            return (0, 0);
        }
        let digit = |c: &Classes| c.digit;
        let plain = self.back(|c| c.plain, 1);
        let apart = self.back(|c| c.blank, 1) & self.back(|c| c.apart, 2);
        let alone = first & (plain | apart);
        let (mut lone, mut chain, mut fits) = (0, 0, alone);
        // Whether all up to here were digits, for each first digit.
        let mut digits = alone;
        for length in 1..=SHORT_BYTES_MAX {
            let over = self.over(length);
            let here = fits & over;
            // `02-ab-...` may be an address of a network card.
            let card = if length == 2 {
                self.ahead(|c| c.dash, 2) & self.ahead(|c| c.letter, 3)
            } else {
                0
            };
            lone |= if length < 5 { here & digits & !card } else { 0 };
            chain |= here & !digits;
            fits &= !here;
            let next_digit = self.ahead(digit, length);
            let between = self.ahead(|c| c.joint, length)
                & self.ahead(digit, length - 1)
                & self.ahead(digit, length + 1);
            fits &= next_digit | between;
            digits &= next_digit;
        }
        (lone, chain)
    }

    /// Where a number that is `length` bytes long is over, and what stands behind it says nothing.
    #[inline]
    fn over(&self, length: u32) -> u64 {
        let at = |class: fn(&Classes) -> u64, by: u32| self.ahead(class, length + by);
        let goes_on = at(|c| c.digit | c.letter | c.high, 0)
            | at(|c| c.joint, 0)
                & (at(|c| c.digit | c.high, 1)
                    | at(|c| c.joint, 1) & at(|c| c.digit | c.high, 2))
            // `12 March`, `40 years`.
            | at(|c| c.blank, 0) & at(|c| c.letter, 1)
            // Hexadecimal groups.
            | at(|c| c.colon, 0) & at(|c| c.letter | c.colon, 1);
        !goes_on
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn fast_classes_are_the_plain_ones(bytes in proptest::collection::vec(any::<u8>(), BLOCK)) {
            let block: &[u8; BLOCK] = bytes.as_slice().try_into().unwrap();
            prop_assert_eq!(classes(block), slow_classes(block));
        }
    }

    fn byte(text: &[u8], at: isize) -> u8 {
        usize::try_from(at).ok().and_then(|at| text.get(at)).copied().unwrap_or(b'\n')
    }

    fn joint(byte: u8) -> bool {
        matches!(byte, b'-' | b'.' | b' ' | b'/' | b':' | b'(' | b')')
    }

    /// Whether the rule as it is written down has an event here.
    fn slow_event(text: &[u8], at: isize) -> bool {
        let byte = |at| byte(text, at);
        let (before, here, next) = (byte(at - 1), byte(at), byte(at + 1));
        match here {
            b'0'..=b'9' => {
                !(before.is_ascii_digit() || joint(before) && byte(at - 2).is_ascii_digit())
            }
            b'A'..=b'Z' => {
                !before.is_ascii_alphanumeric()
                    && (next.is_ascii_lowercase()
                        || !next.is_ascii_alphanumeric()
                        || before == b'-' && byte(at - 2) == b'-')
            }
            b'@' | b'=' => true,
            b':' => !before.is_ascii_digit(),
            0x80.. => before.is_ascii(),
            _ => false,
        }
    }

    /// How many bytes the digits with single separators from `at` on take, and whether there is a separator.
    fn slow_chain(text: &[u8], at: isize) -> (isize, bool) {
        let (mut end, mut grouped) = (at, false);
        loop {
            if byte(text, end).is_ascii_digit() {
                end += 1;
            } else if joint(byte(text, end)) && byte(text, end + 1).is_ascii_digit() {
                end += 1;
                grouped = true;
            } else {
                return (end - at, grouped);
            }
        }
    }

    /// Whether a first digit may wait for a cue: few digits, and neither side speaks for anything.
    fn slow_waits(text: &[u8], at: isize) -> bool {
        let byte = |at| byte(text, at);
        let before = match byte(at - 1) {
            b',' | b'-' | b'.' | b'/' | b':' | b'=' | b'[' => true,
            b' ' => matches!(byte(at - 2), b',' | b'-' | b'/' | b'"' | b']' | b'0'..=b'9'),
            _ => false,
        };
        let (length, grouped) = slow_chain(text, at);
        let (end, after, third) = (byte(at + length), byte(at + length + 1), byte(at + length + 2));
        let more = |byte: u8| byte.is_ascii_digit() || !byte.is_ascii();
        let behind = end.is_ascii_alphanumeric()
            || !end.is_ascii()
            || joint(end) && (more(after) || joint(after) && more(third))
            || end == b' ' && after.is_ascii_alphabetic()
            || end == b':' && (after.is_ascii_alphabetic() || after == b':')
            || length == 2 && end == b'-' && after.is_ascii_alphabetic();
        before && !behind && length <= if grouped { SHORT_BYTES_MAX as isize } else { 4 }
    }

    proptest! {
        #[test]
        fn events_are_those_of_the_rule(text in "[a-cA-B0-2 .:=@é(<,+\"\\[/-]{0,400}") {
            let text = text.as_bytes();
            let mut padded = text.to_vec();
            padded.resize(padded.len().next_multiple_of(BLOCK) + BLOCK, b'\n');
            let mut around = Around::default();
            let mut blocks = padded.chunks_exact(BLOCK).map(|block| classes(block.try_into().unwrap()));
            around.here = blocks.next().unwrap();
            let mut found = Vec::new();
            for behind in blocks {
                around.behind = behind;
                found.push(around.masks());
                around = Around { before: around.here, here: behind, behind };
            }
            for at in 0..text.len() {
                let bit = |mask: fn(&Masks) -> u64| {
                    found.get(at / BLOCK).is_some_and(|masks| mask(masks) >> (at % BLOCK) & 1 == 1)
                };
                let at = at as isize;
                let waits = slow_event(text, at) && text[at as usize].is_ascii_digit() && slow_waits(text, at);
                let grouped = slow_chain(text, at).1;
                prop_assert_eq!(bit(|m| m.event), slow_event(text, at) && !waits, "event {} in {:?}", at, text);
                prop_assert_eq!(bit(|m| m.lone), waits && !grouped, "lone {} in {:?}", at, text);
                prop_assert_eq!(bit(|m| m.chain), waits && grouped, "chain {} in {:?}", at, text);
            }
        }
    }
}
