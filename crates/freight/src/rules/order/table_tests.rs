//! The whole product of states, actions, actors and overlays against a table written down by hand.

use std::collections::BTreeSet;

use sarai_kernel::{Currency, Timestamp, time::MINUTE};

use super::*;
use crate::rules::money::Terms;

const STOPS: [StopKind; 3] = [StopKind::Pickup, StopKind::Drop, StopKind::Drop];
const T0: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

fn terms() -> Terms {
    Terms {
        currency: Currency::CNY,
        price_minor: 440_000,
        shipper_fee_minor: 0,
        trucker_fee_minor: 8_800,
        insurance_minor: 0,
        deposit_minor: 20_000,
        deposit_refundable: true,
    }
}

/// Every proof shown, everything happened at the start, the window began two days later.
fn generous(terms: &Terms) -> Facts<'_> {
    Facts {
        stops: &STOPS,
        terms,
        agreed_at: T0,
        booked_at: Some(T0),
        pickup_from: T0.plus(2 * DAY),
        pickup_to: T0.plus(2 * DAY + 2 * HOUR),
        arrived_at: Some(T0),
        step_at: T0,
        eta: None,
        heard_at: None,
        delivered_at: Some(T0),
        completed_at: Some(T0),
        no_show_at: Some(T0),
        dispute_at: Some(T0),
        told: false,
        funds: true,
        assigned: true,
        papers_hold: true,
        at_place: true,
        photo: true,
        reason: true,
        mass: true,
        code: CodeShown::Right,
        confirmed: false,
        empty_run_minor: 10_000,
        waiting_hour_minor: 5_000,
        split: Some(Split::all_back(terms)),
    }
}

fn standing_word(at: Standing) -> String {
    let reason = match at.state {
        State::Cancelled { reason } => format!("({})", reason.word()),
        _ => String::new(),
    };
    let overlay = match at.dispute {
        Dispute::None => "",
        Dispute::Open => "+open",
        Dispute::Ruled => "+ruled",
    };
    format!("{}{reason}{overlay}", at.state)
}

fn action_word(action: Action) -> String {
    match action {
        Action::Arrive(stop)
        | Action::Serve(stop)
        | Action::ConfirmLoaded(stop)
        | Action::Leave(stop) => {
            format!("{}({stop})", action.word())
        }
        Action::Cancel(reason) => {
            format!("cancel({})", serde_json::to_value(reason).unwrap().as_str().unwrap())
        }
        _ => action.word().to_owned(),
    }
}

const OVERLAYS: [Dispute; 3] = [Dispute::None, Dispute::Open, Dispute::Ruled];
const ACTORS: [Actor; 5] =
    [Actor::Shipper, Actor::Trucker, Actor::Driver, Actor::System, Actor::Money];

/// All that is possible with every proof, at moments soon and late: `from action actor -> to : event`.
fn possible() -> BTreeSet<String> {
    let terms = terms();
    let facts = generous(&terms);
    let mut found = BTreeSet::new();
    for state in every_state(STOPS.len()) {
        for dispute in OVERLAYS {
            let at = Standing { state, dispute };
            for action in every_action(STOPS.len()) {
                for actor in ACTORS {
                    for now in
                        [T0.plus(MINUTE), T0.plus(3 * DAY), T0.plus(6 * DAY), T0.plus(20 * DAY)]
                    {
                        let Ok(step) = next(at, action, actor, now, &facts) else { continue };
                        let actor = serde_json::to_value(actor).unwrap();
                        found.insert(format!(
                            "{} {} {} -> {} : {}",
                            standing_word(at),
                            action_word(action),
                            actor.as_str().unwrap(),
                            standing_word(step.standing),
                            step.event.trim_start_matches("freight."),
                        ));
                    }
                }
            }
        }
    }
    found
}

