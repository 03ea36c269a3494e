//! Events: one order, no gaps.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use sarai_kernel::{Event, Store, event::EventSink};

use super::make::{decision, event, set, wallet};
use crate::{Backend, Home};

/// Writers at once, some refused; a reader follows and never finds n + 1 before n.
pub async fn places_have_no_gaps_and_readers_never_see_one(backend: Backend) {
    let home = Home::new(backend).await;
    let store = Arc::new(home.open().await);
    let done = Arc::new(AtomicBool::new(false));
    let reader = tokio::spawn(follow(Arc::clone(&store), Arc::clone(&done)));
    let writers: Vec<_> = (0..64)
        .map(|writer| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let subject = format!("thing_{}", writer % 8);
                for round in 0..5 {
                    let good = decision().event(event(&subject)).event(event("all"));
                    store.commit(good).await.expect("commits");
                    if round % 2 == 0 {
                        let bad = decision().event(event(&subject));
                        let bad = bad.post(set(&subject, "none", &wallet(), &wallet(), 5));
                        store.commit(bad).await.expect_err("no funds");
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.expect("runs");
    }
    done.store(true, Ordering::Release);
    assert_eq!(reader.await.expect("runs"), 640);
    let of_one = store.events_of("thing_3").await.expect("answers");
    assert_eq!(
        of_one.iter().map(|event| event.seq).collect::<Vec<_>>(),
        (1..=40).collect::<Vec<_>>()
    );
    assert_eq!(store.last_event().await.expect("answers"), 640);
}

async fn follow(store: Arc<sarai_store::SqlStore>, done: Arc<AtomicBool>) -> i64 {
    let mut last = 0;
    loop {
        let finished = done.load(Ordering::Acquire);
        let page = store.events_after(last, 100).await.expect("answers");
        for event in &page {
            assert_eq!(event.global_seq, last + 1, "a gap");
            last = event.global_seq;
        }
        if finished && page.is_empty() {
            return last;
        }
    }
}

struct Heard(Mutex<Vec<Arc<Event>>>);

impl EventSink for Heard {
    fn publish(&self, events: Vec<Arc<Event>>) {
        self.0.lock().expect("not poisoned").extend(events);
    }
}

/// What is committed is published, each event once and in order, whichever process committed it.
pub async fn the_feed_gives_every_event_in_order(backend: Backend) {
    let home = Home::new(backend).await;
    let heard = Arc::new(Heard(Mutex::default()));
    let sink: Arc<dyn EventSink> = heard.clone();
    let (ours, theirs) = (home.open_with(Some(sink)).await, home.open().await);
    for _ in 0..10 {
        ours.commit(decision().event(event("x"))).await.expect("commits");
        theirs.commit(decision().event(event("y")).event(event("z"))).await.expect("commits");
    }
    let wait = async {
        while heard.0.lock().expect("not poisoned").len() < 30 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), wait).await.expect("all arrive");
    let heard = heard.0.lock().expect("not poisoned");
    let places: Vec<_> = heard.iter().map(|event| event.global_seq).collect();
    assert_eq!(places, (1..=30).collect::<Vec<_>>());
    drop((ours, theirs));
}
