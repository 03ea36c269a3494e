//! The audit log: what a person may read of it, its checkpoints, and the check of the whole chain.

mod access;
mod checkpoint;
mod outside;
mod verify;

pub use access::{AccessPage, AccessRow, Summary, Who};
pub use checkpoint::{
    CHECKPOINT_MICROS_MAX, CHECKPOINT_ROWS_MAX, Checkpoint, CheckpointKey, Checkpoints, SignError,
};
pub use outside::{Outside, OutsideFile, OutsideUnreadable};
pub use verify::{FINDINGS_MAX, Finding, Verdict, Verifier, verify_store};
