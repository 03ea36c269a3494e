//! Whom data was about that left this year: a keyed token a person, under a key of the year.

use sarai_kernel::{Timestamp, tally::Token};
use sarai_law::day_of;
use sarai_seal::SubjectId;

/// The calendar year of a moment, in China: the law counts from 1 January there.
pub fn year_of(now: Timestamp) -> i16 {
    day_of(now.as_micros()).year()
}

/// The tally of a year: one for all recipients and affiliates, so that splitting a transfer changes nothing.
pub fn tally_name(year: i16) -> String {
    format!("outbound/{year}")
}

/// Makes tokens. Without it a tally tells nobody's name, and the tallies of two years cannot be joined.
pub struct YearKey([u8; 32]);

impl YearKey {
    /// The key of a year, from the gate's secret.
    pub fn of(secret: &[u8; 32], year: i16) -> Self {
        let mut material = secret.to_vec();
        material.extend(year.to_le_bytes());
        Self(blake3::derive_key("sarai 2026 persons of a year v1", &material))
    }

    /// The token of a person.
    pub fn token(&self, who: SubjectId) -> Token {
        let hash = blake3::keyed_hash(&self.0, who.as_bytes());
        let mut token = Token::default();
        for (to, from) in token.iter_mut().zip(hash.as_bytes()) {
            *to = *from;
        }
        token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_begins_in_china_and_its_tokens_are_its_own() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
        assert_eq!(year_of(at("2025-12-31T15:59:59Z")), 2025);
        assert_eq!(year_of(at("2025-12-31T16:00:00Z")), 2026);
        let who = SubjectId::from_uuid(uuid::Uuid::from_u128(7));
        let token = |secret: u8, year| YearKey::of(&[secret; 32], year).token(who);
        assert_eq!(token(1, 2026), token(1, 2026));
        assert_ne!(token(1, 2026), token(1, 2027));
        assert_ne!(token(1, 2026), token(2, 2026));
    }
}
