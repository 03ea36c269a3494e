//! The sealed side of a stop: the street address under the poster's key, the contact under the contact person's own.

use sarai_kernel::{
    LoadId, PartyId,
    personal::{Address, Name, Phone, Words},
    purpose::{Deliver, Publish, Resolve, SelfAccess, Support},
};
use sarai_seal::{Personal, Record, Sealed, SubjectId};

/// Street, gate and notes of a stop. Its id is the stop's.
#[derive(Debug, Personal, Record)]
#[record(kind = "load_site", schema = 1)]
pub struct Site {
    /// The poster.
    #[subject]
    pub subject: SubjectId,
    /// The load.
    pub load: LoadId,
    /// Street and gate.
    #[personal(class = Address, purposes(Publish, Deliver, Resolve, SelfAccess), keep = "order + 3y", basis = "contract")]
    pub address: Sealed<Address, SiteAddress>,
    /// Notes for the driver.
    #[personal(class = Address, purposes(Publish, Deliver, Resolve, SelfAccess), keep = "order + 3y", basis = "contract")]
    pub notes: Option<Sealed<Words, SiteNotes>>,
}

/// Whom to ask for at a stop. Its id is the stop's; its subject is the contact person, who need not have an account.
#[derive(Debug, Personal, Record)]
#[record(kind = "stop_contact", schema = 1)]
pub struct StopContact {
    /// The contact person.
    #[subject]
    pub subject: SubjectId,
    /// The load.
    pub load: LoadId,
    /// Who named the person.
    pub named_by: PartyId,
    /// Name.
    #[personal(class = Identity, purposes(Publish, Deliver, Support, Resolve, SelfAccess), keep = "order + 30d", basis = "contract")]
    pub name: Sealed<Name, StopContactName>,
    /// Telephone number.
    #[personal(class = Contact, purposes(Publish, Deliver, Support, Resolve, SelfAccess), keep = "order + 30d", basis = "contract", leaves = "sms")]
    pub phone: Sealed<Phone, StopContactPhone>,
}
