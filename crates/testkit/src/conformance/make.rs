//! What the tests are made with.

use sarai_kernel::{
    Account, Currency, Decision, DocRef, Key, Money, NewEvent, Once, OrderId, Outcome, PartyId,
    PostingSet, Timestamp,
    audit::AuditEntry,
    document::{Clear, Draft},
};
use sarai_seal::{Content, Parts, SealedBytes, SealedPart, SubjectId};
use uuid::Uuid;

/// The moment of all tests.
pub const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

/// A new decision.
pub fn decision() -> Decision {
    Decision::new("test", NOW)
}

/// A fresh document's name.
pub fn thing() -> DocRef {
    DocRef::new("thing", Uuid::new_v4())
}

/// A draft of a document with one clear member and some keys.
pub fn draft(at: &DocRef, expect: u64, note: &str, keys: Vec<Key>) -> Draft {
    let mut clear = Clear::new();
    clear.insert("note".to_owned(), note.into());
    let parts = Parts { clear, sealed: Vec::new() };
    Draft { at: at.clone(), expect, schema: 1, parts, keys }
}

/// A sealed text about somebody.
pub fn part(field: &'static str, subject: SubjectId, text: &str) -> SealedPart {
    let bytes = SealedBytes::text(text).expect("a text is JSON");
    SealedPart { field: field.into(), subject, content: Content::Present(bytes) }
}

/// A draft with sealed parts.
pub fn sealed_draft(at: &DocRef, expect: u64, parts: Vec<SealedPart>, keys: Vec<Key>) -> Draft {
    let mut draft = draft(at, expect, "sealed", keys);
    draft.parts.sealed = parts;
    draft
}

/// An event about a subject.
pub fn event(subject: &str) -> NewEvent {
    NewEvent {
        kind: "test.thing.made",
        subject_kind: "thing",
        subject: subject.to_owned(),
        version: 1,
        audience: vec![PartyId::from_uuid(Uuid::new_v4())],
        on_board: true,
        data: Clear::new(),
    }
}

/// An audit row about subjects.
pub fn audit(subjects: Vec<SubjectId>) -> AuditEntry {
    AuditEntry {
        actor: "pty_test".to_owned(),
        action: "open",
        purpose: "test",
        resource: "thing with a zero \u{0} in it".to_owned(),
        relation: "owner".to_owned(),
        subjects,
        fields: vec!["thing.note".to_owned()],
        rule: "house/test".to_owned(),
        allowed: true,
        case: None,
    }
}

/// An idempotency key.
pub fn once(byte: u8) -> Once {
    Once { scope: [byte; 32], fingerprint: [1; 32], keep_until: NOW.plus(1_000) }
}

/// An outcome.
pub fn outcome(version: u64) -> Outcome {
    Outcome::of(201, "thing", version).state("made")
}

/// A party's wallet.
pub fn wallet() -> Account {
    Account::Wallet(PartyId::from_uuid(Uuid::new_v4()))
}

/// A new order.
pub fn order() -> OrderId {
    OrderId::from_uuid(Uuid::new_v4())
}

/// Money moved once.
pub fn set(
    subject: impl std::fmt::Display,
    cause: &'static str,
    from: &Account,
    to: &Account,
    fen: i64,
) -> PostingSet {
    let money = Money::new(fen, Currency::CNY).expect("in bounds");
    let set = PostingSet::new(subject, cause, Currency::CNY);
    set.transfer(from.clone(), to.clone(), money).expect("balances")
}
