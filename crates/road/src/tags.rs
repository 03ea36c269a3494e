//! OSM tags to rules: who may drive a way in which direction, how fast, and past which signs.
//!
//! Speeds are what traffic does on such a road when it flows, not what the sign allows. Where a limit is
//! tagged, cars do [`SHARE_OF_LIMIT`] of it off motorways. The defaults are our own, in the range of those that
//! OSRM, GraphHopper and Valhalla ship.

use crate::map::Class;
use crate::osm::Tags;
use crate::profile::{Limits, Vehicle};

const SHARE_OF_LIMIT: f64 = 0.8;
const SHARE_OF_LIMIT_MOTORWAY: f64 = 0.92;
/// Trucks are limited by themselves, whatever the sign says.
const TRUCK_KMH_MAX: f64 = 85.0;
const UNPAVED_SHARE: f64 = 0.6;
/// A road for residents and deliveries only is a last resort; it counts as this slow.
const RESTRICTED_SHARE: f64 = 0.3;

/// What a way's tags say. Speeds in km/h, 0 where driving is not allowed: forward, then backward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WayRule {
    pub class: Class,
    pub car_kmh: [u8; 2],
    pub truck_kmh: [u8; 2],
    pub limits: Limits,
}

/// May it be driven?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Yes,
    Restricted,
    No,
}

/// The rule of a way, or none if nobody may drive it.
pub fn way_rule(tags: &Tags) -> Option<WayRule> {
    let class = class_of(tags)?;
    if tags.get("area") == Some("yes") || tags.get("service") == Some("emergency_access") {
        return None;
    }
    let ways = directions(tags, class);
    let speeds = |vehicle| {
        let access = access_of(tags, vehicle);
        [0, 1].map(|d| if ways[d] { speed(tags, class, vehicle, access, d) } else { 0 })
    };
    let rule = WayRule {
        class,
        car_kmh: speeds(Vehicle::Car),
        truck_kmh: speeds(Vehicle::Truck),
        limits: limits_of(tags),
    };
    (rule.car_kmh != [0; 2] || rule.truck_kmh != [0; 2]).then_some(rule)
}

/// Which vehicles a node with these tags stops, as a mask.
pub fn barrier_mask(tags: &Tags) -> u8 {
    let Some(barrier) = tags.get("barrier") else { return 0 };
    let closed = matches!(
        barrier,
        "bollard"
            | "block"
            | "jersey_barrier"
            | "log"
            | "debris"
            | "chain"
            | "cycle_barrier"
            | "turnstile"
            | "stile"
            | "kissing_gate"
            | "full-height_turnstile"
            | "motorcycle_barrier"
            | "horse_stile"
            | "planter"
    );
    let stops = |vehicle: Vehicle| {
        let keys = access_keys(vehicle);
        let said = keys.iter().find_map(|k| tags.get(k)).map(access_value);
        match said {
            Some(access) => access == Access::No,
            None => closed,
        }
    };
    crate::profile::VEHICLES.into_iter().filter(|v| stops(*v)).map(Vehicle::bit).sum()
}

fn class_of(tags: &Tags) -> Option<Class> {
    Some(match tags.get("highway")? {
        "motorway" => Class::Motorway,
        "motorway_link" => Class::MotorwayLink,
        "trunk" => Class::Trunk,
        "trunk_link" => Class::TrunkLink,
        "primary" => Class::Primary,
        "primary_link" => Class::PrimaryLink,
        "secondary" => Class::Secondary,
        "secondary_link" => Class::SecondaryLink,
        "tertiary" => Class::Tertiary,
        "tertiary_link" => Class::TertiaryLink,
        "unclassified" | "road" => Class::Unclassified,
        "residential" => Class::Residential,
        "living_street" => Class::LivingStreet,
        "service" => Class::Service,
        "track" => Class::Track,
        _ => return None,
    })
}

