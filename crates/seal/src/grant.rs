//! The right to open data for one purpose, in one request or one batch.

use crate::{
    Content, Disclose, Disclosed, Field, FieldEntry, Key, Opened, Purpose, Reads, SealedPart,
    SubjectId, opened::OpenedFields,
};
use serde::{Deserialize, Serialize};
use std::{fmt, marker::PhantomData};
use thiserror::Error;

/// How many persons [`Scope::several`] may name; beyond that a batch needs everyone's grant.
pub const SEVERAL_MAX: usize = 256;

/// Whose data a grant covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One person's.
    One(SubjectId),
    /// A few persons': the two sides of an order, the page of a queue.
    Several(Subjects),
    /// Everyone's: for engines and sweeps.
    Everyone,
}

/// A small sorted list of persons, made by [`Scope::several`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subjects(Box<[SubjectId]>);

impl Subjects {
    /// The persons named, each once.
    pub fn as_slice(&self) -> &[SubjectId] {
        &self.0
    }
}

impl Scope {
    /// A scope over a few persons; `None` for more than [`SEVERAL_MAX`] different ones.
    pub fn several(subjects: impl IntoIterator<Item = SubjectId>) -> Option<Self> {
        let mut list: Vec<SubjectId> = Vec::new();
        for subject in subjects {
            if let Err(place) = list.binary_search(&subject) {
                if list.len() == SEVERAL_MAX {
                    return None;
                }
                list.insert(place, subject);
            }
        }
        Some(Self::Several(Subjects(list.into())))
    }

    /// Whether the scope holds this person.
    #[inline]
    pub fn covers(&self, subject: SubjectId) -> bool {
        match self {
            Self::One(one) => *one == subject,
            Self::Several(list) => list.0.binary_search(&subject).is_ok(),
            Self::Everyone => true,
        }
    }

    /// As [`covers`](Self::covers), as a refusal.
    #[inline]
    pub fn admit(&self, subject: SubjectId) -> Result<(), Denied> {
        if self.covers(subject) { Ok(()) } else { Err(Denied::WrongSubject) }
    }
}

/// Why nothing was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Denied {
    /// The record is about somebody whom the grant does not cover.
    #[error("the grant does not cover this record's subject")]
    WrongSubject,
    /// A sweep needs a grant over everyone.
    #[error("a sweep needs a grant over everyone")]
    ScopeTooNarrow,
    /// The subject's key was destroyed.
    #[error("the value was erased")]
    Erased,
    /// An optional field that this record does not have.
    #[error("the record does not have this field")]
    Absent,
}

/// The audit log's row that was written before the grant was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuditRow(pub u64);

/// The right to open data for purpose `P`. Not `Clone`; minted by the gate only, after the policy
/// was asked and the audit row written.
pub struct Grant<P> {
    scope: Scope,
    audit: AuditRow,
    opened: OpenedFields,
    purpose: PhantomData<fn() -> P>,
}

impl<P: Purpose> Grant<P> {
    pub(crate) fn new(scope: Scope, audit: AuditRow) -> Self {
        Self { scope, audit, opened: OpenedFields::default(), purpose: PhantomData }
    }

    /// Opens one field of one record. The record says whose it is, the grant whose it may be.
    /// Of a `Vec` field this is the first value: see [`open_all`](Self::open_all).
    #[inline]
    pub fn open<'a, F: Field>(
        &'a self,
        record: &'a F::Record,
    ) -> Result<Opened<'a, F::Value>, Denied>
    where
        P: Reads<F>,
    {
        self.open_if_present::<F>(record)?.ok_or(Denied::Absent)
    }

    /// As [`open`](Self::open), for optional fields: `None` where the record has none.
    #[inline]
    pub fn open_if_present<'a, F: Field>(
        &'a self,
        record: &'a F::Record,
    ) -> Result<Option<Opened<'a, F::Value>>, Denied>
    where
        P: Reads<F>,
    {
        self.admit::<F>(record)?;
        let Some(sealed) = F::of(record).first() else {
            return Ok(None);
        };
        let value = sealed.value().ok_or(Denied::Erased)?;
        self.opened.mark(F::NAME);
        Ok(Some(Opened::new(value)))
    }

    /// Opens every value of a `Vec` field, in order.
    pub fn open_all<'a, F: Field>(
        &'a self,
        record: &'a F::Record,
    ) -> Result<Vec<Opened<'a, F::Value>>, Denied>
    where
        P: Reads<F>,
    {
        self.admit::<F>(record)?;
        let open = |sealed: &'a crate::Sealed<F::Value, F>| sealed.value().ok_or(Denied::Erased);
        let opened = F::of(record).iter().map(|s| open(s).map(Opened::new)).collect();
        self.opened.mark(F::NAME);
        opened
    }

    /// Opens one stored part of a record whose type is not known here: for showing a person everything that is held. `None` where the
    /// field does not declare this purpose, or its key is gone. The compiler cannot check the purpose here, so it is checked now.
    pub fn open_part(
        &self,
        entry: &FieldEntry,
        part: &SealedPart,
    ) -> Result<Option<serde_json::Value>, Denied> {
        self.scope.admit(part.subject)?;
        let declared = entry.purposes.iter().any(|purpose| purpose.name == P::NAME);
        let plain = part.field.split_once('#').map_or(part.field.as_ref(), |(name, _)| name);
        match &part.content {
            Content::Present(bytes) if declared && plain == entry.name => {
                self.opened.mark(entry.name);
                Ok(bytes.read())
            }
            _ => Ok(None),
        }
    }

    /// Checks once, reads many: for engines. Needs a grant over everyone.
    pub fn sweep<F: Field>(&self) -> Result<Key<'_, F>, Denied>
    where
        P: Reads<F>,
    {
        match self.scope {
            Scope::Everyone => {
                self.opened.mark(F::NAME);
                Ok(Key::new())
            }
            _ => Err(Denied::ScopeTooNarrow),
        }
    }

    /// The only road to a serialisable form.
    pub fn disclose<V: Disclose<P>>(&self, view: V) -> Result<Disclosed<V, P>, Denied> {
        view.check(&self.scope)?;
        view.mark(&self.opened);
        Ok(Disclosed::new(view))
    }

    /// Whose data the grant covers.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The audit row it stands on.
    pub fn audit(&self) -> AuditRow {
        self.audit
    }

    /// Names of the fields opened so far, in order of first opening, each once.
    pub fn opened(&self) -> Vec<&'static str> {
        self.opened.names()
    }

    #[inline]
    fn admit<F: Field>(&self, record: &F::Record) -> Result<(), Denied> {
        use crate::Personal;
        self.scope.admit(record.subject())
    }
}

impl<P: Purpose> fmt::Debug for Grant<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<grant {} on audit row {}>", P::NAME, self.audit.0)
    }
}