#[test]
fn the_whole_product_is_the_table_written_down_and_nothing_else() {
    let written: BTreeSet<String> = include_str!("../../../tests/data/order_table.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    let found = possible();
    let extra: Vec<_> = found.difference(&written).collect();
    let missing: Vec<_> = written.difference(&found).collect();
    assert!(
        extra.is_empty() && missing.is_empty(),
        "possible and not written: {extra:#?}\nwritten and not possible: {missing:#?}"
    );
}

#[test]
fn what_is_not_in_the_table_says_what_is() {
    let terms = terms();
    let facts = generous(&terms);
    let at = Standing { state: State::AtStop { stop: 0, served: false }, dispute: Dispute::None };
    let refusal = next(at, Action::Leave(0), Actor::Driver, T0, &facts).unwrap_err();
    assert_eq!(refusal.code, "transition_refused");
    assert_eq!(refusal.facts["state"], "at_stop/0");
    assert_eq!(refusal.facts["allowed_from"], serde_json::json!(["at_stop/0/served"]));
    assert_eq!(refusal.facts["allowed_now"], serde_json::json!(["serve"]));
}

#[test]
fn nobody_cancels_with_goods_on_the_truck() {
    let terms = terms();
    let facts = generous(&terms);
    for state in every_state(STOPS.len()) {
        let empty = matches!(
            state,
            State::AwaitingFunds
                | State::Booked { no_show: false }
                | State::AtStop { stop: 0, served: false }
        );
        for actor in ACTORS {
            let at = Standing { state, dispute: Dispute::None };
            let done =
                next(at, Action::Cancel(CancelReason::Other), actor, T0.plus(6 * DAY), &facts);
            assert_eq!(done.is_ok(), empty && matches!(actor, Actor::Shipper | Actor::Trucker));
        }
    }
}

#[test]
fn each_guard_alone_refuses_with_its_own_code() {
    let terms = terms();
    let all = generous(&terms);
    let at = |state| Standing { state, dispute: Dispute::None };
    let gate = at(State::AtStop { stop: 0, served: false });
    let drop = at(State::AtStop { stop: 1, served: false });
    let booked = at(State::Booked { no_show: false });
    let cases = [
        (
            at(State::AwaitingFunds),
            Action::Fund,
            Actor::System,
            Facts { funds: false, ..all },
            "funds_insufficient",
        ),
        (
            booked,
            Action::Assign,
            Actor::Trucker,
            Facts { papers_hold: false, ..all },
            "document_expired",
        ),
        (
            booked,
            Action::Arrive(0),
            Actor::Driver,
            Facts { assigned: false, ..all },
            "driver_not_on_run",
        ),
        (booked, Action::Arrive(0), Actor::Trucker, all, "driver_not_on_run"),
        (
            booked,
            Action::Arrive(0),
            Actor::Driver,
            Facts { at_place: false, photo: false, ..all },
            "proof_required",
        ),
        (
            booked,
            Action::Arrive(0),
            Actor::Driver,
            Facts { at_place: false, reason: false, ..all },
            "proof_required",
        ),
        (gate, Action::Serve(0), Actor::Driver, Facts { photo: false, ..all }, "proof_required"),
        (gate, Action::Serve(0), Actor::Driver, Facts { mass: false, ..all }, "proof_required"),
        (
            gate,
            Action::Serve(0),
            Actor::Driver,
            Facts { code: CodeShown::Missing, ..all },
            "proof_required",
        ),
        (
            gate,
            Action::Serve(0),
            Actor::Driver,
            Facts { code: CodeShown::Wrong { tries_left: 4 }, ..all },
            "receiver_code_wrong",
        ),
        (
            drop,
            Action::Serve(1),
            Actor::Driver,
            Facts { code: CodeShown::Spent, ..all },
            "receiver_code_wrong",
        ),
        // Only a loading is confirmed by the shipper: a delivery always needs the receiver's code.
        (
            drop,
            Action::Serve(1),
            Actor::Driver,
            Facts { code: CodeShown::Missing, confirmed: true, ..all },
            "proof_required",
        ),
        (
            gate,
            Action::Cancel(CancelReason::CargoDiffers),
            Actor::Trucker,
            Facts { photo: false, ..all },
            "proof_required",
        ),
        (
            gate,
            Action::Cancel(CancelReason::NotLoaded),
            Actor::Trucker,
            Facts { at_place: false, ..all },
            "proof_required",
        ),
        (
            at(State::Delivered),
            Action::Dispute,
            Actor::Shipper,
            Facts { reason: false, ..all },
            "transition_refused",
        ),
        (at(State::Delivered), Action::SignOff, Actor::Trucker, all, "not_allowed"),
    ];
    for (at, action, actor, facts, code) in cases {
        let refusal = next(at, action, actor, T0.plus(6 * DAY), &facts).unwrap_err();
        assert_eq!(refusal.code, code, "{at:?} {action:?}");
    }
    let confirmed = Facts { code: CodeShown::Missing, confirmed: true, ..all };
    assert!(next(gate, Action::Serve(0), Actor::Driver, T0, &confirmed).is_ok());
}

#[test]
fn walking_away_is_free_until_two_hours_before_the_window_or_a_quarter_after_booking() {
    let terms = terms();
    let far = generous(&terms);
    let at = Standing { state: State::Booked { no_show: false }, dispute: Dispute::None };
    let reason = |facts: &Facts<'_>, actor, now| match next(
        at,
        Action::Cancel(CancelReason::Other),
        actor,
        now,
        facts,
    )
    .unwrap()
    .standing
    .state
    {
        State::Cancelled { reason } => reason,
        _ => panic!("not cancelled"),
    };
    let edge = T0.plus(2 * DAY - 2 * HOUR);
    assert_eq!(reason(&far, Actor::Shipper, edge.plus(-1)), Reason::ShipperFree);
    assert_eq!(reason(&far, Actor::Shipper, edge), Reason::ShipperLate);
    assert_eq!(reason(&far, Actor::Trucker, edge), Reason::TruckerLate);
    let soon = Facts { pickup_from: T0, ..far };
    assert_eq!(reason(&soon, Actor::Trucker, T0.plus(15 * MINUTE - 1)), Reason::TruckerFree);
    assert_eq!(reason(&soon, Actor::Trucker, T0.plus(15 * MINUTE)), Reason::TruckerLate);
}

