//! Where the truck is: the driver hands in fixes, the shipper reads them a minute late while it is under way.

use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse, Response},
};
use sarai_freight::{
    input::TrackRequest,
    model::{Fix, Fixes, Track, track::TrackFixes},
    relations::{Relation, stage},
    usecase::track::{DELAY_MICROS, TrackSight, add_track, track_sight, tracks},
    ways::encoded,
};
use sarai_gate::{Ask, words};
use sarai_kernel::{OrderId, Timestamp, purpose::Deliver, time::SECOND};
use sarai_seal::{Denied, Disclose, Grant, Scope, Sealed, SubjectId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::Ctx,
    body::Json,
    params::Params,
    problem::Problem,
    spec::{Routes, Spec},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::search("/v1/freight/orders/{id}/track", "freight_track_post", "Hand in fixes")
                .relation("driver")
                .body::<TrackRequest>()
                .answers::<Taken>(200)
                .problems(&[
                    "not_found",
                    "driver_not_on_run",
                    "position_implausible",
                    "account_suspended",
                ]),
            post,
        )
        .add(
            Spec::get("/v1/freight/orders/{id}/track", "freight_track_get", "Where the truck is")
                .relation("shipper under way; trucker, driver")
                .opens("deliver", "open")
                .answers::<TrackView>(200)
                .problems(&[
                    "not_found",
                    "transition_refused",
                    "consent_missing",
                    "purpose_not_allowed",
                    "not_allowed",
                ]),
            get,
        )
}

/// How many were taken.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrackTaken)]
struct Taken {
    points_taken: usize,
}

async fn post(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    anybody: Anybody,
    Params(id): Params<OrderId>,
    Json(body): Json<TrackRequest>,
) -> Result<Answer<Taken>, Problem> {
    let points_taken = add_track(&app.freight, &caller, anybody.now, id, &body.points).await?;
    Ok(Answer(Taken { points_taken }))
}

/// A track.
#[derive(Disclose, ToSchema)]
#[schema(as = Track)]
struct TrackView {
    #[subject]
    #[serde(skip)]
    #[schema(ignore)]
    subject: SubjectId,
    order: String,
    live: bool,
    #[schema(value_type = Option<Fix>)]
    last: Option<Sealed<LastFix, TrackFixes>>,
    #[schema(value_type = String)]
    driven: Sealed<String, TrackFixes>,
    remaining_m: Option<i64>,
    eta: Option<Timestamp>,
    delayed_seconds: i64,
}

/// The last fix, outward.
#[derive(Serialize)]
#[serde(transparent)]
struct LastFix(Fix);

impl sarai_seal::zeroize::Zeroize for LastFix {
    fn zeroize(&mut self) {
        let mut one = Fixes(vec![self.0]);
        one.zeroize();
        self.0.heading_deg = None;
        self.0.speed_mps = None;
        self.0.point = sarai_geo::Point::wrapped(0.0, 0.0);
    }
}

async fn get(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    anybody: Anybody,
    Params(id): Params<OrderId>,
) -> Result<Response, Problem> {
    let now = anybody.now;
    let market = &app.freight;
    let (order, sight) = track_sight(market, &caller, now, id).await?;
    let driver = order.assignment.map_or(order.trucker, |assignment| assignment.driver);
    let consent = match sight.relation {
        Relation::Shipper => {
            let to = order.shipper.to_string();
            app.gate.has_consent(driver, sarai_gate::consent::TRACK, Some(&to), now).await?
        }
        _ => false,
    };
    let ask = Ask {
        actor: caller.actor(),
        caller: Some(&caller),
        relation: sight.relation.word(),
        resource_kind: words::data::TRACK,
        resource: id.to_string(),
        // For the track a stop on the way is part of being under way.
        stage: if sight.live { words::stage::UNDER_WAY } else { stage(&order, now) },
        case: None,
        consent,
        scope: Scope::One(driver.subject()),
        fields: &["track.fixes"],
    };
    let grant = app.gate.grant::<Deliver>(ask, now).await?;
    let (last, driven) = opened(&grant, &tracks(market, id).await?, sight)?;
    let delayed = if sight.relation == Relation::Shipper { DELAY_MICROS / SECOND } else { 0 };
    let view = TrackView {
        subject: driver.subject(),
        order: id.to_string(),
        live: sight.live,
        last,
        driven,
        remaining_m: None,
        eta: order.eta(),
        delayed_seconds: delayed,
    };
    Ok(Answer(grant.disclose(view)?).into_response())
}

type Seen = (Option<Sealed<LastFix, TrackFixes>>, Sealed<String, TrackFixes>);

/// What may be seen of the batches, sealed again: fixes of this driver up to the moment that the reader may know.
fn opened(grant: &Grant<Deliver>, batches: &[Track], sight: TrackSight) -> Result<Seen, Denied> {
    let mut seen: Vec<Fix> = Vec::new();
    for batch in batches {
        match grant.open::<TrackFixes>(batch) {
            Ok(fixes) => seen.extend(fixes.0.iter().filter(|fix| fix.at <= sight.until)),
            // Another driver drove that part, or it was erased: it is not this grant's to show.
            Err(Denied::WrongSubject | Denied::Erased) => {}
            Err(other) => return Err(other),
        }
    }
    let line: Vec<_> = seen.iter().map(|fix| fix.point).collect();
    let last = seen.last().map(|fix| Sealed::new(LastFix(*fix)));
    Ok((last, Sealed::new(encoded(&line))))
}
