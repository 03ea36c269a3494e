//! H3 cells: what may be said of a person's place. A person is snapped to a cell first, and distances run
//! from cell centre to cell centre, so that asking again from elsewhere teaches nothing finer than the cell.

use crate::{Bounds, Point};
use h3o::{CellIndex, LatLng, Resolution};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The widest disk that [`Cell::disk`] gives, in rings.
pub const RINGS_MAX: u32 = 64;

/// An H3 cell at resolution 7 (freight) or 8 (jobs); others are not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cell(CellIndex);

/// Text that is no H3 cell of resolution 7 or 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an H3 cell of resolution 7 or 8")]
pub struct CellError;

impl Cell {
    /// The freight cell of a point: resolution 7, about 5 km² (edge 1.4 km).
    pub fn freight(point: Point) -> Self {
        Self::of(point, Resolution::Seven)
    }

    /// The jobs cell of a point: resolution 8, about 0.7 km² (edge 0.5 km).
    pub fn jobs(point: Point) -> Self {
        Self::of(point, Resolution::Eight)
    }

    #[expect(clippy::expect_used, reason = "a Point is always finite and in range")]
    fn of(point: Point, resolution: Resolution) -> Self {
        let at = LatLng::new(point.lat(), point.lon()).expect("a Point is finite");
        Self(at.to_cell(resolution))
    }

    /// 7 or 8.
    pub fn resolution(self) -> u8 {
        u8::from(self.0.resolution())
    }

    /// The cell's centre.
    pub fn centre(self) -> Point {
        let at = LatLng::from(self.0);
        Point::wrapped(at.lat(), at.lng())
    }

    /// Metres from centre to centre.
    pub fn distance_m(self, to: Self) -> f64 {
        self.centre().distance_m(to.centre())
    }

    /// The cell and its neighbours within so many rings (at most [`RINGS_MAX`]).
    pub fn disk(self, rings: u32) -> Vec<Self> {
        self.0.grid_disk::<Vec<_>>(rings.min(RINGS_MAX)).into_iter().map(Self).collect()
    }

    /// Whether the other is this cell or touches it within so many rings.
    pub fn within(self, rings: u32, other: Self) -> bool {
        self.0.grid_distance(other.0).is_ok_and(|d| d.unsigned_abs() <= rings)
    }

    /// The corners, for drawing.
    pub fn corners(self) -> Vec<Point> {
        self.0.boundary().iter().map(|c| Point::wrapped(c.lat(), c.lng())).collect()
    }

    /// The box around the corners.
    pub fn bounds(self) -> Bounds {
        let centre = self.centre();
        Bounds::around(self.corners()).unwrap_or(Bounds { min: centre, max: centre })
    }

    /// The index as a number, for stores.
    pub fn to_u64(self) -> u64 {
        u64::from(self.0)
    }
}

impl TryFrom<u64> for Cell {
    type Error = CellError;
    fn try_from(index: u64) -> Result<Self, CellError> {
        let cell = CellIndex::try_from(index).map_err(|_| CellError)?;
        matches!(cell.resolution(), Resolution::Seven | Resolution::Eight)
            .then_some(Self(cell))
            .ok_or(CellError)
    }
}

impl FromStr for Cell {
    type Err = CellError;
    fn from_str(text: &str) -> Result<Self, CellError> {
        let index = u64::from_str_radix(text, 16).map_err(|_| CellError)?;
        Self::try_from(index)
    }
}

impl TryFrom<String> for Cell {
    type Error = CellError;
    fn try_from(text: String) -> Result<Self, CellError> {
        text.parse()
    }
}

impl From<Cell> for String {
    fn from(cell: Cell) -> Self {
        cell.to_string()
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.to_u64())
    }
}

/// How far one person is from another, as far as the other may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Below 10 km.
    Under10Km,
    /// Below 30 km.
    Under30Km,
    /// Below 100 km.
    Under100Km,
    /// Below 300 km.
    Under300Km,
    /// 300 km and more.
    Over300Km,
}

impl Band {
    /// The band between two cells; there is deliberately no way to make one of two exact points.
    pub fn between(a: Cell, b: Cell) -> Self {
        match a.distance_m(b) {
            d if d < 10_000.0 => Self::Under10Km,
            d if d < 30_000.0 => Self::Under30Km,
            d if d < 100_000.0 => Self::Under100Km,
            d if d < 300_000.0 => Self::Under300Km,
            _ => Self::Over300Km,
        }
    }

    /// The upper end in metres; none for the widest band.
    pub fn below_m(self) -> Option<u32> {
        match self {
            Self::Under10Km => Some(10_000),
            Self::Under30Km => Some(30_000),
            Self::Under100Km => Some(100_000),
            Self::Under300Km => Some(300_000),
            Self::Over300Km => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wuxi() -> Point {
        Point::new(31.56887, 120.28857).unwrap()
    }

    #[test]
    fn a_cell_survives_text_number_and_wire() {
        for cell in [Cell::freight(wuxi()), Cell::jobs(wuxi())] {
            assert_eq!(cell.to_string().parse(), Ok(cell));
            assert_eq!(Cell::try_from(cell.to_u64()), Ok(cell));
            let json = serde_json::to_string(&cell).unwrap();
            assert_eq!(serde_json::from_str::<Cell>(&json).unwrap(), cell);
        }
        assert_eq!(Cell::freight(wuxi()).resolution(), 7);
        for bad in ["", "zz", "0", "8928308280fffff", "ffffffffffffffffff"] {
            assert_eq!(bad.parse::<Cell>(), Err(CellError), "{bad}");
        }
    }

    #[test]
    fn a_disk_holds_the_hexagons_around() {
        let cell = Cell::freight(wuxi());
        assert_eq!(cell.disk(0), [cell]);
        assert_eq!(cell.disk(2).len(), 19);
        assert!(cell.disk(2).iter().all(|c| cell.within(2, *c)));
    }

    #[test]
    fn bands_are_named_on_the_wire_and_ordered() {
        let here = Cell::freight(wuxi());
        let far = |m| Cell::freight(wuxi().towards(90.0, m));
        assert_eq!(Band::between(here, far(1_000.0)), Band::Under10Km);
        assert_eq!(Band::between(here, far(20_000.0)), Band::Under30Km);
        assert_eq!(Band::between(here, far(60_000.0)), Band::Under100Km);
        assert_eq!(Band::between(here, far(200_000.0)), Band::Under300Km);
        assert_eq!(Band::between(here, far(900_000.0)), Band::Over300Km);
        assert_eq!(serde_json::to_string(&Band::Under10Km).unwrap(), r#""under10_km""#);
    }

    proptest! {
        #[test]
        fn a_point_is_within_its_cell_and_all_points_of_a_cell_look_alike(
            lat in -80.0..80.0f64, lon in -180.0..180.0f64,
        ) {
            let p = Point::new(lat, lon).unwrap();
            let cell = Cell::freight(p);
            prop_assert!(p.distance_m(cell.centre()) < 2_500.0);
            prop_assert_eq!(Cell::freight(cell.centre()), cell);
        }
    }
}
