//! The first admin: a one-use token printed on the terminal, good for an hour. Its holder then enrols an authenticator,
//! and only with that does the role work.

use sarai_kernel::{
    Caller, Command, Decision, Draft, Kind, Outcome, Query, Refusal, Role, StoreExt, Timestamp,
    UseCaseError, party::Party, time::HOUR,
};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    Account,
    account::{active, internal, security},
    model::AdminToken,
    rules::token,
};

/// How long the token is good.
pub const TOKEN_MICROS: i64 = HOUR;

/// A token for the first admin; `None` once there is an admin.
pub async fn issue(
    account: &Account,
    now: Timestamp,
) -> Result<Option<Zeroizing<String>>, Refusal> {
    if has_admin(account).await? {
        return Ok(None);
    }
    let secret = token::fresh().map_err(|_| internal())?;
    let record = AdminToken { expires_at: now.plus(TOKEN_MICROS), used: false };
    let keys = vec![sarai_kernel::Key::unique("admin_token.hash", token::digest(&secret))];
    let draft = Draft::create(Uuid::now_v7(), &record, keys)?;
    account.store.commit(Decision::new("account.admin_token", now).write(draft)).await?;
    Ok(Some(secret))
}

async fn has_admin(account: &Account) -> Result<bool, Refusal> {
    let query = Query::by("party", "party.role", Role::OpAdmin.word()).limit(1);
    Ok(!account.store.find(query).await?.is_empty())
}

/// Makes the caller the first admin.
pub async fn claim(
    account: &Account,
    caller: &Caller,
    secret: &str,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    active(caller)?;
    let now = command.now;
    let refused = || Refusal::new("not_allowed", Kind::Forbidden);
    let query = Query::by("admin_token", "admin_token.hash", token::digest(secret));
    let found = account.store.first::<AdminToken>(query).await?;
    let good = found.filter(|found| !found.record.used && now < found.record.expires_at);
    let found = good.ok_or_else(refused)?;
    if has_admin(account).await? {
        return Err(refused().into());
    }
    let party = account.store.load::<Party>(caller.party.uuid()).await?;
    let mut party = party.ok_or_else(Refusal::not_found)?;
    party.record.roles.push(Role::OpAdmin);
    let used = AdminToken { used: true, ..found.record };
    let outcome = Outcome::of(200, caller.party, party.version + 1).state("active");
    let decision = Decision::new("account.first_admin", now)
        .write(party.record.draft(caller.party, party.version, party.created_at)?)
        .write(Draft::update(found.id, found.version, &used, Vec::new())?)
        .audit(security(caller.party, "role_given", caller.party, caller.party, true))
        .answer(command.once, outcome.clone());
    account.store.commit(decision).await?;
    Ok(outcome)
}
