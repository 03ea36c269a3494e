//! What a grant opens, what a disclosure shows, what a record becomes.

use crate::fixture::*;
use sarai_seal::{AuditRow, Denied, Scope, Sealed, SubjectId, gatekeeper};

#[test]
fn debug_never_shows_a_value() {
    let text = format!("{:?}", rider(1));
    assert!(
        text.contains("phone: <sealed rider.phone>, mail: Some(<sealed rider.mail>)"),
        "{text}"
    );
    assert!(!text.contains("5550100") && !text.contains("example"), "{text}");
    assert_eq!(format!("{:?}", Sealed::<Phone, RiderPhone>::erased()), "<erased rider.phone>");
    assert_eq!(format!("{:?}", one::<Dispatch>(1)), "<grant dispatch on audit row 7>");
}

#[test]
fn an_error_on_bad_input_does_not_quote_it() {
    for phone in ["1234567", r#"{"secret":"x"}"#, r#"["secret"]"#] {
        let text = format!(r#"{{"id":1,"rating":5,"phone":{phone}}}"#);
        let error = serde_json::from_str::<Rider>(&text).unwrap_err().to_string();
        assert!(!error.contains("1234567") && !error.contains("secret"), "{error}");
    }
}

#[test]
fn null_is_not_an_erased_value() {
    let error = serde_json::from_str::<Rider>(r#"{"id":1,"rating":5,"phone":null}"#).unwrap_err();
    assert!(error.to_string().contains("malformed sealed field"), "{error}");
}

#[test]
fn grant_for_one_subject_refuses_another() {
    let grant = one::<Dispatch>(1);
    assert_eq!(grant.open::<RiderPhone>(&rider(2)).err(), Some(Denied::WrongSubject));
    assert_eq!(grant.sweep::<RiderPhone>().err(), Some(Denied::ScopeTooNarrow));
    assert!(grant.opened().is_empty());
    assert_eq!(grant.open::<RiderPhone>(&rider(1)).unwrap().as_str(), "+15550100");
    assert_eq!(grant.opened(), ["rider.phone"]);
    assert_eq!(grant.audit(), AuditRow(7));
}

#[test]
fn grant_for_several_covers_them_and_no_other() {
    let ids = [3, 1, 3].map(|id| SubjectId::from(RiderId(id)));
    let scope = Scope::several(ids).unwrap();
    let grant = gatekeeper::mint::<Dispatch>(scope, AuditRow(1));
    assert!(grant.open::<RiderPhone>(&rider(1)).is_ok());
    assert!(grant.open::<RiderPhone>(&rider(3)).is_ok());
    assert_eq!(grant.open::<RiderPhone>(&rider(2)).err(), Some(Denied::WrongSubject));
    assert_eq!(grant.sweep::<RiderPhone>().err(), Some(Denied::ScopeTooNarrow));
    assert!(Scope::several((0..256).map(|id| RiderId(id).into())).is_some());
    assert!(Scope::several((0..257).map(|id| RiderId(id).into())).is_none());
}

#[test]
fn optional_and_repeated_fields_open() {
    let grant = one::<Support>(1);
    assert_eq!(&**grant.open::<RiderMail>(&rider(1)).unwrap(), "a@b.example");
    let bare = serde_json::from_str::<Rider>(r#"{"id":1,"rating":5,"phone":"+1"}"#).unwrap();
    assert_eq!(grant.open::<RiderMail>(&bare).err(), Some(Denied::Absent));
    assert!(grant.open_if_present::<RiderMail>(&bare).unwrap().is_none());
    let grant = one::<Dispatch>(1);
    let with_homes = rider(1);
    let homes = grant.open_all::<RiderHomes>(&with_homes).unwrap();
    assert_eq!(homes.iter().map(|h| h.as_str()).collect::<Vec<_>>(), ["1 High St", "2 Low St"]);
}

#[test]
fn a_sweep_key_reads_everyone() {
    let grant = everyone::<Dispatch>();
    let key = grant.sweep::<DriverPosition>().unwrap();
    let sum: f64 = (0..9)
        .map(|i| Sealed::<Position, DriverPosition>::new(Position { lat: f64::from(i), lon: 0.0 }))
        .map(|p| p.read(&key).unwrap().lat)
        .sum();
    assert_eq!(sum, 36.0);
    assert_eq!(grant.opened(), ["driver.position"]);
    assert!(Sealed::<Position, DriverPosition>::erased().read(&key).is_none());
}

#[test]
fn a_column_holds_what_it_was_given_by_place() {
    use sarai_seal::Column;
    let at = |lat| Sealed::<Position, DriverPosition>::new(Position { lat, lon: 0.0 });
    let mut column: Column<Position, DriverPosition> = (0..99).map(f64::from).map(at).collect();
    assert_eq!(column.push(at(99.0)), Some(99));
    assert_eq!(column.push(Sealed::erased()), None);
    assert!(column.set(1, at(500.0)));
    assert!(!column.set(100, at(1.0)) && !column.set(0, Sealed::erased()));
    assert!(column.swap_remove(0).is_some() && column.swap_remove(99).is_none());
    let grant = everyone::<Dispatch>();
    let key = grant.sweep::<DriverPosition>().unwrap();
    let lats: Vec<f64> = column.read(&key).iter().map(|p| p.lat).collect();
    assert_eq!((lats.len(), lats[0], lats[1], lats[2], lats[98]), (99, 99.0, 500.0, 2.0, 98.0));
    assert_eq!(format!("{column:?}"), "<99 sealed driver.position>");
}

#[test]
fn an_erased_value_does_not_open_and_shows_as_null() {
    let mut gone = rider(1);
    gone.phone.erase();
    let grant = one::<Dispatch>(1);
    assert_eq!(grant.open::<RiderPhone>(&gone).err(), Some(Denied::Erased));
    let shown = PickupCard { phone: Sealed::erased(), ..card(1) };
    let json = serde_json::to_string(&grant.disclose(shown).unwrap()).unwrap();
    assert_eq!(json, r#"{"eta":4,"phone":null}"#);
    assert!(grant.opened().is_empty());
}

#[test]
fn disclosure_is_for_the_grants_subject() {
    let grant = one::<Dispatch>(1);
    let json = serde_json::to_string(&grant.disclose(card(1)).unwrap()).unwrap();
    assert_eq!(json, r#"{"eta":4,"phone":"+15550100"}"#);
    assert_eq!(grant.opened(), ["rider.phone"]);
    assert_eq!(grant.disclose(card(2)).err(), Some(Denied::WrongSubject));
}

#[test]
fn views_nest_and_every_subject_within_is_checked() {
    let page = |ids: &[u64]| Page {
        items: ids.iter().map(|id| card(*id)).collect(),
        first: Some(Box::new(card(1))),
        next_cursor: None,
    };
    let grant = one::<Dispatch>(1);
    let json = serde_json::to_string(&grant.disclose(page(&[1])).unwrap()).unwrap();
    let shown = r#"{"eta":4,"phone":"+15550100"}"#;
    assert_eq!(json, format!(r#"{{"items":[{shown}],"first":{shown},"next_cursor":null}}"#));
    assert_eq!(grant.disclose(page(&[1, 2])).err(), Some(Denied::WrongSubject));
    assert!(everyone::<Dispatch>().disclose(page(&[1, 2])).is_ok());
}

#[test]
fn map_keeps_the_rules_and_a_view_may_borrow() {
    let rider = rider(1);
    let tail: Sealed<String, RiderPhone> = rider.phone.map(Phone::last_four);
    assert_eq!(format!("{tail:?}"), "<sealed rider.phone>");
    let view = SupportCard { rider: rider.id, tail, mail: rider.mail.as_ref() };
    let grant = one::<Support>(1);
    let json = serde_json::to_string(&grant.disclose(view).unwrap()).unwrap();
    assert_eq!(json, r#"{"rider":1,"tail":"0100","mail":"a@b.example"}"#);
    assert_eq!(grant.opened(), ["rider.phone", "rider.mail"]);
}

#[test]
fn a_handler_returns_a_disclosure_across_threads() {
    let handler = || one::<Dispatch>(1).disclose(card(1)).ok().unwrap();
    let disclosed = std::thread::spawn(handler).join().unwrap();
    assert!(serde_json::to_string(&disclosed).unwrap().contains("+1555"));
}

#[test]
fn a_dropped_or_erased_value_is_overwritten() {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };
    struct Watched(Arc<AtomicU32>);
    impl sarai_seal::zeroize::Zeroize for Watched {
        fn zeroize(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let wiped = Arc::new(AtomicU32::new(0));
    let sealed = || Sealed::<Watched, RiderPhone>::new(Watched(Arc::clone(&wiped)));
    drop(sealed());
    assert_eq!(wiped.load(Ordering::Relaxed), 1);
    let mut erased = sealed();
    erased.erase();
    assert_eq!((wiped.load(Ordering::Relaxed), erased.is_erased()), (2, true));
    drop(erased);
    assert_eq!(wiped.load(Ordering::Relaxed), 2);
}

#[test]
fn keys_and_texts_cost_no_space() {
    assert_eq!(size_of::<Sealed<Phone, RiderPhone>>(), size_of::<Phone>());
    assert_eq!(size_of::<sarai_seal::Key<'_, RiderPhone>>(), 0);
}

impl std::fmt::Debug for PickupCard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a card")
    }
}
