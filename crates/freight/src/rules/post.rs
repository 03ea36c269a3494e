//! What a load may be: bounds of every field, banned goods, price floor and ceiling, deposits, twins. All wrong fields at once.

use sarai_geo::{Gazetteer, Point};
use sarai_kernel::{
    FieldCheck, FieldError, Kind, Money, Refusal, Timestamp, mask,
    time::{DAY, Window},
};

use super::money::Terms;
use crate::{
    input::{CargoIn, LoadNew, StopIn},
    model::Route,
    settings::FreightRules,
    words::{LENGTHS_MM, PriceMode, StopKind},
};

/// Fewest stops.
pub const STOPS_MIN: usize = 2;
/// Most stops.
pub const STOPS_MAX: usize = 20;
/// Most photos.
pub const PHOTOS_MAX: usize = 9;
/// Most loads posted at once.
pub const COPIES_MAX: u8 = 20;
/// Heaviest goods.
pub const MASS_KG_MAX: i64 = 100_000;
/// Largest goods.
pub const VOLUME_L_MAX: i64 = 200_000;
/// Most pieces.
pub const PIECES_MAX: i64 = 100_000;
/// Windows begin at most so far ahead.
pub const AHEAD_MICROS_MAX: i64 = 60 * DAY;
/// A window is at most so long.
pub const WINDOW_MICROS_MAX: i64 = 7 * DAY;
/// Open loads that one account may have.
pub const OPEN_LOADS_MAX: u32 = 500;

/// The points of the stops in WGS-84 and the city of each, once everything was found in order.
#[derive(Debug)]
pub struct Checked {
    /// Points by stop.
    pub points: Vec<Point>,
    /// City of each stop's area.
    pub cities: Vec<String>,
}

/// Looks at everything about a load that needs no store.
pub fn check(
    load: &LoadNew,
    rules: &FreightRules,
    gazetteer: &Gazetteer,
    now: Timestamp,
) -> Result<Checked, Refusal> {
    let mut check = FieldCheck::new();
    let found = check_stops(&mut check, load, gazetteer, now);
    check_rest(&mut check, load, rules);
    check.finish()?;
    banned(&load.cargo.name, rules)?;
    Ok(found)
}

/// Looks at everything but the stops: for a change that keeps them.
pub fn check_kept_stops(load: &LoadNew, rules: &FreightRules) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    check_rest(&mut check, load, rules);
    check.finish()?;
    banned(&load.cargo.name, rules)
}

fn check_stops(
    check: &mut FieldCheck,
    load: &LoadNew,
    gazetteer: &Gazetteer,
    now: Timestamp,
) -> Checked {
    check.range("/stops", count(load.stops.len()), count(STOPS_MIN), count(STOPS_MAX));
    let mut points = Vec::new();
    let mut cities = Vec::new();
    for (n, stop) in load.stops.iter().enumerate().take(STOPS_MAX) {
        let (point, city) = check_stop(check, n, stop, gazetteer, now);
        points.extend(point);
        cities.extend(city);
    }
    check_ends(check, &load.stops);
    Checked { points, cities }
}

