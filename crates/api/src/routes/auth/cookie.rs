//! The session's cookie: out of reach of scripts and foreign pages.

use axum::http::{HeaderValue, header};
use axum::response::Response;

use crate::app::App;

/// Sets the cookie for so many seconds; none ends it.
pub(super) fn set(app: &App, response: &mut Response, token: Option<(&str, i64)>) {
    let (value, life) = token.unwrap_or(("", 0));
    let secure = if app.config.tls { "; Secure" } else { "" };
    let name = app.cookie_name();
    let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={life}{secure}");
    if let Ok(mut line) = HeaderValue::from_str(&line) {
        line.set_sensitive(true);
        response.headers_mut().append(header::SET_COOKIE, line);
    }
}
