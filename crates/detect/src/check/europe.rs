//! Identity, tax and health numbers of European countries.

use super::{digits, mod_11_10, number, weighted};

/// UK national insurance number: prefix rules of HMRC, six digits, suffix A to D.
pub fn nino(text: &[u8]) -> bool {
    let [first, second, middle @ .., last] = text else { return false };
    let pair = [first.to_ascii_uppercase(), second.to_ascii_uppercase()];
    let barred = [*b"BG", *b"GB", *b"KN", *b"NK", *b"NT", *b"TN", *b"ZZ"];
    text.len() == 9
        && pair.iter().all(|byte| byte.is_ascii_uppercase() && !b"DFIQUV".contains(byte))
        && pair[1] != b'O'
        && !barred.contains(&pair)
        && middle.iter().all(u8::is_ascii_digit)
        && (b'A'..=b'D').contains(&last.to_ascii_uppercase())
}

/// UK NHS number: ten digits, mod 11 with weights 10 to 2.
pub fn nhs(text: &[u8]) -> bool {
    digits::<10>(text).is_some_and(|values| {
        let check = 11 - weighted(&values, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
        check != 10 && check % 11 == values[9]
    })
}

/// Russian SNILS: eleven digits, weights 9 to 1, mod 101, 100 as 00.
pub fn snils(text: &[u8]) -> bool {
    digits::<11>(text).is_some_and(|values| {
        let sum = weighted(&values, &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100;
        values.iter().take(9).any(|value| *value != 0) && sum == values[9] * 10 + values[10]
    })
}

/// Russian INN: ten digits of an organisation or twelve of a person, mod 11, 10 as 0.
pub fn inn(text: &[u8]) -> bool {
    const WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let check = |values: &[u32], weights: &[u32]| weighted(values, weights) % 11 % 10;
    if let Some(values) = digits::<10>(text) {
        return check(&values, &WEIGHTS[2..]) == values[9];
    }
    digits::<12>(text).is_some_and(|values| {
        check(&values, &WEIGHTS[1..]) == values[10] && check(&values, &WEIGHTS) == values[11]
    })
}

/// French NIR of 15 characters: sex, year, month, department (2A and 2B for Corsica), key 97 - n mod 97.
pub fn nir(text: &[u8]) -> bool {
    if text.len() != 15 || !matches!(text.first(), Some(b'1' | b'2')) {
        return false;
    }
    let month = text.get(3..5).and_then(number).unwrap_or(0);
    let mut value: u64 = 0;
    for (at, byte) in text.iter().take(13).enumerate() {
        let digit = match (at, byte) {
            (6, b'A' | b'B') => 0,
            _ => match super::digit(*byte) {
                Some(digit) => digit,
                None => return false,
            },
        };
        value = value * 10 + u64::from(digit);
    }
    match (text.get(5), text.get(6)) {
        (Some(b'2'), Some(b'A')) => value -= 1_000_000,
        (Some(b'2'), Some(b'B')) => value -= 2_000_000,
        (_, Some(b'A' | b'B')) => return false,
        _ => {}
    }
    let key = text.get(13..).and_then(number).map(u64::from);
    (matches!(month, 1..=12 | 20..=99)) && key == Some(97 - value % 97)
}

/// Spanish DNI or NIE: eight digits (X, Y, Z for the first of a NIE), letter by mod 23.
pub fn dni(text: &[u8]) -> bool {
    let [first, middle @ .., last] = text else { return false };
    let lead = match first.to_ascii_uppercase() {
        digit @ b'0'..=b'9' => u32::from(digit - b'0'),
        letter @ b'X'..=b'Z' => u32::from(letter - b'X'),
        _ => return false,
    };
    let Some(rest) = (middle.len() == 7).then(|| number(middle)).flatten() else { return false };
    let at = (lead * 10_000_000 + rest) % 23;
    b"TRWAGMYFPDXBNJZSQVHLCKE".get(at as usize) == Some(&last.to_ascii_uppercase())
}

/// German tax number: eleven digits, first not 0, among the first ten exactly one digit two or three times and at
/// least one missing, ISO 7064 MOD 11,10.
pub fn steuer_id(text: &[u8]) -> bool {
    let Some(values) = digits::<11>(text) else { return false };
    let mut times = [0_u8; 10];
    for value in values.iter().take(10) {
        times[*value as usize] += 1;
    }
    let repeated = times.iter().filter(|count| **count > 1).count();
    values[0] != 0 && repeated == 1 && times.iter().all(|count| *count <= 3) && mod_11_10(&values)
}
