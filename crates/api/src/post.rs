//! Commands: done once, whatever the network does. Parses the key, finds earlier answers, waits for a twin, keeps decided refusals.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sarai_kernel::{
    Caller, Command, CommitError, Decision, FieldError, Kind, Once, Outcome, Refusal, Timestamp,
    UseCaseError, decision::StoredAnswer, time::DAY,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use crate::{
    app::App,
    body::{Nulls, read, typed},
    codes,
    problem::{Problem, REPLAYED},
    spec::{Class, Key, Spec},
    version::{etag, seen},
    who::Anybody,
};

/// The header.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// How long an answer is kept.
pub const KEEP_MICROS: i64 = DAY;
/// How long an answer about money is kept.
pub const KEEP_MONEY_MICROS: i64 = 30 * DAY;
/// How long a second request waits for the first with the same key.
pub const TWIN_WAIT: Duration = Duration::from_secs(2);

/// Who may stand behind a command.
pub trait Who: Sized + Send {
    /// From whoever asks.
    fn of(anybody: &Anybody) -> Result<Self, Problem>;
}
impl Who for Caller {
    fn of(anybody: &Anybody) -> Result<Self, Problem> {
        anybody.caller.clone().ok_or_else(|| Problem::new("unauthenticated"))
    }
}
impl Who for Option<Caller> {
    fn of(anybody: &Anybody) -> Result<Self, Problem> {
        Ok(anybody.caller.clone())
    }
}

/// What a use case is given.
#[derive(Debug)]
pub struct Asked<T, W = Caller> {
    /// Who asks.
    pub caller: W,
    /// When and under which key.
    pub command: Command,
    /// The request.
    pub body: T,
    /// The version that the caller saw, where `If-Match` was given.
    pub version: Option<u64>,
}

/// A command with its body. Run it with [`once`](Self::once).
#[derive(Debug)]
pub struct Post<T, W = Caller> {
    /// What the use case is given.
    pub asked: Asked<T, W>,
    /// What the wire knows of the request.
    pub anybody: Anybody,
}

/// A command that needs no session.
pub type PostAnon<T> = Post<T, Option<Caller>>;

impl<T: DeserializeOwned, W: Who> FromRequest<Arc<App>> for Post<T, W> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, Problem> {
        let internal = || Problem::new("internal");
        let anybody = request.extensions().get::<Anybody>().cloned().ok_or_else(internal)?;
        let spec = request.extensions().get::<Arc<Spec>>().cloned().ok_or_else(internal)?;
        let caller = W::of(&anybody)?;
        let key = (spec.key == Key::Demanded)
            .then(|| parse_key(request.headers(), anybody.caller.is_none()))
            .transpose()?;
        let version = seen(request.headers())?;
        let path = request.uri().path().to_owned();
        let value = read(request, Nulls::Absent).await?;
        let once = key.map(|key| Once {
            scope: scope(&anybody.principal(), &spec, &key),
            fingerprint: fingerprint(&value, &path, version),
            keep_until: anybody.now.plus(if spec.class == Class::Money {
                KEEP_MONEY_MICROS
            } else {
                KEEP_MICROS
            }),
        });
        let command = Command { now: anybody.now, once };
        let body = typed(value)?;
        Ok(Self { asked: Asked { caller, command, body, version }, anybody })
    }
}

impl<T, W> Post<T, W> {
    /// Run the command once: an earlier answer under the same key is given again, a decided refusal is kept.
    pub async fn once<F, Fut>(self, app: &App, run: F) -> Result<Done, Problem>
    where
        F: FnOnce(Asked<T, W>) -> Fut,
        Fut: Future<Output = Result<Outcome, UseCaseError>>,
    {
        let done = self.once_with(app, |asked| {
            let running = run(asked);
            async move { running.await.map(|outcome| (outcome, ())) }
        });
        done.await.map(|(done, _)| done)
    }

