//! Time-based one-time passwords: RFC 6238 with HMAC-SHA1, six digits, thirty seconds.

use hmac::{Hmac, KeyInit, Mac};
use sarai_kernel::Timestamp;
use sha1::Sha1;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Length of a step.
pub const STEP_SECONDS: i64 = 30;
/// Bytes of a seed: 160 bits.
pub const SEED_BYTES: usize = 20;

/// The step of a moment.
pub fn step_of(now: Timestamp) -> u64 {
    u64::try_from(now.as_seconds() / STEP_SECONDS).unwrap_or(0)
}

/// The six digits of a step (RFC 4226, section 5.3).
pub fn digits(seed: &[u8], step: u64) -> String {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(seed) else {
        return String::new();
    };
    mac.update(&step.to_be_bytes());
    let sum = mac.finalize().into_bytes();
    let offset = usize::from(sum.last().copied().unwrap_or(0) & 0x0f);
    let word = sum
        .get(offset..offset + 4)
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, u32::from_be_bytes);
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

/// The step that the given digits belong to: this one or the one before, and only past `last_used`.
/// A used step is never taken again, so a code that was overlooked cannot be replayed.
pub fn accepted_step(
    seed: &[u8],
    given: &str,
    now: Timestamp,
    last_used: Option<u64>,
) -> Option<u64> {
    let present = step_of(now);
    [present, present.saturating_sub(1)].into_iter().find(|step| {
        let right = digits(seed, *step).as_bytes().ct_eq(given.as_bytes());
        last_used.is_none_or(|used| *step > used) && bool::from(right)
    })
}

/// A fresh seed.
pub fn fresh_seed() -> Result<Zeroizing<[u8; SEED_BYTES]>, getrandom::Error> {
    let mut seed = Zeroizing::new([0; SEED_BYTES]);
    getrandom::fill(seed.as_mut())?;
    Ok(seed)
}

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Base 32 of RFC 4648 without padding: the form that authenticator programs take.
pub fn base32(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 8 / 5 + 1));
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(letter(held >> bits));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(letter(held << (5 - bits)));
    }
    text
}

fn letter(value: u32) -> char {
    char::from(BASE32.get((value & 31) as usize).copied().unwrap_or(b'A'))
}

/// The bytes of a base-32 text; `None` for any other letter.
pub fn from_base32(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() * 5 / 8));
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in text.bytes() {
        let digit = BASE32.iter().position(|known| *known == byte)?;
        held = (held << 5) | u32::try_from(digit).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

/// The address that an authenticator program reads from a QR code.
pub fn otpauth_url(house: &str, label: &str, seed: &[u8]) -> Zeroizing<String> {
    let plain = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_ascii_alphanumeric()).collect()
    };
    let (house, label) = (plain(house), plain(label));
    Zeroizing::new(format!(
        "otpauth://totp/{house}:{label}?secret={}&issuer={house}&algorithm=SHA1&digits=6&period=30",
        base32(seed).as_str()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn the_table_of_the_standard_holds() {
        // RFC 6238, appendix B, SHA-1: the last six of the eight digits given there.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(digits(SEED, step_of(at(seconds))), code);
        }
    }

    #[test]
    fn this_step_and_the_one_before_are_taken_and_no_other() {
        let code = digits(SEED, 100);
        assert_eq!(accepted_step(SEED, &code, at(100 * 30), None), Some(100));
        assert_eq!(accepted_step(SEED, &code, at(101 * 30 + 29), None), Some(100));
        assert_eq!(accepted_step(SEED, &code, at(102 * 30), None), None);
        assert_eq!(accepted_step(SEED, &code, at(99 * 30), None), None);
    }

    #[test]
    fn a_used_step_is_never_taken_again() {
        let code = digits(SEED, 100);
        assert_eq!(accepted_step(SEED, &code, at(3_000), Some(100)), None);
        assert_eq!(accepted_step(SEED, &code, at(3_000), Some(101)), None);
        assert_eq!(accepted_step(SEED, &code, at(3_000), Some(99)), Some(100));
    }

    #[test]
    fn base_32_is_that_of_rfc_4648() {
        for (plain, coded) in [("f", "MY"), ("fo", "MZXQ"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(plain.as_bytes()).as_str(), coded);
            let back = from_base32(coded).expect("base 32");
            assert_eq!(back.as_slice(), plain.as_bytes());
        }
        assert!(from_base32("a1").is_none());
    }
}
