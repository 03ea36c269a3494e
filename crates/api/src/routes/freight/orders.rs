//! One order: look at it, its history, name the driver, and the steps of its two sides.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use sarai_freight::{
    input::{ActCancel, ActDispute, AssignmentRequest},
    rules::{money::Split, order::Action},
    usecase::{act::act, assign::assign, rule::rule, run},
};
use sarai_kernel::{OrderId, Role, Timestamp, document::Clear};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{order_view, order_view::OrderDetail, shapes::Nothing};
use crate::{
    app::{App, Ctx},
    cursor::List,
    params::{PageQuery, Params, Query},
    post::{Done, Post},
    problem::Problem,
    spec::{Class, Routes, Spec},
    version::Fresh,
    who::{Anybody, SignedIn},
};

const STEP: &[&str] =
    &["not_found", "transition_refused", "not_allowed", "driver_not_on_run", "account_suspended"];

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get(
                "/v1/freight/orders/{id}",
                "freight_order_get",
                "An order, as its side sees it",
            )
            .relation("shipper, trucker, driver")
            .opens("deliver", "open")
            .answers::<OrderDetail>(200)
            .scope("freight.orders:read")
            .problems(&["not_found"]),
            get,
        )
        .add(
            Spec::get("/v1/freight/orders/{id}/events", "freight_order_events", "What happened")
                .relation("shipper, trucker, driver")
                .query::<PageQuery>()
                .lists::<EventView>()
                .scope("freight.orders:read")
                .problems(&["not_found"]),
            events,
        )
        .add(
            Spec::post(
                "/v1/freight/orders/{id}/assignment",
                "freight_order_assign",
                "Name driver and vehicle",
            )
            .relation("trucker")
            .versioned()
            .body::<AssignmentRequest>()
            .answers::<Acted>(200)
            .scope("freight.orders:run")
            .problems(&[
                "not_found",
                "transition_refused",
                "not_allowed",
                "document_expired",
                "vehicle_unsuitable",
                "party_busy",
                "verification_required",
                "account_suspended",
            ]),
            assignment,
        )
        .add(
            step(
                "/v1/freight/orders/{id}/actions/fund",
                "freight_order_fund",
                "Set both sums aside",
            )
            .relation("shipper, trucker")
            .problems(&[
                "not_found",
                "transition_refused",
                "not_allowed",
                "funds_insufficient",
                "account_suspended",
            ]),
            fund,
        )
        .add(
            Spec::post(
                "/v1/freight/orders/{id}/actions/confirm-loaded",
                "freight_order_confirm_loaded",
                "Confirm the loading instead of giving the code",
            )
            .relation("shipper")
            .body::<StopNumber>()
            .answers::<Acted>(200)
            .problems(STEP),
            confirm_loaded,
        )
        .add(
            step(
                "/v1/freight/orders/{id}/actions/sign-off",
                "freight_order_sign_off",
                "Sign: the trucker is paid",
            )
            .relation("shipper; step-up above 20,000.00")
            .problems(&[
                "not_found",
                "transition_refused",
                "not_allowed",
                "money_frozen",
                "step_up_required",
                "account_suspended",
            ]),
            sign_off,
        )
        .add(
            Spec::post(
                "/v1/freight/orders/{id}/actions/cancel",
                "freight_order_cancel",
                "Walk away, by the stage's rule",
            )
            .relation("shipper, trucker")
            .class(Class::Money)
            .body::<ActCancel>()
            .answers::<Acted>(200)
            .problems(&[
                "not_found",
                "transition_refused",
                "not_allowed",
                "money_frozen",
                "proof_required",
                "account_suspended",
            ]),
            cancel,
        )
        .add(
            step(
                "/v1/freight/orders/{id}/actions/report-no-show",
                "freight_order_no_show",
                "No truck came",
            )
            .relation("shipper")
            .problems(STEP),
            no_show,
        )
        .add(
            step(
                "/v1/freight/orders/{id}/actions/object",
                "freight_order_object",
                "Object to a no-show",
            )
            .relation("trucker")
            .problems(STEP),
            object,
        )
        .add(
            Spec::post(
                "/v1/freight/orders/{id}/disputes",
                "freight_order_dispute",
                "Open a dispute: releases are frozen",
            )
            .relation("shipper, trucker")
            .body::<ActDispute>()
            .answers::<Acted>(201)
            .problems(STEP),
            dispute,
        )
        .add(
            Spec::post(
                "/v1/ops/orders/{id}/actions/rule",
                "ops_order_rule",
                "Rule on an order's dispute",
            )
            .roles(&[Role::OpMoney])
            .relation("op.money")
            .step_up()
            .class(Class::Money)
            .audited("rule")
            .body::<Ruling>()
            .answers::<Acted>(200)
            .problems(&[
                "not_found",
                "transition_refused",
                "amount_out_of_bounds",
                "four_eyes_required",
                "account_suspended",
            ]),
            ruled,
        )
}

fn step(path: &'static str, id: &'static str, title: &'static str) -> Spec {
    Spec::post(path, id, title).class(Class::Money).body::<Nothing>().answers::<Acted>(200)
}

