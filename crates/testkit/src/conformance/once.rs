//! Idempotency and leases.

use std::sync::Arc;

use sarai_kernel::{CommitError, Store};
use uuid::Uuid;

use super::make::{NOW, decision, draft, event, once, outcome, thing};
use crate::{Backend, Home};

/// The same key fifty times at once: one is done, the others get its answer, and so does a new process.
pub async fn of_fifty_at_once_one_is_done(backend: Backend) {
    let home = Home::new(backend).await;
    let store = Arc::new(home.open().await);
    let tries: Vec<_> = (0..50)
        .map(|i| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let decision = decision().write(draft(&thing(), 0, "x", vec![])).event(event("x"));
                store.commit(decision.answer(Some(once(1)), outcome(i))).await
            })
        })
        .collect();
    let (mut done, mut answers) = (0, Vec::new());
    for one in tries {
        match one.await.expect("runs") {
            Ok(_) => done += 1,
            Err(CommitError::Answered(stored)) => answers.push(*stored),
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((done, answers.len()), (1, 49));
    let kept = home.open().await.answer(&[1; 32]).await.expect("answers").expect("kept");
    assert!(answers.iter().all(|answer| *answer == kept));
    assert_eq!(kept.fingerprint, [1; 32]);
    assert_eq!(store.last_event().await.expect("answers"), 1);
}

/// An answer is kept until its moment; then the key is free, and a sweep takes the row.
pub async fn answers_past_their_time_are_forgotten(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let ask = |at| {
        let mut decision = decision().answer(Some(once(1)), outcome(1));
        decision.at = at;
        store.commit(decision)
    };
    ask(NOW).await.expect("commits");
    assert!(matches!(ask(NOW.plus(999)).await, Err(CommitError::Answered(_))));
    ask(NOW.plus(1_000)).await.expect("commits");
    assert_eq!(store.sweep_answers(NOW.plus(999)).await, Ok(0));
    assert_eq!(store.sweep_answers(NOW.plus(1_000)).await, Ok(1));
    assert_eq!(store.answer(&[1; 32]).await, Ok(None));
}

/// A lease has one holder; after it changed hands the old number commits nothing.
pub async fn an_old_lease_holder_is_fenced_off(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let (ann, bo) = (Uuid::new_v4(), Uuid::new_v4());
    let take = |who, from, to| store.lease("dispatch/7", who, NOW.plus(from), NOW.plus(to));
    assert_eq!(take(ann, 0, 10).await, Ok(Some(1)));
    assert_eq!(take(bo, 5, 15).await, Ok(None));
    assert_eq!(take(ann, 5, 15).await, Ok(Some(1)));
    let fenced = |fence| {
        let mut decision = decision().event(event("x"));
        decision.fence = Some(("dispatch/7".to_owned(), fence));
        store.commit(decision)
    };
    fenced(1).await.expect("holds");
    assert_eq!(take(bo, 15, 25).await, Ok(Some(2)));
    assert_eq!(fenced(1).await.map(drop), Err(CommitError::Fenced));
    fenced(2).await.expect("holds");
    assert_eq!(take(ann, 30, 40).await, Ok(Some(3)));
    assert_eq!(take(ann, 50, 60).await, Ok(Some(4)));
}
