//! The transfer log: one row for every question whether something may leave, whatever was answered. It names no person.

use sarai_kernel::{
    ApprovalId, Counted, Decision, DocRef, Draft, Key, MechanismId, Query, RecipientId, Refusal,
    Store, StoreExt, Stored, Timestamp, TransferId, document::Unreadable, time::DAY,
};
use sarai_seal::{Class, Record};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    ruling::Cited,
    words::{Answered, Ground, RecipientKind},
};

/// How long a row is kept (PIPL 56, NDSR 12).
pub const KEEP_YEARS: i64 = 3;
/// Name of the timer after which a row goes.
const TIMER: &str = "gate.transfer";
/// Rows removed in one round.
const SWEEP_MAX: u32 = 500;

/// A row of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Record)]
#[record(kind = "transfer", schema = 1)]
pub struct Transfer {
    /// When it was asked.
    pub at: Timestamp,
    /// Who asked: a party, `system/<worker>`.
    pub actor: String,
    /// To whom.
    pub recipient: RecipientId,
    /// Its country at that time.
    pub country: String,
    /// What it was to us.
    pub kind: RecipientKind,
    /// For which purpose.
    pub purpose: String,
    /// Wire id of what left: a delivery, a notice, a backup.
    pub resource: String,
    /// Typed fields, as in the register.
    pub fields: Vec<String>,
    /// Their categories.
    pub categories: Vec<String>,
    /// The highest class among them, as the register names it; `general` where nothing is about persons.
    pub class: String,
    /// What the scan of untyped parts found: kind and how often. Never the values.
    pub found: Vec<(String, u64)>,
    /// On which ground.
    pub ground: Ground,
    /// Distinct persons in it.
    pub persons: u64,
    /// Those of them who had not been counted this year.
    pub new_persons: u64,
    /// The year whose count it stands in; `None` where nothing left the country.
    pub year: Option<i16>,
    /// The year's count with it.
    pub counted: Counted,
    /// What was answered.
    pub answer: Answered,
    /// The mechanisms in force that it rests on.
    pub mechanisms: Vec<MechanismId>,
    /// The approval that let it leave, or that it waits for.
    pub approval: Option<ApprovalId>,
    /// The articles.
    pub basis: Vec<Cited>,
    /// What it would need: alternatives within each need.
    pub needs: Vec<Vec<String>>,
    /// Why it was refused or held, in one word.
    pub reason: Option<String>,
}

/// The register's word of a class.
pub(super) fn class_word(class: Class) -> String {
    serde_json::to_value(class)
        .ok()
        .and_then(|word| word.as_str().map(str::to_owned))
        .unwrap_or_default()
}

impl Transfer {
    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        let at = self.at.as_micros();
        vec![
            Key::new("transfer.all", "1", at),
            Key::new("transfer.recipient", self.recipient, at),
            Key::new("transfer.answer", self.answer.word(), at),
            Key::timer(TIMER, self.kept_until()),
        ]
    }

    /// Kept until then: three years, leap days counted in.
    pub fn kept_until(&self) -> Timestamp {
        self.at.plus((KEEP_YEARS * 365 + 1) * DAY)
    }

    pub(super) fn draft(&self, id: TransferId) -> Result<Draft, Unreadable> {
        Draft::create(id.uuid(), self, self.keys())
    }
}

/// Which rows of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Of {
    /// All.
    All,
    /// To one recipient.
    Recipient(RecipientId),
    /// With one answer.
    Answer(Answered),
}

/// Rows of the log, newest first.
pub async fn transfers(
    store: &dyn Store,
    of: Of,
    limit: u32,
    after: Option<(i64, Uuid)>,
) -> Result<Vec<(Stored<Transfer>, i64)>, Refusal> {
    let query = match of {
        Of::All => Query::by("transfer", "transfer.all", "1"),
        Of::Recipient(id) => Query::by("transfer", "transfer.recipient", id),
        Of::Answer(answer) => Query::by("transfer", "transfer.answer", answer.word()),
    };
    Ok(store.records(query.newest_first().limit(limit).after(after)).await?)
}

/// Removes rows past their years; gives how many.
pub async fn sweep(store: &dyn Store, now: Timestamp) -> Result<usize, Refusal> {
    let due = Query::by("transfer", "timer", TIMER).up_to(now.as_micros()).limit(SWEEP_MAX);
    let due = store.find(due).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let mut decision = Decision::new("gate.transfer_sweep", now);
    let gone = due.iter().map(|found| &found.document);
    decision.removals = gone.map(|one| (DocRef::clone(&one.at), one.version)).collect();
    store.commit(decision).await?;
    Ok(due.len())
}