/// What a step answers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Acted {
    order: String,
    version: u64,
    #[schema(value_type = Object)]
    standing: Value,
    allowed_now: Vec<String>,
}

/// A stop by its number.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StopNumber {
    /// From 0.
    #[schema(maximum = 19)]
    pub stop: u8,
}

/// A ruling: with a split the order ends by it, without one it goes on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Ruling {
    /// Parts of the held sums, in minor units; they make up both exactly.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    split: Option<Split>,
    /// Why.
    #[schema(min_length = 1, max_length = 1_000)]
    reason: String,
}

async fn get(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    anybody: Anybody,
    Params(id): Params<OrderId>,
    fresh: Fresh,
) -> Result<Response, Problem> {
    let stored = app.freight.related_order(&caller, id).await?;
    let version = stored.version;
    let side = super::order_list::side_of(&stored.record, &caller).word();
    let view = order_view::view(&app, &caller, stored, anybody.now).await?;
    Ok(fresh.answer(version, side, view))
}

/// One fact of an order's history.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderEvent)]
struct EventView {
    seq: u64,
    at: Timestamp,
    #[serde(rename = "type")]
    kind: String,
    actor: String,
    happened_at: Option<String>,
    #[schema(value_type = Object)]
    data: Clear,
}

async fn events(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Params(id): Params<OrderId>,
    Query(_): Query<PageQuery>,
) -> Result<Response, Problem> {
    app.freight.related_order(&caller, id).await?;
    let events = app.store.events_of(&id.to_string()).await?;
    let text = |data: &Clear, name: &str| data.get(name).and_then(Value::as_str).map(str::to_owned);
    let items: Vec<EventView> = events
        .into_iter()
        .filter(|event| event.kind != "freight.track.moved")
        .map(|event| EventView {
            seq: event.seq,
            at: event.at,
            kind: event.kind.trim_start_matches("freight.").to_owned(),
            actor: text(&event.data, "actor").unwrap_or_else(|| "system".to_owned()),
            happened_at: text(&event.data, "happened_at"),
            data: event.data,
        })
        .collect();
    Ok(List { items, next_cursor: None }.into_response())
}

async fn assignment(
    State(app): Ctx,
    Params(id): Params<OrderId>,
    post: Post<AssignmentRequest>,
) -> Result<Done, Problem> {
    let market = &app.freight;
    post.once(&app, |asked| async move {
        let version = asked.version.unwrap_or_default();
        assign(market, &asked.caller, asked.command, id, version, asked.body).await
    })
    .await
}

async fn plain(
    app: &App,
    id: OrderId,
    post: Post<Nothing>,
    action: Action,
) -> Result<Done, Problem> {
    let market = &app.freight;
    post.once(
        app,
        |asked| async move { act(market, &asked.caller, asked.command, id, action).await },
    )
    .await
}

async fn fund(
    State(app): Ctx,
    Params(id): Params<OrderId>,
    post: Post<Nothing>,
) -> Result<Done, Problem> {
    plain(&app, id, post, Action::Fund).await
}

async fn sign_off(
    State(app): Ctx,
    Params(id): Params<OrderId>,
    post: Post<Nothing>,
) -> Result<Done, Problem> {
    plain(&app, id, post, Action::SignOff).await
}

async fn no_show(
    State(app): Ctx,
    Params(id): Params<OrderId>,
    post: Post<Nothing>,
) -> Result<Done, Problem> {
    plain(&app, id, post, Action::ReportNoShow).await
}

async fn object(
    State(app): Ctx,
    Params(id): Params<OrderId>,
    post: Post<Nothing>,
) -> Result<Done, Problem> {
    plain(&app, id, post, Action::Object).await
}

async fn confirm_loaded(
    State(app): Ctx,
    Params(id): Params<OrderId>,
    post: Post<StopNumber>,
) -> Result<Done, Problem> {
    let market = &app.freight;
    post.once(&app, |asked| async move {
        let action = Action::ConfirmLoaded(asked.body.stop);
        act(market, &asked.caller, asked.command, id, action).await
    })
    .await
}

async fn cancel(
    State(app): Ctx,
    Params(id): Params<OrderId>,
    post: Post<ActCancel>,
) -> Result<Done, Problem> {
    let market = &app.freight;
    post.once(&app, |asked| async move {
        run::cancel(market, &asked.caller, asked.command, id, &asked.body).await
    })
    .await
}

async fn dispute(
    State(app): Ctx,
    Params(id): Params<OrderId>,
    post: Post<ActDispute>,
) -> Result<Done, Problem> {
    let market = &app.freight;
    post.once(&app, |asked| async move {
        run::dispute(market, &asked.caller, asked.command, id, &asked.body).await
    })
    .await
}

async fn ruled(
    State(app): Ctx,
    Params(id): Params<OrderId>,
    post: Post<Ruling>,
) -> Result<Done, Problem> {
    let market = &app.freight;
    post.once(&app, |asked| async move {
        let Ruling { split, reason } = asked.body;
        rule(market, &asked.caller, asked.command, id, split, &reason).await
    })
    .await
}
