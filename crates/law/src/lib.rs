//! Law as data: dated Cedar policies, answered with citations.
//!
//! A rule is one annotated policy of a pack (`laws/<pack>/*.cedar`). [`Laws`] reads and checks all of them at once, chooses those in
//! force on a date, and answers [`AccessFacts`] with an [`AccessDecision`] that names the rules and what they rest on. What no rule
//! permits is denied; what cannot be evaluated is denied too.
//!
//! Architecture invariant: knows no storage, no HTTP, no clock and no person; the date and the facts are arguments.
//!
//! Start at [`Laws::embedded`], then [`Laws::access`].

mod access;
mod date;
mod fault;
mod laws;
mod pack;
mod rule;
mod statement;

pub use access::{AccessDecision, AccessFacts, Citation, DEFAULT_RULE, FAULT_RULE, WORDS_RULE};
pub use date::day_of;
pub use fault::{BadPack, Fault};
pub use laws::{Laws, MEMO_MAX};
pub use pack::{Pack, PackFile, Source};
pub use rule::{Checked, Rule};

pub use jiff::civil::Date;
