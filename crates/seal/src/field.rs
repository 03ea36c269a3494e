//! Personal records, their fields, and who may read them.

use crate::{Basis, Category, Class, PurposeEntry, Retention, Sealed, SubjectId};
use serde::Serialize;
use zeroize::Zeroize;

/// A record about one person. Made by `#[derive(Personal)]`.
pub trait Personal {
    /// What the processing register says of the record.
    const ENTRY: RegisterEntry;
    /// Whose data it is.
    fn subject(&self) -> SubjectId;
}

/// One personal field of one record, as a type. Declared by `#[derive(Personal)]` under the name
/// *Record**Field* (`RiderPhone`), never by hand.
pub trait Field: Sized + 'static {
    /// The record that holds the field.
    type Record: Personal;
    /// What is sealed.
    type Value: Zeroize;
    /// `rider.phone`.
    const NAME: &'static str;
    /// What the processing register says of the field.
    const ENTRY: FieldEntry;
    /// The sealed values of the field in a record: one, or none or many for an `Option` or `Vec`.
    fn of(record: &Self::Record) -> &[Sealed<Self::Value, Self>];
}

/// The whole compile-time policy: `P: Reads<F>` means that purpose `P` may open field `F`.
///
/// The derive writes one impl for each purpose a field declares. There is no impl over pairs or
/// tuples of fields: a failing bound on such an impl makes rustc 1.95 hang.
#[diagnostic::on_unimplemented(
    message = "purpose `{Self}` may not open field `{F}`",
    label = "`{Self}` is not among the purposes that `{F}` declares",
    note = "adding it to `purposes(..)` on the field changes the processing register"
)]
pub trait Reads<F> {}

/// A personal record in the processing register.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RegisterEntry {
    /// `rider`.
    pub record: &'static str,
    /// The sealed fields.
    pub fields: &'static [FieldEntry],
    /// Fields held in clear, listed so that nothing is left out.
    pub clear: &'static [&'static str],
}

/// A personal field in the processing register.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FieldEntry {
    /// `rider.phone`.
    pub name: &'static str,
    /// What kind of data it is.
    pub category: Category,
    /// How sensitive that is.
    pub class: Class,
    /// What it may be used for.
    pub purposes: &'static [PurposeEntry],
    /// Why it may be held.
    pub basis: Basis,
    /// How long.
    pub retention: Retention,
    /// To whom it goes outside, in words, where it does.
    pub leaves: Option<&'static str>,
}
