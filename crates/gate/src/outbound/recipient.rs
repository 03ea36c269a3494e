//! Recipients: every place that data may go to is registered, with its country, what it is to us, and what for.

use sarai_kernel::{
    Caller, Command, Decision, Draft, FieldCheck, FieldError, Key, Kind, Outcome, Query,
    RecipientId, Refusal, Store, StoreExt, Stored, Timestamp, UseCaseError, audit::AuditEntry,
};
use sarai_seal::Record;
use uuid::Uuid;

use super::words::{Approving, RecipientKind};

/// Most purposes or categories of one recipient.
const LIST_MAX: usize = 20;

/// A registered recipient.
#[derive(Debug, Clone, PartialEq, Eq, Record)]
#[record(kind = "recipient", schema = 1)]
pub struct Recipient {
    /// Its legal name.
    pub name: String,
    /// Country, ISO 3166: where the data is stored or can be read from.
    pub country: String,
    /// What it is to us.
    pub kind: RecipientKind,
    /// For which purposes, as the register names them.
    pub purposes: Vec<String>,
    /// Which categories of data, as the register names them; none means no data of persons.
    pub categories: Vec<String>,
    /// Group of companies that it belongs to; they count together.
    pub group: Option<String>,
    /// Whether each transfer waits for the privacy officer.
    pub approving: Approving,
    /// Made by the house itself for one of its own ways out: `sms`, `backup`, a webhook's id.
    pub own_way: Option<String>,
    /// Since when.
    pub made_at: Timestamp,
    /// Who registered it, as the audit log names people.
    pub made_by: String,
    /// Nothing goes there any more.
    pub closed_at: Option<Timestamp>,
}

impl Recipient {
    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        let made = self.made_at.as_micros();
        let mut keys = vec![Key::new("recipient.all", "1", made)];
        keys.extend(self.own_way.as_deref().map(|way| Key::unique("recipient.way", way)));
        keys
    }
}

/// What is registered or changed.
#[derive(Debug, Clone)]
pub struct RecipientForm {
    /// See [`Recipient`].
    pub name: String,
    /// See [`Recipient`].
    pub country: String,
    /// See [`Recipient`].
    pub kind: RecipientKind,
    /// See [`Recipient`].
    pub purposes: Vec<String>,
    /// See [`Recipient`].
    pub categories: Vec<String>,
    /// See [`Recipient`].
    pub group: Option<String>,
    /// See [`Recipient`].
    pub approving: Approving,
}

impl RecipientForm {
    fn check(&self) -> Result<(), Refusal> {
        let mut check = FieldCheck::new();
        check.length("/name", &self.name, 1, 200).plain_text("/name", &self.name);
        let country =
            self.country.len() == 2 && self.country.bytes().all(|byte| byte.is_ascii_uppercase());
        check.require(country, || FieldError::new("/country", "pattern"));
        check.require((1..=LIST_MAX).contains(&self.purposes.len()), || {
            FieldError::new("/purposes", "out_of_range").with("min", 1).with("max", LIST_MAX)
        });
        for (at, purpose) in self.purposes.iter().enumerate() {
            let fine = (1..=40).contains(&purpose.len())
                && purpose.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            check.require(fine, || FieldError::new(format!("/purposes/{at}"), "pattern"));
        }
        check.require(self.categories.len() <= LIST_MAX, || {
            FieldError::new("/categories", "too_long").with("max", LIST_MAX)
        });
        for (at, word) in self.categories.iter().enumerate() {
            let known = crate::directive::category(word).is_some();
            check.require(known, || FieldError::new(format!("/categories/{at}"), "not_in_list"));
        }
        if let Some(group) = &self.group {
            check.length("/group", group, 1, 80).plain_text("/group", group);
        }
        check.finish()
    }

    fn record(self, own_way: Option<String>, by: &str, now: Timestamp) -> Recipient {
        Recipient {
            name: self.name,
            country: self.country,
            kind: self.kind,
            purposes: self.purposes,
            categories: self.categories,
            group: self.group,
            approving: self.approving,
            own_way,
            made_at: now,
            made_by: by.to_owned(),
            closed_at: None,
        }
    }
}

/// Every recipient, newest first.
pub async fn list(
    store: &dyn Store,
    limit: u32,
    after: Option<(i64, Uuid)>,
) -> Result<Vec<(Stored<Recipient>, i64)>, Refusal> {
    let query = Query::by("recipient", "recipient.all", "1").newest_first();
    Ok(store.records(query.limit(limit).after(after)).await?)
}

