//! Loads: post, list, change, publish, withdraw, renew, take; a talk about one.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use sarai_freight::{
    input::{LoadNew, LoadPatch, TakeRequest},
    model::{Load, LoadState, OfferState},
    usecase::{
        edit_load::edit_load,
        load_actions::{LoadAction, load_action},
        post_load::post_load,
        take::take,
        talk::open_talk,
    },
};
use sarai_kernel::{LoadId, Money, Role, Timestamp, Window, document::Stored};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    load_view,
    pager::Pager,
    shapes::{CargoLine, Nothing, Ref, area, window_or},
};
use crate::{
    app::{App, Ctx},
    cursor::List,
    params::{Params, Query},
    post::{Done, Patch, Post},
    problem::Problem,
    shapes::Area,
    spec::{Class, Routes, Spec},
    version::Fresh,
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::post(
                "/v1/freight/loads",
                "freight_load_post",
                "Post a load, or several alike, or a draft",
            )
            .roles(&[Role::Shipper])
            .relation("shipper")
            .body::<LoadNew>()
            .answers::<Posted>(201)
            .scope("freight.loads:write")
            .problems(&[
                "verification_required",
                "goods_banned",
                "price_below_floor",
                "price_above_ceiling",
                "load_duplicate",
                "quota_spent",
                "account_suspended",
            ]),
            post,
        )
        .add(
            Spec::get("/v1/freight/loads", "freight_load_list", "Own loads, newest first")
                .relation("owner")
                .query::<MineQuery>()
                .lists::<MineCard>()
                .scope("freight.loads:read"),
            mine,
        )
        .add(
            Spec::get(
                "/v1/freight/loads/{id}",
                "freight_load_get",
                "A load: whole for its owner, a card for a verified trucker",
            )
            .relation("owner, verified trucker, bidder")
            .opens("publish", "open by the owner")
            .answers::<load_view::LoadDetail>(200)
            .scope("freight.loads:read")
            .problems(&["not_found"]),
            get,
        )
        .add(
            Spec::patch(
                "/v1/freight/loads/{id}",
                "freight_load_patch",
                "Change terms; pending offers are superseded",
            )
            .relation("owner")
            .body::<LoadPatch>()
            .answers::<Ref>(200)
            .scope("freight.loads:write")
            .problems(&[
                "not_found",
                "listing_closed",
                "goods_banned",
                "price_below_floor",
                "price_above_ceiling",
                "account_suspended",
            ]),
            patch,
        )
        .add(
            action(
                "/v1/freight/loads/{id}/actions/publish",
                "freight_load_publish",
                "Put a draft on the board",
            ),
            publish,
        )
        .add(
            action(
                "/v1/freight/loads/{id}/actions/withdraw",
                "freight_load_withdraw",
                "Take a load off the board",
            ),
            withdraw,
        )
        .add(
            action(
                "/v1/freight/loads/{id}/actions/renew",
                "freight_load_renew",
                "Keep it on for a week at most",
            ),
            renew,
        )
        .add(
            Spec::post(
                "/v1/freight/loads/{id}/actions/take",
                "freight_load_take",
                "Take a load at its price",
            )
            .roles(&[Role::Trucker])
            .relation("verified trucker")
            .versioned()
            .class(Class::Money)
            .body::<TakeRequest>()
            .answers::<Booked>(201)
            .scope("freight.offers:write")
            .problems(&[
                "not_found",
                "already_taken",
                "listing_closed",
                "terms_changed",
                "vehicle_unsuitable",
                "funds_insufficient",
                "party_busy",
                "verification_required",
                "document_expired",
                "not_allowed",
                "account_suspended",
            ]),
            take_load,
        )
        .add(
            Spec::post(
                "/v1/freight/loads/{id}/threads",
                "freight_load_talk",
                "Open, or find, the talk about a load",
            )
            .roles(&[Role::Trucker])
            .relation("verified trucker")
            .body::<Nothing>()
            .answers::<Ref>(201)
            .scope("freight.offers:write")
            .problems(&[
                "not_found",
                "not_allowed",
                "verification_required",
                "account_suspended",
            ]),
            talk,
        )
}

fn action(path: &'static str, id: &'static str, title: &'static str) -> Spec {
    Spec::post(path, id, title)
        .relation("owner")
        .versioned()
        .body::<Nothing>()
        .answers::<Ref>(200)
        .scope("freight.loads:write")
        .problems(&[
            "not_found",
            "transition_refused",
            "load_duplicate",
            "quota_spent",
            "verification_required",
            "account_suspended",
        ])
}

/// What was posted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LoadsPosted)]
struct Posted {
    items: Vec<Ref>,
}

/// An order that was agreed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Booked {
    order: String,
    version: u64,
    state: String,
}

async fn post(State(app): Ctx, post: Post<LoadNew>) -> Result<Done, Problem> {
    let market = &app.freight;
    post.once(&app, |asked| async move {
        post_load(market, &asked.caller, asked.command, &asked.body).await
    })
    .await
}

/// Which of the own loads.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LoadMineQuery)]
struct MineQuery {
    /// Always `true`: nobody lists another's loads.
    #[serde(default)]
    mine: Option<Mine>,
    /// Only in this state.
    #[serde(default)]
    state: Option<StateWord>,
    /// Rows wanted, 1 to 100; 20 if not given.
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Where the last page ended.
    #[schema(max_length = 1024)]
    cursor: Option<String>,
}

/// The one word.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[schema(as = MineWord)]
enum Mine {
    /// Own loads.
    #[serde(rename = "true")]
    True,
}

/// States of a load.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LoadStateWord)]
enum StateWord {
    Draft,
    Open,
    Booked,
    Expired,
    Withdrawn,
    TakenDown,
}

