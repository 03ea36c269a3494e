//! The double-entry ledger: accounts, balanced posting sets, holds. Sums to zero per currency, always.

use std::fmt;

use crate::{Currency, Money, OrderId, PartyId, PaymentId};

/// An account of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Account {
    /// What a party can use now.
    Wallet(PartyId),
    /// The freight or fare of an order, set aside.
    HoldPrice(OrderId),
    /// The deposit of an order, set aside.
    HoldDeposit(OrderId),
    /// A payout that waits for its second pair of eyes or the provider.
    HoldPayout(PaymentId),
    /// What the platform earned.
    Fee,
    /// Our mirror of a money provider; negative by what it holds for us.
    Provider(&'static str),
}

impl Account {
    /// Whether the balance may go below zero. Only the mirror of the outside may.
    pub const fn may_be_negative(&self) -> bool {
        matches!(self, Self::Provider(_))
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wallet(party) => write!(f, "wallet/{party}"),
            Self::HoldPrice(order) => write!(f, "hold/{order}/price"),
            Self::HoldDeposit(order) => write!(f, "hold/{order}/deposit"),
            Self::HoldPayout(payment) => write!(f, "hold/{payment}/payout"),
            Self::Fee => f.write_str("fee"),
            Self::Provider(name) => write!(f, "provider/{name}"),
        }
    }
}

/// One side of a posting set: what is added to an account (negative: taken).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The account.
    pub account: Account,
    /// Amount added, in minor units.
    pub amount_minor: i64,
}

/// Balanced lines with one cause. The pair (subject, cause) is unique, so no set is ever made twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostingSet {
    subject: String,
    cause: &'static str,
    currency: Currency,
    lines: Vec<Line>,
}

/// Lines that do not add up to zero, or overflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("postings do not balance")]
pub struct Unbalanced;

impl PostingSet {
    /// An empty set about `subject` (an order's or payment's id) with its cause, e.g. `booked`.
    pub fn new(subject: impl fmt::Display, cause: &'static str, currency: Currency) -> Self {
        Self { subject: subject.to_string(), cause, currency, lines: Vec::new() }
    }

    /// Move `money` from one account to another. Nothing moves nothing; another currency is refused.
    pub fn transfer(
        mut self,
        from: Account,
        to: Account,
        money: Money,
    ) -> Result<Self, Unbalanced> {
        if money.currency != self.currency || money.amount_minor < 0 {
            return Err(Unbalanced);
        }
        if money.amount_minor > 0 {
            self.lines.push(Line { account: from, amount_minor: -money.amount_minor });
            self.lines.push(Line { account: to, amount_minor: money.amount_minor });
        }
        Ok(self)
    }

    /// What the set is about.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Why it was made.
    pub const fn cause(&self) -> &'static str {
        self.cause
    }

    /// Its currency.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Its lines; they add up to zero by construction.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
}

/// A line as it stands in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedLine {
    /// Ledger order.
    pub seq: i64,
    /// When.
    pub at: crate::Timestamp,
    /// Account.
    pub account: String,
    /// Amount added.
    pub money: Money,
    /// Balance of the account after it, in minor units.
    pub balance_after_minor: i64,
    /// What it is about.
    pub subject: String,
    /// Why.
    pub cause: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    proptest! {
        #[test]
        fn every_set_adds_up_to_zero(amounts in proptest::collection::vec(0i64..1_000_000, 0..8)) {
            let party = PartyId::from_uuid(Uuid::nil());
            let order = OrderId::from_uuid(Uuid::nil());
            let mut set = PostingSet::new(order, "test", Currency::CNY);
            for amount_minor in amounts {
                let money = Money { amount_minor, currency: Currency::CNY };
                set = set
                    .transfer(Account::Wallet(party), Account::HoldPrice(order), money)
                    .expect("same currency");
            }
            prop_assert_eq!(set.lines().iter().map(|line| line.amount_minor).sum::<i64>(), 0);
        }
    }

    #[test]
    fn a_negative_or_foreign_transfer_is_refused() {
        let set = PostingSet::new("x", "test", Currency::CNY);
        let back = Money { amount_minor: -1, currency: Currency::CNY };
        assert!(set.clone().transfer(Account::Fee, Account::Fee, back).is_err());
        let euro = Money { amount_minor: 1, currency: Currency::new("EUR").expect("valid") };
        assert!(set.transfer(Account::Fee, Account::Fee, euro).is_err());
    }
}
