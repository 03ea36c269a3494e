//! The gate's words on the wire.

use sarai_gate::outbound::{
    Answered, Approving, Cited, Ground, MechanismKind, RecipientKind, Sector,
};
use sarai_kernel::{Counted, MechanismId, RecipientId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! wire_words {
    ($($(#[$doc:meta])* $name:ident as $schema:ident of $inside:ident { $($variant:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = $schema)]
        pub(super) enum $name { $($variant),* }
        impl From<$name> for $inside {
            fn from(word: $name) -> Self {
                match word { $($name::$variant => Self::$variant),* }
            }
        }
        impl From<$inside> for $name {
            fn from(word: $inside) -> Self {
                match word { $($inside::$variant => Self::$variant),* }
            }
        }
    )*};
}

wire_words! {
    /// What a recipient is to us.
    WireRecipientKind as RecipientKind of RecipientKind {
        Processor, Controller, GroupCompany, Subject, Own, Authority, ForeignAuthority
    }
    /// What lifts a requirement.
    WireMechanismKind as MechanismKind of MechanismKind {
        StandardContract, Certificate, SecurityAssessment, AuthorityApproval, Notice, ImpactAssessment
    }
    /// On which ground.
    WireGround as TransferGround of Ground {
        None, Contract, Consent, Employment, Emergency, LegalDuty, Transit
    }
    /// Which trade the data comes from.
    WireSector as Sector of Sector { General, Freight, Ride, Jobs }
    /// Whether each transfer waits for the officer.
    WireApproving as Approving of Approving { Each, Standing }
    /// What the gate answered.
    WireAnswered as GateAnswer of Answered { Allow, Mask, Hold, Refuse }
}

/// Distinct persons whose data left the country in a year.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PersonCount {
    /// In any way.
    persons: u64,
    /// With data that is not sensitive.
    plain: u64,
    /// With sensitive data; who is in both counts in both.
    sensitive: u64,
}

impl From<Counted> for PersonCount {
    fn from(counted: Counted) -> Self {
        let Counted { persons, plain, sensitive } = counted;
        Self { persons, plain, sensitive }
    }
}

/// An article.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GateCite)]
pub(super) struct WireCite {
    cite: String,
    /// The rule in the pack.
    rule: String,
    /// Whether its wording was read (`text`) or is known from memory (`memory`).
    checked: String,
}

impl From<Cited> for WireCite {
    fn from(cited: Cited) -> Self {
        Self { cite: cited.cite, rule: cited.rule, checked: cited.checked }
    }
}

/// Where to look.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RecipientRef {
    id: RecipientId,
    version: u64,
    state: String,
}

/// Where to look.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MechanismRef {
    id: MechanismId,
    version: u64,
    state: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_speaks_of_the_gate_in_the_gates_own_words() {
        let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        for kind in RecipientKind::ALL {
            let wire = WireRecipientKind::from(*kind);
            assert_eq!(word(serde_json::to_value(wire).expect("a word")), kind.word());
        }
        for kind in MechanismKind::ALL {
            let wire = WireMechanismKind::from(*kind);
            assert_eq!(word(serde_json::to_value(wire).expect("a word")), kind.word());
        }
        for ground in Ground::ALL {
            let wire = WireGround::from(*ground);
            assert_eq!(word(serde_json::to_value(wire).expect("a word")), ground.word());
        }
    }
}
