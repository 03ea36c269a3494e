//! The public board's changes, gathered for a moment and shared by all listeners: which listings changed, nothing else.

use std::{sync::Arc, time::Duration};

use sarai_bus::Feed;
use sarai_kernel::{Clock, Event, EventId};
use serde_json::json;
use tokio::sync::broadcast;

use super::{Envelope, EventSubject};

/// How long changes are gathered at least.
pub const GATHER: Duration = Duration::from_millis(50);
/// And besides for each listener: to tell a thousand takes tens of milliseconds, and who tells again at once only falls behind.
const GATHER_EACH: Duration = Duration::from_micros(50);
/// At most, however many listen.
const GATHER_MAX: Duration = Duration::from_millis(250);
/// Most listing ids in one message.
pub const IDS_MAX: usize = 100;
/// How many messages a listener may be behind.
const BEHIND_MAX: usize = 1_024;

/// Some listings changed.
#[derive(Debug, Clone)]
pub struct Changed {
    /// Place of the last event in it.
    pub(crate) global_seq: i64,
    /// Its lines but for the cursor.
    pub(crate) lines: Arc<str>,
}

/// Gathers the board's events of a feed.
pub struct BoardFeed {
    changes: broadcast::Sender<Changed>,
}

impl BoardFeed {
    /// Starts gathering; ends when the feed does.
    pub fn start(feed: &Feed, clock: Arc<dyn Clock>) -> Self {
        let (changes, _) = broadcast::channel(BEHIND_MAX);
        tokio::spawn(gather(feed.subscribe(), changes.clone(), clock));
        Self { changes }
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Changed> {
        self.changes.subscribe()
    }
}

/// How long changes are gathered for so many listeners.
fn gathering(listeners: usize) -> Duration {
    let each = GATHER_EACH.saturating_mul(u32::try_from(listeners).unwrap_or(u32::MAX));
    (GATHER + each).min(GATHER_MAX)
}

async fn gather(
    mut feed: broadcast::Receiver<Arc<Event>>,
    changes: broadcast::Sender<Changed>,
    clock: Arc<dyn Clock>,
) {
    let mut waiting: Vec<Arc<Event>> = Vec::new();
    loop {
        match feed.recv().await {
            Ok(event) => waiting.extend(Some(event).filter(|event| event.on_board)),
            // Readers ask the board after any message, so what was missed is made good by the next one.
            Err(broadcast::error::RecvError::Lagged(_)) => continue,
            Err(broadcast::error::RecvError::Closed) => return,
        }
        if waiting.is_empty() {
            continue;
        }
        let until = tokio::time::Instant::now() + gathering(changes.receiver_count());
        while let Ok(Ok(event)) = tokio::time::timeout_at(until, feed.recv()).await {
            waiting.extend(Some(event).filter(|event| event.on_board));
        }
        for chunk in waiting.chunks(IDS_MAX) {
            let _ = changes.send(changed(chunk, clock.as_ref()));
        }
        waiting.clear();
    }
}

/// One message about some board events.
pub(crate) fn changed<E: AsRef<Event>>(events: &[E], clock: &dyn Clock) -> Changed {
    let mut listings: Vec<&str> =
        events.iter().map(|event| event.as_ref().subject.as_str()).collect();
    listings.dedup();
    let now = clock.now();
    let envelope = Envelope {
        id: EventId::new(now),
        kind: "board.changed".to_owned(),
        at: now,
        subject: EventSubject {
            kind: "board".to_owned(),
            id: "public".to_owned(),
            version: 0,
            seq: 0,
        },
        data: [("listings".to_owned(), json!(listings))].into_iter().collect(),
        api: "v1",
    };
    let data = serde_json::to_string(&envelope).unwrap_or_default();
    Changed {
        global_seq: events.last().map_or(0, |event| event.as_ref().global_seq),
        lines: Arc::from(format!("event: board.changed\ndata: {data}\n\n")),
    }
}
