//! Parties at the desk: found by contact or id under a case number, suspended, restored, signed out.

use axum::{extract::State, response::Response};
use sarai_account::usecase::{
    profile::own_party,
    send_code::Contact,
    sessions,
    staff::{self, by_contact},
};
use sarai_gate::Ask;
use sarai_kernel::{
    Caller, FieldError, Outcome, PartyId, Query as Find, Refusal, Role, Stored, Timestamp,
    UseCaseError,
    party::{Party, PartyDisplayName, Standing},
    personal::Name,
    purpose::Support,
};
use sarai_seal::{Disclose, Disclosed, Scope, Sealed, SubjectId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::{App, Ctx},
    body::Json,
    cursor::List,
    params::Params,
    post::{Done, Post},
    problem::Problem,
    routes::{
        cards::{RatingSum, display_name, rating},
        me::{Checks, checks},
    },
    shapes::Text2,
    spec::{Routes, Spec},
    version::Fresh,
    who::{Anybody, SignedIn},
};

const SUPPORT: &[Role] = &[Role::OpSupport];
const ADMIN: &[Role] = &[Role::OpAdmin];

pub(super) fn routes() -> Routes {
    let act =
        |path, id, title| Spec::post(path, id, title).body::<Decide>().answers::<PartyRef>(200);
    Routes::new()
        .add(
            Spec::search("/v1/ops/parties/search", "ops_party_search", "Find a party")
                .roles(SUPPORT)
                .relation("op.support")
                .opens("support", "open")
                .body::<OpsPartySearch>()
                .lists::<OpsPartyShape>(),
            search,
        )
        .add(
            Spec::get("/v1/ops/parties/{id}", "ops_party_get", "A party")
                .roles(SUPPORT)
                .relation("op.support")
                .opens("support", "open")
                .answers::<OpsPartyShape>(200),
            read,
        )
        .add(
            act("/v1/ops/parties/{id}/actions/suspend", "ops_party_suspend", "Suspend a party")
                .roles(ADMIN)
                .relation("op.admin")
                .step_up()
                .audited("suspend"),
            suspend,
        )
        .add(
            act(
                "/v1/ops/parties/{id}/actions/restore",
                "ops_party_restore",
                "Let a party act again",
            )
            .roles(ADMIN)
            .relation("op.admin")
            .step_up()
            .audited("restore"),
            restore,
        )
        .add(
            act(
                "/v1/ops/parties/{id}/actions/end-sessions",
                "ops_party_end_sessions",
                "Sign a party out everywhere",
            )
            .roles(&[Role::OpSupport, Role::OpAdmin])
            .relation("op.support")
            .audited("end_sessions"),
            end_sessions,
        )
}

/// Equality only, and a case number that says why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OpsPartySearch {
    #[schema(max_length = 20)]
    phone: Option<String>,
    #[schema(max_length = 254)]
    email: Option<String>,
    id: Option<PartyId>,
    #[schema(min_length = 3, max_length = 40)]
    case: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Decide {
    #[schema(min_length = 3, max_length = 300)]
    reason: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct PartyRef {
    id: PartyId,
    version: u64,
    state: &'static str,
}

#[derive(Disclose)]
struct OpsParty {
    #[view]
    card: Card,
    version: u64,
    suspended: bool,
    verification: Checks,
    sessions: usize,
    orders: Orders,
    history: Vec<HistoryLine>,
}

#[derive(Disclose)]
struct Card {
    #[subject]
    #[serde(skip)]
    subject: SubjectId,
    id: PartyId,
    display_name: Sealed<Name, PartyDisplayName>,
    roles: Vec<&'static str>,
    verified: bool,
    rating: Option<RatingSum>,
    since: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpsPartyOrders)]
struct Orders {
    running: usize,
    done: u64,
    cancelled: usize,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpsPartyHistory)]
struct HistoryLine {
    at: Timestamp,
    what: String,
    by: Text2,
}

/// A party as the desk sees it: no contact data.
#[derive(ToSchema)]
#[schema(as = OpsParty)]
#[expect(dead_code, reason = "shape of the document")]
struct OpsPartyShape {
    card: CardShape,
    version: u64,
    suspended: bool,
    verification: Checks,
    sessions: u64,
    orders: Orders,
    history: Vec<HistoryLine>,
}

#[derive(ToSchema)]
#[schema(as = OpsPartyCard)]
#[expect(dead_code, reason = "shape of the document")]
struct CardShape {
    id: PartyId,
    display_name: String,
    roles: Vec<String>,
    verified: bool,
    rating: Option<RatingSum>,
    since: String,
}

/// Audit rows that the history looks through.
const HISTORY_ROWS: u32 = 200;
/// Orders that are counted.
const ORDERS_MAX: u32 = 1_000;

