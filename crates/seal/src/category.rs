//! Kinds of personal and important data, and how sensitive the law holds them to be.

use serde::Serialize;

/// How sensitive data is, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// About nobody, or public.
    General,
    /// About a person.
    Personal,
    /// Personal, and its leak easily harms: needs separate consent or a stated necessity.
    Sensitive,
    /// Important data: its leak may harm the public or the state.
    Important,
    /// Core data: never leaves.
    Core,
}

/// What a sealed field holds. The category decides its [`Class`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Facts about an organisation that are not public, such as its contracts.
    Business,
    /// Telephone number, e-mail or other address of reach.
    Contact,
    /// Name, sex, birth date, portrait chosen for display.
    Identity,
    /// Street address of a home, a yard or a work place.
    Address,
    /// What people write to one another.
    Message,
    /// What a person did and how others judged it: ratings' texts, refusals, disputes.
    Conduct,
    /// Schooling, work history, wishes for work.
    Employment,
    /// Plate, vehicle licence, and what ties a vehicle to a person.
    Vehicle,
    /// Device identifiers, network addresses, push addresses.
    Device,
    /// Numbers and images of identity papers and licences.
    IdentityPaper,
    /// Where a person is, exactly, at one time.
    Location,
    /// Where a person has been: positions with times.
    Track,
    /// Bank and payment accounts.
    Payment,
    /// Secrets that prove who a person is: seeds, recovery codes, hashes of them.
    Credential,
    /// Face, voice, fingerprint.
    Biometric,
    /// Health, and fitness to drive.
    Health,
    /// Anything about a child under fourteen.
    Minor,
    /// Maps, flows or counts that a catalogue of important data names.
    ImportantFlow,
    /// Data of weight for the security of a state.
    CoreState,
}

impl Category {
    /// The class that the category falls in.
    pub const fn level(self) -> Class {
        match self {
            Self::Business => Class::General,
            Self::Contact
            | Self::Identity
            | Self::Address
            | Self::Message
            | Self::Conduct
            | Self::Employment
            | Self::Vehicle
            | Self::Device => Class::Personal,
            Self::IdentityPaper
            | Self::Location
            | Self::Track
            | Self::Payment
            | Self::Credential
            | Self::Biometric
            | Self::Health
            | Self::Minor => Class::Sensitive,
            Self::ImportantFlow => Class::Important,
            Self::CoreState => Class::Core,
        }
    }
}
