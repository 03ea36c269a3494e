//! Characters that stand for others: full-width forms, separators, characters without width.

/// A character as a reader of numbers sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// A digit, also full-width, as ASCII.
    Digit(u8),
    /// A separator, as ASCII: `-`, `.`, ` `, `/`, `:`, `(`, `)`.
    Separator(u8),
    /// Without width: as if it were not there.
    Nothing,
    /// A letter X that closes a number, also full-width.
    Ex,
    /// Anything else.
    Other,
}

/// Reads the sign at the start of `text` and how many bytes it takes. Only what is not ASCII comes here often enough
/// to matter: full-width digits (U+FF10), middle dots, dashes (U+2010 to U+2015), zero-width characters.
#[inline]
pub(super) fn sign(text: &[u8]) -> (Sign, usize) {
    match text {
        [digit @ b'0'..=b'9', ..] => (Sign::Digit(*digit), 1),
        [separator @ (b'-' | b'.' | b' ' | b'/' | b':' | b'(' | b')'), ..] => {
            (Sign::Separator(*separator), 1)
        }
        [b'X' | b'x', ..] => (Sign::Ex, 1),
        [0x00..=0x7F, ..] | [] => (Sign::Other, 1),
        [0xC2, 0xB7, ..] => (Sign::Separator(b'.'), 2),
        [0xC2, 0xA0, ..] => (Sign::Separator(b' '), 2),
        [0xC2, 0xAD, ..] => (Sign::Nothing, 2),
        [0xE2, 0x80, 0x8B..=0x8F, ..] | [0xE2, 0x81, 0xA0, ..] | [0xEF, 0xBB, 0xBF, ..] => {
            (Sign::Nothing, 3)
        }
        [0xE2, 0x80, 0x90..=0x95, ..] | [0xE2, 0x88, 0x92, ..] => (Sign::Separator(b'-'), 3),
        [0xE3, 0x80, 0x80, ..] => (Sign::Separator(b' '), 3),
        [0xEF, 0xBC, low @ 0x90..=0x99, ..] => (Sign::Digit(low - 0x90 + b'0'), 3),
        [0xEF, 0xBC, 0x8D, ..] => (Sign::Separator(b'-'), 3),
        [0xEF, 0xBC, 0x8E, ..] => (Sign::Separator(b'.'), 3),
        [0xEF, 0xBC, 0x8F, ..] => (Sign::Separator(b'/'), 3),
        [0xEF, 0xBC, 0x9A, ..] => (Sign::Separator(b':'), 3),
        [0xEF, 0xBC, 0x88, ..] => (Sign::Separator(b'('), 3),
        [0xEF, 0xBC, 0x89, ..] => (Sign::Separator(b')'), 3),
        [0xEF, 0xBC, 0xB8, ..] | [0xEF, 0xBD, 0x98, ..] => (Sign::Ex, 3),
        _ => (Sign::Other, 1),
    }
}

/// The ASCII letter or digit that the text starts with, also full-width, and how many bytes it takes.
#[inline]
pub(super) fn alnum(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [byte, ..] if byte.is_ascii_alphanumeric() => Some((*byte, 1)),
        [0xEF, 0xBC, low @ 0x90..=0x99, ..] => Some((low - 0x90 + b'0', 3)),
        [0xEF, 0xBC, low @ 0xA1..=0xBA, ..] => Some((low - 0xA1 + b'A', 3)),
        [0xEF, 0xBD, low @ 0x81..=0x9A, ..] => Some((low - 0x81 + b'a', 3)),
        _ => None,
    }
}

/// The character that the text starts with and how many bytes it takes; a byte that is no UTF-8 counts as one.
#[inline]
pub(super) fn decode(text: &[u8]) -> (u32, usize) {
    let low = |at: usize| {
        text.get(at).filter(|byte| **byte & 0xC0 == 0x80).map(|byte| u32::from(byte & 0x3F))
    };
    let Some(&first) = text.first() else { return (0, 1) };
    let head = u32::from(first);
    match first {
        0x00..=0x7F => (head, 1),
        0xC2..=0xDF => low(1).map_or((0xFFFD, 1), |a| ((head & 0x1F) << 6 | a, 2)),
        0xE0..=0xEF => match (low(1), low(2)) {
            (Some(a), Some(b)) => ((head & 0x0F) << 12 | a << 6 | b, 3),
            _ => (0xFFFD, 1),
        },
        0xF0..=0xF4 => match (low(1), low(2), low(3)) {
            (Some(a), Some(b), Some(c)) => ((head & 0x07) << 18 | a << 12 | b << 6 | c, 4),
            _ => (0xFFFD, 1),
        },
        _ => (0xFFFD, 1),
    }
}

/// Whether a character is a Chinese one (CJK unified ideographs and extension A).
pub(super) fn is_han(char: u32) -> bool {
    (0x4E00..=0x9FFF).contains(&char) || (0x3400..=0x4DBF).contains(&char)
}
