//! Follows the orders of authorities: whatever node took one, this node obeys within a second.

use std::{sync::Arc, time::Duration};

use sarai_bus::Feed;
use sarai_gate::{Gate, directive::EVENTS};
use sarai_kernel::Store;
use tokio::{
    sync::broadcast::error::RecvError,
    time::{MissedTickBehavior, interval},
};

/// Even without an event the orders are read again so often: an event that was missed must not leave one unheard.
const LOOK_AGAIN: Duration = Duration::from_millis(900);

/// Reads the orders anew whenever one was issued or lifted, for as long as the feed lives and somebody holds the gate.
pub(crate) fn follow(feed: &Feed, store: &Arc<dyn Store>, gate: &Arc<Gate>) {
    let (mut events, store, gate) = (feed.subscribe(), Arc::clone(store), Arc::downgrade(gate));
    tokio::spawn(async move {
        let mut ticks = interval(LOOK_AGAIN);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let due = tokio::select! {
                event = events.recv() => match event {
                    Ok(event) => event.kind.starts_with(EVENTS),
                    Err(RecvError::Lagged(_)) => true,
                    Err(RecvError::Closed) => return,
                },
                _ = ticks.tick() => true,
            };
            if !due {
                continue;
            }
            let Some(gate) = gate.upgrade() else { return };
            if let Err(error) = gate.orders().reload(store.as_ref()).await {
                tracing::warn!(code = error.code, "the orders of authorities cannot be read again");
            }
        }
    });
}
