//! The words in which data that leaves is spoken of.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$each])* #[serde(rename = $word)] $variant),* }
        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
            /// The word on the wire and in records.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
            /// From its word.
            pub fn of(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    )*};
}

words! {
    /// What a recipient is to us.
    RecipientKind {
        /// Works for us and on our word only (PIPL 21): a sender of messages, a host.
        Processor = "processor",
        /// Decides itself what it does with the data (PIPL 23): a partner, a customer's program.
        Controller = "controller",
        /// A company of our own group: no less a recipient than any other.
        GroupCompany = "group_company",
        /// The person whom the data is about.
        Subject = "subject",
        /// Our own premises: a backup that we keep.
        Own = "own",
        /// A ministry, regulator or court of the home country, by law.
        Authority = "authority",
        /// A court or law enforcement agency of another country (PIPL 41, DSL 36).
        ForeignAuthority = "foreign_authority"
    }
    /// What the law may ask of a transfer before it happens.
    MechanismKind {
        /// A standard contract, filed (SCC, CBDF 8).
        StandardContract = "standard_contract",
        /// A certificate of personal information protection (CERT, CBDF 8).
        Certificate = "certificate",
        /// A security assessment passed (SAM, CBDF 7).
        SecurityAssessment = "security_assessment",
        /// The competent authority's approval of a foreign request (PIPL 41).
        AuthorityApproval = "authority_approval",
        /// The persons were told who gets what, why and how (PIPL 39).
        Notice = "notice",
        /// An impact assessment was made before (PIPL 55), and is kept three years.
        ImpactAssessment = "impact_assessment"
    }
    /// On which ground data leaves.
    Ground {
        /// Nothing is claimed.
        None = "none",
        /// Needed for a contract that the person is party to (PIPL 13(2), CBDF 5(1)).
        Contract = "contract",
        /// The persons consented, each to this alone (PIPL 39).
        Consent = "consent",
        /// Work rules and a collective contract, about employees only (CBDF 5(2)).
        Employment = "employment",
        /// Life, health or property in an emergency (CBDF 5(3)).
        Emergency = "emergency",
        /// A duty of law (NDSR 35(6)).
        LegalDuty = "legal_duty",
        /// Came from abroad and goes on unchanged (CBDF 4).
        Transit = "transit"
    }
    /// Which trade the data comes from: some have rules of their own.
    Sector {
        /// Of none in particular.
        General = "general",
        /// Freight.
        Freight = "freight",
        /// Rides: stays in the mainland.
        Ride = "ride",
        /// Jobs.
        Jobs = "jobs"
    }
    /// Whether each transfer waits for the privacy officer.
    Approving {
        /// Each with data of persons does.
        Each = "each",
        /// The officer said yes to what the recipient is registered for.
        Standing = "standing"
    }
    /// What the gate said.
    Answered {
        /// It may leave as it is.
        Allow = "allow",
        /// It may leave with parts covered.
        Mask = "mask",
        /// It waits for the privacy officer.
        Hold = "hold",
        /// It may not leave.
        Refuse = "refuse"
    }
}
