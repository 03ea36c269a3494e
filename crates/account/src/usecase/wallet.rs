//! The wallet: what is there, what is set aside, money in and out. All of it through posting sets; never below zero.

use sarai_kernel::{
    Account as Ledger, Caller, Command, Currency, Decision, Draft, FieldCheck, FieldError, Kind,
    Money, NewEvent, OrderId, Outcome, PartyId, PaymentId, PayoutAccountId, PostingId, PostingSet,
    Query, Refusal, StoreExt, Stored, Timestamp, UseCaseError, Via,
    document::Clear,
    ledger::PostedLine,
    personal::{BankAccount, Name},
};
use sarai_seal::Sealed;

use super::{
    contact, factors,
    profile::own_party,
    warn::{Warning, warn_party},
};
use crate::{
    Account,
    account::{active, security},
    model::{Payment, PaymentKind, PaymentState, PayoutAccount},
};

/// Smallest payment, in minor units.
pub const PAYMENT_MINOR_MIN: i64 = 100;
/// Largest payment, in minor units: one million.
pub const PAYMENT_MINOR_MAX: i64 = 100_000_000;
/// Payout accounts of one party.
const ACCOUNTS_MAX: usize = 5;
/// Lines that are read to find what is set aside.
const HELD_LINES_MAX: u32 = 500;
/// Our mirror of the bank, moved by hand.
pub(crate) const MANUAL: Ledger = Ledger::Provider("manual");
/// The provider of demo worlds: it does not exist and pays at once.
const DEMO: Ledger = Ledger::Provider("demo");

/// Refuses those who may not touch money: suspended, or in a thin session.
fn may_pay(caller: &Caller) -> Result<(), Refusal> {
    active(caller)?;
    match caller.via {
        Via::Session { thin: false, .. } => Ok(()),
        Via::Session { .. } => Err(Refusal::new("second_factor_required", Kind::Unauthenticated)),
        // Payouts and top-ups are for people only.
        Via::Key { .. } => Err(Refusal::new("not_allowed", Kind::Forbidden)),
    }
}

fn bounded(amount: Money) -> Result<(), Refusal> {
    if amount.currency != Currency::CNY {
        return Err(Refusal::invalid(vec![FieldError::new(
            "/amount/currency",
            "currency_mismatch",
        )]));
    }
    if (PAYMENT_MINOR_MIN..=PAYMENT_MINOR_MAX).contains(&amount.amount_minor) {
        return Ok(());
    }
    Err(Refusal::new("amount_out_of_bounds", Kind::Invalid)
        .with("min", PAYMENT_MINOR_MIN)
        .with("max", PAYMENT_MINOR_MAX))
}

/// An amount that is set aside for an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The order.
    pub order: OrderId,
    /// It is the deposit; otherwise the freight.
    pub deposit: bool,
    /// How much.
    pub amount: Money,
    /// Since when.
    pub since: Timestamp,
    /// What will come to this party when the order ends well: the held freight, before fees.
    pub coming: Option<Money>,
}

/// What a wallet holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// Rises with each posting.
    pub version: u64,
    /// To be used now.
    pub available: Money,
    /// Set aside, for orders and payouts under way.
    pub held: Money,
    /// For which orders.
    pub holds: Vec<Hold>,
}

/// The balance of a party's wallet.
pub async fn balance(account: &Account, party: PartyId) -> Result<Balance, Refusal> {
    let currency = Currency::CNY;
    let wallet = Ledger::Wallet(party);
    let available = account.store.balance(&wallet, currency).await?;
    let lines = account.store.postings(&wallet, None, HELD_LINES_MAX).await?;
    let version = lines.first().map_or(0, |line| u64::try_from(line.seq).unwrap_or(0));
    let holds = holds(account, &lines, &wallet.to_string()).await?;
    let mut held = Money::zero(currency);
    for hold in &holds {
        held = held.plus(hold.amount)?;
    }
    for payment in of(account, party, PaymentState::AwaitingApproval).await? {
        if payment.record.kind == PaymentKind::Payout {
            held = held.plus(payment.record.amount)?;
        }
    }
    Ok(Balance { version, available: Money::new(available, currency)?, held, holds })
}

/// What is set aside: orders for which more left the wallet than came back, and whose holds are not empty.
async fn holds(
    account: &Account,
    lines: &[PostedLine],
    wallet: &str,
) -> Result<Vec<Hold>, Refusal> {
    let mut holds: Vec<Hold> = Vec::new();
    for line in lines.iter().filter(|line| line.money.amount_minor < 0) {
        let Ok(order) = line.subject.parse::<OrderId>() else { continue };
        if holds.iter().any(|hold| hold.order == order) {
            continue;
        }
        let all = account.store.postings_about(&line.subject).await?;
        holds.extend(hold(&all, order, wallet));
    }
    Ok(holds)
}

