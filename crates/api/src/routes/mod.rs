//! Every route, mounted. One file for each resource; each exports `routes()`.

mod health;
mod meta;
mod problems;

use std::sync::Arc;

use axum::{Router, middleware};
use serde_json::Value;
use tower_http::compression::CompressionLayer;

use crate::{app::App, document::document, guard, observe, pages, spec::Routes};

/// All routes with their facts.
pub fn all() -> Routes {
    Routes::new()
        .and(meta::routes())
        .and(problems::routes())
        .and(health::routes())
}

/// The OpenAPI document.
pub fn openapi() -> Value {
    document(all().specs())
}

/// The public router: routes, pages, and what lies around them.
pub fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for (spec, method) in all().rows {
        let guard = middleware::from_fn_with_state((Arc::clone(&app), Arc::clone(&spec)), guard::enter);
        let mark = middleware::from_fn_with_state(Arc::clone(&spec), observe::mark);
        router = router.route(spec.path(), method.layer(guard).layer(mark));
    }
    router
        .fallback(pages::serve)
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(Arc::clone(&app), observe::around))
        .with_state(app)
}

/// The administrator's router, for a listener of its own on loopback: health, readiness, figures.
pub fn admin_router(app: Arc<App>) -> Router {
    health::admin_router(app)
}
