//! Whose data it is.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// The person (or organisation, or case) that data is about, and whose key encrypts it.
///
/// A record's `#[subject]` field is this type, or an id with `impl From<ThatId> for SubjectId`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubjectId(Uuid);

impl SubjectId {
    /// The subject with this id.
    pub const fn from_uuid(id: Uuid) -> Self {
        Self(id)
    }

    /// The id as a UUID, for storing.
    pub const fn uuid(self) -> Uuid {
        self.0
    }

    /// The sixteen bytes of the id.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl From<Uuid> for SubjectId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl fmt::Debug for SubjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "subject {}", self.0)
    }
}
