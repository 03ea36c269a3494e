//! Random histories of whole orders, money included: sums stay zero, holds end at zero, nothing goes negative, no cause twice.

use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;
use sarai_geo::{Cell, Point};
use sarai_kernel::{
    Account, Currency, LoadId, Money, OrderId, PartyId, Timestamp, Window,
    time::{HOUR, MINUTE},
};
use uuid::Uuid;

use super::{
    money::{MoneyMove, Parties, Split, Terms, postings},
    order::{Action, Actor, CancelReason, CodeShown, Standing, due, next},
};
use crate::{
    model::{Cargo, Order, Route, StopId, StopRun, order::Shown},
    settings::FreightRules,
    words::{Basis, CargoKind, StopKind},
};

const ACTORS: [Actor; 5] =
    [Actor::Shipper, Actor::Trucker, Actor::Driver, Actor::System, Actor::Money];

fn order(stops: u8, terms: Terms, now: Timestamp) -> Order {
    let point = Point::new(31.57, 120.3).unwrap();
    let stop = |n: u8| StopRun {
        id: StopId::from_uuid(Uuid::from_u128(u128::from(n))),
        kind: if n == 0 { StopKind::Pickup } else { StopKind::Drop },
        area: "cn-320206".to_owned(),
        point,
        cell: Cell::freight(point),
        window: Window {
            from: now.plus(i64::from(n + 1) * 10 * HOUR),
            to: now.plus(i64::from(n + 1) * 10 * HOUR + 2 * HOUR),
            zone: "Asia/Shanghai".to_owned(),
        },
        arrived_at: None,
        served_at: None,
        left_at: None,
        mass_kg: None,
        photos: Vec::new(),
        confirmed: false,
    };
    Order {
        load: LoadId::from_uuid(Uuid::nil()),
        offer: None,
        thread: None,
        shipper: PartyId::from_uuid(Uuid::from_u128(1)),
        trucker: PartyId::from_uuid(Uuid::from_u128(2)),
        standing: Standing::AGREED,
        terms,
        stops: (0..stops).map(stop).collect(),
        cargo: Cargo {
            kind: CargoKind::Steel,
            name: "coil".to_owned(),
            mass_kg: 28_000,
            volume_l: None,
            pieces: None,
            handling: Vec::new(),
        },
        route: Route {
            distance_m: 740_000,
            duration_seconds: 40_000,
            basis: Basis::Estimated,
            factor: Some(1.33),
        },
        lane: "a:b".to_owned(),
        assignment: Some(crate::model::Assignment {
            driver: PartyId::from_uuid(Uuid::from_u128(2)),
            vehicle: sarai_kernel::TruckId::from_uuid(Uuid::nil()),
            vehicle_row: Uuid::nil(),
            at: now,
            papers_until: None,
        }),
        agreed_at: now,
        booked_at: None,
        delivered_at: None,
        completed_at: None,
        ended_at: None,
        no_show_at: None,
        dispute_at: None,
        step_at: now,
        heard_at: None,
        told: false,
        empty_run_minor: 30_000,
        taken: Vec::new(),
    }
}

/// A plain ledger as the reference: balances by account and the causes seen.
#[derive(Default)]
struct Ledger {
    balances: BTreeMap<Account, i64>,
    causes: HashSet<(String, &'static str)>,
}

impl Ledger {
    fn post(&mut self, sets: Vec<sarai_kernel::PostingSet>) {
        for set in sets {
            assert!(
                self.causes.insert((set.subject().to_owned(), set.cause())),
                "{} twice",
                set.cause()
            );
            for line in set.lines() {
                *self.balances.entry(line.account.clone()).or_default() += line.amount_minor;
            }
        }
        for (account, balance) in &self.balances {
            assert!(*balance >= 0 || account.may_be_negative(), "{account} is {balance}");
        }
        assert_eq!(self.balances.values().sum::<i64>(), 0);
    }

