//! The scan: which personal, important and secret data lies in files and databases, counted and masked.
//!
//! Start at [`inventory`]; what it gives back is [`Inventory`].

pub mod code;
mod databases;
mod inventory;
mod journal;
mod options;
pub mod output;
mod runner;
mod sandbox;
mod tally;
pub mod worker;

pub use inventory::{
    Access, Column, Distinct, Extent, Found, INVENTORY_VERSION, Inventory, Positions, Protection,
    Source, Unit,
};
pub use options::{Options, Progress, Silent, Target, WorkerProgram};
pub use runner::{ScanError, inventory};
pub use sandbox::missing as sandbox_missing;
pub use tally::{Tally, detector};
