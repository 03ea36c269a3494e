//! The prefilter: for 64 bytes at a time, bit masks of where something could start. Clean text costs nothing more.
//!
//! By the `wide` crate: SSE2 on x86-64, NEON on ARM, plain code elsewhere. A test holds it against byte by byte.

use wide::i8x16;

/// Bytes that one block covers.
pub(crate) const BLOCK: usize = 64;

/// Where events start in a block, bit `i` for byte `i`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Masks {
    /// First digit of a run of digits.
    pub digit: u64,
    /// Upper-case letter that no letter or digit precedes.
    pub upper: u64,
    /// `@`, `:` or `=`.
    pub mark: u64,
    /// A byte of 0x80 or more that none such precedes.
    pub high: u64,
}

/// What the last byte of the block before was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Carry {
    digit: u64,
    alnum: u64,
    high: u64,
}

/// Classes of the bytes of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Classes {
    digit: u64,
    letter: u64,
    upper: u64,
    mark: u64,
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
        all.mark |= bits(equal(b'@') | equal(b':') | equal(b'=')) << at;
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
        all.mark |= u64::from(matches!(byte, b'@' | b':' | b'=')) << at;
        all.high |= u64::from(!byte.is_ascii()) << at;
    }
    all
}

/// Masks of a block, given what stood before it.
#[inline]
pub(crate) fn masks(block: &[u8; BLOCK], carry: &mut Carry) -> Masks {
    let all = classes(block);
    let alnum = all.digit | all.letter;
    let masks = Masks {
        digit: all.digit & !(all.digit << 1 | carry.digit),
        upper: all.upper & !(alnum << 1 | carry.alnum),
        mark: all.mark,
        high: all.high & !(all.high << 1 | carry.high),
    };
    *carry = Carry { digit: all.digit >> 63, alnum: alnum >> 63, high: all.high >> 63 };
    masks
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

    #[test]
    fn starts_are_found_over_the_edge_of_a_block() {
        let text = format!("{}12{}", "x".repeat(63), "3".repeat(63));
        let mut carry = Carry::default();
        let mut starts = Vec::new();
        for (at, block) in text.as_bytes().chunks_exact(BLOCK).enumerate() {
            let masks = masks(block.try_into().unwrap(), &mut carry);
            starts
                .extend((0..64).filter(|bit| masks.digit >> bit & 1 == 1).map(|bit| at * 64 + bit));
        }
        assert_eq!(starts, [63]);
    }
}
