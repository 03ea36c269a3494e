//! How long a field may be kept, and on which legal basis it is held.

use serde::{Serialize, Serializer};
use std::fmt;

/// The moment that retention counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// The account is closed.
    Account,
    /// The trip has ended.
    Trip,
    /// The order has ended.
    Order,
    /// The record was made.
    Record,
    /// The consent is withdrawn or runs out.
    Consent,
    /// The session has ended.
    Session,
    /// The dispute is settled.
    Dispute,
    /// The listing is taken down.
    Listing,
}

/// Keep for a fixed time after an anchor: `trip + 30d`. All zero: until the anchor itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Retention {
    /// Counts from here.
    pub from: Anchor,
    /// Whole years.
    pub years: u16,
    /// Whole months.
    pub months: u16,
    /// Whole days.
    pub days: u16,
}

impl fmt::Display for Retention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let anchor = match self.from {
            Anchor::Account => "account",
            Anchor::Trip => "trip",
            Anchor::Order => "order",
            Anchor::Record => "record",
            Anchor::Consent => "consent",
            Anchor::Session => "session",
            Anchor::Dispute => "dispute",
            Anchor::Listing => "listing",
        };
        f.write_str(anchor)?;
        let mut lead = " + ";
        for (count, unit) in [(self.years, 'y'), (self.months, 'm'), (self.days, 'd')] {
            if count > 0 {
                write!(f, "{lead}{count}{unit}")?;
                lead = " ";
            }
        }
        Ok(())
    }
}

/// Written as the text that declared it, `"trip + 30d"`.
impl Serialize for Retention {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Why the law lets us hold a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Needed to make or keep a contract with the person. The default.
    Contract,
    /// The person agreed.
    Consent,
    /// The person agreed to this alone, as the law asks for sensitive data.
    SeparateConsent,
    /// A law says that we must.
    LegalObligation,
    /// To protect life, health or property in an emergency.
    Emergency,
    /// A task in the public interest.
    PublicInterest,
    /// A legitimate interest that the person's own does not outweigh.
    LegitimateInterest,
}
