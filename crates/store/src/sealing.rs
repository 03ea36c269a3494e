//! Sealed parts on their way to and from the disk, and the person keys that they need.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use sarai_kernel::{CommitError, StoreError, document::DocRef};
use sarai_seal::{
    Content, SealedBytes, SealedPart, SubjectId,
    rest::{BlindIndex, Generation, Keyring, Person, PersonKey, Place, RestError, WrappedKey},
};

use crate::{
    cell::{Columns, Row, row},
    db::{DbError, Given, Pool},
    snapshot::only_id,
    sql,
    writer::Writer,
};

/// Seals and opens parts.
#[derive(Debug)]
pub struct Sealing {
    keyring: Arc<Keyring>,
    pool: Pool,
    writer: Writer,
    blind: RwLock<HashMap<&'static str, BlindIndex>>,
}

impl Sealing {
    /// With these keys; new person keys go through the writer.
    pub fn new(keyring: Arc<Keyring>, pool: Pool, writer: Writer) -> Self {
        Self { keyring, pool, writer, blind: RwLock::default() }
    }

    /// The keys behind it.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// The token that stands for a value under a key's name.
    pub fn blind(&self, name: &'static str, value: &SealedBytes) -> Result<[u8; 16], StoreError> {
        let known = self.blind.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = known.get(name) {
            return Ok(*index.token(value).as_bytes());
        }
        drop(known);
        let index = self.keyring.blind_index(name).map_err(|_| StoreError::Key)?;
        let token = *index.token(value).as_bytes();
        self.blind.write().unwrap_or_else(PoisonError::into_inner).insert(name, index);
        Ok(token)
    }

    /// The keys of subjects whose data is to be sealed; those that were erased have none. A new subject's key is made and is durable before anything is sealed with it.
    pub async fn persons_for_writing(
        &self,
        subjects: &[SubjectId],
    ) -> Result<Persons, CommitError> {
        let mut persons = self.known(subjects).await?;
        let new: Vec<_> = persons.missing(subjects).collect();
        if !new.is_empty() {
            self.issue(&new).await?;
            persons.0.extend(self.fetch(&new).await?.0);
        }
        Ok(persons)
    }

    /// The keys of subjects whose data is to be opened. Those that were erased are left out.
    pub async fn persons_for_reading(&self, subjects: &[SubjectId]) -> Result<Persons, StoreError> {
        let persons = self.known(subjects).await?;
        let missing: Vec<_> = persons.missing(subjects).collect();
        if missing.is_empty() {
            return Ok(persons);
        }
        let rows = missing.iter().map(|subject| row![subject.uuid()]).collect();
        let erased = only_id(self.pool.rows(&sql::person::ERASED, Given::Rows(rows)).await?)?;
        match missing.iter().all(|subject| erased.contains(&subject.uuid())) {
            true => Ok(persons),
            // A key that should be there is not: better no answer than a wrong one.
            false => Err(StoreError::Key),
        }
    }

    async fn known(&self, subjects: &[SubjectId]) -> Result<Persons, StoreError> {
        let at_hand = subjects.iter().filter_map(|subject| self.keyring.at_hand(*subject));
        let mut persons = Persons(at_hand.map(|person| (person.subject(), person)).collect());
        let missing: Vec<_> = persons.missing(subjects).collect();
        if !missing.is_empty() {
            persons.0.extend(self.fetch(&missing).await?.0);
        }
        Ok(persons)
    }

    async fn fetch(&self, subjects: &[SubjectId]) -> Result<Persons, StoreError> {
        let rows = subjects.iter().map(|subject| row![subject.uuid()]).collect();
        let rows = self.pool.rows(&sql::person::GET_MANY, Given::Rows(rows)).await?;
        let mut persons = HashMap::new();
        for row in rows {
            let (subject, wrapped) = wrapped_key(row)?;
            match self.keyring.person(subject, &wrapped) {
                Ok(person) => persons.insert(subject, person),
                // Erased a moment ago.
                Err(RestError::Forgotten) => None,
                Err(_) => return Err(StoreError::Key),
            };
        }
        Ok(Persons(persons))
    }

    async fn issue(&self, subjects: &[SubjectId]) -> Result<(), CommitError> {
        let master = self.keyring.master();
        let mut rows = Vec::with_capacity(subjects.len());
        for subject in subjects {
            // Not `Keyring::issue`: a key enters the cache only once it is durable, and another process may be first.
            let key = PersonKey::random(Generation::FIRST).map_err(|_| StoreError::Key)?;
            let wrapped = master.wrap(*subject, &key).map_err(|_| StoreError::Key)?;
            rows.push(key_row(*subject, &wrapped));
        }
        self.writer.keys(rows).await
    }
}

