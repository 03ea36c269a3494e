//! The house's own checks and generated files: `cargo xtask check` and `cargo xtask gen`.
//!
//! Never part of a server.
//!
//! Start at [`deps`] (who may use whom), [`foreign`] (licences and bans), [`tidy`] (what no source may say) and [`generated`] (what is written from the code).

pub mod deps;
pub mod foreign;
pub mod generated;
pub mod openings;
pub mod register;
pub mod rules;
pub mod sizes;
pub mod source;
pub mod tidy;

use std::path::PathBuf;

/// The workspace's directory.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map_or_else(|| here.clone(), PathBuf::from)
}
