//! Staff: who they are, and which roles an admin gives or takes. And what an admin does to a member's account.

use sarai_kernel::{
    Caller, Decision, Kind, PartyId, Query, Refusal, Role, StoreExt, Stored, Timestamp,
    party::{Party, Standing},
};

use super::{profile::own_party, send_code::Contact, sessions};
use crate::{
    Account,
    account::{internal, security, stepped_up},
    rules::code::Kept,
};

/// The roles that an admin gives.
pub const STAFF_ROLES: [Role; 8] = [
    Role::OpVerify,
    Role::OpMarket,
    Role::OpMoney,
    Role::OpSupport,
    Role::OpSafety,
    Role::OpAdmin,
    Role::PrivacyOfficer,
    Role::Reviewer,
];

/// Refuses everybody without the role, and without a factor shown just now.
pub fn needs(caller: &Caller, role: Role, now: Timestamp) -> Result<(), Refusal> {
    if !caller.has(role) {
        return Err(Refusal::new("role_missing", Kind::Forbidden));
    }
    stepped_up(caller, now)
}

/// Everybody with a staff role, in order of id.
pub async fn list(account: &Account) -> Result<Vec<Stored<Party>>, Refusal> {
    let mut staff: Vec<Stored<Party>> = Vec::new();
    for role in STAFF_ROLES {
        let query = Query::by("party", "party.role", role.word());
        for (party, _) in account.store.records::<Party>(query).await? {
            if !staff.iter().any(|known| known.id == party.id) {
                staff.push(party);
            }
        }
    }
    staff.sort_by_key(|party| party.id);
    Ok(staff)
}

/// The party that holds a number or address.
pub async fn by_contact(
    account: &Account,
    contact: Contact,
    now: Timestamp,
) -> Result<Option<Stored<Party>>, Refusal> {
    let id = PartyId::new(now);
    let none = Kept::new(&account.secrets.codes, sarai_kernel::ChallengeId::new(now), "", now);
    let challenge = contact.challenge(id.subject(), none);
    let (key, value) = challenge.contact().ok_or_else(internal)?;
    Ok(account.store.first::<Party>(Query::by("party", key, value)).await?)
}

/// Makes the holder of a number or address staff. Who has no account yet signs in first.
pub async fn add(
    account: &Account,
    caller: &Caller,
    contact: Contact,
    roles: &[Role],
    now: Timestamp,
) -> Result<PartyId, Refusal> {
    needs(caller, Role::OpAdmin, now)?;
    let found = by_contact(account, contact, now).await?;
    let found = found.ok_or_else(Refusal::not_found)?;
    give(account, caller, found, roles, now).await
}

/// Gives a member of staff exactly these roles.
pub async fn change(
    account: &Account,
    caller: &Caller,
    party: PartyId,
    version: u64,
    roles: &[Role],
    now: Timestamp,
) -> Result<PartyId, Refusal> {
    needs(caller, Role::OpAdmin, now)?;
    let found = own_party(account, party).await?;
    if found.version != version {
        return Err(Refusal::new("version_mismatch", Kind::Stale).with("version", found.version));
    }
    give(account, caller, found, roles, now).await
}

async fn give(
    account: &Account,
    caller: &Caller,
    mut party: Stored<Party>,
    roles: &[Role],
    now: Timestamp,
) -> Result<PartyId, Refusal> {
    let id = PartyId::from_uuid(party.id);
    if roles.iter().any(|role| !role.is_staff()) {
        return Err(Refusal::new("not_allowed", Kind::Forbidden));
    }
    let loses_admin =
        party.record.roles.contains(&Role::OpAdmin) && !roles.contains(&Role::OpAdmin);
    if loses_admin && admins(account).await? <= 1 {
        // The last owner cannot leave.
        return Err(Refusal::new("transition_refused", Kind::Conflict).with("state", "last_admin"));
    }
    party.record.roles.retain(|role| !role.is_staff());
    party.record.roles.extend_from_slice(roles);
    let mut decision = Decision::new("account.staff", now)
        .write(party.record.draft(id, party.version, party.created_at)?)
        .audit(security(caller.party, "role_given", id, id, true));
    if id != caller.party {
        // A change of roles starts from a new session.
        decision.removals = sessions::removals(&sessions::list(account, id, now).await?);
    }
    account.store.commit(decision).await?;
    Ok(id)
}

async fn admins(account: &Account) -> Result<usize, Refusal> {
    let query = Query::by("party", "party.role", Role::OpAdmin.word());
    Ok(account.store.find(query).await?.len())
}

/// Suspends a party, or lets it act again. Its sessions end with a suspension of staff only: members may still read, appeal, leave.
pub async fn suspend(
    account: &Account,
    caller: &Caller,
    party: PartyId,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<u64, Refusal> {
    needs(caller, Role::OpAdmin, now)?;
    if party == caller.party {
        return Err(Refusal::new("four_eyes_required", Kind::Forbidden));
    }
    let mut found = own_party(account, party).await?;
    let action = if reason.is_some() { "suspend" } else { "restore" };
    found.record.standing = match (reason, &found.record.standing) {
        (_, Standing::Erased { .. }) => return Err(Refusal::new("key_destroyed", Kind::Gone)),
        (Some(reason), _) => Standing::Suspended { since: now, reason: reason.to_owned() },
        (None, _) => Standing::Active,
    };
    let decision = Decision::new("account.suspend", now)
        .write(found.record.draft(party, found.version, found.created_at)?)
        .audit(security(caller.party, action, party, party, true));
    account.store.commit(decision).await?;
    Ok(found.version + 1)
}

/// Ends every session of a party.
pub async fn end_sessions(
    account: &Account,
    caller: &Caller,
    party: PartyId,
    now: Timestamp,
) -> Result<u64, Refusal> {
    if !caller.has(Role::OpSupport) && !caller.has(Role::OpAdmin) {
        return Err(Refusal::new("role_missing", Kind::Forbidden));
    }
    let found = own_party(account, party).await?;
    let mut decision = Decision::new("account.end_sessions", now).audit(security(
        caller.party,
        "end_sessions",
        party,
        party,
        true,
    ));
    decision.removals = sessions::removals(&sessions::list(account, party, now).await?);
    account.store.commit(decision).await?;
    Ok(found.version)
}
