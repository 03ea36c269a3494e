//! Corrections of what is held, and objections to a use. The desk answers within fifteen days.

use sarai_kernel::{
    Caller, Command, CorrectionId, Decision, Draft, FieldCheck, FieldError, Kind, Outcome, Query,
    Refusal, StoreExt, Stored, UseCaseError, personal::Words,
};
use sarai_seal::Sealed;

use super::my_data::entry;
use crate::{
    Account,
    model::{ANSWER_MICROS, Correction, RequestState},
};

/// Requests of one person that wait.
const WAITING_MAX: usize = 20;

/// Asks for a correction of a field, or objects to a use.
pub async fn ask(
    account: &Account,
    caller: &Caller,
    (field, words, objection): (&str, &str, bool),
    command: Command,
) -> Result<Outcome, UseCaseError> {
    let now = command.now;
    let mut check = FieldCheck::new();
    let pointer = if objection { "/words" } else { "/value" };
    let sealed = Words::new(words).ok();
    check.require(sealed.is_some(), || FieldError::new(pointer, "pattern"));
    let known = objection || entry(account, field).is_some();
    check.require(known, || FieldError::new("/field", "not_in_list"));
    check.length(if objection { "/about" } else { "/field" }, field, 1, 80);
    check.finish()?;
    let waiting = list(account, caller).await?;
    let waiting = waiting.iter().filter(|one| one.record.state == RequestState::Waiting);
    if waiting.count() >= WAITING_MAX {
        return Err(Refusal::new("quota_spent", Kind::TooMany).into());
    }
    let id = CorrectionId::new(now);
    let record = Correction {
        subject: caller.party.subject(),
        party: caller.party,
        field: field.to_owned(),
        objection,
        state: RequestState::Waiting,
        asked_at: now,
        answer_by: now.plus(ANSWER_MICROS),
        words: sealed.map(Sealed::new),
    };
    let outcome = Outcome::of(202, id, 1).state("waiting");
    let decision = Decision::new("account.correction", now)
        .write(Draft::create(id.uuid(), &record, record.keys())?)
        .answer(command.once, outcome.clone());
    account.store.commit(decision).await?;
    Ok(outcome)
}

/// The caller's corrections and objections, newest first.
pub async fn list(account: &Account, caller: &Caller) -> Result<Vec<Stored<Correction>>, Refusal> {
    let query = Query::by("correction", "correction.party", caller.party).newest_first();
    let found = account.store.records::<Correction>(query).await?;
    Ok(found.into_iter().map(|(one, _)| one).collect())
}

/// One of the caller's corrections or objections.
pub async fn own(
    account: &Account,
    caller: &Caller,
    id: CorrectionId,
) -> Result<Stored<Correction>, Refusal> {
    let found = account.store.load::<Correction>(id.uuid()).await?;
    found.filter(|one| one.record.party == caller.party).ok_or_else(Refusal::not_found)
}
