//! Offers: bid, look, counter, accept, decline, withdraw.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use sarai_freight::{
    Freight,
    input::{CounterRequest, OfferNew},
    model::{Load, Offer, Vehicle},
    usecase::{
        offers::{Ending, accept, allowed_now, bid, counter, end_offer},
        quote::Band,
    },
    words::Side,
};
use sarai_kernel::{Caller, LoadId, Money, OfferId, Role, StoreExt, Timestamp, document::Stored};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    loads::Booked,
    pager::Pager,
    shapes::{KeepSum, Nothing, PaySum, RatingSum, keep, lane_of, pay, rating},
};
use crate::{
    app::{App, Ctx},
    cursor::List,
    params::{PageQuery, Params, Query},
    post::{Done, Post},
    problem::Problem,
    spec::{Class, Routes, Spec},
    version::Fresh,
    who::{Anybody, SignedIn},
};

const STATE: &[&str] = &[
    "not_found",
    "transition_refused",
    "offer_expired",
    "offer_superseded",
    "terms_changed",
    "already_taken",
    "listing_closed",
    "price_below_floor",
    "price_above_ceiling",
    "account_suspended",
];

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::post("/v1/freight/loads/{id}/offers", "freight_offer_post", "Bid on a load")
                .roles(&[Role::Trucker])
                .relation("verified trucker")
                .body::<OfferNew>()
                .answers::<OfferView>(201)
                .scope("freight.offers:write")
                .problems(&[
                    "not_found",
                    "not_allowed",
                    "offer_superseded",
                    "price_below_floor",
                    "price_above_ceiling",
                    "listing_closed",
                    "already_taken",
                    "vehicle_unsuitable",
                    "verification_required",
                    "quota_spent",
                    "account_suspended",
                ]),
            post,
        )
        .add(
            Spec::get("/v1/freight/loads/{id}/offers", "freight_offer_list", "Offers on a load")
                .relation("owner; bidder: own")
                .query::<PageQuery>()
                .lists::<OfferView>()
                .scope("freight.offers:read")
                .problems(&["not_found"]),
            list,
        )
        .add(
            Spec::get(
                "/v1/freight/offers/{id}",
                "freight_offer_get",
                "One offer, as its side sees it",
            )
            .relation("the two sides")
            .answers::<OfferView>(200)
            .scope("freight.offers:read")
            .problems(&["not_found"]),
            get,
        )
        .add(
            Spec::post(
                "/v1/freight/offers/{id}/actions/counter",
                "freight_offer_counter",
                "Name another price",
            )
            .relation("side on turn")
            .versioned()
            .body::<CounterRequest>()
            .answers::<OfferView>(200)
            .scope("freight.offers:write")
            .problems(STATE),
            counter_offer,
        )
        .add(
            Spec::post(
                "/v1/freight/offers/{id}/actions/accept",
                "freight_offer_accept",
                "Accept: an order comes of it",
            )
            .relation("side on turn")
            .versioned()
            .class(Class::Money)
            .body::<Nothing>()
            .answers::<Booked>(201)
            .scope("freight.offers:write")
            .problems(&[
                "not_found",
                "transition_refused",
                "offer_expired",
                "offer_superseded",
                "terms_changed",
                "already_taken",
                "listing_closed",
                "funds_insufficient",
                "party_busy",
                "vehicle_unsuitable",
                "verification_required",
                "document_expired",
                "account_suspended",
            ]),
            accept_offer,
        )
        .add(
            Spec::post(
                "/v1/freight/offers/{id}/actions/decline",
                "freight_offer_decline",
                "Decline it",
            )
            .relation("side on turn")
            .versioned()
            .body::<Nothing>()
            .answers::<OfferView>(200)
            .scope("freight.offers:write")
            .problems(STATE),
            decline,
        )
        .add(
            Spec::post(
                "/v1/freight/offers/{id}/actions/withdraw",
                "freight_offer_withdraw",
                "Take it back",
            )
            .relation("maker")
            .versioned()
            .body::<Nothing>()
            .answers::<OfferView>(200)
            .scope("freight.offers:write")
            .problems(STATE),
            withdraw,
        )
}

/// The truck of an offer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct TruckLine {
    pub body: &'static str,
    pub length_mm: u32,
    pub payload_kg: i64,
}

/// The trucker of an offer, for the shipper: a handle for this listing alone.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct TruckerLine {
    handle: String,
    rating: Option<RatingSum>,
    verified: bool,
    vehicle: TruckLine,
    distance_band: &'static str,
}

/// An offer, as one side sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Offer)]
pub(super) struct OfferView {
    id: String,
    version: u64,
    load: String,
    thread: Option<String>,
    state: &'static str,
    made_by: &'static str,
    turn: Option<&'static str>,
    price: Money,
    keep: Option<KeepSum>,
    pay: Option<PaySum>,
    expires_at: Timestamp,
    against_band: Option<Money>,
    trucker: Option<TruckerLine>,
    allowed_now: Vec<&'static str>,
    counters: u8,
    order: Option<String>,
}

/// The offer as `side` sees it.
pub(super) async fn offer_view(
    market: &Freight,
    stored: &Stored<Offer>,
    side: Side,
    band: &Band,
    now: Timestamp,
) -> Result<OfferView, Problem> {
    let offer = &stored.record;
    let terms = &offer.terms;
    let against = band.middle().map(|middle| terms.money(terms.price_minor - middle.amount_minor));
    Ok(OfferView {
        id: OfferId::from_uuid(stored.id).to_string(),
        version: stored.version,
        load: offer.load.to_string(),
        thread: Some(offer.thread.to_string()),
        state: offer.state_at(now).word(),
        made_by: offer.made_by.word(),
        turn: offer.turn(now).map(Side::word),
        price: terms.price(),
        keep: (side == Side::Trucker).then(|| keep(market, terms)),
        pay: (side == Side::Shipper).then(|| pay(market, terms)),
        expires_at: offer.expires_at,
        against_band: against,
        trucker: match side {
            Side::Shipper => trucker_line(market, offer, now).await?,
            Side::Trucker => None,
        },
        allowed_now: allowed_now(offer, side, now),
        counters: offer.counters,
        order: offer.order.map(|order| order.to_string()),
    })
}

