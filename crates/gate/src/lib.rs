//! The gate: mints grants, keeps the audit log, holds consents.
//!
//! Whoever wants to open sealed data puts an [`Ask`] to [`Gate::grant`]. The gate asks the law, writes the audit row, and only then
//! mints the grant: what is not in the log was not opened.
//!
//! Architecture invariant: knows no routes, no SQL and no market; the law decides, the store keeps, the seal opens. The one HTTP client
//! of the house stands here behind the feature `exit`, since what leaves is what the gate is for.
//!
//! Start at [`Gate`] and [`words`]; then [`audit`] and [`consent`].

mod ask;
pub mod audit;
pub mod breach;
pub mod consent;
pub mod directive;
#[cfg(feature = "exit")]
pub mod exit;
mod gate;
pub mod outbound;
pub mod words;

pub use ask::Ask;
pub use gate::Gate;
pub use sarai_law::{BadPack, Checked, Citation, Laws};
pub use sarai_seal::Scope;