/// Usual speeds of a class in km/h: car, truck.
fn usual(class: Class) -> [f64; 2] {
    match class {
        Class::Motorway => [110.0, 80.0],
        Class::Trunk => [85.0, 70.0],
        Class::Primary => [62.0, 55.0],
        Class::Secondary => [52.0, 46.0],
        Class::Tertiary => [44.0, 38.0],
        Class::MotorwayLink => [55.0, 45.0],
        Class::TrunkLink => [48.0, 40.0],
        Class::PrimaryLink | Class::SecondaryLink | Class::TertiaryLink => [36.0, 30.0],
        Class::Unclassified => [38.0, 32.0],
        Class::Residential => [26.0, 20.0],
        Class::LivingStreet => [10.0, 8.0],
        Class::Service => [14.0, 10.0],
        Class::Track => [12.0, 8.0],
    }
}

/// Whether traffic may go forward and backward.
fn directions(tags: &Tags, class: Class) -> [bool; 2] {
    let round = matches!(tags.get("junction"), Some("roundabout" | "circular"));
    match tags.get("oneway") {
        Some("yes" | "true" | "1") => [true, false],
        Some("-1" | "reverse") => [false, true],
        Some("no" | "false" | "0" | "alternating") => [true, true],
        Some("reversible") => [false, false],
        _ => [true, !(round || class == Class::Motorway)],
    }
}

/// Access keys, the most particular first. Where nothing is said of trucks, what is said of cars holds for them:
/// mappers write `motorcar=no` for a sign that closes a road to all motor traffic.
fn access_keys(vehicle: Vehicle) -> &'static [&'static str] {
    match vehicle {
        Vehicle::Car => &["motorcar", "motor_vehicle", "vehicle", "access"],
        Vehicle::Truck => &["hgv", "motorcar", "motor_vehicle", "vehicle", "access"],
    }
}

fn access_of(tags: &Tags, vehicle: Vehicle) -> Access {
    let said = access_keys(vehicle).iter().find_map(|k| tags.get(k)).map(access_value);
    // Farm tracks are driven only where a tag says that they may be.
    let silent = if tags.get("highway") == Some("track") && tags.get("tracktype") != Some("grade1")
    {
        Access::No
    } else {
        Access::Yes
    };
    said.unwrap_or(silent)
}

fn access_value(value: &str) -> Access {
    match value {
        "no" | "private" | "agricultural" | "forestry" | "emergency" | "psv" | "bus"
        | "military" | "use_sidepath" => Access::No,
        "destination" | "delivery" | "customers" | "permit" | "residents" | "unsuitable"
        | "discouraged" => Access::Restricted,
        _ => Access::Yes,
    }
}

fn speed(tags: &Tags, class: Class, vehicle: Vehicle, access: Access, direction: usize) -> u8 {
    let usual = usual(class)[vehicle as usize];
    let share = match class {
        Class::Motorway => SHARE_OF_LIMIT_MOTORWAY,
        _ => SHARE_OF_LIMIT,
    };
    let mut kmh = match (limit_kmh(tags, vehicle, direction), vehicle) {
        (Some(limit), Vehicle::Car) => limit * share,
        (Some(limit), Vehicle::Truck) => (limit * share).min(TRUCK_KMH_MAX).min(usual * 1.2),
        (None, _) => usual,
    };
    let unpaved = matches!(
        tags.get("surface"),
        Some(
            "unpaved"
                | "gravel"
                | "dirt"
                | "ground"
                | "earth"
                | "grass"
                | "mud"
                | "sand"
                | "pebblestone"
                | "compacted"
        )
    );
    if unpaved {
        kmh *= UNPAVED_SHARE;
    }
    match access {
        Access::No => return 0,
        Access::Restricted => kmh *= RESTRICTED_SHARE,
        Access::Yes => {}
    }
    kmh.round().clamp(3.0, 140.0) as u8
}

