//! The rules of freight, pure: no clock, no store, no personal data. One file a subject.

pub mod money;
pub mod order;
pub mod post;

pub use money::{MoneyMove, Parties, Split, Terms};

#[cfg(test)]
mod histories;
