//! Identity and tax numbers of Hong Kong, Taiwan, India, Singapore, Korea, Japan and Vietnam.

use super::{digits, real_date, weighted};

/// Hong Kong identity card without brackets: one or two letters, six digits, check character; mod 11 with a missing
/// letter as 36.
pub fn hong_kong_id(text: &[u8]) -> bool {
    let letters = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let Some(rest) = text.get(letters..) else { return false };
    if !(1..=2).contains(&letters) || rest.len() != 7 {
        return false;
    }
    let mut values = vec![36; 2 - letters];
    for byte in text.iter().take(letters + 6) {
        let Some(value) = char::from(*byte).to_digit(36) else { return false };
        values.push(value);
    }
    let check = match rest.last() {
        Some(b'A' | b'a') => 10,
        Some(last) => match super::digit(*last) {
            Some(value) => value,
            None => return false,
        },
        None => return false,
    };
    rest.iter().take(6).all(u8::is_ascii_digit)
        && (weighted(&values, &[9, 8, 7, 6, 5, 4, 3, 2]) + check).is_multiple_of(11)
}

/// Taiwan identity number: the letter's two digits and eight digits by weights, with the check digit, mod 10.
pub fn taiwan_id(text: &[u8]) -> bool {
    const LETTERS: &[u8; 26] = b"ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let Some((letter, rest)) = text.split_first() else { return false };
    let Some(values) = digits::<9>(rest) else { return false };
    let Some(at) = LETTERS.iter().position(|known| *known == letter.to_ascii_uppercase()) else {
        return false;
    };
    let code = at as u32 + 10;
    let sum = code / 10 + code % 10 * 9 + weighted(&values, &[8, 7, 6, 5, 4, 3, 2, 1, 1]);
    matches!(values.first(), Some(1 | 2 | 8 | 9)) && sum.is_multiple_of(10)
}

/// Indian Aadhaar: twelve digits, first from 2, Verhoeff's check.
pub fn aadhaar(text: &[u8]) -> bool {
    const D: [[u8; 10]; 10] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];
    const P: [[u8; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    let Some(values) = digits::<12>(text) else { return false };
    // Every index is a decimal digit or a position mod 8.
    let check = values.iter().rev().enumerate().fold(0_u8, |check, (at, value)| {
        D[usize::from(check)][usize::from(P[at % 8][*value as usize])]
    });
    values[0] >= 2 && check == 0
}

/// Indian PAN: five letters of which the fourth names the kind of holder, four digits, a letter.
pub fn pan(text: &[u8]) -> bool {
    let [a, b, c, kind, d, digits @ .., last] = text else { return false };
    text.len() == 10
        && [a, b, c, d, last].iter().all(|byte| byte.is_ascii_uppercase())
        && b"ABCFGHLJPT".contains(kind)
        && digits.iter().all(u8::is_ascii_digit)
}

/// Singapore NRIC or FIN: weights 2 7 6 5 4 3 2, offset by the series' letter, letter tables.
pub fn nric(text: &[u8]) -> bool {
    let [series, middle @ .., last] = text else { return false };
    let Some(values) = digits::<7>(middle) else { return false };
    let series = series.to_ascii_uppercase();
    let sum = weighted(&values, &[2, 7, 6, 5, 4, 3, 2]);
    let (table, offset): (&[u8; 11], u32) = match series {
        b'S' => (b"JZIHGFEDCBA", 0),
        b'T' => (b"JZIHGFEDCBA", 4),
        b'F' => (b"XWUTRQPNMLK", 0),
        b'G' => (b"XWUTRQPNMLK", 4),
        b'M' => (b"XWUTRQPNJLK", 3),
        _ => return false,
    };
    let at = (sum + offset) % 11;
    let at = if series == b'M' { 10 - at } else { at };
    table.get(at as usize) == Some(&last.to_ascii_uppercase())
}

/// Korean resident number: a real day of birth; with `checked`, also the check digit that numbers given before
/// October 2020 have.
pub fn rrn(text: &[u8], checked: bool) -> bool {
    let Some(values) = digits::<13>(text) else { return false };
    let pair = |at: usize| values[at] * 10 + values[at + 1];
    let century = match values[6] {
        1 | 2 | 5 | 6 => 1900,
        3 | 4 | 7 | 8 => 2000,
        _ => return false,
    };
    let sum = weighted(&values, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
    real_date(century + pair(0), pair(2), pair(4))
        && (!checked || (11 - sum % 11) % 10 == values[12])
}

/// Japanese My Number: twelve digits, mod 11 with weights 6 5 4 3 2 7 6 5 4 3 2.
pub fn my_number(text: &[u8]) -> bool {
    let Some(values) = digits::<12>(text) else { return false };
    let rest = weighted(&values, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    values[11] == if rest <= 1 { 0 } else { 11 - rest }
}

/// Vietnamese citizen card: twelve digits, province 001 to 096, century and sex, year.
pub fn cccd(text: &[u8]) -> bool {
    digits::<12>(text).is_some_and(|values| {
        let province = values[0] * 100 + values[1] * 10 + values[2];
        (1..=96).contains(&province) && values[3] <= 3
    })
}
