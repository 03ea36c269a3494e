//! Sessions: who holds a token, where somebody is signed in, and the end of it.

use sarai_kernel::{
    Caller, CommitError, Decision, DocRef, Draft, Kind, PartyId, Query, Refusal, SessionId,
    StoreExt, Stored, Timestamp, Via,
    party::{Party, Standing},
};

use crate::{
    Account,
    account::security,
    model::Session,
    rules::{session::SEEN_EVERY_MICROS, token},
};

/// Longest token that is looked at.
const TOKEN_LETTERS_MAX: usize = 64;

/// Who holds a session's token; `None` for one that nobody holds, a refusal for one that has ended.
/// Nothing is cached: a session that ended anywhere has ended here with the next request.
pub async fn holder(
    account: &Account,
    token: &str,
    now: Timestamp,
) -> Result<Option<Caller>, Refusal> {
    if token.len() > TOKEN_LETTERS_MAX {
        return Ok(None);
    }
    let digest = token::digest(token);
    let query = Query::by("session", "session.token", digest.as_str());
    let (session, present) = match account.store.first::<Session>(query).await? {
        Some(session) => (session, true),
        None => match renewed(account, &digest, now).await? {
            Some(session) => (session, false),
            None => return Ok(None),
        },
    };
    if !session.record.is_alive(now) {
        return Err(Refusal::new("session_expired", Kind::Unauthenticated));
    }
    let Some(party) = account.store.load::<Party>(session.record.party.uuid()).await? else {
        return Ok(None);
    };
    if matches!(party.record.standing, Standing::Erased { .. }) {
        return Ok(None);
    }
    let mut caller = caller(&session, &party.record);
    if let Via::Session { factor_at, .. } = &mut caller.via
        && !present
    {
        // Whoever stole the old token gets nothing of what was just shown.
        *factor_at = None;
    }
    if now.since(session.record.seen_at) >= SEEN_EVERY_MICROS {
        seen(account, session, now).await?;
    }
    Ok(Some(caller))
}

/// The session whose token was renewed a moment ago and was this before: requests that were under way still find it.
async fn renewed(
    account: &Account,
    digest: &str,
    now: Timestamp,
) -> Result<Option<Stored<Session>>, Refusal> {
    let query = Query::by("session", "session.former", digest);
    let found = account.store.first::<Session>(query).await?;
    Ok(found.filter(|one| one.record.former.as_ref().is_some_and(|old| now < old.until)))
}

/// Staff roles count only in a session that showed a real second factor: without one, staff reach nothing.
fn caller(session: &Stored<Session>, party: &Party) -> Caller {
    let strong = session.record.strong;
    let roles = party.roles.iter().copied().filter(|role| strong || !role.is_staff());
    Caller {
        party: session.record.party,
        roles: roles.collect(),
        suspended: matches!(party.standing, Standing::Suspended { .. }),
        via: Via::Session {
            id: SessionId::from_uuid(session.id),
            factor_at: session.record.factor_at,
            thin: session.record.thin,
        },
    }
}

/// Writes the last moment of use. Whoever loses the race was seen as well.
async fn seen(account: &Account, session: Stored<Session>, now: Timestamp) -> Result<(), Refusal> {
    let record = Session { seen_at: now, ..session.record };
    let draft = Draft::update(session.id, session.version, &record, record.keys())?;
    match account.store.commit(Decision::new("account.seen", now).write(draft)).await {
        Ok(_) | Err(CommitError::Conflict(_) | CommitError::Busy) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Where a party is signed in, newest first.
pub async fn list(
    account: &Account,
    party: PartyId,
    now: Timestamp,
) -> Result<Vec<Stored<Session>>, Refusal> {
    let query = Query::by("session", "session.party", party).newest_first();
    let found = account.store.records::<Session>(query).await?;
    Ok(found.into_iter().map(|(one, _)| one).filter(|one| one.record.is_alive(now)).collect())
}

/// Which sessions end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// This one.
    Current,
    /// All but this one.
    Others,
    /// One by its id.
    One(SessionId),
}

/// Ends sessions of the caller.
pub async fn end(
    account: &Account,
    caller: &Caller,
    which: Which,
    now: Timestamp,
) -> Result<(), Refusal> {
    let current = caller.session().map(|id| id.uuid());
    let ends = |session: &Stored<Session>| match which {
        Which::Current => Some(session.id) == current,
        Which::Others => Some(session.id) != current,
        Which::One(id) => session.id == id.uuid(),
    };
    let sessions = list(account, caller.party, now).await?;
    let ended: Vec<_> = sessions.into_iter().filter(ends).collect();
    if ended.is_empty() && matches!(which, Which::One(_)) {
        return Err(Refusal::not_found());
    }
    let mut decision = Decision::new("account.sign_out", now).audit(security(
        caller.party,
        "sign_out",
        caller.party,
        caller.party,
        true,
    ));
    decision.removals = removals(&ended);
    match account.store.commit(decision).await {
        // Ended meanwhile by somebody else: ended all the same, or asked again by the person.
        Ok(_) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The removals of these sessions.
pub(crate) fn removals(sessions: &[Stored<Session>]) -> Vec<(DocRef, u64)> {
    sessions.iter().map(|one| (DocRef::new("session", one.id), one.version)).collect()
}
