//! A value of a table.

use std::borrow::Cow;

/// A value as a reader hands it over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Real(f64),
    /// Bytes that are no text.
    Bytes(&'a [u8]),
}

/// Length of a value above which it is handed over in pieces.
pub const LONG_CELL_BYTES: usize = 256 * 1024;

/// The most bytes of a binary value that are looked at.
const BINARY_BYTES_MAX: usize = 256;

impl<'a> Cell<'a> {
    /// The value as the text that every format writes it as, so that the same value is the same in each.
    pub fn text(self) -> Cow<'a, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Integer(number) => Cow::Owned(number.to_string()),
            Self::Real(number) if number.fract() == 0.0 && number.abs() < 9.0e15 => {
                Cow::Owned(format!("{number:.0}"))
            }
            Self::Real(number) => Cow::Owned(number.to_string()),
            Self::Bytes(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => Cow::Owned(hex(bytes.get(..BINARY_BYTES_MAX).unwrap_or(bytes))),
            },
        }
    }
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A long text in pieces of at most [`LONG_CELL_BYTES`], cut between words where there is a gap in the last 4 KiB of a piece.
pub fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, after) = rest.split_at(cut(rest));
        rest = after;
        Some(piece)
    })
}

/// Where the first piece of a text ends.
fn cut(text: &str) -> usize {
    if text.len() <= LONG_CELL_BYTES {
        return text.len();
    }
    let end = text.floor_char_boundary(LONG_CELL_BYTES);
    let from = text.floor_char_boundary(end - 4096);
    text.get(from..end)
        .and_then(|tail| tail.rfind(|char: char| !char.is_alphanumeric()))
        .map_or(end, |at| text.ceil_char_boundary(from + at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_the_same_text_in_every_format() {
        assert_eq!(Cell::Real(13800138000.0).text(), "13800138000");
        assert_eq!(Cell::Integer(13800138000).text(), "13800138000");
        assert_eq!(Cell::Real(31.2304).text(), "31.2304");
        assert_eq!(Cell::Bytes("张三".as_bytes()).text(), "张三");
        assert_eq!(Cell::Bytes(&[0xff, 0]).text(), "ff00");
    }

    #[test]
    fn pieces_are_the_text_and_cut_no_word() {
        let word = "abcdefgh ";
        let text = word.repeat(100_000);
        let all: Vec<_> = pieces(&text).collect();
        assert_eq!(all.concat(), text);
        assert!(all.iter().all(|piece| piece.len() <= LONG_CELL_BYTES && piece.ends_with(' ')));
        let solid = "汉".repeat(200_000);
        assert_eq!(pieces(&solid).collect::<String>(), solid);
    }
}
