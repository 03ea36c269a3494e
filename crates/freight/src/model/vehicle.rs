//! A truck with its papers. The plate is sealed; a keyed mark of it says when two records are the same truck.

use sarai_kernel::{
    Key, PartyId, Timestamp,
    personal::Plate,
    purpose::{Deliver, Publish, Resolve, SelfAccess, Support, Verify},
};
use sarai_seal::{Personal, Record, Sealed, SubjectId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::words::{Body, PlateColour};

/// A paper of a vehicle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// `licence`, `transport`, `insurance`, `inspection`.
    pub kind: String,
    /// Until when it holds.
    pub expires_at: Timestamp,
}

/// How far a vehicle was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VehicleCheck {
    /// Nothing was shown.
    None,
    /// Papers wait for a look.
    Pending,
    /// Checked and fine.
    Verified,
    /// Refused.
    Refused,
}

/// A truck.
#[derive(Debug, Personal, Record)]
#[record(kind = "vehicle", schema = 1)]
pub struct Vehicle {
    /// Its owner, as the subject of the plate.
    #[subject]
    pub subject: SubjectId,
    /// Its owner.
    pub owner: PartyId,
    /// Colour of the plate.
    pub plate_colour: PlateColour,
    /// Keyed mark of the plate: the same truck has the same mark, and nobody reads the plate from it.
    pub plate_mark: Uuid,
    /// Body.
    pub body: Body,
    /// Length of the loading space.
    pub length_mm: u32,
    /// What it may carry.
    pub payload_kg: i64,
    /// What fits in.
    pub volume_l: Option<i64>,
    /// Papers.
    pub papers: Vec<Paper>,
    /// How far it was checked.
    pub check: VehicleCheck,
    /// The plate.
    #[personal(class = Vehicle, purposes(Publish, Deliver, Verify, Support, Resolve, SelfAccess), keep = "account + 3y", basis = "contract")]
    pub plate: Sealed<Plate, VehiclePlate>,
}

impl Vehicle {
    /// Whether it was checked and every paper still holds at `until`.
    pub fn may_run(&self, until: Timestamp) -> bool {
        self.check == VehicleCheck::Verified
            && self.papers.iter().all(|paper| until < paper.expires_at)
    }

    /// Keys under which it is found.
    pub fn keys(&self, created: Timestamp) -> Vec<Key> {
        vec![
            Key::new("vehicle.owner", self.owner, created.as_micros()),
            Key::new("vehicle.plate_mark", self.plate_mark, created.as_micros()),
        ]
    }
}
