//! Records taken apart and put together.

use crate::fixture::*;
use proptest::prelude::*;
use sarai_seal::{Content, Parts, PartsError, Personal, Record, Sealed, SealedBytes, SubjectId};
use serde_json::json;

fn parts() -> Parts {
    rider(1).to_parts().unwrap()
}

#[derive(Debug, PartialEq, Record)]
#[record(kind = "lane", schema = 1)]
struct Lane {
    #[serde(rename = "f")]
    from: String,
    km: u32,
    #[serde(default = "seven")]
    days: u8,
}

fn seven() -> u8 {
    7
}

proptest! {
    #[test]
    fn any_record_comes_back_as_it_went(
        phone: String, mail: Option<String>, homes: Vec<String>, nick: Option<String>, rating: u8,
    ) {
        let went = Rider {
            id: RiderId(1), rating, trips: 3, nick: nick.clone(),
            phone: Sealed::new(Phone(phone.clone())),
            mail: mail.clone().map(Sealed::new),
            homes: homes.iter().cloned().map(Sealed::new).collect(),
        };
        let back = Rider::from_parts(went.to_parts().unwrap()).unwrap();
        let (dispatch, support) = (one::<Dispatch>(1), one::<Support>(1));
        prop_assert_eq!((back.rating, &back.nick), (rating, &nick));
        prop_assert_eq!(&dispatch.open::<RiderPhone>(&back).unwrap().0, &phone);
        let opened = support.open_if_present::<RiderMail>(&back).unwrap();
        prop_assert_eq!(opened.map(|m| m.clone()), mail);
        let opened = dispatch.open_all::<RiderHomes>(&back).unwrap();
        prop_assert_eq!(opened.iter().map(|h| (*h).clone()).collect::<Vec<_>>(), homes);
    }
}

#[test]
fn a_record_comes_back_as_it_went() {
    let taken = parts();
    assert_eq!(json!(taken.clear), json!({"id": 1, "rating": 5, "trips": 0, "nick": null}));
    let names: Vec<_> = taken.sealed.iter().map(|p| p.field.as_ref()).collect();
    assert_eq!(names, ["rider.phone", "rider.mail", "rider.homes#0", "rider.homes#1"]);
    assert!(taken.sealed.iter().all(|p| p.subject == SubjectId::from(RiderId(1))));
    let back = Rider::from_parts(taken).unwrap();
    assert_eq!(one::<Dispatch>(1).open::<RiderPhone>(&back).unwrap().as_str(), "+15550100");
    assert_eq!(one::<Dispatch>(1).open_all::<RiderHomes>(&back).unwrap().len(), 2);
    assert_eq!((Rider::KIND, Rider::SCHEMA), ("rider", 2));
}

#[test]
fn the_clear_part_and_debug_hold_nothing_personal() {
    let text = format!("{:?}", parts());
    assert!(!text.contains("5550100") && !text.contains("High St"), "{text}");
}

#[test]
fn a_value_is_found_by_the_bytes_it_is_stored_by() {
    let Content::Present(stored) = parts().sealed.remove(0).content else { panic!() };
    assert!(stored.same(&SealedBytes::of(&rider(1).phone).unwrap()));
    assert!(stored.same(&SealedBytes::text("+15550100").unwrap()));
    assert!(!stored.same(&SealedBytes::text("+15550101").unwrap()));
    assert!(SealedBytes::of(&Sealed::<Phone, RiderPhone>::erased()).is_none());
}

#[test]
fn a_record_survives_erasure() {
    let mut taken = parts();
    taken.sealed.iter_mut().for_each(|p| p.content = Content::Erased);
    let back = Rider::from_parts(taken).unwrap();
    assert!(back.phone.is_erased() && back.homes.iter().all(|h| h.is_erased()));
    assert_eq!(back.rating, 5);
    let again = back.to_parts().unwrap();
    assert!(again.sealed.iter().all(|p| matches!(p.content, Content::Erased)));
}

#[test]
fn old_documents_lacking_fields_are_read() {
    let mut taken = parts();
    taken.clear.remove("trips");
    taken.clear.remove("nick");
    taken.clear.insert("shoe_size".into(), json!(44));
    taken.sealed.retain(|p| p.field == "rider.phone");
    let back = Rider::from_parts(taken).unwrap();
    assert_eq!((back.trips, back.nick.is_none(), back.mail.is_none()), (0, true, true));
    assert!(back.homes.is_empty());
}