async fn view(
    app: &App,
    caller: &Caller,
    party: Stored<Party>,
    case: &str,
    now: Timestamp,
) -> Result<(u64, Disclosed<OpsParty, Support>), Problem> {
    let id = PartyId::from_uuid(party.id);
    let ask = Ask {
        actor: caller.actor(),
        caller: Some(caller),
        relation: "staff",
        resource_kind: "card",
        resource: id.to_string(),
        stage: "",
        case: Some(case),
        consent: false,
        scope: Scope::One(id.subject()),
        fields: &["party.display_name"],
    };
    let grant = app.account.gate.grant::<Support>(ask, now).await?;
    let record = &party.record;
    let verification = checks(app, id, record, now).await?;
    let sessions = sessions::list(&app.account, id, now).await?.len();
    let view = OpsParty {
        card: Card {
            subject: record.subject,
            id,
            display_name: display_name(record, id),
            roles: record.roles.iter().map(|role| role.word()).collect(),
            verified: record.is_verified("person", now) || record.is_verified("company", now),
            rating: rating(record),
            since: party.created_at.to_string().chars().take(10).collect(),
        },
        version: party.version,
        suspended: matches!(record.standing, Standing::Suspended { .. }),
        verification,
        sessions,
        orders: orders(app, id, record).await?,
        history: history(app, id).await?,
    };
    Ok((party.version, grant.disclose(view)?))
}

async fn orders(app: &App, id: PartyId, record: &Party) -> Result<Orders, Problem> {
    let count = |state: &str| {
        let value = format!("{id}:{state}");
        app.store.find(Find::by("order", "order.party_open", value).limit(ORDERS_MAX))
    };
    let (running, over) = (count("open").await?.len(), count("closed").await?.len());
    let done = record.completed;
    let cancelled = over.saturating_sub(usize::try_from(done).unwrap_or(usize::MAX));
    Ok(Orders { running, done, cancelled })
}

/// Security events of the account: what was done with it, and by whom in which office.
async fn history(app: &App, id: PartyId) -> Result<Vec<HistoryLine>, Problem> {
    let rows = app.store.audit_of(id.subject(), None, HISTORY_ROWS).await?;
    let events = rows.into_iter().filter(|row| !matches!(row.action.as_str(), "open" | "refuse"));
    Ok(events
        .map(|row| HistoryLine {
            at: row.at,
            by: match row.actor.as_str() {
                actor if actor == id.to_string() => Text2::of("The member", Some("会员本人")),
                "anonymous" => Text2::of("Somebody not signed in", Some("未登录者")),
                _ => Text2::of("Staff", Some("工作人员")),
            },
            what: row.action,
        })
        .collect())
}

async fn search(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Json(wanted): Json<OpsPartySearch>,
) -> Result<List<Vec<Disclosed<OpsParty, Support>>>, Problem> {
    let case = wanted.case.trim();
    if case.chars().count() < 3 {
        return Err(Problem::field("/case", "too_short"));
    }
    let contact = wanted.phone.as_deref().or(wanted.email.as_deref());
    let found = match (wanted.id, contact) {
        (Some(id), None) => own_party(&app.account, id).await.ok(),
        (None, Some(text)) => {
            let contact =
                Contact::parse(text).ok_or_else(|| Problem::field("/phone", "pattern"))?;
            by_contact(&app.account, contact, now).await?
        }
        _ => return Err(Problem::field("/phone", "required")),
    };
    let mut items = Vec::new();
    if let Some(party) = found {
        items.push(view(&app, &caller, party, case, now).await?.1);
    }
    Ok(List { items, next_cursor: None })
}

async fn read(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<PartyId>,
    fresh: Fresh,
) -> Result<Response, Problem> {
    let party = own_party(&app.account, id).await?;
    // The card shows no contact data; the party's own number stands for the case.
    let case = id.to_string();
    let (version, view) = view(&app, &caller, party, &case, now).await?;
    Ok(fresh.answer(version, "desk", view))
}

async fn stand(
    app: &App,
    id: PartyId,
    post: Post<Decide>,
    suspended: bool,
) -> Result<Done, Problem> {
    let account = &app.account;
    post.once(app, |asked| async move {
        let reason = asked.body.reason.trim();
        if reason.chars().count() < 3 {
            let short = FieldError::new("/reason", "too_short").with("min", 3);
            return Err(UseCaseError::Refused(Refusal::invalid(vec![short])));
        }
        let (caller, now) = (&asked.caller, asked.command.now);
        let why = suspended.then_some(reason);
        let version = staff::suspend(account, caller, id, why, now).await?;
        let state = if suspended { "suspended" } else { "active" };
        Ok(Outcome::of(200, id, version).state(state))
    })
    .await
}

async fn suspend(
    State(app): Ctx,
    Params(id): Params<PartyId>,
    post: Post<Decide>,
) -> Result<Done, Problem> {
    stand(&app, id, post, true).await
}

async fn restore(
    State(app): Ctx,
    Params(id): Params<PartyId>,
    post: Post<Decide>,
) -> Result<Done, Problem> {
    stand(&app, id, post, false).await
}

async fn end_sessions(
    State(app): Ctx,
    Params(id): Params<PartyId>,
    post: Post<Decide>,
) -> Result<Done, Problem> {
    let account = &app.account;
    post.once(&app, |asked| async move {
        let version = staff::end_sessions(account, &asked.caller, id, asked.command.now).await?;
        Ok(Outcome::of(200, id, version).state("signed_out"))
    })
    .await
}
