//! The end of an account: what goes, what the law keeps and why; a week to call it off; then the key is dropped.

use sarai_kernel::{
    Account as Ledger, Caller, Command, Currency, Decision, DocRef, Document, Draft, Kind, OrderId,
    Outcome, PartyId, Query, Refusal, StoreExt, Timestamp, UseCaseError,
    party::{Party, Standing},
    time::DAY,
};

use super::{
    profile::own_party,
    sides,
    timers::settle,
    warn::{Warning, warn_party},
};
use crate::{
    Account,
    account::{security, stepped_up},
    model::{Devices, ERASURE_MICROS, Erasure},
};

/// What the law keeps of an account: ledger lines, orders, papers' cases, the audit log. Numbers, states and dates, without any name:
/// whatever was sealed under the person's key cannot be read any more.
pub struct Kept {
    /// Kind of record.
    pub kind: &'static str,
    /// Its name.
    pub label: (&'static str, &'static str),
    /// Why it stays.
    pub why: (&'static str, &'static str),
    /// The source, as it is cited.
    pub cite: &'static str,
    /// How long it stays, in days from the end of the account.
    pub days: i64,
}

/// The retention table.
pub const KEPT: [Kept; 4] = [
    Kept {
        kind: "order",
        label: ("Orders, without names", "运单（不含姓名）"),
        why: ("Transaction records are kept three years", "交易记录保存三年"),
        cite: "E-Commerce Law 31",
        days: 3 * 365,
    },
    Kept {
        kind: "payment",
        label: ("Payments and ledger lines", "支付与账务记录"),
        why: ("Transaction records are kept three years", "交易记录保存三年"),
        cite: "E-Commerce Law 31",
        days: 3 * 365,
    },
    Kept {
        kind: "verification",
        label: ("That papers were checked, without their content", "资质核验结果（不含证件内容）"),
        why: ("Records of members are kept three years", "平台内经营者信息保存三年"),
        cite: "E-Commerce Law 31",
        days: 3 * 365,
    },
    Kept {
        kind: "audit",
        label: ("Who opened what", "信息访问日志"),
        why: ("Logs of personal data processing are kept three years", "个人信息处理记录保存三年"),
        cite: "PIPL 56",
        days: 3 * 365,
    },
];

/// What stands against the end of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocked {
    /// An order that is not over.
    Order(OrderId),
    /// Money that is still in the wallet.
    Money,
}

