//! The queue of papers: claimed, opened, approved or sent back.

use axum::{extract::State, response::Response};
use sarai_account::{
    model::{
        CaseState, File, Verification, VerificationName, VerificationNumber, VerificationPlate,
        VerificationSecondNumber, VerificationVin,
    },
    usecase::papers::{self, Deed},
};
use sarai_kernel::{
    FileId, PartyId, Role, StoreExt, Stored, Timestamp, VerificationId, purpose::Verify,
};
use sarai_seal::{Grant, Purpose};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{App, Ctx},
    body::Nothing,
    cursor::List,
    params::{Params, Query},
    post::{Asked, Done, Post},
    problem::Problem,
    routes::paging::Paging,
    shapes::Text2,
    spec::{Routes, Spec},
    version::Fresh,
    who::{Anybody, SteppedUp},
};

const VERIFIERS: &[Role] = &[Role::OpVerify];

pub(super) fn routes() -> Routes {
    let act = |path, id, title| {
        Spec::post(path, id, title)
            .roles(VERIFIERS)
            .relation("op.verify")
            .versioned()
            .step_up()
            .answers::<VerificationRef>(200)
            .problems(&["transition_refused", "four_eyes_required", "already_taken", "not_allowed"])
    };
    Routes::new()
        .add(
            Spec::get("/v1/ops/verifications", "ops_verification_list", "Papers that wait")
                .roles(VERIFIERS)
                .relation("op.verify")
                .step_up()
                .query::<QueuePage>()
                .lists::<OpsVerificationCard>(),
            queue,
        )
        .add(
            Spec::get("/v1/ops/verifications/{id}", "ops_verification_get", "A claimed case")
                .roles(VERIFIERS)
                .relation("op.verify, claimed")
                .step_up()
                .opens("verify", "open")
                .answers::<OpsVerificationDetail>(200),
            read,
        )
        .add(
            act(
                "/v1/ops/verifications/{id}/actions/claim",
                "ops_verification_claim",
                "Take a case",
            )
            .audited("claim")
            .body::<Nothing>(),
            claim,
        )
        .add(
            act(
                "/v1/ops/verifications/{id}/actions/approve",
                "ops_verification_approve",
                "Find papers fine",
            )
            .opens("verify", "approve")
            .body::<Nothing>(),
            approve,
        )
        .add(
            act(
                "/v1/ops/verifications/{id}/actions/refuse",
                "ops_verification_refuse",
                "Send papers back",
            )
            .audited("refuse")
            .body::<OpsRefuse>(),
            refuse,
        )
}

/// Which cases.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QueuePage {
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    #[schema(max_length = 1024)]
    cursor: Option<String>,
    /// `waiting` if not said.
    #[schema(value_type = Option<String>, pattern = "^(waiting|claimed|approved|refused)$")]
    state: Option<CaseState>,
}

/// A case without its papers.
#[derive(Debug, Serialize, ToSchema)]
struct OpsVerificationCard {
    id: VerificationId,
    version: u64,
    kind: &'static str,
    state: &'static str,
    asked_at: Timestamp,
    claimed_by_me: bool,
    /// Tells cases apart; the name opens only with the claim.
    handle: String,
}

fn handle(id: VerificationId) -> String {
    let text = id.to_string().to_uppercase();
    text.get(text.len().saturating_sub(6)..).unwrap_or_default().to_owned()
}

fn card(case: &Stored<Verification>, me: PartyId) -> OpsVerificationCard {
    let id = VerificationId::from_uuid(case.id);
    OpsVerificationCard {
        id,
        version: case.version,
        kind: case.record.kind.word(),
        state: case.record.state.word(),
        asked_at: case.record.asked_at,
        claimed_by_me: case.record.claimed_by == Some(me),
        handle: handle(id),
    }
}

async fn queue(
    State(app): Ctx,
    SteppedUp(caller): SteppedUp,
    Anybody { now, .. }: Anybody,
    Query(page): Query<QueuePage>,
) -> Result<List<Vec<OpsVerificationCard>>, Problem> {
    let state = page.state.unwrap_or(CaseState::Waiting);
    let asked = (page.limit, page.cursor.as_deref());
    let filter = state.word();
    let paging = Paging::open(&app, "ops_verification_list", caller.actor(), &filter, asked, now)?;
    let rows = papers::queue(&app.account, state, paging.limit, paging.after).await?;
    let last = rows.last().map(|(case, sort)| (*sort, case.id));
    let next_cursor = paging.next(&app, rows.len(), last, now)?;
    let items = rows.iter().map(|(case, _)| card(case, caller.party)).collect();
    Ok(List { items, next_cursor })
}

/// A claimed case with its papers. Opening it is logged with the purpose that stands on top.
#[derive(Debug, Serialize, ToSchema)]
struct OpsVerificationDetail {
    #[serde(flatten)]
    card: OpsVerificationCard,
    party: PartyId,
    purpose: PurposeWords,
    fields: Vec<Line>,
    files: Vec<FileLine>,
    history: Vec<HistoryLine>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PurposeWords {
    code: &'static str,
    name: Text2,
}

/// One field of the papers, as handed in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpsVerificationField)]
struct Line {
    field: String,
    label: Text2,
    value: String,
    /// `ok`, `wrong`, `unchecked`.
    check: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpsVerificationFile)]
struct FileLine {
    file: FileId,
    side: String,
    media_type: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpsVerificationStep)]
struct HistoryLine {
    at: Timestamp,
    what: String,
    reasons: Vec<String>,
}

