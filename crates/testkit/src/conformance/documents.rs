//! Documents and versions.

use std::sync::Arc;

use sarai_kernel::{CommitError, Decision, DocRef, Key, Query, Store};

use super::make::{decision, draft, event, once, outcome, set, thing, wallet};
use crate::{Backend, Home};

fn remove(at: &DocRef, version: u64) -> Decision {
    let mut decision = decision();
    decision.removals.push((at.clone(), version));
    decision
}

/// What is written is read.
pub async fn a_document_comes_back(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let at = thing();
    assert!(store.document(&at).await.expect("answers").is_none());
    let text = "quotes \" ' back \\ zero \u{0} 中文 {rows} $1";
    store.commit(decision().write(draft(&at, 0, text, vec![]))).await.expect("commits");
    let document = store.document(&at).await.expect("answers").expect("is there");
    assert_eq!((document.version, &document.at), (1, &at));
    assert_eq!(document.parts.clear.get("note").and_then(|note| note.as_str()), Some(text));
    assert_eq!(document.created_at, super::make::NOW);
}

/// Versions go up by one; a decision with another version is a conflict, as is one about what is or is not there.
pub async fn versions_count_and_a_stale_one_is_refused(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let at = thing();
    let conflict = Err(CommitError::Conflict(at.clone()));
    assert_eq!(
        store.commit(decision().write(draft(&at, 1, "x", vec![]))).await.map(drop),
        conflict
    );
    store.commit(decision().write(draft(&at, 0, "a", vec![]))).await.expect("commits");
    assert_eq!(
        store.commit(decision().write(draft(&at, 0, "x", vec![]))).await.map(drop),
        conflict
    );
    let mut later = decision().write(draft(&at, 1, "b", vec![]));
    later.at = later.at.plus(5);
    store.commit(later).await.expect("commits");
    for stale in [0, 1, 3] {
        let decision = decision().write(draft(&at, stale, "x", vec![]));
        assert_eq!(store.commit(decision).await.map(drop), conflict);
    }
    let mut unchanged = decision().write(draft(&thing(), 0, "c", vec![]));
    unchanged.expects.push((at.clone(), 1));
    assert_eq!(store.commit(unchanged).await.map(drop), conflict);
    let document = store.document(&at).await.expect("answers").expect("is there");
    assert_eq!((document.version, document.updated_at.since(document.created_at)), (2, 5));
    assert_eq!(store.commit(remove(&at, 1)).await.map(drop), conflict);
}

/// Writers race for one version: one wins each round, and nobody's change is lost.
pub async fn of_many_writers_exactly_one_wins(backend: Backend) {
    let home = Home::new(backend).await;
    let store = Arc::new(home.open().await);
    let at = thing();
    for version in 0..5 {
        let race = (0..40).map(|writer| {
            let (store, at) = (Arc::clone(&store), at.clone());
            tokio::spawn(async move {
                let note = format!("{version} by {writer}");
                store.commit(decision().write(draft(&at, version, &note, vec![]))).await
            })
        });
        let mut won = 0;
        for writer in race.collect::<Vec<_>>() {
            match writer.await.expect("runs") {
                Ok(_) => won += 1,
                Err(error) => assert_eq!(error, CommitError::Conflict(at.clone())),
            }
        }
        assert_eq!(won, 1);
    }
}

/// A decision with one bad part leaves no trace of its other parts.
pub async fn a_refused_decision_leaves_nothing(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let (at, poor, rich) = (thing(), wallet(), wallet());
    let bad = decision()
        .write(draft(&at, 0, "x", vec![Key::unique("thing.name", "a")]))
        .event(event("thing_x"))
        .audit(super::make::audit(vec![]))
        .answer(Some(once(9)), outcome(1))
        .post(set("x", "test", &poor, &rich, 1));
    assert_eq!(store.commit(bad).await.map(drop), Err(CommitError::Funds(poor.to_string())));
    assert!(store.document(&at).await.expect("answers").is_none());
    assert_eq!(store.last_event().await.expect("answers"), 0);
    assert!(store.audit_after(0, 10).await.expect("answers").is_empty());
    assert!(store.answer(&[9; 32]).await.expect("answers").is_none());
    assert!(store.postings_about("x").await.expect("answers").is_empty());
    let good = decision().write(draft(&thing(), 0, "y", vec![Key::unique("thing.name", "a")]));
    store.commit(good).await.expect("the key is still free");
}