fn limit_kmh(tags: &Tags, vehicle: Vehicle, direction: usize) -> Option<f64> {
    let own = (vehicle == Vehicle::Truck).then(|| tags.get("maxspeed:hgv")).flatten();
    let one_way = tags.get(["maxspeed:forward", "maxspeed:backward"][direction]);
    let general = tags.get("maxspeed");
    [own, one_way, general].into_iter().flatten().find_map(parse_kmh)
}

/// "50", "50 km/h", "30 mph", "none", "CN:urban".
fn parse_kmh(value: &str) -> Option<f64> {
    let value = value.split([';', ',']).next()?.trim();
    let kmh = match value {
        "none" => 130.0,
        "walk" => 6.0,
        _ if value.ends_with(":urban") => 50.0,
        _ if value.ends_with(":rural") => 80.0,
        _ if value.ends_with(":trunk") => 100.0,
        _ if value.ends_with(":motorway") => 120.0,
        _ if value.ends_with(":living_street") => 10.0,
        _ => match value.strip_suffix("mph") {
            Some(miles) => miles.trim().parse::<f64>().ok()? * 1.609_344,
            None => value.trim_end_matches("km/h").trim_end_matches("kmh").trim().parse().ok()?,
        },
    };
    (kmh.is_finite() && kmh >= 1.0).then_some(kmh.min(150.0))
}

fn limits_of(tags: &Tags) -> Limits {
    let first = |keys: &[&str], read: fn(&str) -> Option<u32>| {
        keys.iter().filter_map(|k| tags.get(k)).find_map(read)
    };
    Limits {
        height_mm: first(&["maxheight", "maxheight:physical"], parse_mm).unwrap_or(0),
        width_mm: first(&["maxwidth", "maxwidth:physical"], parse_mm).unwrap_or(0),
        length_mm: first(&["maxlength"], parse_mm).unwrap_or(0),
        mass_kg: first(
            &["maxweight:hgv", "maxweight", "maxweightrating:hgv", "maxweightrating"],
            parse_kg,
        )
        .unwrap_or(0),
    }
}

/// "4", "4.2 m", "13'6\"".
fn parse_mm(value: &str) -> Option<u32> {
    let value = value.trim();
    let metres = if let Some((feet, inches)) = value.split_once('\'') {
        let inches = inches.trim().trim_end_matches('"').trim();
        let inches = if inches.is_empty() { 0.0 } else { inches.parse::<f64>().ok()? };
        feet.trim().parse::<f64>().ok()? * 0.3048 + inches * 0.0254
    } else {
        value.trim_end_matches('m').trim().parse().ok()?
    };
    in_range(metres * 1000.0, 100_000.0)
}

/// "7.5", "7.5 t", "3500 kg".
fn parse_kg(value: &str) -> Option<u32> {
    let value = value.trim();
    let kg = match value.strip_suffix("kg") {
        Some(kg) => kg.trim().parse::<f64>().ok()?,
        None => value.trim_end_matches('t').trim().parse::<f64>().ok()? * 1000.0,
    };
    in_range(kg, 1_000_000.0)
}

