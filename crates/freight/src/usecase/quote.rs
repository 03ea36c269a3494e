//! What a route costs: way, fees, floor and ceiling, and the band of past prices where enough were paid by enough shippers.

use std::collections::HashSet;

use sarai_geo::Point;
use sarai_kernel::{
    Currency, FieldCheck, FieldError, Money, Query, StoreExt, Timestamp, UseCaseError,
    time::{DAY, HOUR},
};
use serde::Deserialize;

use crate::{
    input::PointIn,
    market::Freight,
    model::Order,
    rules::{
        money::Terms,
        post::{self, STOPS_MAX, STOPS_MIN},
    },
    ways::Way,
    words::{Body, CargoKind},
};

/// A band needs so many orders.
pub const BAND_ORDERS_MIN: usize = 10;
/// Of so many shippers.
pub const BAND_SHIPPERS_MIN: usize = 5;
/// Over so many days.
pub const BAND_DAYS: i64 = 90;
/// Orders looked at.
const BAND_ORDERS_MAX: u32 = 1_000;
/// Steps into which the dots are gathered.
const DOT_STEPS: i64 = 12;

/// Past prices of a lane.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Band {
    /// Orders counted; nought where there are too few to say anything.
    pub orders: usize,
    /// Quartiles.
    pub quartiles: Option<[Money; 3]>,
    /// How many orders about each price.
    pub dots: Vec<(Money, usize)>,
}

impl Band {
    /// The middle price.
    pub fn middle(&self) -> Option<Money> {
        self.quartiles.map(|[_, middle, _]| middle)
    }
}

/// The band of prices (each with its shipper): nothing under ten orders of five shippers.
pub fn band<S: Eq + std::hash::Hash>(prices: &[(i64, S)], currency: Currency) -> Band {
    let shippers: HashSet<_> = prices.iter().map(|(_, shipper)| shipper).collect();
    if prices.len() < BAND_ORDERS_MIN || shippers.len() < BAND_SHIPPERS_MIN {
        return Band::default();
    }
    let mut sorted: Vec<i64> = prices.iter().map(|(price, _)| *price).collect();
    sorted.sort_unstable();
    let money = |amount_minor| Money { amount_minor, currency };
    let at =
        |quarter: usize| sorted.get((sorted.len() - 1) * quarter / 4).copied().unwrap_or_default();
    let (low, high) = (at(0), at(4));
    let step = ((high - low) / DOT_STEPS).max(1);
    let mut dots: Vec<(Money, usize)> = Vec::new();
    for price in &sorted {
        let place = money(low + (price - low) / step * step);
        match dots.last_mut() {
            Some((last, count)) if *last == place => *count += 1,
            _ => dots.push((place, 1)),
        }
    }
    Band { orders: sorted.len(), quartiles: Some([money(at(1)), money(at(2)), money(at(3))]), dots }
}

impl Freight {
    /// The band of a lane, from city to city. It is the same for a whole hour, so that asking twice teaches nothing new.
    pub async fn price_band(&self, lane: &str, now: Timestamp) -> Result<Band, UseCaseError> {
        let hour = Timestamp::from_micros(now.as_micros().div_euclid(HOUR) * HOUR);
        let since = hour.plus(-BAND_DAYS * DAY);
        let query = Query::by("order", "order.lane", lane.to_owned())
            .newest_first()
            .up_to(hour.as_micros())
            .limit(BAND_ORDERS_MAX);
        let found = self.store.records::<Order>(query).await?;
        let prices: Vec<_> = found
            .into_iter()
            .filter(|(_, sort)| *sort >= since.as_micros() && *sort < hour.as_micros())
            .map(|(order, _)| (order.record.terms.price_minor, order.record.shipper))
            .collect();
        Ok(band(&prices, self.rules.currency))
    }
}

/// A stop of a question.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct QuoteStop {
    /// Where.
    pub point: PointIn,
    /// District or city.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 40))]
    pub area_code: String,
}

/// Goods of a question.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct QuoteCargo {
    /// What sort.
    pub kind: CargoKind,
    /// Mass.
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 100_000))]
    pub mass_kg: i64,
}

/// What would it cost?
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct QuoteRequest {
    /// 2 to 20 stops.
    #[cfg_attr(feature = "schema", schema(min_items = 2, max_items = 20))]
    pub stops: Vec<QuoteStop>,
    /// The goods.
    #[serde(default)]
    pub cargo: Option<QuoteCargo>,
    /// Bodies that suit.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_items = 9))]
    pub bodies: Option<Vec<Body>>,
    /// A price to be looked at.
    #[serde(default)]
    pub price: Option<Money>,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Quote {
    /// The way.
    pub way: Way,
    /// Past prices.
    pub band: Band,
    /// A price to begin with: the middle of the band.
    pub suggested: Option<Money>,
    /// Least price by rule.
    pub floor: Option<Money>,
    /// Largest price by rule.
    pub ceiling: Option<Money>,
    /// The money at the price that was named, or else suggested.
    pub terms: Option<Terms>,
}

/// Answers it.
pub async fn quote(
    market: &Freight,
    request: &QuoteRequest,
    now: Timestamp,
) -> Result<Quote, UseCaseError> {
    let mut check = FieldCheck::new();
    let whole = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    check.range("/stops", whole(request.stops.len()), whole(STOPS_MIN), whole(STOPS_MAX));
    let mut points: Vec<Point> = Vec::new();
    let mut cities = Vec::new();
    for (n, stop) in request.stops.iter().enumerate().take(STOPS_MAX) {
        points.extend(stop.point.read(&format!("/stops/{n}/point"), &mut check));
        let city = market.gazetteer.city_of(&stop.area_code);
        check.require(city.is_some(), || {
            FieldError::new(format!("/stops/{n}/area_code"), "place_unknown")
        });
        cities.extend(city.map(|place| place.id));
    }
    let rules = &market.rules;
    if let Some(price) = request.price {
        let bounds = (rules.price_min_minor, rules.price_max_minor);
        post::check_amount(&mut check, "/price", price, bounds, rules);
    }
    check.finish()?;
    let way = market.ways.way(&points);
    let ends =
        (cities.first().cloned().unwrap_or_default(), cities.last().cloned().unwrap_or_default());
    let band = market.price_band(&format!("{}:{}", ends.0, ends.1), now).await?;
    let (floor, ceiling) = post::bounds(&way.route, rules, rules.currency);
    let suggested = band.middle();
    let terms = request
        .price
        .or(suggested)
        .map(|price| Terms::at(rules, price, Money::zero(rules.currency), true))
        .transpose()
        .map_err(sarai_kernel::Refusal::from)?;
    Ok(Quote { way, band, suggested, floor, ceiling, terms })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_needs_ten_orders_of_five_shippers() {
        let prices = |orders: usize, shippers: usize| -> Vec<(i64, usize)> {
            (0..orders).map(|n| (400_000 + n as i64 * 1_000, n % shippers)).collect()
        };
        assert_eq!(band(&prices(9, 9), Currency::CNY), Band::default());
        assert_eq!(band(&prices(40, 4), Currency::CNY), Band::default());
        let ten = band(&prices(10, 5), Currency::CNY);
        assert_eq!(ten.orders, 10);
        let amounts = ten.quartiles.map(|all| all.map(|money| money.amount_minor));
        assert_eq!(amounts, Some([402_000, 404_000, 406_000]));
        assert_eq!(ten.dots.iter().map(|(_, count)| count).sum::<usize>(), 10);
    }
}
