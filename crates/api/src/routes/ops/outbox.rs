//! `GET /v1/ops/outbox`: what the development sender sent. With any other sender there is no such page.

use axum::extract::State;
use sarai_account::model::Channel;
use sarai_kernel::{Role, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::Ctx,
    cursor::List,
    params::Query,
    problem::Problem,
    routes::paging::Page,
    spec::{Routes, Spec},
    who::Anybody,
};

pub(super) fn routes() -> Routes {
    let spec = Spec::get("/v1/ops/outbox", "ops_outbox", "What the development sender sent")
        .anyone()
        .cost(0)
        .query::<Page>()
        .lists::<OutboxItem>()
        .problems(&["not_found"]);
    Routes::new().add(spec, list)
}

/// A notice that was sent.
#[derive(Debug, Serialize, ToSchema)]
struct OutboxItem {
    id: String,
    at: Timestamp,
    channel: &'static str,
    to: String,
    subject: Option<String>,
    body: String,
    code: Option<String>,
}

/// Anybody on the machine's own address in a demo world; otherwise admins.
async fn list(
    State(app): Ctx,
    anybody: Anybody,
    Query(page): Query<Page>,
) -> Result<List<Vec<OutboxItem>>, Problem> {
    let outbox = app.account.outbox.as_ref().ok_or_else(|| Problem::new("not_found"))?;
    let near = anybody.address.is_some_and(|address| address.is_loopback());
    let admin = anybody.caller.as_ref().is_some_and(|caller| caller.has(Role::OpAdmin));
    if !(admin || app.config.demo && near) {
        return Err(Problem::new("not_found"));
    }
    let most = crate::cursor::page_limit(page.limit)? as usize;
    let items = outbox.items().into_iter().take(most).map(|item| OutboxItem {
        id: item.id,
        at: item.at,
        channel: match item.channel {
            Channel::Sms => "sms",
            Channel::Email => "email",
        },
        to: item.to,
        subject: Some(item.subject).filter(|_| item.channel == Channel::Email),
        body: item.body,
        code: item.code,
    });
    Ok(List { items: items.collect(), next_cursor: None })
}
