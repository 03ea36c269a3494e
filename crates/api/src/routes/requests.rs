//! Requests of persons about their own data, on the privacy officer's desk: read, and answered with words.

use axum::{extract::State, response::Response};
use sarai_account::{
    model::{Correction, CorrectionAnswer, CorrectionWords, RequestState},
    usecase::corrections,
};
use sarai_kernel::{CorrectionId, Role, Stored, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::Ctx,
    cursor::List,
    params::{Params, Query},
    post::{Done, Post},
    problem::Problem,
    routes::paging::Paging,
    spec::{Routes, Spec},
    version::Fresh,
    who::{Anybody, SignedIn},
};

const OFFICER: &[Role] = &[Role::PrivacyOfficer];

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/gate/requests", "gate_request_list", "What persons asked for")
                .roles(OFFICER)
                .relation("po")
                .query::<Wanted>()
                .lists::<RequestCard>(),
            list,
        )
        .add(
            Spec::get("/v1/gate/requests/{id}", "gate_request_get", "A request with its words")
                .roles(OFFICER)
                .relation("po")
                .opens("support", "open")
                .answers::<RequestDetail>(200),
            read,
        )
        .add(
            Spec::post("/v1/gate/requests/{id}/actions/answer", "gate_request_answer", "Answer it")
                .roles(OFFICER)
                .relation("po; not the own request")
                .step_up()
                .versioned()
                .audited("request_answered")
                .body::<Answer>()
                .answers::<RequestRef>(200)
                .problems(&["transition_refused", "four_eyes_required"]),
            answer,
        )
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    #[schema(max_length = 1024)]
    cursor: Option<String>,
    /// `waiting` if not said.
    #[schema(value_type = Option<String>, pattern = "^(waiting|done|refused)$")]
    state: Option<RequestState>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PersonRequestCard)]
struct RequestCard {
    id: CorrectionId,
    version: u64,
    /// `correction` or `objection`.
    kind: &'static str,
    /// The field as the register names it, or what the objection is about.
    field: String,
    state: &'static str,
    asked_at: Timestamp,
    answer_by: Timestamp,
    overdue: bool,
    answered_at: Option<Timestamp>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PersonRequestDetail)]
struct RequestDetail {
    card: RequestCard,
    /// What the person wrote.
    words: Option<String>,
    /// What was answered.
    answer: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PersonRequestRef)]
struct RequestRef {
    id: CorrectionId,
    version: u64,
    state: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PersonRequestAnswer)]
struct Answer {
    /// Done as it was asked; otherwise it is refused.
    granted: bool,
    /// What the person reads: what was done, or why not.
    #[schema(min_length = 1, max_length = 2000)]
    words: String,
}

fn card(found: &Stored<Correction>, now: Timestamp) -> RequestCard {
    let record = &found.record;
    RequestCard {
        id: CorrectionId::from_uuid(found.id),
        version: found.version,
        kind: if record.objection { "objection" } else { "correction" },
        field: record.field.clone(),
        state: record.state.word(),
        asked_at: record.asked_at,
        answer_by: record.answer_by,
        overdue: record.state == RequestState::Waiting && record.answer_by <= now,
        answered_at: record.answered_at,
    }
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Query(page): Query<Wanted>,
) -> Result<List<Vec<RequestCard>>, Problem> {
    let state = page.state.unwrap_or(RequestState::Waiting);
    let asked = (page.limit, page.cursor.as_deref());
    let filter = state.word();
    let paging = Paging::open(&app, "gate_request_list", caller.actor(), &filter, asked, now)?;
    let (account, limit) = (&app.account, paging.limit);
    let found = corrections::of_everybody(account, &caller, state, limit, paging.after).await?;
    let last = found.last().map(|(one, sort)| (*sort, one.id));
    let next_cursor = paging.next(&app, found.len(), last, now)?;
    Ok(List { items: found.iter().map(|(one, _)| card(one, now)).collect(), next_cursor })
}

async fn read(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<CorrectionId>,
    fresh: Fresh,
) -> Result<Response, Problem> {
    let (found, grant) = corrections::opened(&app.account, &caller, id, now).await?;
    let words = grant.open_if_present::<CorrectionWords>(&found.record)?;
    let answer = grant.open_if_present::<CorrectionAnswer>(&found.record)?;
    let detail = RequestDetail {
        card: card(&found, now),
        words: words.map(|words| words.as_str().to_owned()),
        answer: answer.map(|words| words.as_str().to_owned()),
    };
    Ok(fresh.answer(found.version, "request", detail))
}

async fn answer(
    State(app): Ctx,
    Params(id): Params<CorrectionId>,
    post: Post<Answer>,
) -> Result<Done, Problem> {
    let account = &app.account;
    post.once(&app, |asked| async move {
        let said = (asked.body.granted, asked.body.words.as_str());
        let version = asked.version.unwrap_or_default();
        corrections::answer(account, &asked.caller, id, said, version, asked.command).await
    })
    .await
}
