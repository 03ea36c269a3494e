//! One page that stands alone: no script, nothing from elsewhere, safe to open whatever the evidence holds.
//!
//! It reads under `default-src 'none'; style-src 'unsafe-inline'; img-src data:`, which it also states itself.

mod escape;
mod finding;
mod page;
mod part;

pub use escape::{escaped, hides};
pub use finding::{counted, likeness};
pub use page::{Languages, html};
pub use part::{due, meta, urgent, verdict};
