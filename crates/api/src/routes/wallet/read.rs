//! `GET /v1/wallet`, its postings and statements.

use axum::{extract::State, response::Response};
use sarai_account::{Account, usecase::wallet};
use sarai_kernel::{
    Money, OrderId, PaymentId, PostingId, Timestamp, ledger::PostedLine, time::DAY,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::{App, Ctx},
    cursor::List,
    params::{Params, Query},
    problem::Problem,
    routes::paging::{Page, Paging},
    spec::{Class, Routes, Spec},
    version::Fresh,
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/wallet", "wallet_get", "Your balance")
                .relation("self")
                .class(Class::Money)
                .scope("kernel.wallet:read")
                .answers::<Wallet>(200),
            read,
        )
        .add(
            Spec::get("/v1/wallet/postings", "wallet_posting_list", "Lines of your wallet")
                .relation("self")
                .class(Class::Money)
                .scope("kernel.wallet:read")
                .query::<Page>()
                .lists::<Posting>(),
            postings,
        )
        .add(
            Spec::get("/v1/wallet/statements/{month}", "wallet_statement_get", "A month's lines")
                .relation("self")
                .class(Class::Money)
                .scope("kernel.wallet:read")
                .answers::<Statement>(200),
            statement,
        )
}

/// What is there and what is set aside.
#[derive(Debug, Serialize, ToSchema)]
struct Wallet {
    version: u64,
    available: Money,
    held: Money,
    holds: Vec<Hold>,
    coming: Vec<Coming>,
    frozen: Option<Frozen>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WalletHold)]
struct Hold {
    order: OrderId,
    kind: &'static str,
    amount: Money,
    since: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
struct Coming {
    order: OrderId,
    amount: Money,
    expected_at: Option<Timestamp>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Frozen {
    order: OrderId,
    amount: Money,
}

async fn read(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    fresh: Fresh,
) -> Result<Response, Problem> {
    let balance = wallet::balance(&app.account, caller.party).await?;
    let coming = balance.holds.iter().filter_map(|hold| {
        Some(Coming { order: hold.order, amount: hold.coming?, expected_at: None })
    });
    let body = Wallet {
        version: balance.version,
        available: balance.available,
        held: balance.held,
        coming: coming.collect(),
        holds: balance
            .holds
            .iter()
            .map(|hold| Hold {
                order: hold.order,
                kind: if hold.deposit { "deposit" } else { "freight" },
                amount: hold.amount,
                since: hold.since,
            })
            .collect(),
        frozen: None,
    };
    // Payments that wait change what is held without a line in the wallet: the whole of it is the version.
    let tag = u64::try_from(balance.held.amount_minor).unwrap_or(0) ^ (balance.version << 24);
    Ok(fresh.answer(tag, "wallet", body))
}

/// A line of the wallet.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct Posting {
    id: PostingId,
    at: Timestamp,
    /// Below zero where it leaves the wallet.
    amount: Money,
    balance_after: Money,
    cause: String,
    order: Option<OrderId>,
    payment: Option<PaymentId>,
}

fn line(account: &Account, line: &PostedLine) -> Posting {
    Posting {
        id: wallet::posting_id(account, line.seq),
        at: line.at,
        amount: line.money,
        balance_after: Money { amount_minor: line.balance_after_minor, ..line.money },
        cause: line.cause.clone(),
        order: line.subject.parse().ok(),
        payment: line.subject.parse().ok(),
    }
}

async fn postings(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Query(page): Query<Page>,
) -> Result<List<Vec<Posting>>, Problem> {
    let asked = (page.limit, page.cursor.as_deref());
    let paging = Paging::open(&app, "wallet_posting_list", caller.actor(), &(), asked, now)?;
    let before = paging.after.map(|(seq, _)| seq);
    let lines = wallet::postings(&app.account, caller.party, before, paging.limit).await?;
    let last = lines.last().map(|line| (line.seq, Uuid::nil()));
    let next_cursor = paging.next(&app, lines.len(), last, now)?;
    Ok(List { items: lines.iter().map(|one| line(&app.account, one)).collect(), next_cursor })
}

/// A month of the wallet.
#[derive(Debug, Serialize, ToSchema)]
struct Statement {
    month: String,
    opening: Money,
    closing: Money,
    sums: Vec<Sum>,
    items: Vec<Posting>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StatementSum)]
struct Sum {
    cause: String,
    amount: Money,
}

/// Lines that a statement looks through.
const LINES_MAX: usize = 20_000;
/// Lines read at a time.
const READ: u32 = 500;

/// First moment of a month and of the next, in the house's zone.
fn span(month: &str) -> Option<(Timestamp, Timestamp)> {
    if month.len() != 7 {
        return None;
    }
    let first: Timestamp = format!("{month}-01T00:00:00+08:00").parse().ok()?;
    // Every month has 28 days and none has 32: the next one begins between.
    let next = (28..=31).map(|days| first.plus(days * DAY)).find(|at| {
        let local = at.plus(8 * sarai_kernel::time::HOUR).to_string();
        local.get(8..10) == Some("01")
    })?;
    Some((first, next))
}

async fn statement(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Params(month): Params<String>,
) -> Result<axum::Json<Statement>, Problem> {
    let (from, to) = span(&month).ok_or_else(|| Problem::new("parameter_unknown"))?;
    let lines = within(&app, caller.party, from, to).await?;
    let currency = sarai_kernel::Currency::CNY;
    let money = |amount_minor| Money { amount_minor, currency };
    let mut sums: Vec<Sum> = Vec::new();
    for line in lines.inside.iter() {
        match sums.iter_mut().find(|sum| sum.cause == line.cause) {
            Some(sum) => sum.amount.amount_minor += line.money.amount_minor,
            None => sums.push(Sum { cause: line.cause.clone(), amount: line.money }),
        }
    }
    let closing = lines.inside.first().map_or(lines.opening, |line| line.balance_after_minor);
    Ok(axum::Json(Statement {
        opening: money(lines.opening),
        closing: money(closing),
        sums,
        items: lines.inside.iter().rev().map(|one| line(&app.account, one)).collect(),
        month,
    }))
}

struct Within {
    opening: i64,
    /// Newest first.
    inside: Vec<PostedLine>,
}

async fn within(
    app: &App,
    party: sarai_kernel::PartyId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Within, Problem> {
    let (mut before, mut inside) = (None, Vec::new());
    for _ in 0..LINES_MAX / READ as usize {
        let lines = wallet::postings(&app.account, party, before, READ).await?;
        let Some(last) = lines.last() else { break };
        before = Some(last.seq);
        for line in lines {
            if line.at < from {
                return Ok(Within { opening: line.balance_after_minor, inside });
            }
            if line.at < to {
                inside.push(line);
            }
        }
    }
    Ok(Within { opening: 0, inside })
}
