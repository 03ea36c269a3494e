//! What can be done in the market: one verb a file. Each reads documents with their versions, asks a pure rule, and commits one decision.

pub mod act;
pub mod agree;
pub mod assign;
pub mod codes;
pub mod common;
pub mod edit_load;
pub mod find;
pub mod follow_checks;
pub mod lanes;
pub mod load_actions;
pub mod offers;
pub mod orders;
pub mod post_load;
pub mod quote;
pub mod rule;
pub mod run;
pub mod run_events;
pub mod take;
pub mod talk;
pub mod timers;
pub mod track;
pub mod vehicles;
