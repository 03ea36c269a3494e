//! Money of an order: fees, what is held, who gets what at each ending. Every set balances and has one cause.

use sarai_kernel::{
    Account, Currency, Money, OrderId, PartyId, PostingSet, Refusal, money::MoneyError,
};
use serde::{Deserialize, Serialize};

use crate::FreightRules;

/// The money that the two sides agreed on. All amounts in minor units of one currency, none below zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Currency of all of it.
    pub currency: Currency,
    /// The price of the carriage.
    pub price_minor: i64,
    /// What the shipper pays on top.
    pub shipper_fee_minor: i64,
    /// What is kept back from the trucker.
    pub trucker_fee_minor: i64,
    /// Insurance, kept back from the trucker; nought where none is configured.
    pub insurance_minor: i64,
    /// The trucker's deposit.
    pub deposit_minor: i64,
    /// Whether half of it comes back when the trucker walks away.
    pub deposit_refundable: bool,
}

impl Terms {
    /// The terms at `price` with `deposit`, by the rules in force.
    pub fn at(
        rules: &FreightRules,
        price: Money,
        deposit: Money,
        deposit_refundable: bool,
    ) -> Result<Self, MoneyError> {
        if price.currency != deposit.currency {
            return Err(MoneyError::CurrencyMismatch);
        }
        let fee = |basis_points| -> Result<i64, MoneyError> {
            let share = price.share_bp(basis_points)?.amount_minor;
            let least = if basis_points == 0 { 0 } else { rules.fee_min_minor };
            Ok(share.max(least).min(price.amount_minor))
        };
        let trucker_fee_minor = fee(rules.trucker_fee_bp)?;
        let insurance_minor =
            rules.insurance_minor.min(price.amount_minor - trucker_fee_minor).max(0);
        Ok(Self {
            currency: price.currency,
            price_minor: price.amount_minor,
            shipper_fee_minor: fee(rules.shipper_fee_bp)?,
            trucker_fee_minor,
            insurance_minor,
            deposit_minor: deposit.amount_minor,
            deposit_refundable,
        })
    }

    /// An amount in this currency.
    pub const fn money(&self, amount_minor: i64) -> Money {
        Money { amount_minor, currency: self.currency }
    }

    /// The price.
    pub const fn price(&self) -> Money {
        self.money(self.price_minor)
    }

    /// What the shipper pays: price and fee. It is what `hold/price` holds.
    pub const fn pay(&self) -> Money {
        self.money(self.price_minor + self.shipper_fee_minor)
    }

    /// What the trucker keeps: price less fee and insurance.
    pub const fn keep(&self) -> Money {
        self.money(self.price_minor - self.trucker_fee_minor - self.insurance_minor)
    }

    /// The deposit.
    pub const fn deposit(&self) -> Money {
        self.money(self.deposit_minor)
    }
}

/// How the held sums are divided at an ending. The parts make up both holds exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// From the held price to the trucker.
    pub price_to_trucker: i64,
    /// From the held price to the platform.
    pub price_to_fee: i64,
    /// From the held price back to the shipper.
    pub price_to_shipper: i64,
    /// From the deposit back to the trucker.
    pub deposit_to_trucker: i64,
    /// From the deposit to the shipper.
    pub deposit_to_shipper: i64,
}

/// 5 %, in basis points: what a shipper pays for walking away late.
const LATE_CANCEL_BP: u32 = 500;
/// Not under 50.00.
const LATE_CANCEL_MIN_MINOR: i64 = 5_000;
/// Not over 500.00.
const LATE_CANCEL_MAX_MINOR: i64 = 50_000;
/// Half, in basis points.
const HALF_BP: u32 = 5_000;

