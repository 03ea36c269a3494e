//! What people ask about their own data: a copy, a correction, an objection, the end. And blocks and reports.

use sarai_kernel::{
    Key, PartyId, Timestamp,
    personal::Words,
    purpose::{Resolve, SelfAccess, Support},
    time::DAY,
};
use sarai_seal::{Personal, Record, Sealed, SubjectId};
use serde::{Deserialize, Serialize};

use super::Blob;

/// How long a copy can be fetched.
pub const EXPORT_MICROS: i64 = 7 * DAY;
/// Copies within a day.
pub const EXPORTS_A_DAY_MAX: usize = 2;
/// Within how long a correction or objection is answered.
pub const ANSWER_MICROS: i64 = 15 * DAY;
/// How long an erasure can be called off.
pub const ERASURE_MICROS: i64 = 7 * DAY;

/// A copy of somebody's own data.
#[derive(Debug, Personal, Record)]
#[record(kind = "export", schema = 1)]
pub struct Export {
    /// Whose data.
    #[subject]
    pub subject: SubjectId,
    /// Who asked.
    pub party: PartyId,
    /// When.
    pub asked_at: Timestamp,
    /// When it was ready.
    pub ready_at: Option<Timestamp>,
    /// Gone from then on.
    pub expires_at: Timestamp,
    /// Its size.
    pub bytes: Option<u64>,
    /// The copy.
    #[personal(class = IdentityPaper, purposes(SelfAccess), keep = "record + 7d", basis = "legal_obligation")]
    pub content: Option<Sealed<Blob, ExportContent>>,
}

impl Export {
    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        vec![
            Key::new("export.party", self.party, self.asked_at.as_micros()),
            Key::timer("account.export", self.expires_at),
        ]
    }
}

/// Where a correction or objection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// Waits for somebody of the house.
    Waiting,
    /// Done.
    Done,
}

impl RequestState {
    /// The word on the wire and in keys.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
        }
    }
}

/// A correction or objection.
#[derive(Debug, Personal, Record)]
#[record(kind = "correction", schema = 1)]
pub struct Correction {
    /// Who asked.
    #[subject]
    pub subject: SubjectId,
    /// Who asked.
    pub party: PartyId,
    /// The field, as in the register; or what the objection is about.
    pub field: String,
    /// An objection to a use, not a correction.
    pub objection: bool,
    /// Where it stands.
    pub state: RequestState,
    /// When.
    pub asked_at: Timestamp,
    /// Answered until then.
    pub answer_by: Timestamp,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// Whether it was done as asked; what was not is explained in the answer.
    pub granted: Option<bool>,
    /// What it should be, or what is objected.
    #[personal(class = Message, purposes(Support, Resolve, SelfAccess), keep = "record + 3y", basis = "legal_obligation")]
    pub words: Option<Sealed<Words, CorrectionWords>>,
    /// What the house answered.
    #[personal(class = Message, purposes(Support, Resolve, SelfAccess), keep = "record + 3y", basis = "legal_obligation")]
    pub answer: Option<Sealed<Words, CorrectionAnswer>>,
}

impl Correction {
    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        let asked = self.asked_at.as_micros();
        vec![
            Key::new("correction.party", self.party, asked),
            Key::new("correction.state", self.state.word(), asked),
        ]
    }
}

/// The end of an account: planned, called off, or done. Under the party's own id, and without anything personal.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(kind = "erasure", schema = 1)]
pub struct Erasure {
    /// Whose.
    pub party: PartyId,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When it runs.
    pub runs_at: Timestamp,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// It was called off.
    pub called_off: bool,
    /// What was erased: kind of record and how many.
    pub erased: Vec<(String, u64)>,
}

impl Erasure {
    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        let mut keys = vec![Key::new("erasure.all", "1", self.asked_at.as_micros())];
        if self.done_at.is_none() && !self.called_off {
            keys.push(Key::timer("account.erasure", self.runs_at));
        }
        keys
    }
}

/// A message or thread that somebody reported.
#[derive(Debug, Personal, Record)]
#[record(kind = "report", schema = 1)]
pub struct Report {
    /// Who reported.
    #[subject]
    pub subject: SubjectId,
    /// Who reported.
    pub party: PartyId,
    /// Wire id of the thread.
    pub thread: String,
    /// Wire id of the message.
    pub message: Option<String>,
    /// `fraud`, `abuse`, `spam`, `contact_fishing`, `other`.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// In the reporter's words.
    #[personal(class = Conduct, purposes(Support, Resolve, SelfAccess), keep = "record + 1y", basis = "contract")]
    pub words: Option<Sealed<Words, ReportWords>>,
}
