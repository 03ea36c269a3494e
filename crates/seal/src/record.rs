//! Records taken apart for the store: clear JSON beside opaque sealed parts.

use crate::{SubjectId, bytes::SealedBytes};
use serde_json::{Map, Value};
use std::borrow::Cow;
use thiserror::Error;

/// A record that can be stored. Made by `#[derive(Record)]` with
/// `#[record(kind = "load", schema = 1)]`; `retired("old_field")` lists names that old documents
/// may still carry and that are let go.
///
/// `rename`, `skip`, `skip_serializing_if` and `default` work as in serde. A field that old
/// documents lack is an `Option` or has a `default`; a name that nobody knows is refused, so that
/// an older program does not lose what a newer one wrote.
pub trait Record: Sized {
    /// Names the kind of document: `load`.
    const KIND: &'static str;
    /// Rises with each change of the document's shape.
    const SCHEMA: u16;
    /// Takes the record apart.
    fn to_parts(&self) -> Result<Parts, PartsError>;
    /// Puts it together again.
    fn from_parts(parts: Parts) -> Result<Self, PartsError>;
}

/// A record taken apart.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// What is not personal.
    pub clear: Map<String, Value>,
    /// What is: one part for each sealed value.
    pub sealed: Vec<SealedPart>,
}

/// One sealed value of a record.
#[derive(Clone, Debug)]
pub struct SealedPart {
    /// `load.contact_phone`; the values of a `Vec` field add `#0`, `#1`, …
    pub field: Cow<'static, str>,
    /// Whose key encrypts it.
    pub subject: SubjectId,
    /// The value, or the mark that its key is gone.
    pub content: Content,
}

/// What is left of a sealed value.
#[derive(Clone, Debug)]
pub enum Content {
    /// The value, to be encrypted before it is written.
    Present(SealedBytes),
    /// Its key was destroyed.
    Erased,
}

/// Why a record could not be taken apart or put together. Names fields, never values.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PartsError {
    /// A clear field could not be written as JSON.
    #[error("{field} cannot be written")]
    Unwritable {
        /// Which.
        field: &'static str,
    },
    /// A clear field is missing and has no default.
    #[error("{kind}: clear field {field} is missing")]
    MissingClear {
        /// Of which record.
        kind: &'static str,
        /// Which.
        field: &'static str,
    },
    /// A clear field does not have its type's form.
    #[error("{kind}: clear field {field} is malformed")]
    BadClear {
        /// Of which record.
        kind: &'static str,
        /// Which.
        field: &'static str,
    },
    /// A sealed part is missing and has no default.
    #[error("sealed part {field} is missing")]
    MissingSealed {
        /// Which.
        field: &'static str,
    },
    /// A sealed part does not have its type's form.
    #[error("sealed part {field} is malformed")]
    BadSealed {
        /// Which.
        field: &'static str,
    },
    /// Clear fields or sealed parts that the record does not know, or a part given twice.
    #[error("{kind}: {name} is not known, or is given twice")]
    Unknown {
        /// Of which record.
        kind: &'static str,
        /// The first such name.
        name: String,
    },
    /// A sealed part is another person's than the record.
    #[error("{kind}: a sealed part belongs to another subject")]
    WrongSubject {
        /// Of which record.
        kind: &'static str,
    },
}
