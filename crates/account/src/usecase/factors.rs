//! Second factors: an authenticator program, recovery codes. Made, confirmed, shown, removed.

use sarai_kernel::{
    Caller, Decision, DocRef, Draft, FactorId, Kind, PartyId, Query, Refusal, StoreExt, Stored,
    Timestamp, party::Party, personal::Secret, purpose::Secure,
};
use sarai_seal::Sealed;
use zeroize::Zeroizing;

use super::{
    sign_in::SignIn,
    warn::{Warning, warn_party},
};
use crate::{
    Account,
    account::{before_sign_in, denied, internal, security, stepped_up},
    model::{Factor, FactorHashes, FactorKind, FactorSeed},
    rules::{recovery, totp},
};

/// Factors of one party at most.
pub const FACTORS_MAX: usize = 5;

/// What was shown beside the code.
#[derive(Debug)]
pub enum Shown {
    /// Nothing, and nothing was needed.
    None,
    /// A factor; it is written with its new last step, or without the used code.
    Used(Box<Draft>),
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        matches!((self, other), (Self::None, Self::None))
    }
}

/// A new factor's secrets, shown once.
pub struct Made {
    /// The factor.
    pub id: FactorId,
    /// What it is.
    pub kind: FactorKind,
    /// For the QR code.
    pub otpauth_url: Option<Zeroizing<String>>,
    /// The seed, to be typed.
    pub secret: Option<Zeroizing<String>>,
    /// The recovery codes.
    pub recovery_codes: Option<Vec<Zeroizing<String>>>,
}

/// The factors of a party.
pub async fn of(account: &Account, party: PartyId) -> Result<Vec<Stored<Factor>>, Refusal> {
    let query = Query::by("factor", "factor.party", party);
    let found = account.store.records::<Factor>(query).await?;
    Ok(found.into_iter().map(|(factor, _)| factor).collect())
}

/// Whether a party has a confirmed authenticator.
pub async fn has_totp(account: &Account, party: PartyId) -> Result<bool, Refusal> {
    Ok(of(account, party).await?.iter().any(|factor| is_totp(&factor.record)))
}

fn is_totp(factor: &Factor) -> bool {
    factor.kind == FactorKind::Totp && factor.confirmed
}

/// The factor at sign-in: needed by whoever has an authenticator.
pub(crate) async fn shown_at_sign_in(
    account: &Account,
    party: PartyId,
    shown: &SignIn<'_>,
    now: Timestamp,
) -> Result<Shown, Refusal> {
    let factors = of(account, party).await?;
    if !factors.iter().any(|factor| is_totp(&factor.record)) {
        return Ok(Shown::None);
    }
    match (shown.totp, shown.recovery_code) {
        (None, None) => Err(Refusal::new("second_factor_required", Kind::Unauthenticated)),
        (Some(digits), _) => use_totp(account, factors, digits, now).await,
        (None, Some(code)) => use_recovery(account, factors, code, now).await,
    }
}

/// Whether the caller showed an authenticator a moment ago. A code by message is never enough for money, another contact or keys: a
/// number can be taken over in a shop. Who has no authenticator adds one on the spot; how long a new one waits is the use case's matter.
pub(crate) async fn proved(
    account: &Account,
    caller: &Caller,
    now: Timestamp,
) -> Result<Timestamp, Refusal> {
    let all = of(account, caller.party).await?;
    let since = all.iter().filter(|one| is_totp(&one.record)).map(|one| one.record.created_at);
    let since = since.min();
    // With an authenticator, a session is stepped up by it or by a recovery code only.
    match since {
        Some(since) if caller.stepped_up(now) => Ok(since),
        since => Err(Refusal::new("step_up_required", Kind::Forbidden)
            .with("factor", "authenticator")
            .with("enrolled", since.is_some())),
    }
}

/// As [`proved`], with an authenticator that has waited as long as a new payout account: who took over a number adds one at once.
pub(crate) async fn proved_and_aged(
    account: &Account,
    caller: &Caller,
    now: Timestamp,
) -> Result<(), Refusal> {
    let usable_at = proved(account, caller, now).await?.plus(account.rules.payout_wait_micros);
    if now < usable_at {
        return Err(
            Refusal::new("payout_refused", Kind::Conflict).with("usable_at", usable_at.to_string())
        );
    }
    Ok(())
}

fn wrong() -> Refusal {
    Refusal::new("code_wrong", Kind::Unauthenticated)
}

