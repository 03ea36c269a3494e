//! Keys and pages.

use sarai_kernel::{CommitError, Key, Query, Store, Timestamp};
use uuid::Uuid;

use super::make::{NOW, decision, draft, thing};
use crate::{Backend, Home};

/// The second claimant is refused, also within one decision; rewriting one's own is fine.
pub async fn a_unique_key_has_one_holder(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let key = || vec![Key::unique("thing.name", "a")];
    let (first, second) = (thing(), thing());
    let duplicate = Err(CommitError::Duplicate("thing.name"));
    let both = decision().write(draft(&first, 0, "x", key())).write(draft(&second, 0, "y", key()));
    assert_eq!(store.commit(both).await.map(drop), duplicate);
    store.commit(decision().write(draft(&first, 0, "x", key()))).await.expect("commits");
    store.commit(decision().write(draft(&first, 1, "x", key()))).await.expect("commits");
    assert_eq!(
        store.commit(decision().write(draft(&second, 0, "y", key()))).await.map(drop),
        duplicate
    );
    store.commit(decision().write(draft(&first, 2, "x", vec![]))).await.expect("commits");
    store.commit(decision().write(draft(&second, 0, "y", key()))).await.expect("free again");
}

/// One decision may pass a key from one document to another, both ways.
pub async fn two_documents_may_swap_a_unique_key(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let (a, b) = (thing(), thing());
    let key = |value: &str| vec![Key::unique("thing.name", value)];
    let first = decision().write(draft(&a, 0, "x", key("1"))).write(draft(&b, 0, "y", key("2")));
    store.commit(first).await.expect("commits");
    let swap = decision().write(draft(&a, 1, "x", key("2"))).write(draft(&b, 1, "y", key("1")));
    store.commit(swap).await.expect("commits");
    let found = store.find(Query::by("thing", "thing.name", "1")).await.expect("answers");
    assert_eq!(found.iter().map(|found| found.document.at.id).collect::<Vec<_>>(), [b.id]);
}

/// Every page boundary, both directions: each document once, in order of (sort, id).
pub async fn pages_break_ties_by_id_in_both_directions(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let mut wanted: Vec<(i64, Uuid)> = Vec::new();
    for i in 0..23 {
        let (at, sort) = (thing(), i64::from(i % 3) - 1);
        wanted.push((sort, at.id));
        let keys =
            vec![Key::new("thing.all", "all", sort), Key::new("thing.all", "all, not", sort)];
        store.commit(decision().write(draft(&at, 0, "x", keys))).await.expect("commits");
    }
    wanted.sort();
    for descending in [false, true] {
        for limit in [1, 2, 5, 8, 23, 24] {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let query = Query::by("thing", "thing.all", "all").limit(limit).after(after);
                let query = if descending { query.newest_first() } else { query };
                let page = store.find(query).await.expect("answers");
                after = page.last().map(|found| (found.sort, found.document.at.id));
                seen.extend(page.iter().map(|found| (found.sort, found.document.at.id)));
                if after.is_none() {
                    break;
                }
            }
            if descending {
                seen.reverse();
            }
            assert_eq!(seen, wanted, "pages of {limit}");
            let all = Query::by("thing", "thing.all", "all").limit(limit);
            let count = store.count(all).await.expect("answers");
            assert_eq!(count, u64::from(limit.min(23)), "counted to {limit}");
        }
    }
}

/// Timers: what is due, oldest first, and not what is to come.
pub async fn timers_give_what_is_due(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let mut ids = Vec::new();
    for minute in [3, 1, 2, 5] {
        let at = thing();
        ids.push(at.id);
        let key = Key::timer("test.worker", Timestamp::from_micros(minute));
        store.commit(decision().write(draft(&at, 0, "x", vec![key]))).await.expect("commits");
    }
    let due = || Query::by("thing", "timer", "test.worker").up_to(3);
    assert_eq!(store.count(due()).await.expect("answers"), 3);
    let due = store.find(due()).await.expect("answers");
    let due: Vec<_> = due.iter().map(|found| found.document.at.id).collect();
    assert_eq!(due, [ids[1], ids[2], ids[0]]);
    assert!(NOW.as_micros() > 3);
}

/// Any text is a key, and only the same text is the same key.
pub async fn keys_hold_any_text(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let texts = ["", "\u{0}", "a\u{0}b", "A", "a", "a ", "ä", "中文", "' OR 1=1 --", "%", "_"];
    for text in texts {
        let draft = draft(&thing(), 0, text, vec![Key::unique("thing.name", text)]);
        store.commit(decision().write(draft)).await.expect("commits");
    }
    for text in texts {
        let found = store.find(Query::by("thing", "thing.name", text)).await.expect("answers");
        let notes: Vec<_> = found.iter().map(|f| f.document.parts.clear["note"].as_str()).collect();
        assert_eq!(notes, [Some(text)]);
    }
}
