//! The codes of a run: six digits to load, four to receive. Shown to the shipper only; checked against a keyed mark.

use sarai_kernel::{
    OrderId,
    personal::Secret,
    purpose::{Deliver, SelfAccess},
};
use sarai_seal::{Personal, Record, Sealed, SubjectId};
use serde::{Deserialize, Serialize};

/// Tries for each code.
pub const TRIES_MAX: u8 = 5;
/// Times that codes of one run are sent by SMS.
pub const SENDS_MAX: u8 = 5;

/// How one stop's code is checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopCode {
    /// The stop, from 0.
    pub stop: u8,
    /// Keyed mark of order, stop and code, in hex.
    pub mark: String,
    /// Tries left.
    pub tries_left: u8,
}

/// The codes of an order. Its id is the order's.
#[derive(Debug, Personal, Record)]
#[record(kind = "order_codes", schema = 1)]
pub struct OrderCodes {
    /// The shipper, who hands them over.
    #[subject]
    pub subject: SubjectId,
    /// The order.
    pub order: OrderId,
    /// One check a stop, in the order of the stops.
    pub checks: Vec<StopCode>,
    /// Times sent.
    pub sent: u8,
    /// The codes, in the order of the stops.
    #[personal(class = Credential, purposes(Deliver, SelfAccess), keep = "order + 30d", basis = "contract", leaves = "sms")]
    pub codes: Vec<Sealed<Secret, OrderCodesCodes>>,
}
