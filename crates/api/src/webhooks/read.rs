//! Routes that read: endpoints of a company, deliveries with their tries, dead letters.

use axum::extract::State;
use sarai_kernel::{
    DeliveryId, EventId, OrgId, Query as Find, StoreError, StoreExt, Stored, Timestamp, WebhookId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    administered, endpoint,
    record::{Attempt, Delivery, Progress, Scheme, WEBHOOKS_MAX, Webhook},
    worker::wire,
};
use crate::{
    app::{App, Ctx},
    cursor::{CursorScope, List, page_limit},
    params::{PageQuery, Params, Query},
    problem::Problem,
    spec::{Routes, Spec},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/orgs/{id}/webhooks", "webhook_list", "Endpoints of a company")
                .relation("admin of the company")
                .query::<PageQuery>()
                .lists::<Hook>()
                .problems(&["not_allowed"]),
            list,
        )
        .add(
            Spec::get(
                "/v1/orgs/{id}/webhooks/{whk}/deliveries",
                "delivery_list",
                "Deliveries, newest first; dead letters by state",
            )
            .relation("admin of the company")
            .query::<DeliveryQuery>()
            .lists::<Card>()
            .problems(&["not_allowed"]),
            deliveries,
        )
}

/// An endpoint.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Webhook)]
pub(super) struct Hook {
    id: WebhookId,
    version: u64,
    url: String,
    types: Vec<String>,
    country: String,
    purpose: String,
    scheme: Scheme,
    state: &'static str,
    /// Of `v1a`; the secret of `v1` is shown once.
    public_key: Option<String>,
    failing_since: Option<Timestamp>,
    created_at: Timestamp,
}

impl Hook {
    pub(super) fn of(app: &App, id: WebhookId, version: u64, hook: Webhook) -> Self {
        let public = (hook.scheme == Scheme::V1a)
            .then(|| app.webhook_keys.shown(id, hook.scheme, hook.key_number).to_string());
        Self {
            id,
            version,
            url: hook.url,
            types: hook.types,
            country: hook.country,
            purpose: hook.purpose,
            scheme: hook.scheme,
            state: hook.state.word(),
            public_key: public,
            failing_since: hook.failing_since,
            created_at: hook.created_at,
        }
    }
}

/// Endpoints of a company; few enough to be read at once.
pub(super) async fn hooks(app: &App, org: OrgId) -> Result<Vec<Stored<Webhook>>, StoreError> {
    let limit = u32::try_from(WEBHOOKS_MAX).unwrap_or(u32::MAX);
    let found =
        app.store.records::<Webhook>(Find::by("webhook", "webhook.org", org).limit(limit)).await?;
    Ok(found.into_iter().map(|(hook, _)| hook).collect())
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Params(org): Params<OrgId>,
    Query(query): Query<PageQuery>,
) -> Result<List<Vec<Hook>>, Problem> {
    page_limit(query.limit)?;
    if query.cursor.is_some() {
        return Err(Problem::new("cursor_invalid"));
    }
    administered(&app, &caller, org).await?;
    let found = hooks(&app, org).await?;
    let items = found
        .into_iter()
        .map(|hook| Hook::of(&app, WebhookId::from_uuid(hook.id), hook.version, hook.record));
    Ok(List { items: items.collect(), next_cursor: None })
}

/// Which deliveries.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeliveryQuery {
    /// `waiting`, `retrying`, `done` or `dead`.
    #[schema(max_length = 16)]
    state: Option<String>,
    /// Rows wanted.
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Where the last page ended.
    #[schema(max_length = 1024)]
    cursor: Option<String>,
}

/// A delivery with its tries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Delivery)]
struct Card {
    id: DeliveryId,
    event: EventId,
    #[serde(rename = "type")]
    kind: String,
    state: &'static str,
    attempts: Vec<Attempt>,
    next_at: Option<Timestamp>,
}

async fn deliveries(
    State(app): Ctx,
    anybody: Anybody,
    SignedIn(caller): SignedIn,
    Params((org, id)): Params<(OrgId, WebhookId)>,
    Query(query): Query<DeliveryQuery>,
) -> Result<List<Vec<Card>>, Problem> {
    endpoint(&app, &caller, org, id).await?;
    let limit = page_limit(query.limit)?;
    let state = query
        .state
        .as_deref()
        .map(|word| Progress::of(word).ok_or_else(|| Problem::new("parameter_unknown")));
    let state = state.transpose()?;
    let scope = CursorScope::new("delivery_list", anybody.principal(), &(id, state));
    let after: Option<(i64, Uuid)> =
        app.cursors.open_if(&scope, query.cursor.as_deref(), anybody.now)?;
    let find = match state {
        Some(state) => Find::by("delivery", "delivery.state", format!("{id}/{}", state.word())),
        None => Find::by("delivery", "delivery.webhook", id),
    };
    let found =
        app.store.records::<Delivery>(find.newest_first().after(after).limit(limit)).await?;
    let full = found.len() == limit as usize;
    let last = found.last().map(|(row, sort)| (*sort, row.id)).filter(|_| full);
    let next_cursor = last.map(|last| app.cursors.seal(&scope, &last, anybody.now)).transpose()?;
    let items = found.into_iter().map(|(row, _)| Card {
        id: wire(row.id),
        event: row.record.event,
        kind: row.record.kind,
        state: row.record.state.word(),
        attempts: row.record.attempts,
        next_at: row.record.next_at,
    });
    Ok(List { items: items.collect(), next_cursor })
}
