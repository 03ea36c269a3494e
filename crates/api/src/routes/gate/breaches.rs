//! The breach kit: whose data, which fields, what left, and whom to tell by when.

use axum::extract::State;
use sarai_gate::breach::{self, Breach, BreachForm, NOTIFY};
use sarai_kernel::{BreachId, PartyId, Stored, Timestamp, time::HOUR};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::OFFICER;
use crate::{
    app::Ctx,
    cursor::List,
    params::{Params, Query},
    post::{Done, Post},
    problem::Problem,
    routes::paging::{Page, Paging},
    shapes::Text2,
    spec::{Class, Routes, Spec},
    who::{Anybody, SteppedUp},
};

pub(super) fn routes() -> Routes {
    let officer = |spec: Spec| spec.roles(OFFICER).relation("po").step_up().class(Class::Export);
    Routes::new()
        .add(
            officer(Spec::post("/v1/gate/breaches", "gate_breach_post", "Look into a breach"))
                .cost(60)
                .audited("breach_opened")
                .body::<BreachNew>()
                .answers::<BreachMade>(201),
            open,
        )
        .add(
            officer(Spec::get("/v1/gate/breaches", "gate_breach_list", "Breaches looked into"))
                .query::<Page>()
                .lists::<WireBreach>(),
            list,
        )
        .add(
            officer(Spec::get("/v1/gate/breaches/{id}", "gate_breach_get", "A breach"))
                .answers::<WireBreach>(200),
            one,
        )
        .add(
            officer(Spec::get(
                "/v1/gate/breaches/{id}/persons",
                "gate_breach_persons",
                "Whose data, and which fields",
            ))
            .cost(60)
            .query::<Page>()
            .lists::<WireConcerned>(),
            persons,
        )
}

/// A window, and who is suspect.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BreachNew {
    /// What is known, in one line without anybody's data.
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    from: Timestamp,
    to: Timestamp,
    /// Parties, keys or workers as the audit log names them; none means everybody.
    #[serde(default)]
    #[schema(max_items = 100)]
    actors: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct BreachMade {
    id: BreachId,
    version: u64,
    state: String,
    persons: u64,
}

/// A breach as it was looked into.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Breach)]
struct WireBreach {
    id: BreachId,
    version: u64,
    title: String,
    from: Timestamp,
    to: Timestamp,
    actors: Vec<String>,
    found_at: Timestamp,
    persons: u64,
    fields: Vec<FieldReach>,
    openings: u64,
    transfers: u64,
    /// There was more than one look goes through: narrow the window.
    more: bool,
    tell: Vec<Tell>,
}

#[derive(Debug, Serialize, ToSchema)]
struct FieldReach {
    field: String,
    persons: u64,
}

/// Whom to tell, by when, and what.
#[derive(Debug, Serialize, ToSchema)]
struct Tell {
    whom: Text2,
    /// Absent where the law says "at once".
    by: Option<Timestamp>,
    at_once: bool,
    say: Text2,
    cite: &'static str,
    checked: &'static str,
}

fn view(found: Stored<Breach>) -> WireBreach {
    let Stored { id, version, record, .. } = found;
    let tell = NOTIFY.iter().map(|duty| Tell {
        whom: Text2::of(duty.whom.0, Some(duty.whom.1)),
        by: duty.hours.map(|hours| record.found_at.plus(hours * HOUR)),
        at_once: duty.hours.is_none(),
        say: Text2::of(duty.say.0, Some(duty.say.1)),
        cite: duty.cite,
        checked: duty.checked,
    });
    WireBreach {
        id: BreachId::from_uuid(id),
        version,
        tell: tell.collect(),
        title: record.title,
        from: record.from,
        to: record.to,
        actors: record.actors,
        found_at: record.found_at,
        persons: record.persons,
        fields: record
            .fields
            .into_iter()
            .map(|(field, persons)| FieldReach { field, persons })
            .collect(),
        openings: record.openings,
        transfers: record.transfers,
        more: record.more,
    }
}

/// A person concerned. No name: who must be told is found by the id, under a purpose of its own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BreachPerson)]
struct WireConcerned {
    party: PartyId,
    fields: Vec<String>,
    times: u64,
    first: Timestamp,
    last: Timestamp,
}

async fn open(State(app): Ctx, post: Post<BreachNew>) -> Result<Done, Problem> {
    let store = app.store.as_ref();
    post.once(&app, |asked| async move {
        let BreachNew { title, from, to, actors } = asked.body;
        let form = BreachForm { title, from, to, actors };
        breach::open(store, &asked.caller, form, asked.command).await
    })
    .await
}

async fn list(
    State(app): Ctx,
    SteppedUp(caller): SteppedUp,
    Anybody { now, .. }: Anybody,
    Query(page): Query<Page>,
) -> Result<List<Vec<WireBreach>>, Problem> {
    let asked = (page.limit, page.cursor.as_deref());
    let paging = Paging::open(&app, "gate_breach_list", caller.actor(), &(), asked, now)?;
    let found = breach::list(app.store.as_ref(), paging.limit, paging.after).await?;
    let last = found.last().map(|(one, sort)| (*sort, one.id));
    let next_cursor = paging.next(&app, found.len(), last, now)?;
    Ok(List { items: found.into_iter().map(|(one, _)| view(one)).collect(), next_cursor })
}

async fn one(
    State(app): Ctx,
    SteppedUp(_): SteppedUp,
    Params(id): Params<BreachId>,
) -> Result<axum::Json<WireBreach>, Problem> {
    Ok(axum::Json(view(breach::one(app.store.as_ref(), id).await?)))
}

async fn persons(
    State(app): Ctx,
    SteppedUp(caller): SteppedUp,
    Anybody { now, .. }: Anybody,
    Params(id): Params<BreachId>,
    Query(page): Query<Page>,
) -> Result<List<Vec<WireConcerned>>, Problem> {
    let asked = (page.limit, page.cursor.as_deref());
    let paging = Paging::open(&app, "gate_breach_persons", caller.actor(), &id, asked, now)?;
    let found = breach::one(app.store.as_ref(), id).await?.record;
    let reach = breach::reach(app.store.as_ref(), (found.from, found.to), &found.actors).await?;
    let start = paging.after.map_or(Uuid::nil(), |(_, last)| last);
    let later = reach.persons.into_iter().filter(|(who, _)| *who > start);
    let items: Vec<WireConcerned> = later
        .take(paging.limit as usize)
        .map(|(who, one)| WireConcerned {
            party: PartyId::from_uuid(who),
            fields: one.fields.into_iter().collect(),
            times: one.times,
            first: one.first,
            last: one.last,
        })
        .collect();
    let last = items.last().map(|one| (0, one.party.uuid()));
    let next_cursor = paging.next(&app, items.len(), last, now)?;
    Ok(List { items, next_cursor })
}