impl Split {
    /// Whether the parts make up both holds exactly, none below zero.
    pub fn covers(&self, terms: &Terms) -> bool {
        let parts = [
            self.price_to_trucker,
            self.price_to_fee,
            self.price_to_shipper,
            self.deposit_to_trucker,
            self.deposit_to_shipper,
        ];
        let price: i128 = parts.iter().take(3).map(|part| i128::from(*part)).sum();
        let deposit: i128 = parts.iter().skip(3).map(|part| i128::from(*part)).sum();
        parts.iter().all(|part| *part >= 0)
            && price == i128::from(terms.pay().amount_minor)
            && deposit == i128::from(terms.deposit_minor)
    }

    /// Delivered and signed for: the trucker keeps, the platform earns, the deposit comes back.
    pub const fn completed(terms: &Terms) -> Self {
        Self {
            price_to_trucker: terms.keep().amount_minor,
            price_to_fee: terms.trucker_fee_minor + terms.insurance_minor + terms.shipper_fee_minor,
            price_to_shipper: 0,
            deposit_to_trucker: terms.deposit_minor,
            deposit_to_shipper: 0,
        }
    }

    /// All goes back to where it came from.
    pub const fn all_back(terms: &Terms) -> Self {
        Self::paid_to_trucker(terms, 0)
    }

    /// So much of the price to the trucker, the rest to the shipper, the deposit back.
    const fn paid_to_trucker(terms: &Terms, amount: i64) -> Self {
        Self {
            price_to_trucker: amount,
            price_to_fee: 0,
            price_to_shipper: terms.pay().amount_minor - amount,
            deposit_to_trucker: terms.deposit_minor,
            deposit_to_shipper: 0,
        }
    }

    /// The shipper walks away late: 5 % of the price within bounds, never more than the price.
    pub fn shipper_late(terms: &Terms) -> Result<Self, MoneyError> {
        Ok(Self::paid_to_trucker(terms, late_cancel(terms)?))
    }

    /// The trucker walks away late: half the deposit if refundable, otherwise all of it.
    pub fn trucker_late(terms: &Terms) -> Result<Self, MoneyError> {
        let lost = if terms.deposit_refundable {
            terms.deposit().share_bp(HALF_BP)?.amount_minor
        } else {
            terms.deposit_minor
        };
        Ok(Self::deposit_lost(terms, lost))
    }

    /// So much of the deposit to the shipper, the price back.
    pub const fn deposit_lost(terms: &Terms, lost: i64) -> Self {
        Self {
            price_to_trucker: 0,
            price_to_fee: 0,
            price_to_shipper: terms.pay().amount_minor,
            deposit_to_trucker: terms.deposit_minor - lost,
            deposit_to_shipper: lost,
        }
    }

    /// The truck came and was not used: the empty run by rule, at most half the price; waiting on top, at most the price.
    pub fn truck_unused(
        terms: &Terms,
        empty_run_minor: i64,
        waiting_minor: i64,
    ) -> Result<Self, MoneyError> {
        let half = terms.price().share_bp(HALF_BP)?.amount_minor;
        let run = empty_run_minor.clamp(0, half);
        let paid = run.saturating_add(waiting_minor.max(0)).min(terms.price_minor);
        Ok(Self::paid_to_trucker(terms, paid))
    }
}

/// What a shipper pays for walking away late.
pub fn late_cancel(terms: &Terms) -> Result<i64, MoneyError> {
    let share = terms.price().share_bp(LATE_CANCEL_BP)?.amount_minor;
    Ok(share.clamp(LATE_CANCEL_MIN_MINOR, LATE_CANCEL_MAX_MINOR).min(terms.price_minor))
}

/// What a step does with money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyMove {
    /// Nothing.
    None,
    /// Both sums are set aside.
    Hold,
    /// Both holds are divided. `earned` tells pay for carriage from pay for a truck that came in vain.
    Release {
        /// How.
        split: Split,
        /// Whether the goods were carried.
        earned: bool,
    },
}

/// Who stands behind an order's accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parties {
    /// The order.
    pub order: OrderId,
    /// Who pays.
    pub shipper: PartyId,
    /// Who carries.
    pub trucker: PartyId,
}

