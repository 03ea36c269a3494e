//! The prefilter: for 64 bytes at a time, bit masks of where something could start. Clean text costs nothing more.
//!
//! By the `wide` crate: SSE2 on x86-64, NEON on ARM, plain code elsewhere. A test holds it against byte by byte.

use wide::i8x16;

/// Bytes that one block covers.
pub(crate) const BLOCK: usize = 64;

/// What a block has: bit `i` for byte `i`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Masks {
    /// Digits.
    pub digit: u64,
    /// Where a reader is called: the first digit of digits that single separators join; a capital that no letter or
    /// digit precedes and a small letter, a dot, `<` or a byte above ASCII follows; `@`, `=`, and `:` behind no digit;
    /// the first byte above ASCII of its run; `B` of a `BEGIN` line.
    pub event: u64,
}

/// What the last bytes of the block before were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Carry {
    digit: u64,
    alnum: u64,
    high: u64,
    joint: u64,
}

/// Classes of the bytes of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Classes {
    digit: u64,
    letter: u64,
    upper: u64,
    /// `@` and `=`.
    mark: u64,
    colon: u64,
    /// Blank and `(` to `:` but digits: what may stand between two digits of one number.
    joint: u64,
    /// `-`.
    dash: u64,
    high: u64,
}

/// Bits of the bytes in `first..first + count`, by a shift of the range to the bottom of the signed bytes.
#[inline]
fn within(bytes: i8x16, first: u8, count: u8) -> u64 {
    let shifted = bytes + i8x16::splat(0x80_u8.wrapping_sub(first).cast_signed());
    bits(shifted.simd_lt(i8x16::splat(0x80_u8.wrapping_add(count).cast_signed())))
}

#[inline]
fn bits(bytes: i8x16) -> u64 {
    u64::from(bytes.to_bitmask())
}

#[inline]
fn classes(block: &[u8; BLOCK]) -> Classes {
    let mut all = Classes::default();
    let (parts, _) = block.as_chunks::<16>();
    for (part, at) in parts.iter().zip([0, 16, 32, 48]) {
        let bytes = i8x16::new(part.map(u8::cast_signed));
        let equal = |byte: u8| bytes.simd_eq(i8x16::splat(byte.cast_signed()));
        all.digit |= within(bytes, b'0', 10) << at;
        all.letter |= within(bytes | i8x16::splat(0x20), b'a', 26) << at;
        all.upper |= within(bytes, b'A', 26) << at;
        all.mark |= bits(equal(b'@') | equal(b'=')) << at;
        all.colon |= bits(equal(b':')) << at;
        all.dash |= bits(equal(b'-')) << at;
        all.joint |= (within(bytes, b'(', 19) | bits(equal(b' '))) << at;
        all.high |= bits(bytes) << at;
    }
    all
}

#[cfg(test)]
fn plain(block: &[u8; BLOCK]) -> Classes {
    let mut all = Classes::default();
    for (at, byte) in block.iter().enumerate() {
        all.digit |= u64::from(byte.is_ascii_digit()) << at;
        all.letter |= u64::from(byte.is_ascii_alphabetic()) << at;
        all.upper |= u64::from(byte.is_ascii_uppercase()) << at;
        all.mark |= u64::from(matches!(byte, b'@' | b'=')) << at;
        all.colon |= u64::from(*byte == b':') << at;
        all.dash |= u64::from(*byte == b'-') << at;
        all.joint |= u64::from(matches!(byte, b'('..=b':' | b' ')) << at;
        all.high |= u64::from(!byte.is_ascii()) << at;
    }
    all
}

