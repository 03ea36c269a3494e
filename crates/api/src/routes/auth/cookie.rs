//! The session's cookie: out of reach of scripts and foreign pages.

use axum::http::{HeaderValue, header};
use axum::response::Response;

use crate::app::App;

/// How long a device is remembered: browsers keep no cookie for longer.
const DEVICE_SECONDS: i64 = 400 * 24 * 3_600;

/// Sets the session's cookie for so many seconds; none ends it.
pub(super) fn set(app: &App, response: &mut Response, token: Option<(&str, i64)>) {
    let (value, life) = token.unwrap_or(("", 0));
    put(app, response, app.cookie_name(), value, life);
}

/// Name of the cookie by which a device is known again at sign-in. It opens nothing.
pub(super) fn device_name(app: &App) -> &'static str {
    if app.config.tls { "__Host-sarai-device" } else { "sarai-device" }
}

/// Lets the device keep its mark.
pub(super) fn mark_device(app: &App, response: &mut Response, mark: &str) {
    put(app, response, device_name(app), mark, DEVICE_SECONDS);
}

fn put(app: &App, response: &mut Response, name: &str, value: &str, life: i64) {
    let secure = if app.config.tls { "; Secure" } else { "" };
    let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={life}{secure}");
    if let Ok(mut line) = HeaderValue::from_str(&line) {
        line.set_sensitive(true);
        response.headers_mut().append(header::SET_COOKIE, line);
    }
}
