//! Money with a second pair of eyes: whoever asked, or whose wallet it is, never approves.

use sarai_kernel::{
    Account as Ledger, ApprovalId, Caller, Command, CommitError, Decision, Draft, FieldCheck, Kind,
    Money, Outcome, PartyId, PaymentId, PostingSet, Query, Refusal, Role, StoreExt, Stored,
    UseCaseError,
};

use super::{
    profile::own_party,
    staff::needs,
    wallet::{MANUAL, blank, changed},
};
use crate::{
    Account,
    account::security,
    model::{Payment, PaymentKind, PaymentState},
};

/// The approval of a payment has the payment's own number.
pub const fn approval_of(payment: PaymentId) -> ApprovalId {
    ApprovalId::from_uuid(payment.uuid())
}

/// Payments in a state, or all of them; newest first.
pub async fn list(
    account: &Account,
    state: Option<PaymentState>,
    limit: u32,
    after: Option<(i64, uuid::Uuid)>,
) -> Result<Vec<(Stored<Payment>, i64)>, Refusal> {
    let query = match state {
        Some(state) => Query::by("payment", "payment.state", state.word()),
        None => Query::by("payment", "payment.all", "1"),
    };
    let query = query.newest_first().limit(limit).after(after);
    Ok(account.store.records::<Payment>(query).await?)
}

/// Asks by hand for money to come into somebody's wallet.
pub async fn ask_top_up(
    account: &Account,
    caller: &Caller,
    party: PartyId,
    amount: Money,
    why: &str,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    let now = command.now;
    needs(caller, Role::OpMoney, now)?;
    let mut check = FieldCheck::new();
    check.length("/reason", why, 3, 300).plain_text("/reason", why);
    check.range("/amount/amount_minor", amount.amount_minor, 1, super::wallet::PAYMENT_MINOR_MAX);
    check.finish()?;
    own_party(account, party).await?;
    let id = PaymentId::new(now);
    let mut payment = blank(party, PaymentKind::Topup, amount, caller.party, now);
    payment.method = Some("manual".to_owned());
    payment.asked_why = Some(why.to_owned());
    let outcome = Outcome::of(202, approval_of(id), 1).state("waiting");
    let decision = Decision::new("account.ask_top_up", now)
        .write(Draft::create(id.uuid(), &payment, payment.keys())?)
        .audit(security(caller.party, "topup_asked", id, party, true))
        .answer(command.once, outcome.clone());
    account.store.commit(decision).await?;
    Ok(outcome)
}

/// Whether somebody may decide a payment. Pure.
pub fn may_decide(payment: &Payment, decider: PartyId) -> Result<(), Refusal> {
    if payment.state != PaymentState::AwaitingApproval {
        return Err(Refusal::new("transition_refused", Kind::Conflict)
            .with("state", payment.state.word())
            .with("allowed_from", ["awaiting_approval"].as_slice()));
    }
    if payment.asked_by == decider || payment.party == decider {
        return Err(Refusal::new("four_eyes_required", Kind::Forbidden));
    }
    Ok(())
}

/// Approves or refuses a payment.
pub async fn decide(
    account: &Account,
    caller: &Caller,
    id: ApprovalId,
    version: u64,
    (approve, reason): (bool, &str),
    command: Command,
) -> Result<Outcome, UseCaseError> {
    let now = command.now;
    needs(caller, Role::OpMoney, now)?;
    let mut check = FieldCheck::new();
    check.length("/reason", reason, 1, 300).plain_text("/reason", reason);
    check.finish()?;
    let found = account.store.load::<Payment>(id.uuid()).await?;
    let Stored { version: present, record: mut payment, .. } =
        found.ok_or_else(Refusal::not_found)?;
    if present != version {
        return Err(stale(present).into());
    }
    may_decide(&payment, caller.party)?;
    let id = PaymentId::from_uuid(id.uuid());
    let set = posting(id, &payment, approve)?;
    payment.state = if approve { PaymentState::Done } else { PaymentState::Refused };
    payment.decided_by = Some(caller.party);
    payment.decided_at = Some(now);
    payment.reason = Some(reason.to_owned());
    let word = if approve { "approve" } else { "refuse" };
    let state = if approve { "approved" } else { "refused" };
    let outcome = Outcome::of(200, approval_of(id), version + 1).state(state);
    let mut decision = Decision::new("account.decide_payment", now)
        .write(Draft::update(id.uuid(), version, &payment, payment.keys())?)
        .event(changed(id, &payment, version + 1))
        .audit(security(caller.party, word, id, payment.party, true))
        .answer(command.once, outcome.clone());
    decision.postings.extend(set);
    match account.store.commit(decision).await {
        Ok(_) => Ok(outcome),
        Err(CommitError::Conflict(_)) => Err(stale(version + 1).into()),
        Err(error) => Err(error.into()),
    }
}

fn stale(version: u64) -> Refusal {
    Refusal::new("version_mismatch", Kind::Stale).with("version", version)
}

/// The money that a decision moves. A refused top-up moves none: nothing had come.
fn posting(id: PaymentId, payment: &Payment, approve: bool) -> Result<Option<PostingSet>, Refusal> {
    let wallet = Ledger::Wallet(payment.party);
    let (cause, from, to) = match (payment.kind, approve) {
        (PaymentKind::Topup, true) => ("topup", MANUAL, wallet),
        (PaymentKind::Topup, false) => return Ok(None),
        (PaymentKind::Payout, true) => ("paid_out", Ledger::HoldPayout(id), MANUAL),
        (PaymentKind::Payout, false) => ("payout_returned", Ledger::HoldPayout(id), wallet),
    };
    let set = PostingSet::new(id, cause, payment.amount.currency);
    Ok(Some(set.transfer(from, to, payment.amount)?))
}