/// Masks of a block, given what stood before it. `next` is the byte behind it.
#[inline]
pub(crate) fn masks(block: &[u8; BLOCK], next: u8, carry: &mut Carry) -> Masks {
    let all = classes(block);
    let alnum = all.digit | all.letter;
    let before = |bits: u64, carried: u64, by: u32| bits << by | carried >> (2 - by);
    let starts = all.digit & !before(all.digit, carry.digit, 1);
    let joint = all.joint & !all.digit;
    let joined = before(joint, carry.joint, 1) & before(all.digit, carry.digit, 2);
    // A capital opens a name before a small letter; the last bit does not know what follows, so it asks.
    let small = all.letter & !all.upper | all.high;
    let opens = small >> 1 | u64::from(next.is_ascii_lowercase() || !next.is_ascii()) << 63;
    let upper = all.upper & !before(alnum, carry.alnum, 1);
    // `-----BEGIN`, `P<`, `P.O. Box`: capitals that mean something else.
    let odd = all.upper
        & (before(all.dash, 0, 1) & before(all.dash, 0, 2)
            | 1
            | !(alnum >> 1) & !(joint >> 1)
            | all.joint >> 1);
    let event = starts & !joined
        | upper & (opens | odd)
        | all.mark
        | all.colon & !before(all.digit, carry.digit, 1)
        | all.high & !before(all.high, carry.high, 1);
    // The last two bits of each, the last one above.
    let last = |bits: u64| bits >> 62;
    *carry = Carry {
        digit: last(all.digit),
        alnum: last(alnum),
        high: last(all.high),
        joint: last(joint),
    };
    Masks { digit: all.digit, event }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn fast_classes_are_the_plain_ones(bytes in proptest::collection::vec(any::<u8>(), BLOCK)) {
            let block: &[u8; BLOCK] = bytes.as_slice().try_into().unwrap();
            prop_assert_eq!(classes(block), plain(block));
            prop_assert_eq!(plain(block).digit.count_ones() as usize,
                bytes.iter().filter(|b| b.is_ascii_digit()).count());
        }
    }

    /// Events of a text by the rule as it is written down, without its exceptions for odd capitals.
    fn slow_events(text: &[u8]) -> Vec<usize> {
        let byte = |at: isize| {
            usize::try_from(at).ok().and_then(|at| text.get(at)).copied().unwrap_or(b'\n')
        };
        let joint = |byte: u8| matches!(byte, b'('..=b':' | b' ') && !byte.is_ascii_digit();
        (0..text.len() as isize)
            .filter(|at| {
                let (before, here, next) = (byte(at - 1), byte(*at), byte(at + 1));
                match here {
                    b'0'..=b'9' => {
                        let goes_on = joint(before) && byte(at - 2).is_ascii_digit();
                        !(before.is_ascii_digit() || goes_on)
                    }
                    b'A'..=b'Z' => {
                        !before.is_ascii_alphanumeric()
                            && (next.is_ascii_lowercase() || !next.is_ascii())
                    }
                    b'@' | b'=' => true,
                    b':' => !before.is_ascii_digit(),
                    0x80.. => before.is_ascii(),
                    _ => false,
                }
            })
            .map(|at| at as usize)
            .collect()
    }

    proptest! {
        #[test]
        fn no_event_is_missed_over_the_edges_of_blocks(text in "[a-cA-B0-2 .:=@é(<-]{0,400}") {
            let mut padded = text.clone().into_bytes();
            padded.resize(padded.len().next_multiple_of(BLOCK).max(BLOCK), b'\n');
            let mut carry = Carry::default();
            let mut found = Vec::new();
            for (at, block) in padded.chunks_exact(BLOCK).enumerate() {
                let next = padded.get(at * BLOCK + BLOCK).copied().unwrap_or(b'\n');
                let masks = masks(block.try_into().unwrap(), next, &mut carry);
                found.extend((0..BLOCK).filter(|bit| masks.event >> bit & 1 == 1).map(|bit| at * BLOCK + bit));
            }
            for event in slow_events(text.as_bytes()) {
                prop_assert!(found.contains(&event), "{event} in {text:?}");
            }
        }
    }
}