/// Checks digits of an authenticator; the step is used up.
pub(crate) async fn use_totp(
    account: &Account,
    factors: Vec<Stored<Factor>>,
    digits: &str,
    now: Timestamp,
) -> Result<Shown, Refusal> {
    for factor in factors.into_iter().filter(|factor| is_totp(&factor.record)) {
        let step = step_shown(account, &factor, digits, now).await?;
        if let Some(step) = step {
            let Stored { id, version, record, .. } = factor;
            let record = Factor { last_step: Some(step), ..record };
            let draft = Draft::update(id, version, &record, record.keys())?;
            return Ok(Shown::Used(Box::new(draft)));
        }
    }
    Err(wrong())
}

async fn step_shown(
    account: &Account,
    factor: &Stored<Factor>,
    digits: &str,
    now: Timestamp,
) -> Result<Option<u64>, Refusal> {
    let id = FactorId::from_uuid(factor.id);
    let fields = ["factor.seed"];
    let ask = before_sign_in(factor.record.subject, id, &fields);
    let grant = account.gate.grant::<Secure>(ask, now).await?;
    let seed = grant.open::<FactorSeed>(&factor.record).map_err(denied)?;
    let seed = totp::from_base32(seed.as_str()).ok_or_else(internal)?;
    Ok(totp::accepted_step(&seed, digits, now, factor.record.last_step))
}

/// Checks a recovery code; it is used up.
pub(crate) async fn use_recovery(
    account: &Account,
    factors: Vec<Stored<Factor>>,
    code: &str,
    now: Timestamp,
) -> Result<Shown, Refusal> {
    let set = factors.into_iter().find(|factor| factor.record.kind == FactorKind::RecoveryCodes);
    let Some(Stored { id, version, mut record, .. }) = set else { return Err(wrong()) };
    let salt = record.salt.clone().ok_or_else(internal)?;
    let typed = recovery::tidy(code);
    // Slow on purpose: not on the threads that serve others.
    let hash = tokio::task::spawn_blocking(move || recovery::hash(&typed, &salt))
        .await
        .map_err(|_| internal())?
        .map_err(|_| internal())?;
    let fields = ["factor.hashes"];
    let ask = before_sign_in(record.subject, FactorId::from_uuid(id), &fields);
    let grant = account.gate.grant::<Secure>(ask, now).await?;
    let place = {
        let kept = grant.open_all::<FactorHashes>(&record).map_err(denied)?;
        let kept: Vec<String> = kept.iter().map(|hash| hash.as_str().to_owned()).collect();
        recovery::place(&hash, &kept)
    };
    record.hashes.remove(place.ok_or_else(wrong)?);
    let draft = Draft::update(id, version, &record, record.keys())?;
    Ok(Shown::Used(Box::new(draft)))
}

/// Makes an authenticator, still to be confirmed by its first code.
pub async fn make_totp(
    account: &Account,
    caller: &Caller,
    now: Timestamp,
) -> Result<Made, Refusal> {
    stepped_up(caller, now)?;
    let others = of(account, caller.party).await?;
    if others.len() >= FACTORS_MAX {
        return Err(Refusal::new("quota_spent", Kind::TooMany));
    }
    let seed = totp::fresh_seed().map_err(|_| internal())?;
    let secret = totp::base32(seed.as_ref());
    let id = FactorId::new(now);
    let factor = Factor {
        seed: Some(Sealed::new(Secret::new(&secret).map_err(|_| internal())?)),
        ..blank(caller.party, FactorKind::Totp, now)
    };
    let mut decision = Decision::new("account.factor_made", now)
        .write(Draft::create(id.uuid(), &factor, factor.keys())?)
        .audit(security(caller.party, "factor_made", id, caller.party, true));
    // An older one that was never confirmed is of no use to anybody.
    decision.removals = others
        .iter()
        .filter(|factor| factor.record.kind == FactorKind::Totp && !factor.record.confirmed)
        .map(|factor| (DocRef::new("factor", factor.id), factor.version))
        .collect();
    account.store.commit(decision).await?;
    let label = caller.party.to_string();
    let label = label.get(label.len().saturating_sub(6)..).unwrap_or_default();
    Ok(Made {
        id,
        kind: FactorKind::Totp,
        otpauth_url: Some(totp::otpauth_url(&account.rules.house, label, seed.as_ref())),
        secret: Some(secret),
        recovery_codes: None,
    })
}

