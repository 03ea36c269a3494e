//! Keys of authorities: one officer enters a key, another confirms the fingerprint that was read out on another channel.

use sarai_kernel::{
    AuthorityId, Command, CommitError, Decision, Draft, FieldCheck, FieldError, Kind, Outcome,
    Query, Refusal, Store, StoreError, StoreExt, Stored, UseCaseError, audit::AuditEntry,
};

use super::{
    document::{Effect, TwoTexts, fingerprint, public_key, typed_fingerprint},
    record::{AuthorityKey, KeyState},
};

/// Longest name of an authority.
const NAME_MAX: usize = 120;

/// A key to be entered.
#[derive(Debug, Clone)]
pub struct NewKey<'a> {
    /// Which authority.
    pub name: TwoTexts,
    /// The public key, base64url.
    pub public: &'a str,
    /// What it may order.
    pub effects: &'a [Effect],
    /// The key of the same authority that it takes over from.
    pub follows: Option<AuthorityId>,
}

/// The key with this fingerprint.
pub(super) async fn by_fingerprint(
    store: &dyn Store,
    fingerprint: &str,
) -> Result<Option<Stored<AuthorityKey>>, StoreError> {
    let fine = fingerprint.len() == 32 && fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !fine {
        return Ok(None);
    }
    store.first(Query::by("authority_key", "authority.fingerprint", fingerprint)).await
}

/// Every key, newest first.
pub async fn list(store: &dyn Store) -> Result<Vec<Stored<AuthorityKey>>, Refusal> {
    let query = Query::by("authority_key", "authority.all", "1").newest_first().limit(200);
    Ok(store.records(query).await?.into_iter().map(|(found, _)| found).collect())
}

