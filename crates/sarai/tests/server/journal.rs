//! Every command that was sent, with what came back: the memory against which the store is held.

use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use http::Method;
use sarai_testkit::server::{Answer, Client};
use serde_json::Value;
use uuid::Uuid;

/// One command with its idempotency key.
#[derive(Debug, Clone)]
pub struct Command {
    /// Whose session.
    pub token: String,
    /// Path.
    pub path: String,
    /// The version that was seen, where the route wants one.
    pub seen: Option<String>,
    /// Body.
    pub body: Value,
    /// Idempotency key.
    pub key: String,
    /// What came back; `None` where the server was killed first.
    pub answer: Option<(u16, Bytes)>,
}

impl Command {
    /// Sends it, under its own key.
    pub async fn send(&self, client: &Client) -> Option<Answer> {
        let mut call = client.call(Method::POST, &self.path).page().key(&self.key);
        if let Some(seen) = &self.seen {
            call = call.header("if-match", seen);
        }
        call.json(&self.body).try_send().await
    }

    /// What it was answered with, if that was a success.
    pub fn done(&self) -> Option<Value> {
        let (status, body) = self.answer.as_ref()?;
        if *status < 300 { serde_json::from_slice(body).ok() } else { None }
    }

    /// Whether the route answers with the thing as it is now.
    pub fn shows_the_present(&self) -> bool {
        self.path == "/v1/files" || self.path.ends_with("/messages")
    }

    /// Whether the answer was decided by the market: then the same key must get it again. A refusal at the door is not kept.
    pub fn is_decided(&self) -> bool {
        matches!(self.answer, Some((200..300 | 402..=412 | 422, _)))
    }
}

/// Commands of one round.
#[derive(Debug, Default)]
pub struct Journal(Mutex<Vec<Command>>);

impl Journal {
    /// Sends a command that is written down before it goes and when it comes back. `None` when the server is gone.
    pub async fn post(
        &self,
        client: &Client,
        path: String,
        seen: Option<String>,
        body: Value,
    ) -> Option<Answer> {
        let token = client.session().unwrap_or_default();
        let key = Uuid::new_v4().to_string();
        let command = Command { token, path, seen, body, key, answer: None };
        let at = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(command.clone());
            all.len() - 1
        };
        let answer = command.send(client).await?;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get_mut(at)?.answer = Some((answer.status.as_u16(), answer.body.clone()));
        Some(answer)
    }

    /// Everything that was sent.
    pub fn close(self) -> Vec<Command> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
