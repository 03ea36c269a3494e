//! Alive, ready, figures. `/healthz` on both listeners, the rest on the administrator's only.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{
    app::{App, Ctx},
    spec::{Routes, Spec},
};

pub(super) fn routes() -> Routes {
    let spec = Spec::get("/healthz", "healthz", "Whether the process is alive");
    Routes::new().add(spec.anyone().answers_bytes("text/plain").cost(0), healthz)
}

pub(super) fn admin_router(app: Arc<App>) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(figures))
        .with_state(app)
}

async fn healthz() -> &'static str {
    "ok\n"
}

/// Ready when the store answers.
async fn readyz(State(app): Ctx) -> Response {
    match app.store.last_event().await {
        Ok(_) => "ready\n".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response(),
    }
}

async fn figures(State(app): Ctx) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], (app.figures)()).into_response()
}
