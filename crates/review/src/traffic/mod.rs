//! Traffic captures (HAR): what went out, to whom, in which country, before or after the person agreed.

mod decode;
mod har;
mod observe;
pub mod place;
mod read;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use har::HarFault;
pub use place::{Placed, PlacedFault};
pub use read::{Consent, TrafficOptions, review_traffic};

/// A capture, read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TrafficReview {
    /// How findings name it.
    pub source: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Requests read.
    pub requests: u64,
    /// When the person agreed, as given or recognised, RFC 3339.
    pub consent_at: Option<String>,
    /// How that moment is known: `given`, `marker`, `never`, `unknown`.
    pub consent_known: &'static str,
    /// What went to each host.
    pub hosts: BTreeMap<String, HostTraffic>,
    /// Identifiers that went to hosts of several parties.
    pub shared: Vec<SharedIdentifier>,
    /// What could not be read: the review is partial where this is not empty.
    pub unread: Vec<crate::app::Unread>,
}

/// What went to a host.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct HostTraffic {
    /// Registered domain.
    pub domain: String,
    /// The subject's own.
    pub first_party: bool,
    /// Whose it is, where the lists know: `umeng`.
    pub party: Option<String>,
    /// Where it stands: ISO 3166-1 alpha-2, or `unknown`.
    pub country: String,
    /// How the country is known: `operator`, `address`, `service`, `suffix`, `unknown`.
    pub country_by: &'static str,
    /// Requests.
    pub requests: u64,
    /// Of them, without TLS.
    pub cleartext: u64,
    /// Bytes of bodies and queries that went out.
    pub bytes_out: u64,
    /// Kinds of data that went out.
    pub data: BTreeMap<String, DataSent>,
    /// Numeric addresses that answered.
    pub addresses: BTreeSet<String>,
}

/// A kind of data that went to a host.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DataSent {
    /// How often.
    pub count: u64,
    /// Of them, before the person agreed.
    pub before_consent: u64,
    /// Of them, without TLS.
    pub cleartext: u64,
    /// Of them, inside the address.
    pub in_address: u64,
    /// Parts it went in: `query`, `body`, `header`, `cookie`.
    pub parts: BTreeSet<&'static str>,
    /// Names of the fields it went under.
    pub fields: BTreeSet<String>,
    /// Shape of one.
    pub sample: Option<String>,
}

/// The same identifier at several parties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SharedIdentifier {
    /// Category.
    pub data: String,
    /// Its shape.
    pub sample: String,
    /// Registered domains that received it.
    pub domains: BTreeSet<String>,
}
