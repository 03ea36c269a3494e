//! A position on WGS-84, kept as whole micro-degrees: equal, hashable, six decimals on the wire.

use serde::{Deserialize, Serialize};

/// Mean Earth radius in metres (IUGG).
pub const EARTH_RADIUS_M: f64 = 6_371_008.8;
/// One micro-degree of latitude is about 0.11 m.
const MICRO: f64 = 1_000_000.0;

/// A WGS-84 position, valid by construction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Point {
    lat_micro: i32,
    lon_micro: i32,
}

/// A latitude outside ±90, a longitude outside ±180, or not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("latitude must be within -90 and 90, longitude within -180 and 180")]
pub struct PointOutOfRange;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    lat: f64,
    lon: f64,
}

impl TryFrom<Wire> for Point {
    type Error = PointOutOfRange;
    fn try_from(wire: Wire) -> Result<Self, PointOutOfRange> {
        Self::new(wire.lat, wire.lon)
    }
}

impl From<Point> for Wire {
    fn from(point: Point) -> Self {
        Self { lat: point.lat(), lon: point.lon() }
    }
}

impl Point {
    /// A position from degrees, rounded to six decimals.
    pub fn new(lat: f64, lon: f64) -> Result<Self, PointOutOfRange> {
        let fits = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
        if !fits {
            return Err(PointOutOfRange);
        }
        Ok(Self {
            lat_micro: (lat * MICRO).round() as i32,
            lon_micro: (lon * MICRO).round() as i32,
        })
    }

    /// A position from degrees that are clamped and wrapped into range; for results of arithmetic.
    pub fn wrapped(lat: f64, lon: f64) -> Self {
        let lat = if lat.is_finite() { lat.clamp(-90.0, 90.0) } else { 0.0 };
        let lon = if !lon.is_finite() {
            0.0
        } else if (-180.0..=180.0).contains(&lon) {
            lon
        } else {
            (lon + 180.0).rem_euclid(360.0) - 180.0
        };
        Self { lat_micro: (lat * MICRO).round() as i32, lon_micro: (lon * MICRO).round() as i32 }
    }

    /// A position from whole micro-degrees.
    pub fn from_micro(lat_micro: i32, lon_micro: i32) -> Result<Self, PointOutOfRange> {
        let fits =
            lat_micro.unsigned_abs() <= 90_000_000 && lon_micro.unsigned_abs() <= 180_000_000;
        if fits { Ok(Self { lat_micro, lon_micro }) } else { Err(PointOutOfRange) }
    }

    /// Degrees north.
    pub fn lat(self) -> f64 {
        f64::from(self.lat_micro) / MICRO
    }

    /// Degrees east.
    pub fn lon(self) -> f64 {
        f64::from(self.lon_micro) / MICRO
    }

    /// Latitude and longitude in whole micro-degrees.
    pub fn micro(self) -> (i32, i32) {
        (self.lat_micro, self.lon_micro)
    }

    /// Great-circle distance in metres (haversine).
    pub fn distance_m(self, to: Self) -> f64 {
        let (a, b) = (self.lat().to_radians(), to.lat().to_radians());
        let half_lat = ((b - a) / 2.0).sin();
        let half_lon = ((to.lon() - self.lon()).to_radians() / 2.0).sin();
        let h = half_lat * half_lat + a.cos() * b.cos() * half_lon * half_lon;
        2.0 * EARTH_RADIUS_M * h.clamp(0.0, 1.0).sqrt().asin()
    }

    /// First bearing towards another point, degrees clockwise from north, in 0..360.
    pub fn bearing_deg(self, to: Self) -> f64 {
        let (a, b) = (self.lat().to_radians(), to.lat().to_radians());
        let d = (to.lon() - self.lon()).to_radians();
        let y = d.sin() * b.cos();
        let x = a.cos() * b.sin() - a.sin() * b.cos() * d.cos();
        let degrees = y.atan2(x).to_degrees().rem_euclid(360.0);
        if degrees >= 360.0 { 0.0 } else { degrees }
    }

