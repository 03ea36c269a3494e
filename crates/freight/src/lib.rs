//! The freight market: loads, vehicles, lanes, offers, orders and the run, on the kernel.
//!
//! Architecture invariant: no SQL, no HTTP, no other market. Personal values are sealed; positions and contacts never
//! reach the board, an event or a log.
//!
//! Start at [`rules::order::table::next`], the one table by which an order changes; then `usecase`, one verb a file.

pub mod board;
pub mod input;
pub mod market;
pub mod model;
mod register;
pub mod relations;
pub mod rules;
pub mod settings;
pub mod usecase;
pub mod ways;
pub mod words;

pub use market::Freight;
pub use register::register;
pub use settings::FreightRules;
pub use ways::{Estimates, Way, Ways};
