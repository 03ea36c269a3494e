//! What every member has, whatever the market: sign-in and sessions, factors, roles, papers, files, a wallet, talk, ratings,
//! companies with their keys, and everything about one's own data.
//!
//! Architecture invariant: it never knows a market, HTTP or SQL. Sealed data is opened only under grants of the gate.
//!
//! Start at [`Account`]; [`rules`] decide, `usecase` has one file a deed, `model` holds the records.

mod account;
pub mod model;
mod outbox;
pub mod rules;
pub mod usecase;

pub use account::{Account, AccountRules, Secrets};
pub use outbox::{Letter, NotSent, Outbox, OutboxItem, Sender, WayOut};

use sarai_kernel::{party, rating, thread};
use sarai_seal::{Personal, RegisterEntry};

/// What the processing register says of the kernel's and this room's personal records.
pub fn register() -> Vec<RegisterEntry> {
    vec![
        party::Party::ENTRY,
        thread::Message::ENTRY,
        rating::Rating::ENTRY,
        model::Challenge::ENTRY,
        model::Session::ENTRY,
        model::Factor::ENTRY,
        model::Notice::ENTRY,
        model::FileContent::ENTRY,
        model::PayoutAccount::ENTRY,
        model::Org::ENTRY,
        model::Verification::ENTRY,
        model::Export::ENTRY,
        model::Correction::ENTRY,
        model::Report::ENTRY,
    ]
}
