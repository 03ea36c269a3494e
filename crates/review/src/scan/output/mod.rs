//! An inventory written down: SARIF here; JSON is the inventory itself, and the table is the command line's.

mod sarif;

pub use sarif::sarif;