fn check_rest(check: &mut FieldCheck, load: &LoadNew, rules: &FreightRules) {
    check_cargo(check, &load.cargo);
    check_vehicles(check, load);
    check_money(check, load, rules);
    check.range("/photos", count(load.photos.len()), 0, count(PHOTOS_MAX));
    let copies = load.copies.unwrap_or(1);
    check.range("/copies", i64::from(copies), 1, i64::from(COPIES_MAX));
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn check_stop(
    check: &mut FieldCheck,
    n: usize,
    stop: &StopIn,
    gazetteer: &Gazetteer,
    now: Timestamp,
) -> (Option<Point>, Option<String>) {
    let at = |field: &str| format!("/stops/{n}/{field}");
    let point = stop.point.read(&at("point"), check);
    let city = gazetteer.city_of(&stop.area_code).map(|place| place.id);
    check.require(city.is_some(), || FieldError::new(at("area_code"), "place_unknown"));
    check.length(&at("address"), &stop.address, 1, 300);
    check.plain_text(&at("address"), &stop.address);
    if let Some(notes) = &stop.notes {
        check.length(&at("notes"), notes, 0, 1_000);
        check.plain_text(&at("notes"), notes);
    }
    check.length(&at("contact/name"), &stop.contact.name, 1, 80);
    check.plain_text(&at("contact/name"), &stop.contact.name);
    let phone = sarai_kernel::personal::Phone::new(&stop.contact.phone);
    check.require(phone.is_ok(), || FieldError::new(at("contact/phone"), "pattern"));
    check_window(check, &at("window"), &stop.window, now);
    (point, city)
}

/// A window begins before it ends, ends in the future, and is neither far ahead nor endless.
pub fn check_window(check: &mut FieldCheck, pointer: &str, window: &Window, now: Timestamp) {
    let to = format!("{pointer}/to");
    check.require(window.from < window.to, || FieldError::new(&to, "window_reversed"));
    check.require(window.to > now, || FieldError::new(&to, "in_the_past"));
    check.require(window.from.since(now) <= AHEAD_MICROS_MAX, || {
        FieldError::new(format!("{pointer}/from"), "too_far_ahead").with("max_days", 60)
    });
    check.require(window.to.since(window.from) <= WINDOW_MICROS_MAX, || {
        FieldError::new(&to, "too_far_ahead").with("max_days", 7)
    });
    check.length(&format!("{pointer}/zone"), &window.zone, 1, 40);
    let letters = |letter: char| letter.is_ascii_alphanumeric() || "/_+-".contains(letter);
    check.require(window.zone.chars().all(letters), || {
        FieldError::new(format!("{pointer}/zone"), "pattern")
    });
}

/// The first stop loads, the last unloads, and no stop ends before the one before it begins.
fn check_ends(check: &mut FieldCheck, stops: &[StopIn]) {
    if let (Some(first), Some(last)) = (stops.first(), stops.last()) {
        check.require(first.kind == StopKind::Pickup, || {
            FieldError::new("/stops/0/kind", "not_in_list")
        });
        check.require(last.kind == StopKind::Drop, || {
            FieldError::new(format!("/stops/{}/kind", stops.len() - 1), "not_in_list")
        });
    }
    for (n, (before, after)) in stops.iter().zip(stops.iter().skip(1)).enumerate() {
        check.require(after.window.to > before.window.from, || {
            FieldError::new(format!("/stops/{}/window/to", n + 1), "window_reversed")
        });
    }
}

fn check_cargo(check: &mut FieldCheck, cargo: &CargoIn) {
    check.length("/cargo/name", cargo.name.trim(), 1, 80);
    check.plain_text("/cargo/name", &cargo.name);
    check.require(mask::contacts(&cargo.name).is_empty(), || {
        FieldError::new("/cargo/name", "pattern").with("why", "contact")
    });
    check.range("/cargo/mass_kg", cargo.mass_kg, 1, MASS_KG_MAX);
    if let Some(volume) = cargo.volume_l {
        check.range("/cargo/volume_l", volume, 1, VOLUME_L_MAX);
    }
    if let Some(pieces) = cargo.pieces {
        check.range("/cargo/pieces", pieces, 1, PIECES_MAX);
    }
    check.range("/cargo/handling", count(cargo.handling.len()), 0, 4);
    unique(check, "/cargo/handling", &cargo.handling);
}

fn check_vehicles(check: &mut FieldCheck, load: &LoadNew) {
    check.range("/bodies", count(load.bodies.len()), 1, 9);
    unique(check, "/bodies", &load.bodies);
    check.range("/lengths_mm", count(load.lengths_mm.len()), 1, count(LENGTHS_MM.len()));
    unique(check, "/lengths_mm", &load.lengths_mm);
    for (n, length) in load.lengths_mm.iter().enumerate().take(LENGTHS_MM.len()) {
        check.require(LENGTHS_MM.contains(length), || {
            FieldError::new(format!("/lengths_mm/{n}"), "not_in_list")
                .with("list", LENGTHS_MM.to_vec())
        });
    }
}

fn unique<T: PartialEq>(check: &mut FieldCheck, pointer: &str, all: &[T]) {
    let twice = all.iter().enumerate().any(|(n, one)| all.iter().take(n).any(|other| other == one));
    check.require(!twice, || FieldError::new(pointer, "duplicate"));
}

fn check_money(check: &mut FieldCheck, load: &LoadNew, rules: &FreightRules) {
    check.require(load.price_mode != PriceMode::SealedBid, || {
        FieldError::new("/price_mode", "not_in_list").with("list", vec!["one_price", "bargain"])
    });
    match load.price {
        None => {
            check.require(load.price_mode == PriceMode::SealedBid, || {
                FieldError::new("/price", "required")
            });
        }
        Some(price) => check_amount(
            check,
            "/price",
            price,
            (rules.price_min_minor, rules.price_max_minor),
            rules,
        ),
    }
    check_amount(check, "/deposit", load.deposit, (0, rules.deposit_max_minor), rules);
}

/// An amount within bounds, in the market's currency.
pub fn check_amount(
    check: &mut FieldCheck,
    pointer: &str,
    money: Money,
    (min, max): (i64, i64),
    rules: &FreightRules,
) {
    check.require(money.currency == rules.currency, || {
        FieldError::new(format!("{pointer}/currency"), "currency_mismatch")
            .with("currency", rules.currency.code())
    });
    check.range(&format!("{pointer}/amount_minor"), money.amount_minor, min, max);
}

/// Goods that may not be carried over this board.
pub fn banned(name: &str, rules: &FreightRules) -> Result<(), Refusal> {
    let name = name.to_lowercase();
    if rules.banned_words.iter().any(|word| name.contains(word.as_str())) {
        let errors = vec![FieldError::new("/cargo/name", "not_in_list")];
        return Err(Refusal { errors, ..Refusal::new("goods_banned", Kind::Invalid) });
    }
    Ok(())
}

/// The price against floor and ceiling by the kilometre.
pub fn price_fits(price: Money, route: &Route, rules: &FreightRules) -> Result<(), Refusal> {
    let (floor, ceiling) = bounds(route, rules, price.currency);
    if let Some(floor) = floor.filter(|floor| price.amount_minor < floor.amount_minor) {
        return Err(Refusal::new("price_below_floor", Kind::Invalid).with("floor", wire(floor)));
    }
    if let Some(ceiling) = ceiling.filter(|ceiling| price.amount_minor > ceiling.amount_minor) {
        return Err(
            Refusal::new("price_above_ceiling", Kind::Invalid).with("ceiling", wire(ceiling))
        );
    }
    Ok(())
}

/// Floor and ceiling of a route.
pub fn bounds(
    route: &Route,
    rules: &FreightRules,
    currency: sarai_kernel::Currency,
) -> (Option<Money>, Option<Money>) {
    let by_km = |per_km: Option<i64>| {
        let amount = per_km?.checked_mul(route.distance_m)? / 1_000;
        Money::new(amount, currency).ok()
    };
    (by_km(rules.floor_per_km_minor), by_km(rules.ceiling_per_km_minor))
}

/// Money as a fact of a refusal.
pub fn wire(money: Money) -> serde_json::Value {
    serde_json::json!({ "amount_minor": money.amount_minor, "currency": money.currency.code() })
}

/// A new poster may not ask for a large deposit: nobody earns by it.
pub fn deposit_fits(deposit: Money, completed: u64, rules: &FreightRules) -> Result<(), Refusal> {
    let max = if completed < rules.new_poster_orders {
        rules.deposit_new_poster_max_minor
    } else {
        rules.deposit_max_minor
    };
    let mut check = FieldCheck::new();
    check.range("/deposit/amount_minor", deposit.amount_minor, 0, max);
    check.finish()
}

/// The money of a load at its asked price.
pub fn terms(load: &LoadNew, rules: &FreightRules) -> Result<Terms, Refusal> {
    let price = load.price.unwrap_or(Money::zero(rules.currency));
    Ok(Terms::at(rules, price, load.deposit, load.deposit_refundable)?)
}