/// Enters a key. `officer` is who stands at the desk, as the audit log names officers. Nothing is obeyed before a second one confirms.
pub async fn propose(
    store: &dyn Store,
    officer: &str,
    new: NewKey<'_>,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    let key = public_key(new.public);
    let mut check = FieldCheck::new();
    check.require(new.name.is_plain(NAME_MAX), || FieldError::new("/name", "pattern"));
    check.require(key.is_some(), || FieldError::new("/public_key", "pattern"));
    check.require(!new.effects.is_empty(), || FieldError::new("/effects", "required"));
    check.finish()?;
    let Some(key) = key else { return Err(Refusal::not_found().into()) };
    let id = AuthorityId::new(command.now);
    let office = match new.follows {
        Some(before) => {
            let before = store.load::<AuthorityKey>(before.uuid()).await?;
            let unknown = || Refusal::invalid(vec![FieldError::new("/follows", "not_in_list")]);
            before.ok_or_else(unknown)?.record.office
        }
        None => id.uuid(),
    };
    let mut effects = new.effects.to_vec();
    effects.sort_unstable();
    effects.dedup();
    let record = AuthorityKey {
        name: new.name,
        public: new.public.to_owned(),
        fingerprint: fingerprint(&key),
        effects,
        office,
        follows: new.follows,
        state: KeyState::Proposed,
        proposed_by: officer.to_owned(),
        proposed_at: command.now,
        confirmed_by: None,
        confirmed_at: None,
        revoke_asked_by: None,
        revoked_at: None,
        last_sequence: 0,
    };
    let outcome =
        Outcome::of(201, id, 1).state("proposed").with("fingerprint", record.fingerprint.as_str());
    let decision = Decision::new("gate.authority_propose", command.now)
        .write(Draft::create(id.uuid(), &record, record.keys())?)
        .audit(row(officer, "authority_proposed", id))
        .answer(command.once, outcome.clone());
    match store.commit(decision).await {
        Ok(_) => Ok(outcome),
        Err(CommitError::Duplicate(_)) => {
            Err(Refusal::invalid(vec![FieldError::new("/public_key", "duplicate")]).into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Confirms a key by the fingerprint that the second officer heard. The key that it follows ends in the same moment.
pub async fn confirm(
    store: &dyn Store,
    officer: &str,
    id: AuthorityId,
    heard: &str,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    let found = store.load::<AuthorityKey>(id.uuid()).await?.ok_or_else(Refusal::not_found)?;
    let Stored { version, record: mut key, .. } = found;
    may_confirm(&key, officer, heard)?;
    let mut decision = Decision::new("gate.authority_confirm", command.now);
    if let Some(before) = key.follows {
        let before = store.load::<AuthorityKey>(before.uuid()).await?;
        let Stored { id, version, record: mut old, .. } = before.ok_or_else(Refusal::not_found)?;
        key.last_sequence = old.last_sequence;
        old.state = KeyState::Revoked;
        old.revoked_at = Some(command.now);
        decision = decision.write(Draft::update(id, version, &old, old.keys())?);
    }
    key.state = KeyState::Active;
    key.confirmed_by = Some(officer.to_owned());
    key.confirmed_at = Some(command.now);
    let outcome = Outcome::of(200, id, version + 1).state("active");
    let decision = decision
        .write(Draft::update(id.uuid(), version, &key, key.keys())?)
        .audit(row(officer, "authority_confirmed", id))
        .answer(command.once, outcome.clone());
    store.commit(decision).await?;
    Ok(outcome)
}

/// Whether this officer may confirm this key with what was heard. Pure.
fn may_confirm(key: &AuthorityKey, officer: &str, heard: &str) -> Result<(), Refusal> {
    if key.state != KeyState::Proposed {
        return Err(Refusal::new("transition_refused", Kind::Conflict)
            .with("state", key.state.word())
            .with("allowed_from", ["proposed"].as_slice()));
    }
    if key.proposed_by == officer {
        return Err(Refusal::new("four_eyes_required", Kind::Forbidden));
    }
    if typed_fingerprint(heard) != key.fingerprint {
        return Err(Refusal::invalid(vec![FieldError::new("/fingerprint", "checksum_wrong")]));
    }
    Ok(())
}

/// Ends a key: the first officer asks, the second does it, since whoever could do it alone could stop an authority from being heard.
/// What the key ordered before stays in force: only a lifting ends an order.
pub async fn revoke(
    store: &dyn Store,
    officer: &str,
    id: AuthorityId,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    let found = store.load::<AuthorityKey>(id.uuid()).await?.ok_or_else(Refusal::not_found)?;
    let Stored { version, record: mut key, .. } = found;
    let asked = key.revoke_asked_by.clone();
    let (state, action) = match asked.as_deref() {
        _ if key.state == KeyState::Revoked => {
            let refusal = Refusal::new("transition_refused", Kind::Conflict);
            return Err(refusal.with("state", "revoked").into());
        }
        Some(first) if first == officer => {
            return Err(Refusal::new("four_eyes_required", Kind::Forbidden).into());
        }
        None => {
            key.revoke_asked_by = Some(officer.to_owned());
            ("revocation_asked", "authority_revoke_asked")
        }
        Some(_) => {
            key.state = KeyState::Revoked;
            key.revoked_at = Some(command.now);
            ("revoked", "authority_revoked")
        }
    };
    let outcome = Outcome::of(200, id, version + 1).state(state);
    let decision = Decision::new("gate.authority_revoke", command.now)
        .write(Draft::update(id.uuid(), version, &key, key.keys())?)
        .audit(row(officer, action, id))
        .answer(command.once, outcome.clone());
    store.commit(decision).await?;
    Ok(outcome)
}

fn row(officer: &str, action: &'static str, id: AuthorityId) -> AuditEntry {
    AuditEntry {
        actor: officer.to_owned(),
        action,
        purpose: "",
        resource: id.to_string(),
        relation: "staff".to_owned(),
        subjects: Vec::new(),
        fields: Vec::new(),
        rule: "house.authority_keys".to_owned(),
        allowed: true,
        case: None,
    }
}
