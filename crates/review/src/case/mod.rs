//! A review as a procedure: a case that an authority's reviewer opens, materials, questions and replies, clocks in working days with
//! stops and extensions, a decision and its publication. The steps are those of the Cybersecurity Review Measures; a case is the list
//! of what was done, and everything else (phase, clocks, what is missing) is computed from it.

mod clock;
mod deed;
mod examples;
mod record;
mod rules;
mod usecase;

pub use clock::{Clock, ClockState, WorkingDays};
pub use deed::{Deed, Entry, Outcome, Side};
pub use examples::{Example, Moment, examples};
pub use record::Case;
pub use rules::{Phase, Standing, allowed, apply, standing};
pub use usecase::{Cases, NewCase};