    /// As [`once`](Self::once), for a command that also makes something that is never kept (a secret, a cookie): `None` in a replay.
    pub async fn once_with<F, Fut, X>(self, app: &App, run: F) -> Result<(Done, Option<X>), Problem>
    where
        F: FnOnce(Asked<T, W>) -> Fut,
        Fut: Future<Output = Result<(Outcome, X), UseCaseError>>,
    {
        let Some(once) = self.asked.command.once else {
            let (outcome, extra) = run(self.asked).await?;
            return Ok((Done::first(outcome), Some(extra)));
        };
        let now = self.asked.command.now;
        let _turn = app.running.enter(once.scope).await?;
        if let Some(stored) = app.store.answer(&once.scope).await? {
            return replay(&stored, &once).map(|done| (done, None));
        }
        match run(self.asked).await {
            Ok((outcome, extra)) => Ok((Done::first(outcome), Some(extra))),
            Err(UseCaseError::Answered(stored)) => replay(&stored, &once).map(|done| (done, None)),
            Err(UseCaseError::Refused(refusal)) => {
                keep(app, refusal.into(), once, now).await.map(|done| (done, None))
            }
        }
    }
}

/// Keeps a decided refusal under the key, so that the same key gets the same answer.
async fn keep(app: &App, problem: Problem, once: Once, now: Timestamp) -> Result<Done, Problem> {
    if !problem.is_decided() {
        return Err(problem);
    }
    let outcome = Outcome { status: problem.status().as_u16(), body: problem.members() };
    let decision = Decision::new("api.keep_refusal", now).answer(Some(once), outcome);
    match app.store.commit(decision).await {
        Ok(_) => Err(problem),
        Err(CommitError::Answered(stored)) => replay(&stored, &once),
        Err(other) => Err(other.into()),
    }
}

/// The kept answer as it was, or the refusal that it was; another request under the same key is refused.
fn replay(stored: &StoredAnswer, once: &Once) -> Result<Done, Problem> {
    if stored.fingerprint != once.fingerprint {
        return Err(Problem::new("idempotency_key_reused"));
    }
    if stored.outcome.status < 400 {
        return Ok(Done { outcome: stored.outcome.clone(), replayed: true });
    }
    Err(refusal_of(&stored.outcome.body).header(REPLAYED, HeaderValue::from_static("true")))
}

fn refusal_of(members: &Map<String, Value>) -> Problem {
    let code = members.get("code").and_then(Value::as_str).unwrap_or_default();
    let mut refusal = Refusal::new(codes::get(code).code, Kind::Conflict);
    refusal.errors = members
        .get("errors")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(field_of)
        .collect();
    refusal.facts = members
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "code" | "errors"))
        .map(|(n, v)| (n.clone(), v.clone()))
        .collect();
    refusal.into()
}

fn field_of(value: &Value) -> Option<FieldError> {
    let code = value.get("code")?.as_str()?;
    let code = codes::FIELD_CODES.iter().find(|(known, _)| *known == code)?.0;
    let params = value.get("params").and_then(Value::as_object).cloned().unwrap_or_default();
    Some(FieldError { pointer: value.get("pointer")?.as_str()?.to_owned(), code, params })
}

/// The answer of a command: id, version, state and clear facts; the same each time.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// What was decided.
    pub outcome: Outcome,
    /// Whether it was decided by an earlier request with the same key.
    pub replayed: bool,
}

impl Done {
    /// A first answer.
    pub const fn first(outcome: Outcome) -> Self {
        Self { outcome, replayed: false }
    }

