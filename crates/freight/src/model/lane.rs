//! A standing wish of a trucker: loads from here, perhaps to there.

use sarai_geo::Point;
use sarai_kernel::{Key, PartyId, Timestamp, TruckId};
use sarai_seal::Record;
use serde::{Deserialize, Serialize};

/// Hours without a push, local to the market's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Quiet {
    /// From this hour, 0 to 23.
    pub from_hour: u8,
    /// To this hour, 0 to 23.
    pub to_hour: u8,
}

/// A lane subscription.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(kind = "lane", schema = 1)]
pub struct Lane {
    /// Whose.
    pub owner: PartyId,
    /// Loading around the centre of this area.
    pub from_area: String,
    /// That centre.
    pub from_point: Point,
    /// Within so much of it.
    pub from_radius_m: i64,
    /// Unloading around the centre of this area; anywhere without it.
    pub to_area: Option<String>,
    /// That centre.
    pub to_point: Option<Point>,
    /// Within so much of it.
    pub to_radius_m: Option<i64>,
    /// Only loads that fit this truck.
    pub vehicle: Option<TruckId>,
    /// Only loads that leave at least this per kilometre, minor units.
    pub keep_per_km_min_minor: Option<i64>,
    /// No push in these hours.
    pub quiet: Option<Quiet>,
    /// Loads since it was last looked at.
    pub fresh: u32,
}

impl Lane {
    /// Keys under which it is found.
    pub fn keys(&self, created: Timestamp) -> Vec<Key> {
        vec![Key::new("lane.owner", self.owner, created.as_micros())]
    }
}
