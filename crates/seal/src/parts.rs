//! How the derive takes a record apart and puts it together again.

use crate::{Content, Field, Parts, PartsError, Sealed, SealedPart, SubjectId, bytes::SealedBytes};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::borrow::Cow;
use zeroize::Zeroize;

/// Collects the parts of a record. For the derive.
#[derive(Default)]
pub struct PartsWriter {
    parts: Parts,
}

impl PartsWriter {
    /// Writes a clear field.
    pub fn put_clear<T: Serialize>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), PartsError> {
        let value =
            serde_json::to_value(value).map_err(|_| PartsError::Unwritable { field: name })?;
        self.parts.clear.insert(name.to_owned(), value);
        Ok(())
    }

    /// Writes a sealed field.
    pub fn put_sealed<S: StoredSlot>(
        &mut self,
        subject: SubjectId,
        slot: &S,
    ) -> Result<(), PartsError> {
        slot.put(subject, &mut self.parts.sealed)
    }

    /// All of them.
    pub fn done(self) -> Parts {
        self.parts
    }
}

/// Hands out the parts of a record. For the derive.
pub struct PartsReader {
    kind: &'static str,
    parts: Parts,
    retired: &'static [&'static str],
    subject: Option<SubjectId>,
    mixed: bool,
}

impl PartsReader {
    /// Reads these parts as a record of this kind.
    pub fn new(kind: &'static str, parts: Parts, retired: &'static [&'static str]) -> Self {
        let subject = parts.sealed.first().map(|p| p.subject);
        let mixed = parts.sealed.iter().any(|p| Some(p.subject) != subject);
        Self { kind, parts, retired, subject, mixed }
    }

    /// A clear field; a missing one is what its type makes of `null`.
    pub fn take_clear<T: DeserializeOwned>(
        &mut self,
        field: &'static str,
    ) -> Result<T, PartsError> {
        let kind = self.kind;
        match self.parts.clear.remove(field) {
            Some(value) => T::deserialize(value).map_err(|_| PartsError::BadClear { kind, field }),
            None => {
                T::deserialize(Value::Null).map_err(|_| PartsError::MissingClear { kind, field })
            }
        }
    }

    /// A clear field with a default.
    pub fn take_clear_or<T: DeserializeOwned>(
        &mut self,
        field: &'static str,
        default: impl FnOnce() -> T,
    ) -> Result<T, PartsError> {
        match self.parts.clear.contains_key(field) {
            true => self.take_clear(field),
            false => Ok(default()),
        }
    }

    /// A sealed field.
    pub fn take_sealed<S: StoredSlot>(&mut self) -> Result<S, PartsError> {
        S::take(&mut self.parts.sealed)?.ok_or(PartsError::MissingSealed { field: S::NAME })
    }

    /// A sealed field with a default.
    pub fn take_sealed_or<S: StoredSlot>(
        &mut self,
        default: impl FnOnce() -> S,
    ) -> Result<S, PartsError> {
        Ok(S::take(&mut self.parts.sealed)?.unwrap_or_else(default))
    }

    /// Every sealed part must be the record's subject's own.
    pub fn check_subject(&self, subject: SubjectId) -> Result<(), PartsError> {
        match self.mixed || self.subject.is_some_and(|s| s != subject) {
            true => Err(PartsError::WrongSubject { kind: self.kind }),
            false => Ok(()),
        }
    }

    /// Nothing may be left over but what the record has retired.
    pub fn done(self) -> Result<(), PartsError> {
        let sealed = self.parts.sealed.iter().map(|p| p.field.as_ref());
        let mut left = self.parts.clear.keys().map(String::as_str).chain(sealed);
        match left.find(|name| !self.retired.contains(&plain(name))) {
            Some(name) => {
                Err(PartsError::Unknown { kind: self.kind, name: plain(name).to_owned() })
            }
            None => Ok(()),
        }
    }
}

/// The field's name without the index that a `Vec` adds.
fn plain(name: &str) -> &str {
    name.split_once('#').map_or(name, |(field, _)| field)
}

/// A place in a record that holds sealed values.
pub trait StoredSlot: Sized {
    /// The field's name.
    const NAME: &'static str;
    /// Writes the values as parts.
    fn put(&self, subject: SubjectId, out: &mut Vec<SealedPart>) -> Result<(), PartsError>;
    /// Takes the field's parts out of those given; `None` where a value is needed and missing.
    fn take(from: &mut Vec<SealedPart>) -> Result<Option<Self>, PartsError>;
}

impl<T, F> StoredSlot for Sealed<T, F>
where
    T: Zeroize + Serialize + DeserializeOwned,
    F: Field,
{
    const NAME: &'static str = F::NAME;

    fn put(&self, subject: SubjectId, out: &mut Vec<SealedPart>) -> Result<(), PartsError> {
        out.push(to_part(Cow::Borrowed(F::NAME), subject, self)?);
        Ok(())
    }

    fn take(from: &mut Vec<SealedPart>) -> Result<Option<Self>, PartsError> {
        take_named(from, F::NAME).map(from_part).transpose()
    }
}

impl<T, F> StoredSlot for Option<Sealed<T, F>>
where
    T: Zeroize + Serialize + DeserializeOwned,
    F: Field,
{
    const NAME: &'static str = F::NAME;

    fn put(&self, subject: SubjectId, out: &mut Vec<SealedPart>) -> Result<(), PartsError> {
        self.as_ref().map_or(Ok(()), |sealed| sealed.put(subject, out))
    }

    fn take(from: &mut Vec<SealedPart>) -> Result<Option<Self>, PartsError> {
        Sealed::take(from).map(Some)
    }
}

impl<T, F> StoredSlot for Vec<Sealed<T, F>>
where
    T: Zeroize + Serialize + DeserializeOwned,
    F: Field,
{
    const NAME: &'static str = F::NAME;

    fn put(&self, subject: SubjectId, out: &mut Vec<SealedPart>) -> Result<(), PartsError> {
        for (i, sealed) in self.iter().enumerate() {
            out.push(to_part(Cow::Owned(format!("{}#{i}", F::NAME)), subject, sealed)?);
        }
        Ok(())
    }

    fn take(from: &mut Vec<SealedPart>) -> Result<Option<Self>, PartsError> {
        let mut values = Vec::new();
        while let Some(part) = take_named(from, &format!("{}#{}", F::NAME, values.len())) {
            values.push(from_part(part)?);
        }
        Ok(Some(values))
    }
}

fn take_named(from: &mut Vec<SealedPart>, name: &str) -> Option<SealedPart> {
    let place = from.iter().position(|part| part.field == name)?;
    Some(from.remove(place))
}

fn to_part<T: Zeroize + Serialize, F: Field>(
    field: Cow<'static, str>,
    subject: SubjectId,
    sealed: &Sealed<T, F>,
) -> Result<SealedPart, PartsError> {
    let content = match sealed.value() {
        None => Content::Erased,
        Some(value) => Content::Present(
            SealedBytes::write(value).ok_or(PartsError::Unwritable { field: F::NAME })?,
        ),
    };
    Ok(SealedPart { field, subject, content })
}

fn from_part<T, F>(part: SealedPart) -> Result<Sealed<T, F>, PartsError>
where
    T: Zeroize + DeserializeOwned,
    F: Field,
{
    match part.content {
        Content::Erased => Ok(Sealed::erased()),
        Content::Present(bytes) => {
            bytes.read().map(Sealed::new).ok_or(PartsError::BadSealed { field: F::NAME })
        }
    }
}