/// Removal takes the document and its keys.
pub async fn a_removed_document_is_gone_and_its_keys_are_free(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let (at, other) = (thing(), thing());
    let keys = || vec![Key::unique("thing.name", "a"), Key::new("thing.all", "all", 1)];
    store.commit(decision().write(draft(&at, 0, "x", keys()))).await.expect("commits");
    store.commit(remove(&at, 1)).await.expect("commits");
    assert!(store.document(&at).await.expect("answers").is_none());
    assert!(store.find(Query::by("thing", "thing.all", "all")).await.expect("answers").is_empty());
    store.commit(decision().write(draft(&other, 0, "y", keys()))).await.expect("commits");
    store.commit(decision().write(draft(&at, 0, "again", vec![]))).await.expect("commits");
}

/// A new process sees what the old one acknowledged, and counts on from there.
pub async fn everything_survives_a_restart(backend: Backend) {
    let home = Home::new(backend).await;
    let (at, subject) = (thing(), sarai_seal::SubjectId::from_uuid(uuid::Uuid::new_v4()));
    let store = home.open().await;
    let first = decision()
        .write(super::make::sealed_draft(
            &at,
            0,
            vec![super::make::part("thing.phone", subject, "1")],
            vec![],
        ))
        .event(event("thing_x"))
        .audit(super::make::audit(vec![subject]));
    store.commit(first).await.expect("commits");
    store.close().await;
    let store = home.open().await;
    let document = store.document(&at).await.expect("answers").expect("is there");
    assert!(matches!(document.parts.sealed[0].content, sarai_seal::Content::Present(_)));
    let second = decision().event(event("thing_x")).audit(super::make::audit(vec![]));
    let done = store.commit(second).await.expect("commits");
    assert_eq!((done.events[0].global_seq, done.events[0].seq, done.audit_seq), (2, 2, 2));
}

/// Pages of a scan give all documents of the kind, in order of id.
pub async fn scanning_gives_each_document_once(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let mut wanted = Vec::new();
    for _ in 0..25 {
        let at = thing();
        wanted.push(at.id);
        store.commit(decision().write(draft(&at, 0, "x", vec![]))).await.expect("commits");
    }
    let other = DocRef::new("other", uuid::Uuid::new_v4());
    store.commit(decision().write(draft(&other, 0, "x", vec![]))).await.expect("commits");
    wanted.sort();
    let (mut seen, mut last) = (Vec::new(), None);
    loop {
        let page = store.scan("thing", last, 10).await.expect("answers");
        let Some(end) = page.last() else { break };
        last = Some(end.at.id);
        seen.extend(page.iter().map(|document| document.at.id));
    }
    assert_eq!(seen, wanted);
}

/// Two processes on one store: each version has one winner, each unique key one holder, the order has no gap.
pub async fn two_processes_race_as_one(backend: Backend) {
    let home = Home::new(backend).await;
    let stores = [Arc::new(home.open().await), Arc::new(home.open().await)];
    let at = thing();
    stores[0].commit(decision().write(draft(&at, 0, "0", vec![]))).await.expect("commits");
    let race: Vec<_> = (0..30)
        .map(|writer| {
            let (store, at) = (Arc::clone(&stores[writer % 2]), at.clone());
            tokio::spawn(async move {
                let mut won = 0;
                for _ in 0..5 {
                    let now =
                        store.document(&at).await.expect("answers").expect("is there").version;
                    let keys = vec![Key::unique("thing.round", now.to_string())];
                    let claim = decision().write(draft(&thing(), 0, "claim", keys));
                    let claim = claim.write(draft(&at, now, "x", vec![])).event(event("race"));
                    match store.commit(claim).await {
                        Ok(_) => won += 1,
                        Err(error) => assert_eq!(error, CommitError::Conflict(at.clone())),
                    }
                }
                won
            })
        })
        .collect();
    let mut won = 0;
    for writer in race {
        won += writer.await.expect("runs");
    }
    let end = stores[0].document(&at).await.expect("answers").expect("is there").version;
    let events = stores[1].events_of("race").await.expect("answers");
    assert_eq!((end, events.len()), (won + 1, usize::try_from(won).expect("small")));
    let places: Vec<_> = events.iter().map(|event| event.global_seq).collect();
    assert_eq!(places, (1..=won.cast_signed()).collect::<Vec<_>>());
}
