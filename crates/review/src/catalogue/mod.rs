//! The app catalogue: packages in a directory, served in the layout of F-Droid's index version 2, each with a label made by our own
//! reading.
//!
//! Files of an app are named after package and version number: `apps/org.example.app_7.apk` with `.toml` (what people and clients are
//! told) and `.label.json` beside it. Nothing else is a catalogue: what is in the directory is on the shelf, but for the apps that an
//! order of an authority takes off, which stay in the directory and leave index and download.

mod index;
pub(crate) mod jar;
mod key;
mod shelf;

pub use index::Published;
pub use key::SigningKey;
pub use shelf::{AppMeta, CatalogueFault, Meta, RepoMeta, Shelf, Words};