/// What an erasure would do, or did.
pub struct Plan {
    /// The request, if there is one.
    pub request: Option<Erasure>,
    /// Sealed records that go: kind and how many.
    pub erased: Vec<(String, u64)>,
    /// How many records of each kept kind there are.
    pub kept: Vec<(&'static Kept, u64)>,
    /// What must end first.
    pub blocked: Vec<Blocked>,
}

/// What would go and what would stay.
pub async fn plan(account: &Account, party: PartyId) -> Result<Plan, Refusal> {
    let request = account.store.load::<Erasure>(party.uuid()).await?.map(|found| found.record);
    let done = request.as_ref().filter(|request| request.done_at.is_some());
    let erased = match done {
        Some(request) => request.erased.clone(),
        None => counts(&account.store.about(party.subject()).await?),
    };
    let mut kept = Vec::new();
    for row in &KEPT {
        kept.push((row, count_kept(account, party, row.kind).await?));
    }
    Ok(Plan { request, erased, kept, blocked: blocked(account, party).await? })
}

/// Records with sealed data, by kind.
fn counts(documents: &[Document]) -> Vec<(String, u64)> {
    let mut counts: Vec<(String, u64)> = Vec::new();
    for document in documents {
        match counts.iter_mut().find(|(kind, _)| *kind == document.at.kind) {
            Some((_, count)) => *count += 1,
            None => counts.push((document.at.kind.clone(), 1)),
        }
    }
    counts
}

async fn count_kept(account: &Account, party: PartyId, kind: &'static str) -> Result<u64, Refusal> {
    let name = match kind {
        "order" => "order.party",
        "payment" => "payment.party",
        "verification" => "verification.owner",
        _ => {
            let rows = account.store.audit_of(party.subject(), None, 1_000).await?;
            return Ok(rows.len() as u64);
        }
    };
    let query = Query::by(kind, name, party).limit(sarai_kernel::document::PAGE_MAX);
    Ok(account.store.count(query).await?)
}

async fn blocked(account: &Account, party: PartyId) -> Result<Vec<Blocked>, Refusal> {
    let orders = sides::open_orders(account, party).await?;
    let mut blocked: Vec<Blocked> = orders.into_iter().map(Blocked::Order).collect();
    let wallet = account.store.balance(&Ledger::Wallet(party), Currency::CNY).await?;
    let waiting = super::wallet::balance(account, party).await?.held;
    if wallet > 0 || waiting.amount_minor > 0 {
        blocked.push(Blocked::Money);
    }
    Ok(blocked)
}

/// Asks for the end of the account. It runs after a week.
pub async fn ask(
    account: &Account,
    caller: &Caller,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    let now = command.now;
    stepped_up(caller, now)?;
    let blocked = blocked(account, caller.party).await?;
    if !blocked.is_empty() {
        let words: Vec<String> = blocked
            .iter()
            .map(|one| match one {
                Blocked::Order(id) => id.to_string(),
                Blocked::Money => "money".to_owned(),
            })
            .collect();
        let refusal = Refusal::new("transition_refused", Kind::Conflict);
        return Err(refusal.with("state", "open").with("blocked_by", words).into());
    }
    let found = account.store.load::<Erasure>(caller.party.uuid()).await?;
    let version = found.as_ref().map_or(0, |found| found.version);
    let request = Erasure {
        party: caller.party,
        asked_at: now,
        runs_at: now.plus(ERASURE_MICROS),
        done_at: None,
        called_off: false,
        erased: Vec::new(),
    };
    let outcome = Outcome::of(202, caller.party, version + 1).state("planned");
    let mut decision = Decision::new("account.erasure", now);
    decision.drafts = warn_party(account, caller.party, Warning::Erasure, now).await?;
    let decision = decision
        .write(Draft::update(caller.party.uuid(), version, &request, request.keys())?)
        .audit(security(caller.party, "erasure_asked", caller.party, caller.party, true))
        .answer(command.once, outcome.clone());
    account.store.commit(decision).await?;
    Ok(outcome)
}

/// Calls it off.
pub async fn call_off(account: &Account, caller: &Caller, now: Timestamp) -> Result<(), Refusal> {
    let found = account.store.load::<Erasure>(caller.party.uuid()).await?;
    let planned = found.filter(|one| one.record.done_at.is_none() && !one.record.called_off);
    let found = planned.ok_or_else(Refusal::not_found)?;
    let request = Erasure { called_off: true, ..found.record };
    let decision = Decision::new("account.erasure_called_off", now)
        .write(Draft::update(found.id, found.version, &request, request.keys())?)
        .audit(security(caller.party, "erasure_called_off", caller.party, caller.party, true));
    account.store.commit(decision).await?;
    Ok(())
}

/// Records that are of no use to anybody once their content is gone: they are removed, not only emptied.
const REMOVED: [&str; 7] =
    ["challenge", "session", "factor", "notice", "payout_account", "export", "file_content"];

/// Runs the erasures that are due. How many.
pub(crate) async fn run_due(account: &Account, now: Timestamp) -> Result<usize, Refusal> {
    let due = Query::by("erasure", "timer", "account.erasure").up_to(now.as_micros());
    let mut done = 0;
    for (found, _) in account.store.records::<Erasure>(due).await? {
        let party = found.record.party;
        if !blocked(account, party).await?.is_empty() {
            // Something began meanwhile: look again tomorrow.
            let request = Erasure { runs_at: now.plus(DAY), ..found.record };
            let draft = Draft::update(found.id, found.version, &request, request.keys())?;
            let decision = Decision::new("account.erasure_waits", now).write(draft);
            settle(account.store.as_ref(), decision).await?;
            continue;
        }
        let decision = erase(account, party, found.version, found.record, now).await?;
        done += usize::from(settle(account.store.as_ref(), decision).await?);
    }
    Ok(done)
}

/// Erases at once, for a request that reached the operator on paper. How many records were about the person.
pub async fn run_now(account: &Account, party: PartyId, now: Timestamp) -> Result<u64, Refusal> {
    own_party(account, party).await?;
    if !blocked(account, party).await?.is_empty() {
        let refusal = Refusal::new("transition_refused", Kind::Conflict);
        return Err(refusal.with("state", "open"));
    }
    let found = account.store.load::<Erasure>(party.uuid()).await?;
    let version = found.as_ref().map_or(0, |found| found.version);
    let request = Erasure {
        party,
        asked_at: now,
        runs_at: now,
        done_at: None,
        called_off: false,
        erased: Vec::new(),
    };
    let decision = erase(account, party, version, request, now).await?;
    account.store.commit(decision).await?;
    let done = account.store.load::<Erasure>(party.uuid()).await?;
    Ok(done.map_or(0, |done| done.record.erased.iter().map(|(_, count)| count).sum()))
}

/// The whole erasure as one decision: the key goes, and with it everything sealed; blind keys and secrets go with their records.
async fn erase(
    account: &Account,
    party: PartyId,
    version: u64,
    request: Erasure,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let about = account.store.about(party.subject()).await?;
    let record = own_party(account, party).await?;
    let emptied = Party {
        roles: Vec::new(),
        verified: Vec::new(),
        standing: Standing::Erased { since: now },
        stars: record.record.stars,
        ratings: record.record.ratings,
        completed: record.record.completed,
        ..Party::new(party)
    };
    let request = Erasure { done_at: Some(now), erased: counts(&about), ..request };
    let mut decision = Decision::new("account.erased", now)
        .write(emptied.draft(party, record.version, record.created_at)?)
        .write(Draft::update(party.uuid(), version, &request, request.keys())?)
        .audit(security("system/erasure", "erased", party, party, true));
    for document in about {
        if REMOVED.contains(&document.at.kind.as_str()) {
            let DocRef { kind, id } = document.at;
            decision.removals.push((DocRef::new(kind, id), document.version));
        }
    }
    if let Some(devices) = account.store.load::<Devices>(party.uuid()).await? {
        decision.removals.push((DocRef::new("devices", devices.id), devices.version));
    }
    decision.erase.push(party.subject());
    Ok(decision)
}
