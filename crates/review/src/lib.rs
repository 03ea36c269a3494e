//! Cybersecurity review of a platform, one's own or anybody's: what is held, what apps and traffic do, what was promised; turned
//! into facts, put to the law for a date, and written down as findings with evidence and citation.
//!
//! Architecture invariant: knows no market and no SQL schema of this house. It reads the register and what it is pointed at; evidence
//! in a finding is counted and masked, never a value.
//!
//! Start at [`Finding`].

pub mod case;
mod finding;

pub use finding::{Cite, Evidence, Finding, Likeness, Place, Severity, Text2};
