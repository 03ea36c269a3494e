//! A small town for the tests: riders, drivers, and what each may see of the other.

use sarai_seal::{
    AuditRow, Disclose, Grant, Personal, Purpose, Record, Scope, Sealed, SubjectId, gatekeeper,
    purpose, zeroize::Zeroize,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

purpose! {
    /// Bringing rider and driver together.
    pub Dispatch = "dispatch", en: "To arrange your trip.", zh: "为安排您的行程。";
    /// Helping after the trip.
    pub Support = "support", en: "To answer your questions.", zh: "为解答您的问题。";
    /// Never granted to anything here.
    pub Marketing = "marketing", en: "To tell you of offers.", zh: "为向您介绍优惠。";
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiderId(pub u64);

impl From<RiderId> for SubjectId {
    fn from(id: RiderId) -> Self {
        Self::from_uuid(Uuid::from_u128(u128::from(id.0)))
    }
}

#[derive(Clone, Serialize, Deserialize, Zeroize)]
pub struct Phone(pub String);

impl Phone {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn last_four(&self) -> String {
        self.0.chars().skip(self.0.chars().count().saturating_sub(4)).collect()
    }
}

impl AsRef<str> for Phone {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[derive(Clone, Copy, Serialize, Deserialize, Zeroize)]
pub struct Position {
    pub lat: f64,
    pub lon: f64,
}

#[derive(Debug, Deserialize, Personal, Record)]
#[record(kind = "rider", schema = 2, retired("shoe_size"))]
pub struct Rider {
    #[subject]
    pub id: RiderId,
    pub rating: u8,
    #[serde(default)]
    pub trips: u32,
    pub nick: Option<String>,
    #[personal(class = Contact, purposes(Dispatch, Support), keep = "trip + 30d")]
    pub phone: Sealed<Phone, RiderPhone>,
    #[personal(class = Contact, purposes(Support), keep = "account + 1y 6m", basis = "consent",
        leaves = "the mail provider")]
    #[serde(default)]
    pub mail: Option<Sealed<String, RiderMail>>,
    #[personal(class = Address, purposes(Dispatch), keep = "account")]
    #[serde(default)]
    pub homes: Vec<Sealed<String, RiderHomes>>,
}

#[derive(Debug, Personal)]
pub struct Driver {
    #[subject]
    pub id: RiderId,
    #[personal(class = Location, purposes(Dispatch), keep = "trip + 7d")]
    pub position: Sealed<Position, DriverPosition>,
}

#[derive(Disclose)]
pub struct PickupCard {
    #[subject]
    #[serde(skip)]
    pub rider: RiderId,
    #[serde(rename = "eta")]
    pub eta_minutes: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub phone: Sealed<Phone, RiderPhone>,
}

#[derive(Disclose)]
pub struct SupportCard<'a> {
    #[subject]
    pub rider: RiderId,
    pub tail: Sealed<String, RiderPhone>,
    pub mail: Option<&'a Sealed<String, RiderMail>>,
}

#[derive(Disclose)]
pub struct Page<V> {
    #[view]
    pub items: Vec<V>,
    #[view]
    pub first: Option<Box<V>>,
    pub next_cursor: Option<String>,
}

pub fn rider(id: u64) -> Rider {
    let text = format!(
        r#"{{"id":{id},"rating":5,"phone":"+15550100","mail":"a@b.example","homes":["1 High St","2 Low St"]}}"#
    );
    serde_json::from_str(&text).unwrap()
}

pub fn card(id: u64) -> PickupCard {
    PickupCard {
        rider: RiderId(id),
        eta_minutes: 4,
        note: None,
        phone: rider(id).phone.duplicate(),
    }
}

pub fn one<P: Purpose>(id: u64) -> Grant<P> {
    gatekeeper::mint(Scope::One(RiderId(id).into()), AuditRow(7))
}

pub fn everyone<P: Purpose>() -> Grant<P> {
    gatekeeper::mint(Scope::Everyone, AuditRow(8))
}
