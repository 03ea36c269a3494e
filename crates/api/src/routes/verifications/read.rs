//! `GET /v1/verifications[/{id}]`: own cases, values covered.

use axum::{extract::State, response::Response};
use sarai_account::{
    model::{
        CaseState, Verification, VerificationName, VerificationNumber, VerificationPlate,
        VerificationSecondNumber, VerificationVin,
    },
    usecase::papers,
};
use sarai_kernel::{
    FileId, Query as Find, StoreExt, Stored, Timestamp, VerificationId, purpose::SelfAccess,
};
use sarai_seal::Grant;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::Ctx,
    cursor::List,
    params::{Params, Query},
    problem::Problem,
    routes::{
        masks,
        paging::{Page, Paging},
    },
    shapes::Text2,
    spec::{Routes, Spec},
    version::Fresh,
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/verifications", "verification_list", "Your papers")
                .relation("self")
                .opens("self_access", "open")
                .query::<Page>()
                .lists::<VerificationCard>(),
            list,
        )
        .add(
            Spec::get("/v1/verifications/{id}", "verification_get", "One of your papers")
                .relation("self")
                .opens("self_access", "open")
                .answers::<VerificationDetail>(200),
            read,
        )
}

/// Usual time until papers are looked at.
const USUAL_SECONDS: u64 = 4 * 3_600;

/// Papers and how far their check is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct VerificationCard {
    id: VerificationId,
    version: u64,
    kind: &'static str,
    state: &'static str,
    /// What was handed in, covered.
    summary: String,
    asked_at: Timestamp,
    decided_at: Option<Timestamp>,
    expires_on: Option<String>,
    reasons: Vec<Reason>,
    usual_seconds: Option<u64>,
}

/// Why papers came back.
#[derive(Debug, Serialize, ToSchema)]
struct Reason {
    code: String,
    text: Text2,
    field: Option<String>,
}

/// One's own papers, values covered.
#[derive(Debug, Serialize, ToSchema)]
struct VerificationDetail {
    #[serde(flatten)]
    card: VerificationCard,
    fields: Vec<FieldLine>,
    files: Vec<FileLine>,
}

#[derive(Debug, Serialize, ToSchema)]
struct FieldLine {
    field: String,
    value: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct FileLine {
    file: FileId,
    side: String,
}

/// What a reason says.
pub(crate) fn reason_text(code: &str) -> Text2 {
    let (en, zh) = match code {
        "unreadable" => ("The paper cannot be read", "证件无法辨认"),
        "number_differs" => ("The number differs from the paper", "号码与证件不符"),
        "name_differs" => ("The name differs from the paper", "姓名与证件不符"),
        "expired" => ("The paper has run out", "证件已过期"),
        "wrong_paper" => ("This is another paper", "证件类型不符"),
        "altered" => ("The paper was altered", "证件有涂改痕迹"),
        _ => ("See the note", "见备注"),
    };
    Text2::of(en, Some(zh))
}

/// The sealed fields of a case, each by its name on the wire, covered.
pub(super) fn lines(
    grant: &Grant<SelfAccess>,
    case: &Verification,
) -> Result<Vec<(&'static str, String)>, Problem> {
    let mut lines = Vec::new();
    let name = grant.open_if_present::<VerificationName>(case)?;
    lines.extend(name.map(|name| ("name", masks::ends(name.as_str(), 1, 0))));
    let number = grant.open_if_present::<VerificationNumber>(case)?;
    lines.extend(number.map(|number| ("number", masks::ends(number.as_str(), 3, 4))));
    let second = grant.open_if_present::<VerificationSecondNumber>(case)?;
    lines.extend(second.map(|number| ("second_number", masks::ends(number.as_str(), 3, 4))));
    let vin = grant.open_if_present::<VerificationVin>(case)?;
    lines.extend(vin.map(|number| ("vin", masks::ends(number.as_str(), 3, 4))));
    let plate = grant.open_if_present::<VerificationPlate>(case)?;
    lines.extend(plate.map(|plate| ("plate", masks::ends(plate.as_str(), 2, 2))));
    Ok(lines)
}

/// The card of one's own case.
pub(super) fn card(
    grant: &Grant<SelfAccess>,
    case: &Stored<Verification>,
    now: Timestamp,
) -> Result<VerificationCard, Problem> {
    let record = &case.record;
    let lines = lines(grant, record)?;
    let shown = lines.iter().find(|(name, _)| matches!(*name, "plate" | "number"));
    let over = record.state == CaseState::Approved && !record.holds(now);
    let waiting = matches!(record.state, CaseState::Waiting | CaseState::Claimed);
    let reasons = record.history.last().map(|step| step.reasons.clone()).unwrap_or_default();
    let ends = ["expires_on", "licence_expires_on"].into_iter();
    let ends = ends.filter_map(|name| record.facts.get(name)?.as_str());
    Ok(VerificationCard {
        id: VerificationId::from_uuid(case.id),
        version: case.version,
        kind: record.kind.word(),
        state: if over { "expired" } else { record.state.word() },
        summary: shown.map(|(_, value)| value.clone()).unwrap_or_default(),
        asked_at: record.asked_at,
        decided_at: record.decided_at,
        expires_on: ends.min().map(str::to_owned),
        reasons: reasons
            .into_iter()
            .map(|code| Reason { text: reason_text(&code), field: None, code })
            .collect(),
        usual_seconds: waiting.then_some(USUAL_SECONDS),
    })
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Query(page): Query<Page>,
) -> Result<List<Vec<VerificationCard>>, Problem> {
    let asked = (page.limit, page.cursor.as_deref());
    let paging = Paging::open(&app, "verification_list", caller.actor(), &(), asked, now)?;
    let query = Find::by("verification", "verification.owner", caller.party).newest_first();
    let query = query.limit(paging.limit).after(paging.after);
    let rows = app.store.records::<Verification>(query).await?;
    let grant = app.account.gate.grant_self(&caller, "papers", &papers::FIELDS, now).await?;
    let cards = rows.iter().map(|(case, _)| card(&grant, case, now));
    let items = cards.collect::<Result<Vec<_>, _>>()?;
    let last = rows.last().map(|(case, sort)| (*sort, case.id));
    Ok(List { next_cursor: paging.next(&app, items.len(), last, now)?, items })
}

async fn read(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<VerificationId>,
    fresh: Fresh,
) -> Result<Response, Problem> {
    let case = papers::own(&app.account, &caller, id).await?;
    let grant = app.account.gate.grant_self(&caller, "papers", &papers::FIELDS, now).await?;
    let sealed = lines(&grant, &case.record)?;
    let sealed = sealed.into_iter().map(|(name, value)| (name.to_owned(), value));
    let facts = case.record.facts.iter().map(|(name, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (name.clone(), text)
    });
    let fields = sealed.chain(facts).map(|(field, value)| FieldLine { field, value }).collect();
    let files = case.record.files.iter();
    let files = files.map(|file| FileLine { file: file.file, side: file.side.clone() }).collect();
    let detail = VerificationDetail { card: card(&grant, &case, now)?, fields, files };
    Ok(fresh.answer(case.version, "own", detail))
}
