//! Copies, corrections, objections, and the end of the account.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sarai_account::{
    Account,
    model::{Correction, CorrectionAnswer, CorrectionWords, Export},
    usecase::{
        corrections,
        erasure::{self, Blocked},
        my_data,
    },
};
use sarai_kernel::{
    Caller, CorrectionId, DirectiveId, ExportId, Stored, Timestamp, personal::Words,
    purpose::SelfAccess, time::DAY,
};
use sarai_seal::{Disclose, Disclosed, Sealed, SubjectId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words::{self, Cite};
use crate::{
    app::Ctx,
    cursor::List,
    params::{Params, Query},
    post::Post,
    problem::Problem,
    routes::paging::Page,
    shapes::Text2,
    spec::{Class, Routes, Spec},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    copies().and(answers()).and(endings())
}

fn copies() -> Routes {
    Routes::new()
        .add(
            Spec::post("/v1/me/exports", "me_export_post", "Ask for a copy of your data")
                .relation("self")
                .class(Class::Export)
                .cost(100)
                .step_up()
                .suspended_may()
                .opens("self_access", "open")
                .body::<ExportRequest>()
                .answers::<WireExport>(202)
                .problems(&["quota_spent"]),
            export,
        )
        .add(
            Spec::get("/v1/me/exports", "me_export_list", "Copies of your data")
                .relation("self")
                .query::<Page>()
                .lists::<WireExport>(),
            exports,
        )
        .add(
            Spec::get("/v1/me/exports/{id}", "me_export_get", "A copy of your data")
                .relation("self")
                .answers::<WireExport>(200),
            export_state,
        )
        .add(
            Spec::get("/v1/me/exports/{id}/content", "me_export_content", "Fetch a copy")
                .relation("self")
                .class(Class::Export)
                .step_up()
                .opens("self_access", "open")
                .answers_bytes("application/json")
                .problems(&["retention_over", "transition_refused"]),
            export_content,
        )
}

fn answers() -> Routes {
    Routes::new()
        .add(
            Spec::post("/v1/me/corrections", "me_correction_post", "Ask for a correction")
                .relation("self")
                .suspended_may()
                .body::<CorrectionRequest>()
                .answers::<WireCorrection>(202)
                .problems(&["quota_spent"]),
            correct,
        )
        .add(
            Spec::get("/v1/me/corrections", "me_correction_list", "Your corrections")
                .relation("self")
                .query::<Page>()
                .lists::<WireCorrection>(),
            list_corrections,
        )
        .add(
            Spec::get("/v1/me/corrections/{id}", "me_correction_get", "A request and its answer")
                .relation("self")
                .opens("self_access", "open")
                .answers::<AnsweredShape>(200),
            one_correction,
        )
        .add(
            Spec::post("/v1/me/objections", "me_objection_post", "Object to a use")
                .relation("self")
                .suspended_may()
                .body::<ObjectionRequest>()
                .answers::<WireCorrection>(202)
                .problems(&["quota_spent"]),
            object,
        )
        .add(
            Spec::post(
                "/v1/me/appeals",
                "me_appeal_post",
                "Appeal against a suspension or an order",
            )
            .relation("self")
            .suspended_may()
            .body::<AppealRequest>()
            .answers::<WireCorrection>(202)
            .problems(&["quota_spent"]),
            appeal,
        )
}

fn endings() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/me/erasure", "me_erasure_get", "What the end of your account means")
                .relation("self")
                .answers::<ErasurePlan>(200),
            plan,
        )
        .add(
            Spec::post("/v1/me/erasure", "me_erasure_post", "End your account in a week")
                .relation("self")
                .step_up()
                .suspended_may()
                .audited("erasure_asked")
                .body::<ErasureRequest>()
                .answers::<ErasurePlan>(202)
                .problems(&["transition_refused"]),
            erase,
        )
        .add(
            Spec::delete("/v1/me/erasure", "me_erasure_delete", "Call the end off")
                .relation("self")
                .suspended_may()
                .audited("erasure_called_off")
                .problems(&["not_found"]),
            call_off,
        )
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExportRequest {
    #[serde(rename = "format")]
    _format: Format,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ExportFormat)]
