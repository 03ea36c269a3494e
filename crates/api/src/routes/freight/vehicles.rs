//! A trucker's vehicles. The plate is opened for its owner alone.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use sarai_freight::{
    input::{VehicleNew, VehiclePatch},
    model::{Vehicle, VehicleCheck, vehicle::VehiclePlate},
    usecase::vehicles::{add_vehicle, edit_vehicle},
};
use sarai_gate::{Ask, words};
use sarai_kernel::{
    Caller, Role, Timestamp, TruckId, document::Stored, personal::Plate, purpose::Deliver,
    time::DAY,
};
use sarai_seal::{Disclose, Disclosed, Scope, Sealed, SubjectId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{App, Ctx},
    cursor::List,
    params::{PageQuery, Params, Query},
    post::{Done, Patch, Post},
    problem::Problem,
    spec::{Routes, Spec},
    version::{Fresh, Tagged},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/freight/vehicles", "freight_vehicle_list", "Own vehicles")
                .relation("owner")
                .opens("deliver", "open")
                .query::<PageQuery>()
                .lists::<VehicleView>()
                .scope("freight.vehicles:read"),
            list,
        )
        .add(
            Spec::post("/v1/freight/vehicles", "freight_vehicle_post", "Add a vehicle")
                .roles(&[Role::Trucker])
                .relation("trucker")
                .opens("deliver", "open")
                .body::<VehicleNew>()
                .answers::<VehicleView>(201)
                .scope("freight.vehicles:write")
                .problems(&["quota_spent", "account_suspended"]),
            add,
        )
        .add(
            Spec::get("/v1/freight/vehicles/{id}", "freight_vehicle_get", "One own vehicle")
                .relation("owner")
                .opens("deliver", "open")
                .answers::<VehicleView>(200)
                .scope("freight.vehicles:read")
                .problems(&["not_found"]),
            get,
        )
        .add(
            Spec::patch(
                "/v1/freight/vehicles/{id}",
                "freight_vehicle_patch",
                "Change a vehicle; it is checked anew",
            )
            .relation("owner")
            .opens("deliver", "open")
            .body::<VehiclePatch>()
            .answers::<VehicleView>(200)
            .scope("freight.vehicles:write")
            .problems(&["not_found", "account_suspended"]),
            patch,
        )
}

/// A paper of a vehicle.
#[derive(Debug, Serialize, ToSchema)]
struct PaperView {
    kind: String,
    expires_on: String,
    state: &'static str,
}

/// A vehicle, for its owner.
#[derive(Disclose, ToSchema)]
#[schema(as = Vehicle)]
struct VehicleView {
    #[subject]
    #[serde(skip)]
    #[schema(ignore)]
    subject: SubjectId,
    #[schema(value_type = String)]
    id: TruckId,
    version: u64,
    #[schema(value_type = String)]
    plate: Sealed<Plate, VehiclePlate>,
    plate_colour: &'static str,
    body: &'static str,
    length_mm: u32,
    payload_kg: i64,
    volume_l: Option<i64>,
    verification: &'static str,
    papers: Vec<PaperView>,
}

/// A paper that ends within a month is about to expire.
const SOON_MICROS: i64 = 30 * DAY;

fn view(stored: Stored<Vehicle>, now: Timestamp) -> VehicleView {
    let vehicle = stored.record;
    let paper = |paper: &sarai_freight::model::Paper| PaperView {
        kind: paper.kind.clone(),
        expires_on: paper.expires_at.to_string().chars().take(10).collect(),
        state: match paper.expires_at.since(now) {
            ..=0 => "expired",
            left if left < SOON_MICROS => "expiring",
            _ => "valid",
        },
    };
    VehicleView {
        subject: vehicle.subject,
        id: TruckId::from_uuid(stored.id),
        version: stored.version,
        plate_colour: vehicle.plate_colour.word(),
        body: vehicle.body.word(),
        length_mm: vehicle.length_mm,
        payload_kg: vehicle.payload_kg,
        volume_l: vehicle.volume_l,
        verification: match vehicle.check {
            VehicleCheck::None => "none",
            VehicleCheck::Pending => "waiting",
            VehicleCheck::Verified => "verified",
            VehicleCheck::Refused => "refused",
        },
        papers: vehicle.papers.iter().map(paper).collect(),
        plate: vehicle.plate,
    }
}

async fn shown(
    app: &App,
    caller: &Caller,
    vehicles: Vec<Stored<Vehicle>>,
    now: Timestamp,
) -> Result<Vec<Disclosed<VehicleView, Deliver>>, Problem> {
    let ask = Ask {
        actor: caller.actor(),
        caller: Some(caller),
        relation: words::relation::OWNER,
        resource_kind: words::data::RUN,
        resource: caller.party.to_string(),
        stage: words::stage::NONE,
        case: None,
        consent: false,
        scope: Scope::One(caller.party.subject()),
        fields: &["vehicle.plate"],
    };
    let grant = app.gate.grant::<Deliver>(ask, now).await?;
    vehicles.into_iter().map(|vehicle| Ok(grant.disclose(view(vehicle, now))?)).collect()
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    anybody: Anybody,
    Query(_): Query<PageQuery>,
) -> Result<Response, Problem> {
    app.freight.follow_papers(caller.party, anybody.now).await?;
    let vehicles = app.freight.vehicles_of(caller.party).await?;
    let items = shown(&app, &caller, vehicles, anybody.now).await?;
    Ok(List { items, next_cursor: None }.into_response())
}

async fn one(
    app: &App,
    caller: &Caller,
    id: TruckId,
    now: Timestamp,
) -> Result<(u64, Disclosed<VehicleView, Deliver>), Problem> {
    let stored = app.freight.own_vehicle(caller.party, id).await?;
    let version = stored.version;
    let mut views = shown(app, caller, vec![stored], now).await?;
    views.pop().map(|view| (version, view)).ok_or_else(|| Problem::new("internal"))
}

async fn get(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    anybody: Anybody,
    Params(id): Params<TruckId>,
    fresh: Fresh,
) -> Result<Response, Problem> {
    let (version, view) = one(&app, &caller, id, anybody.now).await?;
    Ok(fresh.answer(version, "owner", view))
}

async fn add(State(app): Ctx, post: Post<VehicleNew>) -> Result<Response, Problem> {
    let (caller, now) = (post.asked.caller.clone(), post.asked.command.now);
    let market = &app.freight;
    let done: Done = post
        .once(&app, |asked| async move {
            add_vehicle(market, &asked.caller, asked.command, &asked.body).await
        })
        .await?;
    let (_, view) = one(&app, &caller, done.id()?, now).await?;
    Ok(done.show(view))
}

async fn patch(
    State(app): Ctx,
    Params(id): Params<TruckId>,
    patch: Patch<VehiclePatch>,
) -> Result<Response, Problem> {
    let Patch { caller, command, version, body } = patch;
    edit_vehicle(&app.freight, &caller, command, id, version, &body).await?;
    let (version, view) = one(&app, &caller, id, command.now).await?;
    Ok(Tagged { version, view: "owner", body: view }.into_response())
}
