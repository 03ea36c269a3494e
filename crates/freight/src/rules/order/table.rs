//! The one transition table. What is not in it is `transition_refused`; it never touches anything outside its arguments.

use sarai_kernel::{
    FieldError, Kind, Refusal, Timestamp,
    time::{DAY, HOUR, MINUTE},
};

use super::state::{
    Action, Actor, CancelReason, CodeShown, Dispute, Facts, Reason, Standing, State, Step,
};
use crate::{
    rules::money::{MoneyMove, Split},
    words::StopKind,
};

/// How long the sums may be missing.
pub const FUNDING_MICROS: i64 = 30 * MINUTE;
/// Before the window this long, walking away is free.
pub const FREE_BEFORE_WINDOW_MICROS: i64 = 2 * HOUR;
/// After booking this long, walking away is free.
pub const FREE_AFTER_BOOKING_MICROS: i64 = 15 * MINUTE;
/// After the window this long, no truck is a no-show.
pub const NO_SHOW_MICROS: i64 = 2 * HOUR;
/// How long the trucker may object to a no-show.
pub const OBJECTION_MICROS: i64 = 12 * HOUR;
/// After so long without loading the trucker may leave, paid.
pub const NOT_LOADED_MICROS: i64 = 4 * HOUR;
/// After delivery this long it signs itself off.
pub const SIGN_OFF_MICROS: i64 = 48 * HOUR;
/// Waiting at a stop is told after this long.
pub const WAITING_MICROS: i64 = 120 * MINUTE;
/// Silence on the road is told after this long.
pub const SILENT_MICROS: i64 = 2 * HOUR;
/// Lateness on the road is told after this long.
pub const LATE_MICROS: i64 = 12 * HOUR;
/// No state lasts longer than this without a step.
pub const STALL_MICROS: i64 = 72 * HOUR;
/// A dispute is overdue after five working days; a week holds them all.
pub const DISPUTE_MICROS: i64 = 7 * DAY;
/// Hidden damage can be claimed this long.
pub const CLAIM_MICROS: i64 = 7 * DAY;