enum Format {
    Json,
}

/// A copy of one's own data.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Export)]
struct WireExport {
    id: ExportId,
    state: &'static str,
    asked_at: Timestamp,
    ready_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    bytes: Option<u64>,
}

fn export_view(found: Stored<Export>, now: Timestamp) -> WireExport {
    let record = found.record;
    WireExport {
        id: ExportId::from_uuid(found.id),
        state: match record.ready_at {
            _ if now >= record.expires_at => "expired",
            Some(at) if now >= at => "ready",
            _ => "preparing",
        },
        asked_at: record.asked_at,
        ready_at: record.ready_at,
        expires_at: Some(record.expires_at),
        bytes: record.bytes,
    }
}

async fn export(State(app): Ctx, post: Post<ExportRequest>) -> Result<Response, Problem> {
    let account = &app.account;
    let (caller, now) = (post.asked.caller.clone(), post.asked.command.now);
    let done =
        post.once(&app, |asked| async move {
            my_data::export(account, &asked.caller, asked.command).await
        })
        .await?;
    let found = my_data::own_export(account, &caller, done.id()?).await?;
    Ok(done.show(export_view(found, now)))
}

async fn exports(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Query(_): Query<Page>,
) -> Result<List<Vec<WireExport>>, Problem> {
    let found = my_data::exports(&app.account, &caller).await?;
    let items = found.into_iter().map(|one| export_view(one, now)).collect();
    Ok(List { items, next_cursor: None })
}

async fn export_state(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<ExportId>,
) -> Result<axum::Json<WireExport>, Problem> {
    let found = my_data::own_export(&app.account, &caller, id).await?;
    Ok(axum::Json(export_view(found, now)))
}

