//! The account room as doorkeeper.

use std::net::IpAddr;

use async_trait::async_trait;
use sarai_account::{
    Account,
    usecase::{orgs, sessions},
};
use sarai_kernel::{Caller, Refusal, Timestamp};

use crate::who::Doorkeeper;

#[async_trait]
impl Doorkeeper for Account {
    async fn session(&self, token: &str, now: Timestamp) -> Result<Option<Caller>, Refusal> {
        sessions::holder(self, token, now).await
    }

    async fn key(
        &self,
        secret: &str,
        from: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Option<Caller>, Refusal> {
        orgs::key_holder(self, secret, from, now).await
    }
}
