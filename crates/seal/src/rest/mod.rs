//! Keys at rest: what the disk holds of a sealed value, and what opens it.
//!
//! ```text
//! master key, versions mk-1, mk-2 …            never in the store, never in a backup
//!  ├─ wraps person keys (random, 256 bit) ── HKDF-SHA256(field) ── AES-256-GCM-SIV
//!  ├─ blind-index keys, one a field (HMAC-SHA256, 128 bits kept)
//!  └─ derived secrets by label: cursors, codes, pepper, audit signing …
//! ```
//!
//! A store keeps [`WrappedKey`]s, one a person, beside its documents and asks a [`Keyring`] for
//! the [`Person`] who [`seal`](Person::seal)s and [`open`](Person::open)s parts. The place of a
//! part ([`Place`]) is authenticated: a ciphertext that was moved to another row, field or person
//! does not open. Erasing a person is deleting the wrapped key and [`Keyring::forget`].

mod blind;
mod envelope;
mod file;
mod keyring;
mod master;
mod person;
mod secret;
mod wire;

#[cfg(test)]
mod tests;

pub use blind::{BlindIndex, BlindToken};
pub use envelope::Place;
pub use file::FileMaster;
pub use keyring::{Keyring, PERSONS_CACHED_MAX};
pub use master::{KeyVersion, MasterKey, MemoryMaster};
pub use person::{Generation, Person, PersonKey, WrappedKey};
pub use secret::Secret32;

use std::{io, path::PathBuf};
use thiserror::Error;

/// Why a key or a ciphertext could not be used. Never quotes either.
#[derive(Debug, Error)]
pub enum RestError {
    /// The system gave no random bytes.
    #[error("the system gave no random bytes")]
    NoRandom,
    /// The key file can be read by others.
    #[error(
        "key file {path} has mode {mode:04o}; it must be 0600: chmod 600 it, and ask who may have read it"
    )]
    LooseMode {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// The key file is not a plain file in the expected form.
    #[error("key file {path}, line {line}: {expected}")]
    BadKeyFile {
        /// The file.
        path: PathBuf,
        /// Counted from 1; 0 is the file as a whole.
        line: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// The key file could not be read or written.
    #[error("key file {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// This version of the master key is not at hand.
    #[error("master key {0} is not at hand")]
    NoSuchMaster(KeyVersion),
    /// The current version of the master key cannot be destroyed.
    #[error("master key {0} is in use and stays")]
    MasterInUse(KeyVersion),
    /// The bytes are not what they should be, or not where they should be: a changed, moved or
    /// foreign ciphertext.
    #[error("a ciphertext is not authentic in its place")]
    NotAuthentic,
    /// The bytes are not a ciphertext that this program knows.
    #[error("a ciphertext has an unknown form")]
    UnknownForm,
    /// The ciphertext was made under another key of the same person.
    #[error("a ciphertext is of key generation {found}, not {held}")]
    OtherGeneration {
        /// The generation that the person's key has.
        held: Generation,
        /// The ciphertext's.
        found: Generation,
    },
    /// The person was erased while the key was in use.
    #[error("the person's key was dropped")]
    Forgotten,
}
