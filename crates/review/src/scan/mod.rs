//! The scan: which personal, important and secret data lies in files and databases, counted and masked.
//!
//! Start at [`inventory`]; what it gives back is [`Inventory`].

pub mod code;
mod inventory;
mod options;
mod tally;

pub use inventory::{
    Access, Column, Distinct, Extent, Found, INVENTORY_VERSION, Inventory, Positions, Protection,
    Source, Unit,
};
pub use options::{Options, Progress, Silent, Target, WorkerProgram};
pub use tally::{Tally, detector};
