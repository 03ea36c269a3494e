//! An order comes in, or its lifting: taken whole, or refused and written down.

use sarai_kernel::{
    AuthorityId, CommitError, Decision, DirectiveId, Draft, Kind, NewEvent, Outcome, Refusal,
    StoreError, StoreExt, Stored, Timestamp,
    audit::AuditEntry,
    document::{Clear, Unreadable},
    ports::RACES_MAX,
    time::MINUTE,
};

use super::{
    document::{LIFT_PREFIX, Lift, Order, PREFIX, Paper, public_key},
    keys,
    record::{AuthorityKey, Directive, KeyState, Lifted},
};
use crate::Gate;

/// How far ahead of ours the clock of an authority may go.
const CLOCKS_APART_MICROS: i64 = 5 * MINUTE;

/// Why a document is not obeyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forged {
    /// It does not read, holds an unknown member, is ambiguous, or its scope does not fit its effect.
    #[error("malformed")]
    Malformed,
    /// The key was never entered, not confirmed, or revoked.
    #[error("unknown_key")]
    UnknownKey,
    /// The key did not sign these bytes.
    #[error("signature_wrong")]
    Signature,
    /// It was meant for another installation.
    #[error("other_platform")]
    OtherPlatform,
    /// The key may not order this.
    #[error("beyond_powers")]
    BeyondPowers,
    /// Its number in the sequence was reached before.
    #[error("replayed")]
    Replayed,
    /// It was over before it came.
    #[error("expired")]
    Expired,
    /// It was signed in the future.
    #[error("from_the_future")]
    FromTheFuture,
    /// There is no such order of this authority, or it was lifted before.
    #[error("nothing_to_lift")]
    NothingToLift,
}

impl Forged {
    /// The word in the audit log and in the answer.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::UnknownKey => "unknown_key",
            Self::Signature => "signature_wrong",
            Self::OtherPlatform => "other_platform",
            Self::BeyondPowers => "beyond_powers",
            Self::Replayed => "replayed",
            Self::Expired => "expired",
            Self::FromTheFuture => "from_the_future",
            Self::NothingToLift => "nothing_to_lift",
        }
    }
}

impl From<Forged> for Refusal {
    fn from(why: Forged) -> Self {
        Self::new("directive_refused", Kind::Forbidden).with("reason", why.word())
    }
}

/// Either a document that is not obeyed, or our own fault.
enum No {
    Forged(Forged),
    Fault(Refusal),
}

impl From<Forged> for No {
    fn from(why: Forged) -> Self {
        Self::Forged(why)
    }
}
impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        Self::Fault(refusal)
    }
}
impl From<StoreError> for No {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}
impl From<Unreadable> for No {
    fn from(error: Unreadable) -> Self {
        Self::Fault(error.into())
    }
}

/// Takes an order. In force on this node when it returns, on every other within a second.
pub async fn issue(gate: &Gate, paper: &Paper, now: Timestamp) -> Result<Outcome, Refusal> {
    settle(gate, paper, now, || take(gate, paper, now)).await
}

/// Lifts an order: what it stopped goes on. `named` is the order that the caller thinks of, where one was named beside the document.
pub async fn lift(
    gate: &Gate,
    paper: &Paper,
    named: Option<DirectiveId>,
    now: Timestamp,
) -> Result<Outcome, Refusal> {
    settle(gate, paper, now, || end(gate, paper, named, now)).await
}

