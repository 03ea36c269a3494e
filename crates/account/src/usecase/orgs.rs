//! Companies: made, read, changed; members; their programs' keys.

use sarai_kernel::{
    Caller, Command, CommitError, Decision, DocRef, Draft, FieldCheck, FieldError, KeyId, Kind,
    OrgId, Outcome, PartyId, Query, Refusal, StoreExt, Stored, Timestamp, UseCaseError, Via,
    party::{Party, Standing},
    personal::{Name, PaperNumber},
    time::DAY,
};
use sarai_seal::{Sealed, SubjectId};
use zeroize::Zeroizing;

use super::{profile::own_party, send_code::Contact, staff::by_contact};
use crate::{
    Account,
    account::{active, internal, security, stepped_up},
    model::{ApiKey, Member, Org, OrgRole},
    rules::{session::SEEN_EVERY_MICROS, token},
};

/// What API keys may be given.
pub const SCOPES: [&str; 8] = [
    "freight.loads:read",
    "freight.loads:write",
    "freight.board:read",
    "freight.offers:write",
    "freight.orders:read",
    "freight.orders:run",
    "kernel.wallet:read",
    "kernel.events:read",
];
/// Keys of one company.
pub const KEYS_MAX: usize = 20;
/// Longest life of a key, in days.
pub const KEY_DAYS_MAX: i64 = 365;
/// Companies that one person makes.
const ORGS_MAX: usize = 10;