/// Who may do `action` in `state`: the rows of the table. Empty where there is no such row.
fn actors(state: State, action: Action, facts: &Facts<'_>) -> &'static [Actor] {
    use Actor::{Driver, Money, Shipper, System, Trucker};
    match (state, action) {
        (State::AwaitingFunds, Action::Fund) => &[System, Shipper, Trucker],
        (State::AwaitingFunds, Action::Lapse) => &[System],
        (State::AwaitingFunds | State::Booked { no_show: false }, Action::Cancel(_)) => {
            &[Shipper, Trucker]
        }
        (State::Booked { no_show: false }, Action::Assign) => &[Trucker],
        (State::Booked { no_show: false }, Action::Arrive(0)) => &[Driver],
        (State::Booked { no_show: false }, Action::ReportNoShow) => &[Shipper],
        (State::Booked { no_show: true }, Action::Object) => &[Trucker],
        (State::Booked { no_show: true }, Action::NoShowByTime) => &[System],
        (State::UnderWay { to }, Action::Arrive(stop)) if to == stop => &[Driver],
        (State::UnderWay { .. }, Action::OverdueByTime) => &[System],
        (State::AtStop { stop, served: false }, Action::Serve(at)) if stop == at => &[Driver],
        (State::AtStop { stop, served: false }, Action::ConfirmLoaded(at))
            if stop == at && kind_of(facts, stop) == Some(StopKind::Pickup) =>
        {
            &[Shipper]
        }
        (State::AtStop { stop, served: true }, Action::Leave(at)) if stop == at => &[Driver],
        (State::AtStop { stop: 0, served: false }, Action::Cancel(_)) => &[Shipper, Trucker],
        (State::AtStop { stop, served: false }, Action::RefuseGoods)
            if kind_of(facts, stop) == Some(StopKind::Drop) =>
        {
            &[Driver]
        }
        (State::AtStop { served: false, .. }, Action::WaitingByTime) => &[System],
        (
            State::Booked { .. } | State::AtStop { .. } | State::UnderWay { .. },
            Action::StallByTime,
        ) => &[System],
        (State::Delivered, Action::SignOff) => &[Shipper],
        (State::Delivered, Action::SignOffByTime) => &[System],
        (state, Action::Dispute) if state.is_held() => &[Shipper, Trucker],
        (state, Action::RuleContinue) if state.is_running() => &[Money],
        (state, Action::RuleEnd) if state.is_held() => &[Money],
        (state, Action::DisputeOverdue) if state.is_held() => &[System],
        (State::Completed, Action::Claim) => &[Shipper],
        _ => &[],
    }
}

fn kind_of(facts: &Facts<'_>, stop: u8) -> Option<StopKind> {
    facts.stops.get(usize::from(stop)).copied()
}

/// The step that `actor` may take now with `action`, or why not. The one way in which an order changes.
pub fn next(
    at: Standing,
    action: Action,
    actor: Actor,
    now: Timestamp,
    facts: &Facts<'_>,
) -> Result<Step, Refusal> {
    let may = actors(at.state, action, facts);
    if may.is_empty() {
        return Err(refused(at, action, actor, facts));
    }
    if !may.contains(&actor) {
        return Err(wrong_actor(action));
    }
    overlay(at, action, actor, facts)?;
    guarded(at, action, actor, now, facts)
}

/// What an open dispute freezes, and what asks for one.
fn overlay(at: Standing, action: Action, actor: Actor, facts: &Facts<'_>) -> Result<(), Refusal> {
    let open = at.dispute == Dispute::Open;
    let releases = matches!(
        action,
        Action::SignOff | Action::SignOffByTime | Action::Cancel(_) | Action::NoShowByTime
    );
    let needs_open =
        matches!(action, Action::RuleContinue | Action::RuleEnd | Action::DisputeOverdue);
    let opens = matches!(
        action,
        Action::Dispute | Action::Object | Action::RefuseGoods | Action::StallByTime
    );
    if open && releases {
        return Err(
            Refusal::new("money_frozen", Kind::Conflict).with("state", at.state.to_string())
        );
    }
    if open && (opens || action == Action::ReportNoShow) || !open && needs_open {
        return Err(refused(at, action, actor, facts));
    }
    Ok(())
}

fn guarded(
    at: Standing,
    action: Action,
    actor: Actor,
    now: Timestamp,
    facts: &Facts<'_>,
) -> Result<Step, Refusal> {
    match action {
        Action::Fund => fund(at, facts),
        Action::Lapse => {
            not_before(now, facts.agreed_at.plus(FUNDING_MICROS))?;
            Ok(cancelled(at, Reason::Unfunded, MoneyMove::None))
        }
        Action::Assign => {
            need(facts.papers_hold, || Refusal::new("document_expired", Kind::Forbidden))?;
            Ok(step(at, "freight.order.assigned"))
        }
        Action::Arrive(stop) => {
            need(facts.assigned, || wrong_actor(action))?;
            need(facts.at_place || (facts.photo && facts.reason), || {
                proof(if facts.photo { "/reason" } else { "/position" })
            })?;
            Ok(step(at.to(State::AtStop { stop, served: false }), "freight.stop.arrived"))
        }
        Action::Serve(stop) => serve(at, stop, facts),
        Action::ConfirmLoaded(_) => Ok(step(at, "freight.stop.confirmed")),
        Action::Leave(stop) => {
            let to = State::UnderWay { to: stop.saturating_add(1) };
            Ok(step(at.to(to), "freight.stop.left"))
        }
        Action::SignOff => Ok(completed(at, facts)),
        Action::SignOffByTime => {
            not_before(now, facts.delivered_at.unwrap_or(now).plus(SIGN_OFF_MICROS))?;
            Ok(completed(at, facts))
        }
        Action::Cancel(reason) => cancel(at, reason, actor, now, facts),
        Action::ReportNoShow => {
            not_before(now, facts.pickup_to.plus(NO_SHOW_MICROS))?;
            Ok(step(at.to(State::Booked { no_show: true }), "freight.order.no_show_reported"))
        }
        Action::NoShowByTime => {
            not_before(now, facts.no_show_at.unwrap_or(now).plus(OBJECTION_MICROS))?;
            let split = Split::deposit_lost(facts.terms, facts.terms.deposit_minor);
            Ok(cancelled(at, Reason::NoShow, release(split)))
        }
        Action::Dispute => dispute(at, now, facts),
        Action::Object => Ok(disputed(at)),
        Action::RefuseGoods => {
            need(facts.photo, || proof("/photo"))?;
            need(facts.reason, || proof("/reason"))?;
            Ok(disputed(at))
        }
        Action::RuleContinue => {
            let ruled = Standing { dispute: Dispute::Ruled, ..at };
            Ok(step(ruled, "freight.dispute.ruled"))
        }
        Action::RuleEnd => rule_end(at, facts),
        Action::DisputeOverdue => {
            not_before(now, facts.dispute_at.unwrap_or(now).plus(DISPUTE_MICROS))?;
            once(facts, step(at, "freight.dispute.overdue"))
        }
        Action::WaitingByTime => {
            not_before(now, facts.arrived_at.unwrap_or(now).plus(WAITING_MICROS))?;
            once(facts, step(at, "freight.stop.waiting"))
        }
        Action::OverdueByTime => {
            not_before(now, overdue_at(facts))?;
            once(facts, step(at, "freight.order.overdue"))
        }
        Action::StallByTime => {
            not_before(now, stall_at(at.state, facts))?;
            Ok(disputed(at))
        }
        Action::Claim => {
            let until = facts.completed_at.unwrap_or(now).plus(CLAIM_MICROS);
            need(now < until, || too_late(until))?;
            Ok(step(at, "freight.claim.opened"))
        }
    }
}

/// When silence or lateness on the road is told.
pub(super) fn overdue_at(facts: &Facts<'_>) -> Timestamp {
    let silent = facts.heard_at.unwrap_or(facts.step_at).plus(SILENT_MICROS);
    facts.eta.map_or(silent, |eta| silent.min(eta.plus(LATE_MICROS)))
}

/// When a state has lasted too long.
pub(super) fn stall_at(state: State, facts: &Facts<'_>) -> Timestamp {
    match state {
        State::Booked { .. } => facts.pickup_to.max(facts.step_at).plus(STALL_MICROS),
        _ => facts.step_at.plus(STALL_MICROS),
    }
}

/// Until when walking away from a booked order is free.
pub fn free_until(facts: &Facts<'_>) -> Option<Timestamp> {
    let after_booking = facts.booked_at?.plus(FREE_AFTER_BOOKING_MICROS);
    Some(after_booking.max(facts.pickup_from.plus(-FREE_BEFORE_WINDOW_MICROS)))
}

fn fund(at: Standing, facts: &Facts<'_>) -> Result<Step, Refusal> {
    need(facts.funds, || Refusal::new("funds_insufficient", Kind::Conflict))?;
    let booked = step(at.to(State::Booked { no_show: false }), "freight.order.booked");
    Ok(Step { money: MoneyMove::Hold, ..booked })
}

fn serve(at: Standing, stop: u8, facts: &Facts<'_>) -> Result<Step, Refusal> {
    let pickup = kind_of(facts, stop) == Some(StopKind::Pickup);
    need(facts.photo, || proof("/photos"))?;
    need(!pickup || facts.mass, || proof("/mass_kg"))?;
    match facts.code {
        CodeShown::Right => {}
        CodeShown::Missing if pickup && facts.confirmed => {}
        CodeShown::Missing => return Err(proof("/code")),
        CodeShown::Wrong { tries_left } => return Err(wrong_code(tries_left)),
        CodeShown::Spent => return Err(wrong_code(0)),
    }
    let last = usize::from(stop) + 1 == facts.stops.len();
    if last {
        return Ok(step(at.to(State::Delivered), "freight.order.delivered"));
    }
    Ok(step(at.to(State::AtStop { stop, served: true }), "freight.stop.served"))
}

fn cancel(
    at: Standing,
    reason: CancelReason,
    actor: Actor,
    now: Timestamp,
    facts: &Facts<'_>,
) -> Result<Step, Refusal> {
    let terms = facts.terms;
    match (at.state, actor) {
        (State::AwaitingFunds, _) => Ok(cancelled(at, Reason::Unfunded, MoneyMove::None)),
        (State::Booked { .. }, _) => {
            let free = free_until(facts).is_some_and(|until| now < until);
            Ok(match (actor, free) {
                (Actor::Shipper, true) => {
                    cancelled(at, Reason::ShipperFree, release(Split::all_back(terms)))
                }
                (Actor::Shipper, false) => {
                    cancelled(at, Reason::ShipperLate, release(Split::shipper_late(terms)?))
                }
                (_, true) => cancelled(at, Reason::TruckerFree, release(Split::all_back(terms))),
                (_, false) => {
                    cancelled(at, Reason::TruckerLate, release(Split::trucker_late(terms)?))
                }
            })
        }
        (_, Actor::Shipper) => {
            let split = Split::truck_unused(terms, facts.empty_run_minor, 0)?;
            Ok(cancelled(at, Reason::TruckUnused, release(split)))
        }
        (_, _) => cancel_at_gate(at, reason, now, facts),
    }
}

/// The trucker stands at the first stop, not loaded, and wants to go.
fn cancel_at_gate(
    at: Standing,
    reason: CancelReason,
    now: Timestamp,
    facts: &Facts<'_>,
) -> Result<Step, Refusal> {
    match reason {
        CancelReason::CargoDiffers => {
            need(facts.photo, || proof("/photo"))?;
            need(at.dispute != Dispute::Open, || Refusal::new("money_frozen", Kind::Conflict))?;
            Ok(disputed(at))
        }
        CancelReason::NotLoaded => {
            let since = facts.arrived_at.unwrap_or(now).max(facts.pickup_from);
            not_before(now, since.plus(NOT_LOADED_MICROS))?;
            need(facts.at_place, || proof("/position"))?;
            let hours = now.since(since) / HOUR;
            let waiting = hours.saturating_mul(facts.waiting_hour_minor);
            let split = Split::truck_unused(facts.terms, facts.empty_run_minor, waiting)?;
            Ok(cancelled(at, Reason::TruckUnused, release(split)))
        }
        _ => {
            let split = Split::deposit_lost(facts.terms, facts.terms.deposit_minor);
            Ok(cancelled(at, Reason::TruckerLate, release(split)))
        }
    }
}

fn dispute(at: Standing, now: Timestamp, facts: &Facts<'_>) -> Result<Step, Refusal> {
    if let (State::Delivered, Some(delivered)) = (at.state, facts.delivered_at) {
        let until = delivered.plus(SIGN_OFF_MICROS);
        need(now < until, || too_late(until))?;
    }
    need(facts.reason, || proof("/words"))?;
    Ok(disputed(at))
}

fn rule_end(at: Standing, facts: &Facts<'_>) -> Result<Step, Refusal> {
    let split = facts.split.filter(|split| split.covers(facts.terms)).ok_or_else(|| {
        Refusal::new("amount_out_of_bounds", Kind::Invalid)
            .with("price_minor", facts.terms.pay().amount_minor)
            .with("deposit_minor", facts.terms.deposit_minor)
    })?;
    let earned = at.state == State::Delivered;
    let state = if earned { State::Completed } else { State::Cancelled { reason: Reason::Ruled } };
    Ok(Step {
        money: MoneyMove::Release { split, earned },
        ..step(Standing { state, dispute: Dispute::Ruled }, "freight.dispute.ruled")
    })
}

impl Standing {
    const fn to(self, state: State) -> Self {
        Self { state, ..self }
    }
}

const fn step(standing: Standing, event: &'static str) -> Step {
    Step { standing, money: MoneyMove::None, event, reopens_load: false }
}

const fn disputed(at: Standing) -> Step {
    step(Standing { dispute: Dispute::Open, ..at }, "freight.dispute.opened")
}

const fn release(split: Split) -> MoneyMove {
    MoneyMove::Release { split, earned: false }
}

fn completed(at: Standing, facts: &Facts<'_>) -> Step {
    let split = Split::completed(facts.terms);
    Step {
        money: MoneyMove::Release { split, earned: true },
        ..step(at.to(State::Completed), "freight.order.completed")
    }
}

fn cancelled(at: Standing, reason: Reason, money: MoneyMove) -> Step {
    let standing = at.to(State::Cancelled { reason });
    Step {
        money,
        reopens_load: matches!(reason, Reason::Unfunded),
        ..step(standing, "freight.order.cancelled")
    }
}

/// A step that only tells something happens once for each state.
fn once(facts: &Facts<'_>, step: Step) -> Result<Step, Refusal> {
    need(!facts.told, || Refusal::new("transition_refused", Kind::Conflict)).map(|()| step)
}

fn need(fine: bool, refusal: impl FnOnce() -> Refusal) -> Result<(), Refusal> {
    if fine { Ok(()) } else { Err(refusal()) }
}

fn not_before(now: Timestamp, moment: Timestamp) -> Result<(), Refusal> {
    need(now >= moment, || {
        Refusal::new("transition_refused", Kind::Conflict).with("possible_from", moment.to_string())
    })
}

fn too_late(until: Timestamp) -> Refusal {
    Refusal::new("transition_refused", Kind::Conflict).with("possible_until", until.to_string())
}

fn proof(pointer: &'static str) -> Refusal {
    let errors = vec![FieldError::new(pointer, "required")];
    Refusal { errors, ..Refusal::new("proof_required", Kind::Invalid) }
}

fn wrong_code(tries_left: u8) -> Refusal {
    Refusal::new("receiver_code_wrong", Kind::Forbidden).with("tries_left", tries_left)
}

/// The row is there, but for somebody else. Steps of the run are for the driver on it.
fn wrong_actor(action: Action) -> Refusal {
    match action {
        Action::Arrive(_) | Action::Serve(_) | Action::Leave(_) | Action::RefuseGoods => {
            Refusal::new("driver_not_on_run", Kind::Forbidden)
        }
        _ => Refusal::new("not_allowed", Kind::Forbidden),
    }
}

fn refused(at: Standing, action: Action, actor: Actor, facts: &Facts<'_>) -> Refusal {
    let from: Vec<String> = every_state(facts.stops.len())
        .filter(|state| !actors(*state, action, facts).is_empty())
        .map(|state| state.to_string())
        .collect();
    let now: Vec<&str> = allowed_now(at, actor, facts);
    Refusal::new("transition_refused", Kind::Conflict)
        .with("state", at.state.to_string())
        .with("allowed_from", from)
        .with("allowed_now", now)
}

/// Every state of an order with so many stops, in the order of a run.
pub fn every_state(stops: usize) -> impl Iterator<Item = State> {
    let stops = u8::try_from(stops).unwrap_or(u8::MAX);
    let run = (0..stops).flat_map(move |stop| {
        let way = (stop > 0).then_some(State::UnderWay { to: stop });
        let there = State::AtStop { stop, served: false };
        // The last stop is never "served": that is "delivered".
        let served = (stop + 1 < stops).then_some(State::AtStop { stop, served: true });
        way.into_iter().chain([there]).chain(served)
    });
    [State::AwaitingFunds, State::Booked { no_show: false }, State::Booked { no_show: true }]
        .into_iter()
        .chain(run)
        .chain([State::Delivered, State::Completed])
        .chain(
            [
                Reason::Unfunded,
                Reason::ShipperFree,
                Reason::ShipperLate,
                Reason::TruckerFree,
                Reason::TruckerLate,
                Reason::NoShow,
                Reason::TruckUnused,
                Reason::Ruled,
            ]
            .map(|reason| State::Cancelled { reason }),
        )
}

/// Every action on an order with so many stops.
pub fn every_action(stops: usize) -> Vec<Action> {
    let mut all = vec![
        Action::Fund,
        Action::Lapse,
        Action::Assign,
        Action::SignOff,
        Action::SignOffByTime,
        Action::Dispute,
        Action::RuleContinue,
        Action::RuleEnd,
        Action::DisputeOverdue,
        Action::ReportNoShow,
        Action::Object,
        Action::NoShowByTime,
        Action::RefuseGoods,
        Action::WaitingByTime,
        Action::OverdueByTime,
        Action::StallByTime,
        Action::Claim,
    ];
    all.extend(
        [
            CancelReason::PlansChanged,
            CancelReason::TruckTrouble,
            CancelReason::CargoDiffers,
            CancelReason::NotLoaded,
            CancelReason::Other,
        ]
        .map(Action::Cancel),
    );
    for stop in 0..u8::try_from(stops).unwrap_or(u8::MAX) {
        all.extend([
            Action::Arrive(stop),
            Action::Serve(stop),
            Action::ConfirmLoaded(stop),
            Action::Leave(stop),
        ]);
    }
    all
}

/// The words of the actions that `actor` may try now. Guards that ask for a proof are not asked here; the overlay is.
pub fn allowed_now(at: Standing, actor: Actor, facts: &Facts<'_>) -> Vec<&'static str> {
    let mut words = Vec::new();
    for action in every_action(facts.stops.len()) {
        let row = actors(at.state, action, facts).contains(&actor);
        let frozen = at.dispute == Dispute::Open
            && matches!(
                action,
                Action::SignOff
                    | Action::Cancel(_)
                    | Action::Dispute
                    | Action::Object
                    | Action::RefuseGoods
                    | Action::ReportNoShow
            );
        let unopened =
            at.dispute != Dispute::Open && matches!(action, Action::RuleContinue | Action::RuleEnd);
        let confirmed = matches!(action, Action::ConfirmLoaded(_)) && facts.confirmed;
        let word = action.word();
        if row && !frozen && !unopened && !confirmed && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
