//! Payment cards: Luhn and the ranges of issuer numbers (ISO/IEC 7812).

use std::sync::LazyLock;

use super::{digit, number};

/// Who issues a card, by the first digits and the length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issuer {
    /// An issuer number and length that a table of Chinese banks has.
    ChineseBank,
    /// A range and length of an international scheme.
    Scheme,
    /// A range as wide as a tenth of all numbers: Maestro and unlisted UnionPay.
    Wide,
}

/// Luhn's check over digits (ISO/IEC 7812-1 annex B).
pub fn luhn(text: &[u8]) -> bool {
    let mut sum = 0;
    for (at, byte) in text.iter().rev().enumerate() {
        let Some(value) = digit(*byte) else { return false };
        let value = if at % 2 == 1 { value * 2 } else { value };
        sum += value / 10 + value % 10;
    }
    !text.is_empty() && sum % 10 == 0
}

/// Issuer numbers of Chinese banks: (first digits, number of first digits, length of the card).
static CHINESE: LazyLock<Vec<(u32, u8, u8)>> = LazyLock::new(crate::words::chinese_issuers);

fn chinese(text: &[u8]) -> bool {
    (3..=9).any(|width| {
        let Some(first) = text.get(..width).and_then(number) else { return false };
        CHINESE.binary_search(&(first, width as u8, text.len() as u8)).is_ok()
    })
}

fn scheme(first: u32, length: usize) -> bool {
    // `first` holds the first six digits.
    let two = first / 10_000;
    let three = first / 1_000;
    let four = first / 100;
    match length {
        13 => two / 10 == 4,
        14 => matches!(three, 300..=305 | 309) || matches!(two, 36 | 38 | 39),
        15 => matches!(two, 34 | 37) || matches!(four, 2131 | 1800),
        16 | 19 if matches!(four, 3528..=3589) || two / 10 == 4 => true,
        16 => {
            matches!(two, 51..=55)
                || matches!(four, 2221..=2720 | 2200..=2204 | 6011 | 9792)
                || matches!(three, 644..=649 | 508 | 606 | 607 | 608 | 652 | 653 | 817)
                || two == 65
        }
        17..=19 => matches!(four, 6011) || matches!(three, 644..=649) || two == 65,
        _ => false,
    }
}

fn wide(first: u32, length: usize) -> bool {
    let two = first / 10_000;
    match length {
        16..=19 if two == 62 => true,
        12..=19 => matches!(two, 50 | 56..=58 | 63 | 67 | 60) || matches!(first / 100, 6000..=6199),
        _ => false,
    }
}

/// Whose card number this could be, by first digits and length alone.
pub fn issuer(text: &[u8]) -> Option<Issuer> {
    let first = text.get(..6).and_then(number)?;
    if chinese(text) {
        Some(Issuer::ChineseBank)
    } else if scheme(first, text.len()) {
        Some(Issuer::Scheme)
    } else if wide(first, text.len()) {
        Some(Issuer::Wide)
    } else {
        None
    }
}

/// A payment card: 12 to 19 digits, a known range, a right check digit, and not one digit over and over.
pub fn card(text: &[u8]) -> Option<Issuer> {
    if !(12..=19).contains(&text.len()) || !luhn(text) {
        return None;
    }
    let rest = text.get(4..)?;
    let flat = rest.windows(2).all(|pair| pair.first() == pair.last());
    if flat { None } else { issuer(text) }
}
