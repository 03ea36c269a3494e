//! Law as data: dated Cedar policies, answered with citations.
//!
//! A rule is one annotated policy of a pack (`laws/<pack>/*.cedar`). [`Laws`] reads and checks all of them at once, chooses those in
//! force on a date, and answers four questions, each with the rules and what they rest on:
//!
//! - may this be opened ([`Laws::access`]),
//! - may this go out ([`Laws::transfer`], the gate's question),
//! - what does the law require of these facts ([`Laws::ask`], the lawyer's question),
//! - what does this observed fact breach ([`Laws::breaches`], the reviewer's question).
//!
//! What cannot be evaluated is a refusal, never a pass.
//!
//! Architecture invariant: knows no storage, no HTTP, no clock and no person; the date and the facts are arguments.
//!
//! Start at [`Laws::embedded`], then [`Facts`].

mod access;
mod ask;
mod asked;
mod breach;
pub mod calendar;
mod cedar;
mod clock;
mod condition;
mod date;
mod facts;
mod fault;
mod figures;
mod in_force;
mod laws;
mod notes;
mod observations;
mod pack;
pub mod random;
mod rule;
mod statement;
mod threshold;
mod transfer;
mod versions;
mod words;

pub use access::{AccessDecision, AccessFacts, Citation, DEFAULT_RULE, FAULT_RULE, WORDS_RULE};
pub use ask::{Answer, Classified, Conflict, Duty, Fine, Prohibition};
pub use breach::{Breach, Seen, UnknownObservation};
pub use clock::{Clock, Deadline, Unit};
pub use date::day_of;
pub use facts::{Facts, Mechanism, OperatorFacts, Payload, Recipient, UsBulk};
pub use fault::{BadPack, Fault};
pub use figures::{Figure, Figures};
pub use laws::{Laws, MEMO_MAX};
pub use observations::{Observation, Observations};
pub use pack::{Pack, PackFile, Source};
pub use rule::{Checked, FineRule, Question, Rule, Severity};
pub use transfer::{Need, Outcome, RECIPIENT_RULE, VERDICTS_MAX, Verdict};
pub use words::{
    Aim, Basis, Class, Consent, Country, Deal, Event, Ground, Jurisdiction, Kind, Lift, Operator,
    RecipientKind, Requirement, Sector, Set, Venue, Word,
};

pub use jiff::civil::Date;