    /// A member of the outcome as text, e.g. `id`.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.outcome.body.get(name).and_then(Value::as_str)
    }

    /// The id of the thing, typed.
    pub fn id<I: std::str::FromStr>(&self) -> Result<I, Problem> {
        self.text("id").and_then(|id| id.parse().ok()).ok_or_else(|| Problem::new("internal"))
    }

    /// Answer with a view, freshly opened, instead of the bare outcome. A replay opens it again under present rights.
    pub fn show<B: Serialize>(self, body: B) -> Response {
        let version = self.outcome.body.get("version").and_then(Value::as_u64);
        let response = axum::Json(body).into_response();
        finish(response, self.outcome.status, version, self.replayed)
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        let version = self.outcome.body.get("version").and_then(Value::as_u64);
        let response = axum::Json(self.outcome.body).into_response();
        finish(response, self.outcome.status, version, self.replayed)
    }
}

fn finish(mut response: Response, status: u16, version: Option<u64>, replayed: bool) -> Response {
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if let Some(version) = version {
        headers.insert(header::ETAG, etag(version, "ref"));
    }
    if replayed {
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}

/// A change of fields by JSON Merge Patch, with the version that the caller saw.
#[derive(Debug)]
pub struct Patch<T> {
    /// Who asks.
    pub caller: Caller,
    /// When.
    pub command: Command,
    /// The version that the caller saw.
    pub version: u64,
    /// The fields to change.
    pub body: T,
}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Patch<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, Problem> {
        let anybody = request
            .extensions()
            .get::<Anybody>()
            .cloned()
            .ok_or_else(|| Problem::new("internal"))?;
        let caller = Caller::of(&anybody)?;
        let version = seen(request.headers())?.ok_or_else(|| Problem::new("version_required"))?;
        let body = typed(read(request, Nulls::Clear).await?)?;
        Ok(Self { caller, command: Command::at(anybody.now), version, body })
    }
}

/// The key: a structured-field string of 16 to 64 letters, digits, `_` or `-`; without a session a UUID.
fn parse_key(headers: &HeaderMap, anonymous: bool) -> Result<String, Problem> {
    let malformed = || Problem::new("idempotency_key_malformed");
    let mut lines = headers.get_all(IDEMPOTENCY_KEY).into_iter();
    let line = lines.next().ok_or_else(|| Problem::new("idempotency_key_required"))?;
    let text = line.to_str().map_err(|_| malformed())?.trim();
    let key =
        text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or_else(malformed)?;
    let plain = (16..=64).contains(&key.len())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    let strong = !anonymous || uuid::Uuid::try_parse(key).is_ok();
    if plain && strong && lines.next().is_none() { Ok(key.to_owned()) } else { Err(malformed()) }
}

fn scope(principal: &str, spec: &Spec, key: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in ["sarai once v1", principal, spec.method().as_str(), spec.path(), key] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

fn fingerprint(body: &Value, path: &str, version: Option<u64>) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update((path.len() as u64).to_le_bytes());
    hash.update(path);
    hash.update(version.map_or([0xff; 8], u64::to_le_bytes));
    canonical(body, &mut hash);
    hash.finalize().into()
}

/// The same request gives the same bytes, whatever the order of its members.
fn canonical(value: &Value, hash: &mut Sha256) {
    match value {
        Value::Object(members) => {
            let mut names: Vec<_> = members.iter().collect();
            names.sort_by_key(|(name, _)| name.as_str());
            hash.update(b"{");
            for (name, value) in names {
                canonical(&Value::from(name.as_str()), hash);
                canonical(value, hash);
            }
            hash.update(b"}");
        }
        Value::Array(items) => {
            hash.update(b"[");
            items.iter().for_each(|item| canonical(item, hash));
            hash.update(b"]");
        }
        plain => {
            let text = plain.to_string();
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        }
    }
}

/// Commands under way in this process, by scope: a twin waits for the first.
#[derive(Default)]
pub(crate) struct Running {
    turns: Arc<Mutex<HashMap<[u8; 32], watch::Receiver<()>>>>,
}

/// The right to run a command; given back when dropped.
pub(crate) struct Turn {
    scope: [u8; 32],
    turns: Arc<Mutex<HashMap<[u8; 32], watch::Receiver<()>>>>,
    _end: watch::Sender<()>,
}

