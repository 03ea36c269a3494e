use super::{
    BlindIndex, FileMaster, Generation, KeyVersion, Keyring, MasterKey, MemoryMaster, PersonKey,
    Place, RestError, Secret32, WrappedKey,
};
use crate::{SealedBytes, SubjectId};
use proptest::prelude::*;
use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, sync::Arc};
use uuid::Uuid;

const PLACE: Place<'_> =
    Place { kind: "load", record: b"0123456789abcdef", field: "load.phone", schema: 1 };

fn subject(id: u128) -> SubjectId {
    SubjectId::from_uuid(Uuid::from_u128(id))
}

fn bytes(text: &str) -> SealedBytes {
    SealedBytes::text(text).unwrap()
}

fn ring() -> Keyring {
    Keyring::new(Arc::new(MemoryMaster::random().unwrap()))
}

fn path(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("sarai-seal-{}-{name}", std::process::id()));
    let _ = fs::remove_file(&path);
    path
}

proptest! {
    #[test]
    fn what_is_sealed_opens_in_its_place(content: Vec<u8>, record: Vec<u8>, field in ".{0,40}") {
        let (person, _) = ring().issue(subject(1)).unwrap();
        let place = Place { record: &record, field: &field, ..PLACE };
        let content = SealedBytes::from_vec(content);
        let envelope = person.seal(&place, &content).unwrap();
        prop_assert!(person.open(&place, &envelope).unwrap().same(&content));
        prop_assert_eq!(envelope.len(), 1 + 4 + 12 + content.as_slice().len() + 16);
    }

    #[test]
    fn one_changed_bit_anywhere_does_not_open(text in ".{0,60}", bit: prop::sample::Index) {
        let (person, _) = ring().issue(subject(1)).unwrap();
        let mut envelope = person.seal(&PLACE, &bytes(&text)).unwrap();
        let bit = bit.index(envelope.len() * 8);
        envelope[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(person.open(&PLACE, &envelope).is_err());
    }

    #[test]
    fn a_cut_or_lengthened_envelope_does_not_open(text in ".{0,60}", cut: prop::sample::Index) {
        let (person, _) = ring().issue(subject(1)).unwrap();
        let mut envelope = person.seal(&PLACE, &bytes(&text)).unwrap();
        prop_assert!(person.open(&PLACE, &envelope[..cut.index(envelope.len())]).is_err());
        envelope.push(0);
        prop_assert!(person.open(&PLACE, &envelope).is_err());
    }

    #[test]
    fn junk_is_refused(junk: Vec<u8>) {
        let (person, _) = ring().issue(subject(1)).unwrap();
        prop_assert!(person.open(&PLACE, &junk).is_err());
        if let Ok(wrapped) = WrappedKey::from_bytes(&junk) {
            prop_assert_eq!(wrapped.to_bytes(), junk);
            prop_assert!(ring().person(subject(1), &wrapped).is_err());
        }
    }

    #[test]
    fn one_changed_bit_in_a_wrapped_key_does_not_unwrap(bit: prop::sample::Index) {
        let master = MemoryMaster::random().unwrap();
        let key = PersonKey::random(Generation::FIRST).unwrap();
        let mut stored = master.wrap(subject(1), &key).unwrap().to_bytes();
        let bit = bit.index(stored.len() * 8);
        stored[bit / 8] ^= 1 << (bit % 8);
        let opened = WrappedKey::from_bytes(&stored).and_then(|w| master.unwrap(subject(1), &w));
        prop_assert!(opened.is_err());
    }
}

#[test]
fn a_ciphertext_moved_elsewhere_does_not_open() {
    let ring = ring();
    let (person, _) = ring.issue(subject(1)).unwrap();
    let (other, _) = ring.issue(subject(2)).unwrap();
    let envelope = person.seal(&PLACE, &bytes("+1555")).unwrap();
    let moved = [
        Place { kind: "truck", ..PLACE },
        Place { record: b"0123456789abcdeF", ..PLACE },
        Place { field: "load.mail", ..PLACE },
        Place { field: "load.phone#0", ..PLACE },
        Place { schema: 2, ..PLACE },
    ];
    for place in moved {
        assert!(
            matches!(person.open(&place, &envelope), Err(RestError::NotAuthentic)),
            "{place:?}"
        );
    }
    assert!(matches!(other.open(&PLACE, &envelope), Err(RestError::NotAuthentic)));
    assert!(person.open(&PLACE, &envelope).is_ok());
}

#[test]
fn values_of_one_vec_field_cannot_change_places() {
    let (person, _) = ring().issue(subject(1)).unwrap();
    let [first, second] = ["load.stops#0", "load.stops#1"].map(|field| Place { field, ..PLACE });
    let envelope = person.seal(&first, &bytes("a")).unwrap();
    assert!(person.open(&first, &envelope).is_ok());
    assert!(matches!(person.open(&second, &envelope), Err(RestError::NotAuthentic)));
}

#[test]
fn the_same_person_under_another_subject_id_does_not_open() {
    // The same secret, so that only the associated data tells the two apart.
    let secret = || Secret32::from_bytes([7; 32]);
    let key = |s| super::Person::new(s, PersonKey::from_secret(Generation::FIRST, secret()));
    let envelope = key(subject(1)).seal(&PLACE, &bytes("x")).unwrap();
    assert!(key(subject(1)).open(&PLACE, &envelope).is_ok());
    assert!(matches!(key(subject(2)).open(&PLACE, &envelope), Err(RestError::NotAuthentic)));
}

#[test]
fn sealing_twice_gives_two_ciphertexts() {
    let (person, _) = ring().issue(subject(1)).unwrap();
    let seal = || person.seal(&PLACE, &bytes("+1555")).unwrap();
    assert_ne!(seal(), seal());
}

#[test]
fn an_envelope_of_an_older_key_says_so() {
    let ring = ring();
    let (old, _) = ring.issue(subject(1)).unwrap();
    let envelope = old.seal(&PLACE, &bytes("x")).unwrap();
    let (new, _) = ring.issue_generation(subject(1), Generation::FIRST.next()).unwrap();
    let error = new.open(&PLACE, &envelope).unwrap_err();
    assert!(matches!(
        error,
        RestError::OtherGeneration { held: Generation(2), found: Generation(1) }
    ));
    assert_eq!(super::Person::generation_of(&envelope).unwrap(), Generation(1));
}

#[test]
fn a_wrapped_key_is_its_subjects_own() {
    let master = MemoryMaster::random().unwrap();
    let key = PersonKey::random(Generation::FIRST).unwrap();
    let wrapped =
        WrappedKey::from_bytes(&master.wrap(subject(1), &key).unwrap().to_bytes()).unwrap();
    assert!(master.unwrap(subject(1), &wrapped).unwrap().secret().same(key.secret()));
    assert!(matches!(master.unwrap(subject(2), &wrapped), Err(RestError::NotAuthentic)));
}

#[test]
fn a_data_directory_without_the_master_key_opens_nothing() {
    let (person, wrapped) = ring().issue(subject(1)).unwrap();
    let envelope = person.seal(&PLACE, &bytes("x")).unwrap();
    let thief = ring();
    assert!(matches!(thief.person(subject(1), &wrapped), Err(RestError::NotAuthentic)));
    let (guess, _) = thief.issue(subject(1)).unwrap();
    assert!(matches!(guess.open(&PLACE, &envelope), Err(RestError::NotAuthentic)));
}

#[test]
fn rotation_rewraps_keys_and_leaves_data_alone() {
    let mut master = MemoryMaster::random().unwrap();
    let first = KeyVersion::FIRST;
    let key = PersonKey::random(Generation::FIRST).unwrap();
    let old = master.wrap(subject(1), &key).unwrap();
    let pepper = master.derive(first, "pepper").unwrap();
    let second = master.add_version().unwrap();
    assert_eq!((master.current(), master.versions()), (second, vec![first, second]));
    assert!(master.derive(first, "pepper").unwrap().same(&pepper));
    let (at_work, spare) =
        (Arc::new(master), Keyring::new(Arc::new(MemoryMaster::random().unwrap())));
    let ring = Keyring::new(at_work);
    let envelope = ring.person(subject(1), &old).unwrap().seal(&PLACE, &bytes("x")).unwrap();
    let new = ring.rewrap(subject(1), &old).unwrap().unwrap();
    assert_eq!((old.master(), new.master()), (first, second));
    assert!(ring.rewrap(subject(1), &new).unwrap().is_none());
    assert!(
        matches!(spare.rewrap(subject(1), &new), Err(RestError::NoSuchMaster(v)) if v == second)
    );
    let fresh = ring.master().unwrap(subject(1), &new).unwrap();
    assert!(super::Person::new(subject(1), fresh).open(&PLACE, &envelope).is_ok());
}

#[test]
fn a_destroyed_version_opens_nothing_and_the_current_one_stays() {
    let mut master = MemoryMaster::random().unwrap();
    let wrapped = master.wrap(subject(1), &PersonKey::random(Generation::FIRST).unwrap()).unwrap();
    assert!(matches!(master.destroy(KeyVersion(1)), Err(RestError::MasterInUse(_))));
    master.add_version().unwrap();
    master.destroy(KeyVersion(1)).unwrap();
    assert!(matches!(master.unwrap(subject(1), &wrapped), Err(RestError::NoSuchMaster(_))));
    assert!(matches!(master.derive(KeyVersion(1), "x"), Err(RestError::NoSuchMaster(_))));
    assert!(matches!(master.destroy(KeyVersion(1)), Err(RestError::NoSuchMaster(_))));
}

#[test]
fn a_forgotten_person_stays_forgotten_whoever_holds_the_key() {
    let ring = ring();
    let (held, wrapped) = ring.issue(subject(1)).unwrap();
    let envelope = held.seal(&PLACE, &bytes("x")).unwrap();
    ring.forget(subject(1));
    assert!(ring.at_hand(subject(1)).is_none());
    assert!(matches!(held.open(&PLACE, &envelope), Err(RestError::Forgotten)));
    assert!(matches!(held.seal(&PLACE, &bytes("y")), Err(RestError::Forgotten)));
    // A reader who fetched the wrapped key before it was deleted.
    assert!(matches!(ring.person(subject(1), &wrapped), Err(RestError::Forgotten)));
}

#[test]
fn blind_indexes_are_equal_for_equal_values_of_one_field_only() {
    let ring = ring();
    let [phone, mail] = ["rider.phone", "rider.mail"].map(|f| ring.blind_index(f).unwrap());
    assert_eq!(phone.token_of_text("+1555"), phone.token_of_text("+1555"));
    assert_ne!(phone.token_of_text("+1555"), phone.token_of_text("+1556"));
    assert_ne!(phone.token_of_text("+1555"), mail.token_of_text("+1555"));
    let elsewhere =
        BlindIndex::new(&MemoryMaster::random().unwrap(), KeyVersion::FIRST, "rider.phone");
    assert_ne!(phone.token_of_text("+1555"), elsewhere.unwrap().token_of_text("+1555"));
    let sealed = crate::Sealed::<String, ()>::new("+1555".into());
    assert_eq!(phone.token_of(&sealed), phone.token_of_text("+1555"));
    let token = phone.token_of_text("+1555").unwrap();
    assert_eq!(serde_json::from_value::<super::BlindToken>(token.to_hex().into()).unwrap(), token);
    assert_eq!(format!("{phone:?} {token:?}"), "<blind index of rider.phone> <blind token>");
}

#[test]
fn derived_secrets_are_stable_and_apart() {
    let ring =
        Keyring::new(Arc::new(MemoryMaster::new(KeyVersion::FIRST, Secret32::from_bytes([1; 32]))));
    let again =
        Keyring::new(Arc::new(MemoryMaster::new(KeyVersion::FIRST, Secret32::from_bytes([1; 32]))));
    assert!(ring.derive("pepper").unwrap().same(&again.derive("pepper").unwrap()));
    assert!(!ring.derive("pepper").unwrap().same(&ring.derive("cursor").unwrap()));
    assert_eq!(format!("{:?}", ring.derive("pepper").unwrap()), "<secret>");
    let later = again.deriving_from(KeyVersion(2));
    assert!(matches!(later.derive("pepper"), Err(RestError::NoSuchMaster(KeyVersion(2)))));
}

const WRAPPED: &str = "\
    01000000010000000188d1733b71851162de8ab7a63465f24406058dc6c618dadc\
    b8deda49aaa3d3414de875769f50e2bfc9d00bf0b54968d566be59001706bc3b6839c578";
const ENVELOPE: &str =
    "010000000103c218f801e4bd4cbaa181a295e25f079cf73ae90fe5c70a79f34f46855e5f837797eba63582bb";

/// The forms are on disks: a change here makes every store unreadable.
#[test]
fn stored_forms_do_not_change() {
    let master = MemoryMaster::new(KeyVersion::FIRST, Secret32::from_bytes([1; 32]));
    let hex = |secret: Secret32| super::wire::hex(secret.expose());
    assert_eq!(
        hex(master.derive(KeyVersion::FIRST, "pepper").unwrap()),
        "4dae62952278dd9646d3e3f837dd3c3dbdeb45ebbc2027a9b635fe0b9a76524f"
    );
    let index = BlindIndex::new(&master, KeyVersion::FIRST, "rider.phone").unwrap();
    assert_eq!(
        index.token_of_text("+15550100").unwrap().to_hex(),
        "ad2efe011474839995bd1f7b13defcce"
    );
    let wrapped = super::wire::unhex::<69>(WRAPPED).unwrap();
    let key = master.unwrap(subject(1), &WrappedKey::from_bytes(&wrapped).unwrap()).unwrap();
    let person = super::Person::new(subject(1), key);
    let envelope = super::wire::unhex::<44>(ENVELOPE).unwrap();
    assert!(person.open(&PLACE, &envelope).unwrap().same(&bytes("+15550100")));
}

#[test]
fn a_key_file_is_made_once_with_mode_0600_and_read_again() {
    let path = path("made");
    let made = FileMaster::open_or_create(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let pepper = made.derive(KeyVersion::FIRST, "pepper").unwrap();
    let read = FileMaster::open_or_create(&path).unwrap();
    assert!(read.derive(KeyVersion::FIRST, "pepper").unwrap().same(&pepper));
    assert!(matches!(FileMaster::create(&path), Err(RestError::Io { .. })));
    fs::remove_file(path).unwrap();
}

#[test]
fn a_key_file_that_others_can_read_is_refused() {
    let path = path("loose");
    drop(FileMaster::create(&path).unwrap());
    for mode in [0o640, 0o604, 0o666, 0o620, 0o601] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let error = FileMaster::open_or_create(&path).unwrap_err();
        assert!(matches!(&error, RestError::LooseMode { mode: m, .. } if *m == mode), "{error}");
        assert!(error.to_string().contains("must be 0600"), "{error}");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    assert!(FileMaster::open(&path).is_ok());
    fs::remove_file(path).unwrap();
}

#[test]
fn a_key_file_gains_and_loses_versions() {
    let path = path("versions");
    let mut master = FileMaster::create(&path).unwrap();
    // What a crash in an earlier try left behind.
    fs::write(path.with_extension("new"), "half").unwrap();
    let second = master.add_version().unwrap();
    let read = FileMaster::open(&path).unwrap();
    assert_eq!((read.current(), read.versions()), (second, vec![KeyVersion(1), second]));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    master.destroy(KeyVersion(1)).unwrap();
    assert_eq!(FileMaster::open(&path).unwrap().versions(), [second]);
    assert!(!path.with_extension("new").exists());
    fs::remove_file(path).unwrap();
}

#[test]
fn a_malformed_key_file_is_refused_without_being_quoted() {
    let path = path("malformed");
    let digits = "ab".repeat(32);
    let bad = [
        String::new(),
        "sarai master key 2\n".into(),
        "sarai master key 1\n".into(),
        format!("sarai master key 1\nmk-0 {digits}\n"),
        format!("sarai master key 1\nmk-1 {digits}\nmk-1 {digits}\n"),
        format!("sarai master key 1\nmk-1 {digits}0\n"),
        format!("sarai master key 1\nmk-1 {digits}\nsecret {digits}\n"),
        format!("sarai master key 1\nmk-1 {digits}\n{}", "\n".repeat(200_000)),
    ];
    for text in bad {
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let error = FileMaster::open(&path).unwrap_err();
        assert!(matches!(error, RestError::BadKeyFile { .. }), "{error}");
        assert!(!error.to_string().contains("abab"), "{error}");
    }
    fs::remove_file(path).unwrap();
    assert!(matches!(FileMaster::open(std::env::temp_dir()), Err(RestError::BadKeyFile { .. })));
}