/// The hold of one wallet for one order, from all its lines. Pure.
fn hold(lines: &[PostedLine], order: OrderId, wallet: &str) -> Option<Hold> {
    let price = Ledger::HoldPrice(order).to_string();
    let deposit = Ledger::HoldDeposit(order).to_string();
    let sum = |account: &str| -> i64 {
        lines
            .iter()
            .filter(|line| line.account == account)
            .map(|line| line.money.amount_minor)
            .sum()
    };
    let (own, price_held, deposit_held) = (sum(wallet), sum(&price), sum(&deposit));
    let out =
        lines.iter().position(|line| line.account == wallet && line.money.amount_minor < 0)?;
    let first = lines.get(out)?;
    // A transfer writes its two sides one after the other.
    let is_deposit = lines.get(out + 1).is_some_and(|line| line.account == deposit);
    let held = if is_deposit { deposit_held } else { price_held };
    let currency = first.money.currency;
    (own < 0 && held > 0).then(|| Hold {
        order,
        deposit: is_deposit,
        amount: Money { amount_minor: held.min(-own), currency },
        since: first.at,
        coming: (is_deposit && price_held > 0)
            .then_some(Money { amount_minor: price_held, currency }),
    })
}

/// Lines of a wallet, newest first.
pub async fn postings(
    account: &Account,
    party: PartyId,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<PostedLine>, Refusal> {
    Ok(account.store.postings(&Ledger::Wallet(party), before, limit).await?)
}

/// The wire id of a line. The ledger's own number would tell the volume of business, so it is keyed.
pub fn posting_id(account: &Account, seq: i64) -> PostingId {
    let mac = crate::rules::code::mac(
        &account.secrets.codes,
        sarai_kernel::ChallengeId::from_uuid(uuid::Uuid::nil()),
        &format!("posting {seq}"),
    );
    let digits = mac.get(..32).unwrap_or_default();
    PostingId::from_uuid(uuid::Uuid::parse_str(digits).unwrap_or_default())
}

/// Payments of a party in a state, oldest first.
async fn of(
    account: &Account,
    party: PartyId,
    state: PaymentState,
) -> Result<Vec<Stored<Payment>>, Refusal> {
    let query = Query::by("payment", "payment.party", party).newest_first();
    let found = account.store.records::<Payment>(query).await?;
    let wanted = found.into_iter().map(|(payment, _)| payment);
    Ok(wanted.filter(|payment| payment.record.state == state).collect())
}

/// A party's payments, newest first.
pub async fn payments(
    account: &Account,
    party: PartyId,
    limit: u32,
    after: Option<(i64, uuid::Uuid)>,
) -> Result<Vec<(Stored<Payment>, i64)>, Refusal> {
    let query = Query::by("payment", "payment.party", party).newest_first();
    Ok(account.store.records::<Payment>(query.limit(limit).after(after)).await?)
}

/// One of the caller's payments.
pub async fn payment(
    account: &Account,
    caller: &Caller,
    id: PaymentId,
) -> Result<Stored<Payment>, Refusal> {
    let found = account.store.load::<Payment>(id.uuid()).await?;
    found.filter(|one| one.record.party == caller.party).ok_or_else(Refusal::not_found)
}

pub(crate) fn blank(
    party: PartyId,
    kind: PaymentKind,
    amount: Money,
    asked_by: PartyId,
    now: Timestamp,
) -> Payment {
    Payment {
        party,
        kind,
        state: PaymentState::AwaitingApproval,
        amount,
        method: None,
        account: None,
        reference: None,
        asked_at: now,
        asked_by,
        asked_why: None,
        decided_by: None,
        decided_at: None,
        reason: None,
    }
}

/// The fact that a payment changed, for its owner.
pub(crate) fn changed(id: PaymentId, payment: &Payment, version: u64) -> NewEvent {
    let mut data = Clear::new();
    data.insert("state".to_owned(), payment.state.word().into());
    NewEvent {
        kind: "kernel.payment.changed",
        subject_kind: "payment",
        subject: id.to_string(),
        version,
        audience: vec![payment.party],
        on_board: false,
        data,
    }
}

/// Asks for money to come in. It is there when a second person has seen it come; in a demo world at once.
pub async fn top_up(
    account: &Account,
    caller: &Caller,
    amount: Money,
    method: &str,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    may_pay(caller)?;
    bounded(amount)?;
    let now = command.now;
    let demo = method == "demo";
    if demo && !account.rules.demo_topups {
        let refusal = vec![FieldError::new("/method", "not_in_list")];
        return Err(Refusal::invalid(refusal).into());
    }
    let id = PaymentId::new(now);
    let mut payment = blank(caller.party, PaymentKind::Topup, amount, caller.party, now);
    payment.method = Some(method.to_owned());
    let mut decision = Decision::new("account.top_up", now);
    if demo {
        payment.state = PaymentState::Done;
        payment.decided_at = Some(now);
        let set = PostingSet::new(id, "topup", amount.currency);
        decision = decision
            .post(set.transfer(DEMO, Ledger::Wallet(caller.party), amount).map_err(Refusal::from)?);
    } else {
        payment.reference = Some(reference(id));
    }
    let outcome = Outcome::of(202, id, 1).state(payment.state.word());
    let decision = decision
        .write(Draft::create(id.uuid(), &payment, payment.keys())?)
        .event(changed(id, &payment, 1))
        .answer(command.once, outcome.clone());
    account.store.commit(decision).await?;
    Ok(outcome)
}

/// What the payer quotes with a bank transfer: eight letters of the payment's id that are drawn by chance.
fn reference(id: PaymentId) -> String {
    let text = id.to_string().to_uppercase();
    let tail = text.get(text.len().saturating_sub(8)..).unwrap_or_default();
    format!("SR-{tail}")
}

/// Asks for money to go out. It leaves the wallet at once, and the house when a second person agrees.
pub async fn pay_out(
    account: &Account,
    caller: &Caller,
    amount: Money,
    to: PayoutAccountId,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    may_pay(caller)?;
    let now = command.now;
    bounded(amount)?;
    factors::proved_and_aged(account, caller, now).await?;
    contact::waits(account, &own_party(account, caller.party).await?.record, now)?;
    let found = account.store.load::<PayoutAccount>(to.uuid()).await?;
    let target = found.filter(|one| one.record.party == caller.party);
    let target = target.ok_or_else(Refusal::not_found)?;
    if now < target.record.usable_at {
        let refusal = Refusal::new("payout_refused", Kind::Conflict);
        return Err(refusal.with("usable_at", target.record.usable_at.to_string()).into());
    }
    let id = PaymentId::new(now);
    let mut payment = blank(caller.party, PaymentKind::Payout, amount, caller.party, now);
    payment.account = Some(to);
    let set = PostingSet::new(id, "payout", amount.currency)
        .transfer(Ledger::Wallet(caller.party), Ledger::HoldPayout(id), amount)
        .map_err(Refusal::from)?;
    let outcome = Outcome::of(202, id, 1).state(payment.state.word());
    let decision = Decision::new("account.pay_out", now)
        .write(Draft::create(id.uuid(), &payment, payment.keys())?)
        .post(set)
        .event(changed(id, &payment, 1))
        .audit(security(caller.party, "payout_asked", id, caller.party, true))
        .answer(command.once, outcome.clone());
    match account.store.commit(decision).await {
        Ok(_) => Ok(outcome),
        Err(sarai_kernel::CommitError::Funds(_)) => {
            Err(missing(account, caller, amount).await?.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// The refusal for want of money, with what is missing.
async fn missing(account: &Account, caller: &Caller, wanted: Money) -> Result<Refusal, Refusal> {
    let wallet = Ledger::Wallet(caller.party);
    let there = account.store.balance(&wallet, wanted.currency).await?;
    let missing = Money { amount_minor: wanted.amount_minor - there, ..wanted };
    let missing = serde_json::to_value(missing).unwrap_or_default();
    Ok(Refusal::new("funds_insufficient", Kind::Conflict).with("missing", missing))
}

/// Accounts for payouts of a party.
pub async fn payout_accounts(
    account: &Account,
    party: PartyId,
) -> Result<Vec<Stored<PayoutAccount>>, Refusal> {
    let query = Query::by("payout_account", "payout_account.party", party);
    let found = account.store.records::<PayoutAccount>(query).await?;
    Ok(found.into_iter().map(|(one, _)| one).collect())
}

/// Names an account for payouts. Money goes there after a wait, in which its owner hears of it.
pub async fn add_payout_account(
    account: &Account,
    caller: &Caller,
    (holder, number, bank): (&str, &str, &str),
    command: Command,
) -> Result<Outcome, UseCaseError> {
    may_pay(caller)?;
    let now = command.now;
    factors::proved(account, caller, now).await?;
    let mut check = FieldCheck::new();
    let (name, digits) = (Name::new(holder).ok(), BankAccount::new(number).ok());
    check.require(name.is_some(), || FieldError::new("/holder", "pattern"));
    check.require(digits.is_some(), || FieldError::new("/number", "pattern"));
    check.length("/bank", bank, 1, 80).plain_text("/bank", bank);
    check.finish()?;
    if payout_accounts(account, caller.party).await?.len() >= ACCOUNTS_MAX {
        return Err(Refusal::new("quota_spent", Kind::TooMany).into());
    }
    let id = PayoutAccountId::new(now);
    let record = PayoutAccount {
        subject: caller.party.subject(),
        party: caller.party,
        bank: bank.to_owned(),
        ending: digits.as_ref().map(|one| one.last_four().to_owned()).unwrap_or_default(),
        usable_at: now.plus(account.rules.payout_wait_micros),
        created_at: now,
        holder: name.map(Sealed::new),
        number: digits.map(Sealed::new),
    };
    let outcome = Outcome::of(201, id, 1);
    let mut decision = Decision::new("account.payout_account", now);
    decision.drafts = warn_party(account, caller.party, Warning::PayoutAccount, now).await?;
    let decision = decision
        .write(Draft::create(id.uuid(), &record, record.keys())?)
        .audit(security(caller.party, "payout_account_added", id, caller.party, true))
        .answer(command.once, outcome.clone());
    account.store.commit(decision).await?;
    Ok(outcome)
}
