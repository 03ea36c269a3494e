//! Validators: pure functions over the normalised characters of one candidate (ASCII, no separators).
//!
//! Each names the standard that it follows. None of them looks at what stands around the candidate.

mod asia;
mod card;
mod china;
mod europe;
mod iban;
mod mrz;
mod vehicle;
mod west;

pub use asia::{aadhaar, cccd, hong_kong_id, my_number, nric, pan, rrn, taiwan_id};
pub use card::{Issuer, card, issuer, luhn};
pub use china::{
    area_known, business_reg, org_code, resident_15, resident_18, resident_check, uscc,
};
pub use europe::{dni, inn, nhs, nino, nir, snils, steuer_id};
pub use iban::{iban, iban_length};
pub use mrz::{mrz_digit, mrz_line};
pub use vehicle::vin;
pub use west::{cpf, ein, itin, ssn};

/// The value of a digit.
pub(crate) fn digit(byte: u8) -> Option<u32> {
    byte.is_ascii_digit().then(|| u32::from(byte - b'0'))
}

/// The digits' values, if all are digits and there are `N` of them.
pub(crate) fn digits<const N: usize>(text: &[u8]) -> Option<[u32; N]> {
    let text: &[u8; N] = text.try_into().ok()?;
    text.iter().all(u8::is_ascii_digit).then(|| text.map(|byte| u32::from(byte - b'0')))
}

/// Sum of values times weights, as far as the shorter goes.
pub(crate) fn weighted(values: &[u32], weights: &[u32]) -> u32 {
    values.iter().zip(weights).map(|(value, weight)| value * weight).sum()
}

/// Whether year, month and day name a real day of the Gregorian calendar from 1800 to 2099.
pub fn real_date(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => return false,
    };
    (1800..2100).contains(&year) && (1..=days).contains(&day)
}

/// A number of decimal digits, at most nine.
pub(crate) fn number(text: &[u8]) -> Option<u32> {
    if text.is_empty() || text.len() > 9 {
        return None;
    }
    text.iter().try_fold(0, |sum, byte| Some(sum * 10 + digit(*byte)?))
}

/// ISO 7064 MOD 11,10 over digits of which the last is the check digit.
pub(crate) fn mod_11_10(values: &[u32]) -> bool {
    let Some((check, rest)) = values.split_last() else { return false };
    let mut product = 10;
    for value in rest {
        let sum = (value + product) % 10;
        product = (if sum == 0 { 10 } else { sum }) * 2 % 11;
    }
    (product + check) % 10 == 1
}

#[cfg(test)]
mod tests;
