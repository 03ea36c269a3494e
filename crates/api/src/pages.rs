//! The pages: a single-page web build that the binary embeds. The wire knows only how such files are served.

use std::{borrow::Cow, sync::Arc};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{app::App, problem::Problem};

/// One file of the build.
#[derive(Debug, Clone)]
pub struct Page {
    /// The bytes.
    pub bytes: Cow<'static, [u8]>,
    /// Gzip of the bytes, if the build made one.
    pub gzip: Option<Cow<'static, [u8]>>,
    /// Media type.
    pub media: Cow<'static, str>,
}

/// Where the files are.
pub trait Pages: Send + Sync {
    /// The file at this path, without the leading slash.
    fn file(&self, path: &str) -> Option<Page>;
}

/// No pages: for servers that only answer programs, and for tests.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPages;

impl Pages for NoPages {
    fn file(&self, _: &str) -> Option<Page> {
        None
    }
}

const CSP: &str = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'; worker-src 'self'; require-trusted-types-for 'script'; trusted-types default svelte-trusted-html";

/// Everything that is not a route: a file, the page itself for page paths, or 404.
pub(crate) async fn serve(State(app): State<Arc<App>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::new("not_found").into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    if !is_plain(path) {
        return Problem::new("not_found").into_response();
    }
    let asset = is_asset(path);
    let found = if path.is_empty() { None } else { app.pages.file(path).map(|page| (page, path)) };
    let found = found.or_else(|| {
        if asset { None } else { app.pages.file("index.html").map(|page| (page, "index.html")) }
    });
    match found {
        Some((page, name)) => answer(page, name, request.headers()),
        None => Problem::new("not_found").into_response(),
    }
}

/// A page path has no dot in its last part and is under no folder of the wire; anything else must exist.
fn is_asset(path: &str) -> bool {
    let wire = ["v1", "assets", "problems", "healthz", "openapi.json", "catalogue"];
    let first = path.split('/').next().unwrap_or_default();
    wire.contains(&first) || path.rsplit('/').next().unwrap_or_default().contains('.')
}

fn is_plain(path: &str) -> bool {
    !path.split('/').any(|part| part == "..") && !path.contains(['\\', '\0'])
}

fn answer(page: Page, name: &str, asked: &HeaderMap) -> Response {
    let zipped = page.gzip.filter(|_| takes_gzip(asked));
    let encoded = zipped.is_some();
    let bytes = zipped.unwrap_or(page.bytes);
    let mut response = Response::new(match bytes {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    });
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    put(header::CONTENT_TYPE, &page.media);
    put(header::CACHE_CONTROL, caching(name));
    if page.media.starts_with("text/html") {
        put(header::CONTENT_SECURITY_POLICY, CSP);
    }
    if encoded {
        put(header::CONTENT_ENCODING, "gzip");
    }
    response
}

fn caching(name: &str) -> &'static str {
    if name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else if name.ends_with(".html") || name.ends_with("sw.js") {
        "no-store"
    } else {
        "public, max-age=3600"
    }
}

fn takes_gzip(asked: &HeaderMap) -> bool {
    let line =
        asked.get(header::ACCEPT_ENCODING).and_then(|line| line.to_str().ok()).unwrap_or_default();
    line.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        parts.next() == Some("gzip") && !parts.any(|part| part == "q=0")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_page_paths_fall_back_to_the_page() {
        for path in ["", "board", "orders/ord_1", "zh/board"] {
            assert!(!is_asset(path), "{path}");
        }
        for path in
            ["assets/x", "assets/x.js", "favicon.ico", "v1/nothing", "problems/x", "map.pmtiles"]
        {
            assert!(is_asset(path), "{path}");
        }
        assert!(!is_plain("../etc/passwd") && !is_plain("a/../b") && is_plain("a/..b"));
    }
}