fn label(field: &str) -> Text2 {
    let (en, zh) = match field {
        "name" => ("Name", "姓名"),
        "number" => ("Number", "证件号码"),
        "second_number" => ("Second number", "其他证号"),
        "vin" => ("Vehicle number", "车辆识别代号"),
        "plate" => ("Plate", "车牌号"),
        "class" => ("Class", "准驾车型"),
        "expires_on" | "licence_expires_on" => ("Valid until", "有效期至"),
        "insurance_expires_on" => ("Insured until", "保险有效期至"),
        "qualification_expires_on" => ("Qualified until", "从业资格有效期至"),
        "plate_colour" => ("Plate colour", "车牌颜色"),
        "body" => ("Body", "车型"),
        "length_mm" => ("Length, mm", "车长（毫米）"),
        "payload_kg" => ("Payload, kg", "载重（千克）"),
        "volume_l" => ("Volume, l", "容积（升）"),
        "city_code" => ("City", "所在城市"),
        other => (other, other),
    };
    Text2::of(en, Some(zh))
}

/// What the machine can say of a value: days of expiry against today; the rest is for eyes.
fn machine_check(field: &str, case: &Verification, now: Timestamp) -> &'static str {
    match (field.ends_with("expires_on"), case.until) {
        (true, Some(until)) if until <= now => "wrong",
        (true, Some(_)) => "ok",
        _ => "unchecked",
    }
}

fn lines(grant: &Grant<Verify>, case: &Verification, now: Timestamp) -> Result<Vec<Line>, Problem> {
    let mut lines = Vec::new();
    let mut push = |field: &str, value: String| {
        let check = machine_check(field, case, now);
        lines.push(Line { field: field.to_owned(), label: label(field), value, check });
    };
    if let Some(name) = grant.open_if_present::<VerificationName>(case)? {
        push("name", name.as_str().to_owned());
    }
    if let Some(number) = grant.open_if_present::<VerificationNumber>(case)? {
        push("number", number.as_str().to_owned());
    }
    if let Some(number) = grant.open_if_present::<VerificationSecondNumber>(case)? {
        push("second_number", number.as_str().to_owned());
    }
    if let Some(number) = grant.open_if_present::<VerificationVin>(case)? {
        push("vin", number.as_str().to_owned());
    }
    if let Some(plate) = grant.open_if_present::<VerificationPlate>(case)? {
        push("plate", plate.as_str().to_owned());
    }
    for (field, value) in &case.facts {
        push(field, value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    Ok(lines)
}

async fn files(app: &App, case: &Verification) -> Result<Vec<FileLine>, Problem> {
    let mut lines = Vec::new();
    for paper in &case.files {
        let file = app.store.load::<File>(paper.file.uuid()).await?;
        lines.extend(file.map(|file| FileLine {
            file: paper.file,
            side: paper.side.clone(),
            media_type: file.record.media_type,
        }));
    }
    Ok(lines)
}

async fn read(
    State(app): Ctx,
    SteppedUp(caller): SteppedUp,
    Anybody { now, .. }: Anybody,
    Params(id): Params<VerificationId>,
    fresh: Fresh,
) -> Result<Response, Problem> {
    let case = app.store.load::<Verification>(id.uuid()).await?;
    let case = case.ok_or_else(|| Problem::new("not_found"))?;
    let grant = papers::open(&app.account, &caller, &case, now).await?;
    let fields = lines(&grant, &case.record, now)?;
    drop(grant);
    let files = files(&app, &case.record).await?;
    let history = case.record.history.iter().map(|step| HistoryLine {
        at: step.at,
        what: step.what.clone(),
        reasons: step.reasons.clone(),
    });
    let detail = OpsVerificationDetail {
        card: card(&case, caller.party),
        party: case.record.owner,
        purpose: PurposeWords {
            code: Verify::NAME,
            name: Text2::of(Verify::ENTRY.en, Some(Verify::ENTRY.zh)),
        },
        fields,
        files,
        history: history.collect(),
    };
    Ok(fresh.answer(case.version, "claimed", detail))
}

#[derive(Debug, Serialize, ToSchema)]
struct VerificationRef {
    id: VerificationId,
    version: u64,
    state: &'static str,
}

/// Why papers are sent back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OpsRefuse {
    #[schema(min_items = 1, max_items = 6)]
    reasons: Vec<String>,
    #[schema(max_length = 500)]
    words: Option<String>,
}

async fn act<T>(
    app: &App,
    asked: Asked<T>,
    id: VerificationId,
    deed: Deed,
) -> Result<sarai_kernel::Outcome, sarai_kernel::UseCaseError> {
    let needed = || sarai_kernel::Refusal::new("version_required", sarai_kernel::Kind::Malformed);
    let version = asked.version.ok_or_else(needed)?;
    papers::act(&app.account, &asked.caller, id, version, deed, asked.command).await
}

async fn claim(
    State(app): Ctx,
    Params(id): Params<VerificationId>,
    post: Post<Nothing>,
) -> Result<Done, Problem> {
    let room = &*app;
    post.once(&app, |asked| act(room, asked, id, Deed::Claim)).await
}

async fn approve(
    State(app): Ctx,
    Params(id): Params<VerificationId>,
    post: Post<Nothing>,
) -> Result<Done, Problem> {
    let room = &*app;
    post.once(&app, |asked| act(room, asked, id, Deed::Approve)).await
}

async fn refuse(
    State(app): Ctx,
    Params(id): Params<VerificationId>,
    post: Post<OpsRefuse>,
) -> Result<Done, Problem> {
    let room = &*app;
    post.once(&app, |mut asked| {
        let reasons = std::mem::take(&mut asked.body.reasons);
        let words = asked.body.words.take();
        act(room, asked, id, Deed::Refuse { reasons, words })
    })
    .await
}
