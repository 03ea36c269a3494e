//! Another number or address for oneself: a code to what is held, a code to what is new, and the authenticator. The old one is told.

use sarai_kernel::{
    Caller, ChallengeId, Command, CommitError, Decision, DocRef, Draft, FieldError, Kind, Outcome,
    PartyId, Query, Refusal, StoreExt, Stored, Timestamp, UseCaseError,
    document::KeyValue,
    party::Party,
    personal::{Email, Phone},
    purpose::Secure,
};
use sarai_seal::Sealed;

use super::{factors, profile::own_party, sessions, sign_in::check_code, warn, warn::Warning};
use crate::{
    Account,
    account::{active, before_sign_in, denied, internal, security},
    model::{Challenge, ChallengeEmail, ChallengePhone, Session},
    rules::code::{self, CodeRefused},
};

/// A code with its challenge.
pub struct ShownCode<'a> {
    /// The challenge.
    pub challenge: ChallengeId,
    /// The digits.
    pub digits: &'a str,
}

/// Puts the number or address of `new` in the place of the present one of its kind, or beside it.
pub async fn change_contact(
    account: &Account,
    caller: &Caller,
    (held, new): (ShownCode<'_>, ShownCode<'_>),
    command: Command,
) -> Result<Outcome, UseCaseError> {
    active(caller)?;
    let now = command.now;
    factors::proved_and_aged(account, caller, now).await?;
    account.limits(|limits| limits.may_guess(now)).map_err(|again| code::too_often(again, now))?;
    let mut party = own_party(account, caller.party).await?;
    let mut old = challenge(account, held.challenge).await?;
    let own = old.record.subject == caller.party.subject()
        && holder(account, &old.record).await? == Some(caller.party);
    if !own {
        return Err(Refusal::from(CodeRefused::Spent).into());
    }
    let mut fresh = challenge(account, new.challenge).await?;
    if fresh.id == old.id {
        return Err(Refusal::from(CodeRefused::Spent).into());
    }
    check_code(account, &mut old, held.digits, now).await?;
    check_code(account, &mut fresh, new.digits, now).await?;
    // Whoever has a code from there holds it, and may know that an account has it already.
    if holder(account, &fresh.record).await?.is_some() {
        return Err(taken().into());
    }
    let told = warn::warn(account, &party, Warning::ContactChanged, now).await?;
    take_over(account, &mut party, &fresh, now).await?;
    let outcome = Outcome::of(200, caller.party, party.version + 1).state("changed");
    let mut decision = ended(account, caller, now).await?;
    decision.drafts.extend(told);
    old.record.newest.spent = true;
    let draft = Draft::update(old.id, old.version, &old.record, old.record.keys())?;
    decision.removals.push((DocRef::new("challenge", fresh.id), fresh.version));
    let decision = decision
        .write(party.record.draft(caller.party, party.version, party.created_at)?)
        .write(draft)
        .audit(security(caller.party, "contact_changed", caller.party, caller.party, true))
        .answer(command.once, outcome.clone());
    match account.store.commit(decision).await {
        Ok(_) => {}
        Err(CommitError::Duplicate(_)) => return Err(taken().into()),
        Err(error) => return Err(error.into()),
    }
    account.notices.notify_one();
    Ok(outcome)
}

fn taken() -> Refusal {
    Refusal::invalid(vec![FieldError::new("/new", "duplicate")])
}

async fn challenge(account: &Account, id: ChallengeId) -> Result<Stored<Challenge>, Refusal> {
    let query = Query::by("challenge", "challenge.id", id);
    let found = account.store.first::<Challenge>(query).await?;
    found.ok_or_else(|| CodeRefused::Spent.into())
}

/// Who holds the number or address of a challenge.
async fn holder(account: &Account, challenge: &Challenge) -> Result<Option<PartyId>, Refusal> {
    let (key, value): (_, KeyValue) = challenge.contact().ok_or_else(internal)?;
    let found = account.store.first::<Party>(Query::by("party", key, value)).await?;
    Ok(found.map(|party| PartyId::from_uuid(party.id)))
}

/// The contact of a challenge becomes the party's.
async fn take_over(
    account: &Account,
    party: &mut Stored<Party>,
    fresh: &Stored<Challenge>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let challenge = &fresh.record;
    let fields = ["challenge.phone", "challenge.email"];
    let ask = before_sign_in(challenge.subject, challenge.newest.id, &fields);
    let grant = account.gate.grant::<Secure>(ask, now).await?;
    let phone = grant.open_if_present::<ChallengePhone>(challenge).map_err(denied)?;
    if let Some(phone) = phone.and_then(|phone| Phone::new(phone.as_str()).ok()) {
        party.record.phone = Some(Sealed::new(phone));
    }
    let email = grant.open_if_present::<ChallengeEmail>(challenge).map_err(denied)?;
    if let Some(email) = email.and_then(|email| Email::new(email.as_str()).ok()) {
        party.record.email = Some(Sealed::new(email));
    }
    party.record.contact_changed_at = Some(now);
    Ok(())
}

/// Every other session ends: whoever else is in was let in by what held before.
async fn ended(account: &Account, caller: &Caller, now: Timestamp) -> Result<Decision, Refusal> {
    let current = caller.session().map(|id| id.uuid());
    let all: Vec<Stored<Session>> = sessions::list(account, caller.party, now).await?;
    let others: Vec<_> = all.into_iter().filter(|one| Some(one.id) != current).collect();
    let mut decision = Decision::new("account.contact_changed", now);
    decision.removals = sessions::removals(&others);
    Ok(decision)
}

/// The refusal while money waits after a change of contact.
pub(crate) fn waits(account: &Account, party: &Party, now: Timestamp) -> Result<(), Refusal> {
    let usable_at = party.contact_changed_at.map(|at| at.plus(account.rules.payout_wait_micros));
    match usable_at.filter(|at| now < *at) {
        Some(at) => {
            Err(Refusal::new("payout_refused", Kind::Conflict).with("usable_at", at.to_string()))
        }
        None => Ok(()),
    }
}
