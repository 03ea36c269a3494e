//! Sign-in: a right code, for those who have one a second factor, and a session. A new number gets an account.

use sarai_kernel::{
    ChallengeId, CommitError, Decision, DocRef, Draft, Kind, PartyId, Query, Refusal, SessionId,
    StoreExt, Stored, Timestamp,
    party::{Language, Party},
    personal::{Email, Phone, Words},
    ports::RACES_MAX,
    purpose::Secure,
};
use sarai_seal::Sealed;
use zeroize::Zeroizing;

use super::{
    factors,
    factors::Shown,
    warn::{Warning, warn},
};
use crate::{
    Account,
    account::{before_sign_in, denied, internal, security},
    model::{Challenge, ChallengeEmail, ChallengePhone, Devices, Session},
    rules::{
        code::{self, CodeRefused},
        session, token,
    },
};

/// What is shown to sign in.
pub struct SignIn<'a> {
    /// The challenge.
    pub challenge: ChallengeId,
    /// The digits.
    pub code: &'a str,
    /// A code of the authenticator, if one was asked for.
    pub totp: Option<&'a str>,
    /// A recovery code instead.
    pub recovery_code: Option<&'a str>,
    /// The device as it names itself.
    pub device: Option<&'a str>,
    /// The mark that this device keeps from an earlier sign-in.
    pub mark: Option<&'a str>,
    /// Language of a new account.
    pub language: Language,
}

/// A session that was just opened.
pub struct Opened {
    /// The session.
    pub session: SessionId,
    /// Whose.
    pub party: PartyId,
    /// The account was made just now.
    pub new_account: bool,
    /// The token for the cookie, shown once.
    pub token: Zeroizing<String>,
    /// How long the cookie lives, in seconds.
    pub life_seconds: i64,
    /// A mark for this device, where it brought none that is known here.
    pub mark: Option<Zeroizing<String>>,
}

/// Signs in.
pub async fn sign_in(
    account: &Account,
    shown: SignIn<'_>,
    now: Timestamp,
) -> Result<Opened, Refusal> {
    for _ in 0..RACES_MAX {
        account
            .limits(|limits| limits.may_guess(now))
            .map_err(|again| code::too_often(again, now))?;
        match attempt(account, &shown, now).await? {
            Some(opened) => return Ok(opened),
            None => continue,
        }
    }
    Err(Refusal::new("busy_retry", Kind::Unavailable))
}

