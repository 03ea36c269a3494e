//! Data that leaves: registered recipients, mechanisms with their dates, the count of persons of a calendar year, and [`release`], which
//! every way out must pass.
//!
//! [`Gate::release`](crate::Gate::release) knows the class of each typed field from the register, scans what is untyped, adds the
//! persons to the year's count, asks the law, and answers: allow, cover parts, hold for the privacy officer, refuse with the article.
//! A row of the transfer log says which, in the same transaction as the count. What may leave gets a [`Leave`], and nothing else
//! opens the one client of the house.

mod approval;
mod count;
pub mod mechanism;
mod question;
pub mod recipient;
mod release;
mod ruling;
mod scan;
mod transfer;
mod words;

pub use approval::{Approval, ApprovalState, HOLD_MICROS, approvals, decide as decide_approval};
pub use count::{YearKey, tally_name, year_of};
pub use mechanism::{Mechanism, MechanismForm};
pub use question::{Answer, Question};
pub use recipient::{Recipient, RecipientForm};
pub use release::{Leave, Leaving, Released};
pub use ruling::{Cited, Operator, Ruling, TransferFacts, TransferLaw};
pub use scan::Found;
pub use transfer::{KEEP_YEARS, Of, Transfer, sweep, transfers};
pub use words::{Answered, Approving, Ground, MechanismKind, RecipientKind, Sector};
