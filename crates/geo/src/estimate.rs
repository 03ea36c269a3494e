//! Road distance and driving time where no map is imported: great circle times a stated factor.

use crate::Point;
use serde::{Deserialize, Serialize};

/// Road kilometres per great-circle kilometre. Ballou, Rahardja and Sakai, "Selected country circuity factors for
/// road travel distance estimation", Transportation Research Part A 36 (2002) 843-848: China 1.33; most of the
/// countries there lie between 1.2 and 1.5.
pub const CIRCUITY: f64 = 1.33;

/// A truck's average speed by how far it has gone: streets, then main roads, then motorway.
/// Own assumption: 30 km/h for the first 15 km, 50 km/h up to 80 km, then 70 km/h. Rests are not in it.
const TRUCK_SPEEDS: [(f64, f64); 3] = [(15_000.0, 30.0), (80_000.0, 50.0), (f64::INFINITY, 70.0)];

/// What a distance or time rests on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "basis", rename_all = "snake_case")]
pub enum Basis {
    /// Driven on an imported road map.
    Road,
    /// Great circle times this factor.
    Estimated {
        /// Road metres per great-circle metre.
        factor: f64,
    },
}

/// An estimated drive.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Road metres.
    pub distance_m: u64,
    /// Seconds at the wheel of a truck.
    pub duration_seconds: u64,
    /// Always estimated, with its factor.
    #[serde(flatten)]
    pub basis: Basis,
}

/// The estimated drive from one point to another.
pub fn drive(from: Point, to: Point) -> Estimate {
    let metres = road_m(from, to);
    Estimate {
        distance_m: metres.round() as u64,
        duration_seconds: truck_seconds(metres).round() as u64,
        basis: Basis::Estimated { factor: CIRCUITY },
    }
}

/// Estimated road metres between two points.
pub fn road_m(from: Point, to: Point) -> f64 {
    from.distance_m(to) * CIRCUITY
}

/// Seconds that a truck drives so many road metres.
pub fn truck_seconds(road_m: f64) -> f64 {
    let (mut start, mut seconds) = (0.0, 0.0);
    for (end, km_per_hour) in TRUCK_SPEEDS {
        seconds += (road_m.min(end) - start).max(0.0) / (km_per_hour / 3.6);
        start = end;
    }
    seconds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: f64, lon: f64) -> Point {
        Point::new(lat, lon).unwrap()
    }

    #[test]
    fn shanghai_to_beijing_is_near_the_true_road() {
        // G2 Beijing-Shanghai expressway: 1,262 km.
        let drive = drive(at(31.22222, 121.45806), at(39.9075, 116.39723));
        let share = drive.distance_m as f64 / 1_262_000.0;
        assert!((0.85..1.15).contains(&share), "{share}");
        let hours = drive.duration_seconds as f64 / 3600.0;
        assert!((16.0..24.0).contains(&hours), "{hours}");
    }

    #[test]
    fn an_estimate_says_that_it_is_one() {
        let json = serde_json::to_value(drive(at(31.0, 121.0), at(31.0, 121.0))).unwrap();
        assert_eq!(
            json,
            serde_json::json!({"distance_m": 0, "duration_seconds": 0, "basis": "estimated", "factor": CIRCUITY})
        );
        assert_eq!(
            serde_json::to_value(Basis::Road).unwrap(),
            serde_json::json!({"basis": "road"})
        );
    }

    #[test]
    fn time_grows_with_distance_and_speed_rises() {
        let metres = [0.0, 1_000.0, 15_000.0, 80_000.0, 500_000.0];
        assert!(metres.windows(2).all(|m| truck_seconds(m[0]) < truck_seconds(m[1])));
        assert!((truck_seconds(15_000.0) - 1_800.0).abs() < 0.001);
        assert!(500_000.0 / truck_seconds(500_000.0) > 80_000.0 / truck_seconds(80_000.0));
    }
}
