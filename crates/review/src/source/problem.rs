//! What could not be read, and why. A reason never quotes what was read.

use serde::{Deserialize, Serialize};

macro_rules! faults {
    ($($(#[doc = $doc:literal])+ $fault:ident $word:literal;)*) => {
        /// Why something was not read.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Fault { $($(#[doc = $doc])+ #[serde(rename = $word)] $fault,)* }

        impl Fault {
            /// Its word on the wire.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$fault => $word,)* }
            }
        }
    };
}

faults! {
    /// It breaks the rules of its format.
    Broken "broken";
    /// It ends too early.
    Truncated "truncated";
    /// It needs a password or a key.
    Encrypted "encrypted";
    /// It unpacks to more than its bound: ratio, overlap or bytes.
    Bomb "bomb";
    /// It is nested deeper than its bound.
    TooDeep "too_deep";
    /// It has more parts than its bound.
    TooMany "too_many";
    /// A part is larger than what may be held in memory.
    TooLarge "too_large";
    /// A name that leads out of the archive, a link, a device.
    Escapes "escapes";
    /// It declares what no honest file needs: entities, external parts, cycles.
    Hostile "hostile";
    /// There is no reader for it.
    Unsupported "unsupported";
    /// The file could not be opened or read.
    Unreadable "unreadable";
    /// Its reader ended without an answer: out of memory, or a fault in the reader.
    Crashed "crashed";
    /// Its reader took longer than its bound.
    TimedOut "timed_out";
    /// The database went away or would not answer.
    Gone "gone";
    /// The database did not let us read it.
    Denied "denied";
    /// It changed while it was read.
    Changed "changed";
    /// The scan was stopped.
    Stopped "stopped";
}

impl Fault {
    /// Whether only a remark: the rest of the source was read nevertheless and nothing in it can have been missed but this.
    pub const fn ends_source(self) -> bool {
        matches!(
            self,
            Self::Bomb
                | Self::Crashed
                | Self::TimedOut
                | Self::Gone
                | Self::Unreadable
                | Self::Stopped
        )
    }
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Where inside the source; empty for the source itself.
    pub within: String,
    /// Why, as a word.
    pub fault: Fault,
    /// Why, for a person.
    pub reason: String,
}

impl Problem {
    /// A problem at a place.
    pub fn new(within: impl Into<String>, fault: Fault, reason: impl Into<String>) -> Self {
        Self { within: within.into(), fault, reason: reason.into() }
    }
}
