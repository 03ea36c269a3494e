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
//!
//! ```
//! use sarai_seal::{
//!     AuditRow, Denied, Disclose, Grant, Personal, Record, Scope, Sealed, SubjectId, gatekeeper,
//!     purpose, rest::{Keyring, MemoryMaster, Place}, Content,
//! };
//! use std::sync::Arc;
//!
//! purpose! {
//!     /// Bringing rider and driver together.
//!     pub Dispatch = "dispatch", en: "To arrange your trip.", zh: "为安排您的行程。";
//! }
//!
//! // A record. The derive declares the field type `RiderPhone`.
//! #[derive(Debug, Personal, Record)]
//! #[record(kind = "rider", schema = 1)]
//! pub struct Rider {
//!     #[subject]
//!     pub id: SubjectId,
//!     pub rating: u8,
//!     #[personal(class = Contact, purposes(Dispatch), keep = "trip + 30d")]
//!     pub phone: Sealed<String, RiderPhone>,
//! }
//!
//! // What a driver sees of it.
//! #[derive(Disclose)]
//! pub struct PickupCard<'a> {
//!     #[subject]
//!     #[serde(skip)]
//!     pub rider: SubjectId,
//!     pub eta_minutes: u16,
//!     pub phone: &'a Sealed<String, RiderPhone>,
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let id = SubjectId::from_uuid(uuid::Uuid::from_u128(1));
//! let rider = Rider { id, rating: 5, phone: Sealed::new("+15550100".into()) };
//! assert!(format!("{rider:?}").ends_with("rating: 5, phone: <sealed rider.phone> }"));
//!
//! // The gate mints a grant, for one purpose and one person.
//! let grant: Grant<Dispatch> = gatekeeper::mint(Scope::One(id), AuditRow(1));
//! assert_eq!(*grant.open::<RiderPhone>(&rider)?, "+15550100");
//! let card = PickupCard { rider: id, eta_minutes: 4, phone: &rider.phone };
//! let json = serde_json::to_string(&grant.disclose(card)?)?;
//! assert_eq!(json, r#"{"eta_minutes":4,"phone":"+15550100"}"#);
//!
//! // The store encrypts each sealed part under the person's key, bound to its place.
//! let keys = Keyring::new(Arc::new(MemoryMaster::random()?));
//! let (person, _wrapped) = keys.issue(id)?;
//! let mut parts = rider.to_parts()?;
//! let place = Place {
//!     kind: Rider::KIND, record: id.as_bytes(), field: "rider.phone", schema: Rider::SCHEMA,
//! };
//! let Content::Present(bytes) = &parts.sealed[0].content else { unreachable!() };
//! let envelope = person.seal(&place, bytes)?;
//! assert!(person.open(&place, &envelope)?.same(bytes));
//!
//! // Erasure drops the key; the record lives on without the value.
//! keys.forget(id);
//! assert!(person.open(&place, &envelope).is_err());
//! parts.sealed[0].content = Content::Erased;
//! let rider = Rider::from_parts(parts)?;
//! assert_eq!(grant.open::<RiderPhone>(&rider).err(), Some(Denied::Erased));
//! # Ok(())
//! # }
//! ```

extern crate self as sarai_seal;

mod bytes;
mod category;
mod column;
mod disclose;
mod field;
pub mod gatekeeper;
mod grant;
mod opened;
mod parts;
mod purpose;
mod record;
pub mod rest;
mod retention;
mod sealed;
mod slot;
mod subject;

pub use bytes::SealedBytes;
pub use category::{Category, Class};
pub use column::Column;
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
        parts::{PartsReader, PartsWriter, StoredSlot},
        slot::Slot,
    };
    pub use serde;
}