async fn trucker_line(
    market: &Freight,
    offer: &Offer,
    now: Timestamp,
) -> Result<Option<TruckerLine>, Problem> {
    let Some(vehicle) = market.store.load::<Vehicle>(offer.vehicle.uuid()).await? else {
        return Ok(None);
    };
    let party = market.party(offer.trucker).await?.record;
    Ok(Some(TruckerLine {
        handle: market.keys.handle(offer.load, offer.trucker),
        rating: rating(party.rating_hundredths(), party.ratings, party.completed),
        verified: party.is_verified("person", now) && party.is_verified("licence", now),
        vehicle: TruckLine {
            body: vehicle.record.body.word(),
            length_mm: vehicle.record.length_mm,
            payload_kg: vehicle.record.payload_kg,
        },
        // An idle trucker has no position in the system: nothing nearer can be said.
        distance_band: "far",
    }))
}

async fn band_of(market: &Freight, load: LoadId, now: Timestamp) -> Result<Band, Problem> {
    let load: Load = market.load(load).await?.record;
    Ok(market.price_band(&lane_of(&load), now).await?)
}

async fn one(
    app: &App,
    caller: &Caller,
    id: OfferId,
    now: Timestamp,
) -> Result<(u64, Side, OfferView), Problem> {
    let market = &app.freight;
    let (stored, side) = market.side_offer(caller, id).await?;
    let band = band_of(market, stored.record.load, now).await?;
    let view = offer_view(market, &stored, side, &band, now).await?;
    Ok((stored.version, side, view))
}

async fn post(
    State(app): Ctx,
    Params(load): Params<LoadId>,
    post: Post<OfferNew>,
) -> Result<Response, Problem> {
    let (caller, now) = (post.asked.caller.clone(), post.asked.command.now);
    let market = &app.freight;
    let done = post
        .once(&app, |asked| async move {
            bid(market, &asked.caller, asked.command, load, &asked.body).await
        })
        .await?;
    show(&app, &caller, now, done).await
}

async fn show(app: &App, caller: &Caller, now: Timestamp, done: Done) -> Result<Response, Problem> {
    let (_, _, view) = one(app, caller, done.id()?, now).await?;
    Ok(done.show(view))
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    anybody: Anybody,
    Params(load): Params<LoadId>,
    Query(page): Query<PageQuery>,
) -> Result<Response, Problem> {
    let now = anybody.now;
    let market = &app.freight;
    let asked = (page.limit, page.cursor.as_deref());
    let pager = Pager::open(&app, "freight_offer_list", &caller, &load, asked, now)?;
    let found = market.offers_on(&caller, load, pager.after, pager.limit).await?;
    let band = band_of(market, load, now).await?;
    let mut items = Vec::new();
    for (stored, _) in &found {
        if let Some(side) = stored.record.side_of(caller.party) {
            items.push(offer_view(market, stored, side, &band, now).await?);
        }
    }
    let last = found.last().map(|(stored, sort)| (*sort, stored.id));
    let next_cursor = pager.next(&app, found.len(), last, now)?;
    Ok(List { items, next_cursor }.into_response())
}

async fn get(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    anybody: Anybody,
    Params(id): Params<OfferId>,
    fresh: Fresh,
) -> Result<Response, Problem> {
    let (version, side, view) = one(&app, &caller, id, anybody.now).await?;
    Ok(fresh.answer(version, side.word(), view))
}

async fn counter_offer(
    State(app): Ctx,
    Params(id): Params<OfferId>,
    post: Post<CounterRequest>,
) -> Result<Response, Problem> {
    let (caller, now) = (post.asked.caller.clone(), post.asked.command.now);
    let market = &app.freight;
    let done = post
        .once(&app, |asked| async move {
            let version = asked.version.unwrap_or_default();
            counter(market, &asked.caller, asked.command, id, version, &asked.body).await
        })
        .await?;
    show(&app, &caller, now, done).await
}

async fn accept_offer(
    State(app): Ctx,
    Params(id): Params<OfferId>,
    post: Post<Nothing>,
) -> Result<Done, Problem> {
    let market = &app.freight;
    post.once(&app, |asked| async move {
        accept(market, &asked.caller, asked.command, id, asked.version.unwrap_or_default()).await
    })
    .await
}

async fn ending(
    app: &App,
    id: OfferId,
    post: Post<Nothing>,
    ending: Ending,
) -> Result<Response, Problem> {
    let (caller, now) = (post.asked.caller.clone(), post.asked.command.now);
    let market = &app.freight;
    let done = post
        .once(app, |asked| async move {
            let version = asked.version.unwrap_or_default();
            end_offer(market, &asked.caller, asked.command, id, version, ending).await
        })
        .await?;
    show(app, &caller, now, done).await
}

async fn decline(
    State(app): Ctx,
    Params(id): Params<OfferId>,
    post: Post<Nothing>,
) -> Result<Response, Problem> {
    ending(&app, id, post, Ending::Decline).await
}

async fn withdraw(
    State(app): Ctx,
    Params(id): Params<OfferId>,
    post: Post<Nothing>,
) -> Result<Response, Problem> {
    ending(&app, id, post, Ending::Withdraw).await
}
