//! The freight order, step by step: one transition table, and when time itself acts.

pub mod due;
pub mod state;
pub mod table;

pub use due::due;
pub use state::{
    Action, Actor, CancelReason, CodeShown, Dispute, Facts, Reason, Standing, State, Step,
};
pub use table::{allowed_now, free_until, next};