fn in_range(value: f64, max: f64) -> Option<u32> {
    (value.is_finite() && value >= 1.0 && value <= max).then_some(value.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(tags: &[(&'static str, &'static str)]) -> Option<WayRule> {
        way_rule(&Tags(tags.to_vec()))
    }

    #[test]
    fn one_ways_run_as_tagged_and_as_implied() {
        let ways =
            |tags: &[(&'static str, &'static str)]| rule(tags).map(|r| r.car_kmh.map(|s| s > 0));
        assert_eq!(ways(&[("highway", "primary")]), Some([true, true]));
        assert_eq!(ways(&[("highway", "primary"), ("oneway", "yes")]), Some([true, false]));
        assert_eq!(ways(&[("highway", "primary"), ("oneway", "-1")]), Some([false, true]));
        assert_eq!(ways(&[("highway", "motorway")]), Some([true, false]));
        assert_eq!(ways(&[("highway", "motorway"), ("oneway", "no")]), Some([true, true]));
        assert_eq!(
            ways(&[("highway", "residential"), ("junction", "roundabout")]),
            Some([true, false])
        );
        assert_eq!(ways(&[("highway", "residential"), ("oneway", "reversible")]), None);
    }

    #[test]
    fn the_most_particular_access_tag_decides() {
        let open = |tags: &[(&'static str, &'static str)]| {
            rule(tags).map_or([false, false], |r| [r.car_kmh[0] > 0, r.truck_kmh[0] > 0])
        };
        assert_eq!(open(&[("highway", "primary"), ("hgv", "no")]), [true, false]);
        assert_eq!(
            open(&[("highway", "primary"), ("access", "no"), ("hgv", "yes")]),
            [false, true]
        );
        assert_eq!(open(&[("highway", "service"), ("access", "private")]), [false, false]);
        assert_eq!(
            open(&[("highway", "primary"), ("vehicle", "no"), ("motor_vehicle", "yes")]),
            [true, true]
        );
        assert_eq!(open(&[("highway", "primary"), ("motorcar", "no")]), [false, false]);
        assert_eq!(
            open(&[("highway", "primary"), ("motorcar", "no"), ("hgv", "yes")]),
            [false, true]
        );
        assert_eq!(open(&[("highway", "track")]), [false, false]);
        assert_eq!(open(&[("highway", "track"), ("motor_vehicle", "yes")]), [true, true]);
        assert_eq!(open(&[("highway", "footway")]), [false, false]);
        let through = rule(&[("highway", "residential")]).unwrap();
        let residents =
            rule(&[("highway", "residential"), ("motor_vehicle", "destination")]).unwrap();
        assert!(residents.car_kmh[0] < through.car_kmh[0] && residents.car_kmh[0] > 0);
    }

    #[test]
    fn speeds_follow_the_sign_and_the_vehicle() {
        let r =
            rule(&[("highway", "motorway"), ("maxspeed", "120"), ("maxspeed:hgv", "80")]).unwrap();
        assert_eq!((r.car_kmh[0], r.truck_kmh[0]), (110, 74));
        let r = rule(&[("highway", "primary"), ("maxspeed:forward", "30 mph"), ("maxspeed", "80")])
            .unwrap();
        assert_eq!(r.car_kmh, [39, 64]);
        for (value, kmh) in
            [("50", 50.0), ("none", 130.0), ("CN:urban", 50.0), ("60 km/h", 60.0), ("80;60", 80.0)]
        {
            assert_eq!(parse_kmh(value), Some(kmh), "{value}");
        }
        for bad in ["", "signals", "-5", "inf", "nan", "0"] {
            assert_eq!(parse_kmh(bad), None, "{bad}");
        }
    }

    #[test]
    fn limits_are_read_in_the_units_that_people_write() {
        let r = rule(&[
            ("highway", "primary"),
            ("maxheight", "3.8 m"),
            ("maxweight", "7.5"),
            ("maxlength", "10"),
        ])
        .unwrap();
        assert_eq!(
            r.limits,
            Limits { height_mm: 3_800, width_mm: 0, length_mm: 10_000, mass_kg: 7_500 }
        );
        assert_eq!(
            (parse_mm("13'6\""), parse_mm("default"), parse_kg("3500 kg")),
            (Some(4_115), None, Some(3_500))
        );
    }

    #[test]
    fn barriers_stop_whom_they_stop() {
        let mask = |tags: &[(&'static str, &'static str)]| barrier_mask(&Tags(tags.to_vec()));
        assert_eq!(mask(&[("barrier", "bollard")]), 3);
        assert_eq!(mask(&[("barrier", "gate")]), 0);
        assert_eq!(mask(&[("barrier", "gate"), ("access", "private")]), 3);
        assert_eq!(mask(&[("barrier", "bollard"), ("motorcar", "yes"), ("hgv", "no")]), 2);
        assert_eq!(mask(&[("highway", "crossing")]), 0);
    }
}
