//! The `.osm.pbf` format, read by hand: frames of deflated protobuf blocks. Every length is bounded and every
//! byte may be hostile: reading ends in an error, never in a panic or in unbounded memory.

mod block;
mod frame;
mod wire;

pub use block::{Member, MemberKind, Visit, visit};
pub use frame::{Frame, Frames};

/// Why bytes are no readable extract.
#[derive(Debug, thiserror::Error)]
pub enum OsmError {
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// It ends in the middle of something.
    #[error("the file ends too early")]
    Truncated,
    /// Something in it contradicts the format.
    #[error("not a valid .osm.pbf file: {0}")]
    Malformed(&'static str),
    /// Something in it is larger than the format or this reader allows.
    #[error("too large: {0}")]
    TooLarge(&'static str),
    /// It needs a feature that this reader does not have.
    #[error("not supported: {0}")]
    Unsupported(&'static str),
}

/// Tags of an element.
#[derive(Clone, Debug, Default)]
pub struct Tags<'a>(pub Vec<(&'a str, &'a str)>);

impl<'a> Tags<'a> {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'a str> {
        self.0.iter().find(|(k, _)| *k == key).map(|(_, v)| *v)
    }
}
