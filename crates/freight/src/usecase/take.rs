//! Take a load at its shown price: first come, first served, in one decision.

use sarai_kernel::{
    Caller, Command, Decision, Kind, LoadId, Outcome, Refusal, UseCaseError, document::Stored,
};

use super::{
    agree::{Deal, agree, booked},
    common::{need_version, not_allowed},
};
use crate::{
    input::TakeRequest,
    market::Freight,
    model::{Load, LoadState},
    rules::post::wire,
    words::PriceMode,
};

/// Takes the load with the caller's truck.
pub async fn take(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: LoadId,
    version: u64,
    request: TakeRequest,
) -> Result<Outcome, UseCaseError> {
    let now = command.now;
    market.need_trucker(caller, now).await?;
    market
        .commit(now, || async {
            let load = market.load(id).await?;
            need_takeable(caller, &load, now)?;
            if load.version != version || load.record.terms.price() != request.price {
                need_same_terms(&load, version, request)?;
            }
            let vehicle = market.own_vehicle(caller.party, request.vehicle).await?;
            let talk = market.talk(id, load.record.owner, caller.party, now).await?;
            let deal = Deal {
                id,
                terms: load.record.terms,
                load,
                trucker: caller.party,
                vehicle,
                offer: None,
                talk,
                by_trucker: true,
            };
            let agreed = agree(market, Decision::new("freight.take", now), deal, now).await?;
            let outcome = booked(&agreed);
            Ok((agreed.decision.answer(command.once, outcome.clone()), outcome))
        })
        .await
}

fn need_takeable(
    caller: &Caller,
    load: &Stored<Load>,
    now: sarai_kernel::Timestamp,
) -> Result<(), Refusal> {
    let record = &load.record;
    if record.owner == caller.party {
        return Err(not_allowed());
    }
    need_open(record, now)?;
    if record.price_mode != PriceMode::OnePrice {
        return Err(not_allowed().with("price_mode", record.price_mode.word()));
    }
    Ok(())
}

/// The load is on the board; why not, as far as a stranger may know.
pub(super) fn need_open(load: &Load, now: sarai_kernel::Timestamp) -> Result<(), Refusal> {
    match load.state {
        LoadState::Open if load.expires_at.is_none_or(|until| now < until) => Ok(()),
        LoadState::Booked => Err(Refusal::new("already_taken", Kind::Conflict)),
        LoadState::Draft => Err(Refusal::not_found()),
        _ => Err(Refusal::new("listing_closed", Kind::Conflict)),
    }
}

fn need_same_terms(load: &Stored<Load>, version: u64, request: TakeRequest) -> Result<(), Refusal> {
    if load.record.terms.price() != request.price {
        return Err(Refusal::new("terms_changed", Kind::Conflict)
            .with("version", load.version)
            .with("price", wire(load.record.terms.price())));
    }
    need_version(Some(version), load.version)
}