/// Decides, commits, and after a lost race decides again; a refusal is written down.
async fn settle<F, D>(
    gate: &Gate,
    paper: &Paper,
    now: Timestamp,
    mut decide: F,
) -> Result<Outcome, Refusal>
where
    F: FnMut() -> D + Send,
    D: Future<Output = Result<(Decision, Outcome), No>> + Send,
{
    for _ in 0..RACES_MAX {
        let (decision, outcome) = match decide().await {
            Ok(taken) => taken,
            Err(No::Forged(why)) => return Err(refused(gate, paper, why, now).await),
            Err(No::Fault(refusal)) => return Err(refusal),
        };
        match gate.store().commit(decision).await {
            Ok(_) => {
                gate.orders().reload(gate.store()).await?;
                return Ok(outcome);
            }
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Refusal::new("busy_retry", Kind::Unavailable))
}

/// Writes a refusal down before it is answered.
async fn refused(gate: &Gate, paper: &Paper, why: Forged, now: Timestamp) -> Refusal {
    // Only ids that parse as ids go into the log: nothing else of a forged document is kept.
    let order = paper.read::<Order>().ok().map(|order| (order.authority, order.id));
    let lift = paper.read::<Lift>().ok().map(|lift| (lift.authority, lift.lifts));
    let claimed = order.or(lift);
    let resource = claimed.as_ref().map_or("directive".to_owned(), |(_, id)| id.to_string());
    let known = match &claimed {
        Some((authority, _)) => keys::by_fingerprint(gate.store(), authority).await.ok().flatten(),
        None => None,
    };
    let actor =
        known.map_or("anonymous".to_owned(), |key| AuthorityId::from_uuid(key.id).to_string());
    let row = row(actor, "directive_refused", resource, why.word(), false);
    match gate.store().commit(Decision::new("gate.directive_refused", now).audit(row)).await {
        Ok(_) => why.into(),
        Err(error) => error.into(),
    }
}

fn row(
    actor: String,
    action: &'static str,
    resource: String,
    rule: &str,
    allowed: bool,
) -> AuditEntry {
    AuditEntry {
        actor,
        action,
        purpose: "",
        resource,
        relation: "authority".to_owned(),
        subjects: Vec::new(),
        fields: Vec::new(),
        rule: rule.to_owned(),
        allowed,
        case: None,
    }
}

/// The key that a document names, if it signed the document and may.
async fn signer(
    gate: &Gate,
    paper: &Paper,
    (prefix, authority, platform): (&[u8], &str, &str),
) -> Result<Stored<AuthorityKey>, No> {
    let found = keys::by_fingerprint(gate.store(), authority).await?;
    let key = found.filter(|key| key.record.state == KeyState::Active).ok_or(Forged::UnknownKey)?;
    let public = public_key(&key.record.public).ok_or(Forged::UnknownKey)?;
    paper.check(prefix, &public)?;
    if platform != gate.platform() {
        return Err(Forged::OtherPlatform.into());
    }
    Ok(key)
}

async fn take(gate: &Gate, paper: &Paper, now: Timestamp) -> Result<(Decision, Outcome), No> {
    let order: Order = paper.read()?;
    let key = signer(gate, paper, (PREFIX, &order.authority, &order.platform)).await?;
    judge(&order, &key.record, now)?;
    if gate.store().load::<Directive>(order.id.uuid()).await?.is_some() {
        return Err(Forged::Replayed.into());
    }
    let id = order.id;
    let directive = Directive {
        key: AuthorityId::from_uuid(key.id),
        office: key.record.office,
        authority: key.record.name.clone(),
        paper: paper.clone(),
        received_at: now,
        lifted: None,
        order,
    };
    let outcome = Outcome::of(201, id, 1).state(directive.state(now));
    let decision = Decision::new("gate.directive", now)
        .write(Draft::create(id.uuid(), &directive, directive.keys())?)
        .write(advanced(&key, directive.order.sequence)?)
        .event(told("kernel.directive.issued", id, 1, &directive))
        .audit(row(
            directive.key.to_string(),
            "directive_issued",
            id.to_string(),
            &directive.order.basis.join(" "),
            true,
        ));
    Ok((decision, outcome))
}

/// Whether an order that is truly signed is obeyed. Pure.
pub(super) fn judge(order: &Order, key: &AuthorityKey, now: Timestamp) -> Result<(), Forged> {
    if !order.is_whole() {
        return Err(Forged::Malformed);
    }
    if !key.effects.contains(&order.effect) {
        return Err(Forged::BeyondPowers);
    }
    if order.sequence <= key.last_sequence {
        return Err(Forged::Replayed);
    }
    if order.expires.is_some_and(|end| end <= now) {
        return Err(Forged::Expired);
    }
    if order.issued_at.since(now) > CLOCKS_APART_MICROS {
        return Err(Forged::FromTheFuture);
    }
    Ok(())
}

async fn end(
    gate: &Gate,
    paper: &Paper,
    named: Option<DirectiveId>,
    now: Timestamp,
) -> Result<(Decision, Outcome), No> {
    let lift: Lift = paper.read()?;
    let key = signer(gate, paper, (LIFT_PREFIX, &lift.authority, &lift.platform)).await?;
    if !lift.is_whole() {
        return Err(Forged::Malformed.into());
    }
    if lift.sequence <= key.record.last_sequence {
        return Err(Forged::Replayed.into());
    }
    if lift.issued_at.since(now) > CLOCKS_APART_MICROS {
        return Err(Forged::FromTheFuture.into());
    }
    if named.is_some_and(|named| named != lift.lifts) {
        return Err(Forged::NothingToLift.into());
    }
    let found = gate.store().load::<Directive>(lift.lifts.uuid()).await?;
    let own = found
        .filter(|found| found.record.office == key.record.office && found.record.lifted.is_none());
    let Stored { id, version, record: mut directive, .. } = own.ok_or(Forged::NothingToLift)?;
    directive.lifted = Some(Lifted { at: now, number: lift.number, paper: paper.clone() });
    let wire = directive.id();
    let outcome = Outcome::of(200, wire, version + 1).state("lifted");
    let decision = Decision::new("gate.directive_lift", now)
        .write(Draft::update(id, version, &directive, directive.keys())?)
        .write(advanced(&key, lift.sequence)?)
        .event(told("kernel.directive.lifted", wire, version + 1, &directive))
        .audit(row(
            AuthorityId::from_uuid(key.id).to_string(),
            "directive_lifted",
            wire.to_string(),
            &directive.order.basis.join(" "),
            true,
        ));
    Ok((decision, outcome))
}

/// The key with its sequence risen: two documents with one number race on its version, and one of them loses.
fn advanced(key: &Stored<AuthorityKey>, sequence: u64) -> Result<Draft, Unreadable> {
    let record = AuthorityKey { last_sequence: sequence, ..key.record.clone() };
    Draft::update(key.id, key.version, &record, record.keys())
}

fn told(kind: &'static str, id: DirectiveId, version: u64, directive: &Directive) -> NewEvent {
    let mut data = Clear::new();
    data.insert("effect".to_owned(), directive.order.effect.word().into());
    NewEvent {
        kind,
        subject_kind: "directive",
        subject: id.to_string(),
        version,
        audience: Vec::new(),
        on_board: false,
        data,
    }
}
