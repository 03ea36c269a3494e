//! Money with four eyes: what waits, manual top-ups, decisions, reconciliation.

use axum::extract::State;
use sarai_account::{
    model::{Payment, PaymentKind, PaymentState},
    usecase::{approvals, staff::needs},
};
use sarai_kernel::{
    Account as Ledger, ApprovalId, Currency, Money, PartyId, PaymentId, Role, Stored, Timestamp,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::Ctx,
    cursor::List,
    params::{Params, Query},
    post::{Done, Post},
    problem::Problem,
    routes::paging::Paging,
    shapes::Text2,
    spec::{Class, Routes, Spec},
    who::{Anybody, SteppedUp},
};

const DESK: &[Role] = &[Role::OpMoney];

pub(super) fn routes() -> Routes {
    let decide = |path, id, title| {
        Spec::post(path, id, title)
            .roles(DESK)
            .relation("op.money, not who asked")
            .class(Class::Money)
            .versioned()
            .step_up()
            .body::<Decide>()
            .answers::<ApprovalRef>(200)
            .problems(&["four_eyes_required", "transition_refused"])
    };
    Routes::new()
        .add(
            Spec::get("/v1/ops/money/approvals", "ops_approval_list", "Money that waits")
                .roles(DESK)
                .relation("op.money")
                .class(Class::Money)
                .step_up()
                .query::<ApprovalPage>()
                .lists::<Approval>(),
            list,
        )
        .add(
            Spec::post("/v1/ops/money/topups", "ops_topup_post", "Ask for a top-up by hand")
                .roles(DESK)
                .relation("op.money")
                .class(Class::Money)
                .step_up()
                .audited("topup_asked")
                .body::<ManualTopup>()
                .answers::<ApprovalRef>(202),
            ask,
        )
        .add(
            decide(
                "/v1/ops/money/approvals/{id}/actions/approve",
                "ops_approval_approve",
                "Let money move",
            )
            .audited("approve"),
            approve,
        )
        .add(
            decide(
                "/v1/ops/money/approvals/{id}/actions/refuse",
                "ops_approval_refuse",
                "Refuse a payment",
            )
            .audited("refuse"),
            refuse,
        )
        .add(
            Spec::get("/v1/ops/money/reconciliation", "ops_reconciliation", "Whether it adds up")
                .roles(DESK)
                .relation("op.money")
                .class(Class::Money)
                .step_up()
                .answers::<Reconciliation>(200),
            reconcile,
        )
}

/// Which payments.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApprovalPage {
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    #[schema(max_length = 1024)]
    cursor: Option<String>,
    /// All of them if not said.
    state: Option<State3>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ApprovalState)]
enum State3 {
    Waiting,
    Approved,
    Refused,
}

/// A payment and its second pair of eyes.
#[derive(Debug, Serialize, ToSchema)]
struct Approval {
    id: ApprovalId,
    version: u64,
    kind: &'static str,
    payment: PaymentId,
    party: PartyId,
    amount: Money,
    asked_at: Timestamp,
    asked_by: Text2,
    asked_by_me: bool,
    state: State3,
    decided_at: Option<Timestamp>,
    reason: Option<String>,
}

fn view(payment: Stored<Payment>, me: PartyId) -> Approval {
    let record = payment.record;
    let id = PaymentId::from_uuid(payment.id);
    let own = record.asked_by == record.party;
    Approval {
        id: approvals::approval_of(id),
        version: payment.version,
        kind: match record.kind {
            PaymentKind::Topup => "topup",
            PaymentKind::Payout => "payout",
        },
        payment: id,
        party: record.party,
        amount: record.amount,
        asked_at: record.asked_at,
        asked_by: if own {
            Text2::of("The member", Some("会员本人"))
        } else {
            Text2::of("Money desk", Some("资金岗"))
        },
        asked_by_me: record.asked_by == me,
        state: match record.state {
            PaymentState::AwaitingApproval => State3::Waiting,
            PaymentState::Done => State3::Approved,
            PaymentState::Refused => State3::Refused,
        },
        decided_at: record.decided_at,
        reason: record.reason.or(record.asked_why),
    }
}

