//! The room itself: what its use cases reach.

use std::sync::{Arc, Mutex, PoisonError};

use sarai_gate::{Ask, Gate};
use sarai_kernel::{
    Caller, Kind, PartyId, Refusal, Store, Timestamp, audit::AuditEntry, time::DAY,
};
use sarai_seal::{RegisterEntry, Scope, SubjectId};
use tokio::sync::Notify;
use zeroize::Zeroizing;

use crate::{
    outbox::Outbox,
    rules::limits::{Budgets, Limiter},
};

/// Settings of the room.
#[derive(Debug, Clone)]
pub struct AccountRules {
    /// Name of the installation, in notices and authenticator programs.
    pub house: String,
    /// How many codes go out in all.
    pub budgets: Budgets,
    /// How long a new payout account, authenticator, number or address waits before money goes out, and how long a copy of one's data
    /// waits that was asked for with nothing better than a code by message.
    pub payout_wait_micros: i64,
    /// Top-ups by the method `demo` are paid at once by a provider that does not exist: for demo worlds only.
    pub demo_topups: bool,
}

impl Default for AccountRules {
    fn default() -> Self {
        Self {
            house: "Sarai".to_owned(),
            budgets: Budgets::default(),
            payout_wait_micros: DAY,
            demo_topups: false,
        }
    }
}

/// Keyed secrets of the room, each derived from the master key under its own label.
pub struct Secrets {
    /// Under which one-time codes are kept.
    pub(crate) codes: Zeroizing<[u8; 32]>,
}

impl Secrets {
    /// Derives the secrets: `derive` gives 32 bytes for a label.
    pub fn derive(derive: impl Fn(&str) -> [u8; 32]) -> Self {
        Self { codes: Zeroizing::new(derive("account codes")) }
    }
}

/// The room.
pub struct Account {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// Who grants.
    pub gate: Arc<Gate>,
    /// Settings.
    pub rules: AccountRules,
    /// Every personal record of every room, for "my data".
    pub register: Vec<RegisterEntry>,
    /// Rings when a notice waits, so that a code does not wait for the next round.
    pub notices: Notify,
    /// What the development sender sent; `None` with any other sender.
    pub outbox: Option<Arc<Outbox>>,
    pub(crate) secrets: Secrets,
    limiter: Mutex<Limiter>,
}

impl Account {
    /// The room over a store and a gate. `register` holds the personal records of the other rooms.
    pub fn new(
        store: Arc<dyn Store>,
        gate: Arc<Gate>,
        secrets: Secrets,
        rules: AccountRules,
        register: &[RegisterEntry],
        outbox: Option<Arc<Outbox>>,
    ) -> Self {
        let mut entries = crate::register();
        entries.extend_from_slice(register);
        Self {
            limiter: Mutex::new(Limiter::new(rules.budgets)),
            store,
            gate,
            secrets,
            rules,
            register: entries,
            notices: Notify::new(),
            outbox,
        }
    }

    /// Works on the budgets of this process.
    pub(crate) fn limits<T>(&self, with: impl FnOnce(&mut Limiter) -> T) -> T {
        with(&mut self.limiter.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The question of somebody about own data.
pub(crate) fn own<'a>(
    caller: &'a Caller,
    kind: &'a str,
    resource: impl ToString,
    fields: &'a [&'a str],
) -> Ask<'a> {
    Ask {
        actor: caller.actor(),
        caller: Some(caller),
        relation: "self",
        resource_kind: kind,
        resource: resource.to_string(),
        stage: "",
        case: None,
        consent: false,
        scope: Scope::One(caller.party.subject()),
        fields,
    }
}

/// The question of the check of a code or factor: nobody is signed in yet.
pub(crate) fn before_sign_in<'a>(
    subject: SubjectId,
    resource: impl ToString,
    fields: &'a [&'a str],
) -> Ask<'a> {
    Ask {
        actor: "anonymous".to_owned(),
        caller: None,
        relation: "self",
        resource_kind: "credential",
        resource: resource.to_string(),
        stage: "",
        case: None,
        consent: false,
        scope: Scope::One(subject),
        fields,
    }
}

/// The question of the house's own worker.
pub(crate) fn by_system<'a>(
    worker: &'static str,
    kind: &'a str,
    resource: impl ToString,
    subject: SubjectId,
    fields: &'a [&'a str],
) -> Ask<'a> {
    Ask {
        actor: format!("system/{worker}"),
        caller: None,
        relation: "system",
        resource_kind: kind,
        resource: resource.to_string(),
        stage: "",
        case: None,
        consent: false,
        scope: Scope::One(subject),
        fields,
    }
}

/// A security event for the audit log.
pub(crate) fn security(
    actor: impl ToString,
    action: &'static str,
    resource: impl ToString,
    about: PartyId,
    allowed: bool,
) -> AuditEntry {
    AuditEntry {
        actor: actor.to_string(),
        action,
        purpose: "secure",
        resource: resource.to_string(),
        relation: if actor.to_string() == about.to_string() { "self" } else { "staff" }.to_owned(),
        subjects: vec![about.subject()],
        fields: Vec::new(),
        rule: "house.security_event".to_owned(),
        allowed,
        case: None,
    }
}

/// Our own fault: random source, hashing, a value that does not write.
pub(crate) fn internal() -> Refusal {
    Refusal::new("internal", Kind::Internal)
}

/// The seal's "no" as a refusal: an erased value is gone, anything else is our own fault.
pub(crate) fn denied(error: sarai_seal::Denied) -> Refusal {
    match error {
        sarai_seal::Denied::Erased => Refusal::new("key_destroyed", Kind::Gone),
        _ => internal(),
    }
}

/// Refuses those who are suspended.
pub(crate) fn active(caller: &Caller) -> Result<(), Refusal> {
    if caller.suspended { Err(Refusal::new("account_suspended", Kind::Forbidden)) } else { Ok(()) }
}

/// Refuses those without a fresh second factor.
pub(crate) fn stepped_up(caller: &Caller, now: Timestamp) -> Result<(), Refusal> {
    if caller.stepped_up(now) {
        Ok(())
    } else {
        Err(Refusal::new("step_up_required", Kind::Forbidden))
    }
}
