//! Cybersecurity review of a platform, one's own or anybody's: what is held, what apps and traffic do, what was promised; turned
//! into facts, put to the law for a date, and written down as findings with evidence and citation.
//!
//! Architecture invariant: knows no market and no SQL schema of this house. It reads the register and what it is pointed at; evidence
//! in a finding is counted and masked, never a value.
//!
//! Start at [`Finding`].

pub mod app;
pub mod case;
pub mod catalogue;
pub mod collect;
pub mod facts;
mod finding;
pub mod judge;
mod observation;
pub mod own;
mod pack;
pub mod policy;
pub mod report;
mod review;
pub mod scan;
pub mod source;
pub mod subject;
pub mod traffic;

pub use finding::{Cite, Evidence, Finding, Group, Lang, Likeness, Place, Severity, Text2};
pub use observation::{By, Fact, Observation};
pub use review::{review, review_own, written};