    /// The point reached by going `distance_m` along a bearing.
    pub fn towards(self, bearing_deg: f64, distance_m: f64) -> Self {
        let (lat, turn) = (self.lat().to_radians(), bearing_deg.to_radians());
        let arc = distance_m / EARTH_RADIUS_M;
        let sin_end = (lat.sin() * arc.cos() + lat.cos() * arc.sin() * turn.cos()).clamp(-1.0, 1.0);
        let dy = turn.sin() * arc.sin() * lat.cos();
        let lon = self.lon() + dy.atan2(arc.cos() - lat.sin() * sin_end).to_degrees();
        Self::wrapped(sin_end.asin().to_degrees(), lon)
    }

    /// The point at a share (0 to 1) of the straight way in degrees; for short distances.
    pub fn between(self, to: Self, share: f64) -> Self {
        let share = share.clamp(0.0, 1.0);
        let lon_step = wrap_degrees(to.lon() - self.lon());
        Self::wrapped(self.lat() + (to.lat() - self.lat()) * share, self.lon() + lon_step * share)
    }

    /// Metres east and north of an origin on a plane touching there; for distances below some 100 km.
    pub fn local_m(self, origin: Self) -> (f64, f64) {
        let metres_per_degree = EARTH_RADIUS_M.to_radians();
        let middle = ((self.lat() + origin.lat()) / 2.0).to_radians();
        let east = wrap_degrees(self.lon() - origin.lon()) * metres_per_degree * middle.cos();
        (east, (self.lat() - origin.lat()) * metres_per_degree)
    }
}

fn wrap_degrees(d: f64) -> f64 {
    if (-180.0..=180.0).contains(&d) { d } else { (d + 180.0).rem_euclid(360.0) - 180.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(lat: f64, lon: f64) -> Point {
        Point::new(lat, lon).unwrap()
    }

    #[test]
    fn points_outside_the_globe_are_refused() {
        for (lat, lon) in [
            (90.1, 0.0),
            (-90.1, 0.0),
            (0.0, 180.1),
            (0.0, -180.1),
            (f64::NAN, 0.0),
            (0.0, f64::INFINITY),
        ] {
            assert_eq!(Point::new(lat, lon), Err(PointOutOfRange));
        }
        assert!(Point::new(90.0, -180.0).is_ok());
    }

    #[test]
    fn shanghai_to_beijing_is_about_1067_km() {
        let d = at(31.22222, 121.45806).distance_m(at(39.9075, 116.39723));
        assert!((d - 1_067_000.0).abs() < 3_000.0, "{d}");
    }

    #[test]
    fn the_wire_has_lat_lon_and_nothing_else() {
        let p: Point = serde_json::from_str(r#"{"lat":31.5,"lon":120.3000004}"#).unwrap();
        assert_eq!(serde_json::to_string(&p).unwrap(), r#"{"lat":31.5,"lon":120.3}"#);
        assert!(serde_json::from_str::<Point>(r#"{"lat":31.5,"lon":120.3,"alt":1}"#).is_err());
        assert!(serde_json::from_str::<Point>(r#"{"lat":91,"lon":120.3}"#).is_err());
    }

    proptest! {
        #[test]
        fn going_along_a_bearing_arrives_at_that_distance(
            lat in -80.0..80.0f64, lon in -180.0..180.0f64, turn in 0.0..360.0f64, far in 10.0..500_000.0f64,
        ) {
            let a = at(lat, lon);
            let b = a.towards(turn, far);
            prop_assert!((a.distance_m(b) - far).abs() < 0.3 + far * 1e-6);
            if far > 1_000.0 {
                let off = (a.bearing_deg(b) - turn).abs();
                prop_assert!(!(0.05..=359.95).contains(&off), "{off}");
            }
        }

        #[test]
        fn the_local_plane_agrees_with_the_globe_nearby(
            lat in -65.0..65.0f64, lon in -180.0..180.0f64, turn in 0.0..360.0f64, far in 1.0..20_000.0f64,
        ) {
            let a = at(lat, lon);
            let (x, y) = a.towards(turn, far).local_m(a);
            prop_assert!((x.hypot(y) - far).abs() < 0.3 + far * 0.001);
        }
    }
}
