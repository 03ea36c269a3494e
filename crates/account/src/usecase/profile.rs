//! One's own profile: names, language, market roles.

use sarai_kernel::{
    Caller, Command, Decision, FieldCheck, FieldError, Kind, Outcome, PartyId, Refusal, Role,
    StoreExt, Stored, Timestamp, UseCaseError, decide_and_commit,
    party::{Language, Party},
    personal::Name,
};
use sarai_seal::Sealed;

use crate::{
    Account,
    account::{active, security},
};

/// The caller's own party.
pub async fn own_party(account: &Account, party: PartyId) -> Result<Stored<Party>, Refusal> {
    let found = account.store.load::<Party>(party.uuid()).await?;
    found.ok_or_else(Refusal::not_found)
}

/// What changes; outer `None` leaves it as it is, inner `None` clears it.
#[derive(Default)]
pub struct Changes {
    /// The name.
    pub name: Option<Option<String>>,
    /// The trade name.
    pub display_name: Option<String>,
    /// The language.
    pub language: Option<Language>,
}

/// Changes the profile, if `version` is still the present one.
pub async fn change(
    account: &Account,
    caller: &Caller,
    version: u64,
    changes: Changes,
    now: Timestamp,
) -> Result<(), Refusal> {
    let mut party = own_party(account, caller.party).await?;
    if party.version != version {
        return Err(Refusal::new("version_mismatch", Kind::Stale).with("version", party.version));
    }
    let mut check = FieldCheck::new();
    let mut read = |pointer: &str, text: &str| {
        let name = Name::new(text).ok();
        check.require(name.is_some(), || FieldError::new(pointer, "pattern"));
        name
    };
    if let Some(name) = changes.name {
        if party.record.is_verified("person", now) {
            // A checked name is changed by checking it again.
            return Err(
                Refusal::new("transition_refused", Kind::Conflict).with("state", "verified")
            );
        }
        party.record.name = name.and_then(|text| read("/name", &text)).map(Sealed::new);
    }
    if let Some(text) = changes.display_name {
        party.record.display_name = read("/display_name", &text).map(Sealed::new);
    }
    check.finish()?;
    if let Some(language) = changes.language {
        party.record.language = language;
    }
    let draft = party.record.draft(caller.party, version, party.created_at)?;
    account.store.commit(Decision::new("account.profile", now).write(draft)).await?;
    Ok(())
}

/// Takes up a market role.
pub async fn take_role(
    account: &Account,
    caller: &Caller,
    role: Role,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    active(caller)?;
    if role.is_staff() {
        return Err(Refusal::new("not_allowed", Kind::Forbidden).into());
    }
    decide_and_commit(&*account.store, || async move {
        let mut party = own_party(account, caller.party).await?;
        if !party.record.roles.contains(&role) {
            // A role in a market is a registration there.
            account.gate.orders().registration(command.now)?;
            party.record.roles.push(role);
        }
        let outcome = Outcome::of(200, caller.party, party.version + 1).state("active");
        let decision = Decision::new("account.take_role", command.now)
            .write(party.record.draft(caller.party, party.version, party.created_at)?)
            .audit(security(caller.party, "role_taken", caller.party, caller.party, true))
            .answer(command.once, outcome.clone());
        Ok::<_, UseCaseError>((decision, outcome))
    })
    .await
}