/// One recipient.
pub async fn one(store: &dyn Store, id: RecipientId) -> Result<Stored<Recipient>, Refusal> {
    store.load(id.uuid()).await?.ok_or_else(Refusal::not_found)
}

/// Registers a recipient.
pub async fn register(
    store: &dyn Store,
    caller: &Caller,
    form: RecipientForm,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    form.check()?;
    let id = RecipientId::new(command.now);
    let record = form.record(None, &caller.actor(), command.now);
    let outcome = Outcome::of(201, id, 1).state("open");
    let decision = Decision::new("gate.recipient", command.now)
        .write(Draft::create(id.uuid(), &record, record.keys())?)
        .audit(row(&caller.actor(), "recipient_made", id))
        .answer(command.once, outcome.clone());
    store.commit(decision).await?;
    Ok(outcome)
}

/// Changes a recipient. Its country and kind stay: another place is another recipient.
pub async fn change(
    store: &dyn Store,
    caller: &Caller,
    (id, version): (RecipientId, u64),
    form: RecipientForm,
    now: Timestamp,
) -> Result<u64, Refusal> {
    form.check()?;
    let found = one(store, id).await?;
    if found.version != version {
        return Err(Refusal::new("version_mismatch", Kind::Stale).with("version", found.version));
    }
    let mut record = found.record;
    if record.country != form.country || record.kind != form.kind {
        return Err(Refusal::new("transition_refused", Kind::Conflict).with("state", "registered"));
    }
    record.name = form.name;
    record.purposes = form.purposes;
    record.categories = form.categories;
    record.group = form.group;
    record.approving = form.approving;
    let decision = Decision::new("gate.recipient_change", now)
        .write(Draft::update(id.uuid(), version, &record, record.keys())?)
        .audit(row(&caller.actor(), "recipient_changed", id));
    store.commit(decision).await?;
    Ok(version + 1)
}

/// Closes a recipient: nothing goes there any more. What went stays in the log.
pub async fn close(
    store: &dyn Store,
    caller: &Caller,
    id: RecipientId,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    let found = one(store, id).await?;
    let (version, mut record) = (found.version, found.record);
    record.closed_at = record.closed_at.or(Some(command.now));
    let outcome = Outcome::of(200, id, version + 1).state("closed");
    let decision = Decision::new("gate.recipient_close", command.now)
        .write(Draft::update(id.uuid(), version, &record, record.keys())?)
        .audit(row(&caller.actor(), "recipient_closed", id))
        .answer(command.once, outcome.clone());
    store.commit(decision).await?;
    Ok(outcome)
}

/// The recipient of one of the house's own ways out; registered when it is first needed, and kept to what is said now: an operator who
/// moves his sender to another country makes another recipient of it.
pub async fn of_way(
    store: &dyn Store,
    way: &str,
    form: RecipientForm,
    now: Timestamp,
) -> Result<RecipientId, Refusal> {
    let way = format!("{way}/{}", form.country);
    let query = Query::by("recipient", "recipient.way", way.as_str());
    if let Some(found) = store.first::<Recipient>(query).await? {
        return Ok(RecipientId::from_uuid(found.id));
    }
    form.check()?;
    let id = RecipientId::new(now);
    let record = form.record(Some(way.clone()), "system/gate", now);
    let decision = Decision::new("gate.recipient", now)
        .write(Draft::create(id.uuid(), &record, record.keys())?)
        .audit(row("system/gate", "recipient_made", id));
    match store.commit(decision).await {
        Ok(_) => Ok(id),
        Err(sarai_kernel::CommitError::Duplicate(_)) => {
            let query = Query::by("recipient", "recipient.way", way);
            let found = store.first::<Recipient>(query).await?.ok_or_else(Refusal::not_found)?;
            Ok(RecipientId::from_uuid(found.id))
        }
        Err(error) => Err(error.into()),
    }
}

pub(crate) fn row(actor: &str, action: &'static str, resource: impl ToString) -> AuditEntry {
    AuditEntry {
        actor: actor.to_owned(),
        action,
        purpose: "",
        resource: resource.to_string(),
        relation: if actor.starts_with("system/") { "system" } else { "staff" }.to_owned(),
        subjects: Vec::new(),
        fields: Vec::new(),
        rule: "house.gate".to_owned(),
        allowed: true,
        case: None,
    }
}
