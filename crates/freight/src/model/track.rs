//! Where a run went: fixes under the driver's key, one document a batch, nowhere else.

use sarai_geo::Point;
use sarai_kernel::{
    Key, OrderId, Timestamp,
    purpose::{Deliver, Resolve, SelfAccess},
};
use sarai_seal::{Personal, Record, Sealed, SubjectId, zeroize::Zeroize};
use serde::{Deserialize, Serialize};

/// One fix.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Fix {
    /// When, by the driver's clock.
    pub at: Timestamp,
    /// Where.
    #[cfg_attr(feature = "schema", schema(value_type = crate::input::PointIn))]
    pub point: Point,
    /// Degrees from north.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading_deg: Option<f64>,
    /// Speed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed_mps: Option<f64>,
    /// How exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
}

/// Fixes by time. Cleared from memory when dropped inside a seal.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fixes(pub Vec<Fix>);

impl Zeroize for Fixes {
    fn zeroize(&mut self) {
        for fix in &mut self.0 {
            fix.point = Point::wrapped(0.0, 0.0);
        }
        self.0.clear();
    }
}

/// A batch of fixes.
#[derive(Debug, Personal, Record)]
#[record(kind = "track", schema = 1)]
pub struct Track {
    /// The driver.
    #[subject]
    pub subject: SubjectId,
    /// The order.
    pub order: OrderId,
    /// Moment of the last fix in it.
    pub last_at: Timestamp,
    /// How far the fixes lie apart, added up.
    pub metres: i64,
    /// The stop, from 0, at which the last fix lies: a fact about the run, no position.
    #[serde(default)]
    pub at_stop: Option<u8>,
    /// The fixes.
    #[personal(class = Track, purposes(Deliver, Resolve, SelfAccess), keep = "order + 30d", basis = "contract")]
    pub fixes: Sealed<Fixes, TrackFixes>,
}

impl Track {
    /// Keys under which it is found.
    pub fn keys(&self) -> Vec<Key> {
        vec![Key::new("track.order", self.order, self.last_at.as_micros())]
    }
}
