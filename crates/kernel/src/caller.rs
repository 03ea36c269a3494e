//! Who is asking. Built by the wire from a session or key that it has checked, never from the request's body.

use serde::{Deserialize, Serialize};

use crate::{KeyId, OrgId, PartyId, SessionId, Timestamp, decision::Once, time::MINUTE};

/// A role that a party has taken up or been given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Posts loads.
    Shipper,
    /// Carries loads.
    Trucker,
    /// Staff: checks papers.
    #[serde(rename = "op.verify")]
    OpVerify,
    /// Staff: rules of the market.
    #[serde(rename = "op.market")]
    OpMarket,
    /// Staff: money.
    #[serde(rename = "op.money")]
    OpMoney,
    /// Staff: helps members.
    #[serde(rename = "op.support")]
    OpSupport,
    /// Staff: safety.
    #[serde(rename = "op.safety")]
    OpSafety,
    /// Staff: everything about staff and system.
    #[serde(rename = "op.admin")]
    OpAdmin,
    /// Privacy officer.
    #[serde(rename = "po")]
    PrivacyOfficer,
    /// Reviewer of an authority or from outside: reads, and carries on the own case.
    #[serde(rename = "rev")]
    Reviewer,
}

impl Role {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Shipper => "shipper",
            Self::Trucker => "trucker",
            Self::OpVerify => "op.verify",
            Self::OpMarket => "op.market",
            Self::OpMoney => "op.money",
            Self::OpSupport => "op.support",
            Self::OpSafety => "op.safety",
            Self::OpAdmin => "op.admin",
            Self::PrivacyOfficer => "po",
            Self::Reviewer => "rev",
        }
    }

    /// Whether it is given by the operator and needs a second factor at every sign-in.
    pub const fn is_staff(self) -> bool {
        !matches!(self, Self::Shipper | Self::Trucker)
    }
}

/// By what the caller came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// A cookie session of a page.
    Session {
        /// The session.
        id: SessionId,
        /// When a second factor was last shown in it.
        factor_at: Option<Timestamp>,
        /// Opened by a code alone on a quiet number: no wallet, history, contact or messages.
        thin: bool,
    },
    /// An API key of an organisation.
    Key {
        /// The key.
        id: KeyId,
        /// The organisation that it acts for.
        org: OrgId,
        /// Scopes, `freight.loads:write` and the like.
        scopes: Vec<String>,
    },
}

/// A signed-in caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Who.
    pub party: PartyId,
    /// Roles at this moment.
    pub roles: Vec<Role>,
    /// Whether the party is suspended.
    pub suspended: bool,
    /// By what.
    pub via: Via,
}

/// How long a second factor counts as fresh.
pub const STEP_UP_MICROS: i64 = 5 * MINUTE;

impl Caller {
    /// Whether the caller has the role.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether a second factor was shown within the last five minutes of this session.
    pub fn stepped_up(&self, now: Timestamp) -> bool {
        match &self.via {
            Via::Session { factor_at: Some(at), .. } => now.since(*at) <= STEP_UP_MICROS,
            _ => false,
        }
    }

    /// The session, if it is one.
    pub fn session(&self) -> Option<SessionId> {
        match &self.via {
            Via::Session { id, .. } => Some(*id),
            Via::Key { .. } => None,
        }
    }

    /// The word for the audit log.
    pub fn actor(&self) -> String {
        match &self.via {
            Via::Session { .. } => self.party.to_string(),
            Via::Key { id, .. } => id.to_string(),
        }
    }
}

/// One command: when it came and under which idempotency key. What is asked and by whom are arguments of the use case.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// The moment.
    pub now: Timestamp,
    /// The idempotency key, if one was given.
    pub once: Option<Once>,
}

impl Command {
    /// A command of the system itself.
    pub const fn at(now: Timestamp) -> Self {
        Self { now, once: None }
    }
}