fn blank(party: PartyId, kind: FactorKind, now: Timestamp) -> Factor {
    Factor {
        subject: party.subject(),
        party,
        kind,
        confirmed: false,
        created_at: now,
        last_step: None,
        salt: None,
        seed: None,
        hashes: Vec::new(),
    }
}

/// Confirms an authenticator by its first code. The session has then shown it.
pub async fn confirm_totp(
    account: &Account,
    caller: &Caller,
    id: FactorId,
    digits: &str,
    now: Timestamp,
) -> Result<Made, Refusal> {
    stepped_up(caller, now)?;
    let factor = account.store.load::<Factor>(id.uuid()).await?;
    let fitting = |factor: &Stored<Factor>| {
        factor.record.party == caller.party && factor.record.kind == FactorKind::Totp
    };
    let factor = factor.filter(fitting).ok_or_else(Refusal::not_found)?;
    let step = step_shown(account, &factor, digits, now).await?.ok_or_else(wrong)?;
    let Stored { version, record, .. } = factor;
    // It counts from now on: one that was made long ago and hidden would be as good as old.
    let record = Factor { confirmed: true, last_step: Some(step), created_at: now, ..record };
    let mut decision = Decision::new("account.factor_confirmed", now)
        .write(Draft::update(id.uuid(), version, &record, record.keys())?)
        .audit(security(caller.party, "factor_confirmed", id, caller.party, true));
    if let Some(session) = super::step_up::strengthened(account, caller, now).await? {
        decision = decision.write(session);
    }
    decision.drafts.extend(warn_party(account, caller.party, Warning::FactorAdded, now).await?);
    account.store.commit(decision).await?;
    Ok(Made { id, kind: FactorKind::Totp, otpauth_url: None, secret: None, recovery_codes: None })
}

/// Makes a set of recovery codes; an older set is void.
pub async fn make_recovery(
    account: &Account,
    caller: &Caller,
    now: Timestamp,
) -> Result<Made, Refusal> {
    stepped_up(caller, now)?;
    let set = tokio::task::spawn_blocking(recovery::fresh)
        .await
        .map_err(|_| internal())?
        .map_err(|_| internal())?;
    let id = FactorId::new(now);
    let sealed = set.hashes.iter().map(|hash| Secret::new(hash).map(Sealed::new));
    let factor = Factor {
        confirmed: true,
        salt: Some(set.salt),
        hashes: sealed.collect::<Result<_, _>>().map_err(|_| internal())?,
        ..blank(caller.party, FactorKind::RecoveryCodes, now)
    };
    let mut decision = Decision::new("account.factor_made", now)
        .write(Draft::create(id.uuid(), &factor, factor.keys())?)
        .audit(security(caller.party, "factor_made", id, caller.party, true));
    decision.removals = of(account, caller.party)
        .await?
        .iter()
        .filter(|factor| factor.record.kind == FactorKind::RecoveryCodes)
        .map(|factor| (DocRef::new("factor", factor.id), factor.version))
        .collect();
    decision.drafts.extend(warn_party(account, caller.party, Warning::FactorAdded, now).await?);
    account.store.commit(decision).await?;
    Ok(Made {
        id,
        kind: FactorKind::RecoveryCodes,
        otpauth_url: None,
        secret: None,
        recovery_codes: Some(set.codes),
    })
}

/// Removes a factor. Staff keep at least one authenticator.
pub async fn remove(
    account: &Account,
    caller: &Caller,
    id: FactorId,
    now: Timestamp,
) -> Result<(), Refusal> {
    stepped_up(caller, now)?;
    let factors = of(account, caller.party).await?;
    let factor = factors.iter().find(|factor| factor.id == id.uuid());
    let factor = factor.ok_or_else(Refusal::not_found)?;
    let party = account.store.load::<Party>(caller.party.uuid()).await?;
    let staff = party.is_some_and(|party| party.record.roles.iter().any(|role| role.is_staff()));
    let others = factors.iter().filter(|other| other.id != factor.id && is_totp(&other.record));
    if staff && is_totp(&factor.record) && others.count() == 0 {
        return Err(Refusal::new("second_factor_required", Kind::Unauthenticated));
    }
    let mut decision = Decision::new("account.factor_removed", now).audit(security(
        caller.party,
        "factor_removed",
        id,
        caller.party,
        true,
    ));
    decision.removals.push((DocRef::new("factor", factor.id), factor.version));
    decision.drafts.extend(warn_party(account, caller.party, Warning::FactorRemoved, now).await?);
    account.store.commit(decision).await?;
    Ok(())
}
