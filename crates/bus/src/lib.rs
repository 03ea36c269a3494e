//! The bus: recorded events on their way to those who listen inside this process.
//!
//! Architecture invariant: it keeps nothing and knows no one. Whoever falls behind reads the store.
//!
//! Start at [`Feed`].

use std::sync::Arc;

use sarai_kernel::event::{Event, EventSink};
use tokio::sync::{broadcast, watch};

/// How many events a listener may be behind before it is told that it missed some.
pub const BEHIND_MAX: usize = 8_192;

/// Recorded events in the store's order. Cheap to clone; every clone is the same feed.
#[derive(Clone, Debug)]
pub struct Feed {
    events: broadcast::Sender<Arc<Event>>,
    last: Arc<watch::Sender<i64>>,
}

impl Default for Feed {
    fn default() -> Self {
        Self::new(BEHIND_MAX)
    }
}

impl Feed {
    /// A feed whose listeners may be `behind_max` events behind.
    pub fn new(behind_max: usize) -> Self {
        let (events, _) = broadcast::channel(behind_max);
        let (last, _) = watch::channel(0);
        Self { events, last: Arc::new(last) }
    }

    /// Events from now on. `Lagged` says that some were missed: read them from the store after the last one seen.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Event>> {
        self.events.subscribe()
    }

    /// The place of the last event that went out; wakes on each change.
    pub fn last(&self) -> watch::Receiver<i64> {
        self.last.subscribe()
    }
}

impl EventSink for Feed {
    fn publish(&self, events: Vec<Arc<Event>>) {
        let Some(last) = events.last().map(|event| event.global_seq) else { return };
        for event in events {
            // No listener is no error.
            let _ = self.events.send(event);
        }
        self.last.send_replace(last);
    }
}

#[cfg(test)]
mod tests {
    use sarai_kernel::{EventId, Timestamp, document::Clear};

    use super::*;

    fn event(global_seq: i64) -> Arc<Event> {
        Arc::new(Event {
            id: EventId::new(Timestamp::from_micros(1)),
            global_seq,
            kind: "test.thing.made".to_owned(),
            at: Timestamp::from_micros(1),
            subject_kind: "thing".to_owned(),
            subject: "thing_1".to_owned(),
            version: 1,
            seq: 1,
            audience: Vec::new(),
            on_board: false,
            data: Clear::new(),
        })
    }

    #[tokio::test]
    async fn listeners_see_every_event_in_order_and_the_last_place() {
        let feed = Feed::default();
        let mut listener = feed.subscribe();
        let last = feed.last();
        feed.publish(vec![event(1), event(2)]);
        feed.publish(Vec::new());
        feed.publish(vec![event(3)]);
        for place in 1..=3 {
            assert_eq!(listener.recv().await.expect("sent").global_seq, place);
        }
        assert_eq!(*last.borrow(), 3);
    }

    #[tokio::test]
    async fn a_listener_that_is_too_slow_is_told() {
        let feed = Feed::new(2);
        let mut listener = feed.subscribe();
        feed.publish((1..=5).map(event).collect());
        assert!(matches!(listener.recv().await, Err(broadcast::error::RecvError::Lagged(3))));
        assert_eq!(listener.recv().await.expect("kept").global_seq, 4);
    }
}
