//! Finds personal and important data in bytes: identifiers with their check digits, names, addresses, organisations,
//! positions, device identifiers, credentials, in Chinese and English text, logs and columns.
//!
//! Architecture invariant: it never knows where the bytes came from. No files, no network, no clock, no other room.
//!
//! How it is fast: a prefilter marks the bytes at which something could start, 64 at a time ([`mask`]); each such
//! event is read by a small hand-written reader ([`pass`]); only what has the right shape is validated ([`check`]).
//! No regular expression runs and nothing is allocated for text without hits. Start at [`Detector`].

mod category;
pub mod check;
pub mod column;
mod cue;
mod detector;
mod han;
mod hit;
mod kind;
mod lists;
mod mask;
mod options;
mod pass;
pub mod redact;
mod stream;
mod words;

pub use category::{CATEGORIES, Category, Class};
pub use detector::Detector;
pub use hit::{Confidence, Hit};
pub use kind::{Facts, KINDS, Kind, Knowledge, Reading};
pub use options::Options;
pub use redact::{Redaction, Rule, mask_sample, redact};
pub use stream::Stream;
