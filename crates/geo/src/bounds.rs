//! A box of latitudes and longitudes. Boxes over the 180th meridian are not made: extracts do not cross it.

use crate::Point;
use serde::{Deserialize, Serialize};

/// South-west and north-east corners.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// South-west corner.
    pub min: Point,
    /// North-east corner.
    pub max: Point,
}

impl Bounds {
    /// The smallest box around the points; none for no points.
    pub fn around(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        points.into_iter().fold(None, |bounds, p| match bounds {
            None => Some(Self { min: p, max: p }),
            Some(b) => Some(b.with(p)),
        })
    }

    /// The box grown to hold a point.
    pub fn with(self, p: Point) -> Self {
        let (lat, lon) = p.micro();
        let (south, west) = self.min.micro();
        let (north, east) = self.max.micro();
        let corner = |lat, lon, or| Point::from_micro(lat, lon).unwrap_or(or);
        Self {
            min: corner(south.min(lat), west.min(lon), self.min),
            max: corner(north.max(lat), east.max(lon), self.max),
        }
    }

    /// The box grown by a margin in metres on every side.
    pub fn padded(self, margin_m: f64) -> Self {
        let lat = margin_m / 111_195.0;
        let widest = self.min.lat().abs().max(self.max.lat().abs()).to_radians().cos().max(0.01);
        let lon = lat / widest;
        let clip = |lat: f64, lon: f64| Point::wrapped(lat, lon.clamp(-180.0, 180.0));
        Self {
            min: clip(self.min.lat() - lat, self.min.lon() - lon),
            max: clip(self.max.lat() + lat, self.max.lon() + lon),
        }
    }

    /// Whether a point lies inside or on the edge.
    pub fn contains(self, p: Point) -> bool {
        let (lat, lon) = p.micro();
        let (south, west) = self.min.micro();
        let (north, east) = self.max.micro();
        (south..=north).contains(&lat) && (west..=east).contains(&lon)
    }

    /// Metres that a point is at least away from the box: a bound to leave far boxes out, a tenth below the truth.
    pub fn least_m(self, p: Point) -> f64 {
        let (lat, lon) = p.micro();
        let (south, west) = self.min.micro();
        let (north, east) = self.max.micro();
        let (lat, lon) = (lat.clamp(south, north), lon.clamp(west, east));
        let (x, y) = Point::from_micro(lat, lon).unwrap_or(p).local_m(p);
        x.hypot(y) * 0.9
    }

    /// The middle.
    pub fn centre(self) -> Point {
        self.min.between(self.max, 0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_holds_its_points_and_its_padding() {
        let points =
            [(31.2, 121.4), (39.9, 116.4), (30.0, 118.0)].map(|(a, o)| Point::new(a, o).unwrap());
        let b = Bounds::around(points).unwrap();
        assert!(points.iter().all(|p| b.contains(*p)));
        assert!(!b.contains(Point::new(29.99, 118.0).unwrap()));
        assert!(b.padded(2_000.0).contains(Point::new(29.99, 118.0).unwrap()));
        assert!(Bounds::around([]).is_none());
    }
}