/// Makes a company; its maker owns it.
pub async fn make(
    account: &Account,
    caller: &Caller,
    (name, credit_code, city_code): (&str, &str, &str),
    command: Command,
) -> Result<Outcome, UseCaseError> {
    active(caller)?;
    let now = command.now;
    let mut check = FieldCheck::new();
    let (named, code) = (Name::new(name).ok(), PaperNumber::new(credit_code).ok());
    check.require(named.is_some(), || FieldError::new("/name", "pattern"));
    check.require(code.is_some(), || FieldError::new("/credit_code", "pattern"));
    check.length("/city_code", city_code, 2, 12);
    check.finish()?;
    if of(account, caller.party).await?.len() >= ORGS_MAX {
        return Err(Refusal::new("quota_spent", Kind::TooMany).into());
    }
    let id = OrgId::new(now);
    let org = Org {
        subject: SubjectId::from_uuid(id.uuid()),
        city_code: city_code.to_owned(),
        verified: false,
        created_at: now,
        name: named.map(Sealed::new),
        credit_code: code.map(Sealed::new),
    };
    let member = Member { org: id, party: caller.party, role: OrgRole::Owner, since: now };
    let outcome = Outcome::of(201, id, 1);
    let decision = Decision::new("account.org", now)
        .write(Draft::create(id.uuid(), &org, org.keys())?)
        .write(Draft::create(uuid::Uuid::now_v7(), &member, member.keys())?)
        .answer(command.once, outcome.clone());
    match account.store.commit(decision).await {
        Ok(_) => Ok(outcome),
        Err(CommitError::Duplicate(_)) => {
            let taken = vec![FieldError::new("/credit_code", "duplicate")];
            Err(Refusal::invalid(taken).into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Companies that a party belongs to.
pub async fn of(account: &Account, party: PartyId) -> Result<Vec<Member>, Refusal> {
    let query = Query::by("member", "member.party", party);
    let found = account.store.records::<Member>(query).await?;
    Ok(found.into_iter().map(|(member, _)| member.record).collect())
}

/// The company and the caller's place in it; nothing for anybody else.
pub async fn joined(
    account: &Account,
    caller: &Caller,
    org: OrgId,
) -> Result<(Stored<Org>, OrgRole), Refusal> {
    let member = membership(account, org, caller.party).await?;
    let member = member.ok_or_else(Refusal::not_found)?;
    let found = account.store.load::<Org>(org.uuid()).await?;
    Ok((found.ok_or_else(Refusal::not_found)?, member.record.role))
}

async fn membership(
    account: &Account,
    org: OrgId,
    party: PartyId,
) -> Result<Option<Stored<Member>>, Refusal> {
    let query = Query::by("member", "member.pair", Member::pair(org, party));
    Ok(account.store.first::<Member>(query).await?)
}

/// The company, if the caller runs it.
pub async fn administered(
    account: &Account,
    caller: &Caller,
    org: OrgId,
) -> Result<Stored<Org>, Refusal> {
    let (found, role) = joined(account, caller, org).await?;
    if role.administers() { Ok(found) } else { Err(Refusal::new("not_allowed", Kind::Forbidden)) }
}

/// Changes name or seat, if `version` is still the present one.
pub async fn change(
    account: &Account,
    caller: &Caller,
    org: OrgId,
    version: u64,
    (name, city_code): (Option<&str>, Option<&str>),
    now: Timestamp,
) -> Result<(), Refusal> {
    let found = administered(account, caller, org).await?;
    if found.version != version {
        return Err(Refusal::new("version_mismatch", Kind::Stale).with("version", found.version));
    }
    let mut record = found.record;
    let mut check = FieldCheck::new();
    if let Some(text) = name {
        let name = Name::new(text).ok();
        check.require(name.is_some(), || FieldError::new("/name", "pattern"));
        // What was checked was another name.
        record.verified = false;
        record.name = name.map(Sealed::new);
    }
    if let Some(code) = city_code {
        check.length("/city_code", code, 2, 12);
        record.city_code = code.to_owned();
    }
    check.finish()?;
    let draft = Draft::update(org.uuid(), version, &record, record.keys())?;
    account.store.commit(Decision::new("account.org_changed", now).write(draft)).await?;
    Ok(())
}

/// Everybody in a company.
pub async fn members(account: &Account, org: OrgId) -> Result<Vec<Stored<Member>>, Refusal> {
    let found = account.store.records::<Member>(Query::by("member", "member.org", org)).await?;
    Ok(found.into_iter().map(|(member, _)| member).collect())
}

/// Takes the holder of a number or address into a company. Whether there is one is told to nobody: only a known member is listed.
pub async fn add_member(
    account: &Account,
    caller: &Caller,
    org: OrgId,
    contact: Contact,
    role: OrgRole,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    let now = command.now;
    stepped_up(caller, now)?;
    administered(account, caller, org).await?;
    if role == OrgRole::Owner {
        return Err(Refusal::new("not_allowed", Kind::Forbidden).into());
    }
    let found = by_contact(account, contact, now).await?.ok_or_else(Refusal::not_found)?;
    let party = PartyId::from_uuid(found.id);
    let member = Member { org, party, role, since: now };
    let outcome = Outcome::of(202, party, 1).state("member");
    let decision = Decision::new("account.member", now)
        .write(Draft::create(uuid::Uuid::now_v7(), &member, member.keys())?)
        .audit(security(caller.party, "member_added", org, party, true))
        .answer(command.once, outcome.clone());
    account.store.commit(decision).await?;
    Ok(outcome)
}

/// Ends a membership, and with it that member's keys for the company.
pub async fn remove_member(
    account: &Account,
    caller: &Caller,
    org: OrgId,
    party: PartyId,
    now: Timestamp,
) -> Result<(), Refusal> {
    stepped_up(caller, now)?;
    administered(account, caller, org).await?;
    let member = membership(account, org, party).await?.ok_or_else(Refusal::not_found)?;
    if member.record.role == OrgRole::Owner {
        return Err(Refusal::new("transition_refused", Kind::Conflict).with("state", "owner"));
    }
    let mut decision = Decision::new("account.member_removed", now).audit(security(
        caller.party,
        "member_removed",
        org,
        party,
        true,
    ));
    decision.removals.push((DocRef::new("member", member.id), member.version));
    for key in keys(account, org).await? {
        if key.record.maker == party {
            let record = ApiKey { revoked: true, ..key.record };
            decision = decision.write(Draft::update(key.id, key.version, &record, record.keys())?);
        }
    }
    account.store.commit(decision).await?;
    Ok(())
}

/// The keys of a company that still hold.
pub async fn keys(account: &Account, org: OrgId) -> Result<Vec<Stored<ApiKey>>, Refusal> {
    let found = account.store.records::<ApiKey>(Query::by("api_key", "api_key.org", org)).await?;
    Ok(found.into_iter().map(|(key, _)| key).collect())
}

/// A key to be made.
pub struct NewKey<'a> {
    /// What it is called.
    pub name: &'a str,
    /// What it may do.
    pub scopes: &'a [String],
    /// How long it lives.
    pub days: i64,
    /// Addresses that it may be used from.
    pub addresses: &'a [String],
}

/// Makes a key; the whole of it is shown once.
pub async fn make_key(
    account: &Account,
    caller: &Caller,
    org: OrgId,
    new: NewKey<'_>,
    command: Command,
) -> Result<(Outcome, Zeroizing<String>), UseCaseError> {
    let now = command.now;
    stepped_up(caller, now)?;
    administered(account, caller, org).await?;
    let mut check = FieldCheck::new();
    check.length("/name", new.name, 1, 80).plain_text("/name", new.name);
    check.range("/expires_in_days", new.days, 1, KEY_DAYS_MAX);
    let known =
        !new.scopes.is_empty() && new.scopes.iter().all(|one| SCOPES.contains(&one.as_str()));
    check.require(known, || FieldError::new("/scopes", "not_in_list"));
    let addresses = new.addresses.iter().all(|one| one.parse::<std::net::IpAddr>().is_ok());
    check.require(addresses && new.addresses.len() <= 20, || {
        FieldError::new("/addresses", "pattern")
    });
    check.finish()?;
    if keys(account, org).await?.len() >= KEYS_MAX {
        return Err(Refusal::new("quota_spent", Kind::TooMany).into());
    }
    let secret = token::api_key().map_err(|_| internal())?;
    let id = KeyId::new(now);
    let key = ApiKey {
        org,
        maker: caller.party,
        name: new.name.to_owned(),
        prefix: secret.prefix,
        hash: token::digest(&secret.whole),
        scopes: new.scopes.to_vec(),
        addresses: new.addresses.to_vec(),
        created_at: now,
        expires_at: now.plus(new.days * DAY),
        last_used_at: None,
        revoked: false,
    };
    let outcome = Outcome::of(201, id, 1).with("expires_at", key.expires_at.to_string());
    let decision = Decision::new("account.key_made", now)
        .write(Draft::create(id.uuid(), &key, key.keys())?)
        .audit(security(caller.party, "key_made", id, caller.party, true))
        .answer(command.once, outcome.clone());
    account.store.commit(decision).await?;
    Ok((outcome, secret.whole))
}

/// Revokes a key.
pub async fn revoke_key(
    account: &Account,
    caller: &Caller,
    org: OrgId,
    id: KeyId,
    now: Timestamp,
) -> Result<(), Refusal> {
    stepped_up(caller, now)?;
    administered(account, caller, org).await?;
    let found = account.store.load::<ApiKey>(id.uuid()).await?;
    let found = found.filter(|key| key.record.org == org && !key.record.revoked);
    let found = found.ok_or_else(Refusal::not_found)?;
    let record = ApiKey { revoked: true, ..found.record };
    let decision = Decision::new("account.key_revoked", now)
        .write(Draft::update(id.uuid(), found.version, &record, record.keys())?)
        .audit(security(caller.party, "key_revoked", id, caller.party, true));
    account.store.commit(decision).await?;
    Ok(())
}

/// Who holds an API key, used from `from`; `None` for what is no key, a refusal for one that has ended.
pub async fn key_holder(
    account: &Account,
    secret: &str,
    from: Option<std::net::IpAddr>,
    now: Timestamp,
) -> Result<Option<Caller>, Refusal> {
    if !token::is_api_key(secret) {
        return Ok(None);
    }
    let query = Query::by("api_key", "api_key.hash", token::digest(secret));
    let Some(found) = account.store.first::<ApiKey>(query).await? else { return Ok(None) };
    let ended = || Refusal::new("key_revoked", Kind::Unauthenticated);
    let key = &found.record;
    if key.revoked || now >= key.expires_at || !may_come_from(key, from) {
        return Err(ended());
    }
    let member = membership(account, key.org, key.maker).await?.ok_or_else(ended)?;
    let party: Stored<Party> = own_party(account, key.maker).await?;
    if !member.record.role.administers() || matches!(party.record.standing, Standing::Erased { .. })
    {
        return Err(ended());
    }
    let caller = Caller {
        party: key.maker,
        roles: party.record.roles.into_iter().filter(|role| !role.is_staff()).collect(),
        suspended: matches!(party.record.standing, Standing::Suspended { .. }),
        via: Via::Key { id: KeyId::from_uuid(found.id), org: key.org, scopes: key.scopes.clone() },
    };
    used(account, found, now).await?;
    Ok(Some(caller))
}

fn may_come_from(key: &ApiKey, from: Option<std::net::IpAddr>) -> bool {
    let listed = |address: std::net::IpAddr| {
        key.addresses.iter().any(|one| one.parse::<std::net::IpAddr>() == Ok(address))
    };
    key.addresses.is_empty() || from.is_some_and(listed)
}

/// Writes the last moment of use, at most once a minute.
async fn used(account: &Account, key: Stored<ApiKey>, now: Timestamp) -> Result<(), Refusal> {
    if key.record.last_used_at.is_some_and(|at| now.since(at) < SEEN_EVERY_MICROS) {
        return Ok(());
    }
    let record = ApiKey { last_used_at: Some(now), ..key.record };
    let draft = Draft::update(key.id, key.version, &record, record.keys())?;
    match account.store.commit(Decision::new("account.key_used", now).write(draft)).await {
        Ok(_) | Err(CommitError::Conflict(_) | CommitError::Busy) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
