//! What is kept of endpoints and deliveries. No secret: keys are derived from the wire's root by endpoint and number.

use sarai_kernel::{
    DeliveryId, EventId, Key, OrgId, PartyId, Timestamp, WebhookId,
    time::{DAY, HOUR, MINUTE, SECOND},
};
use sarai_seal::Record;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a message is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Ed25519: the receiver holds only the public half.
    #[default]
    V1a,
    /// HMAC-SHA256 with a shared secret.
    V1,
}

/// Whether an endpoint is sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It did not answer a signed test yet.
    Untested,
    /// It is sent to.
    On,
    /// It is sent to, and its last answers were no success.
    Failing,
    /// Switched off: by its owner, by a 410, or after five days of failures.
    Off,
}

impl Standing {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Untested => "untested",
            Self::On => "on",
            Self::Failing => "failing",
            Self::Off => "off",
        }
    }

    /// Whether events go there.
    pub const fn hears(self) -> bool {
        matches!(self, Self::On | Self::Failing)
    }
}

/// An endpoint of a company: a registered recipient, with owner, country and purpose.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(kind = "webhook", schema = 1)]
pub struct Webhook {
    /// The company.
    pub org: OrgId,
    /// Who made it; it hears what that member may see.
    pub maker: PartyId,
    /// Where it is.
    pub url: String,
    /// Event types, or `prefix.*`.
    pub types: Vec<String>,
    /// ISO 3166 country of the receiver.
    pub country: String,
    /// What for.
    pub purpose: String,
    /// How it is signed.
    pub scheme: Scheme,
    /// Whether it is sent to.
    pub state: Standing,
    /// Number of its present key.
    pub key_number: u32,
    /// Until when the key before it signs as well.
    pub old_key_until: Option<Timestamp>,
    /// Since when nothing but failures.
    pub failing_since: Option<Timestamp>,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// It was removed.
    pub removed: bool,
}

/// Endpoints that hear, by this key.
pub const HEARING: &str = "webhook.hearing";

impl Webhook {
    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        let mut keys = Vec::new();
        if !self.removed {
            keys.push(Key::new("webhook.org", self.org, self.created_at.as_micros()));
        }
        if !self.removed && self.state.hears() {
            keys.push(Key::new(HEARING, "1", self.created_at.as_micros()));
        }
        keys
    }

    /// Whether it wants events of this type.
    pub fn wants(&self, kind: &str) -> bool {
        self.types.iter().any(|wanted| match wanted.strip_suffix(".*") {
            Some(prefix) => kind.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.')),
            None => wanted == kind,
        })
    }
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Not tried yet.
    Waiting,
    /// Tried, and will be tried again.
    Retrying,
    /// The receiver said yes.
    Done,
    /// Given up: a dead letter.
    Dead,
}

impl Progress {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Retrying => "retrying",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }

    /// From a word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Waiting, Self::Retrying, Self::Done, Self::Dead]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attempt {
    /// When.
    pub at: Timestamp,
    /// HTTP status, if one came.
    pub status: Option<u16>,
    /// `timeout`, `unreachable`, `address_refused`.
    pub error: Option<String>,
    /// How long it took.
    pub duration_ms: u64,
}

/// One event on its way to one endpoint.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(kind = "delivery", schema = 1)]
pub struct Delivery {
    /// The endpoint.
    pub webhook: WebhookId,
    /// The event: the same in every try.
    pub event: EventId,
    /// The event's type.
    pub kind: String,
    /// The bytes that are signed and sent; thin, so nothing personal is in them.
    pub body: String,
    /// Where it stands.
    pub state: Progress,
    /// Tries so far.
    pub attempts: Vec<Attempt>,
    /// Tries of this round: a retry by hand starts a new one.
    pub round: u32,
    /// When it is tried next.
    pub next_at: Option<Timestamp>,
    /// Since when it is there.
    pub created_at: Timestamp,
}

/// Name of the deliveries' timer.
pub const TIMER: &str = "webhook.delivery";

impl Delivery {
    /// A delivery that is due now.
    pub fn new(
        webhook: WebhookId,
        event: EventId,
        kind: &str,
        body: String,
        now: Timestamp,
    ) -> Self {
        Self {
            webhook,
            event,
            kind: kind.to_owned(),
            body,
            state: Progress::Waiting,
            attempts: Vec::new(),
            round: 0,
            next_at: Some(now),
            created_at: now,
        }
    }

    /// Its keys. An event goes to an endpoint once, whatever crashes.
    pub fn keys(&self) -> Vec<Key> {
        let created = self.created_at.as_micros();
        let mut keys = vec![
            Key::new("delivery.webhook", self.webhook, created),
            Key::new("delivery.state", format!("{}/{}", self.webhook, self.state.word()), created),
            Key::unique("delivery.once", format!("{}/{}", self.webhook, self.event)),
        ];
        keys.extend(self.next_at.map(|due| Key::timer(TIMER, due)));
        keys
    }

    /// An id for it.
    pub fn id(now: Timestamp) -> DeliveryId {
        DeliveryId::new(now)
    }
}

/// Waits before each try after the first.
pub const WAITS: [i64; 9] = [
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
];
/// Longest `Retry-After` that is obeyed.
pub const AFTER_MAX: i64 = 24 * HOUR;
/// After so long of nothing but failures an endpoint is switched off.
pub const FAILING_MAX: i64 = 5 * DAY;
/// How long the key before a rotation still signs.
pub const OLD_KEY_LIFE: i64 = 24 * HOUR;
/// Largest message.
pub const BODY_BYTES_MAX: usize = 20 * 1024;
/// Most endpoints of a company.
pub const WEBHOOKS_MAX: usize = 20;
/// How far back a replay may reach.
pub const REPLAY_BACK_MAX: i64 = 7 * DAY;

/// How far the events have been turned into deliveries.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(kind = "webhook_place", schema = 1)]
pub struct Place {
    /// Place in the store's order.
    pub global_seq: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_wants_what_is_below_it_only() {
        let now = Timestamp::from_micros(0);
        let hook = Webhook {
            org: OrgId::new(now),
            maker: PartyId::new(now),
            url: String::new(),
            types: vec!["freight.order.*".to_owned(), "kernel.message.sent".to_owned()],
            country: String::new(),
            purpose: String::new(),
            scheme: Scheme::V1,
            state: Standing::On,
            key_number: 1,
            old_key_until: None,
            failing_since: None,
            created_at: now,
            removed: false,
        };
        assert!(hook.wants("freight.order.booked") && hook.wants("kernel.message.sent"));
        assert!(
            !hook.wants("freight.orders.booked")
                && !hook.wants("freight.order")
                && !hook.wants("kernel.message")
        );
    }
}
