//! Transfers that wait for the privacy officer, who lets this one go or not.

use sarai_kernel::{
    ApprovalId, Caller, Command, Decision, Draft, FieldCheck, Key, Kind, Outcome, Query,
    RecipientId, Refusal, Store, StoreExt, Stored, Timestamp, UseCaseError, time::DAY,
};
use sarai_seal::Record;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{recipient::row, words::Ground};

/// How long an approval waits, and how long it is good once it is given.
pub const HOLD_MICROS: i64 = 7 * DAY;

/// Where an approval stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalState {
    /// Waits for the officer.
    Waiting,
    /// Let go, and not yet gone.
    Approved,
    /// Not let go.
    Refused,
    /// It went.
    Used,
}

impl ApprovalState {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Used => "used",
        }
    }

    /// From its word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Waiting, Self::Approved, Self::Refused, Self::Used]
            .into_iter()
            .find(|one| one.word() == word)
    }
}

/// A transfer that waits, or waited.
#[derive(Debug, Clone, PartialEq, Eq, Record)]
#[record(kind = "transfer_approval", schema = 1)]
pub struct Approval {
    /// To whom.
    pub recipient: RecipientId,
    /// For which purpose.
    pub purpose: String,
    /// What.
    pub resource: String,
    /// Typed fields.
    pub fields: Vec<String>,
    /// Distinct persons.
    pub persons: u64,
    /// On which ground.
    pub ground: Ground,
    /// Hash over all of it and the very persons: the approval is good for nothing else.
    pub fingerprint: String,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// Good until then.
    pub until: Timestamp,
    /// Where it stands.
    pub state: ApprovalState,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// In the officer's words.
    pub reason: Option<String>,
}

impl Approval {
    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        let asked = self.asked_at.as_micros();
        let mut keys = vec![
            Key::new("transfer_approval.all", "1", asked),
            Key::new("transfer_approval.state", self.state.word(), asked),
        ];
        if self.state == ApprovalState::Waiting {
            // Who asks twice for the same waits once.
            keys.push(Key::unique("transfer_approval.waiting", self.fingerprint.as_str()));
        }
        keys
    }
}

/// Approvals in a state, or all; newest first.
pub async fn approvals(
    store: &dyn Store,
    state: Option<ApprovalState>,
    limit: u32,
    after: Option<(i64, Uuid)>,
) -> Result<Vec<(Stored<Approval>, i64)>, Refusal> {
    let query = match state {
        Some(state) => Query::by("transfer_approval", "transfer_approval.state", state.word()),
        None => Query::by("transfer_approval", "transfer_approval.all", "1"),
    };
    Ok(store.records(query.newest_first().limit(limit).after(after)).await?)
}

/// The one that waits with this fingerprint.
pub(super) async fn waiting(
    store: &dyn Store,
    fingerprint: &str,
) -> Result<Option<Stored<Approval>>, Refusal> {
    let query = Query::by("transfer_approval", "transfer_approval.waiting", fingerprint);
    Ok(store.first(query).await?)
}

/// The officer decides. Whoever asked does not.
pub async fn decide(
    store: &dyn Store,
    caller: &Caller,
    (id, version): (ApprovalId, u64),
    (approve, reason): (bool, &str),
    command: Command,
) -> Result<Outcome, UseCaseError> {
    let mut check = FieldCheck::new();
    check.length("/reason", reason, 1, 300).plain_text("/reason", reason);
    check.finish()?;
    let found = store.load::<Approval>(id.uuid()).await?.ok_or_else(Refusal::not_found)?;
    if found.version != version {
        let stale = Refusal::new("version_mismatch", Kind::Stale);
        return Err(stale.with("version", found.version).into());
    }
    let mut approval = found.record;
    may_decide(&approval, &caller.actor(), command.now)?;
    approval.state = if approve { ApprovalState::Approved } else { ApprovalState::Refused };
    approval.decided_by = Some(caller.actor());
    approval.decided_at = Some(command.now);
    approval.reason = Some(reason.to_owned());
    approval.until = command.now.plus(HOLD_MICROS);
    let action = if approve { "transfer_approved" } else { "transfer_not_approved" };
    let outcome = Outcome::of(200, id, version + 1).state(approval.state.word());
    let decision = Decision::new("gate.approval", command.now)
        .write(Draft::update(id.uuid(), version, &approval, approval.keys())?)
        .audit(row(&caller.actor(), action, id))
        .answer(command.once, outcome.clone());
    store.commit(decision).await?;
    Ok(outcome)
}

/// Whether somebody may decide an approval now. Pure.
fn may_decide(approval: &Approval, officer: &str, now: Timestamp) -> Result<(), Refusal> {
    if approval.state != ApprovalState::Waiting || now >= approval.until {
        let state = if now >= approval.until { "over" } else { approval.state.word() };
        return Err(Refusal::new("transition_refused", Kind::Conflict)
            .with("state", state)
            .with("allowed_from", ["waiting"].as_slice()));
    }
    if approval.asked_by == officer {
        return Err(Refusal::new("four_eyes_required", Kind::Forbidden));
    }
    Ok(())
}
