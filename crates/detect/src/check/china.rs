//! Numbers that Chinese authorities give: residents, organisations.

use std::sync::LazyLock;

use super::{digits, mod_11_10, number, real_date, weighted};

const RESIDENT_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const USCC_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// First four digits of division codes in use: province and prefecture, from the shipped GB/T 2260 table, and the
/// provinces at large, because a number keeps the code that was valid at birth.
static PREFECTURES: LazyLock<Box<[bool]>> = LazyLock::new(|| {
    let mut known = vec![false; 10_000].into_boxed_slice();
    for code in crate::words::division_codes() {
        if let Some(slot) = known.get_mut(code as usize / 100) {
            *slot = true;
        }
    }
    known
});

/// Whether a division code's first four digits are a prefecture of the table (1), its province is real (2), or
/// neither.
pub fn area_known(code: &[u8]) -> bool {
    let (Some(prefecture), Some(province)) =
        (code.get(..4).and_then(number), code.get(..2).and_then(number))
    else {
        return false;
    };
    PREFECTURES.get(prefecture as usize).copied().unwrap_or(false)
        || matches!(province, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65)
            && (1..=99).contains(&(prefecture % 100))
}

/// Check character of a resident number's first 17 digits: ISO 7064 MOD 11-2 as GB 11643-1999 applies it.
pub fn resident_check(first: &[u8]) -> Option<u8> {
    let values: [u32; 17] = digits(first.get(..17)?)?;
    let sum = weighted(&values, &RESIDENT_WEIGHTS) % 11;
    b"10X98765432".get(sum as usize).copied()
}

fn born(text: &[u8]) -> bool {
    let part = |from: usize, to: usize| text.get(from..to).and_then(number).unwrap_or(0);
    let year = part(0, 4);
    (1850..2100).contains(&year) && real_date(year, part(4, 6), part(6, 8))
}

/// A resident number of 18 characters with a right check character and a real day of birth (GB 11643-1999). The
/// area is not looked at: see [`area_known`].
pub fn resident_18(text: &[u8]) -> bool {
    text.len() == 18
        && text.first() != Some(&b'0')
        && text.get(6..14).is_some_and(born)
        && resident_check(text) == text.last().map(u8::to_ascii_uppercase)
}

/// A resident number of 15 digits (GB 11643-1989): area and a real day in 19YY. It has no check digit.
pub fn resident_15(text: &[u8]) -> bool {
    let part = |from: usize, to: usize| text.get(from..to).and_then(number).unwrap_or(0);
    text.len() == 15
        && digits::<15>(text).is_some()
        && area_known(text)
        && real_date(1900 + part(6, 8), part(8, 10), part(10, 12))
}

fn uscc_value(byte: u8) -> Option<u32> {
    USCC_ALPHABET.iter().position(|known| *known == byte.to_ascii_uppercase()).map(|at| at as u32)
}

/// Registering department and kind that GB 32100-2015 pairs.
fn uscc_department(first: u8, second: u8) -> bool {
    match first.to_ascii_uppercase() {
        b'1' => matches!(second, b'1'..=b'3' | b'9'),
        b'2' => matches!(second, b'1' | b'9'),
        b'3' => matches!(second, b'1'..=b'5' | b'9'),
        b'4' => matches!(second, b'1' | b'9'),
        b'5' => matches!(second, b'1'..=b'4' | b'9'),
        b'6' => matches!(second, b'1' | b'2' | b'9'),
        b'7' => matches!(second, b'1' | b'2' | b'9'),
        b'8' => matches!(second, b'1' | b'9'),
        b'9' => matches!(second, b'1'..=b'3'),
        b'A' => matches!(second, b'1' | b'9'),
        b'G' => matches!(second, b'1'..=b'3' | b'9'),
        b'N' => matches!(second, b'1'..=b'3' | b'9'),
        b'Y' => second == b'1',
        _ => false,
    }
}

/// A unified social credit code: department, kind, area digits and check character MOD 31 (GB 32100-2015).
pub fn uscc(text: &[u8]) -> bool {
    let [first, second, rest @ ..] = text else { return false };
    if text.len() != 18
        || !uscc_department(*first, *second)
        || !rest.iter().take(6).all(u8::is_ascii_digit)
    {
        return false;
    }
    let mut sum = 0;
    let mut weight = 1;
    for byte in text.iter().take(17) {
        let Some(value) = uscc_value(*byte) else { return false };
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    text.last().and_then(|last| uscc_value(*last)) == Some((31 - sum % 31) % 31)
}

/// An organisation code of nine characters: MOD 11 with weights 3 7 9 10 5 8 4 2 (GB 11714).
pub fn org_code(text: &[u8]) -> bool {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    if text.len() != 9 {
        return false;
    }
    let mut sum = 0;
    for (byte, weight) in text.iter().zip(WEIGHTS) {
        let Some(value) = char::from(*byte).to_digit(36) else { return false };
        sum += value * weight;
    }
    let check = match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        other => b'0' + other as u8,
    };
    text.last().map(u8::to_ascii_uppercase) == Some(check)
}

/// A business registration number of 15 digits: ISO 7064 MOD 11,10.
pub fn business_reg(text: &[u8]) -> bool {
    digits::<15>(text).is_some_and(|values| mod_11_10(&values)) && area_known(text)
}
