//! Documents: how every record of every market is kept. Clear part as JSON, sealed part as bytes that only the store encrypts,
//! and keys by which it is found. The store knows kinds as words and never a market.

use sarai_seal::{Content, Parts, Record, SealedBytes};
use serde_json::Map;
use uuid::Uuid;

use crate::Timestamp;

/// Names one document.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocRef {
    /// The record's kind, e.g. `load`.
    pub kind: String,
    /// Its id.
    pub id: Uuid,
}

impl DocRef {
    /// The document of kind `kind` with this id.
    pub fn new(kind: impl Into<String>, id: Uuid) -> Self {
        Self { kind: kind.into(), id }
    }
}

/// A document as read from the store.
#[derive(Debug)]
pub struct Document {
    /// Kind and id.
    pub at: DocRef,
    /// Version, from 1, one more with each change.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Its clear and sealed parts.
    pub parts: Parts,
}

/// A typed record with its place in the store.
#[derive(Debug)]
pub struct Stored<R> {
    /// The record's id.
    pub id: Uuid,
    /// Version that a change must name.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// The record.
    pub record: R,
}

/// A stored document that is not a record of the wanted type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("document {kind} {id} does not read as its record")]
pub struct Unreadable {
    /// Kind.
    pub kind: String,
    /// Id.
    pub id: Uuid,
}

impl Document {
    /// This document as a record of type `R`.
    pub fn read<R: Record>(self) -> Result<Stored<R>, Unreadable> {
        let Self { at, version, created_at, updated_at, parts } = self;
        match R::from_parts(parts) {
            Ok(record) if at.kind == R::KIND => {
                Ok(Stored { id: at.id, version, created_at, updated_at, record })
            }
            _ => Err(Unreadable { kind: at.kind, id: at.id }),
        }
    }
}

/// What a key holds: clear text, or a sealed value of which the store keeps a keyed blind index only.
#[derive(Debug)]
pub enum KeyValue {
    /// Clear text: ids, states, cells. Never personal.
    Clear(String),
    /// A personal value to be found by equality (telephone, licence number).
    Blind(SealedBytes),
}

impl From<&str> for KeyValue {
    fn from(text: &str) -> Self {
        Self::Clear(text.to_owned())
    }
}
impl From<String> for KeyValue {
    fn from(text: String) -> Self {
        Self::Clear(text)
    }
}
impl From<Uuid> for KeyValue {
    fn from(id: Uuid) -> Self {
        Self::Clear(id.simple().to_string())
    }
}
impl<N: crate::id::Noun> From<crate::Id<N>> for KeyValue {
    fn from(id: crate::Id<N>) -> Self {
        id.uuid().into()
    }
}

/// The value of a record's sealed field as a blind key, without opening it; `None` where the record has none or it was erased.
pub fn blind<R: Record>(record: &R, field: &str) -> Option<KeyValue> {
    let parts = record.to_parts().ok()?;
    parts.sealed.into_iter().find(|part| part.field == field).and_then(|part| match part.content {
        Content::Present(bytes) => Some(KeyValue::Blind(bytes)),
        Content::Erased => None,
    })
}

/// A key under which a document is found. All keys of a document are replaced when it is written.
#[derive(Debug)]
pub struct Key {
    /// Name of the key, e.g. `load.owner`.
    pub name: &'static str,
    /// Its value.
    pub value: KeyValue,
    /// Order of documents with the same value; ties go by id.
    pub sort: i64,
    /// At most one document may hold this name and value.
    pub unique: bool,
}

impl Key {
    /// A key that many documents may share, ordered by `sort`.
    pub fn new(name: &'static str, value: impl Into<KeyValue>, sort: i64) -> Self {
        Self { name, value: value.into(), sort, unique: false }
    }

    /// A key that only one document may hold: the second is `CommitError::Duplicate`.
    pub fn unique(name: &'static str, value: impl Into<KeyValue>) -> Self {
        Self { name, value: value.into(), sort: 0, unique: true }
    }

    /// A timer: the worker `worker` finds the document from `due` on.
    pub fn timer(worker: &'static str, due: Timestamp) -> Self {
        Self::new("timer", worker, due.as_micros())
    }
}

/// A page of documents by one key.
#[derive(Debug)]
pub struct Query {
    /// Kind of the documents wanted.
    pub kind: &'static str,
    /// Name of the key.
    pub name: &'static str,
    /// Its value.
    pub value: KeyValue,
    /// Only with `sort` up to and with this (timers: what is due).
    pub sort_max: Option<i64>,
    /// Start after this (sort, id).
    pub after: Option<(i64, Uuid)>,
    /// Largest `sort` first.
    pub descending: bool,
    /// At most so many documents, 1 to [`PAGE_MAX`].
    pub limit: u32,
}

/// Largest page of any query.
pub const PAGE_MAX: u32 = 1_000;

impl Query {
    /// Documents of kind `kind` whose key `name` has `value`, in rising order.
    pub fn by(kind: &'static str, name: &'static str, value: impl Into<KeyValue>) -> Self {
        Self {
            kind,
            name,
            value: value.into(),
            sort_max: None,
            after: None,
            descending: false,
            limit: 100,
        }
    }

    /// Largest first.
    #[must_use]
    pub fn newest_first(mut self) -> Self {
        self.descending = true;
        self
    }

    /// At most so many.
    #[must_use]
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit.clamp(1, PAGE_MAX);
        self
    }

    /// Start after this place.
    #[must_use]
    pub fn after(mut self, place: Option<(i64, Uuid)>) -> Self {
        self.after = place;
        self
    }

    /// Only what sorts up to and with `sort_max`.
    #[must_use]
    pub fn up_to(mut self, sort_max: i64) -> Self {
        self.sort_max = Some(sort_max);
        self
    }
}

/// One row of a page: the document and its place, from which the next page starts.
#[derive(Debug)]
pub struct Found {
    /// The document.
    pub document: Document,
    /// The value that orders the page.
    pub sort: i64,
}

/// A document to be written.
#[derive(Debug)]
pub struct Draft {
    /// Kind and id.
    pub at: DocRef,
    /// 0 makes a new document; otherwise the version that must still be the present one.
    pub expect: u64,
    /// Schema version of the record.
    pub schema: u16,
    /// Its parts.
    pub parts: Parts,
    /// All its keys.
    pub keys: Vec<Key>,
}

impl Draft {
    /// A new document of `record`.
    pub fn create<R: Record>(id: Uuid, record: &R, keys: Vec<Key>) -> Result<Self, Unreadable> {
        Self::with_version(id, 0, record, keys)
    }

    /// A changed document: commits only if `version` is still the present one.
    pub fn update<R: Record>(
        id: Uuid,
        version: u64,
        record: &R,
        keys: Vec<Key>,
    ) -> Result<Self, Unreadable> {
        Self::with_version(id, version, record, keys)
    }

    fn with_version<R: Record>(
        id: Uuid,
        expect: u64,
        record: &R,
        keys: Vec<Key>,
    ) -> Result<Self, Unreadable> {
        let parts = record.to_parts().map_err(|_| Unreadable { kind: R::KIND.to_owned(), id })?;
        Ok(Self { at: DocRef::new(R::KIND, id), expect, schema: R::SCHEMA, parts, keys })
    }
}

/// Clear members of an event, an outcome or a view.
pub type Clear = Map<String, serde_json::Value>;
