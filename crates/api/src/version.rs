//! Versions of resources on the wire: strong ETags of the form `"<version>.<view>"`, `If-Match`, `If-None-Match`.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{app::App, problem::Problem};

/// The version that the caller saw, from `If-Match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub u64);

impl FromRequestParts<Arc<App>> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        seen(&parts.headers)?.map(Self).ok_or_else(|| Problem::new("version_required"))
    }
}

impl IfMatch {
    /// Fine, or `version_mismatch` with the version that holds now.
    pub fn check(self, present: u64) -> Result<(), Problem> {
        if self.0 == present {
            Ok(())
        } else {
            Err(Problem::new("version_mismatch").with("version", present))
        }
    }
}

/// The version that `If-Match` names; lists, weak tags and `*` are refused.
pub(crate) fn seen(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let mut lines = headers.get_all(header::IF_MATCH).into_iter();
    let Some(line) = lines.next() else { return Ok(None) };
    let version = line.to_str().ok().and_then(version_of).filter(|_| lines.next().is_none());
    version.map(Some).ok_or_else(|| Problem::new("version_required"))
}

fn version_of(tag: &str) -> Option<u64> {
    let inside = tag.trim().strip_prefix('"')?.strip_suffix('"')?;
    let (version, view) = inside.split_once('.')?;
    let plain = view.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    (plain && !version.starts_with('+')).then(|| version.parse().ok()).flatten()
}

/// The ETag of a view of a resource.
pub fn etag(version: u64, view: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}.{view}\""))
        .unwrap_or(HeaderValue::from_static("\"0.x\""))
}

/// What the caller has already, from `If-None-Match`.
#[derive(Debug, Clone)]
pub struct Fresh(Vec<HeaderValue>);

impl FromRequestParts<Arc<App>> for Fresh {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        Ok(Self(parts.headers.get_all(header::IF_NONE_MATCH).iter().cloned().collect()))
    }
}

impl Fresh {
    /// The view with its ETag, or 304 if the caller has it.
    pub fn answer<B: Serialize>(&self, version: u64, view: &str, body: B) -> Response {
        if self.has(version, view) {
            let mut response = StatusCode::NOT_MODIFIED.into_response();
            response.headers_mut().insert(header::ETAG, etag(version, view));
            return response;
        }
        Tagged { version, view, body }.into_response()
    }

    /// Whether the caller has this view already, so that nothing need be opened.
    pub fn has(&self, version: u64, view: &str) -> bool {
        let tag = etag(version, view);
        let wanted = tag.to_str().unwrap_or_default();
        let lines = self.0.iter().filter_map(|line| line.to_str().ok());
        lines.flat_map(|line| line.split(',')).any(|item| item.trim() == wanted)
    }
}

/// A view with its ETag.
#[derive(Debug)]
pub struct Tagged<'a, B> {
    /// The resource's version.
    pub version: u64,
    /// Name of the view.
    pub view: &'a str,
    /// The view.
    pub body: B,
}

impl<B: Serialize> IntoResponse for Tagged<'_, B> {
    fn into_response(self) -> Response {
        let mut response = axum::Json(self.body).into_response();
        response.headers_mut().insert(header::ETAG, etag(self.version, self.view));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_match_names_exactly_one_strong_version() {
        let with = |lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::IF_MATCH, HeaderValue::from_static(line));
            }
            seen(&headers).map_err(|problem| problem.code())
        };
        assert_eq!(with(&[]), Ok(None));
        assert_eq!(with(&["\"12.owner\""]), Ok(Some(12)));
        for wrong in [
            "*",
            "W/\"12.owner\"",
            "\"12\"",
            "12.owner",
            "\"1.a\", \"2.a\"",
            "\"+1.a\"",
            "\"-1.a\"",
            "",
        ] {
            assert_eq!(with(&[wrong]), Err("version_required"), "{wrong}");
        }
        assert_eq!(with(&["\"1.a\"", "\"1.a\""]), Err("version_required"));
    }

    #[test]
    fn the_same_view_is_not_sent_twice() {
        let fresh = Fresh(vec![HeaderValue::from_static("\"1.a\", \"3.owner\"")]);
        assert!(fresh.has(3, "owner") && !fresh.has(3, "board") && !fresh.has(4, "owner"));
    }
}
