//! The records of this room. Each says itself which of its fields are personal, for what, and how long they are kept.

pub mod access;
pub mod file;
pub mod money;
pub mod org;
pub mod papers;
pub mod request;

pub use access::*;
pub use file::*;
pub use money::*;
pub use org::*;
pub use papers::*;
pub use request::*;
