//! Work that nobody asks for: notices, time-outs, checkpoints, deliveries. One loop each, under a lease, so that of several processes
//! over one store only one does it.

use std::{future::Future, sync::Arc, time::Duration};

use sarai_kernel::{Clock, Store, time::SECOND};
use tokio::{sync::watch, task::JoinSet, time};
use uuid::Uuid;

/// How much longer a lease lasts than a round should take.
const LEASE_ROUNDS: i64 = 5;

/// Runs the loops until the server stops.
pub struct Workers {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    holder: Uuid,
    stop: watch::Receiver<bool>,
    running: JoinSet<()>,
}

impl Workers {
    /// No loop yet. `stop` turns true when the server stops.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, stop: watch::Receiver<bool>) -> Self {
        Self { store, clock, holder: Uuid::now_v7(), stop, running: JoinSet::new() }
    }

    /// Starts a loop: `round` every `seconds`, while the lease `name` is held. A failed round is logged and tried again.
    pub fn every<F, R, E>(&mut self, name: &'static str, seconds: u64, round: F)
    where
        F: Fn() -> R + Send + 'static,
        R: Future<Output = Result<usize, E>> + Send,
        E: std::fmt::Display + Send,
    {
        let (store, clock, holder) = (self.store.clone(), self.clock.clone(), self.holder);
        let mut stop = self.stop.clone();
        let lease_micros = LEASE_ROUNDS * SECOND * i64::try_from(seconds.max(1)).unwrap_or(60);
        self.running.spawn(async move {
            let mut ticks = time::interval(Duration::from_secs(seconds));
            ticks.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    _ = ticks.tick() => {}
                    _ = stop.wait_for(|stop| *stop) => return,
                }
                let now = clock.now();
                match store.lease(name, holder, now, now.plus(lease_micros)).await {
                    Ok(Some(_)) => report(name, round().await),
                    Ok(None) => {}
                    Err(error) => tracing::warn!(worker = name, %error, "lease"),
                }
            }
        });
    }

    /// Waits until every loop has ended its round.
    pub async fn farewell(mut self) {
        while self.running.join_next().await.is_some() {}
    }
}

fn report<E: std::fmt::Display>(worker: &'static str, outcome: Result<usize, E>) {
    match outcome {
        Ok(0) => {}
        Ok(done) => tracing::debug!(worker, done, "round"),
        Err(error) => tracing::warn!(worker, %error, "round failed"),
    }
}
