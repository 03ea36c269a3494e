//! A room of one thing: made by POST, changed under its version, read back.

use sarai_api::{Ctx, Done, Fresh, IfMatch, Params, Post, Problem, Routes, Spec, body::Nothing};
use sarai_kernel::{
    Caller, Decision, Kind, LoadId, NewEvent, Outcome, PartyId, Refusal, Role, UseCaseError,
    document::Clear,
};
use sarai_testkit::server::{Bare, Client};
use serde::Deserialize;
use utoipa::ToSchema;

/// What is sent to make a thing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct New {
    #[schema(max_length = 100)]
    name: String,
    #[serde(default)]
    tell: Vec<PartyId>,
    #[serde(default)]
    on_board: bool,
}

pub fn routes() -> Routes {
    Routes::new()
        .add(Spec::post("/v1/things", "thing_post", "Make").relation("any").body::<New>(), make)
        .add(
            Spec::post("/v1/things/refused", "thing_refuse", "Refuse")
                .relation("any")
                .body::<Nothing>(),
            refuse,
        )
        .add(
            Spec::post("/v1/things/slow", "thing_slow", "Slow").relation("any").body::<Nothing>(),
            slow,
        )
        .add(
            Spec::post("/v1/things/panics", "thing_panic", "Panic")
                .relation("any")
                .body::<Nothing>(),
            panics,
        )
        .add(
            Spec::get("/v1/things/{id}", "thing_get", "Read")
                .relation("any")
                .scope("things:read")
                .answers::<New>(200),
            read,
        )
        .add(
            Spec::delete("/v1/things/{id}", "thing_delete", "Remove").relation("any").versioned(),
            remove,
        )
        .add(
            Spec::get("/v1/desk", "desk", "Staff")
                .roles(&[Role::OpMoney])
                .relation("op.money")
                .step_up(),
            desk,
        )
}

/// The events of the store's clock carry the caller and those told as their audience.
async fn make(axum::extract::State(app): Ctx, post: Post<New>) -> Result<Done, Problem> {
    let store = app.store.clone();
    post.once(&app, |asked| async move {
        let id = LoadId::new(asked.command.now);
        let outcome = Outcome::of(201, id, 1).state("open").with("name", asked.body.name);
        let mut audience = vec![asked.caller.party];
        audience.extend(&asked.body.tell);
        let event = NewEvent {
            kind: "freight.load.opened",
            subject_kind: "load",
            subject: id.to_string(),
            version: 1,
            audience,
            on_board: asked.body.on_board,
            data: Clear::new(),
        };
        let decision = Decision::new("test.make", asked.command.now).event(event);
        store.commit(decision.answer(asked.command.once, outcome.clone())).await?;
        Ok(outcome)
    })
    .await
}

async fn refuse(axum::extract::State(app): Ctx, post: Post<Nothing>) -> Result<Done, Problem> {
    static TIMES: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    post.once(&app, |_| async {
        let times = TIMES.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let refusal = Refusal::new("transition_refused", Kind::Conflict)
            .with("state", "closed")
            .with("times", times);
        Err(UseCaseError::Refused(refusal))
    })
    .await
}

async fn slow(axum::extract::State(app): Ctx, post: Post<Nothing>) -> Result<Done, Problem> {
    post.once(&app, |_| async {
        tokio::time::sleep(std::time::Duration::from_millis(2_600)).await;
        Ok(Outcome { status: 200, body: Clear::new() })
    })
    .await
}

async fn panics(_: Post<Nothing>) -> Result<Done, Problem> {
    panic!("a secret of the handler")
}

async fn read(Params(id): Params<LoadId>, fresh: Fresh) -> axum::response::Response {
    fresh.answer(3, "owner", serde_json::json!({"id": id}))
}

async fn remove(
    Params(_): Params<LoadId>,
    version: IfMatch,
) -> Result<axum::http::StatusCode, Problem> {
    version.check(3)?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}

async fn desk() -> &'static str {
    "fine"
}

/// A server and a signed-in client with its caller.
pub async fn town() -> (Bare, Client, Caller) {
    let town = Bare::start(routes(), sarai_api::Config::default()).await;
    let (client, caller) = member(&town, &[]);
    (town, client, caller)
}

/// One more client.
pub fn member(town: &Bare, roles: &[Role]) -> (Client, Caller) {
    let (token, caller) = town.door.admit(roles, sarai_testkit::server::START);
    (town.client().with_session(&token), caller)
}
