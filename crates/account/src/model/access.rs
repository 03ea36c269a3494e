//! Sign-in: the codes sent to a number or address, sessions, second factors, notices on their way, tokens of a first admin.

use sarai_kernel::{
    Key, PartyId, Timestamp,
    document::{KeyValue, blind},
    personal::{Email, Phone, Secret, Words},
    purpose::{Notify, Secure, SelfAccess},
    time::DAY,
};
use sarai_seal::{Personal, Record, Sealed, SubjectId};
use serde::{Deserialize, Serialize};

use crate::rules::{code::Kept, session};

/// Codes sent to one number or address within a day, and the newest of them. One for each number or address.
#[derive(Debug, Personal, Record)]
#[record(kind = "challenge", schema = 1)]
pub struct Challenge {
    /// Who holds the number; a party yet to be made where nobody does.
    #[subject]
    pub subject: SubjectId,
    /// The newest code. Only this one counts.
    pub newest: Kept,
    /// When codes were sent, within a day.
    pub sent: Vec<Timestamp>,
    /// When wrong codes came, within a day.
    pub wrong: Vec<Timestamp>,
    /// The number, if it is one.
    #[personal(class = Contact, purposes(Secure, SelfAccess), keep = "record + 1d", basis = "contract")]
    pub phone: Option<Sealed<Phone, ChallengePhone>>,
    /// The address, if it is one.
    #[personal(class = Contact, purposes(Secure, SelfAccess), keep = "record + 1d", basis = "contract")]
    pub email: Option<Sealed<Email, ChallengeEmail>>,
}

impl Challenge {
    /// The number or address as a blind value, with the key's name of a party that holds it.
    pub fn contact(&self) -> Option<(&'static str, KeyValue)> {
        let phone = blind(self, "challenge.phone").map(|value| ("party.phone", value));
        phone.or_else(|| blind(self, "challenge.email").map(|value| ("party.email", value)))
    }

    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        let last = self.sent.last().copied().unwrap_or_default();
        let mut keys = vec![
            Key::unique("challenge.id", self.newest.id),
            Key::timer("account.challenge", last.plus(DAY)),
        ];
        for name in ["challenge.phone", "challenge.email"] {
            keys.extend(blind(self, name).map(|value| Key::unique(name, value)));
        }
        keys
    }
}

/// A token that was renewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    /// SHA-256 of it.
    pub token: String,
    /// Dead from then on.
    pub until: Timestamp,
}

/// A signed-in session.
#[derive(Debug, Personal, Record)]
#[record(kind = "session", schema = 1)]
pub struct Session {
    /// Whose it is.
    #[subject]
    pub subject: SubjectId,
    /// Whose it is.
    pub party: PartyId,
    /// SHA-256 of the token.
    pub token: String,
    /// The token before the last step-up, for requests that were under way; it shows no factor.
    #[serde(default)]
    pub former: Option<Former>,
    /// Since when.
    pub started_at: Timestamp,
    /// Last use, to the minute.
    pub seen_at: Timestamp,
    /// When a second factor, or for those without one a fresh code, was last shown.
    pub factor_at: Option<Timestamp>,
    /// A real second factor was shown: TOTP or a recovery code, never a message.
    pub strong: bool,
    /// Of a member of staff: shorter life.
    pub staff: bool,
    /// Opened by a code alone on a quiet number.
    pub thin: bool,
    /// The device as it names itself.
    #[personal(class = Device, purposes(Secure, SelfAccess), keep = "session", basis = "contract")]
    pub device: Option<Sealed<Words, SessionDevice>>,
}

impl Session {
    /// Whether it still lives.
    pub fn is_alive(&self, now: Timestamp) -> bool {
        session::is_alive(self.started_at, self.seen_at, self.staff, now)
    }

    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        let (_, life) = session::lives(self.staff);
        let mut keys = vec![
            Key::unique("session.token", self.token.as_str()),
            Key::new("session.party", self.party, self.started_at.as_micros()),
            Key::timer("account.session", self.started_at.plus(life)),
        ];
        keys.extend(
            self.former.as_ref().map(|old| Key::unique("session.former", old.token.as_str())),
        );
        keys
    }
}

/// Devices on which a person has signed in, by the mark that each keeps in a cookie of its own. Under the party's id.
#[derive(Debug, Default, Record)]
#[record(kind = "devices", schema = 1)]
pub struct Devices {
    /// SHA-256 of each mark, with its last sign-in, oldest first.
    pub marks: Vec<(String, Timestamp)>,
}

/// Devices that are remembered; past it the one unused for longest is a new one again.
pub const DEVICES_MAX: usize = 20;

impl Devices {
    /// Notes a sign-in; whether the device was known.
    pub fn note(&mut self, mark: String, now: Timestamp) -> bool {
        let before = self.marks.len();
        self.marks.retain(|(known, _)| *known != mark);
        let known = self.marks.len() < before;
        self.marks.push((mark, now));
        let over = self.marks.len().saturating_sub(DEVICES_MAX);
        self.marks.drain(..over);
        known
    }
}

/// What a second factor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// Codes of an authenticator program.
    Totp,
    /// Codes on paper.
    RecoveryCodes,
}

/// A second factor.
#[derive(Debug, Personal, Record)]
#[record(kind = "factor", schema = 1)]
pub struct Factor {
    /// Whose it is.
    #[subject]
    pub subject: SubjectId,
    /// Whose it is.
    pub party: PartyId,
    /// What it is.
    pub kind: FactorKind,
    /// Confirmed by a first code.
    pub confirmed: bool,
    /// Since when it counts: made, then confirmed.
    pub created_at: Timestamp,
    /// The newest step that was taken; no older one is taken again.
    pub last_step: Option<u64>,
    /// Salt of recovery codes.
    pub salt: Option<String>,
    /// Seed of an authenticator, base 32.
    #[personal(class = Credential, purposes(Secure), keep = "account", basis = "contract")]
    pub seed: Option<Sealed<Secret, FactorSeed>>,
    /// Hashes of the recovery codes that are left.
    #[personal(class = Credential, purposes(Secure), keep = "account", basis = "contract")]
    pub hashes: Vec<Sealed<Secret, FactorHashes>>,
}

impl Factor {
    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        vec![Key::new("factor.party", self.party, self.created_at.as_micros())]
    }
}

/// By which way a notice goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Short message.
    Sms,
    /// E-mail.
    Email,
}

/// A notice on its way to a person.
#[derive(Debug, Personal, Record)]
#[record(kind = "notice", schema = 1)]
pub struct Notice {
    /// Whom it goes to.
    #[subject]
    pub subject: SubjectId,
    /// By which way.
    pub channel: Channel,
    /// When it was written.
    pub at: Timestamp,
    /// Useless from then on.
    pub until: Timestamp,
    /// Tries so far.
    pub tries: u32,
    /// Its subject line; the same for all of its kind.
    pub title: String,
    /// Where it goes.
    #[personal(class = Contact, purposes(Notify, SelfAccess), keep = "record + 1d", basis = "contract", leaves = "sms, e-mail")]
    pub to: Option<Sealed<Words, NoticeTo>>,
    /// What it says.
    #[personal(class = Message, purposes(Notify, SelfAccess), keep = "record + 1d", basis = "contract", leaves = "sms, e-mail")]
    pub words: Option<Sealed<Words, NoticeWords>>,
}

/// A one-use token that makes the first admin. Kept as SHA-256.
#[derive(Debug, Record)]
#[record(kind = "admin_token", schema = 1)]
pub struct AdminToken {
    /// Dead from then on.
    pub expires_at: Timestamp,
    /// It was used.
    pub used: bool,
}
