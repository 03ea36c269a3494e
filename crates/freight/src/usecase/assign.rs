//! Name driver and vehicle of a run, before the truck stands at the first stop.

use sarai_kernel::{Caller, Command, Decision, OrderId, Outcome, UseCaseError, document::Clear};

use super::{
    act::{acted, apply, decide},
    agree::{assignment, busy, free, suits},
    common::{need_active, need_version},
};
use crate::{input::AssignmentRequest, market::Freight, model::order::Shown, rules::order::Action};

/// Names them.
pub async fn assign(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: OrderId,
    version: u64,
    request: AssignmentRequest,
) -> Result<Outcome, UseCaseError> {
    need_active(caller)?;
    let now = command.now;
    market
        .commit(now, || async {
            let mut stored = market.related_order(caller, id).await?;
            need_version(Some(version), stored.version)?;
            let actors = stored.record.actors_of(caller.party);
            // First whether this may be done at all; only then the vehicle and the driver.
            decide(market, &stored.record, &actors, Action::Assign, Shown::NOTHING, now)?;
            let load = market.load(stored.record.load).await?.record;
            let vehicle = market.own_vehicle(stored.record.trucker, request.vehicle).await?;
            suits(&load, &vehicle.record)?;
            let driver = request.driver.unwrap_or(caller.party);
            let named = assignment(market, driver, &vehicle, &load, now).await?;
            let before = stored.record.assignment.replace(named);
            let (step, actor) =
                decide(market, &stored.record, &actors, Action::Assign, Shown::NOTHING, now)?;
            let mut decision = Decision::new("freight.assign", now);
            let same = before.is_some_and(|before| {
                before.driver == named.driver && before.vehicle_row == named.vehicle_row
            });
            if !same {
                decision = change_rows(market, decision, id, &stored.record, before).await?;
            }
            let taken =
                apply(market, decision, stored, (Action::Assign, step, actor), now, Clear::new())
                    .await?;
            let actors = taken.order.actors_of(caller.party);
            let outcome = acted(id, taken.version, &taken.order, &actors, market);
            Ok((taken.decision.answer(command.once, outcome.clone()), outcome))
        })
        .await
}

/// Gives the rows back that are not used any more and books the new ones; a row that stays is written once.
async fn change_rows(
    market: &Freight,
    decision: Decision,
    id: OrderId,
    order: &crate::model::Order,
    before: Option<crate::model::Assignment>,
) -> Result<Decision, UseCaseError> {
    let mut decision = busy(market, decision, id, order).await?;
    if let Some(before) = before {
        let freed =
            free(market, Decision::new("freight.assign", order.agreed_at), id, before).await?;
        for draft in freed.drafts {
            let written = decision.drafts.iter().any(|other| other.at == draft.at);
            if !written {
                decision = decision.write(draft);
            }
        }
    }
    Ok(decision)
}