async fn export_content(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<ExportId>,
) -> Result<Response, Problem> {
    let bytes = my_data::export_content(&app.account, &caller, id, now).await?;
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let attachment = HeaderValue::from_static("attachment; filename=\"my-data.json\"");
    headers.insert(header::CONTENT_DISPOSITION, attachment);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CorrectionRequest {
    #[schema(max_length = 80)]
    field: String,
    #[schema(max_length = 1000)]
    value: String,
    #[schema(max_length = 500)]
    reason: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ObjectionRequest {
    #[schema(max_length = 80)]
    about: String,
    #[schema(max_length = 2000)]
    words: String,
}

/// An appeal: the desk answers it, and where it is against an order passes it on to the authority.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AppealRequest {
    /// `suspension`, or the id of a directive.
    #[schema(min_length = 1, max_length = 40)]
    against: String,
    #[schema(min_length = 1, max_length = 2000)]
    words: String,
}

/// A correction or objection and when it is answered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Correction)]
struct WireCorrection {
    id: CorrectionId,
    field: String,
    state: &'static str,
    asked_at: Timestamp,
    answer_by: Timestamp,
    answered_at: Option<Timestamp>,
    /// Whether it was done as asked; the answer itself stands in your data.
    granted: Option<bool>,
}

fn correction_view(found: Stored<Correction>) -> WireCorrection {
    WireCorrection {
        id: CorrectionId::from_uuid(found.id),
        field: found.record.field,
        state: found.record.state.word(),
        asked_at: found.record.asked_at,
        answer_by: found.record.answer_by,
        answered_at: found.record.answered_at,
        granted: found.record.granted,
    }
}

async fn correct(State(app): Ctx, post: Post<CorrectionRequest>) -> Result<Response, Problem> {
    let account = &app.account;
    let caller = post.asked.caller.clone();
    let done = post
        .once(&app, |asked| async move {
            let CorrectionRequest { field, value, reason } = &asked.body;
            let words = match reason {
                Some(reason) => format!("{value}\n{reason}"),
                None => value.clone(),
            };
            let what = (field.as_str(), words.as_str(), false);
            corrections::ask(account, &asked.caller, what, asked.command).await
        })
        .await?;
    let found = corrections::own(account, &caller, done.id()?).await?;
    Ok(done.show(correction_view(found)))
}

async fn appeal(State(app): Ctx, post: Post<AppealRequest>) -> Result<Response, Problem> {
    let against = &post.asked.body.against;
    if against != "suspension" && against.parse::<DirectiveId>().is_err() {
        return Err(Problem::field("/against", "not_in_list"));
    }
    let account = &app.account;
    let caller = post.asked.caller.clone();
    let done = post
        .once(&app, |asked| async move {
            let about = format!("appeal/{}", asked.body.against);
            let what = (about.as_str(), asked.body.words.as_str(), true);
            corrections::ask(account, &asked.caller, what, asked.command).await
        })
        .await?;
    let found = corrections::own(account, &caller, done.id()?).await?;
    Ok(done.show(correction_view(found)))
}

async fn object(State(app): Ctx, post: Post<ObjectionRequest>) -> Result<Response, Problem> {
    let account = &app.account;
    let caller = post.asked.caller.clone();
    let done = post
        .once(&app, |asked| async move {
            let what = (asked.body.about.as_str(), asked.body.words.as_str(), true);
            corrections::ask(account, &asked.caller, what, asked.command).await
        })
        .await?;
    let found = corrections::own(account, &caller, done.id()?).await?;
    Ok(done.show(correction_view(found)))
}

async fn list_corrections(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Query(_): Query<Page>,
) -> Result<List<Vec<WireCorrection>>, Problem> {
    let found = corrections::list(&app.account, &caller).await?;
    Ok(List { items: found.into_iter().map(correction_view).collect(), next_cursor: None })
}

/// A request with its words and the answer.
#[derive(Disclose)]
struct Answered {
    #[subject]
    #[serde(skip)]
    subject: SubjectId,
    id: CorrectionId,
    field: String,
    state: &'static str,
    asked_at: Timestamp,
    answer_by: Timestamp,
    answered_at: Option<Timestamp>,
    granted: Option<bool>,
    words: Option<Sealed<Words, CorrectionWords>>,
    answer: Option<Sealed<Words, CorrectionAnswer>>,
}

/// A request with its words and the answer.
#[derive(ToSchema)]
#[schema(as = CorrectionAnswered)]
#[expect(dead_code, reason = "shape of the document")]
struct AnsweredShape {
    id: CorrectionId,
    field: String,
    state: String,
    asked_at: Timestamp,
    answer_by: Timestamp,
    answered_at: Option<Timestamp>,
    granted: Option<bool>,
    words: Option<String>,
    answer: Option<String>,
}

async fn one_correction(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<CorrectionId>,
) -> Result<axum::Json<Disclosed<Answered, SelfAccess>>, Problem> {
    let found = corrections::own(&app.account, &caller, id).await?.record;
    let fields = ["correction.words", "correction.answer"];
    let grant = app.account.gate.grant_self(&caller, "account", &fields, now).await?;
    let view = Answered {
        subject: found.subject,
        id,
        field: found.field,
        state: found.state.word(),
        asked_at: found.asked_at,
        answer_by: found.answer_by,
        answered_at: found.answered_at,
        granted: found.granted,
        words: found.words,
        answer: found.answer,
    };
    Ok(axum::Json(grant.disclose(view)?))
}

/// What goes, what stays and why, and what must end first.
#[derive(Debug, Serialize, ToSchema)]
struct ErasurePlan {
    state: &'static str,
    runs_at: Option<Timestamp>,
    receipt: Option<String>,
    erased: Vec<Gone>,
    kept: Vec<Stays>,
    blocked_by: Vec<Block>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ErasedLine)]
