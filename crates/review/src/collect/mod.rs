//! What the collectors brought together, in the words that the facts are read from.
//!
//! [`crate::scan`], [`crate::app`], [`crate::traffic`] and [`crate::policy`] read sources; here their answers lie side by side, each
//! under the name that the subject gives its source.

mod relating;
mod run;

use std::collections::BTreeSet;

use crate::{
    Observation,
    facts::{AccessLog, Declaration, Relations, Side},
    own::OwnSeen,
    report::SourceLine,
};

pub use run::collect;

/// Everything that was collected about a subject.
#[derive(Debug, Default)]
pub struct Collected {
    /// Data found in databases and files.
    pub holdings: Vec<Holding>,
    /// Positions in tables.
    pub points: Vec<Points>,
    /// Moments in tables.
    pub moments: Vec<Moments>,
    /// What rows of several tables say together.
    pub relations: Relations,
    /// What apps, traffic and policy show.
    pub observations: Vec<Observation>,
    /// Categories that the policy says are collected; none where there is no policy.
    pub policy: Option<BTreeSet<String>>,
    /// Third parties that the policy names, as it names them.
    pub named_parties: BTreeSet<String>,
    /// Where traffic went.
    pub hosts: Vec<HostLine>,
    /// The subject's own list of what it collects.
    pub declaration: Option<Declaration>,
    /// Logs of who opened what.
    pub access: Vec<AccessLog>,
    /// What the house shows of itself, where it is reviewed.
    pub own: Option<OwnSeen>,
    /// What was read, and how far.
    pub sources: Vec<SourceLine>,
}

/// Data of one category in one column or text.
#[derive(Debug, Clone, PartialEq)]
pub struct Holding {
    /// The subject's name of the source.
    pub source: String,
    /// Table, file, entry; with the column where there is one.
    pub within: String,
    /// `id.resident`
    pub category: String,
    /// Sensitive by law on the day.
    pub sensitive: bool,
    /// Stands in running text or a log, not in a column.
    pub in_text: bool,
    /// The column as a whole holds it.
    pub whole: bool,
    /// It can be read as it lies.
    pub plain: bool,
    /// Values.
    pub count: u64,
    /// Distinct persons in whose rows it stands.
    pub persons: Option<u64>,
    /// 0 to 100.
    pub confidence: u8,
    /// A shape.
    pub sample: Option<String>,
    /// SHA-256 of the file.
    pub sha256: Option<String>,
    /// Whose data it is.
    pub side: Side,
}

/// Positions in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Points {
    /// The subject's name of the source.
    pub source: String,
    /// Table and columns.
    pub within: String,
    /// Rows with a position and no trip.
    pub without_trip: u64,
    /// Rows with a position.
    pub points: u64,
    /// Distinct persons without a trip.
    pub persons: Option<u64>,
    /// A person and a time stand beside them.
    pub track: bool,
    /// The rows belong to a shift, which is a service too.
    pub on_shift: bool,
    /// Whose positions.
    pub side: Side,
}

/// The oldest moment of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moments {
    /// The subject's name of the source.
    pub source: String,
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// `YYYY-MM-DDThh:mm:ss`
    pub oldest: String,
    /// Rows.
    pub rows: u64,
    /// Distinct persons.
    pub persons: Option<u64>,
}

/// Traffic to one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostLine {
    /// The host.
    pub host: String,
    /// Whose it is, where that is known.
    pub party: Option<String>,
    /// The subject's own.
    pub own: bool,
    /// ISO 3166-1; `??` where it could not be told.
    pub country: String,
    /// Requests.
    pub requests: u64,
    /// Of them with personal data before anybody agreed.
    pub before_consent: u64,
}

impl Collected {
    /// Categories held, in whichever source.
    pub fn held(&self) -> BTreeSet<&str> {
        self.holdings.iter().map(|one| one.category.as_str()).collect()
    }

    /// Whether the subject tells anybody that it processes a category: in its policy or in its list. True where it was never asked for
    /// either: silence about what was not seen proves nothing.
    pub fn told(&self, category: &str) -> bool {
        let nothing_to_hold_against = self.policy.is_none() && self.declaration.is_none();
        let covers = |known: &str| known == category || wider(known, category);
        nothing_to_hold_against
            || self.policy.iter().flatten().any(|known| covers(known))
            || self.declaration.iter().any(|list| list.categories().any(covers))
    }
}

/// Whether what is declared as `known` takes in `category`.
fn wider(known: &str, category: &str) -> bool {
    matches!(
        (known, category),
        ("contact.phone", "contact.mobile" | "contact.landline")
            | ("contact.mobile", "contact.phone")
            | ("location.track", "location.precise" | "location.place")
            | ("location.precise", "location.place")
            | ("person.birth_date", "person.age")
            | ("finance.account", "finance.card" | "finance.iban")
            | ("contact.address", "contact.postcode")
    )
}
