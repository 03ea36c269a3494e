//! What a driver shows at a step: photos, weight, a note on damage.

use sarai_kernel::{
    FileId, Key, OrderId, Timestamp,
    personal::Words,
    purpose::{Deliver, Resolve, SelfAccess},
};
use sarai_seal::{Personal, Record, Sealed, SubjectId};

/// A proof of one step, by the driver.
#[derive(Debug, Personal, Record)]
#[record(kind = "proof", schema = 1)]
pub struct Proof {
    /// The driver.
    #[subject]
    pub subject: SubjectId,
    /// The order.
    pub order: OrderId,
    /// The stop, from 0.
    pub stop: u8,
    /// The step: `arrive`, `serve`, `refuse_goods`, `cancel`.
    pub step: String,
    /// When the driver says that it happened; data, not order.
    pub happened_at: Timestamp,
    /// Photos.
    pub photos: Vec<FileId>,
    /// Weight on the scales.
    pub mass_kg: Option<i64>,
    /// Reason or note on damage.
    #[personal(class = Message, purposes(Deliver, Resolve, SelfAccess), keep = "order + 3y", basis = "contract")]
    pub note: Option<Sealed<Words, ProofNote>>,
}

impl Proof {
    /// Keys under which it is found.
    pub fn keys(&self, created: Timestamp) -> Vec<Key> {
        vec![Key::new("proof.order", self.order, created.as_micros())]
    }
}
