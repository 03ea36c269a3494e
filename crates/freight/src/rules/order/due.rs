//! When time itself acts on an order: which action of the system, and from when on.

use sarai_kernel::Timestamp;

use super::{
    state::{Action, Dispute, Facts, Standing, State},
    table::{
        DISPUTE_MICROS, FUNDING_MICROS, OBJECTION_MICROS, SIGN_OFF_MICROS, WAITING_MICROS,
        overdue_at, stall_at,
    },
};

/// The system's actions that can fire in this standing, soonest first. A worker tries each; the table decides again.
pub fn due(at: Standing, facts: &Facts<'_>) -> Vec<(Timestamp, Action)> {
    let mut all = Vec::new();
    let mut from = |moment: Option<Timestamp>, micros: i64, action: Action| {
        if let Some(moment) = moment {
            all.push((moment.plus(micros), action));
        }
    };
    let open = at.dispute == Dispute::Open;
    let untold = !facts.told;
    if open && untold && at.state.is_held() {
        from(facts.dispute_at, DISPUTE_MICROS, Action::DisputeOverdue);
    }
    match at.state {
        State::AwaitingFunds => from(Some(facts.agreed_at), FUNDING_MICROS, Action::Lapse),
        State::Booked { no_show: true } if !open => {
            from(facts.no_show_at, OBJECTION_MICROS, Action::NoShowByTime);
        }
        State::AtStop { served: false, .. } if untold && !open => {
            from(facts.arrived_at, WAITING_MICROS, Action::WaitingByTime);
        }
        State::UnderWay { .. } if untold && !open => {
            from(Some(overdue_at(facts)), 0, Action::OverdueByTime);
        }
        State::Delivered if !open => {
            from(facts.delivered_at, SIGN_OFF_MICROS, Action::SignOffByTime);
        }
        _ => {}
    }
    if at.state.is_running() && !open {
        from(Some(stall_at(at.state, facts)), 0, Action::StallByTime);
    }
    all.sort_by_key(|(moment, _)| *moment);
    all
}
