//! The board: search for truckers, a coarse one for anybody, quotes.

use axum::{Json as Answer, extract::State};
use sarai_freight::{
    Freight,
    board::{Filters, Hit, Listing, Scope, Search, Sort, search::deadhead_seconds},
    model::Vehicle,
    usecase::{
        agree::misfits,
        find::{BoardSearch, find},
        quote::{QuoteRequest, quote},
    },
};
use sarai_kernel::{Caller, Money, OfferId, Role, Timestamp, Window};
use serde::Serialize;
use utoipa::ToSchema;

use super::shapes::{
    CargoCard, KeepSum, PaySum, Poster, PriceBand, StopCard, area, keep, pay, poster,
};
use crate::{
    app::{App, Ctx},
    body::Json,
    cursor::{CursorScope, page_limit},
    params::{PageQuery, Query},
    problem::Problem,
    shapes::{Area, RouteLine, WirePoint},
    spec::{Routes, Spec},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get(
                "/v1/freight/board/public",
                "freight_board_public",
                "Open loads between cities, for anybody",
            )
            .anyone()
            .query::<PageQuery>()
            .answers::<PublicBoard>(200),
            public,
        )
        .add(
            Spec::search(
                "/v1/freight/board/search",
                "freight_board_search",
                "Loads near, along a route, towards home",
            )
            .roles(&[Role::Trucker])
            .relation("verified trucker")
            .body::<BoardSearch>()
            .answers::<BoardResult>(200)
            .scope("freight.board:read")
            .problems(&["verification_required", "account_suspended"]),
            search,
        )
        .add(
            Spec::search(
                "/v1/freight/quotes",
                "freight_quote",
                "What a route costs: way, fees, price band",
            )
            .roles(&[Role::Shipper, Role::Trucker])
            .relation("shipper, trucker")
            .body::<QuoteRequest>()
            .answers::<Quote>(200)
            .scope("freight.board:read"),
            quoted,
        )
}

/// Whether a load suits a truck.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Fit {
    ok: bool,
    reasons: Vec<&'static str>,
}

/// A row of the board.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct BoardCard {
    id: String,
    version: u64,
    state: &'static str,
    posted_at: Timestamp,
    stops: Vec<StopCard>,
    cargo: CargoCard,
    bodies: Vec<&'static str>,
    lengths_mm: Vec<u32>,
    price_mode: &'static str,
    bids_close_at: Option<Timestamp>,
    money: Option<KeepSum>,
    estimate: bool,
    distance_m: i64,
    duration_seconds: i64,
    basis: &'static str,
    keep_per_km: Option<Money>,
    deadhead_m: Option<i64>,
    deadhead_seconds: Option<i64>,
    detour_m: Option<i64>,
    fit: Option<Fit>,
    deposit: Money,
    deposit_refundable: bool,
    poster: Poster,
    my_offer: Option<String>,
}

/// The card of a listing.
pub(super) fn card(
    market: &Freight,
    listing: &Listing,
    ways: (Option<i64>, Option<i64>),
    vehicle: Option<&Vehicle>,
    my_offer: Option<OfferId>,
) -> BoardCard {
    let (deadhead_m, detour_m) = ways;
    let fit = vehicle.map(|vehicle| {
        let goods = (listing.cargo.mass_kg, listing.cargo.volume_l);
        let reasons = misfits(&listing.bodies, &listing.lengths_mm, goods, vehicle);
        Fit { ok: reasons.is_empty(), reasons }
    });
    BoardCard {
        id: listing.id.to_string(),
        version: listing.version,
        state: "open",
        posted_at: listing.posted_at,
        stops: listing.stops.iter().map(|stop| StopCard::of(market, stop)).collect(),
        cargo: (&listing.cargo).into(),
        bodies: listing.bodies.iter().map(|body| body.word()).collect(),
        lengths_mm: listing.lengths_mm.clone(),
        price_mode: listing.price_mode.word(),
        bids_close_at: None,
        money: Some(keep(market, &listing.terms)),
        estimate: false,
        distance_m: listing.route.distance_m,
        duration_seconds: listing.route.duration_seconds,
        basis: listing.route.basis.word(),
        keep_per_km: Some(listing.terms.money(listing.keep_per_km_minor())),
        deadhead_m,
        deadhead_seconds: deadhead_m.map(deadhead_seconds),
        detour_m,
        fit,
        deposit: listing.terms.deposit(),
        deposit_refundable: listing.terms.deposit_refundable,
        poster: poster(market, listing.id, listing.owner, &listing.poster),
        my_offer: my_offer.map(|id| id.to_string()),
    }
}

/// A filter whose absence would give something.
#[derive(Debug, Serialize, ToSchema)]
struct Without {
    filter: &'static str,
    count: usize,
}

/// What a search gave.
#[derive(Debug, Serialize, ToSchema)]
struct BoardResult {
    items: Vec<BoardCard>,
    next_cursor: Option<String>,
    as_of: Timestamp,
    without: Vec<Without>,
}

