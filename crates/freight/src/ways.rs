//! The port to roads: how far and how long from stop to stop. Without an imported map an estimate that says so.

use sarai_geo::{Point, estimate};
use sarai_road::{Profile, Roads};

use crate::{model::Route, words::Basis};

/// A way through points, with its line for the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// How far, how long, from where that is known.
    pub route: Route,
    /// The line to draw.
    pub line: Vec<Point>,
    /// Metres and seconds of each leg.
    pub legs: Vec<(i64, i64)>,
    /// Whose map it is.
    pub attribution: Option<String>,
}

/// Who knows roads.
pub trait Ways: Send + Sync {
    /// The way of a truck through these points, in order.
    fn way(&self, points: &[Point]) -> Way;
}

/// Great circle times a stated factor.
#[derive(Debug, Clone, Copy, Default)]
pub struct Estimates;

impl Ways for Estimates {
    fn way(&self, points: &[Point]) -> Way {
        let legs: Vec<(i64, i64)> = points
            .iter()
            .zip(points.iter().skip(1))
            .map(|(from, to)| {
                let drive = estimate::drive(*from, *to);
                let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
                (whole(drive.distance_m), whole(drive.duration_seconds))
            })
            .collect();
        let sum = |part: fn(&(i64, i64)) -> i64| legs.iter().map(part).sum();
        Way {
            route: Route {
                distance_m: sum(|leg| leg.0),
                duration_seconds: sum(|leg| leg.1),
                basis: Basis::Estimated,
                factor: Some(sarai_geo::CIRCUITY),
            },
            line: points.to_vec(),
            legs,
            attribution: None,
        }
    }
}

/// Imported maps, leg by leg; one leg that is estimated makes the whole an estimate.
impl Ways for Roads {
    fn way(&self, points: &[Point]) -> Way {
        let drives: Vec<_> = points
            .windows(2)
            .filter_map(|leg| Some(self.drive(*leg.first()?, *leg.last()?, Profile::default())))
            .collect();
        if drives.iter().any(|drive| drive.basis != sarai_geo::Basis::Road) {
            return Estimates.way(points);
        }
        let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let legs: Vec<_> = drives
            .iter()
            .map(|drive| (whole(drive.distance_m), whole(drive.duration_seconds)))
            .collect();
        Way {
            route: Route {
                distance_m: legs.iter().map(|leg| leg.0).sum(),
                duration_seconds: legs.iter().map(|leg| leg.1).sum(),
                basis: Basis::Road,
                factor: None,
            },
            line: drives.into_iter().flat_map(|drive| drive.geometry).collect(),
            legs,
            attribution: Some(OSM.to_owned()),
        }
    }
}

/// Whose data an imported map is.
const OSM: &str = "© OpenStreetMap contributors";

/// A line in Google's encoding, precision 5.
pub fn encoded(line: &[Point]) -> String {
    let mut text = String::new();
    let mut last = (0, 0);
    for point in line {
        let at = ((point.lat() * 1e5).round() as i64, (point.lon() * 1e5).round() as i64);
        push(&mut text, at.0 - last.0);
        push(&mut text, at.1 - last.1);
        last = at;
    }
    text
}

fn push(text: &mut String, step: i64) {
    let mut rest = if step < 0 { !(step << 1) } else { step << 1 };
    while rest >= 0x20 {
        text.push(letter((rest & 0x1f) | 0x20));
        rest >>= 5;
    }
    text.push(letter(rest));
}

fn letter(bits: i64) -> char {
    u8::try_from(bits + 63).map_or('?', char::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_encoded_as_in_the_published_example() {
        let at = |lat, lon| Point::new(lat, lon).unwrap();
        let line = [at(38.5, -120.2), at(40.7, -120.95), at(43.252, -126.453)];
        assert_eq!(encoded(&line), "_p~iF~ps|U_ulLnnqC_mqNvxq`@");
    }

    #[test]
    fn an_estimate_says_its_factor_and_adds_up_its_legs() {
        let at = |lat, lon| Point::new(lat, lon).unwrap();
        let way = Estimates.way(&[at(31.57, 120.3), at(33.0, 119.0), at(36.65, 117.1)]);
        assert_eq!(way.route.distance_m, way.legs.iter().map(|leg| leg.0).sum::<i64>());
        assert_eq!((way.route.basis, way.route.factor), (Basis::Estimated, Some(1.33)));
        assert!((700_000..1_000_000).contains(&way.route.distance_m));
    }
}
