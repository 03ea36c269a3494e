//! Where things are: validated points, distances, H3 cells, Chinese datums, real places.
//!
//! What it never knows: roads, people, markets. Everything here is pure; the gazetteer's data is built in.
//!
//! Start with [`Point`]; then [`Gazetteer::shared`] for places, [`Cell`] and [`Band`] for what may be shown
//! of a person's position, [`Datum`] at the edge of the wire, [`estimate`] for distances without a map.

pub mod bounds;
pub mod cell;
pub mod datum;
pub mod estimate;
pub mod gazetteer;
pub mod point;
pub mod polyline;

pub use bounds::Bounds;
pub use cell::{Band, Cell, CellError};
pub use datum::Datum;
pub use estimate::{Basis, CIRCUITY, Estimate};
pub use gazetteer::{Gazetteer, Kind, Lang, Place};
pub use point::{Point, PointOutOfRange};
pub use polyline::{OnLine, Polyline};
