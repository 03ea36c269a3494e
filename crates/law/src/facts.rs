//! What is told about an operator and a transfer: plain values, every word from a closed vocabulary.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Aim, Basis, Class, Consent, Country, Deal, Event, Ground, Jurisdiction, Kind, Operator,
    RecipientKind, Requirement, Sector, Set, Venue,
};

/// Everything that a rule about transfers and duties may read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Facts {
    /// Whose laws are asked.
    pub laws: Set<Jurisdiction>,
    /// Who acts.
    pub operator: OperatorFacts,
    /// What goes.
    pub payload: Payload,
    /// To whom; absent where nothing goes and only standing duties are asked.
    pub recipient: Option<Recipient>,
    /// What for.
    pub aim: Aim,
    /// On what the processing rests.
    pub basis: Basis,
    /// The kind of dealing, in the words of 28 CFR 202.
    pub deal: Deal,
    /// Grounds that are claimed and documented.
    pub grounds: Set<Ground>,
    /// Mechanisms with their terms.
    pub mechanisms: Vec<Mechanism>,
    /// Consents that stand, of every person concerned.
    pub consents: Set<Consent>,
    /// What else is in place: notice, impact assessment, encryption …
    pub done: Set<Requirement>,
    /// A person concerned has objected.
    pub objected: bool,
    /// Days from which terms run.
    pub events: BTreeMap<Event, Date>,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            laws: Set::of(&[Jurisdiction::Cn]),
            operator: OperatorFacts::default(),
            payload: Payload::default(),
            recipient: None,
            aim: Aim::Service,
            basis: Basis::None,
            deal: Deal::None,
            grounds: Set::empty(),
            mechanisms: Vec::new(),
            consents: Set::empty(),
            done: Set::empty(),
            objected: false,
            events: BTreeMap::new(),
        }
    }
}

impl Facts {
    /// What is in force on a day: mechanisms within their terms, consents, and what is done.
    pub fn met(&self, on: Date) -> Set<Requirement> {
        let mechanisms = self.mechanisms.iter().filter(|m| m.in_force(on)).map(|m| m.kind);
        let consents = self.consents.iter().map(Consent::meets);
        self.done.union(mechanisms.chain(consents).collect())
    }
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OperatorFacts {
    /// Country of establishment.
    pub home: Country,
    /// Operator of critical information infrastructure.
    pub ciio: bool,
    /// A person of the United States in the words of 28 CFR 202.256; true where `home` is US.
    pub us_person: bool,
    /// Trades.
    pub sectors: Set<Sector>,
    /// Registered users.
    pub users: u64,
    /// Users active in a month.
    pub monthly_users: u64,
    /// Persons whose data is processed, affiliates counted in.
    pub persons_held: u64,
    /// Persons whose faces are stored.
    pub faces_held: u64,
    /// Where shares are listed or to be listed.
    pub listing: Venue,
    /// Handles important data.
    pub important: bool,
    /// Handles core data.
    pub core: bool,
    /// Handles data of minors.
    pub minors: bool,
    /// Decides by machine about persons, or pushes by profile.
    pub automated: bool,
    /// Procures network products or services that may touch national security.
    pub procures: bool,
    /// Its processing may touch national security.
    pub national_security: bool,
    /// Its service is complex and weighs on the nation's economy or livelihood (NDSR 62(8)).
    pub national_effect: bool,
    /// Turnover of the year before, in whole units of `turnover_currency`.
    pub turnover: Option<u64>,
    /// `CNY`, `EUR`, `USD`.
    pub turnover_currency: Option<String>,
}

impl Default for OperatorFacts {
    fn default() -> Self {
        Self {
            home: Country::CN,
            ciio: false,
            us_person: false,
            sectors: Set::empty(),
            users: 0,
            monthly_users: 0,
            persons_held: 0,
            faces_held: 0,
            listing: Venue::None,
            important: false,
            core: false,
            minors: false,
            automated: false,
            procures: false,
            national_security: false,
            national_effect: false,
            turnover: None,
            turnover_currency: None,
        }
    }
}

impl OperatorFacts {
    /// How the law sees it.
    pub const fn role(&self) -> Operator {
        if self.ciio { Operator::Ciio } else { Operator::Ordinary }
    }
}

/// What goes. Counts are of distinct persons, affiliates and all recipients together, this transfer included.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Payload {
    /// Classes in it, as far as the caller knows; the packs add those that follow from `kinds`.
    pub classes: Set<Class>,
    /// Kinds in it.
    pub kinds: Set<Kind>,
    /// Persons with data that is not sensitive, since 1 January.
    pub persons: u64,
    /// Persons with sensitive data, since 1 January.
    pub sensitive_persons: u64,
    /// As `persons`, since 1 January of last year (2022 text).
    pub persons_two_years: u64,
    /// As `sensitive_persons`, since 1 January of last year (2022 text).
    pub sensitive_two_years: u64,
    /// Persons or devices of the United States in the twelve months before.
    pub us: UsBulk,
}

/// Persons or devices of the United States, by category of 28 CFR 202.205, in the twelve months before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UsBulk {
    /// Human genomic.
    pub genomic: u64,
    /// Other human 'omic.
    pub omic: u64,
    /// Biometric identifiers.
    pub biometric: u64,
    /// Devices with precise location.
    pub geolocation: u64,
    /// Personal health.
    pub health: u64,
    /// Personal finance.
    pub financial: u64,
    /// Covered personal identifiers.
    pub identifiers: u64,
    /// Persons in a set that combines several of these.
    pub combined: u64,
}

/// To whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// Where the data comes to be, or can be read from.
    pub country: Country,
    /// What it is to the operator.
    pub kind: RecipientKind,
    /// A covered person in the words of 28 CFR 202.211.
    #[serde(default)]
    pub covered_person: bool,
    /// On the list of PIPL 42.
    #[serde(default)]
    pub restricted: bool,
}

/// A contract, certificate, assessment or approval with its term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mechanism {
    /// What it is.
    pub kind: Requirement,
    /// Its number at the authority.
    #[serde(default)]
    pub number: Option<String>,
    /// First day in force; in force since ever where absent.
    #[serde(default)]
    pub from: Option<Date>,
    /// First day no longer in force.
    #[serde(default)]
    pub until: Option<Date>,
}

impl Mechanism {
    /// Whether it is in force on a day.
    pub fn in_force(&self, on: Date) -> bool {
        self.from.is_none_or(|from| from <= on) && self.until.is_none_or(|until| on < until)
    }
}
