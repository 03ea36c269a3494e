//! One-time codes: six digits, kept as an HMAC bound to their challenge, tried five times at most.

use hmac::{Hmac, KeyInit, Mac};
use sarai_kernel::{
    ChallengeId, Kind, Refusal, Timestamp,
    time::{DAY, HOUR, MINUTE, SECOND},
};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Digits of a code.
pub const CODE_DIGITS: u32 = 6;
/// How long a code lives.
pub const CODE_MICROS: i64 = 5 * MINUTE;
/// Tries on one challenge.
pub const TRIES_MAX: u8 = 5;
/// Wrong codes on one number or address within a day.
pub const WRONG_A_DAY_MAX: usize = 10;
/// Time between two codes to one number or address.
pub const SEND_GAP_MICROS: i64 = MINUTE;
/// Codes to one number or address within an hour.
pub const SENDS_AN_HOUR_MAX: usize = 5;
/// Codes to one number or address within a day.
pub const SENDS_A_DAY_MAX: usize = 10;

/// A code as it is kept: never the digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The challenge it belongs to.
    pub id: ChallengeId,
    /// HMAC-SHA256 over challenge and digits, in hexadecimal.
    pub mac: String,
    /// Dead from then on.
    pub expires_at: Timestamp,
    /// Tries so far.
    pub tries: u8,
    /// It was used, or replaced.
    pub spent: bool,
}

/// Why a code was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeRefused {
    /// Not these digits; so many tries are left.
    #[error("wrong code")]
    Wrong {
        /// Tries left.
        left: u8,
    },
    /// Too old.
    #[error("expired code")]
    Expired,
    /// Used, replaced, or tried too often.
    #[error("spent challenge")]
    Spent,
}

impl From<CodeRefused> for Refusal {
    fn from(error: CodeRefused) -> Self {
        match error {
            CodeRefused::Wrong { left } => {
                Self::new("code_wrong", Kind::Unauthenticated).with("tries_left", left)
            }
            CodeRefused::Expired => Self::new("code_expired", Kind::Unauthenticated),
            CodeRefused::Spent => Self::new("challenge_spent", Kind::Unauthenticated),
        }
    }
}

/// Six digits from the system's random source, every value equally likely.
pub fn draw() -> Result<String, getrandom::Error> {
    let span = 10_u32.pow(CODE_DIGITS);
    // The largest multiple of the span: what lies above would favour small codes.
    let fair = u32::MAX - u32::MAX % span;
    loop {
        let mut bytes = [0; 4];
        getrandom::fill(&mut bytes)?;
        let value = u32::from_le_bytes(bytes);
        if value < fair {
            return Ok(format!("{:06}", value % span));
        }
    }
}

/// The form in which a code is kept.
pub fn mac(key: &[u8; 32], challenge: ChallengeId, digits: &str) -> String {
    // HMAC takes a key of any length, so this cannot fail for 32 bytes.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return String::new();
    };
    mac.update(challenge.uuid().as_bytes());
    mac.update(digits.as_bytes());
    super::token::hex(&mac.finalize().into_bytes())
}

impl Kept {
    /// A new code's kept form.
    pub fn new(key: &[u8; 32], id: ChallengeId, digits: &str, now: Timestamp) -> Self {
        Self {
            id,
            mac: mac(key, id, digits),
            expires_at: now.plus(CODE_MICROS),
            tries: 0,
            spent: false,
        }
    }

    /// Whether a try may be made at all, before looking at the digits.
    pub fn may_try(&self, now: Timestamp) -> Result<(), CodeRefused> {
        if self.spent || self.tries >= TRIES_MAX {
            return Err(CodeRefused::Spent);
        }
        if now >= self.expires_at {
            return Err(CodeRefused::Expired);
        }
        Ok(())
    }

    /// Counts a try and compares in constant time. A right code is not spent here: the second factor may still be missing.
    pub fn attempt(
        &mut self,
        key: &[u8; 32],
        digits: &str,
        now: Timestamp,
    ) -> Result<(), CodeRefused> {
        self.may_try(now)?;
        let given = mac(key, self.id, digits);
        if bool::from(given.as_bytes().ct_eq(self.mac.as_bytes())) && !given.is_empty() {
            return Ok(());
        }
        self.tries += 1;
        match TRIES_MAX - self.tries {
            0 => Err(CodeRefused::Spent),
            left => Err(CodeRefused::Wrong { left }),
        }
    }
}

