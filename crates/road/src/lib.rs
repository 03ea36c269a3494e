//! Roads: OpenStreetMap extracts become a graph, and the graph answers routes with geometry and time.
//!
//! What it never knows: markets, people, prices, the network. A map comes from a file and is saved to one.
//!
//! Start with [`Roads`], which holds the imported maps and estimates where there is none; behind it stands the
//! port [`Router`], so that a faster engine can take the place of [`Map`]'s plain search.
//! From file to graph: `osm` (bytes to elements) - `tags` (tags to speeds and access) - `build` (elements to
//! segments) - `turns` (turn restrictions) - `search`.

pub mod along;
mod build;
mod draw;
mod file;
mod map;
mod osm;
mod profile;
mod roads;
mod route;
mod search;
mod snap;
mod tags;
mod turns;

pub use build::{ImportError, Progress, import};
pub use draw::Drawing;
pub use file::{FORMAT_VERSION, MapFileError};
pub use map::{Class, Map};
pub use osm::OsmError;
pub use profile::{Profile, Truck};
pub use roads::Roads;
pub use route::{Leg, Route, RouteError, Router, Snapped, Step};
pub use sarai_geo::Basis;
pub use snap::SNAP_MAX_M;
