//! Cookie routes answer only to our own pages: `Sec-Fetch-Site: same-origin`, or an `Origin` equal to ours.

use axum::http::{HeaderMap, header};

use crate::{
    app::App,
    problem::{Problem, origin},
    who::{PRE_AUTH_COOKIE, cookie},
};

/// Checks a request that changes something.
pub(crate) fn check(headers: &HeaderMap, app: &App) -> Result<(), Problem> {
    let refused = || Problem::new("csrf_refused");
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let count = |name: &str| headers.get_all(name).iter().count();
    if count("sec-fetch-site") > 1 || count("origin") > 1 {
        return Err(refused());
    }
    match (text("sec-fetch-site"), text("origin")) {
        (Some("same-origin"), None) => Ok(()),
        (None | Some("same-origin"), Some(from)) if same(from, headers, app) => Ok(()),
        (None, None) if !has_cookie(headers, app) => Ok(()),
        _ => Err(refused()),
    }
}

/// A program without cookies carries nothing that a foreign page could abuse.
fn has_cookie(headers: &HeaderMap, app: &App) -> bool {
    headers.contains_key(header::COOKIE)
        && (cookie(headers, app.cookie_name()).is_some()
            || cookie(headers, PRE_AUTH_COOKIE).is_some())
}

fn same(from: &str, headers: &HeaderMap, app: &App) -> bool {
    if let Some(ours) = &app.config.origin {
        return from == ours;
    }
    // Development on loopback: the host that was called.
    let host = |text: &str| text.split_once("://").map(|(_, host)| host.to_owned());
    host(from).is_some() && host(from) == host(&origin(headers, None))
}
