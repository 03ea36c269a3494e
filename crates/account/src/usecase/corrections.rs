//! Corrections of what is held, and objections to a use. The privacy officer answers within fifteen days.

use sarai_gate::Ask;
use sarai_kernel::{
    Caller, Command, CorrectionId, Decision, Draft, FieldCheck, FieldError, Kind, NewEvent,
    Outcome, Query, Refusal, Role, StoreExt, Stored, Timestamp, UseCaseError, decide_and_commit,
    document::Clear, personal::Words, purpose::Support,
};
use sarai_seal::{Grant, Scope, Sealed};
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
        answer: None,
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

/// Everybody's requests in a state, oldest first, each with the value that orders it. For the privacy officer.
pub async fn of_everybody(
    account: &Account,
    caller: &Caller,
    state: RequestState,
    limit: u32,
    after: Option<(i64, Uuid)>,
) -> Result<Vec<(Stored<Correction>, i64)>, Refusal> {
    officer(caller)?;
    let query = Query::by("correction", "correction.state", state.word());
    Ok(account.store.records::<Correction>(query.limit(limit).after(after)).await?)
}

/// A request, with the right to read its words. The opening is in the person's access log.
pub async fn opened(
    account: &Account,
    caller: &Caller,
    id: CorrectionId,
    now: Timestamp,
) -> Result<(Stored<Correction>, Grant<Support>), Refusal> {
    officer(caller)?;
    let found = load(account, id).await?;
    let case = id.to_string();
    let ask = Ask {
        actor: caller.actor(),
        caller: Some(caller),
        relation: "staff",
        resource_kind: "request",
        resource: case.clone(),
        stage: "",
        case: Some(&case),
        consent: false,
        scope: Scope::One(found.record.subject),
        fields: &["correction.words", "correction.answer"],
    };
    let grant = account.gate.grant::<Support>(ask, now).await?;
    Ok((found, grant))
}

/// Answers a request: done as asked, or refused, with words to the person either way.
pub async fn answer(
    account: &Account,
    caller: &Caller,
    id: CorrectionId,
    (granted, words): (bool, &str),
    version: u64,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    needs(caller, Role::PrivacyOfficer, command.now)?;
    let mut check = FieldCheck::new();
    let fine = Words::new(words).is_ok();
    check.require(fine, || FieldError::new("/words", "pattern"));
    check.finish()?;
    let decide = || answered(account, caller, id, (granted, words), version, command);
    decide_and_commit(&*account.store, decide).await
}

async fn answered(
    account: &Account,
    caller: &Caller,
    id: CorrectionId,
    (granted, words): (bool, &str),
    version: u64,
    command: Command,
) -> Result<(Decision, Outcome), UseCaseError> {
    let found = load(account, id).await?;
    if found.record.party == caller.party {
        return Err(Refusal::new("four_eyes_required", Kind::Forbidden).into());
    }
    if found.record.state != RequestState::Waiting {
        let state = found.record.state.word();
        let refused = Refusal::new("transition_refused", Kind::Conflict).with("state", state);
        return Err(refused.with("allowed_from", ["waiting"].as_slice()).into());
    }
    if found.version != version {
        let stale = Refusal::new("version_mismatch", Kind::Stale);
        return Err(stale.with("version", found.version).into());
    }
    let record = Correction {
        state: if granted { RequestState::Done } else { RequestState::Refused },
        answered_at: Some(command.now),
        answer: Words::new(words).ok().map(Sealed::new),
        ..found.record
    };
    let outcome = Outcome::of(200, id, version + 1).state(record.state.word());
    let mut data = Clear::new();
    data.insert("state".to_owned(), record.state.word().into());
    let decision = Decision::new("account.correction_answer", command.now)
        .write(Draft::update(id.uuid(), version, &record, record.keys())?)
        .audit(security(caller.party, "request_answered", id, record.party, true))
        .event(NewEvent {
            kind: "kernel.request.answered",
            subject_kind: "request",
            subject: id.to_string(),
            version: version + 1,
            audience: vec![record.party],
            on_board: false,
            data,
        })
        .answer(command.once, outcome.clone());
    Ok((decision, outcome))
}

async fn load(account: &Account, id: CorrectionId) -> Result<Stored<Correction>, Refusal> {
    account.store.load::<Correction>(id.uuid()).await?.ok_or_else(Refusal::not_found)
}

fn officer(caller: &Caller) -> Result<(), Refusal> {
    let role = Role::PrivacyOfficer;
    if caller.has(role) { Ok(()) } else { Err(Refusal::new("role_missing", Kind::Forbidden)) }
}
