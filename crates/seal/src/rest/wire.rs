//! Bytes with their lengths before them, so that no two lists of parts look alike.

/// Appends one part.
pub fn put(out: &mut Vec<u8>, part: &[u8]) {
    out.extend_from_slice(&(part.len() as u64).to_be_bytes());
    out.extend_from_slice(part);
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let nibbles = bytes.iter().flat_map(|b| [b >> 4, b & 15]);
    nibbles.filter_map(|n| DIGITS.get(usize::from(n))).collect()
}

/// Exactly `N` bytes of hexadecimal.
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut out = [0; N];
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        for digit in pair {
            let nibble = char::from(*digit).to_digit(16)?;
            *byte = (*byte << 4) | u8::try_from(nibble).ok()?;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{hex, put, unhex};

    #[test]
    fn hexadecimal_comes_back() {
        assert_eq!(hex(&[0, 15, 255]), "000fff");
        assert_eq!(unhex::<3>("000fFF"), Some([0, 15, 255]));
        for bad in ["00", "000fffaa", "000fzz", "+00fff"] {
            assert_eq!(unhex::<3>(bad), None, "{bad}");
        }
    }

    #[test]
    fn parts_cut_elsewhere_differ() {
        let join = |parts: [&[u8]; 2]| {
            let mut out = Vec::new();
            parts.iter().for_each(|p| put(&mut out, p));
            out
        };
        assert_ne!(join([b"ab", b"c"]), join([b"a", b"bc"]));
    }
}