async fn search(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    anybody: Anybody,
    Json(asked): Json<BoardSearch>,
) -> Result<Answer<BoardResult>, Problem> {
    let now = anybody.now;
    let scope = search_scope(&caller, &asked);
    let after = app.cursors.open_if(&scope, asked.cursor.as_deref(), now)?;
    let market = &app.freight;
    let found = find(market, &caller, now, &asked, after).await?;
    let mine = market.standing_offers(caller.party).await?;
    let items: Vec<_> = found
        .found
        .hits
        .iter()
        .map(|hit| {
            let offer = mine.iter().find(|offer| offer.record.load == hit.listing.id);
            let my_offer = offer.map(|offer| OfferId::from_uuid(offer.id));
            card(
                market,
                &hit.listing,
                (hit.deadhead_m, hit.detour_m),
                found.vehicle.as_ref(),
                my_offer,
            )
        })
        .collect();
    let last = found.found.hits.last().filter(|_| found.found.more);
    let next_cursor = next(&app, &scope, last, now)?;
    let without =
        found.found.without.iter().map(|(filter, count)| Without { filter, count: *count });
    Ok(Answer(BoardResult { items, next_cursor, as_of: now, without: without.collect() }))
}

/// A cursor holds for this search alone: everything of it but page and place in the list.
fn search_scope(caller: &Caller, asked: &BoardSearch) -> CursorScope {
    let same = BoardSearch { cursor: None, limit: None, ..asked.clone() };
    CursorScope::new("freight_board_search", caller.actor(), &format!("{same:?}"))
}

fn next(
    app: &App,
    scope: &CursorScope,
    last: Option<&Hit>,
    now: Timestamp,
) -> Result<Option<String>, Problem> {
    last.map(|hit| app.cursors.seal(scope, &(hit.place, hit.listing.id.uuid()), now)).transpose()
}

/// Anybody's view: cities and kind of cargo, no cell.
#[derive(Debug, Serialize, ToSchema)]
struct PublicCard {
    id: String,
    posted_at: Timestamp,
    from: Area,
    to: Area,
    from_point: WirePoint,
    to_point: WirePoint,
    stops: usize,
    pickup: Window,
    drop: Window,
    cargo: PublicCargo,
    bodies: Vec<&'static str>,
    lengths_mm: Vec<u32>,
    price_mode: &'static str,
    keep: Option<Money>,
    estimate: bool,
    distance_m: i64,
    basis: &'static str,
    keep_per_km: Option<Money>,
    poster: Poster,
}

/// Goods for anybody.
#[derive(Debug, Serialize, ToSchema)]
struct PublicCargo {
    kind: &'static str,
    mass_kg: i64,
}

/// The public board.
#[derive(Debug, Serialize, ToSchema)]
struct PublicBoard {
    items: Vec<PublicCard>,
    next_cursor: Option<String>,
    as_of: Timestamp,
}

async fn public(
    State(app): Ctx,
    anybody: Anybody,
    Query(page): Query<PageQuery>,
) -> Result<Answer<PublicBoard>, Problem> {
    if !app.freight.rules.public_board {
        return Err(Problem::new("not_found"));
    }
    let now = anybody.now;
    let scope = CursorScope::new("freight_board_public", anybody.principal(), &());
    let search = Search {
        scope: Scope::Anywhere { at: None },
        filters: Filters::default(),
        sort: Sort::PickupTime,
        limit: page_limit(page.limit)? as usize,
        after: app.cursors.open_if(&scope, page.cursor.as_deref(), now)?,
        now,
    };
    let found = app.freight.board.search(&search);
    let items =
        found.hits.iter().filter_map(|hit| public_card(&app.freight, &hit.listing)).collect();
    let next_cursor = next(&app, &scope, found.hits.last().filter(|_| found.more), now)?;
    Ok(Answer(PublicBoard { items, next_cursor, as_of: now }))
}

fn public_card(market: &Freight, listing: &Listing) -> Option<PublicCard> {
    let (first, last) = (listing.stops.first()?, listing.stops.last()?);
    let centre = |city: &str| market.gazetteer.get(city).map(|place| WirePoint::from(place.point));
    Some(PublicCard {
        id: listing.id.to_string(),
        posted_at: listing.posted_at,
        from: area(market, &first.city),
        to: area(market, &last.city),
        from_point: centre(&first.city)?,
        to_point: centre(&last.city)?,
        stops: listing.stops.len(),
        pickup: first.window.clone(),
        drop: last.window.clone(),
        cargo: PublicCargo { kind: listing.cargo.kind.word(), mass_kg: listing.cargo.mass_kg },
        bodies: listing.bodies.iter().map(|body| body.word()).collect(),
        lengths_mm: listing.lengths_mm.clone(),
        price_mode: listing.price_mode.word(),
        keep: Some(listing.terms.keep()),
        estimate: false,
        distance_m: listing.route.distance_m,
        basis: listing.route.basis.word(),
        keep_per_km: Some(listing.terms.money(listing.keep_per_km_minor())),
        poster: poster(market, listing.id, listing.owner, &listing.poster),
    })
}

/// The answer to a quote.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FreightQuote)]
struct Quote {
    route: RouteLine,
    band: PriceBand,
    suggested: Option<Money>,
    floor: Option<Money>,
    ceiling: Option<Money>,
    pay: Option<PaySum>,
    keep: Option<KeepSum>,
}

async fn quoted(
    State(app): Ctx,
    SignedIn(_): SignedIn,
    anybody: Anybody,
    Json(asked): Json<QuoteRequest>,
) -> Result<Answer<Quote>, Problem> {
    let market = &app.freight;
    let found = quote(market, &asked, anybody.now).await?;
    Ok(Answer(Quote {
        route: found.way.into(),
        band: found.band.into(),
        suggested: found.suggested,
        floor: found.floor,
        ceiling: found.ceiling,
        pay: found.terms.as_ref().map(|terms| pay(market, terms)),
        keep: found.terms.as_ref().map(|terms| keep(market, terms)),
    }))
}
