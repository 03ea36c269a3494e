//! The one shape of every "no": RFC 9457 problem documents, made here and nowhere else.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sarai_kernel::{
    CommitError, FieldError, Kind, Refusal, StoreError, UseCaseError, decision::StoredAnswer,
};
use serde_json::{Map, Value, json};

use crate::{
    codes::{self, Code, Retry},
    language::Tongue,
};

/// The header that carries the request's number.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("sarai-request-id");
/// The header that says that an answer is a replay.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// A refusal on its way to the wire. Rendered by the outermost layer, which knows language, host and request number.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    refusal: Refusal,
    after_seconds: Option<u64>,
    replay: Option<Box<StoredAnswer>>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// The problem of this code.
    pub fn new(code: &'static str) -> Self {
        Self::from(Refusal::new(code, Kind::Internal))
    }

    /// One wrong field.
    pub fn field(pointer: impl Into<String>, code: &'static str) -> Self {
        Refusal::invalid(vec![FieldError::new(pointer, code)]).into()
    }

    /// Say when to try again.
    #[must_use]
    pub fn after(mut self, seconds: u64) -> Self {
        self.after_seconds = Some(seconds.max(1));
        self
    }

    /// Add a clear fact.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.refusal = self.refusal.with(name, value);
        self
    }

    /// Add a header to the answer.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.refusal.code
    }

    /// The refusal inside.
    pub fn refusal(&self) -> &Refusal {
        &self.refusal
    }

    /// The answer of an earlier request with the same idempotency key, if that is what came back.
    pub fn replay(&self) -> Option<&StoredAnswer> {
        self.replay.as_deref()
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        let status =
            codes::find(self.refusal.code).map_or(by_kind(self.refusal.kind), |row| row.status);
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Whether it was decided by a use case from the state of things, so that the same key gets the same answer.
    pub fn is_decided(&self) -> bool {
        // Busy and in-progress answers changed nothing and decide nothing. An order of an authority (451) may be lifted at any time.
        let open = matches!(
            self.refusal.code,
            "idempotency_in_progress"
                | "secret_not_replayed"
                | "payment_pending"
                | "idempotency_key_reused"
        );
        !open && matches!(self.status().as_u16(), 402 | 409 | 410 | 422)
    }

    /// The document without what belongs to one request (`type`, `instance`, texts): what is kept for replay.
    pub fn members(&self) -> Map<String, Value> {
        let mut members = self.refusal.facts.clone();
        members.insert("code".to_owned(), self.refusal.code.into());
        members.insert(
            "errors".to_owned(),
            serde_json::to_value(&self.refusal.errors).unwrap_or_default(),
        );
        members
    }

    /// The whole answer.
    pub fn render(&self, tongue: Tongue, origin: &str, request: &str) -> Response {
        let row = codes::find(self.refusal.code).copied().unwrap_or(Code {
            code: self.refusal.code,
            status: by_kind(self.refusal.kind),
            ..codes::INTERNAL
        });
        let mut response = document(&row, self.members(), tongue, origin, request);
        let headers = response.headers_mut();
        for (name, value) in &self.headers {
            headers.append(name, value.clone());
        }
        let seconds = self.after_seconds.or(match (row.retry, row.status) {
            (Retry::After, _) | (_, 503) => Some(1),
            (_, 409) if row.code == "idempotency_in_progress" => Some(1),
            _ => None,
        });
        if let Some(seconds) = seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// A problem document with the members given.
pub(crate) fn document(
    row: &Code,
    members: Map<String, Value>,
    tongue: Tongue,
    origin: &str,
    request: &str,
) -> Response {
    let mut body = Map::new();
    body.insert("type".to_owned(), format!("{origin}/problems/{}", row.code).into());
    body.insert("title".to_owned(), tongue.pick(row.title).into());
    body.insert("status".to_owned(), row.status.into());
    body.insert("detail".to_owned(), tongue.pick(row.advice).into());
    body.insert("instance".to_owned(), format!("urn:sarai:request:{request}").into());
    body.insert("retry".to_owned(), row.retry.word().into());
    body.extend(members);
    if let Some(appeal) = body.get_mut("legal").and_then(|legal| legal.get_mut("appeal"))
        && let Some(path) = appeal.as_str()
        && path.starts_with('/')
    {
        *appeal = format!("{origin}{path}").into();
    }
    body.entry("errors").or_insert(json!([]));
    let mut response = Response::new(Body::from(Value::Object(body).to_string()));
    *response.status_mut() =
        StatusCode::from_u16(row.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(tongue.tag()));
    if row.status == 451 {
        headers.insert(
            header::LINK,
            HeaderValue::from_str(&format!("<{origin}>; rel=\"blocked-by\""))
                .unwrap_or(HeaderValue::from_static("")),
        );
    }
    if row.status == 401 {
        headers
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"sarai\""));
    }
    response
}

/// Status of a code that is not in the table, by its kind. A test keeps the table whole; this keeps a slip from being a 200.
const fn by_kind(kind: Kind) -> u16 {
    match kind {
        Kind::Malformed => 400,
        Kind::Unauthenticated => 401,
        Kind::Payment => 402,
        Kind::Forbidden => 403,
        Kind::NotFound => 404,
        Kind::Conflict => 409,
        Kind::Gone => 410,
        Kind::Stale => 412,
        Kind::Invalid => 422,
        Kind::TooMany => 429,
        Kind::Legal => 451,
        Kind::Unavailable => 503,
        Kind::Internal => 500,
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, after_seconds: None, replay: None, headers: Vec::new() }
    }
}
impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Refusal::from(error).into()
    }
}
impl From<CommitError> for Problem {
    fn from(error: CommitError) -> Self {
        UseCaseError::from(error).into()
    }
}
impl From<UseCaseError> for Problem {
    fn from(error: UseCaseError) -> Self {
        match error {
            UseCaseError::Refused(refusal) => refusal.into(),
            UseCaseError::Answered(stored) => {
                Self { replay: Some(stored), ..Self::new("idempotency_in_progress") }
            }
        }
    }
}
impl From<sarai_seal::Denied> for Problem {
    fn from(denied: sarai_seal::Denied) -> Self {
        match denied {
            sarai_seal::Denied::Erased => Self::new("key_destroyed"),
            _ => Self::new("internal"),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status();
        response.extensions_mut().insert(self);
        response
    }
}

/// The problem that an answer of the framework itself (no route, wrong method, body too large) stands for.
pub(crate) fn of_status(status: StatusCode) -> Option<Problem> {
    let code = match status.as_u16() {
        400 | 411 | 417 | 431 => "body_malformed",
        404 => "not_found",
        405 => "method_not_allowed",
        406 => "not_acceptable",
        408 | 503 | 504 => "overloaded",
        413 => "body_too_large",
        415 => "media_type_refused",
        422 => "body_malformed",
        400..=499 => "not_allowed",
        500..=599 => "internal",
        _ => return None,
    };
    Some(Problem::new(code))
}

/// The address under which the host was called, for `type` and links.
pub(crate) fn origin(headers: &HeaderMap, configured: Option<&str>) -> String {
    configured.map_or_else(
        || {
            let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
            format!("http://{}", host.filter(|host| is_host(host)).unwrap_or("localhost"))
        },
        str::to_owned,
    )
}

fn is_host(text: &str) -> bool {
    text.len() <= 255
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
}
