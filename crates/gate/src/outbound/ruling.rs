//! What the law says of a transfer, asked with what is in force.

use sarai_law::Date;
use serde::{Deserialize, Serialize};

use super::words::{Ground, MechanismKind, RecipientKind, Sector};

/// Who runs the house, as far as the law asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// Country of the house, ISO 3166.
    pub country: String,
    /// Whether it runs critical information infrastructure.
    pub critical: bool,
    /// Its trade.
    pub sector: Sector,
}

impl Default for Operator {
    fn default() -> Self {
        Self { country: "CN".to_owned(), critical: false, sector: Sector::Freight }
    }
}

/// The facts of one transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferFacts<'a> {
    /// Who asks.
    pub operator: &'a Operator,
    /// To which country.
    pub country: &'a str,
    /// To whom.
    pub kind: RecipientKind,
    /// On which ground.
    pub ground: Ground,
    /// Which trade the data comes from.
    pub sector: Sector,
    /// Something in it is about persons.
    pub personal: bool,
    /// Something in it is sensitive.
    pub sensitive: bool,
    /// Something in it is important data.
    pub important: bool,
    /// Something in it is core data.
    pub core: bool,
    /// Distinct persons of this year with data that is not sensitive, this transfer with them.
    pub plain_persons: u64,
    /// Distinct persons of this year with sensitive data, this transfer with them.
    pub sensitive_persons: u64,
    /// Each person consented to this very transfer.
    pub separate_consent: bool,
    /// Mechanisms in force for this recipient.
    pub mechanisms: &'a [MechanismKind],
}

/// An article that an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cited {
    /// The article.
    pub cite: String,
    /// The rule in the pack.
    pub rule: String,
    /// `text` or `memory`.
    pub checked: String,
}

/// What the law says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ruling {
    /// It may leave.
    pub allowed: bool,
    /// What is missing: alternatives within each need.
    pub needs: Vec<Vec<String>>,
    /// What it rests on.
    pub basis: Vec<Cited>,
}

/// The law, as far as the gate asks it about transfers.
pub trait TransferLaw: Send + Sync {
    /// What it says of these facts on a day.
    fn transfer(&self, facts: &TransferFacts<'_>, on: Date) -> Ruling;
}

/// The packs inside the binary. They say nothing of transfers yet: nothing of persons leaves the country.
impl TransferLaw for sarai_law::Laws {
    fn transfer(&self, facts: &TransferFacts<'_>, _: Date) -> Ruling {
        let stays = facts.country == facts.operator.country;
        let nobody = !(facts.personal || facts.important || facts.core);
        let own = matches!(facts.kind, RecipientKind::Subject);
        Ruling { allowed: stays || nobody || own, ..Ruling::default() }
    }
}
