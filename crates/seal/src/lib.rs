//! The law of data in types.
//!
//! A personal or important value exists only as [`Sealed<T, F>`]: it cannot be printed, compared,
//! cloned or serialised. Its field `F` declares class, purposes and retention once, with
//! `#[derive(Personal)]`. A [`Grant<P>`] names the purpose in use; the wrong purpose does not
//! compile, the wrong person is refused at run time. [`Disclosed`] is the only road to JSON,
//! [`rest`] the only one to the disk.
//!
//! What this crate never knows: who is asking, and where anything is stored.
//!
//! Start at [`Sealed`] and [`Grant`]; then [`Disclose`], [`Record`] and [`rest`].

extern crate self as sarai_seal;

mod bytes;
mod category;
mod disclose;
mod field;
pub mod gatekeeper;
mod grant;
mod opened;
mod purpose;
mod record;
pub mod rest;
mod retention;
mod sealed;
mod slot;
mod subject;

pub use bytes::SealedBytes;
pub use category::{Category, Class};
pub use disclose::{Disclose, Disclosed};
pub use field::{Field, FieldEntry, Personal, Reads, RegisterEntry};
pub use grant::{AuditRow, Denied, Grant, SEVERAL_MAX, Scope, Subjects};
pub use purpose::{Purpose, PurposeEntry};
pub use record::{Content, Parts, PartsError, Record, SealedPart};
pub use retention::{Anchor, Basis, Retention};
pub use sarai_seal_derive::{Disclose, Personal, Record};
pub use sealed::{Key, Opened, Sealed};
pub use subject::SubjectId;
pub use zeroize;

/// What the derives' output names. Nothing here is for other code.
#[doc(hidden)]
pub mod __private {
    pub use crate::{
        disclose::{Pass, WireSlot},
        opened::OpenedFields,
        record::{PartsReader, PartsWriter, StoredSlot},
        slot::Slot,
    };
    pub use serde;
}
