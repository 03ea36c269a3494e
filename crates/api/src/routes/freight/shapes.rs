//! Shapes that several freight routes share: money as one keeps or pays it, posters, stops, cards, bands, ways.

use sarai_freight::{
    Freight,
    board::{ListingStop, Poster as BoardPoster},
    model::{Cargo, Load, Stop},
    rules::Terms,
    usecase::quote::{BAND_DAYS, Band},
};
use sarai_kernel::{LoadId, Money, PartyId, Timestamp, Window, time::HOUR};
use serde::Serialize;
use utoipa::ToSchema;

use crate::shapes::{Area, Text2, WirePoint};

/// An empty body.
#[derive(Debug, Clone, Copy, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FreightNothing)]
pub(super) struct Nothing {}

/// A reference to what was made or changed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FreightRef)]
pub(super) struct Ref {
    pub id: String,
    pub version: u64,
    pub state: String,
}

/// One line between a price and what is kept or paid.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct FeeLine {
    pub kind: &'static str,
    pub amount: Money,
    pub rate_bp: Option<u32>,
}

/// For the trucker: price less lines is `keep`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct KeepSum {
    pub price: Money,
    pub lines: Vec<FeeLine>,
    pub keep: Money,
}

/// For the shipper: price plus lines is `pay`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct PaySum {
    pub price: Money,
    pub lines: Vec<FeeLine>,
    pub pay: Money,
}

fn line(kind: &'static str, amount: Money, rate_bp: Option<u32>) -> Option<FeeLine> {
    (amount.amount_minor > 0).then_some(FeeLine { kind, amount, rate_bp })
}

/// What the trucker keeps.
pub(super) fn keep(market: &Freight, terms: &Terms) -> KeepSum {
    let fee = line(
        "service_fee",
        terms.money(terms.trucker_fee_minor),
        Some(market.rules.trucker_fee_bp),
    );
    let insurance = line("insurance", terms.money(terms.insurance_minor), None);
    KeepSum {
        price: terms.price(),
        lines: fee.into_iter().chain(insurance).collect(),
        keep: terms.keep(),
    }
}

/// What the shipper pays.
pub(super) fn pay(market: &Freight, terms: &Terms) -> PaySum {
    let fee = line(
        "service_fee",
        terms.money(terms.shipper_fee_minor),
        Some(market.rules.shipper_fee_bp),
    );
    PaySum { price: terms.price(), lines: fee.into_iter().collect(), pay: terms.pay() }
}

/// A dot of the band.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Dot {
    pub price: Money,
    pub count: usize,
}

/// Past prices of a lane; nothing where too few were paid.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct PriceBand {
    pub days: i64,
    pub orders: usize,
    pub p25: Option<Money>,
    pub p50: Option<Money>,
    pub p75: Option<Money>,
    pub dots: Vec<Dot>,
}

impl From<Band> for PriceBand {
    fn from(band: Band) -> Self {
        let [p25, p50, p75] = band.quartiles.map_or([None; 3], |all| all.map(Some));
        let dots = band.dots.into_iter().map(|(price, count)| Dot { price, count }).collect();
        Self { days: BAND_DAYS, orders: band.orders, p25, p50, p75, dots }
    }
}

/// What others said of a party.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = FreightRatingSum)]
pub(super) struct RatingSum {
    pub average_x10: u64,
    pub count: u64,
    pub runs: u64,
}

/// The sum of ratings; `None` before the first.
pub(super) fn rating(hundredths: Option<u64>, count: u64, runs: u64) -> Option<RatingSum> {
    hundredths.map(|hundredths| RatingSum { average_x10: (hundredths + 5) / 10, count, runs })
}

/// Who posted a load: a handle for this listing alone.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Poster {
    pub handle: String,
    pub rating: Option<RatingSum>,
    pub verified: bool,
    pub pays_in_seconds: Option<i64>,
}

/// The poster of a listing.
pub(super) fn poster(
    market: &Freight,
    load: LoadId,
    owner: PartyId,
    known: &BoardPoster,
) -> Poster {
    Poster {
        handle: market.keys.handle(load, owner),
        rating: rating(known.rating_hundredths, known.ratings, known.ratings),
        verified: known.verified,
        // Wallet money is released with the signature.
        pays_in_seconds: Some(0),
    }
}

/// A stop, as coarse as a board shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct StopCard {
    pub kind: &'static str,
    pub area: Area,
    pub cell: String,
    pub center: WirePoint,
    pub window: Window,
}

impl StopCard {
    pub(super) fn of(market: &Freight, stop: &ListingStop) -> Self {
        Self {
            kind: stop.kind.word(),
            area: area(market, &stop.area),
            cell: stop.cell.to_string(),
            center: stop.cell.centre().into(),
            window: stop.window.clone(),
        }
    }

    pub(super) fn of_load(market: &Freight, stop: &Stop) -> Self {
        Self {
            kind: stop.kind.word(),
            area: area(market, &stop.area),
            cell: stop.cell.to_string(),
            center: stop.cell.centre().into(),
            window: stop.window.clone(),
        }
    }
}

/// An area by its code; a code that the gazetteer lost shows itself.
pub(super) fn area(market: &Freight, code: &str) -> Area {
    market.gazetteer.get(code).map_or_else(
        || Area {
            code: code.to_owned(),
            province: None,
            city: Text2::of(code, None),
            district: None,
            country: String::new(),
        },
        |place| Area::from(&place),
    )
}

/// Goods on a card.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct CargoCard {
    pub kind: &'static str,
    pub name: String,
    pub mass_kg: i64,
    pub volume_l: Option<i64>,
}

impl From<&Cargo> for CargoCard {
    fn from(cargo: &Cargo) -> Self {
        Self {
            kind: cargo.kind.word(),
            name: cargo.name.clone(),
            mass_kg: cargo.mass_kg,
            volume_l: cargo.volume_l,
        }
    }
}

/// Goods whole.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CargoWhole)]
pub(super) struct CargoView {
    pub kind: &'static str,
    pub name: String,
    pub mass_kg: i64,
    pub volume_l: Option<i64>,
    pub pieces: Option<i64>,
    pub handling: Vec<&'static str>,
}

impl From<&Cargo> for CargoView {
    fn from(cargo: &Cargo) -> Self {
        Self {
            kind: cargo.kind.word(),
            name: cargo.name.clone(),
            mass_kg: cargo.mass_kg,
            volume_l: cargo.volume_l,
            pieces: cargo.pieces,
            handling: cargo.handling.iter().map(|how| how.word()).collect(),
        }
    }
}

/// Goods in a row.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct CargoLine {
    pub kind: &'static str,
    pub name: String,
    pub mass_kg: i64,
}

impl From<&Cargo> for CargoLine {
    fn from(cargo: &Cargo) -> Self {
        Self { kind: cargo.kind.word(), name: cargo.name.clone(), mass_kg: cargo.mass_kg }
    }
}

/// The lane of a load, from city to city.
pub(super) fn lane_of(load: &Load) -> String {
    let city = |stop: Option<&Stop>| stop.map_or("", |stop| stop.city.as_str()).to_owned();
    format!("{}:{}", city(load.first()), city(load.last()))
}

/// A window where a load has none, which no stored load is without.
pub(super) fn window_or(window: Option<&Window>, now: Timestamp) -> Window {
    window.cloned().unwrap_or_else(|| Window {
        from: now,
        to: now.plus(HOUR),
        zone: "Asia/Shanghai".to_owned(),
    })
}
