//! Sealed parts, blind keys, erasure.

use std::{path::Path, sync::Arc};

use sarai_kernel::{CommitError, Key, Query, Store, StoreError, document::KeyValue};
use sarai_seal::{Content, SealedBytes, SubjectId};
use uuid::Uuid;

use super::make::{decision, draft, part, sealed_draft, thing};
use crate::{Backend, Home};

fn subject() -> SubjectId {
    SubjectId::from_uuid(Uuid::new_v4())
}

fn text(text: &str) -> SealedBytes {
    SealedBytes::text(text).expect("a text is JSON")
}

fn holds(content: &Content, wanted: &str) -> bool {
    matches!(content, Content::Present(bytes) if bytes.same(&text(wanted)))
}

const CANARY: &str = "canary-13800138000-word";

/// Sealed words come back, and no file of the store holds them, nor the blind key's.
pub async fn sealed_parts_come_back_and_their_words_are_not_on_the_disk(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let (at, ann, bo) = (thing(), subject(), subject());
    let parts = vec![part("thing.phone", ann, CANARY), part("thing.names#0", bo, CANARY)];
    let keys = vec![Key::unique("thing.phone", KeyValue::Blind(text(CANARY)))];
    let mut draft = sealed_draft(&at, 0, parts, keys);
    draft.parts.clear.insert("plain".to_owned(), "plain-word-to-be-found".into());
    store.commit(decision().write(draft)).await.expect("commits");
    let document = store.document(&at).await.expect("answers").expect("is there");
    let sealed = &document.parts.sealed;
    assert_eq!(sealed.len(), 2);
    for (part, subject) in sealed.iter().zip([ann, bo]) {
        assert!(holds(&part.content, CANARY) && part.subject == subject);
    }
    let about = store.about(bo).await.expect("answers");
    assert_eq!(about.len(), 1);
    for directory in home.disk().await {
        let text = all_text(&directory);
        assert!(text.contains("plain-word-to-be-found"), "looked in the wrong place");
        assert!(!text.contains(CANARY));
        assert!(!text.contains("13800138000"));
    }
}

/// All files as text: whatever is not text becomes a mark, plain words stay. (Searching text is quick also in a debug build.)
fn all_text(path: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(path).expect("a directory") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => text.push_str(&all_text(&path)),
            false => {
                text.push_str(&String::from_utf8_lossy(&std::fs::read(&path).unwrap_or_default()))
            }
        }
    }
    text
}

/// A personal value is found by equality through its blind key, and unique through it.
pub async fn a_blind_key_finds_by_equality(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let (at, ann) = (thing(), subject());
    let blind = |value: &str| KeyValue::Blind(text(value));
    let keys = |value: &str| vec![Key::unique("thing.phone", blind(value))];
    let parts = || vec![part("thing.phone", ann, "+8613800138000")];
    let first = sealed_draft(&at, 0, parts(), keys("+8613800138000"));
    store.commit(decision().write(first)).await.expect("commits");
    let find = |value| store.find(Query::by("thing", "thing.phone", value));
    assert_eq!(find(blind("+8613800138000")).await.expect("answers").len(), 1);
    assert!(find(blind("+8613800138001")).await.expect("answers").is_empty());
    assert!(find("+8613800138000".into()).await.expect("answers").is_empty());
    let other = sealed_draft(&thing(), 0, vec![], keys("+8613800138000"));
    let refused = store.commit(decision().write(other)).await.map(drop);
    assert_eq!(refused, Err(CommitError::Duplicate("thing.phone")));
}

/// After erasure sealed parts are marked erased, blind keys find nothing, nothing new is sealed, and a restart changes none of it.
pub async fn erasure_leaves_nothing_readable(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let (at, ann, bo) = (thing(), subject(), subject());
    let parts = vec![part("thing.phone", ann, CANARY), part("thing.other", bo, "stays")];
    let keys = || {
        vec![
            Key::new("thing.phone", KeyValue::Blind(text(CANARY)), 0),
            Key::new("thing.all", "all", 0),
        ]
    };
    store.commit(decision().write(sealed_draft(&at, 0, parts, keys()))).await.expect("commits");
    let mut erase = decision();
    erase.erase.push(ann);
    store.commit(erase).await.expect("commits");
    let after = store;
    check_erased(&after, &at, ann).await;
    let again =
        decision().write(sealed_draft(&thing(), 0, vec![part("thing.phone", ann, "x")], vec![]));
    assert_eq!(after.commit(again).await.map(drop), Err(CommitError::Erased(ann)));
    after.close().await;
    let after = home.open().await;
    check_erased(&after, &at, ann).await;
    // What is left can still be changed, its erased part staying erased.
    let document = after.document(&at).await.expect("answers").expect("is there");
    let rewrite = sealed_draft(&at, document.version, document.parts.sealed, vec![]);
    after.commit(decision().write(rewrite)).await.expect("commits");
    let document = after.document(&at).await.expect("answers").expect("is there");
    assert!(matches!(document.parts.sealed[0].content, Content::Erased));
    assert!(holds(&document.parts.sealed[1].content, "stays"));
}

async fn check_erased(store: &sarai_store::SqlStore, at: &sarai_kernel::DocRef, ann: SubjectId) {
    assert!(store.is_erased(ann).await.expect("answers"));
    let document = store.document(at).await.expect("answers").expect("is there");
    assert!(matches!(document.parts.sealed[0].content, Content::Erased));
    assert!(holds(&document.parts.sealed[1].content, "stays"));
    let blind = Query::by("thing", "thing.phone", KeyValue::Blind(text(CANARY)));
    assert!(store.find(blind).await.expect("answers").is_empty());
    assert_eq!(store.find(Query::by("thing", "thing.all", "all")).await.expect("answers").len(), 1);
    assert_eq!(store.about(ann).await.expect("answers").len(), 1);
}

/// A ciphertext put into another row, as a database administrator could, does not open there.
pub async fn a_moved_ciphertext_does_not_open(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let (a, b, ann) = (thing(), thing(), subject());
    for (at, words) in [(&a, "one"), (&b, "two")] {
        let draft = sealed_draft(at, 0, vec![part("thing.phone", ann, words)], vec![]);
        store.commit(decision().write(draft)).await.expect("commits");
    }
    home.copy_sealed(a.id, b.id).await;
    assert!(store.document(&a).await.is_ok());
    assert_eq!(store.document(&b).await.map(drop), Err(StoreError::Key));
}

/// Many first writes about one new person: one key, and all open with it after a restart.
pub async fn new_subjects_at_once_get_one_key(backend: Backend) {
    let home = Home::new(backend).await;
    let (store, ann) = (Arc::new(home.open().await), subject());
    let writers: Vec<_> = (0..20)
        .map(|i| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let at = thing();
                let draft = sealed_draft(
                    &at,
                    0,
                    vec![part("thing.phone", ann, &format!("word {i}"))],
                    vec![],
                );
                store.commit(decision().write(draft)).await.expect("commits");
                (at, format!("word {i}"))
            })
        })
        .collect();
    let fresh = home.open().await;
    for writer in writers {
        let (at, word) = writer.await.expect("runs");
        let document = fresh.document(&at).await.expect("opens").expect("is there");
        assert!(holds(&document.parts.sealed[0].content, &word));
    }
    let _ = draft(&thing(), 0, "", vec![]);
}
