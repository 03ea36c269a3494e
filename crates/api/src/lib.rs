//! The wire: HTTP routes, problem documents, idempotency, cursors, event streams, webhooks, the OpenAPI document.
//!
//! Architecture invariant: no SQL, no rule of any market, and no personal value outside a `Disclosed` view; what is refused is
//! decided by the use cases, how it is said is decided here.
//!
//! Start at [`spec::Spec`] (one row of facts for each route, from which document, limits and checks follow), then [`post::Post`]
//! (how a command is done once) and [`problem::Problem`] (how "no" is said).

pub mod app;
pub mod body;
pub mod codes;
pub mod cursor;
pub mod document;
mod door;
pub mod events;
pub mod guard;
pub mod language;
pub mod observe;
mod orders;
pub mod pages;
pub mod params;
pub mod post;
pub mod problem;
pub mod routes;
pub mod shapes;
pub mod shelf;
pub mod spec;
pub mod version;
pub mod webhooks;
pub mod who;

pub use app::{App, Config, Ctx};
pub use body::{Clearable, Json};
pub use cursor::{CursorScope, List, page_limit};
pub use params::{Params, Query};
pub use post::{Done, Patch, Post, PostAnon};
pub use problem::Problem;
pub use routes::{admin_router, openapi, router};
pub use spec::{Class, Routes, Spec};
pub use version::{Fresh, IfMatch, Tagged};
pub use who::{Anybody, Doorkeeper, OnceSession, SignedIn, SteppedUp};