struct Gone {
    label: Text2,
    count: u64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeptLine)]
struct Stays {
    label: Text2,
    count: u64,
    why: Text2,
    until: Option<Timestamp>,
    basis: Option<Cite>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockedBy)]
struct Block {
    kind: &'static str,
    id: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ErasureRequest {
    confirm: bool,
}

fn kind_name(kind: &str) -> Text2 {
    let (en, zh) = match kind {
        "party" => ("Name, number and address of your account", "账号的姓名、号码与邮箱"),
        "session" => ("Where you are signed in", "登录记录"),
        "factor" => ("Second factors", "第二重验证"),
        "challenge" | "notice" => ("Codes and notices", "验证码与通知"),
        "message" => ("Words of your messages", "您的消息内容"),
        "rating" => ("Words of your ratings", "您的评价内容"),
        "verification" => ("Content of your papers", "证件内容"),
        "file_content" => ("Files", "文件"),
        "payout_account" => ("Bank accounts", "银行账户"),
        "export" => ("Copies of your data", "个人信息副本"),
        "vehicle" => ("Plates", "车牌"),
        "track" => ("Positions", "轨迹"),
        other => (other, other),
    };
    Text2::of(en, Some(zh))
}

async fn view(account: &Account, caller: &Caller, now: Timestamp) -> Result<ErasurePlan, Problem> {
    let plan = erasure::plan(account, caller.party).await?;
    let live = plan.request.filter(|request| !request.called_off);
    let (state, runs_at) = match &live {
        None => ("none", None),
        Some(request) if request.done_at.is_some() => ("done", None),
        Some(request) => ("planned", Some(request.runs_at)),
    };
    let ends = runs_at.unwrap_or(now);
    let receipt = live.as_ref().map(|request| receipt(caller, request.asked_at));
    let named = |(kind, count): &(String, u64)| Gone { label: kind_name(kind), count: *count };
    let stays = plan.kept.iter().filter(|(_, count)| *count > 0).map(|(row, count)| Stays {
        label: Text2::of(row.label.0, Some(row.label.1)),
        count: *count,
        why: Text2::of(row.why.0, Some(row.why.1)),
        until: Some(ends.plus(row.days * DAY)),
        basis: Some(words::cite(row.cite, "memory")),
    });
    let blocks = plan.blocked.iter().map(|one| match one {
        Blocked::Order(id) => Block { kind: "order", id: id.to_string() },
        Blocked::Money => Block { kind: "money", id: "wallet".to_owned() },
    });
    Ok(ErasurePlan {
        state,
        runs_at,
        receipt,
        erased: plan.erased.iter().map(named).collect(),
        kept: stays.collect(),
        blocked_by: blocks.collect(),
    })
}

/// A number to be quoted: the day, and drawn letters of the party's id.
fn receipt(caller: &Caller, asked: Timestamp) -> String {
    let day: String = asked.to_string().chars().take(10).filter(|one| *one != '-').collect();
    let id = caller.party.to_string().to_uppercase();
    let tail = id.get(id.len().saturating_sub(6)..).unwrap_or_default();
    format!("ER-{day}-{tail}")
}

async fn plan(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
) -> Result<axum::Json<ErasurePlan>, Problem> {
    Ok(axum::Json(view(&app.account, &caller, now).await?))
}

async fn erase(State(app): Ctx, post: Post<ErasureRequest>) -> Result<Response, Problem> {
    let account = &app.account;
    let (caller, now) = (post.asked.caller.clone(), post.asked.command.now);
    if !post.asked.body.confirm {
        return Err(Problem::field("/confirm", "not_in_list"));
    }
    let done =
        post.once(&app, |asked| async move {
            erasure::ask(account, &asked.caller, asked.command).await
        })
        .await?;
    Ok(done.show(view(account, &caller, now).await?))
}

async fn call_off(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
) -> Result<Response, Problem> {
    erasure::call_off(&app.account, &caller, now).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
