//! Directives: authorities hand in signed orders and lift them; everybody can read which there are, and check them.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use sarai_gate::directive::{self, Directive, Paper, Scope};
use sarai_kernel::{DirectiveId, RecipientId, Stored, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{App, Ctx},
    body::Raw,
    cursor::List,
    params::{Params, Query},
    problem::Problem,
    routes::paging::{Page, Paging},
    shapes::Text2,
    spec::{Routes, Spec},
    version::Fresh,
    who::Anybody,
};

/// Largest signed document with its signature, in base64.
const PAPER_BYTES_MAX: usize = 24 * 1024;

pub(super) fn routes() -> Routes {
    // The signature is the right to come in, and the sequence number what a key is elsewhere: nothing is done twice.
    let signed = |path, id, title| {
        Spec::post(path, id, title)
            .anyone()
            .relation("auth: signed by a registered authority key")
            .keyless()
            .cost(20)
            .bytes_in(&["application/json"], PAPER_BYTES_MAX)
            .problems(&["directive_refused", "busy_retry"])
    };
    Routes::new()
        .add(
            signed("/v1/directives", "directive_post", "Hand in a signed order")
                .audited("directive_issued or directive_refused")
                .answers::<DirectiveRef>(201),
            issue,
        )
        .add(
            Spec::get("/v1/directives", "directive_list", "Orders of authorities, newest first")
                .anyone()
                .query::<Page>()
                .lists::<WireDirective>(),
            list,
        )
        .add(
            Spec::get("/v1/directives/{id}", "directive_get", "An order of an authority")
                .anyone()
                .answers::<WireDirective>(200),
            one,
        )
        .add(
            signed("/v1/directives/{id}/lift", "directive_lift", "Lift an order")
                .audited("directive_lifted or directive_refused")
                .answers::<DirectiveRef>(200),
            lift,
        )
}

/// Where to look.
#[derive(Debug, Serialize, ToSchema)]
struct DirectiveRef {
    id: DirectiveId,
    version: u64,
    /// `coming`, `in_force`, `expired`, `lifted`.
    state: String,
}

/// An order with the document that was signed, so that anybody can check it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Directive)]
pub(super) struct WireDirective {
    id: DirectiveId,
    version: u64,
    number: String,
    authority: Text2,
    effect: &'static str,
    scope: WireScope,
    basis: Vec<String>,
    /// Whether the wording of every article of the basis was read (`text`) or is known from memory (`memory`).
    checked: String,
    /// `coming`, `in_force`, `expired`, `lifted`.
    state: &'static str,
    issued_at: Timestamp,
    since: Timestamp,
    until: Option<Timestamp>,
    /// Number of the decision that lifted it.
    lifted_by: Option<String>,
    lifted_at: Option<Timestamp>,
    /// Past the moment by which it was to be put right.
    overdue: bool,
    sequence: u64,
    /// Fingerprint of the key that signed it.
    key: String,
    /// The exact bytes that were signed after `sarai-directive-v1` and a line feed, base64url.
    document: String,
    /// Ed25519, base64url.
    signature: String,
}

/// To what an order applies.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DirectiveScope)]
struct WireScope {
    packages: Vec<String>,
    countries: Vec<String>,
    recipients: Vec<RecipientId>,
    categories: Vec<String>,
    by: Option<Timestamp>,
    what: Option<Text2>,
}

impl From<Scope> for WireScope {
    fn from(scope: Scope) -> Self {
        Self {
            packages: scope.packages,
            countries: scope.countries,
            recipients: scope.recipients,
            categories: scope.categories,
            by: scope.by,
            what: scope.what.map(|what| Text2 { en: what.en, zh: what.zh }),
        }
    }
}

fn view(app: &App, found: Stored<Directive>, now: Timestamp) -> WireDirective {
    let Stored { version, record, .. } = found;
    let legal = app.gate.orders().legal(&record);
    let (state, overdue) = (record.state(now), record.is_overdue(now));
    let Directive { order, paper, authority, lifted, .. } = record;
    WireDirective {
        id: order.id,
        version,
        number: order.number,
        authority: Text2 { en: authority.en, zh: authority.zh },
        effect: order.effect.word(),
        scope: order.scope.into(),
        basis: order.basis,
        checked: legal["checked"].as_str().unwrap_or("memory").to_owned(),
        state,
        issued_at: order.issued_at,
        since: order.not_before,
        until: order.expires,
        lifted_at: lifted.as_ref().map(|lifted| lifted.at),
        lifted_by: lifted.map(|lifted| lifted.number),
        overdue,
        sequence: order.sequence,
        key: order.authority,
        document: paper.document,
        signature: paper.signature,
    }
}

/// The paper in a body: exactly its two members.
fn paper(raw: &Raw) -> Result<Paper, Problem> {
    serde_json::from_slice(&raw.bytes).map_err(|_| Problem::new("body_malformed"))
}

async fn issue(
    State(app): Ctx,
    Anybody { now, .. }: Anybody,
    raw: Raw,
) -> Result<Response, Problem> {
    let taken = directive::issue(&app.gate, &paper(&raw)?, now).await?;
    Ok((StatusCode::CREATED, axum::Json(taken.body)).into_response())
}

async fn lift(
    State(app): Ctx,
    Anybody { now, .. }: Anybody,
    Params(id): Params<DirectiveId>,
    raw: Raw,
) -> Result<Response, Problem> {
    let lifted = directive::lift(&app.gate, &paper(&raw)?, Some(id), now).await?;
    Ok(axum::Json(lifted.body).into_response())
}

async fn list(
    State(app): Ctx,
    anybody: Anybody,
    Query(page): Query<Page>,
) -> Result<List<Vec<WireDirective>>, Problem> {
    let now = anybody.now;
    let asked = (page.limit, page.cursor.as_deref());
    let paging = Paging::open(&app, "directive_list", anybody.principal(), &(), asked, now)?;
    let found = directive::list(app.store.as_ref(), paging.limit, paging.after).await?;
    let last = found.last().map(|(one, sort)| (*sort, one.id));
    let next_cursor = paging.next(&app, found.len(), last, now)?;
    let items = found.into_iter().map(|(one, _)| view(&app, one, now)).collect();
    Ok(List { items, next_cursor })
}

async fn one(
    State(app): Ctx,
    Anybody { now, .. }: Anybody,
    Params(id): Params<DirectiveId>,
    fresh: Fresh,
) -> Result<Response, Problem> {
    let found = directive::one(app.store.as_ref(), id).await?;
    // What time alone changes is part of the view's name, so that nobody keeps an old state.
    let tag = format!("{}{}", found.record.state(now), u8::from(found.record.is_overdue(now)));
    Ok(fresh.answer(found.version, &tag, view(&app, found, now)))
}