#[test]
fn what_is_missing_malformed_or_unknown_is_named() {
    let refused = |change: fn(&mut Parts)| {
        let mut taken = parts();
        change(&mut taken);
        Rider::from_parts(taken).unwrap_err()
    };
    let kind = "rider";
    assert_eq!(
        refused(|p| drop(p.clear.remove("rating"))),
        PartsError::MissingClear { kind, field: "rating" }
    );
    let bad = refused(|p| drop(p.clear.insert("rating".into(), json!("five"))));
    assert_eq!(bad, PartsError::BadClear { kind, field: "rating" });
    assert!(!bad.to_string().contains("five"));
    assert_eq!(
        refused(|p| drop(p.sealed.remove(0))),
        PartsError::MissingSealed { field: "rider.phone" }
    );
    assert_eq!(
        refused(|p| drop(p.clear.insert("hat".into(), json!(1)))),
        PartsError::Unknown { kind, name: "hat".into() }
    );
    assert_eq!(
        refused(|p| p.sealed[1].field = "rider.garden".into()),
        PartsError::Unknown { kind, name: "rider.garden".into() }
    );
    assert_eq!(
        refused(|p| drop(p.sealed.remove(2))),
        PartsError::Unknown { kind, name: "rider.homes".into() }
    );
}

#[test]
fn a_part_given_twice_is_refused() {
    let mut taken = parts();
    taken.sealed.push(taken.sealed[0].clone());
    let error = Rider::from_parts(taken).unwrap_err();
    assert_eq!(error, PartsError::Unknown { kind: "rider", name: "rider.phone".into() });
}

#[test]
fn a_part_in_another_fields_form_is_refused() {
    let mut taken = parts();
    taken.sealed[0].content = Driver { id: RiderId(1), position: position() }.content();
    assert_eq!(
        Rider::from_parts(taken).unwrap_err(),
        PartsError::BadSealed { field: "rider.phone" }
    );
}

#[test]
fn another_subjects_part_is_refused() {
    let mut taken = parts();
    taken.sealed[1] = rider(2).to_parts().unwrap().sealed.remove(1);
    assert_eq!(Rider::from_parts(taken).unwrap_err(), PartsError::WrongSubject { kind: "rider" });
    let mut all = parts();
    all.sealed = rider(2).to_parts().unwrap().sealed;
    assert_eq!(Rider::from_parts(all).unwrap_err(), PartsError::WrongSubject { kind: "rider" });
}

#[test]
fn a_record_without_sealed_fields_needs_no_subject() {
    let lane = Lane { from: "Xi'an".into(), km: 3, days: 1 };
    let mut taken = lane.to_parts().unwrap();
    assert_eq!(json!(taken.clear), json!({"f": "Xi'an", "km": 3, "days": 1}));
    assert_eq!(Lane::from_parts(taken.clone()).unwrap(), lane);
    taken.clear.remove("days");
    assert_eq!(Lane::from_parts(taken).unwrap().days, 7);
}

#[test]
fn the_register_entry_says_it_all() {
    let entry = serde_json::to_value(Rider::ENTRY).unwrap();
    assert_eq!(entry["clear"], json!(["id", "rating", "trips", "nick"]));
    assert_eq!(
        entry["fields"][1],
        json!({
            "name": "rider.mail", "category": "contact", "class": "personal",
            "purposes": [{"name": "support", "en": "To answer your questions.", "zh": "为解答您的问题。"}],
            "basis": "consent", "retention": "account + 1y 6m", "leaves": "the mail provider",
        })
    );
    assert_eq!(entry["fields"][0]["retention"], "trip + 30d");
    assert_eq!(entry["fields"][2]["retention"], "account");
}

fn position() -> Sealed<Position, DriverPosition> {
    Sealed::new(Position { lat: 1.0, lon: 2.0 })
}

impl Driver {
    /// The content of a stored position, by way of a record that holds one.
    fn content(self) -> Content {
        #[derive(Personal, Record)]
        #[record(kind = "spot", schema = 1)]
        struct Spot {
            #[subject]
            id: RiderId,
            #[personal(class = Location, purposes(Dispatch), keep = "trip")]
            at: Sealed<Position, SpotAt>,
        }
        let spot = Spot { id: self.id, at: Sealed::new(Position { lat: 0.0, lon: 0.0 }) };
        spot.to_parts().unwrap().sealed.remove(0).content
    }
}
