//! Corrections of what is held, and objections to a use. The desk answers within fifteen days.

use sarai_kernel::{
    Caller, Command, CorrectionId, Decision, Draft, FieldCheck, FieldError, Kind, Outcome, Query,
    Refusal, Role, StoreExt, Stored, UseCaseError, personal::Words,
};
use sarai_seal::Sealed;
use uuid::Uuid;

use super::{my_data::entry, staff::needs};
use crate::{
    Account,
    account::security,
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
        answered_at: None,
        granted: None,
        words: sealed.map(Sealed::new),
        answer: None,
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

/// Everybody's requests in a state, the oldest first: what runs out soonest comes first.
pub async fn queue(
    account: &Account,
    state: RequestState,
    limit: u32,
    after: Option<(i64, Uuid)>,
) -> Result<Vec<(Stored<Correction>, i64)>, Refusal> {
    let query = Query::by("correction", "correction.state", state.word());
    Ok(account.store.records(query.limit(limit).after(after)).await?)
}

/// One request, for the officer who answers it.
pub async fn one(account: &Account, id: CorrectionId) -> Result<Stored<Correction>, Refusal> {
    account.store.load(id.uuid()).await?.ok_or_else(Refusal::not_found)
}

/// Answers a request: done as asked or not, and in the house's words why. It is answered once.
pub async fn answer(
    account: &Account,
    caller: &Caller,
    (id, version): (CorrectionId, u64),
    (granted, words): (bool, &str),
    command: Command,
) -> Result<Outcome, UseCaseError> {
    let now = command.now;
    needs(caller, Role::PrivacyOfficer, now)?;
    let sealed = Words::new(words).ok();
    let mut check = FieldCheck::new();
    check.require(sealed.is_some(), || FieldError::new("/words", "pattern"));
    check.finish()?;
    let found = one(account, id).await?;
    if found.version != version {
        let stale = Refusal::new("version_mismatch", Kind::Stale);
        return Err(stale.with("version", found.version).into());
    }
    let mut record = found.record;
    if record.state == RequestState::Done {
        let refusal = Refusal::new("transition_refused", Kind::Conflict);
        return Err(refusal.with("state", record.state.word()).into());
    }
    if record.party == caller.party {
        return Err(Refusal::new("four_eyes_required", Kind::Forbidden).into());
    }
    record.state = RequestState::Done;
    record.answered_at = Some(now);
    record.granted = Some(granted);
    record.answer = sealed.map(Sealed::new);
    let outcome = Outcome::of(200, id, version + 1).state("done");
    let decision = Decision::new("account.answer_request", now)
        .write(Draft::update(id.uuid(), version, &record, record.keys())?)
        .audit(security(caller.party, "request_answered", id, record.party, true))
        .answer(command.once, outcome.clone());
    account.store.commit(decision).await?;
    Ok(outcome)
}