    fn of(&self, account: &Account) -> i64 {
        self.balances.get(account).copied().unwrap_or_default()
    }
}

/// One choice of a history: what is tried, by whom, after how long, with which proofs.
#[derive(Debug, Clone)]
struct Try {
    action: Action,
    actor: Actor,
    minutes: i64,
    proofs: u8,
    take_from_trucker: i64,
}

fn tries() -> impl Strategy<Value = Try> {
    let stop = 0u8..4;
    let action = prop_oneof![
        2 => Just(Action::Fund),
        1 => Just(Action::Lapse),
        1 => Just(Action::Assign),
        6 => stop.clone().prop_map(Action::Arrive),
        6 => stop.clone().prop_map(Action::Serve),
        1 => stop.clone().prop_map(Action::ConfirmLoaded),
        6 => stop.prop_map(Action::Leave),
        2 => Just(Action::SignOff),
        2 => Just(Action::SignOffByTime),
        1 => Just(Action::Dispute),
        1 => Just(Action::RuleContinue),
        1 => Just(Action::RuleEnd),
        1 => Just(Action::DisputeOverdue),
        1 => prop_oneof![
            Just(CancelReason::Other), Just(CancelReason::CargoDiffers), Just(CancelReason::NotLoaded)
        ].prop_map(Action::Cancel),
        1 => Just(Action::ReportNoShow),
        1 => Just(Action::Object),
        1 => Just(Action::NoShowByTime),
        1 => Just(Action::RefuseGoods),
        1 => Just(Action::WaitingByTime),
        1 => Just(Action::OverdueByTime),
        1 => Just(Action::StallByTime),
        1 => Just(Action::Claim),
    ];
    let minutes = prop_oneof![4 => 0i64..60, 1 => 0i64..6_000];
    (action, 0usize..5, minutes, any::<u8>(), 0i64..500_000).prop_map(
        |(action, actor, minutes, proofs, take_from_trucker)| Try {
            action,
            actor: ACTORS[actor],
            minutes,
            // Most proofs are there most of the time.
            proofs: proofs | (proofs >> 1),
            take_from_trucker,
        },
    )
}

fn history(
    stops: u8,
    price: i64,
    deposit: i64,
    refundable: bool,
    wallets: (i64, i64),
    tries: Vec<Try>,
) {
    let rules =
        FreightRules { shipper_fee_bp: 50, insurance_minor: 300, ..FreightRules::default() };
    let money = |amount_minor| Money { amount_minor, currency: Currency::CNY };
    let terms = Terms::at(&rules, money(price), money(deposit), refundable).unwrap();
    let start = Timestamp::from_micros(1_800_000_000_000_000);
    let mut now = start;
    let mut order = order(stops, terms, now);
    let who = Parties {
        order: OrderId::from_uuid(Uuid::from_u128(9)),
        shipper: order.shipper,
        trucker: order.trucker,
    };
    let mut ledger = Ledger::default();
    for (party, amount) in [(who.shipper, wallets.0), (who.trucker, wallets.1)] {
        let set = sarai_kernel::PostingSet::new(party, "topup", Currency::CNY);
        let set =
            set.transfer(Account::Provider("test"), Account::Wallet(party), money(amount)).unwrap();
        ledger.post(vec![set]);
    }
    let kinds = order.kinds();
    let step = |order: &mut Order, ledger: &mut Ledger, action, actor, now, one: Option<&Try>| {
        let bit = |n: u8| one.is_none_or(|one| one.proofs & (1 << n) != 0);
        let part = one.map_or(0, |one| one.take_from_trucker).min(terms.pay().amount_minor);
        let split = Split {
            price_to_trucker: part,
            price_to_shipper: terms.pay().amount_minor - part,
            deposit_to_trucker: deposit - deposit / 3,
            deposit_to_shipper: deposit / 3,
            price_to_fee: 0,
        };
        let shown = Shown {
            funds: ledger.of(&Account::Wallet(who.shipper)) >= terms.pay().amount_minor
                && ledger.of(&Account::Wallet(who.trucker)) >= deposit,
            at_place: bit(0),
            photo: bit(1),
            reason: bit(2),
            mass: bit(3),
            code: if bit(4) { CodeShown::Right } else { CodeShown::Missing },
            split: bit(5).then_some(split),
        };
        let facts = order.facts(&kinds, &rules, shown);
        let Ok(step) = next(order.standing, action, actor, now, &facts) else { return false };
        let over = order.standing.state.is_over();
        assert!(!over || step.money == MoneyMove::None, "money moved after the end");
        ledger.post(postings(who, &terms, step.money).unwrap());
        order.take(action, &step, now);
        true
    };
    for one in &tries {
        now = now.plus(one.minutes * MINUTE);
        step(&mut order, &mut ledger, one.action, one.actor, now, Some(one));
        check_holds(&order, &ledger, &who);
    }
    // Left alone, time and the rulings bring every order to its end.
    for _ in 0..40 {
        if order.standing.state.is_over() {
            break;
        }
        let kinds = order.kinds();
        let soonest = due(order.standing, &order.facts(&kinds, &rules, Shown::NOTHING));
        match soonest.first() {
            Some((at, action)) => {
                now = now.max(*at);
                assert!(
                    step(&mut order, &mut ledger, *action, Actor::System, now, None),
                    "{action:?} was due"
                );
            }
            None => {
                assert!(step(&mut order, &mut ledger, Action::RuleEnd, Actor::Money, now, None))
            }
        }
        check_holds(&order, &ledger, &who);
    }
    assert!(order.standing.state.is_over(), "{:?} lasts for ever", order.standing);
}

fn check_holds(order: &Order, ledger: &Ledger, who: &Parties) {
    let held =
        ledger.of(&Account::HoldPrice(who.order)) + ledger.of(&Account::HoldDeposit(who.order));
    let wanted = if order.standing.state.is_held() {
        order.terms.pay().amount_minor + order.terms.deposit_minor
    } else {
        0
    };
    assert_eq!(held, wanted, "{:?}", order.standing);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]
    #[test]
    fn ten_thousand_histories_leave_the_ledger_whole(
        stops in 2u8..5,
        price in 1_000i64..1_000_000,
        deposit in 0i64..100_000,
        refundable: bool,
        wallets in (0i64..2_000_000, 0i64..150_000),
        tries in proptest::collection::vec(tries(), 0..25),
    ) {
        history(stops, price, deposit, refundable, wallets, tries);
    }
}

