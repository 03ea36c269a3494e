//! `GET /v1/ops/desk`: how many wait in each queue, and how old the oldest is.

use axum::extract::State;
use sarai_kernel::{Query as Find, Role, Timestamp, document::PAGE_MAX, time::HOUR};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{App, Ctx},
    problem::Problem,
    spec::{Routes, Spec},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    const STAFF: &[Role] = &[
        Role::OpVerify,
        Role::OpMarket,
        Role::OpMoney,
        Role::OpSupport,
        Role::OpSafety,
        Role::OpAdmin,
        Role::PrivacyOfficer,
    ];
    let spec = Spec::get("/v1/ops/desk", "ops_desk", "What waits");
    Routes::new().add(spec.roles(STAFF).relation("op.*").answers::<Desk>(200), desk)
}

/// What waits.
#[derive(Debug, Serialize, ToSchema)]
struct Desk {
    as_of: Timestamp,
    queues: Vec<QueueLine>,
}

#[derive(Debug, Serialize, ToSchema)]
struct QueueLine {
    code: &'static str,
    count: usize,
    oldest_at: Option<Timestamp>,
    limit_seconds: Option<i64>,
}

async fn line(
    app: &App,
    code: &'static str,
    (kind, name, value): (&'static str, &'static str, &'static str),
    limit_hours: i64,
) -> Result<QueueLine, Problem> {
    let found = app.store.find(Find::by(kind, name, value).limit(PAGE_MAX)).await?;
    Ok(QueueLine {
        code,
        count: found.len(),
        oldest_at: found.first().map(|one| Timestamp::from_micros(one.sort)),
        limit_seconds: Some(limit_hours * HOUR / sarai_kernel::time::SECOND),
    })
}

/// What an authority wants put right, and how long there is for the first of it.
fn rectify(app: &App, now: Timestamp) -> QueueLine {
    let due = app.gate.orders().to_rectify(now);
    let first = due.first();
    let limit = first.and_then(|one| Some(one.order.scope.by?.since(one.order.not_before)));
    QueueLine {
        code: "rectify",
        count: due.len(),
        oldest_at: first.map(|one| one.order.not_before),
        limit_seconds: limit.map(|micros| micros / sarai_kernel::time::SECOND),
    }
}

async fn desk(
    State(app): Ctx,
    SignedIn(_): SignedIn,
    Anybody { now, .. }: Anybody,
) -> Result<axum::Json<Desk>, Problem> {
    let queues = vec![
        line(&app, "verifications", ("verification", "verification.state", "waiting"), 24).await?,
        line(&app, "approvals", ("payment", "payment.state", "awaiting_approval"), 24).await?,
        line(&app, "reports", ("report", "report.all", "waiting"), 48).await?,
        line(&app, "corrections", ("correction", "correction.state", "waiting"), 15 * 24).await?,
        rectify(&app, now),
    ];
    Ok(axum::Json(Desk { as_of: now, queues }))
}
