//! Reviews as a procedure: cases, read by reviewers and the privacy officer, carried on by the side whose deed it is.

use axum::{extract::State, response::Response};
use sarai_kernel::{Caller, CaseId, Role, Stored, Timestamp};
use sarai_review::case::{Case, Cases, Clock, Deed, NewCase, Side, allowed, examples};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    app::{App, Ctx},
    cursor::List,
    params::{Params, Query},
    post::{Done, Post},
    problem::Problem,
    routes::paging::{Page, Paging},
    shapes::Text2,
    spec::{Routes, Spec},
    version::Fresh,
    who::{Anybody, SignedIn},
};

const READERS: &[Role] = &[Role::Reviewer, Role::PrivacyOfficer];
const REVIEWERS: &[Role] = &[Role::Reviewer];

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/review/cases", "review_case_list", "Cases, newest first")
                .roles(READERS)
                .relation("rev, po")
                .query::<Page>()
                .lists::<CaseCard>(),
            list,
        )
        .add(
            Spec::post("/v1/review/cases", "review_case_open", "Open a case")
                .roles(REVIEWERS)
                .relation("rev")
                .step_up()
                .audited("case_deed")
                .body::<CaseNew>()
                .answers::<CaseRef>(201)
                .problems(&["already_taken"]),
            open,
        )
        .add(
            Spec::get("/v1/review/cases/{id}", "review_case_get", "A case with its clocks")
                .roles(READERS)
                .relation("rev, po")
                .answers::<CaseDetail>(200),
            read,
        )
        .add(
            Spec::post("/v1/review/cases/{id}/deeds", "review_case_deed", "Carry a case on")
                .roles(READERS)
                .relation("rev: the own case; po: materials and replies")
                .step_up()
                .versioned()
                .audited("case_deed")
                .body::<Deed>()
                .answers::<CaseRef>(200)
                .problems(&["transition_refused", "quota_spent", "not_allowed"]),
            act,
        )
        .add(
            Spec::get("/v1/review/examples", "review_examples", "The reviews of 2021, day by day")
                .roles(READERS)
                .relation("rev, po")
                .lists::<ExampleView>(),
            timelines,
        )
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AuthorityName {
    #[schema(min_length = 1, max_length = 200)]
    en: String,
    #[schema(min_length = 1, max_length = 200)]
    zh: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CaseNew {
    #[schema(min_length = 1, max_length = 80)]
    number: String,
    authority: AuthorityName,
    /// A platform, a product, a listing. No person.
    #[schema(min_length = 1, max_length = 200)]
    about: String,
    /// Taken up by the authority itself.
    ex_officio: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct CaseRef {
    id: CaseId,
    version: u64,
    /// The phase after it.
    state: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct CaseCard {
    id: CaseId,
    version: u64,
    number: String,
    authority: Text2,
    about: String,
    phase: &'static str,
    opened_on: String,
    updated_at: Timestamp,
    /// The caller carries it on.
    own: bool,
    clocks: Vec<ClockView>,
    open_questions: Vec<u32>,
    open_materials: Vec<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ClockView {
    step: &'static str,
    cite: &'static str,
    /// `text` or `memory`.
    checked: &'static str,
    from: String,
    days: u16,
    extended: u16,
    gone: u16,
    last_day: Option<String>,
    /// `running`, `stopped`, `done`, `done_late`, `overdue`.
    state: Value,
}

impl From<Clock> for ClockView {
    fn from(clock: Clock) -> Self {
        Self {
            step: clock.step,
            cite: clock.cite,
            checked: clock.checked,
            from: clock.from,
            days: clock.days,
            extended: clock.extended,
            gone: clock.gone,
            last_day: clock.last_day,
            state: serde_json::to_value(clock.state).unwrap_or_default(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct CaseDetail {
    card: CaseCard,
    timeline: Vec<Line>,
    /// Deeds that the caller may do now.
    allowed_now: Vec<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseLine)]
struct Line {
    on: String,
    at: Timestamp,
    /// `reviewer` or `party`.
    by: Side,
    /// The deed with its members, as it was handed in.
    #[schema(value_type = Object)]
    deed: Deed,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReviewExample)]
struct ExampleView {
    id: &'static str,
    name: Text2,
    /// Days for which new registrations stood still.
    registration_days: Option<i32>,
    moments: Vec<MomentView>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReviewMoment)]
struct MomentView {
    on: String,
    what: Text2,
    order: Option<&'static str>,
    lifts: Option<&'static str>,
    checked: &'static str,
}

fn card(app: &App, caller: &Caller, stored: Stored<Case>, now: Timestamp) -> CaseCard {
    let case = &stored.record;
    let standing = app.cases.standing(case, now);
    CaseCard {
        id: CaseId::from_uuid(stored.id),
        version: stored.version,
        phase: standing.phase.word(),
        opened_on: case.entries.first().map_or_else(String::new, |entry| entry.on.to_string()),
        updated_at: stored.updated_at,
        own: Cases::side(caller, case) == Some(Side::Reviewer),
        clocks: standing.clocks.into_iter().map(Into::into).collect(),
        open_questions: standing.open_questions,
        open_materials: standing.open_materials,
        number: stored.record.number,
        authority: Text2 { en: stored.record.authority.en, zh: stored.record.authority.zh },
        about: stored.record.about,
    }
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    anybody: Anybody,
    Query(page): Query<Page>,
) -> Result<List<Vec<CaseCard>>, Problem> {
    let now = anybody.now;
    let asked = (page.limit, page.cursor.as_deref());
    let paging = Paging::open(&app, "review_case_list", anybody.principal(), &(), asked, now)?;
    let found = app.cases.list(&caller, paging.limit, paging.after).await?;
    let last = found.last().map(|(case, sort)| (*sort, case.id));
    let next_cursor = paging.next(&app, found.len(), last, now)?;
    let items = found.into_iter().map(|(case, _)| card(&app, &caller, case, now)).collect();
    Ok(List { items, next_cursor })
}

async fn open(State(app): Ctx, post: Post<CaseNew>) -> Result<Done, Problem> {
    let cases = &app.cases;
    post.once(&app, |asked| async move {
        let CaseNew { number, authority, about, ex_officio } = asked.body;
        let authority = (authority.en, authority.zh);
        let new = NewCase { number, authority, about, ex_officio };
        cases.open(&asked.caller, &new, asked.command).await
    })
    .await
}

async fn read(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<CaseId>,
    fresh: Fresh,
) -> Result<Response, Problem> {
    let stored = app.cases.read(&caller, id).await?;
    let (version, case) = (stored.version, stored.record.clone());
    let side = Cases::side(&caller, &case);
    let allowed_now = side.map_or_else(Vec::new, |side| allowed(&case, side));
    let line = |entry: &sarai_review::case::Entry| Line {
        on: entry.on.to_string(),
        at: entry.at,
        by: entry.deed.side(),
        deed: entry.deed.clone(),
    };
    let timeline = case.entries.iter().map(line).collect();
    let card = card(&app, &caller, stored, now);
    Ok(fresh.answer(version, "case", CaseDetail { card, timeline, allowed_now }))
}

async fn act(
    State(app): Ctx,
    Params(id): Params<CaseId>,
    post: Post<Deed>,
) -> Result<Done, Problem> {
    let cases = &app.cases;
    post.once(&app, |asked| async move {
        let version = asked.version.unwrap_or_default();
        cases.act(&asked.caller, id, asked.body, version, asked.command).await
    })
    .await
}

async fn timelines(_: SignedIn) -> Result<List<Vec<ExampleView>>, Problem> {
    let moment = |one: &'static sarai_review::case::Moment| MomentView {
        on: one.on.to_string(),
        what: Text2::of(&one.what.en, Some(&one.what.zh)),
        order: one.order.as_deref(),
        lifts: one.lifts.as_deref(),
        checked: &one.checked,
    };
    let items = examples().iter().map(|example| ExampleView {
        id: &example.id,
        name: Text2::of(&example.name.en, Some(&example.name.zh)),
        registration_days: example.registration_days(),
        moments: example.moments.iter().map(moment).collect(),
    });
    Ok(List { items: items.collect(), next_cursor: None })
}
