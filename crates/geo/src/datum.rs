//! Chinese map services give positions in GCJ-02 (shifted some 500 m) or BD-09 (shifted again). Inside Sarai
//! everything is WGS-84; the edge converts. The forward shift is published; its inverse is found by iteration.

use crate::Point;
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// Semi-major axis and squared eccentricity of the Krasovsky 1940 ellipsoid, which the shift is built on.
const AXIS_M: f64 = 6_378_245.0;
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
const BAIDU: f64 = PI * 3000.0 / 180.0;
/// Ten steps reach the micro-degree everywhere in the shifted area; see the round-trip test.
const STEPS: usize = 10;

/// The datum that a position is given in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Datum {
    /// GPS and everything inside Sarai.
    #[default]
    Wgs84,
    /// Gaode, Tencent, Google in China.
    Gcj02,
    /// Baidu.
    Bd09,
}

impl Datum {
    /// A position given in this datum, in WGS-84. Outside China nothing is changed.
    pub fn to_wgs84(self, p: Point) -> Point {
        match self {
            Self::Wgs84 => p,
            Self::Gcj02 => inverse(p, |(lat, lon)| gcj_of(lat, lon)),
            Self::Bd09 => inverse(p, |(lat, lon)| baidu_of(lat, lon)),
        }
    }

    /// A WGS-84 position in this datum.
    pub fn from_wgs84(self, p: Point) -> Point {
        let (lat, lon) = match self {
            Self::Wgs84 => return p,
            Self::Gcj02 => gcj_of(p.lat(), p.lon()),
            Self::Bd09 => baidu_of(p.lat(), p.lon()),
        };
        Point::wrapped(lat, lon)
    }
}

/// The rectangle in which the shift is applied by all services.
fn outside_china(lat: f64, lon: f64) -> bool {
    !(72.004..=137.8347).contains(&lon) || !(0.8293..=55.8271).contains(&lat)
}

/// The point whose image is `p`: start at `p` and subtract the miss until it is gone.
fn inverse(p: Point, image: impl Fn((f64, f64)) -> (f64, f64)) -> Point {
    if outside_china(p.lat(), p.lon()) {
        return p;
    }
    let mut guess = (p.lat(), p.lon());
    for _ in 0..STEPS {
        let (lat, lon) = image(guess);
        guess = (guess.0 + p.lat() - lat, guess.1 + p.lon() - lon);
    }
    Point::wrapped(guess.0, guess.1)
}

fn gcj_of(lat: f64, lon: f64) -> (f64, f64) {
    if outside_china(lat, lon) {
        return (lat, lon);
    }
    let (x, y) = (lon - 105.0, lat - 35.0);
    let s = (lat.to_radians()).sin();
    let m = 1.0 - ECCENTRICITY_SQUARED * s * s;
    let metres_lat = AXIS_M * (1.0 - ECCENTRICITY_SQUARED) / (m * m.sqrt());
    let metres_lon = AXIS_M / m.sqrt() * lat.to_radians().cos();
    (
        lat + north_shift_m(x, y) / metres_lat.to_radians(),
        lon + east_shift_m(x, y) / metres_lon.to_radians(),
    )
}

/// Two waves over one coordinate, as both shifts have them.
fn waves(amplitudes: [f64; 2], degrees: [f64; 2], v: f64) -> f64 {
    let sum: f64 = amplitudes.iter().zip(degrees).map(|(a, d)| a * (v * PI / d).sin()).sum();
    sum * 2.0 / 3.0
}

fn fast_waves(x: f64) -> f64 {
    (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0
}

fn north_shift_m(x: f64, y: f64) -> f64 {
    -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + fast_waves(x)
        + waves([20.0, 40.0], [1.0, 3.0], y)
        + waves([160.0, 320.0], [12.0, 30.0], y)
}

fn east_shift_m(x: f64, y: f64) -> f64 {
    300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + fast_waves(x)
        + waves([20.0, 40.0], [1.0, 3.0], x)
        + waves([150.0, 300.0], [12.0, 30.0], x)
}

fn baidu_of(lat: f64, lon: f64) -> (f64, f64) {
    if outside_china(lat, lon) {
        return (lat, lon);
    }
    let (lat, lon) = gcj_of(lat, lon);
    let r = lon.hypot(lat) + 0.000_02 * (lat * BAIDU).sin();
    let angle = lat.atan2(lon) + 0.000_003 * (lon * BAIDU).cos();
    (r * angle.sin() + 0.006, r * angle.cos() + 0.0065)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(lat: f64, lon: f64) -> Point {
        Point::new(lat, lon).unwrap()
    }

    /// Pairs of the test set of the public `eviltransform` library, WGS-84 and GCJ-02.
    #[test]
    fn the_published_pairs_are_met() {
        let pairs = [
            ((31.177_427_6, 121.527_210_6), (31.175_303_984, 121.531_541_859)),
            ((22.543_847, 113.912_316), (22.540_796_132, 113.917_176_481)),
            ((39.911_954, 116.377_817), (39.913_345_455, 116.384_047_225)),
        ];
        for ((lat, lon), (glat, glon)) in pairs {
            assert!(Datum::Gcj02.from_wgs84(at(lat, lon)).distance_m(at(glat, glon)) < 1.0);
            assert!(Datum::Gcj02.to_wgs84(at(glat, glon)).distance_m(at(lat, lon)) < 1.0);
        }
    }

    #[test]
    fn outside_china_nothing_moves() {
        for p in [at(47.14, 9.52), at(60.17, 24.94), at(-33.9, 151.2), at(40.7, -74.0)] {
            for datum in [Datum::Wgs84, Datum::Gcj02, Datum::Bd09] {
                assert_eq!(datum.from_wgs84(p), p);
                assert_eq!(datum.to_wgs84(p), p);
            }
        }
    }

    #[test]
    fn datums_are_written_small() {
        assert_eq!(serde_json::to_string(&Datum::Gcj02).unwrap(), r#""gcj02""#);
        assert_eq!(serde_json::from_str::<Datum>(r#""bd09""#).unwrap(), Datum::Bd09);
    }

    proptest! {
        #[test]
        fn there_and_back_is_within_a_metre(lat in 3.0..53.5f64, lon in 73.5..135.0f64) {
            let p = at(lat, lon);
            for datum in [Datum::Gcj02, Datum::Bd09] {
                let shifted = datum.from_wgs84(p);
                prop_assert!(p.distance_m(shifted) > 1.0, "the shift is real");
                prop_assert!(datum.to_wgs84(shifted).distance_m(p) < 1.0);
                prop_assert!(datum.from_wgs84(datum.to_wgs84(p)).distance_m(p) < 1.0);
            }
        }
    }
}
