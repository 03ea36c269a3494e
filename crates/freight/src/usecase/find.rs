//! Search the board: near me, along a route, towards home.

use sarai_kernel::{
    Caller, FieldCheck, FieldError, Money, Refusal, Timestamp, TruckId, UseCaseError,
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    board::{Filters, Found, Scope, Search, Sort},
    input::PointIn,
    market::Freight,
    model::Vehicle,
    words::{Body, PriceMode},
};

/// Largest radius and detour.
pub const RADIUS_M_MAX: i64 = 2_000_000;

/// Where to look.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ScopeIn {
    /// Near a place.
    Near {
        /// Around.
        at: PointIn,
        /// Radius.
        #[cfg_attr(feature = "schema", schema(minimum = 1_000, maximum = 2_000_000))]
        radius_m: i64,
    },
    /// Along a way.
    Along {
        /// From.
        from: PointIn,
        /// To.
        to: PointIn,
        /// Most that the way grows.
        #[cfg_attr(feature = "schema", schema(minimum = 0, maximum = 2_000_000))]
        detour_m_max: i64,
    },
    /// Towards home.
    Home {
        /// Around.
        at: PointIn,
        /// Home.
        home: PointIn,
        /// Radius.
        #[cfg_attr(feature = "schema", schema(minimum = 1_000, maximum = 2_000_000))]
        radius_m: i64,
    },
    /// Everywhere.
    Anywhere {
        /// Where the empty run would begin.
        #[serde(default)]
        at: Option<PointIn>,
    },
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum BoardSort {
    /// Kept for each kilometre, empty ones included.
    #[serde(rename = "best")]
    Best,
    /// Kept, most first.
    #[serde(rename = "-keep")]
    Keep,
    /// Kept for a loaded kilometre, most first.
    #[serde(rename = "-per_km")]
    PerKm,
    /// Shortest empty run first.
    #[serde(rename = "deadhead")]
    Deadhead,
    /// Soonest loading first.
    #[serde(rename = "pickup_time")]
    PickupTime,
}

/// Loading within.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SpanIn {
    /// From.
    pub from: Timestamp,
    /// To.
    pub to: Timestamp,
}

/// A search.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BoardSearch {
    /// Where.
    pub scope: ScopeIn,
    /// Say of each load whether it fits this truck.
    #[serde(default)]
    pub vehicle: Option<TruckId>,
    /// One of these bodies.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_items = 9))]
    pub bodies: Option<Vec<Body>>,
    /// A truck of this length or shorter will do.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(minimum = 1_000, maximum = 30_000))]
    pub length_mm_max: Option<u32>,
    /// No heavier.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 100_000))]
    pub mass_kg_max: Option<i64>,
    /// One of these modes.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_items = 3))]
    pub price_modes: Option<Vec<PriceMode>>,
    /// Loading within.
    #[serde(default)]
    pub pickup: Option<SpanIn>,
    /// Unloading in one of these.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_items = 20))]
    pub to_area_codes: Option<Vec<String>>,
    /// Poster's rating at least, tenths of a star.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(minimum = 0, maximum = 50))]
    pub poster_rating_min_x10: Option<u64>,
    /// Keeps at least.
    #[serde(default)]
    pub keep_min: Option<Money>,
    /// In which order.
    pub sort: BoardSort,
    /// At most so many.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
    /// Go on after the last page.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 1_000))]
    pub cursor: Option<String>,
}

/// What was found, with the truck that was named.
#[derive(Debug)]
pub struct BoardFound {
    /// The loads.
    pub found: Found,
    /// The caller's truck.
    pub vehicle: Option<Vehicle>,
}

/// Searches for a verified trucker. `after` is the place in the order that the cursor holds.
pub async fn find(
    market: &Freight,
    caller: &Caller,
    now: Timestamp,
    search: &BoardSearch,
    after: Option<(i64, Uuid)>,
) -> Result<BoardFound, UseCaseError> {
    market.need_trucker(caller, now).await?;
    let search_in = read(market, search, after, now)?;
    let vehicle = match search.vehicle {
        Some(id) => Some(market.own_vehicle(caller.party, id).await?.record),
        None => None,
    };
    Ok(BoardFound { found: market.board.search(&search_in), vehicle })
}