impl Running {
    async fn enter(&self, scope: [u8; 32]) -> Result<Turn, Problem> {
        let waiting = async {
            loop {
                match self.try_enter(scope) {
                    Ok(turn) => return turn,
                    // Ends when the first drops its sender.
                    Err(mut first) => while first.changed().await.is_ok() {},
                }
            }
        };
        let turn = tokio::time::timeout(TWIN_WAIT, waiting).await;
        turn.map_err(|_| Problem::new("idempotency_in_progress"))
    }

    fn try_enter(&self, scope: [u8; 32]) -> Result<Turn, watch::Receiver<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(first) = turns.get(&scope) {
            return Err(first.clone());
        }
        let (end, first) = watch::channel(());
        turns.insert(scope, first);
        Ok(Turn { scope, turns: Arc::clone(&self.turns), _end: end })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.scope);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn key(line: &'static str, anonymous: bool) -> Result<String, &'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(IDEMPOTENCY_KEY, HeaderValue::from_static(line));
        parse_key(&headers, anonymous).map_err(|problem| problem.code())
    }

    #[test]
    fn a_key_is_a_quoted_string_and_a_uuid_without_a_session() {
        assert_eq!(key("\"0123456789abcdef\"", false).as_deref(), Ok("0123456789abcdef"));
        assert_eq!(key("\"0123456789abcdef\"", true), Err("idempotency_key_malformed"));
        assert!(key("\"018f4e2a-7c1b-7d3e-8f4a-5b6c7d8e9f0a\"", true).is_ok());
        for wrong in [
            "0123456789abcdef",
            "\"0123456789abcde\"",
            "\"0123456789abcdef!\"",
            "\"\"",
            "'0123456789abcdef'",
        ] {
            assert_eq!(key(wrong, false), Err("idempotency_key_malformed"), "{wrong}");
        }
        assert_eq!(
            parse_key(&HeaderMap::new(), false).map_err(|problem| problem.code()),
            Err("idempotency_key_required")
        );
    }

    #[test]
    fn a_fingerprint_knows_body_path_and_version_but_not_the_order_of_members() {
        let body = json!({"a": 1, "b": [1, "2"]});
        let same: Value = serde_json::from_str(r#"{"b":[1,"2"],"a":1}"#).expect("json");
        let of = fingerprint(&body, "/v1/x", Some(1));
        assert_eq!(of, fingerprint(&same, "/v1/x", Some(1)));
        for other in [
            fingerprint(&json!({"a": 1, "b": [1, 2]}), "/v1/x", Some(1)),
            fingerprint(&json!({"a": 1, "b": ["1", "2"]}), "/v1/x", Some(1)),
            fingerprint(&json!({"a": 1, "b": [[1], "2"]}), "/v1/x", Some(1)),
            fingerprint(&body, "/v1/y", Some(1)),
            fingerprint(&body, "/v1/x", Some(2)),
            fingerprint(&body, "/v1/x", None),
        ] {
            assert_ne!(of, other);
        }
    }

    #[test]
    fn a_kept_refusal_comes_back_as_it_was() {
        let first = Problem::from(Refusal::invalid(vec![
            FieldError::new("/price", "out_of_range").with("max", 3),
        ]))
        .with("state", "open");
        let again = refusal_of(&first.members());
        assert_eq!(again.members(), first.members());
        assert_eq!(again.status(), first.status());
    }

    #[tokio::test]
    async fn a_twin_waits_for_the_first_and_then_gets_its_turn() {
        let running = Arc::new(Running::default());
        let first = running.enter([1; 32]).await.expect("first");
        assert!(running.enter([2; 32]).await.is_ok(), "another scope does not wait");
        let twin = tokio::spawn({
            let running = Arc::clone(&running);
            async move { running.enter([1; 32]).await.is_ok() }
        });
        tokio::task::yield_now().await;
        drop(first);
        assert!(twin.await.expect("joins"));
    }
}
