//! Companies, who belongs to them, their programs' keys.

use sarai_kernel::{
    Key, OrgId, PartyId, Timestamp,
    document::blind,
    personal::{Name, PaperNumber},
    purpose::{Converse, Deliver, Publish, Resolve, SelfAccess, Settle, Support, Verify},
};
use sarai_seal::{Personal, Record, Sealed, SubjectId};
use serde::{Deserialize, Serialize};

/// What somebody may do in a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrgRole {
    /// Made it.
    Owner,
    /// Runs it.
    Admin,
    /// Posts and assigns.
    Dispatcher,
    /// Money.
    Finance,
    /// Drives.
    Driver,
}

impl OrgRole {
    /// Whether members, keys and webhooks are in this role's hands.
    pub const fn administers(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }
}

/// A company.
#[derive(Debug, Personal, Record)]
#[record(kind = "org", schema = 1)]
pub struct Org {
    /// The company itself.
    #[subject]
    pub subject: SubjectId,
    /// Division code of its seat.
    pub city_code: String,
    /// Its papers were checked.
    pub verified: bool,
    /// Since when.
    pub created_at: Timestamp,
    /// Its name.
    #[personal(class = Business, purposes(Publish, Converse, Deliver, Verify, Settle, Support, Resolve, SelfAccess), keep = "account", basis = "contract")]
    pub name: Option<Sealed<Name, OrgName>>,
    /// Its registration number.
    #[personal(class = Business, purposes(Verify, Settle, Support, Resolve, SelfAccess), keep = "account", basis = "contract")]
    pub credit_code: Option<Sealed<PaperNumber, OrgCreditCode>>,
}

impl Org {
    /// Its keys. A registration number belongs to one company.
    pub fn keys(&self) -> Vec<Key> {
        let mut keys = vec![Key::new("org.all", "1", self.created_at.as_micros())];
        keys.extend(
            blind(self, "org.credit_code").map(|value| Key::unique("org.credit_code", value)),
        );
        keys
    }
}

/// Somebody in a company.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(kind = "member", schema = 1)]
pub struct Member {
    /// The company.
    pub org: OrgId,
    /// Who.
    pub party: PartyId,
    /// What they may do.
    pub role: OrgRole,
    /// Since when.
    pub since: Timestamp,
}

impl Member {
    /// Name of a pair of company and party.
    pub fn pair(org: OrgId, party: PartyId) -> String {
        format!("{org}/{party}")
    }

    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        vec![
            Key::unique("member.pair", Self::pair(self.org, self.party)),
            Key::new("member.org", self.org, self.since.as_micros()),
            Key::new("member.party", self.party, self.since.as_micros()),
        ]
    }
}

/// A key by which a program acts for a company.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(kind = "api_key", schema = 1)]
pub struct ApiKey {
    /// The company.
    pub org: OrgId,
    /// Who made it; it may never do more, and stops when that member leaves.
    pub maker: PartyId,
    /// What it is called.
    pub name: String,
    /// `sarai_<8 characters>`.
    pub prefix: String,
    /// SHA-256 of the whole key.
    pub hash: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Addresses that it may be used from; any, where there is none.
    pub addresses: Vec<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// Last use, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// It was revoked.
    pub revoked: bool,
}

impl ApiKey {
    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        let mut keys = vec![Key::unique("api_key.hash", self.hash.as_str())];
        if !self.revoked {
            keys.push(Key::new("api_key.org", self.org, self.created_at.as_micros()));
        }
        keys
    }
}
