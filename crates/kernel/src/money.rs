//! Money: integer minor units with a currency. Never a float, never two currencies in one sum.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Largest amount on either side of zero, in minor units: exact in a JavaScript number.
pub const AMOUNT_MINOR_MAX: i64 = 10_000_000_000_000;

/// ISO 4217 code of three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Chinese yuan.
    pub const CNY: Self = Self(*b"CNY");

    /// A currency from its code; `None` unless three capital letters.
    pub fn new(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    /// The code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::new(&code).ok_or_else(|| de::Error::custom("not an ISO 4217 code"))
    }
}

/// An amount in minor units of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Money {
    /// Amount in minor units (fen, cents).
    pub amount_minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// A sum that cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Two currencies in one sum.
    #[error("two currencies in one sum")]
    CurrencyMismatch,
    /// Past the largest amount.
    #[error("amount out of bounds")]
    OutOfBounds,
}

impl Money {
    /// An amount within bounds.
    pub fn new(amount_minor: i64, currency: Currency) -> Result<Self, MoneyError> {
        if amount_minor.unsigned_abs() > AMOUNT_MINOR_MAX.unsigned_abs() {
            return Err(MoneyError::OutOfBounds);
        }
        Ok(Self { amount_minor, currency })
    }

    /// Nothing, in `currency`.
    pub const fn zero(currency: Currency) -> Self {
        Self { amount_minor: 0, currency }
    }

    /// The sum of two amounts of one currency.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch);
        }
        let sum = self.amount_minor.checked_add(other.amount_minor);
        Self::new(sum.ok_or(MoneyError::OutOfBounds)?, self.currency)
    }

    /// The difference of two amounts of one currency.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.plus(Self { amount_minor: -other.amount_minor, currency: other.currency })
    }

    /// A share in basis points (1/100 of a percent), rounded half away from zero.
    pub fn share_bp(self, basis_points: u32) -> Result<Self, MoneyError> {
        let exact = i128::from(self.amount_minor) * i128::from(basis_points);
        let half = if exact < 0 { -5_000 } else { 5_000 };
        let rounded =
            i64::try_from((exact + half) / 10_000).map_err(|_| MoneyError::OutOfBounds)?;
        Self::new(rounded, self.currency)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Wire {
            amount_minor: i64,
            currency: Currency,
        }
        let wire = Wire::deserialize(deserializer)?;
        Self::new(wire.amount_minor, wire.currency).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_share_rounds_half_away_from_zero() {
        let share = |amount, bp| {
            Money { amount_minor: amount, currency: Currency::CNY }
                .share_bp(bp)
                .map(|money| money.amount_minor)
        };
        assert_eq!(share(440_000, 200), Ok(8_800));
        assert_eq!(share(25, 200), Ok(1));
        assert_eq!(share(-25, 200), Ok(-1));
        assert_eq!(share(24, 200), Ok(0));
    }

    #[test]
    fn mixed_currencies_and_overflow_are_refused() {
        let yuan = Money { amount_minor: AMOUNT_MINOR_MAX, currency: Currency::CNY };
        let euro = Money { amount_minor: 1, currency: Currency::new("EUR").expect("valid") };
        assert_eq!(yuan.plus(euro), Err(MoneyError::CurrencyMismatch));
        assert_eq!(yuan.plus(Money { amount_minor: 1, ..yuan }), Err(MoneyError::OutOfBounds));
        assert!(serde_json::from_str::<Money>(r#"{"amount_minor":1.5,"currency":"CNY"}"#).is_err());
    }

    proptest! {
        #[test]
        fn a_share_and_its_rest_make_the_whole(amount in 0..AMOUNT_MINOR_MAX, bp in 0u32..=10_000) {
            let whole = Money { amount_minor: amount, currency: Currency::CNY };
            let share = whole.share_bp(bp).expect("in bounds");
            let rest = whole.minus(share).expect("in bounds");
            prop_assert_eq!(share.plus(rest), Ok(whole));
            prop_assert!(rest.amount_minor >= 0);
        }
    }
}