#[test]
fn an_open_dispute_freezes_every_release_and_nothing_else() {
    let terms = terms();
    let facts = generous(&terms);
    for state in every_state(STOPS.len()) {
        let open = Standing { state, dispute: Dispute::Open };
        for action in every_action(STOPS.len()) {
            for actor in ACTORS.into_iter().filter(|actor| *actor != Actor::Money) {
                if let Ok(step) = next(open, action, actor, T0.plus(6 * DAY), &facts)
                    && state.is_held()
                {
                    assert_eq!(step.money, MoneyMove::None, "{state} {action:?}");
                }
            }
        }
    }
    let under_way = Standing { state: State::UnderWay { to: 1 }, dispute: Dispute::Open };
    assert!(next(under_way, Action::Arrive(1), Actor::Driver, T0, &facts).is_ok());
}

#[test]
fn time_acts_exactly_when_due_says_so() {
    let terms = terms();
    let facts = generous(&terms);
    for state in every_state(STOPS.len()) {
        for dispute in OVERLAYS {
            let at = Standing { state, dispute };
            let due = crate::rules::order::due(at, &facts);
            if state.is_held() {
                assert!(!due.is_empty(), "{state} {dispute:?} could last for ever");
            }
            for (moment, action) in due {
                assert!(
                    next(at, action, Actor::System, moment.plus(-1), &facts).is_err(),
                    "{state} {action:?}"
                );
                assert!(
                    next(at, action, Actor::System, moment, &facts).is_ok(),
                    "{state} {action:?}"
                );
            }
        }
    }
}
