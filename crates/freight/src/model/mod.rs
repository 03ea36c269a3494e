//! Records of freight: what is stored, with the personal values sealed in it.

pub mod calendar;
pub mod codes;
pub mod lane;
pub mod load;
pub mod offer;
pub mod order;
pub mod proof;
pub mod site;
pub mod track;
pub mod vehicle;

pub use calendar::{Busy, Calendar};
pub use codes::{OrderCodes, StopCode};
pub use lane::{Lane, Quiet};
pub use load::{Cargo, Load, LoadState, Route, Stop};
pub use offer::{Offer, OfferState};
pub use order::{Assignment, Order, StopRun};
pub use proof::Proof;
pub use site::{Site, StopContact};
pub use track::{Fix, Fixes, Track};
pub use vehicle::{Paper, Vehicle, VehicleCheck};

/// What names a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopNoun {}
impl sarai_kernel::id::Noun for StopNoun {
    const PREFIX: &'static str = "stop";
}
/// Id of a stop.
pub type StopId = sarai_kernel::Id<StopNoun>;
