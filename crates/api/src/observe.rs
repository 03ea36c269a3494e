//! Around everything: the request's number, problem rendering, security headers, one log line, figures.
//! A log line is made of constants, numbers and the request's number only, so that it cannot hold a personal value.

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use sarai_kernel::RequestId;
use tokio::time::Instant;

use crate::{
    app::App,
    language::Tongue,
    problem::{Problem, REQUEST_ID, of_status, origin},
    spec::Spec,
};

/// The request's number, as an extension.
#[derive(Debug, Clone)]
pub struct RequestNumber(pub Arc<str>);

/// Longest URL.
const URL_BYTES_MAX: usize = 4 * 1024;
/// Most header fields.
const HEADERS_MAX: usize = 64;
/// Most bytes in header fields.
const HEADER_BYTES_MAX: usize = 16 * 1024;

/// The outermost layer.
pub(crate) async fn around(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let number = number(&app);
    let tongue = Tongue::of(request.headers());
    let origin = origin(request.headers(), app.config.origin.as_deref());
    let method = method_word(request.method());
    request.extensions_mut().insert(RequestNumber(Arc::clone(&number)));
    let oversize = oversize(&request);
    let response = match oversize {
        Some(problem) => problem.into_response(),
        None => AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
            tracing::error!(request.number = %number, "a handler panicked");
            Problem::new("internal").into_response()
        }),
    };
    let spec = response.extensions().get::<Answered>().map(|answered| Arc::clone(&answered.0));
    let (mut response, code) = rendered(response, tongue, &origin, &number);
    headers(response.headers_mut(), &app, &number);
    let line = Line {
        operation: spec.as_ref().map_or("none", |spec| spec.id),
        method,
        status: response.status().as_u16(),
        code,
        micros: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
    };
    line.write(&number);
    response
}

/// Says which route answered, for the log line.
#[derive(Clone)]
pub(crate) struct Answered(pub(crate) Arc<Spec>);

/// Marks the answer with its route.
pub(crate) async fn mark(State(spec): State<Arc<Spec>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.extensions_mut().insert(Answered(spec));
    response
}

fn number(app: &App) -> Arc<str> {
    let id = RequestId::new(app.clock.now()).to_string();
    Arc::from(id.strip_prefix("req_").unwrap_or(&id))
}

fn oversize(request: &Request) -> Option<Problem> {
    let fields = request.headers();
    let bytes: usize = fields.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let long =
        request.uri().path_and_query().is_some_and(|path| path.as_str().len() > URL_BYTES_MAX);
    (long || fields.len() > HEADERS_MAX || bytes > HEADER_BYTES_MAX)
        .then(|| Problem::new("body_too_large"))
}

fn rendered(
    mut response: Response,
    tongue: Tongue,
    origin: &str,
    number: &str,
) -> (Response, &'static str) {
    let problem = response.extensions_mut().remove::<Problem>().or_else(|| {
        let bare = !response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        of_status(response.status()).filter(|_| bare)
    });
    let Some(problem) = problem else { return (response, "") };
    let mut answer = problem.render(tongue, origin, number);
    for name in [
        header::ALLOW,
        HeaderName::from_static("ratelimit"),
        HeaderName::from_static("ratelimit-policy"),
        header::SET_COOKIE,
    ] {
        for value in response.headers().get_all(&name) {
            answer.headers_mut().append(name.clone(), value.clone());
        }
    }
    if let Some(answered) = response.extensions().get::<Answered>() {
        answer.extensions_mut().insert(answered.clone());
    }
    (answer, problem.code())
}

/// Headers of SECURITY section 8, on everything.
fn headers(headers: &mut HeaderMap, app: &App, number: &str) {
    const FIXED: &[(&str, &str)] = &[
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
        ),
    ];
    const CSP: &str = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; worker-src 'self'";
    for (name, value) in FIXED {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // Pages bring their own, which names the styles and pictures that a map needs.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CSP));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(
        header::VARY,
        HeaderValue::from_static("Accept-Language, Authorization, Cookie, Accept-Encoding"),
    );
    if app.config.tls {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000; includeSubDomains"),
        );
    }
    if let Ok(value) = HeaderValue::from_str(number) {
        headers.insert(REQUEST_ID, value);
    }
}

fn method_word(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => "other",
    }
}

/// What the log and the figures may know of a request: constants and numbers.
struct Line {
    operation: &'static str,
    method: &'static str,
    status: u16,
    code: &'static str,
    micros: u64,
}

impl Line {
    fn write(&self, number: &str) {
        let Self { operation, method, status, code, micros } = *self;
        tracing::info!(
            request.number = number,
            operation,
            method,
            status,
            code,
            duration_us = micros,
            "answered"
        );
        metrics::counter!("sarai_requests_total", "operation" => operation, "method" => method, "status" => status_word(status)).increment(1);
        #[expect(clippy::cast_precision_loss, reason = "a figure for a graph")]
        let seconds = micros as f64 / 1e6;
        metrics::histogram!("sarai_request_seconds", "operation" => operation).record(seconds);
    }
}

fn status_word(status: u16) -> &'static str {
    match StatusCode::from_u16(status) {
        Ok(status) if status.is_success() => "2xx",
        Ok(status) if status.is_redirection() => "3xx",
        Ok(status) if status.is_client_error() => "4xx",
        _ => "5xx",
    }
}