fn read(
    market: &Freight,
    search: &BoardSearch,
    after: Option<(i64, Uuid)>,
    now: Timestamp,
) -> Result<Search, Refusal> {
    let mut check = FieldCheck::new();
    let scope = scope(&search.scope, &mut check);
    let limit = search.limit.unwrap_or(20);
    check.range("/limit", i64::from(limit), 1, 100);
    if let Some(length) = search.length_mm_max {
        check.range("/length_mm_max", i64::from(length), 1_000, 30_000);
    }
    if let Some(mass) = search.mass_kg_max {
        check.range("/mass_kg_max", mass, 1, 100_000);
    }
    if let Some(areas) = &search.to_area_codes {
        check.range("/to_area_codes", i64::try_from(areas.len()).unwrap_or(i64::MAX), 1, 20);
        for (n, area) in areas.iter().enumerate().take(20) {
            check.require(market.gazetteer.get(area).is_some(), || {
                FieldError::new(format!("/to_area_codes/{n}"), "place_unknown")
            });
        }
    }
    if let Some(span) = search.pickup {
        check.require(span.from < span.to, || FieldError::new("/pickup/to", "window_reversed"));
    }
    if let Some(rating) = search.poster_rating_min_x10 {
        check.range("/poster_rating_min_x10", i64::try_from(rating).unwrap_or(i64::MAX), 0, 50);
    }
    if let Some(keep) = search.keep_min {
        crate::rules::post::check_amount(
            &mut check,
            "/keep_min",
            keep,
            (0, market.rules.price_max_minor),
            &market.rules,
        );
    }
    for (pointer, empty) in [
        ("/bodies", search.bodies.as_ref().is_some_and(Vec::is_empty)),
        ("/price_modes", search.price_modes.as_ref().is_some_and(Vec::is_empty)),
    ] {
        check.require(!empty, || FieldError::new(pointer, "too_short").with("min", 1));
    }
    check.finish()?;
    Ok(Search {
        scope: scope.ok_or_else(Refusal::not_found)?,
        filters: filters(search),
        sort: match search.sort {
            BoardSort::Best => Sort::Best,
            BoardSort::Keep => Sort::Keep,
            BoardSort::PerKm => Sort::PerKm,
            BoardSort::Deadhead => Sort::Deadhead,
            BoardSort::PickupTime => Sort::PickupTime,
        },
        limit: usize::try_from(limit).unwrap_or(20),
        after,
        now,
    })
}

fn filters(search: &BoardSearch) -> Filters {
    let bodies = |all: &Vec<Body>| all.iter().fold(0, |bits, body| bits | body.bit());
    let modes = |all: &Vec<PriceMode>| all.iter().fold(0, |bits, mode| bits | mode.bit());
    Filters {
        bodies: search.bodies.as_ref().map(bodies),
        length_mm_max: search.length_mm_max,
        mass_kg_max: search.mass_kg_max,
        modes: search.price_modes.as_ref().map(modes),
        pickup: search.pickup.map(|span| (span.from, span.to)),
        to_areas: search.to_area_codes.clone(),
        rating_min_x10: search.poster_rating_min_x10,
        keep_min: search.keep_min.map(|money| money.amount_minor),
    }
}

fn scope(scope: &ScopeIn, check: &mut FieldCheck) -> Option<Scope> {
    let metres = |value: i64| value as f64;
    match scope {
        ScopeIn::Near { at, radius_m } => {
            check.range("/scope/radius_m", *radius_m, 1_000, RADIUS_M_MAX);
            Some(Scope::Near { at: at.read("/scope/at", check)?, radius_m: metres(*radius_m) })
        }
        ScopeIn::Along { from, to, detour_m_max } => {
            check.range("/scope/detour_m_max", *detour_m_max, 0, RADIUS_M_MAX);
            let from = from.read("/scope/from", check)?;
            let to = to.read("/scope/to", check)?;
            Some(Scope::Along { from, to, detour_m_max: metres(*detour_m_max) })
        }
        ScopeIn::Home { at, home, radius_m } => {
            check.range("/scope/radius_m", *radius_m, 1_000, RADIUS_M_MAX);
            let at = at.read("/scope/at", check)?;
            let home = home.read("/scope/home", check)?;
            Some(Scope::Home { at, home, radius_m: metres(*radius_m) })
        }
        ScopeIn::Anywhere { at: None } => Some(Scope::Anywhere { at: None }),
        ScopeIn::Anywhere { at: Some(at) } => {
            Some(Scope::Anywhere { at: Some(at.read("/scope/at", check)?) })
        }
    }
}
