//! What the processing register says of this market.

use sarai_seal::{Personal, RegisterEntry};

use crate::model;

/// The register's entries of this market's personal records.
pub fn register() -> Vec<RegisterEntry> {
    vec![
        model::Site::ENTRY,
        model::StopContact::ENTRY,
        model::Vehicle::ENTRY,
        model::OrderCodes::ENTRY,
        model::Proof::ENTRY,
        model::Track::ENTRY,
    ]
}