/// One try; `None` after a lost race.
async fn attempt(
    account: &Account,
    shown: &SignIn<'_>,
    now: Timestamp,
) -> Result<Option<Opened>, Refusal> {
    let query = Query::by("challenge", "challenge.id", shown.challenge);
    let Some(mut challenge) = account.store.first::<Challenge>(query).await? else {
        return Err(CodeRefused::Spent.into());
    };
    check_code(account, &mut challenge, shown.code, now).await?;
    let Some((key, value)) = challenge.record.contact() else { return Err(internal()) };
    let found = account.store.first::<Party>(Query::by("party", key, value)).await?;
    let new_account = found.is_none();
    let party = match found {
        Some(party) => party,
        None => newcomer(account, &challenge.record, shown.language, now).await?,
    };
    let id = PartyId::from_uuid(party.id);
    let factor = match factors::shown_at_sign_in(account, id, shown, now).await {
        Err(refusal) if refusal.code == "code_wrong" => {
            count_wrong(account, &mut challenge, now).await?;
            return Err(refusal);
        }
        other => other?,
    };
    let quiet = factor == Shown::None && session::is_quiet(party.record.signed_in_at, now);
    let (opened, decision) =
        open_session(account, shown, party, challenge, (factor, quiet), now).await?;
    match account.store.commit(decision).await {
        Ok(_) => Ok(Some(Opened { new_account, ..opened })),
        Err(CommitError::Conflict(_) | CommitError::Duplicate(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether the digits are right; a wrong try is counted before it is answered.
pub(crate) async fn check_code(
    account: &Account,
    challenge: &mut Stored<Challenge>,
    digits: &str,
    now: Timestamp,
) -> Result<(), Refusal> {
    code::may_guess(&challenge.record.wrong, now).map_err(|again| code::too_often(again, now))?;
    challenge.record.newest.may_try(now)?;
    match challenge.record.newest.attempt(&account.secrets.codes, digits, now) {
        Ok(()) => Ok(()),
        Err(refused) => {
            challenge.record.wrong.push(now);
            write_wrong(account, challenge, now).await?;
            Err(refused.into())
        }
    }
}

/// Counts a wrong second factor like a wrong code.
async fn count_wrong(
    account: &Account,
    challenge: &mut Stored<Challenge>,
    now: Timestamp,
) -> Result<(), Refusal> {
    challenge.record.newest.tries += 1;
    challenge.record.wrong.push(now);
    write_wrong(account, challenge, now).await
}

async fn write_wrong(
    account: &Account,
    challenge: &Stored<Challenge>,
    now: Timestamp,
) -> Result<(), Refusal> {
    account.limits(|limits| limits.guessed_wrong(now));
    let party = PartyId::from_uuid(challenge.record.subject.uuid());
    let decision = Decision::new("account.wrong_code", now)
        .write(Draft::update(
            challenge.id,
            challenge.version,
            &challenge.record,
            challenge.record.keys(),
        )?)
        .audit(security("anonymous", "sign_in", challenge.record.newest.id, party, false));
    account.store.commit(decision).await?;
    Ok(())
}

/// A party for a number that nobody holds: the contact moves from the challenge to the party, under the same key.
async fn newcomer(
    account: &Account,
    challenge: &Challenge,
    language: Language,
    now: Timestamp,
) -> Result<Stored<Party>, Refusal> {
    account.gate.orders().registration(now)?;
    let id = PartyId::from_uuid(challenge.subject.uuid());
    let mut party = Party { language, ..Party::new(id) };
    let fields = ["challenge.phone", "challenge.email"];
    let ask = before_sign_in(challenge.subject, challenge.newest.id, &fields);
    let grant = account.gate.grant::<Secure>(ask, now).await?;
    let phone = grant.open_if_present::<ChallengePhone>(challenge).map_err(denied)?;
    party.phone = phone.and_then(|phone| Phone::new(phone.as_str()).ok()).map(Sealed::new);
    let email = grant.open_if_present::<ChallengeEmail>(challenge).map_err(denied)?;
    party.email = email.and_then(|email| Email::new(email.as_str()).ok()).map(Sealed::new);
    Ok(Stored { id: id.uuid(), version: 0, created_at: now, updated_at: now, record: party })
}

async fn open_session(
    account: &Account,
    shown: &SignIn<'_>,
    party: Stored<Party>,
    challenge: Stored<Challenge>,
    (factor, quiet): (Shown, bool),
    now: Timestamp,
) -> Result<(Opened, Decision), Refusal> {
    let (device_draft, mark, warnings) = device_of(account, shown, &party, now).await?;
    let Stored { id, version, created_at, record: mut party, .. } = party;
    let id = PartyId::from_uuid(id);
    party.signed_in_at = Some(now);
    let staff = party.roles.iter().any(|role| role.is_staff());
    let strong = factor != Shown::None;
    let token = token::fresh().map_err(|_| internal())?;
    let device = shown.device.and_then(|text| Words::new(text).ok());
    let session = Session {
        subject: party.subject,
        party: id,
        token: token::digest(&token),
        former: None,
        started_at: now,
        seen_at: now,
        factor_at: strong.then_some(now),
        strong,
        staff: staff && strong,
        thin: quiet,
        device: device.map(Sealed::new),
    };
    let session_id = SessionId::new(now);
    let Stored { id: challenge_id, version: challenge_version, record: mut challenge, .. } =
        challenge;
    challenge.newest.spent = true;
    challenge.subject = party.subject;
    let mut decision = Decision::new("account.sign_in", now)
        .write(party.draft(id, version, created_at)?)
        .write(Draft::create(session_id.uuid(), &session, session.keys())?)
        .write(Draft::update(challenge_id, challenge_version, &challenge, challenge.keys())?)
        .write(device_draft)
        .audit(security(id, "sign_in", session_id, id, true));
    decision.drafts.extend(warnings);
    if let Shown::Used(draft) = factor {
        decision = decision.write(*draft);
    }
    decision.removals = surplus(account, id, session.staff).await?;
    let (_, life) = session::lives(session.staff);
    let opened = Opened {
        session: session_id,
        party: id,
        new_account: false,
        token,
        life_seconds: life / sarai_kernel::time::SECOND,
        mark,
    };
    Ok((opened, decision))
}

/// The devices of a party with this one noted, the mark for it where it has none yet, and the warnings about one that is new. The
/// first sign-in of an account is no news to anybody.
async fn device_of(
    account: &Account,
    shown: &SignIn<'_>,
    party: &Stored<Party>,
    now: Timestamp,
) -> Result<(Draft, Option<Zeroizing<String>>, Vec<Draft>), Refusal> {
    let found = account.store.load::<Devices>(party.id).await?;
    let (version, mut devices) =
        found.map_or((0, Devices::default()), |found| (found.version, found.record));
    let brought = shown.mark.map(token::digest);
    let known = brought.filter(|mark| devices.marks.iter().any(|(held, _)| held == mark));
    let fresh = match known {
        Some(mark) => {
            devices.note(mark, now);
            None
        }
        None => {
            let mark = token::fresh().map_err(|_| internal())?;
            devices.note(token::digest(&mark), now);
            Some(mark)
        }
    };
    let news = fresh.is_some() && party.record.signed_in_at.is_some();
    let warnings = if news { warn(account, party, Warning::NewDevice, now).await? } else { vec![] };
    let draft = Draft::update(party.id, version, &devices, Vec::new())?;
    Ok((draft, fresh, warnings))
}

/// The oldest sessions that make way for a new one.
async fn surplus(
    account: &Account,
    party: PartyId,
    staff: bool,
) -> Result<Vec<(DocRef, u64)>, Refusal> {
    let query = Query::by("session", "session.party", party);
    let alive = account.store.find(query).await?;
    let over = (alive.len() + 1).saturating_sub(session::most(staff));
    let oldest = alive.into_iter().take(over);
    Ok(oldest.map(|found| (found.document.at, found.document.version)).collect())
}
