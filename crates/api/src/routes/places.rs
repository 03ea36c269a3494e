//! Places and distances: the gazetteer by name or point, the way between points. Points come in bodies, never in a URL.

use axum::extract::State;
use sarai_geo::{Gazetteer, Lang, Place, gazetteer};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::Ctx,
    body::Json,
    cursor::List,
    language::Tongue,
    params::Query,
    problem::Problem,
    shapes::{Area, PointIn, RouteLine, Text2, WirePoint},
    spec::{Routes, Spec},
};

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/places", "place_search", "Places by name")
                .anyone()
                .query::<PlaceQuery>()
                .lists::<WirePlace>(),
            search,
        )
        .add(
            Spec::search("/v1/places/at", "place_at", "The district that a point lies in")
                .anyone()
                .body::<PlaceAt>()
                .lists::<WirePlace>(),
            at,
        )
        .add(
            Spec::search("/v1/routes/quote", "route_quote", "How far and how long between points")
                .relation("any")
                .body::<QuoteRequest>()
                .answers::<Quote>(200)
                .scope("freight.board:read"),
            quote,
        )
}

/// A search in the gazetteer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlaceQuery {
    /// A name, or several levels of one, in English or Chinese.
    #[schema(min_length = 1, max_length = 100)]
    q: String,
    /// Rows wanted.
    #[schema(minimum = 1, maximum = 50)]
    limit: Option<usize>,
    /// Only of this country (ISO 3166).
    #[schema(pattern = "^[A-Z]{2}$", max_length = 2)]
    country: Option<String>,
}

/// A point to be named.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlaceAt {
    point: PointIn,
}

/// A row of the gazetteer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Place)]
struct WirePlace {
    /// Stable code.
    code: String,
    /// `city`, `district` or `town`.
    kind: &'static str,
    /// Its own name.
    name: Text2,
    /// Where it is.
    area: Area,
    /// Its centre.
    point: WirePoint,
    /// People living there.
    population: Option<u64>,
}

impl From<Place> for WirePlace {
    fn from(place: Place) -> Self {
        let own = match &place.district_en {
            Some(en) => Text2::of(en, place.district_zh.as_deref()),
            None => Text2::of(&place.name_en, place.name_zh.as_deref()),
        };
        Self {
            kind: match place.kind {
                gazetteer::Kind::City => "city",
                gazetteer::Kind::District => "district",
                gazetteer::Kind::Town => "town",
            },
            name: own,
            area: Area::from(&place),
            point: place.point.into(),
            population: Some(place.population).filter(|people| *people > 0),
            code: place.id,
        }
    }
}

/// Most places of one answer if the caller does not say.
const PLACES_DEFAULT: usize = 10;

async fn search(
    headers: axum::http::HeaderMap,
    Query(query): Query<PlaceQuery>,
) -> Result<List<Vec<WirePlace>>, Problem> {
    let limit = query.limit.unwrap_or(PLACES_DEFAULT);
    let long = query.q.chars().count() > gazetteer::QUERY_CHARS_MAX;
    let country_fine = query
        .country
        .as_ref()
        .is_none_or(|code| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()));
    if query.q.trim().is_empty()
        || long
        || !(1..=gazetteer::LIMIT_MAX).contains(&limit)
        || !country_fine
    {
        return Err(Problem::new("parameter_unknown"));
    }
    let lang = match Tongue::of(&headers) {
        Tongue::English => Lang::En,
        Tongue::Chinese => Lang::Zh,
    };
    let wanted = if query.country.is_some() { gazetteer::LIMIT_MAX } else { limit };
    let found = Gazetteer::shared().search(&query.q, lang, wanted, None);
    let fits =
        |place: &Place| query.country.as_ref().is_none_or(|country| *country == place.country);
    let items = found.into_iter().filter(fits).take(limit).map(WirePlace::from).collect();
    Ok(List { items, next_cursor: None })
}

async fn at(Json(asked): Json<PlaceAt>) -> Result<List<Vec<WirePlace>>, Problem> {
    let point = asked.point.point("/point")?;
    let place = Gazetteer::shared().nearest_division(point);
    // Past this the nearest district says nothing about the point.
    const FAR_M: f64 = 150_000.0;
    let near = place.point.distance_m(point) <= FAR_M;
    let items = near.then(|| WirePlace::from(place)).into_iter().collect();
    Ok(List { items, next_cursor: None })
}

/// Who drives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Profile {
    /// A truck.
    Truck,
    /// A car: the way is the truck's, which a car can drive as well.
    Car,
}

/// Points in the order in which they are driven.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RouteQuoteRequest)]
struct QuoteRequest {
    #[schema(min_items = 2, max_items = 20)]
    points: Vec<PointIn>,
    #[expect(
        dead_code,
        reason = "only trucks are driven as yet; the word is checked all the same"
    )]
    profile: Profile,
}

/// One leg.
#[derive(Debug, Serialize, ToSchema)]
struct QuoteLeg {
    /// Metres driven.
    distance_m: i64,
    /// Seconds at the wheel.
    duration_seconds: i64,
}

/// The way, and its legs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RouteQuote)]
struct Quote {
    #[serde(flatten)]
    line: RouteLine,
    legs: Vec<QuoteLeg>,
}

/// Fewest and most points of a way.
const POINTS: std::ops::RangeInclusive<usize> = 2..=20;

async fn quote(
    State(app): Ctx,
    Json(asked): Json<QuoteRequest>,
) -> Result<axum::Json<Quote>, Problem> {
    if !POINTS.contains(&asked.points.len()) {
        return Err(Problem::field("/points", "out_of_range"));
    }
    let points: Vec<_> = asked
        .points
        .iter()
        .enumerate()
        .map(|(at, point)| point.point(&format!("/points/{at}")))
        .collect::<Result<_, _>>()?;
    let ways = std::sync::Arc::clone(&app.freight.ways);
    // Driving over a map is real work: not on the threads that answer.
    let way = tokio::task::spawn_blocking(move || ways.way(&points)).await;
    let way = way.map_err(|_| Problem::new("internal"))?;
    let leg = |(distance_m, duration_seconds): &(i64, i64)| QuoteLeg {
        distance_m: *distance_m,
        duration_seconds: *duration_seconds,
    };
    let legs = way.legs.iter().map(leg).collect();
    Ok(axum::Json(Quote { line: way.into(), legs }))
}
