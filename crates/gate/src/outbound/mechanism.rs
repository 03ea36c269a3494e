//! Mechanisms: what lifts a requirement of the law for one recipient, with its number and its dates. One that has run out lifts nothing.

use sarai_kernel::{
    Caller, Command, Decision, Draft, FieldCheck, FieldError, Key, Kind, MechanismId, Outcome,
    Query, RecipientId, Refusal, Store, StoreExt, Stored, Timestamp, UseCaseError,
};
use sarai_seal::Record;
use uuid::Uuid;

use super::{
    recipient::{self, row},
    words::MechanismKind,
};

/// Most mechanisms of one recipient that are looked at.
const OF_RECIPIENT_MAX: u32 = 100;

/// A contract, certificate, assessment or approval for one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Record)]
#[record(kind = "mechanism", schema = 1)]
pub struct Mechanism {
    /// For whom.
    pub recipient: RecipientId,
    /// What it is.
    pub kind: MechanismKind,
    /// Its number: of the filing, the certificate, the assessment, the approval.
    pub number: String,
    /// In force from then on.
    pub effective_at: Timestamp,
    /// When a standard contract was filed; ten working days after it took effect at the latest (SCC 7).
    pub filed_at: Option<Timestamp>,
    /// Not in force from then on.
    pub expires_at: Option<Timestamp>,
    /// Ended before its time.
    pub ended_at: Option<Timestamp>,
    /// Who entered it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
}

impl Mechanism {
    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        let made = self.made_at.as_micros();
        vec![
            Key::new("mechanism.all", "1", made),
            Key::new("mechanism.recipient", self.recipient, made),
            Key::unique(
                "mechanism.number",
                format!("{}/{}/{}", self.recipient, self.kind.word(), self.number),
            ),
        ]
    }

    /// `coming`, `in_force`, `expired` or `ended`.
    pub fn state(&self, now: Timestamp) -> &'static str {
        if self.ended_at.is_some() {
            "ended"
        } else if self.expires_at.is_some_and(|end| now >= end) {
            "expired"
        } else if now < self.effective_at {
            "coming"
        } else {
            "in_force"
        }
    }
}

/// What is entered.
#[derive(Debug, Clone)]
pub struct MechanismForm {
    /// See [`Mechanism`].
    pub recipient: RecipientId,
    /// See [`Mechanism`].
    pub kind: MechanismKind,
    /// See [`Mechanism`].
    pub number: String,
    /// See [`Mechanism`].
    pub effective_at: Timestamp,
    /// See [`Mechanism`].
    pub filed_at: Option<Timestamp>,
    /// See [`Mechanism`].
    pub expires_at: Option<Timestamp>,
}

impl MechanismForm {
    fn check(&self) -> Result<(), Refusal> {
        let mut check = FieldCheck::new();
        check.length("/number", &self.number, 1, 80).plain_text("/number", &self.number);
        let ends = self.expires_at.is_none_or(|end| end > self.effective_at);
        check.require(ends, || FieldError::new("/expires_at", "window_reversed"));
        // Everything but a contract and an approval is given for a term.
        let term =
            matches!(self.kind, MechanismKind::Certificate | MechanismKind::SecurityAssessment);
        check.require(!term || self.expires_at.is_some(), || {
            FieldError::new("/expires_at", "required")
        });
        check.finish()
    }
}

/// Every mechanism, newest first.
pub async fn list(
    store: &dyn Store,
    limit: u32,
    after: Option<(i64, Uuid)>,
) -> Result<Vec<(Stored<Mechanism>, i64)>, Refusal> {
    let query = Query::by("mechanism", "mechanism.all", "1").newest_first();
    Ok(store.records(query.limit(limit).after(after)).await?)
}

/// Those in force for a recipient at this moment.
pub async fn in_force(
    store: &dyn Store,
    recipient: RecipientId,
    now: Timestamp,
) -> Result<Vec<Stored<Mechanism>>, Refusal> {
    let query = Query::by("mechanism", "mechanism.recipient", recipient).newest_first();
    let found = store.records::<Mechanism>(query.limit(OF_RECIPIENT_MAX)).await?;
    let live = found.into_iter().map(|(found, _)| found);
    Ok(live.filter(|found| found.record.state(now) == "in_force").collect())
}

/// Enters a mechanism.
pub async fn enter(
    store: &dyn Store,
    caller: &Caller,
    form: MechanismForm,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    form.check()?;
    let to = store.load::<recipient::Recipient>(form.recipient.uuid()).await?;
    if to.is_none() {
        return Err(Refusal::invalid(vec![FieldError::new("/recipient", "not_in_list")]).into());
    }
    let id = MechanismId::new(command.now);
    let record = Mechanism {
        recipient: form.recipient,
        kind: form.kind,
        number: form.number,
        effective_at: form.effective_at,
        filed_at: form.filed_at,
        expires_at: form.expires_at,
        ended_at: None,
        made_by: caller.actor(),
        made_at: command.now,
    };
    let outcome = Outcome::of(201, id, 1).state(record.state(command.now));
    let decision = Decision::new("gate.mechanism", command.now)
        .write(Draft::create(id.uuid(), &record, record.keys())?)
        .audit(row(&caller.actor(), "mechanism_made", id))
        .answer(command.once, outcome.clone());
    match store.commit(decision).await {
        Ok(_) => Ok(outcome),
        Err(sarai_kernel::CommitError::Duplicate(_)) => {
            Err(Refusal::invalid(vec![FieldError::new("/number", "duplicate")]).into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Ends a mechanism before its time: a contract that was terminated, an assessment that was withdrawn.
pub async fn end(
    store: &dyn Store,
    caller: &Caller,
    id: MechanismId,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    let found = store.load::<Mechanism>(id.uuid()).await?.ok_or_else(Refusal::not_found)?;
    let (version, mut record) = (found.version, found.record);
    if record.ended_at.is_some() {
        let refusal = Refusal::new("transition_refused", Kind::Conflict);
        return Err(refusal.with("state", "ended").into());
    }
    record.ended_at = Some(command.now);
    let outcome = Outcome::of(200, id, version + 1).state("ended");
    let decision = Decision::new("gate.mechanism_end", command.now)
        .write(Draft::update(id.uuid(), version, &record, record.keys())?)
        .audit(row(&caller.actor(), "mechanism_ended", id))
        .answer(command.once, outcome.clone());
    store.commit(decision).await?;
    Ok(outcome)
}
