//! Callers by decree: a token is whoever a test says.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use sarai_api::Doorkeeper;
use sarai_kernel::{Caller, KeyId, Kind, OrgId, PartyId, Refusal, Role, SessionId, Timestamp, Via};

/// Knows the tokens that a test gave out.
#[derive(Default)]
pub struct TestDoor {
    sessions: Mutex<HashMap<String, Option<Caller>>>,
    keys: Mutex<HashMap<String, Caller>>,
}

impl TestDoor {
    /// A new party with these roles and a session; gives its token.
    pub fn admit(&self, roles: &[Role], at: Timestamp) -> (String, Caller) {
        let caller = Caller {
            party: PartyId::new(at),
            roles: roles.to_vec(),
            suspended: false,
            via: Via::Session { id: SessionId::new(at), factor_at: None, thin: false },
        };
        let token = SessionId::new(at).to_string();
        self.set(&token, Some(caller.clone()));
        (token, caller)
    }

    /// Says who holds a token; `None` ends its session.
    pub fn set(&self, token: &str, caller: Option<Caller>) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.insert(token.to_owned(), caller);
    }

    /// A key with these scopes; gives its secret.
    pub fn key(&self, scopes: &[&str], at: Timestamp) -> (String, Caller) {
        let via = Via::Key {
            id: KeyId::new(at),
            org: OrgId::new(at),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        };
        let caller = Caller { party: PartyId::new(at), roles: vec![], suspended: false, via };
        let secret = caller.actor();
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(secret.clone(), caller.clone());
        (secret, caller)
    }
}

#[async_trait]
impl Doorkeeper for TestDoor {
    async fn session(&self, token: &str, _: Timestamp) -> Result<Option<Caller>, Refusal> {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        match sessions.get(token) {
            None => Ok(None),
            Some(Some(caller)) => Ok(Some(caller.clone())),
            Some(None) => Err(Refusal::new("session_expired", Kind::Unauthenticated)),
        }
    }

    async fn key(
        &self,
        secret: &str,
        _: Option<IpAddr>,
        _: Timestamp,
    ) -> Result<Option<Caller>, Refusal> {
        Ok(self.keys.lock().unwrap_or_else(PoisonError::into_inner).get(secret).cloned())
    }
}
