//! Backup and restore.

use std::sync::Arc;

use sarai_kernel::{Account, Currency, Key, Query, Store, document::KeyValue};
use sarai_seal::{Content, SealedBytes, SubjectId};
use sarai_store::{BackupError, BackupIdentity, SqlStore, backup, restore};
use uuid::Uuid;

use super::make::{
    NOW, audit, decision, event, once, outcome, part, sealed_draft, set, thing, wallet,
};
use crate::{Backend, Home};

const CANARY: &str = "canary-in-a-backup";

async fn fill(store: &SqlStore, subject: SubjectId) -> sarai_kernel::DocRef {
    let at = thing();
    let bytes = SealedBytes::text(CANARY).expect("a text is JSON");
    let keys =
        vec![Key::unique("thing.phone", KeyValue::Blind(bytes)), Key::new("thing.all", "all", 3)];
    let order = super::make::order();
    let outside = Account::Provider("test");
    let whole = decision()
        .write(sealed_draft(&at, 0, vec![part("thing.phone", subject, CANARY)], keys))
        .event(event("thing_x"))
        .audit(audit(vec![subject]))
        .post(set(order, "paid", &outside, &wallet(), 70))
        .answer(Some(once(4)), outcome(1));
    store.commit(whole).await.expect("commits");
    store.lease("worker", Uuid::new_v4(), NOW, NOW.plus(5)).await.expect("takes");
    at
}

async fn noise(store: &SqlStore) {
    for _ in 0..20 {
        let more = decision().event(event("noise")).audit(audit(vec![]));
        let more =
            more.post(set(super::make::order(), "paid", &Account::Provider("test"), &wallet(), 1));
        store.commit(more).await.expect("commits");
    }
}

/// A backup taken while others write restores, on either database, into a store that is whole and goes on counting.
pub async fn a_backup_taken_while_running_restores_whole(backend: Backend) {
    let home = Home::new(backend).await;
    let (store, ann) = (Arc::new(home.open().await), SubjectId::from_uuid(Uuid::new_v4()));
    let at = fill(&store, ann).await;
    let identity = BackupIdentity::generate();
    let writer = tokio::spawn({
        let store = Arc::clone(&store);
        async move { noise(&store).await }
    });
    let mut file = Vec::new();
    let made = backup(home.address(), &mut file, &[identity.recipient()]).await.expect("backs up");
    writer.await.expect("runs");
    assert!(!String::from_utf8_lossy(&file).contains("thing.phone"), "not sealed");
    for other in [Backend::Sqlite, Backend::Pg] {
        let new_home = Home::new(other).await;
        let restored = restore(new_home.address(), &*file, &identity).await.expect("restores");
        assert_eq!(restored, made);
        check(&new_home.open().await, &at, made.last_event).await;
        let again = restore(new_home.address(), &*file, &identity).await;
        assert!(matches!(again, Err(BackupError::NotEmpty)));
    }
}

async fn check(store: &SqlStore, at: &sarai_kernel::DocRef, last_event: i64) {
    let document = store.document(at).await.expect("answers").expect("is there");
    let wanted = SealedBytes::text(CANARY).expect("a text is JSON");
    assert!(
        matches!(&document.parts.sealed[0].content, Content::Present(bytes) if bytes.same(&wanted))
    );
    let blind = Query::by("thing", "thing.phone", KeyValue::Blind(wanted));
    assert_eq!(store.find(blind).await.expect("answers").len(), 1);
    assert_eq!(store.ledger_sums().await.expect("answers"), [(Currency::CNY, 0)]);
    assert!(store.answer(&[4; 32]).await.expect("answers").is_some());
    assert_eq!(store.lease("worker", Uuid::new_v4(), NOW, NOW.plus(5)).await, Ok(None));
    let done = store.commit(decision().event(event("thing_x")).audit(audit(vec![]))).await;
    let done = done.expect("commits");
    assert_eq!((done.events[0].global_seq, done.events[0].seq), (last_event + 1, 2));
    let rows = store.audit_after(0, 1_000).await.expect("answers");
    assert!(rows.windows(2).all(|pair| pair[1].previous == pair[0].hash));
    assert!(rows.iter().all(|row| row.digest() == row.hash));
}

/// Who was erased after the backup was made is erased again after its restore.
pub async fn an_erasure_survives_the_restore_of_an_older_backup(backend: Backend) {
    let (home, new_home) = (Home::new(backend).await, Home::new(backend).await);
    let (store, ann) = (home.open().await, SubjectId::from_uuid(Uuid::new_v4()));
    let at = fill(&store, ann).await;
    let identity = BackupIdentity::generate();
    let mut file = Vec::new();
    backup(home.address(), &mut file, &[identity.recipient()]).await.expect("backs up");
    let mut erase = decision();
    erase.erase.push(ann);
    store.commit(erase).await.expect("commits");
    let tombstones = store.tombstones().await.expect("answers");
    assert_eq!(tombstones, [(ann, NOW)]);
    restore(new_home.address(), &*file, &identity).await.expect("restores");
    let store = new_home.open().await;
    assert_eq!(store.bury(&tombstones).await, Ok(1));
    assert_eq!(store.bury(&tombstones).await, Ok(0));
    let store = new_home.open().await;
    assert!(store.is_erased(ann).await.expect("answers"));
    let document = store.document(&at).await.expect("answers").expect("is there");
    assert!(matches!(document.parts.sealed[0].content, Content::Erased));
    let bytes = SealedBytes::text(CANARY).expect("a text is JSON");
    let blind = Query::by("thing", "thing.phone", KeyValue::Blind(bytes));
    assert!(store.find(blind).await.expect("answers").is_empty());
}

/// The list of erasures beside the store does the same by itself, also for an erasure that was made before it was followed.
pub async fn the_list_of_erasures_brings_nobody_back(backend: Backend) {
    let (home, new_home) = (Home::new(backend).await, Home::new(backend).await);
    let store = home.open().await;
    let [ann, bo, cy] = [(); 3].map(|()| SubjectId::from_uuid(Uuid::new_v4()));
    for subject in [ann, bo, cy] {
        let draft = sealed_draft(&thing(), 0, vec![part("thing.phone", subject, CANARY)], vec![]);
        store.commit(decision().write(draft)).await.expect("commits");
    }
    let identity = BackupIdentity::generate();
    let mut file = Vec::new();
    backup(home.address(), &mut file, &[identity.recipient()]).await.expect("backs up");
    let erase = |subject| {
        let mut erase = decision();
        erase.erase.push(subject);
        store.commit(erase)
    };
    let list = home.directory().join("erased");
    erase(ann).await.expect("commits");
    assert_eq!(store.follow_erasures(&list).await, Ok(0));
    erase(bo).await.expect("commits");
    let text = std::fs::read_to_string(&list).expect("reads");
    assert_eq!(text.lines().count(), 2);
    assert!(!text.contains(&bo.uuid().simple().to_string()));
    restore(new_home.address(), &*file, &identity).await.expect("restores");
    let store = new_home.open().await;
    assert_eq!(store.is_erased(ann).await, Ok(false));
    assert_eq!(store.follow_erasures(&list).await, Ok(2));
    assert_eq!(store.follow_erasures(&list).await, Ok(0));
    for (subject, erased) in [(ann, true), (bo, true), (cy, false)] {
        assert_eq!(store.is_erased(subject).await, Ok(erased));
    }
    assert_eq!(std::fs::read_to_string(&list).expect("reads"), text);
}