impl From<StateWord> for LoadState {
    fn from(word: StateWord) -> Self {
        match word {
            StateWord::Draft => Self::Draft,
            StateWord::Open => Self::Open,
            StateWord::Booked => Self::Booked,
            StateWord::Expired => Self::Expired,
            StateWord::Withdrawn => Self::Withdrawn,
            StateWord::TakenDown => Self::TakenDown,
        }
    }
}

/// Offers on a load in figures.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct OfferSum {
    pub count: usize,
    pub best: Option<Money>,
    pub waiting_for_you: usize,
}

/// A row of the own loads.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LoadMineCard)]
struct MineCard {
    id: String,
    version: u64,
    state: &'static str,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    from: Area,
    to: Area,
    pickup: Window,
    drop: Window,
    cargo: CargoLine,
    price_mode: &'static str,
    price: Option<Money>,
    offers: OfferSum,
    seen_by: usize,
    order: Option<String>,
}

/// The pending offers on a load, for its owner.
pub(super) async fn offer_sum(app: &App, id: LoadId, now: Timestamp) -> Result<OfferSum, Problem> {
    use sarai_freight::words::Side;
    let pending = app.freight.pending_offers(id).await?;
    let live: Vec<_> =
        pending.iter().filter(|offer| offer.record.state_at(now) == OfferState::Pending).collect();
    let best = live.iter().map(|offer| offer.record.terms).min_by_key(|terms| terms.price_minor);
    Ok(OfferSum {
        count: live.len(),
        best: best.map(|terms| terms.price()),
        waiting_for_you: live
            .iter()
            .filter(|offer| offer.record.turn(now) == Some(Side::Shipper))
            .count(),
    })
}

async fn mine_card(app: &App, stored: &Stored<Load>, now: Timestamp) -> Result<MineCard, Problem> {
    let load = &stored.record;
    let id = LoadId::from_uuid(stored.id);
    let market = &app.freight;
    let place = |stop: Option<&sarai_freight::model::Stop>| {
        area(market, stop.map_or("", |stop| stop.area.as_str()))
    };
    Ok(MineCard {
        id: id.to_string(),
        version: stored.version,
        state: load.state.word(),
        created_at: stored.created_at,
        expires_at: load.expires_at,
        from: place(load.first()),
        to: place(load.last()),
        pickup: window_or(load.pickup(), now),
        drop: window_or(load.drop(), now),
        cargo: (&load.cargo).into(),
        price_mode: load.price_mode.word(),
        price: Some(load.terms.price()),
        offers: offer_sum(app, id, now).await?,
        seen_by: market.board.seen_by(id),
        order: load.order.map(|order| order.to_string()),
    })
}

async fn mine(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    anybody: Anybody,
    Query(query): Query<MineQuery>,
) -> Result<Response, Problem> {
    let now = anybody.now;
    let page = (query.limit, query.cursor.as_deref());
    let pager = Pager::open(&app, "freight_load_list", &caller, &query.state, page, now)?;
    let found = app
        .freight
        .loads_of(&caller, query.state.map(LoadState::from), pager.after, pager.limit)
        .await?;
    let last = found.last().map(|(stored, sort)| (*sort, stored.id));
    let next_cursor = pager.next(&app, found.len(), last, now)?;
    let mut items = Vec::with_capacity(found.len());
    for (stored, _) in &found {
        items.push(mine_card(&app, stored, now).await?);
    }
    Ok(List { items, next_cursor }.into_response())
}

async fn get(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    anybody: Anybody,
    Params(id): Params<LoadId>,
    fresh: Fresh,
) -> Result<Response, Problem> {
    load_view::show(&app, &caller, id, anybody.now, &fresh).await
}

async fn patch(
    State(app): Ctx,
    Params(id): Params<LoadId>,
    patch: Patch<LoadPatch>,
) -> Result<Response, Problem> {
    let Patch { caller, command, version, body } = patch;
    let outcome = edit_load(&app.freight, &caller, command, id, version, &body).await?;
    Ok(Done::first(outcome).into_response())
}

async fn act(
    app: &App,
    id: LoadId,
    post: Post<Nothing>,
    action: LoadAction,
) -> Result<Done, Problem> {
    let market = &app.freight;
    post.once(app, |asked| async move {
        let version = asked.version.unwrap_or_default();
        load_action(market, &asked.caller, asked.command, id, version, action).await
    })
    .await
}

async fn publish(
    State(app): Ctx,
    Params(id): Params<LoadId>,
    post: Post<Nothing>,
) -> Result<Done, Problem> {
    act(&app, id, post, LoadAction::Publish).await
}

async fn withdraw(
    State(app): Ctx,
    Params(id): Params<LoadId>,
    post: Post<Nothing>,
) -> Result<Done, Problem> {
    act(&app, id, post, LoadAction::Withdraw).await
}

async fn renew(
    State(app): Ctx,
    Params(id): Params<LoadId>,
    post: Post<Nothing>,
) -> Result<Done, Problem> {
    act(&app, id, post, LoadAction::Renew).await
}

async fn take_load(
    State(app): Ctx,
    Params(id): Params<LoadId>,
    post: Post<TakeRequest>,
) -> Result<Done, Problem> {
    let market = &app.freight;
    post.once(&app, |asked| async move {
        let version = asked.version.unwrap_or_default();
        take(market, &asked.caller, asked.command, id, version, asked.body).await
    })
    .await
}

async fn talk(
    State(app): Ctx,
    Params(id): Params<LoadId>,
    post: Post<Nothing>,
) -> Result<Done, Problem> {
    let market = &app.freight;
    post.once(
        &app,
        |asked| async move { open_talk(market, &asked.caller, asked.command, id).await },
    )
    .await
}
