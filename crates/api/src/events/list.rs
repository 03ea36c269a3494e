//! `GET /v1/events`: the caller's events, page by page, as far back as the stream resumes.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{BACK_EVENTS_MAX, BACK_MICROS_MAX, Envelope, READ_AT_ONCE, Topics};
use crate::{
    app::Ctx,
    cursor::{CursorScope, List, page_limit},
    params::Query,
    problem::Problem,
    who::{Anybody, SignedIn},
};

/// Which events.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EventQuery {
    /// `orders`, `threads`, `wallet`, `me`, `board:<lane id>`, separated by commas; all but lanes if not given.
    #[schema(max_length = 2048)]
    topics: Option<String>,
    /// Where the last page ended.
    #[schema(max_length = 1024)]
    cursor: Option<String>,
    /// Rows wanted.
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// Place in the store's order; sealed, since it would tell the volume of business.
#[derive(Serialize, Deserialize)]
pub(super) struct Place(pub(super) i64);

pub(super) async fn list(
    State(app): Ctx,
    anybody: Anybody,
    SignedIn(caller): SignedIn,
    Query(query): Query<EventQuery>,
) -> Result<List<Vec<Envelope>>, Problem> {
    let topics = Topics::parse(query.topics.as_deref())?;
    let limit = page_limit(query.limit)? as usize;
    let scope = CursorScope::new("event_list", anybody.principal(), &query.topics);
    let last = app.store.last_event().await?;
    let floor = (last - BACK_EVENTS_MAX).max(0);
    let from = app.cursors.open_if::<Place>(&scope, query.cursor.as_deref(), anybody.now)?;
    let mut at = from.map_or(floor, |place| place.0.max(floor));
    let mut items = Vec::new();
    let mut more = true;
    while more && items.len() < limit {
        let page = app.store.events_after(at, READ_AT_ONCE).await?;
        more = page.len() == READ_AT_ONCE as usize;
        for event in page {
            if items.len() == limit {
                more = true;
                break;
            }
            at = event.global_seq;
            let recent = anybody.now.since(event.at) <= BACK_MICROS_MAX;
            if recent && event.is_for(caller.party) && topics.wants(&event) {
                items.push(Envelope::from(&event));
            }
        }
    }
    let next_cursor = more
        .then(|| app.cursors.seal_for(&scope, &Place(at), anybody.now, BACK_MICROS_MAX))
        .transpose()?;
    Ok(List { items, next_cursor })
}
