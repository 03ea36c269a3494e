//! How notices leave: the sender's port, and the outbox of development.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use sarai_gate::outbound::Leave;
use sarai_kernel::Timestamp;

use crate::model::Channel;

/// A notice on the doorstep. It exists only while it is being handed over.
pub struct Letter<'a> {
    /// By which way.
    pub channel: Channel,
    /// Number or address.
    pub to: &'a str,
    /// Subject line, for e-mail.
    pub subject: &'a str,
    /// What it says.
    pub body: &'a str,
    /// The notice's wire id: the provider's idempotency key.
    pub id: &'a str,
    /// The moment.
    pub now: Timestamp,
    /// The gate's leave; `None` only where the letter stays in the house.
    pub leave: Option<Leave>,
}

/// By which way a sender lets letters leave: a recipient of the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayOut {
    /// What it is, for one way always the same: `smtp`, `hook`.
    pub way: &'static str,
    /// Who it is: the host that is called.
    pub name: String,
    /// Its country, ISO 3166.
    pub country: String,
}

/// The notice did not leave. Carries no text of the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the notice did not leave")]
pub struct NotSent;

/// Who carries notices: the outbox of development, SMTP, a signed HTTP hook.
#[async_trait]
pub trait Sender: Send + Sync {
    /// Where letters go; `None` where they stay in the house.
    fn way(&self) -> Option<WayOut>;
    /// Hands one notice over.
    async fn send(&self, letter: Letter<'_>) -> Result<(), NotSent>;
}

/// A notice in the outbox of development.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxItem {
    /// The notice's wire id.
    pub id: String,
    /// When it was sent.
    pub at: Timestamp,
    /// By which way.
    pub channel: Channel,
    /// To whom.
    pub to: String,
    /// Subject line.
    pub subject: String,
    /// What it says.
    pub body: String,
    /// The one-time code in it.
    pub code: Option<String>,
}

/// Most notices that the outbox shows.
const OUTBOX_MAX: usize = 200;

/// The sender of development: keeps what it sends in memory, for the outbox page. Never used on a real server.
#[derive(Debug, Default)]
pub struct Outbox {
    items: Mutex<VecDeque<OutboxItem>>,
}

impl Outbox {
    /// What was sent, newest first.
    pub fn items(&self) -> Vec<OutboxItem> {
        let items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        items.iter().rev().cloned().collect()
    }
}

#[async_trait]
impl Sender for Outbox {
    fn way(&self) -> Option<WayOut> {
        None
    }

    async fn send(&self, letter: Letter<'_>) -> Result<(), NotSent> {
        let item = OutboxItem {
            id: letter.id.to_owned(),
            at: letter.now,
            channel: letter.channel,
            to: letter.to.to_owned(),
            subject: letter.subject.to_owned(),
            body: letter.body.to_owned(),
            code: code_in(letter.body),
        };
        let mut items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        if items.len() >= OUTBOX_MAX {
            items.pop_front();
        }
        items.push_back(item);
        Ok(())
    }
}

/// The first run of exactly six digits.
fn code_in(body: &str) -> Option<String> {
    body.split(|letter: char| !letter.is_ascii_digit())
        .find(|run| run.len() == 6)
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::code_in;

    #[test]
    fn the_code_of_a_letter_is_its_run_of_six_digits() {
        assert_eq!(code_in("Sarai: 482913 is your code, 5 min."), Some("482913".to_owned()));
        assert_eq!(code_in("call 13800138000"), None);
    }
}