/// When the next code may go to a number or address; `Ok` means now. `sent` are the moments of earlier codes.
pub fn may_send(sent: &[Timestamp], now: Timestamp) -> Result<(), Timestamp> {
    if let Some(last) = sent.last()
        && now.since(*last) < SEND_GAP_MICROS
    {
        return Err(last.plus(SEND_GAP_MICROS));
    }
    for (most, span) in [(SENDS_AN_HOUR_MAX, HOUR), (SENDS_A_DAY_MAX, DAY)] {
        let recent = sent.iter().filter(|at| now.since(**at) < span);
        if recent.clone().count() >= most {
            let oldest = recent.min().copied().unwrap_or(now);
            return Err(oldest.plus(span));
        }
    }
    Ok(())
}

/// Drops what is older than a day: it counts for nothing any more.
pub fn forget_old(times: &mut Vec<Timestamp>, now: Timestamp) {
    times.retain(|at| now.since(*at) < DAY);
}

/// When wrong codes allow another try; `Ok` means now.
pub fn may_guess(wrong: &[Timestamp], now: Timestamp) -> Result<(), Timestamp> {
    let recent = wrong.iter().filter(|at| now.since(**at) < DAY);
    if recent.clone().count() < WRONG_A_DAY_MAX {
        return Ok(());
    }
    Err(recent.min().copied().unwrap_or(now).plus(DAY))
}

/// The refusal of somebody who asks too often, with the moment when it works again.
pub fn too_often(again: Timestamp, now: Timestamp) -> Refusal {
    Refusal::new("rate_limited", Kind::TooMany)
        .with("retry_at", again.to_string())
        .with("retry_after_seconds", (again.since(now) / SECOND).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const KEY: [u8; 32] = [7; 32];
    const NOON: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

    fn kept(digits: &str) -> Kept {
        Kept::new(&KEY, ChallengeId::from_uuid(Uuid::from_u128(5)), digits, NOON)
    }

    #[test]
    fn a_code_has_six_digits_and_is_not_what_is_kept() {
        for _ in 0..50 {
            let digits = draw().expect("random source");
            assert_eq!(digits.len(), 6);
            assert!(digits.bytes().all(|digit| digit.is_ascii_digit()));
            assert!(!kept(&digits).mac.contains(&digits));
        }
    }

    #[test]
    fn the_fifth_wrong_try_spends_the_challenge_even_for_the_right_code() {
        let mut code = kept("123456");
        for left in [4, 3, 2, 1] {
            assert_eq!(code.attempt(&KEY, "000000", NOON), Err(CodeRefused::Wrong { left }));
        }
        assert_eq!(code.attempt(&KEY, "000000", NOON), Err(CodeRefused::Spent));
        assert_eq!(code.attempt(&KEY, "123456", NOON), Err(CodeRefused::Spent));
    }

    #[test]
    fn a_code_is_dead_after_five_minutes_and_not_before() {
        let mut code = kept("123456");
        let last = NOON.plus(CODE_MICROS - 1);
        assert_eq!(code.attempt(&KEY, "123456", last), Ok(()));
        let end = NOON.plus(CODE_MICROS);
        assert_eq!(code.attempt(&KEY, "123456", end), Err(CodeRefused::Expired));
    }

    #[test]
    fn the_digits_of_one_challenge_do_not_open_another() {
        let other = ChallengeId::from_uuid(Uuid::from_u128(6));
        let mut code = kept("123456");
        code.id = other;
        assert!(code.attempt(&KEY, "123456", NOON).is_err());
    }

    #[test]
    fn one_number_gets_one_code_a_minute_five_an_hour_ten_a_day() {
        let mut sent = Vec::new();
        let mut now = NOON;
        let mut given = Vec::new();
        while now.since(NOON) < DAY {
            if may_send(&sent, now).is_ok() {
                sent.push(now);
                given.push(now.since(NOON));
            }
            now = now.plus(30 * SECOND);
        }
        assert_eq!(given.len(), 10);
        assert_eq!(given.get(1), Some(&MINUTE));
        assert_eq!(given.get(5), Some(&HOUR));
        assert!(may_send(&sent, NOON.plus(DAY)).is_ok());
    }

    #[test]
    fn ten_wrong_codes_close_the_day() {
        let wrong = vec![NOON; WRONG_A_DAY_MAX];
        assert_eq!(may_guess(&wrong, NOON.plus(HOUR)), Err(NOON.plus(DAY)));
        assert!(may_guess(&wrong, NOON.plus(DAY)).is_ok());
        assert!(may_guess(&wrong[1..], NOON).is_ok());
    }
}
