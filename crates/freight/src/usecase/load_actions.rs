//! Publish, withdraw, renew a load.

use sarai_kernel::{
    Caller, Command, Decision, FieldCheck, Kind, LoadId, Outcome, Refusal, Timestamp, UseCaseError,
};

use super::{
    common::{load_event, need_active, need_version},
    edit_load::supersede,
    post_load::{no_twin, open, room},
};
use crate::{
    market::Freight,
    model::{Load, LoadState},
    rules::post::check_window,
};

/// What an owner does with a load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadAction {
    /// Put a draft on the board.
    Publish,
    /// Take it off.
    Withdraw,
    /// Keep it on for another week at most.
    Renew,
}

impl LoadAction {
    const ALL: [Self; 3] = [Self::Publish, Self::Withdraw, Self::Renew];

    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Withdraw => "withdraw",
            Self::Renew => "renew",
        }
    }

    const fn from(self) -> &'static [LoadState] {
        match self {
            Self::Publish => &[LoadState::Draft],
            Self::Withdraw => &[LoadState::Draft, LoadState::Open],
            Self::Renew => &[LoadState::Open, LoadState::Expired],
        }
    }
}

/// The words of what an owner may do with a load now.
pub fn allowed_now(load: &Load) -> Vec<&'static str> {
    let mut words: Vec<_> = LoadAction::ALL
        .into_iter()
        .filter(|action| action.from().contains(&load.state))
        .map(LoadAction::word)
        .collect();
    if matches!(load.state, LoadState::Draft | LoadState::Open) {
        words.push("edit");
    }
    words
}

/// Does one of them.
pub async fn load_action(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: LoadId,
    version: u64,
    action: LoadAction,
) -> Result<Outcome, UseCaseError> {
    need_active(caller)?;
    if action == LoadAction::Publish {
        market.need_shipper(caller, command.now).await?;
    }
    let now = command.now;
    market
        .commit(now, || async {
            let stored = market.owned_load(caller, id).await?;
            need_version(Some(version), stored.version)?;
            let mut load = stored.record;
            possible(&load, action)?;
            let mut decision = Decision::new("freight.load_action", now);
            let kind = match action {
                LoadAction::Withdraw => {
                    load.state = LoadState::Withdrawn;
                    decision = supersede(market, decision, id, None).await?;
                    "freight.load.closed"
                }
                LoadAction::Publish | LoadAction::Renew => {
                    windows_last(&load, now)?;
                    let before = load.state;
                    if before != LoadState::Open {
                        room(market, caller.party, 1).await?;
                        no_twin(market, &load).await?;
                    }
                    let opened = load.opened_at;
                    open(&mut load, market, now);
                    if before == LoadState::Open {
                        load.opened_at = opened;
                        "freight.load.changed"
                    } else {
                        "freight.load.opened"
                    }
                }
            };
            let next = stored.version + 1;
            decision = decision
                .write(load.update(stored.id, stored.version, stored.created_at)?)
                .event(load_event(kind, id, next, &load));
            let outcome = Outcome::of(200, id, next).state(load.state.word());
            Ok((decision.answer(command.once, outcome.clone()), outcome))
        })
        .await
}

fn possible(load: &Load, action: LoadAction) -> Result<(), Refusal> {
    if action.from().contains(&load.state) {
        return Ok(());
    }
    let from: Vec<_> = action.from().iter().map(|state| state.word()).collect();
    Err(Refusal::new("transition_refused", Kind::Conflict)
        .with("state", load.state.word())
        .with("allowed_from", from)
        .with("allowed_now", allowed_now(load)))
}

/// Every window still lies ahead.
fn windows_last(load: &Load, now: Timestamp) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    for (n, stop) in load.stops.iter().enumerate() {
        check_window(&mut check, &format!("/stops/{n}/window"), &stop.window, now);
    }
    check.finish()
}
