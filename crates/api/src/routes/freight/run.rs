//! The driver's steps, with a signal and after a dead zone.

use axum::extract::State;
use sarai_freight::{
    input::{ActArrive, ActLeave, ActServe, RunEventsRequest},
    usecase::{
        act::standing,
        run::{RunAct, run_step},
        run_events::run_events,
    },
};
use sarai_kernel::{OrderId, Outcome};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::orders::Acted;
use crate::{
    app::{App, Ctx},
    params::Params,
    post::{Done, Post},
    problem::Problem,
    spec::{Routes, Spec},
};

const STEP: &[&str] = &[
    "not_found",
    "transition_refused",
    "not_allowed",
    "driver_not_on_run",
    "proof_required",
    "receiver_code_wrong",
    "account_suspended",
];

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::post(
                "/v1/freight/orders/{id}/actions/arrive",
                "freight_order_arrive",
                "At a stop",
            )
            .relation("driver")
            .body::<ActArrive>()
            .answers::<Acted>(200)
            .scope("freight.orders:run")
            .problems(STEP),
            arrive,
        )
        .add(
            Spec::post(
                "/v1/freight/orders/{id}/actions/serve",
                "freight_order_serve",
                "Loaded, or delivered with the code",
            )
            .relation("driver")
            .body::<ActServe>()
            .answers::<Acted>(200)
            .problems(STEP),
            serve,
        )
        .add(
            Spec::post(
                "/v1/freight/orders/{id}/actions/leave",
                "freight_order_leave",
                "Leave a stop",
            )
            .relation("driver")
            .body::<ActLeave>()
            .answers::<Acted>(200)
            .scope("freight.orders:run")
            .problems(STEP),
            leave,
        )
        .add(
            Spec::post(
                "/v1/freight/orders/{id}/run-events",
                "freight_order_run_events",
                "What was done without a signal",
            )
            .relation("driver")
            .body::<RunEventsRequest>()
            .answers::<BatchView>(200)
            .problems(&[
                "not_found",
                "driver_not_on_run",
                "position_implausible",
                "account_suspended",
            ]),
            batch,
        )
}

async fn step(app: &App, id: OrderId, post: Post<RunAct>) -> Result<Done, Problem> {
    let market = &app.freight;
    post.once(app, |asked| async move {
        run_step(market, &asked.caller, asked.command, id, &asked.body).await
    })
    .await
}

fn of<T>(post: Post<T>, with: fn(T) -> RunAct) -> Post<RunAct> {
    let Post { asked, anybody } = post;
    let crate::post::Asked { caller, command, body, version } = asked;
    Post { asked: crate::post::Asked { caller, command, body: with(body), version }, anybody }
}

async fn arrive(
    State(app): Ctx,
    Params(id): Params<OrderId>,
    post: Post<ActArrive>,
) -> Result<Done, Problem> {
    step(&app, id, of(post, RunAct::Arrive)).await
}

async fn serve(
    State(app): Ctx,
    Params(id): Params<OrderId>,
    post: Post<ActServe>,
) -> Result<Done, Problem> {
    step(&app, id, of(post, RunAct::Serve)).await
}

async fn leave(
    State(app): Ctx,
    Params(id): Params<OrderId>,
    post: Post<ActLeave>,
) -> Result<Done, Problem> {
    step(&app, id, of(post, RunAct::Leave)).await
}

/// What came of a batch.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RunEventsAnswer)]
struct BatchView {
    taken: Vec<String>,
    #[schema(value_type = Option<Object>)]
    refused: Option<Value>,
    points_taken: usize,
    #[schema(value_type = Object)]
    standing: Value,
    version: u64,
}

async fn batch(
    State(app): Ctx,
    Params(id): Params<OrderId>,
    post: Post<RunEventsRequest>,
) -> Result<Done, Problem> {
    let market = &app.freight;
    post.once(&app, |asked| async move {
        let answer = run_events(market, &asked.caller, asked.command, id, &asked.body).await?;
        let refused = answer.refused.map(|(step, refusal)| {
            let problem = Problem::from(refusal);
            serde_json::json!({ "id": step, "problem": problem.members() })
        });
        let outcome = Outcome::of(200, id, answer.version)
            .with("taken", answer.taken)
            .with("refused", refused.unwrap_or(Value::Null))
            .with("points_taken", answer.points_taken)
            .with("standing", standing(&answer.order));
        Ok(outcome)
    })
    .await
}