async fn list(
    State(app): Ctx,
    SteppedUp(caller): SteppedUp,
    Anybody { now, .. }: Anybody,
    Query(page): Query<ApprovalPage>,
) -> Result<List<Vec<Approval>>, Problem> {
    let asked = (page.limit, page.cursor.as_deref());
    let paging = Paging::open(&app, "ops_approval_list", caller.actor(), &page.state, asked, now)?;
    let state = page.state.map(|state| match state {
        State3::Waiting => PaymentState::AwaitingApproval,
        State3::Approved => PaymentState::Done,
        State3::Refused => PaymentState::Refused,
    });
    let rows = approvals::list(&app.account, state, paging.limit, paging.after).await?;
    let last = rows.last().map(|(payment, sort)| (*sort, payment.id));
    let next_cursor = paging.next(&app, rows.len(), last, now)?;
    let items = rows.into_iter().map(|(payment, _)| view(payment, caller.party)).collect();
    Ok(List { items, next_cursor })
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ManualTopup {
    party: PartyId,
    amount: Money,
    #[schema(min_length = 3, max_length = 300)]
    reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Decide {
    #[schema(min_length = 1, max_length = 300)]
    reason: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct ApprovalRef {
    id: ApprovalId,
    version: u64,
    state: &'static str,
}

async fn ask(State(app): Ctx, post: Post<ManualTopup>) -> Result<Done, Problem> {
    let account = &app.account;
    post.once(&app, |asked| async move {
        let ManualTopup { party, amount, reason } = &asked.body;
        let (party, amount) = (*party, *amount);
        approvals::ask_top_up(account, &asked.caller, party, amount, reason, asked.command).await
    })
    .await
}

async fn decide(
    app: &crate::app::App,
    id: ApprovalId,
    post: Post<Decide>,
    approve: bool,
) -> Result<Done, Problem> {
    let account = &app.account;
    post.once(app, |asked| async move {
        let needed =
            || sarai_kernel::Refusal::new("version_required", sarai_kernel::Kind::Malformed);
        let version = asked.version.ok_or_else(needed)?;
        let what = (approve, asked.body.reason.as_str());
        approvals::decide(account, &asked.caller, id, version, what, asked.command).await
    })
    .await
}

async fn approve(
    State(app): Ctx,
    Params(id): Params<ApprovalId>,
    post: Post<Decide>,
) -> Result<Done, Problem> {
    decide(&app, id, post, true).await
}

async fn refuse(
    State(app): Ctx,
    Params(id): Params<ApprovalId>,
    post: Post<Decide>,
) -> Result<Done, Problem> {
    decide(&app, id, post, false).await
}

/// Whether the ledger adds up.
#[derive(Debug, Serialize, ToSchema)]
struct Reconciliation {
    as_of: Timestamp,
    sums: Vec<AccountSum>,
    differences: Vec<Difference>,
    balanced: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct AccountSum {
    account: String,
    currency: String,
    amount_minor: i64,
}

/// A payment of which the provider tells another sum. The manual provider tells none.
#[derive(Debug, Serialize, ToSchema)]
struct Difference {
    payment: PaymentId,
    ledger: Option<Money>,
    provider: Option<Money>,
    since: Timestamp,
}

async fn reconcile(
    State(app): Ctx,
    SteppedUp(caller): SteppedUp,
    Anybody { now, .. }: Anybody,
) -> Result<axum::Json<Reconciliation>, Problem> {
    needs(&caller, Role::OpMoney, now)?;
    let mut sums = Vec::new();
    for account in [Ledger::Fee, Ledger::Provider("manual"), Ledger::Provider("demo")] {
        let currency = Currency::CNY;
        let amount_minor = app.store.balance(&account, currency).await?;
        let account = account.to_string();
        sums.push(AccountSum { account, currency: currency.to_string(), amount_minor });
    }
    let all = app.store.ledger_sums().await?;
    let balanced = all.iter().all(|(_, sum)| *sum == 0);
    sums.extend(all.into_iter().map(|(currency, amount_minor)| AccountSum {
        account: "all".to_owned(),
        currency: currency.to_string(),
        amount_minor,
    }));
    Ok(axum::Json(Reconciliation { as_of: now, sums, differences: Vec::new(), balanced }))
}
