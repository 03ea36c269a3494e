//! What persons ask about their own data, with the clock of each, and the officer's answers.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use sarai_account::{
    model::{Correction, CorrectionWords, RequestState},
    usecase::corrections,
};
use sarai_gate::{
    Ask, Scope,
    words::{data, relation},
};
use sarai_kernel::{
    Caller, CorrectionId, Kind, PartyId, Refusal, Stored, Timestamp, personal::Words,
    purpose::Support,
};
use sarai_seal::{Disclose, Sealed, SubjectId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::OFFICER;
use crate::{
    app::{App, Ctx},
    cursor::List,
    params::{Params, Query},
    post::{Done, Post},
    problem::Problem,
    routes::paging::Paging,
    spec::{Routes, Spec},
    version::Tagged,
    who::{Anybody, SignedIn, SteppedUp},
};

pub(super) fn routes() -> Routes {
    let officer = |spec: Spec| spec.roles(OFFICER).relation("po");
    Routes::new()
        .add(
            officer(Spec::get("/v1/gate/requests", "gate_request_list", "Requests of persons"))
                .query::<RequestPage>()
                .lists::<RequestCard>(),
            list,
        )
        .add(
            officer(Spec::get(
                "/v1/gate/requests/{id}",
                "gate_request_get",
                "A request with its words",
            ))
            .step_up()
            .opens("support", "open")
            .answers::<RequestShape>(200)
            .problems(&["key_destroyed"]),
            one,
        )
        .add(
            officer(Spec::post(
                "/v1/gate/requests/{id}/actions/answer",
                "gate_request_answer",
                "Answer a request",
            ))
            .relation("po, not about own data")
            .versioned()
            .step_up()
            .audited("request_answered")
            .body::<AnswerGiven>()
            .answers::<RequestRef>(200)
            .problems(&["transition_refused", "four_eyes_required"]),
            answer,
        )
}

/// Which.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RequestPage {
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    #[schema(max_length = 1024)]
    cursor: Option<String>,
    /// Those that wait if not said.
    state: Option<WireState>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RequestStateWord)]
enum WireState {
    Waiting,
    Done,
}

/// A request without its words.
#[derive(Debug, Serialize, ToSchema)]
struct RequestCard {
    id: CorrectionId,
    version: u64,
    party: PartyId,
    /// `correction`, `objection`, `appeal`.
    kind: &'static str,
    /// The field, or what it is about.
    about: String,
    state: &'static str,
    asked_at: Timestamp,
    answer_by: Timestamp,
    overdue: bool,
    answered_at: Option<Timestamp>,
    granted: Option<bool>,
}

fn kind(record: &Correction) -> &'static str {
    match record.objection {
        true if record.field.starts_with("appeal/") => "appeal",
        true => "objection",
        false => "correction",
    }
}

fn card(found: &Stored<Correction>, now: Timestamp) -> RequestCard {
    let record = &found.record;
    RequestCard {
        id: CorrectionId::from_uuid(found.id),
        version: found.version,
        party: record.party,
        kind: kind(record),
        about: record.field.trim_start_matches("appeal/").to_owned(),
        state: record.state.word(),
        asked_at: record.asked_at,
        answer_by: record.answer_by,
        overdue: record.state == RequestState::Waiting && now >= record.answer_by,
        answered_at: record.answered_at,
        granted: record.granted,
    }
}

/// A request with its words.
#[derive(Disclose)]
struct Request<'a> {
    #[subject]
    #[serde(skip)]
    subject: SubjectId,
    id: CorrectionId,
    party: PartyId,
    kind: &'static str,
    about: String,
    state: &'static str,
    asked_at: Timestamp,
    answer_by: Timestamp,
    words: &'a Sealed<Words, CorrectionWords>,
}

/// A request with its words.
#[derive(ToSchema)]
#[schema(as = PersonRequest)]
#[expect(dead_code, reason = "shape of the document")]
struct RequestShape {
    id: CorrectionId,
    party: PartyId,
    kind: String,
    about: String,
    state: String,
    asked_at: Timestamp,
    answer_by: Timestamp,
    words: String,
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Query(page): Query<RequestPage>,
) -> Result<List<Vec<RequestCard>>, Problem> {
    let state = match page.state {
        Some(WireState::Done) => RequestState::Done,
        Some(WireState::Waiting) | None => RequestState::Waiting,
    };
    let asked = (page.limit, page.cursor.as_deref());
    let paging = Paging::open(&app, "gate_request_list", caller.actor(), &page.state, asked, now)?;
    let found = corrections::queue(&app.account, state, paging.limit, paging.after).await?;
    let last = found.last().map(|(one, sort)| (*sort, one.id));
    let next_cursor = paging.next(&app, found.len(), last, now)?;
    Ok(List { items: found.iter().map(|(one, _)| card(one, now)).collect(), next_cursor })
}

async fn one(
    State(app): Ctx,
    SteppedUp(caller): SteppedUp,
    Anybody { now, .. }: Anybody,
    Params(id): Params<CorrectionId>,
) -> Result<Response, Problem> {
    let found = corrections::one(&app.account, id).await?;
    show(&app, &caller, found, now).await
}

async fn show(
    app: &App,
    caller: &Caller,
    found: Stored<Correction>,
    now: Timestamp,
) -> Result<Response, Problem> {
    let Stored { id, version, record, .. } = found;
    let case = CorrectionId::from_uuid(id).to_string();
    let ask = Ask {
        actor: caller.actor(),
        caller: Some(caller),
        relation: relation::STAFF,
        resource_kind: data::REQUEST,
        resource: case.clone(),
        stage: "",
        case: Some(&case),
        consent: false,
        scope: Scope::One(record.subject),
        fields: &["correction.words"],
    };
    let grant = app.gate.grant::<Support>(ask, now).await?;
    let words = record.words.as_ref();
    let words = words.ok_or_else(|| Refusal::new("key_destroyed", Kind::Gone))?;
    let view = Request {
        subject: record.subject,
        id: CorrectionId::from_uuid(id),
        party: record.party,
        kind: kind(&record),
        about: record.field.trim_start_matches("appeal/").to_owned(),
        state: record.state.word(),
        asked_at: record.asked_at,
        answer_by: record.answer_by,
        words,
    };
    Ok(Tagged { version, view: "po", body: grant.disclose(view)? }.into_response())
}

/// The officer's answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RequestAnswer)]
struct AnswerGiven {
    /// It was done as asked.
    granted: bool,
    /// What was done, or why not.
    #[schema(min_length = 1, max_length = 2000)]
    words: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct RequestRef {
    id: CorrectionId,
    version: u64,
    state: String,
}

async fn answer(
    State(app): Ctx,
    Params(id): Params<CorrectionId>,
    post: Post<AnswerGiven>,
) -> Result<Done, Problem> {
    let account = &app.account;
    post.once(&app, |asked| async move {
        let needed = || Refusal::new("version_required", Kind::Malformed);
        let version = asked.version.ok_or_else(needed)?;
        let what = (asked.body.granted, asked.body.words.as_str());
        corrections::answer(account, &asked.caller, (id, version), what, asked.command).await
    })
    .await
}
