//! What a driver did in a dead zone: steps through the same table one by one, the first refusal stops; then the fixes.

use sarai_kernel::{Caller, Command, FieldCheck, FieldError, OrderId, Refusal, UseCaseError};

use super::{
    common::need_active,
    run::{RunAct, step},
    track::{TAKE_MAX, add_fixes},
};
use crate::{
    input::{RunEventsRequest, RunStep},
    market::Freight,
    model::Order,
};

/// Most steps in one batch.
pub const STEPS_MAX: usize = 100;

/// What came of a batch.
#[derive(Debug)]
pub struct BatchAnswer {
    /// Ids of the steps that were taken, now or before.
    pub taken: Vec<String>,
    /// The step that was refused, and why; those after it were not tried.
    pub refused: Option<(String, Refusal)>,
    /// Fixes that were taken.
    pub points_taken: usize,
    /// The order's version after it.
    pub version: u64,
    /// The order after it.
    pub order: Order,
}

fn parts(step: &RunStep) -> (&str, RunAct) {
    match step {
        RunStep::Arrive(step) => (&step.id, RunAct::Arrive(step.act.clone())),
        RunStep::Serve(step) => (&step.id, RunAct::Serve(step.act.clone())),
        RunStep::Leave(step) => (&step.id, RunAct::Leave(step.act)),
    }
}

/// Applies a batch. Sending it again changes nothing: each step is known by its id.
pub async fn run_events(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: OrderId,
    batch: &RunEventsRequest,
) -> Result<BatchAnswer, UseCaseError> {
    need_active(caller)?;
    check(batch)?;
    let mut taken = Vec::new();
    let mut refused = None;
    for one in &batch.steps {
        let (name, act) = parts(one);
        let known =
            market.related_order(caller, id).await?.record.taken.iter().any(|held| held == name);
        if known {
            taken.push(name.to_owned());
            continue;
        }
        match step(market, caller, Command::at(command.now), id, &act, Some(name)).await {
            Ok(_) => taken.push(name.to_owned()),
            Err(UseCaseError::Refused(refusal)) => {
                refused = Some((name.to_owned(), refusal));
                break;
            }
            Err(other) => return Err(other),
        }
    }
    let points_taken = match batch.points.is_empty() {
        true => 0,
        false => add_fixes(market, caller, command.now, id, &batch.points).await.unwrap_or(0),
    };
    let stored = market.related_order(caller, id).await?;
    Ok(BatchAnswer { taken, refused, points_taken, version: stored.version, order: stored.record })
}

fn check(batch: &RunEventsRequest) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    let whole = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    check.range("/steps", whole(batch.steps.len()), 0, whole(STEPS_MAX));
    check.range("/points", whole(batch.points.len()), 0, whole(TAKE_MAX));
    for (n, one) in batch.steps.iter().enumerate().take(STEPS_MAX) {
        let (name, _) = parts(one);
        let fine = (1..=64).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        check.require(fine, || FieldError::new(format!("/steps/{n}/id"), "pattern"));
    }
    check.finish()
}
