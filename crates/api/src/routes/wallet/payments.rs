//! Top-ups, payouts, and the accounts that payouts go to.

use axum::{extract::State, response::Response};
use sarai_account::{
    model::{Payment, PaymentKind, PaymentState, PayoutAccount},
    usecase::wallet,
};
use sarai_kernel::{Caller, Money, PaymentId, PayoutAccountId, Stored, Timestamp, time::DAY};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::Ctx,
    cursor::List,
    params::{Params, Query},
    post::{Done, Post},
    problem::Problem,
    routes::paging::{Page, Paging},
    spec::{Class, Routes, Spec},
    version::Fresh,
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::post("/v1/wallet/topups", "wallet_topup_post", "Bring money in")
                .relation("self")
                .class(Class::Money)
                .body::<TopupNew>()
                .answers::<WirePayment>(202)
                .problems(&["amount_out_of_bounds"]),
            top_up,
        )
        .add(
            Spec::post("/v1/wallet/payouts", "wallet_payout_post", "Take money out")
                .relation("self")
                .class(Class::Money)
                .step_up()
                .audited("payout_asked")
                .body::<PayoutNew>()
                .answers::<WirePayment>(202)
                .problems(&[
                    "funds_insufficient",
                    "payout_refused",
                    "amount_out_of_bounds",
                    "not_found",
                ]),
            pay_out,
        )
        .add(
            Spec::get("/v1/payments", "payment_list", "Your payments")
                .relation("self")
                .class(Class::Money)
                .query::<Page>()
                .lists::<WirePayment>(),
            list,
        )
        .add(
            Spec::get("/v1/payments/{id}", "payment_get", "One of your payments")
                .relation("self")
                .class(Class::Money)
                .answers::<WirePayment>(200),
            read,
        )
        .add(
            Spec::get("/v1/wallet/payout-accounts", "payout_account_list", "Your bank accounts")
                .relation("self")
                .class(Class::Money)
                .lists::<WirePayoutAccount>(),
            accounts,
        )
        .add(
            Spec::post("/v1/wallet/payout-accounts", "payout_account_post", "Add a bank account")
                .relation("self")
                .class(Class::Money)
                .step_up()
                .audited("payout_account_added")
                .body::<PayoutAccountNew>()
                .answers::<WirePayoutAccount>(201)
                .problems(&["quota_spent"]),
            add_account,
        )
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TopupNew {
    amount: Money,
    method: Method,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TopupMethod)]
enum Method {
    BankTransfer,
    Card,
    Demo,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PayoutNew {
    amount: Money,
    account: PayoutAccountId,
}

/// A payment to or from the outside.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Payment)]
pub(super) struct WirePayment {
    id: PaymentId,
    version: u64,
    kind: &'static str,
    state: &'static str,
    amount: Money,
    fee: Option<Money>,
    asked_at: Timestamp,
    done_at: Option<Timestamp>,
    expected_at: Option<Timestamp>,
    reason: Option<String>,
    reference: Option<String>,
}

fn view(payment: Stored<Payment>) -> WirePayment {
    let record = payment.record;
    let waits = record.state == PaymentState::AwaitingApproval;
    WirePayment {
        id: PaymentId::from_uuid(payment.id),
        version: payment.version,
        kind: match record.kind {
            PaymentKind::Topup => "topup",
            PaymentKind::Payout => "payout",
        },
        state: record.state.word(),
        amount: record.amount,
        fee: None,
        asked_at: record.asked_at,
        done_at: record.decided_at,
        expected_at: waits.then(|| record.asked_at.plus(DAY)),
        reason: record.reason,
        reference: record.reference,
    }
}

async fn show(app: &crate::app::App, caller: &Caller, done: Done) -> Result<Response, Problem> {
    let payment = wallet::payment(&app.account, caller, done.id()?).await?;
    Ok(done.show(view(payment)))
}

async fn top_up(State(app): Ctx, post: Post<TopupNew>) -> Result<Response, Problem> {
    let account = &app.account;
    let caller = post.asked.caller.clone();
    let done = post
        .once(&app, |asked| async move {
            let method = match asked.body.method {
                Method::BankTransfer => "bank_transfer",
                Method::Card => "card",
                Method::Demo => "demo",
            };
            wallet::top_up(account, &asked.caller, asked.body.amount, method, asked.command).await
        })
        .await?;
    show(&app, &caller, done).await
}

async fn pay_out(State(app): Ctx, post: Post<PayoutNew>) -> Result<Response, Problem> {
    let account = &app.account;
    let caller = post.asked.caller.clone();
    let done = post
        .once(&app, |asked| async move {
            let PayoutNew { amount, account: to } = asked.body;
            wallet::pay_out(account, &asked.caller, amount, to, asked.command).await
        })
        .await?;
    show(&app, &caller, done).await
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Query(page): Query<Page>,
) -> Result<List<Vec<WirePayment>>, Problem> {
    let asked = (page.limit, page.cursor.as_deref());
    let paging = Paging::open(&app, "payment_list", caller.actor(), &(), asked, now)?;
    let rows = wallet::payments(&app.account, caller.party, paging.limit, paging.after).await?;
    let last = rows.last().map(|(payment, sort)| (*sort, payment.id));
    let next_cursor = paging.next(&app, rows.len(), last, now)?;
    Ok(List { items: rows.into_iter().map(|(payment, _)| view(payment)).collect(), next_cursor })
}

async fn read(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Params(id): Params<PaymentId>,
    fresh: Fresh,
) -> Result<Response, Problem> {
    let payment = wallet::payment(&app.account, &caller, id).await?;
    Ok(fresh.answer(payment.version, "own", view(payment)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PayoutAccountNew {
    #[schema(max_length = 80)]
    holder: String,
    #[schema(max_length = 40)]
    number: String,
    #[schema(max_length = 80)]
    bank: String,
}

/// A bank account for payouts; its number covered but for the end.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PayoutAccount)]
struct WirePayoutAccount {
    id: PayoutAccountId,
    bank: String,
    number: String,
    usable_at: Timestamp,
    created_at: Timestamp,
}

fn account_view(found: Stored<PayoutAccount>) -> WirePayoutAccount {
    WirePayoutAccount {
        id: PayoutAccountId::from_uuid(found.id),
        bank: found.record.bank,
        number: format!("••••{}", found.record.ending),
        usable_at: found.record.usable_at,
        created_at: found.record.created_at,
    }
}

async fn accounts(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
) -> Result<List<Vec<WirePayoutAccount>>, Problem> {
    let found = wallet::payout_accounts(&app.account, caller.party).await?;
    Ok(List { items: found.into_iter().map(account_view).collect(), next_cursor: None })
}

async fn add_account(State(app): Ctx, post: Post<PayoutAccountNew>) -> Result<Response, Problem> {
    let account = &app.account;
    let caller = post.asked.caller.clone();
    let done = post
        .once(&app, |asked| async move {
            let PayoutAccountNew { holder, number, bank } = &asked.body;
            let named = (holder.as_str(), number.as_str(), bank.as_str());
            wallet::add_payout_account(account, &asked.caller, named, asked.command).await
        })
        .await?;
    let id: PayoutAccountId = done.id()?;
    let all = wallet::payout_accounts(account, caller.party).await?;
    let made = all.into_iter().find(|one| one.id == id.uuid());
    Ok(done.show(account_view(made.ok_or_else(|| Problem::new("not_found"))?)))
}