/// The posting sets of a step: each with one cause, so that none can be made twice.
pub fn postings(who: Parties, terms: &Terms, step: MoneyMove) -> Result<Vec<PostingSet>, Refusal> {
    let Parties { order, shipper, trucker } = who;
    let (price, deposit) = (Account::HoldPrice(order), Account::HoldDeposit(order));
    let moves = match step {
        MoneyMove::None => Vec::new(),
        MoneyMove::Hold => vec![
            ("freight_held", Account::Wallet(shipper), price, terms.pay().amount_minor),
            ("deposit_held", Account::Wallet(trucker), deposit, terms.deposit_minor),
        ],
        MoneyMove::Release { split, earned } => {
            let paid = if earned { "freight_paid" } else { "penalty" };
            vec![
                (paid, price.clone(), Account::Wallet(trucker), split.price_to_trucker),
                ("service_fee", price.clone(), Account::Fee, split.price_to_fee),
                ("freight_released", price, Account::Wallet(shipper), split.price_to_shipper),
                (
                    "deposit_returned",
                    deposit.clone(),
                    Account::Wallet(trucker),
                    split.deposit_to_trucker,
                ),
                ("deposit_forfeited", deposit, Account::Wallet(shipper), split.deposit_to_shipper),
            ]
        }
    };
    moves
        .into_iter()
        .filter(|(_, _, _, amount)| *amount != 0)
        .map(|(cause, from, to, amount)| {
            let set = PostingSet::new(order, cause, terms.currency);
            Ok(set.transfer(from, to, terms.money(amount))?)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn terms(price: i64, deposit: i64, refundable: bool) -> Terms {
        let money = |amount_minor| Money { amount_minor, currency: Currency::CNY };
        Terms::at(&FreightRules::default(), money(price), money(deposit), refundable).unwrap()
    }

    #[test]
    fn the_fee_is_two_percent_of_the_price_and_comes_from_the_trucker() {
        let terms = terms(448_000, 20_000, true);
        assert_eq!(terms.keep().amount_minor, 439_040);
        assert_eq!(terms.pay().amount_minor, 448_000);
    }

    #[test]
    fn walking_away_late_costs_five_percent_within_bounds() {
        let paid = |price| late_cancel(&terms(price, 0, true)).unwrap();
        assert_eq!(paid(200_000), 10_000);
        assert_eq!(paid(60_000), 5_000);
        assert_eq!(paid(4_000), 4_000);
        assert_eq!(paid(5_000_000), 50_000);
    }

    #[test]
    fn a_truck_that_came_in_vain_is_paid_for_the_run_and_the_wait() {
        let split = Split::truck_unused(&terms(100_000, 10_000, true), 70_000, 20_000).unwrap();
        assert_eq!(split.price_to_trucker, 70_000);
        assert_eq!(split.deposit_to_trucker, 10_000);
        let split = Split::truck_unused(&terms(100_000, 10_000, true), 70_000, 90_000).unwrap();
        assert_eq!(split.price_to_trucker, 100_000);
    }

    proptest! {
        #[test]
        fn every_split_makes_up_both_holds(
            price in 100i64..100_000_000, deposit in 0i64..1_000_000, refundable: bool,
            run in -5i64..200_000_000, waiting in -5i64..200_000_000,
        ) {
            let terms = terms(price, deposit, refundable);
            prop_assert!(terms.keep().amount_minor >= 0);
            for split in [
                Split::completed(&terms),
                Split::all_back(&terms),
                Split::shipper_late(&terms).unwrap(),
                Split::trucker_late(&terms).unwrap(),
                Split::deposit_lost(&terms, terms.deposit_minor),
                Split::truck_unused(&terms, run, waiting).unwrap(),
            ] {
                prop_assert!(split.covers(&terms), "{split:?} of {terms:?}");
            }
        }
    }
}