/// The row of a wrapped key.
pub fn key_row(subject: SubjectId, wrapped: &WrappedKey) -> Row {
    row![subject.uuid(), wrapped.to_bytes(), i64::from(wrapped.master().0)]
}

/// A wrapped key from its row.
pub fn wrapped_key(row: Row) -> Result<(SubjectId, WrappedKey), StoreError> {
    let mut columns = Columns::of(row);
    let subject = columns.id().map_err(DbError::from)?;
    let wrapped = columns.bytes().map_err(DbError::from)?;
    let wrapped = WrappedKey::from_bytes(&wrapped).map_err(|_| StoreError::Key)?;
    Ok((SubjectId::from_uuid(subject), wrapped))
}

/// Keys at hand for one piece of work.
pub struct Persons(HashMap<SubjectId, Arc<Person>>);

impl Persons {
    /// Those of `of` whose key is not here.
    pub fn missing<'a>(&'a self, of: &'a [SubjectId]) -> impl Iterator<Item = SubjectId> + 'a {
        of.iter().filter(|subject| !self.0.contains_key(subject)).copied()
    }

    /// The parts of a document as the disk holds them.
    pub fn seal(
        &self,
        at: &DocRef,
        schema: u16,
        parts: &[SealedPart],
    ) -> Result<Vec<u8>, CommitError> {
        let mut out = Vec::new();
        for part in parts {
            let envelope = match &part.content {
                Content::Erased => Vec::new(),
                Content::Present(bytes) => {
                    let place = place(at, schema, &part.field);
                    match self.0.get(&part.subject).map(|person| person.seal(&place, bytes)) {
                        Some(Ok(envelope)) => envelope,
                        // Erased: the writer refuses the decision.
                        None | Some(Err(RestError::Forgotten)) => Vec::new(),
                        Some(Err(_)) => return Err(StoreError::Key.into()),
                    }
                }
            };
            put(&mut out, part.field.as_bytes());
            out.extend_from_slice(part.subject.as_bytes());
            put(&mut out, &envelope);
        }
        Ok(out)
    }

    /// A part of a document as the kernel knows it.
    pub fn open(
        &self,
        at: &DocRef,
        schema: u16,
        part: StoredPart,
    ) -> Result<SealedPart, StoreError> {
        let StoredPart { field, subject, envelope } = part;
        let content = match self.0.get(&subject) {
            Some(person) if !envelope.is_empty() => {
                match person.open(&place(at, schema, &field), &envelope) {
                    Ok(bytes) => Content::Present(bytes),
                    Err(RestError::Forgotten) => Content::Erased,
                    Err(_) => return Err(StoreError::Key),
                }
            }
            _ => Content::Erased,
        };
        Ok(SealedPart { field: Cow::Owned(field), subject, content })
    }
}

fn place<'a>(at: &'a DocRef, schema: u16, field: &'a str) -> Place<'a> {
    Place { kind: &at.kind, record: at.id.as_bytes(), field, schema }
}

/// A sealed part as the disk holds it. No envelope: erased before it was written.
#[derive(Debug, PartialEq, Eq)]
pub struct StoredPart {
    pub field: String,
    pub subject: SubjectId,
    pub envelope: Vec<u8>,
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    // A part is far below 4 GiB: bodies are bounded at the wire.
    out.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(bytes);
}

/// Reads what [`Persons::seal`] wrote; `None` if it is something else.
pub fn stored_parts(mut bytes: &[u8]) -> Option<Vec<StoredPart>> {
    let mut parts = Vec::new();
    while !bytes.is_empty() {
        let field = String::from_utf8(take(&mut bytes)?.to_vec()).ok()?;
        let (subject, rest) = bytes.split_first_chunk::<16>()?;
        bytes = rest;
        let subject = SubjectId::from_uuid(uuid::Uuid::from_bytes(*subject));
        parts.push(StoredPart { field, subject, envelope: take(&mut bytes)?.to_vec() });
    }
    Some(parts)
}

fn take<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (part, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    Some(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_parts_come_back_and_cut_ones_do_not_read() {
        let mut out = Vec::new();
        for (field, envelope) in [("load.phone", &b"abc"[..]), ("load.name#0", b"")] {
            put(&mut out, field.as_bytes());
            out.extend_from_slice(&[7; 16]);
            put(&mut out, envelope);
        }
        let parts = stored_parts(&out).expect("reads");
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].field, "load.phone");
        assert_eq!(parts[0].envelope, b"abc");
        for cut in 1..out.len() {
            let whole = stored_parts(&out[..cut]).is_some_and(|parts| parts.len() == 2);
            assert!(!whole);
        }
    }
}
