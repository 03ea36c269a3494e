//! The audit log: who may read it, checkpoints, and the check of the whole chain.
