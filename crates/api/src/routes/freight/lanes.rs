//! Lane subscriptions of a trucker.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use sarai_freight::{
    Freight,
    input::LaneNew,
    model::{Lane, Quiet},
    usecase::lanes::{add_lane, remove_lane, seen_lane},
};
use sarai_kernel::{Caller, LaneId, Money, Role, Timestamp, document::Stored};
use serde::Serialize;
use utoipa::ToSchema;

use super::shapes::{Nothing, area};
use crate::{
    app::{App, Ctx},
    cursor::List,
    params::{PageQuery, Params, Query},
    post::Post,
    problem::Problem,
    shapes::Area,
    spec::{Routes, Spec},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/freight/lanes", "freight_lane_list", "Own lanes")
                .roles(&[Role::Trucker])
                .relation("trucker")
                .query::<PageQuery>()
                .lists::<LaneView>()
                .scope("freight.lanes:read"),
            list,
        )
        .add(
            Spec::post("/v1/freight/lanes", "freight_lane_post", "Subscribe to a lane")
                .roles(&[Role::Trucker])
                .relation("trucker")
                .body::<LaneNew>()
                .answers::<LaneView>(201)
                .scope("freight.lanes:write")
                .problems(&["quota_spent", "not_found", "account_suspended"]),
            add,
        )
        .add(
            Spec::delete("/v1/freight/lanes/{id}", "freight_lane_delete", "End a subscription")
                .relation("owner")
                .scope("freight.lanes:write")
                .problems(&["not_found", "account_suspended"]),
            remove,
        )
        .add(
            Spec::post(
                "/v1/freight/lanes/{id}/actions/seen",
                "freight_lane_seen",
                "The lane was looked at",
            )
            .relation("owner")
            .body::<Nothing>()
            .answers::<LaneView>(200)
            .scope("freight.lanes:write")
            .problems(&["not_found"]),
            seen,
        )
}

/// A lane.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Lane)]
struct LaneView {
    id: String,
    from: Area,
    from_radius_m: i64,
    to: Option<Area>,
    to_radius_m: Option<i64>,
    vehicle: Option<String>,
    keep_per_km_min: Option<Money>,
    quiet: Option<Quiet>,
    fresh: u32,
    created_at: Timestamp,
}

fn view(market: &Freight, stored: Stored<Lane>) -> LaneView {
    let lane = stored.record;
    let currency = market.rules.currency;
    LaneView {
        id: LaneId::from_uuid(stored.id).to_string(),
        from: area(market, &lane.from_area),
        from_radius_m: lane.from_radius_m,
        to: lane.to_area.as_deref().map(|code| area(market, code)),
        to_radius_m: lane.to_radius_m,
        vehicle: lane.vehicle.map(|id| id.to_string()),
        keep_per_km_min: lane
            .keep_per_km_min_minor
            .map(|amount_minor| Money { amount_minor, currency }),
        quiet: lane.quiet,
        fresh: lane.fresh,
        created_at: stored.created_at,
    }
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Query(_): Query<PageQuery>,
) -> Result<Response, Problem> {
    let lanes = app.freight.lanes_of(&caller).await?;
    let items: Vec<_> = lanes.into_iter().map(|lane| view(&app.freight, lane)).collect();
    Ok(List { items, next_cursor: None }.into_response())
}

async fn one(app: &App, caller: &Caller, id: LaneId) -> Result<LaneView, Problem> {
    Ok(view(&app.freight, app.freight.own_lane(caller, id).await?))
}

async fn add(State(app): Ctx, post: Post<LaneNew>) -> Result<Response, Problem> {
    let caller = post.asked.caller.clone();
    let market = &app.freight;
    let done = post
        .once(&app, |asked| async move {
            add_lane(market, &asked.caller, asked.command, &asked.body).await
        })
        .await?;
    let view = one(&app, &caller, done.id()?).await?;
    Ok(done.show(view))
}

async fn remove(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    anybody: Anybody,
    Params(id): Params<LaneId>,
) -> Result<StatusCode, Problem> {
    remove_lane(&app.freight, &caller, anybody.now, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn seen(
    State(app): Ctx,
    Params(id): Params<LaneId>,
    post: Post<Nothing>,
) -> Result<Response, Problem> {
    let caller = post.asked.caller.clone();
    let market = &app.freight;
    let done =
        post.once(&app, |asked| async move {
            seen_lane(market, &asked.caller, asked.command, id).await
        })
        .await?;
    let view = one(&app, &caller, id).await?;
    Ok(done.show(view))
}
