//! Every route, mounted. One file for each resource; each exports `pub(crate) fn routes() -> Routes`, joined in [`all`].
//!
//! A route is one row of facts and one handler:
//!
//! ```ignore
//! pub(crate) fn routes() -> Routes {
//!     Routes::new()
//!         .add(
//!             Spec::post("/v1/freight/loads/{id}/actions/take", "freight_load_take", "Take a load at its price")
//!                 .roles(&[Role::Trucker]).relation("verified trucker").scope("freight.offers:write").versioned()
//!                 .body::<Take>().answers::<Booked>(201).problems(&["already_taken", "terms_changed"]),
//!             take,
//!         )
//!         .add(
//!             Spec::get("/v1/freight/orders/{id}", "freight_order_get", "An order, as its side sees it")
//!                 .relation("shipper, trucker, driver").opens("deliver", "open").answers::<OrderDetail>(200),
//!             get,
//!         )
//! }
//!
//! async fn take(State(app): Ctx, Params(load): Params<LoadId>, post: Post<Take>) -> Result<Done, Problem> {
//!     // Finds earlier answers, keeps decided refusals; the use case puts `asked.command.once` into its decision.
//!     post.once(&app, |asked| usecase::take(&app.freight, asked, load)).await
//! }
//!
//! async fn get(State(app): Ctx, SignedIn(caller): SignedIn, Params(id): Params<OrderId>, fresh: Fresh)
//!     -> Result<Response, Problem> {
//!     let (version, view) = usecase::view(&app.freight, &caller, id).await?;  // a `Disclosed`
//!     Ok(fresh.answer(version, "trucker", view))
//! }
//! ```
//!
//! Request types derive `Deserialize` with `deny_unknown_fields` and `ToSchema` with bounds; sealed fields of views take
//! `#[schema(value_type = String)]`. Lists: [`crate::cursor`]. A POST that answers a view uses `Done::show`.

mod auth;
mod cards;
mod catalogue;
mod directives;
mod files;
mod freight;
mod gate;
mod health;
mod masks;
mod me;
mod meta;
mod ops;
mod orgs;
mod paging;
mod places;
mod problems;
mod ratings;
mod review;
mod threads;
mod verifications;
mod wallet;

use std::sync::Arc;

use axum::{Router, middleware};
use serde_json::Value;
use tower_http::compression::CompressionLayer;

use crate::{app::App, document::document, events, guard, observe, pages, spec::Routes, webhooks};

/// All routes with their facts.
pub fn all() -> Routes {
    Routes::new()
        .and(freight::routes())
        .and(meta::routes())
        .and(problems::routes())
        .and(health::routes())
        .and(auth::routes())
        .and(catalogue::routes())
        .and(directives::routes())
        .and(gate::routes())
        .and(me::routes())
        .and(verifications::routes())
        .and(files::routes())
        .and(wallet::routes())
        .and(ops::routes())
        .and(threads::routes())
        .and(ratings::routes())
        .and(review::routes())
        .and(orgs::routes())
        .and(places::routes())
        .and(events::routes())
        .and(webhooks::routes())
}

/// The OpenAPI document.
pub fn openapi() -> Value {
    document(all().specs())
}

/// The public router: routes, pages, and what lies around them.
pub fn router(app: Arc<App>) -> Router {
    mount(app, all())
}

/// A router of these routes, with everything that lies around them.
pub fn mount(app: Arc<App>, routes: Routes) -> Router {
    let mut router = Router::new();
    for (spec, method) in routes.rows {
        let guard =
            middleware::from_fn_with_state((Arc::clone(&app), Arc::clone(&spec)), guard::enter);
        let mark = middleware::from_fn_with_state(Arc::clone(&spec), observe::mark);
        router = router.route(spec.path(), method.route_layer(guard).route_layer(mark));
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
