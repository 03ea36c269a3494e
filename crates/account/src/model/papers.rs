//! Verification: papers handed in, the case that a checker claims, and what was decided.

use sarai_kernel::{
    FileId, Key, OrgId, PartyId, Timestamp,
    document::{Clear, blind},
    personal::{Name, PaperNumber, Plate, Words},
    purpose::{Resolve, SelfAccess, Verify},
};
use sarai_seal::{Personal, Record, Sealed, SubjectId};
use serde::{Deserialize, Serialize};

/// What is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// Who somebody is.
    Person,
    /// That somebody may drive.
    Licence,
    /// A vehicle and its papers.
    Vehicle,
    /// A company.
    Company,
}

impl PaperKind {
    /// Every kind, in the order in which they are asked for.
    pub const ALL: [Self; 4] = [Self::Person, Self::Licence, Self::Vehicle, Self::Company];

    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Licence => "licence",
            Self::Vehicle => "vehicle",
            Self::Company => "company",
        }
    }
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Nobody has it yet.
    Waiting,
    /// One checker has it.
    Claimed,
    /// Fine.
    Approved,
    /// Sent back.
    Refused,
}

impl CaseState {
    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Claimed => "claimed",
            Self::Approved => "approved",
            Self::Refused => "refused",
        }
    }
}

/// One step of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: PartyId,
    /// What.
    pub what: String,
    /// Codes of reasons.
    #[serde(default)]
    pub reasons: Vec<String>,
}

/// A file of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaperFile {
    /// The file.
    pub file: FileId,
    /// `front`, `back`, `page`.
    pub side: String,
}

/// A verification case.
#[derive(Debug, Personal, Record)]
#[record(kind = "verification", schema = 1)]
pub struct Verification {
    /// Who handed the papers in.
    #[subject]
    pub subject: SubjectId,
    /// Who handed the papers in.
    pub owner: PartyId,
    /// What is checked.
    pub kind: PaperKind,
    /// The company, if it is about one.
    pub org: Option<OrgId>,
    /// Where it stands.
    pub state: CaseState,
    /// When it was handed in.
    pub asked_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// Until when the papers hold.
    pub until: Option<Timestamp>,
    /// Who checks it.
    pub claimed_by: Option<PartyId>,
    /// What happened.
    pub history: Vec<Step>,
    /// The files.
    pub files: Vec<PaperFile>,
    /// What is not personal: class, body, length, days of expiry.
    pub facts: Clear,
    /// Name on the paper.
    #[personal(class = Identity, purposes(Verify, Resolve, SelfAccess), keep = "account + 3y", basis = "legal_obligation")]
    pub name: Option<Sealed<Name, VerificationName>>,
    /// Number of the paper: identity card, licence, company.
    #[personal(class = IdentityPaper, purposes(Verify, Resolve, SelfAccess), keep = "account + 3y", basis = "legal_obligation")]
    pub number: Option<Sealed<PaperNumber, VerificationNumber>>,
    /// Number of a second paper: qualification, transport permit.
    #[personal(class = IdentityPaper, purposes(Verify, Resolve, SelfAccess), keep = "account + 3y", basis = "legal_obligation")]
    pub second_number: Option<Sealed<PaperNumber, VerificationSecondNumber>>,
    /// Vehicle identification number.
    #[personal(class = Vehicle, purposes(Verify, Resolve, SelfAccess), keep = "account + 3y", basis = "legal_obligation")]
    pub vin: Option<Sealed<PaperNumber, VerificationVin>>,
    /// The plate.
    #[personal(class = Vehicle, purposes(Verify, Resolve, SelfAccess), keep = "account + 3y", basis = "legal_obligation")]
    pub plate: Option<Sealed<Plate, VerificationPlate>>,
    /// What the checker said when it was sent back.
    #[personal(class = Conduct, purposes(Verify, Resolve, SelfAccess), keep = "account + 3y", basis = "contract")]
    pub words: Option<Sealed<Words, VerificationWords>>,
}

impl Verification {
    /// Name of a pair of party and kind.
    pub fn pair(owner: PartyId, kind: PaperKind) -> String {
        format!("{owner}/{}", kind.word())
    }

    /// Its keys. An approved vehicle is found by its plate, so that whoever keeps vehicles can follow.
    pub fn keys(&self) -> Vec<Key> {
        let asked = self.asked_at.as_micros();
        let mut keys = vec![
            Key::new("verification.owner", self.owner, asked),
            Key::new("verification.state", self.state.word(), asked),
            Key::new("verification.pair", Self::pair(self.owner, self.kind), asked),
        ];
        if self.state == CaseState::Approved {
            let decided = self.decided_at.unwrap_or(self.asked_at).as_micros();
            let plate = blind(self, "verification.plate");
            keys.extend(plate.map(|plate| Key::new("verification.approved_plate", plate, decided)));
        }
        keys
    }

    /// Whether the papers still hold.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.state == CaseState::Approved && self.until.is_none_or(|until| now < until)
    }
}
