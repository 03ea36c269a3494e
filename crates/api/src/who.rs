//! Who is asking: cookie session, API key, or nobody. Permission is the type of an argument, so that a handler cannot forget it.

use std::{net::IpAddr, sync::Arc};

use async_trait::async_trait;
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use sarai_kernel::{Caller, Refusal, Role, Timestamp};
use sha2::{Digest, Sha256};

use crate::{app::App, problem::Problem};

/// Knows sessions and keys. Implemented by the account room.
#[async_trait]
pub trait Doorkeeper: Send + Sync {
    /// Who holds this session; `None` for a token that was never given out, a refusal (`session_expired`) for one that has ended.
    async fn session(&self, token: &str, now: Timestamp) -> Result<Option<Caller>, Refusal>;
    /// Who holds this API key, used from this address; `None` for nobody, a refusal (`key_revoked`) for one that has ended.
    async fn key(
        &self,
        secret: &str,
        from: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Option<Caller>, Refusal>;
}

/// Whoever is asking, with what the wire found out about the request. Set by the guard before any handler runs.
#[derive(Debug, Clone)]
pub struct Anybody {
    /// The caller, if signed in.
    pub caller: Option<Caller>,
    /// Address of the client, behind trusted proxies.
    pub address: Option<IpAddr>,
    /// When the request came.
    pub now: Timestamp,
    /// Number of the request.
    pub request: Arc<str>,
    /// Hash of the cookie that a browser has before it signs in.
    pub pre_auth: Option<[u8; 32]>,
}

impl Anybody {
    /// The word for scopes of keys and cursors: nobody reaches another's.
    pub fn principal(&self) -> String {
        match (&self.caller, &self.pre_auth) {
            (Some(caller), _) => caller.actor(),
            (None, Some(hash)) => format!(
                "pre/{}",
                uuid::Uuid::from_slice(hash.get(..16).unwrap_or(&[0; 16])).unwrap_or_default()
            ),
            (None, None) => "anon".to_owned(),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Anybody {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::new("internal"))
    }
}

/// A signed-in caller.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let anybody = <Anybody as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        anybody.caller.map(Self).ok_or_else(|| Problem::new("unauthenticated"))
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Problem> {
        let anybody = <Anybody as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        Ok(anybody.caller.map(Self))
    }
}

/// A signed-in caller who showed a second factor within five minutes.
#[derive(Debug, Clone)]
pub struct SteppedUp(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for SteppedUp {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let anybody = <Anybody as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        let caller = anybody.caller.ok_or_else(|| Problem::new("unauthenticated"))?;
        if caller.stepped_up(anybody.now) {
            Ok(Self(caller))
        } else {
            Err(Problem::new("step_up_required"))
        }
    }
}

/// A role as a type, for [`Staff`].
pub trait NeedsRole {
    /// The role.
    const ROLE: Role;
}

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident $role:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub enum $name {}
        impl NeedsRole for $name { const ROLE: Role = Role::$role; }
    )*};
}
roles! {
    /// Checks papers.
    Verify OpVerify;
    /// Rules of the market.
    Market OpMarket;
    /// Money.
    MoneyDesk OpMoney;
    /// Helps members.
    SupportDesk OpSupport;
    /// Safety.
    Safety OpSafety;
    /// Staff and system.
    Admin OpAdmin;
    /// Privacy officer.
    Privacy PrivacyOfficer;
    /// Posts loads.
    Shipper Shipper;
    /// Carries loads.
    Trucker Trucker;
}

/// A caller who has the role `R`.
#[derive(Debug, Clone)]
pub struct Staff<R> {
    /// The caller.
    pub caller: Caller,
    role: std::marker::PhantomData<R>,
}

impl<S: Send + Sync, R: NeedsRole> FromRequestParts<S> for Staff<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let SignedIn(caller) =
            <SignedIn as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        if caller.has(R::ROLE) {
            Ok(Self { caller, role: std::marker::PhantomData })
        } else {
            Err(Problem::new("role_missing"))
        }
    }
}

/// The session's token as it came, for routes that end or renew it. Never logged, never stored.
#[derive(Clone)]
pub struct OnceSession(pub Option<String>);

impl FromRequestParts<Arc<App>> for OnceSession {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        Ok(Self(cookie(&parts.headers, app.cookie_name())))
    }
}

/// Largest cookie value that is looked at.
const COOKIE_BYTES_MAX: usize = 256;

/// The value of a cookie; `None` where it is absent or too long.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).into_iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| cookie::Cookie::split_parse(line.to_owned()))
        .filter_map(Result::ok)
        .find(|found| found.name() == name && found.value().len() <= COOKIE_BYTES_MAX)
        .map(|found| found.value().to_owned())
}

/// The cookie that a browser has before it signs in.
pub const PRE_AUTH_COOKIE: &str = "sarai-pre";

/// Finds out who is asking.
pub(crate) async fn identify(
    app: &App,
    headers: &HeaderMap,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<Option<Caller>, Problem> {
    let token = cookie(headers, app.cookie_name());
    let secret = bearer(headers)?;
    match (token, secret) {
        (Some(_), Some(_)) => Err(Problem::new("auth_ambiguous")),
        (Some(token), None) => Ok(app.door.session(&token, now).await?),
        (None, Some(secret)) => {
            let found = app.door.key(&secret, address, now).await?;
            found.map(Some).ok_or_else(|| Problem::new("unauthenticated"))
        }
        (None, None) => Ok(None),
    }
}

fn bearer(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut lines = headers.get_all(header::AUTHORIZATION).into_iter();
    let Some(line) = lines.next() else { return Ok(None) };
    if lines.next().is_some() {
        return Err(Problem::new("auth_ambiguous"));
    }
    let text = line.to_str().unwrap_or_default();
    let secret = text
        .strip_prefix("Bearer ")
        .filter(|secret| !secret.is_empty() && secret.len() <= COOKIE_BYTES_MAX);
    secret.map(|secret| Some(secret.to_owned())).ok_or_else(|| Problem::new("unauthenticated"))
}

/// Hash of the cookie that a browser has before it signs in.
pub(crate) fn pre_auth(headers: &HeaderMap) -> Option<[u8; 32]> {
    cookie(headers, PRE_AUTH_COOKIE).map(|value| Sha256::digest(value.as_bytes()).into())
}