#[test]
fn the_plain_journey_pays_the_trucker_and_the_platform() {
    let rules = FreightRules::default();
    let money = |amount_minor| Money { amount_minor, currency: Currency::CNY };
    let terms = Terms::at(&rules, money(440_000), money(20_000), true).unwrap();
    let now = Timestamp::from_micros(1_800_000_000_000_000);
    let mut order = order(2, terms, now);
    let kinds = order.kinds();
    let shown = Shown {
        funds: true,
        at_place: true,
        photo: true,
        mass: true,
        code: CodeShown::Right,
        ..Shown::NOTHING
    };
    let mut money = Vec::new();
    for (action, actor) in [
        (Action::Fund, Actor::System),
        (Action::Arrive(0), Actor::Driver),
        (Action::Serve(0), Actor::Driver),
        (Action::Leave(0), Actor::Driver),
        (Action::Arrive(1), Actor::Driver),
        (Action::Serve(1), Actor::Driver),
        (Action::SignOff, Actor::Shipper),
    ] {
        let step =
            next(order.standing, action, actor, now, &order.facts(&kinds, &rules, shown)).unwrap();
        order.take(action, &step, now);
        money.push(step.money);
    }
    assert_eq!(money.first(), Some(&MoneyMove::Hold));
    let split = Split {
        price_to_trucker: 431_200,
        price_to_fee: 8_800,
        deposit_to_trucker: 20_000,
        ..Split::default()
    };
    assert_eq!(money.last(), Some(&MoneyMove::Release { split, earned: true }));
    assert!(money[1..6].iter().all(|step| *step == MoneyMove::None));
}
