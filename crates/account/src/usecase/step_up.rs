//! Step-up: a fresh factor in this session, good for five minutes.

use sarai_kernel::{
    Caller, ChallengeId, Decision, Draft, Kind, Query, Refusal, StoreExt, Timestamp,
    caller::STEP_UP_MICROS, party::Party, time::SECOND,
};
use zeroize::Zeroizing;

use super::{factors, factors::Shown, sign_in::check_code};
use crate::{
    Account,
    account::{internal, security},
    model::{Challenge, Former, Session},
    rules::{code, code::CodeRefused, session, token},
};

/// What is shown.
pub enum Proof<'a> {
    /// A fresh code for a challenge of this person. Only for those without an authenticator, and never enough for staff.
    Code {
        /// The challenge.
        challenge: ChallengeId,
        /// The digits.
        digits: &'a str,
    },
    /// Digits of the authenticator.
    Totp(&'a str),
    /// A recovery code.
    Recovery(&'a str),
}

/// A factor was shown.
pub struct Stepped {
    /// Until when it is good.
    pub until: Timestamp,
    /// The session's new token, shown once: a token that was stolen before is worth nothing now.
    pub token: Zeroizing<String>,
    /// How long the cookie lives, in seconds.
    pub life_seconds: i64,
}

/// Shows a factor; the session gets a new token.
pub async fn step_up(
    account: &Account,
    caller: &Caller,
    proof: Proof<'_>,
    now: Timestamp,
) -> Result<Stepped, Refusal> {
    account.limits(|limits| limits.may_guess(now)).map_err(|again| code::too_often(again, now))?;
    let id = caller.session().ok_or_else(|| Refusal::new("not_allowed", Kind::Forbidden))?;
    let mut decision = Decision::new("account.step_up", now).audit(security(
        caller.party,
        "step_up",
        id,
        caller.party,
        true,
    ));
    let strong = match proof {
        Proof::Code { challenge, digits } => {
            decision = decision.write(by_code(account, caller, challenge, digits, now).await?);
            false
        }
        Proof::Totp(digits) => {
            let found = factors::of(account, caller.party).await?;
            let shown = factors::use_totp(account, found, digits, now).await;
            decision = decision.write(counted(account, shown, now)?);
            true
        }
        Proof::Recovery(typed) => {
            let found = factors::of(account, caller.party).await?;
            let shown = factors::use_recovery(account, found, typed, now).await;
            decision = decision.write(counted(account, shown, now)?);
            true
        }
    };
    let (stored, mut session) = shown(account, caller, strong, now).await?.ok_or_else(internal)?;
    let token = token::fresh().map_err(|_| internal())?;
    let before = std::mem::replace(&mut session.token, token::digest(&token));
    session.former = Some(Former { token: before, until: now.plus(session::FORMER_MICROS) });
    let ends = session.started_at.plus(session::lives(session.staff).1);
    let draft = Draft::update(id.uuid(), stored, &session, session.keys())?;
    account.store.commit(decision.write(draft)).await?;
    let life_seconds = (ends.since(now) / SECOND).max(1);
    Ok(Stepped { until: now.plus(STEP_UP_MICROS), token, life_seconds })
}

/// The factor's new document; a wrong one counts against the whole server's guesses.
fn counted(
    account: &Account,
    shown: Result<Shown, Refusal>,
    now: Timestamp,
) -> Result<Draft, Refusal> {
    match shown {
        Ok(Shown::Used(draft)) => Ok(*draft),
        Ok(Shown::None) => Err(internal()),
        Err(refusal) => {
            account.limits(|limits| limits.guessed_wrong(now));
            Err(refusal)
        }
    }
}

/// The used-up challenge of a right code to this very person.
async fn by_code(
    account: &Account,
    caller: &Caller,
    challenge: ChallengeId,
    digits: &str,
    now: Timestamp,
) -> Result<Draft, Refusal> {
    if factors::has_totp(account, caller.party).await? {
        return Err(Refusal::new("second_factor_required", Kind::Unauthenticated));
    }
    let query = Query::by("challenge", "challenge.id", challenge);
    let found = account.store.first::<Challenge>(query).await?;
    let own = found.filter(|found| found.record.subject == caller.party.subject());
    let mut own = own.ok_or(CodeRefused::Spent)?;
    check_code(account, &mut own, digits, now).await?;
    own.record.newest.spent = true;
    Ok(Draft::update(own.id, own.version, &own.record, own.record.keys())?)
}

/// The caller's session as a draft, a real second factor shown now.
pub(crate) async fn strengthened(
    account: &Account,
    caller: &Caller,
    now: Timestamp,
) -> Result<Option<Draft>, Refusal> {
    let (Some(id), Some((version, session))) =
        (caller.session(), shown(account, caller, true, now).await?)
    else {
        return Ok(None);
    };
    Ok(Some(Draft::update(id.uuid(), version, &session, session.keys())?))
}

/// The caller's session with its version, a factor shown now. After a code alone a quiet number stays thin: it is the same channel.
async fn shown(
    account: &Account,
    caller: &Caller,
    strong: bool,
    now: Timestamp,
) -> Result<Option<(u64, Session)>, Refusal> {
    let Some(id) = caller.session() else { return Ok(None) };
    let Some(found) = account.store.load::<Session>(id.uuid()).await? else { return Ok(None) };
    let mut session = found.record;
    session.factor_at = Some(now);
    if strong {
        session.strong = true;
        session.thin = false;
        let party = account.store.load::<Party>(caller.party.uuid()).await?;
        let staff = party.is_some_and(|party| party.record.roles.iter().any(|r| r.is_staff()));
        // From now on it lives as shortly as a staff session, counted from here.
        if staff && !session.staff {
            session.staff = true;
            session.started_at = now;
        }
    }
    Ok(Some((found.version, session)))
}
