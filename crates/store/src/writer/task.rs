//! The writer's task: gathers batches, runs them, answers.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use sarai_kernel::{StoreError, event::EventSink};
use sarai_seal::{SubjectId, rest::Keyring};
use tokio::{
    sync::mpsc,
    time::{MissedTickBehavior, interval, sleep, timeout},
};

use super::{
    Work,
    batch::{Reply, Written, run},
};
use crate::{
    cell::{Columns, row},
    db::{Conn, DbError, Fault, Given, Place, TRANSACTION_TIME_MAX},
    erased::ErasedList,
    read::event_of,
    sql,
};

/// Most pieces of work in one transaction.
const BATCH_MAX: usize = 256;
/// No more decisions are added to a batch past this size.
const BATCH_BYTES_MAX: usize = 4 << 20;
/// How often a batch is run again after a race of transactions, and how often a lost connection is looked for.
const RETRIES_MAX: u32 = 5;
/// Pause before a lost connection is looked for again.
const RECONNECT_PAUSE: Duration = Duration::from_millis(200);
/// How often an idle writer looks for what other processes committed.
const LOOK_AROUND: Duration = Duration::from_millis(250);
/// Events read at once when catching up.
const CATCH_UP_MAX: i64 = 1_000;

/// What the task is made of.
pub struct TaskParts {
    pub place: Place,
    pub conn: Conn,
    pub queue: mpsc::Receiver<Work>,
    pub keyring: Arc<Keyring>,
    pub sink: Option<Arc<dyn EventSink>>,
    /// The list of erasures, once the store follows one.
    pub erased_list: Arc<OnceLock<ErasedList>>,
    /// Places of the last event that is out, and of the last erasure that is known.
    pub seen: (i64, i64),
}

/// The writer's task.
pub struct Task {
    place: Place,
    conn: Option<Conn>,
    queue: mpsc::Receiver<Work>,
    /// Taken from the queue, for the next batch.
    held: Option<Work>,
    keyring: Arc<Keyring>,
    sink: Option<Arc<dyn EventSink>>,
    erased_list: Arc<OnceLock<ErasedList>>,
    published: i64,
    erasures: i64,
}

impl Task {
    /// A task that is not running yet.
    pub fn new(parts: TaskParts) -> Self {
        let TaskParts { place, conn, queue, keyring, sink, erased_list, seen } = parts;
        let (published, erasures) = seen;
        let (conn, held) = (Some(conn), None);
        Self { place, conn, queue, held, keyring, sink, erased_list, published, erasures }
    }

    /// Works until the last door is closed and the queue is empty.
    pub async fn run(mut self) {
        let mut look_around = interval(LOOK_AROUND);
        look_around.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let first = match self.held.take() {
                Some(work) => Some(work),
                None => tokio::select! {
                    biased;
                    work = self.queue.recv() => work,
                    _ = look_around.tick() => {
                        self.look_around().await;
                        continue;
                    }
                },
            };
            let Some(first) = first else { break };
            let batch = self.gather(first);
            self.serve(batch).await;
        }
        if let Some(conn) = self.conn.take() {
            conn.close().await;
        }
    }

    /// What waits, up to a bound. An erasure goes alone: it changes keys that others of its batch may have read.
    fn gather(&mut self, first: Work) -> Vec<Work> {
        let mut bytes = size(&first);
        let alone = erases(&first);
        let mut batch = vec![first];
        while !alone && batch.len() < BATCH_MAX && bytes < BATCH_BYTES_MAX {
            let Ok(next) = self.queue.try_recv() else { break };
            if erases(&next) {
                self.held = Some(next);
                break;
            }
            bytes += size(&next);
            batch.push(next);
        }
        batch
    }

    async fn serve(&mut self, batch: Vec<Work>) {
        match self.attempts(&batch).await {
            Ok(written) => self.settle(batch, written).await,
            // One piece of work may be to blame: the others shall not suffer for it.
            Err(error) if error.fault == Fault::Refused && batch.len() > 1 => {
                tracing::warn!(db.code = error.code, batch = batch.len(), "a batch was refused");
                for work in batch {
                    let alone = vec![work];
                    match self.attempts(&alone).await {
                        Ok(written) => self.settle(alone, written).await,
                        Err(error) => fail(alone, &error),
                    }
                }
            }
            Err(error) => fail(batch, &error),
        }
    }

    async fn attempts(&mut self, batch: &[Work]) -> Result<Written, DbError> {
        let mut left = RETRIES_MAX;
        loop {
            let done = self.attempt(batch).await;
            match done {
                Err(error) if error.fault == Fault::Race && left > 0 => left -= 1,
                // Nothing was sent for COMMIT, so it may be tried once more on a new connection.
                Err(error) if error.fault == Fault::Lost && left == RETRIES_MAX => left = 0,
                other => return other,
            }
        }
    }

    /// One attempt. `Lost` means that it is certain not to be committed, `Refused` likewise.
    async fn attempt(&mut self, batch: &[Work]) -> Result<Written, DbError> {
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => self.connect().await?,
        };
        let work = timeout(TRANSACTION_TIME_MAX, run(&mut conn, batch)).await;
        let written = match work.unwrap_or_else(|_| Err(DbError::lost("timeout"))) {
            Ok(written) => written,
            Err(error) => {
                self.conn = undone(conn).await;
                return Err(error);
            }
        };
        if !written.dirty {
            self.conn = undone(conn).await;
            return Ok(written);
        }
        let commit = timeout(TRANSACTION_TIME_MAX, conn.commit()).await;
        match commit.unwrap_or_else(|_| Err(DbError::lost("timeout"))) {
            Ok(()) => {
                self.conn = Some(conn);
                Ok(written)
            }
            Err(error) if error.fault == Fault::Lost => {
                drop(conn);
                self.resolve(written).await
            }
            Err(error) => {
                self.conn = undone(conn).await;
                Err(error)
            }
        }
    }

    /// COMMIT was sent and nothing came back: the database is asked what became of the transaction.
    async fn resolve(&mut self, written: Written) -> Result<Written, DbError> {
        for _ in 0..RETRIES_MAX {
            let Ok(mut conn) = self.connect().await else { continue };
            match conn.was_committed(&written.xid).await {
                Ok(Some(true)) => {
                    self.conn = Some(conn);
                    return Ok(written);
                }
                Ok(Some(false)) => {
                    self.conn = Some(conn);
                    return Err(DbError::lost("rolled back"));
                }
                Ok(None) | Err(_) => sleep(RECONNECT_PAUSE).await,
            }
        }
        // Only the idempotency key tells the caller.
        Err(DbError::unknown())
    }

    async fn connect(&mut self) -> Result<Conn, DbError> {
        let mut last = DbError::lost("connect");
        for _ in 0..RETRIES_MAX {
            match timeout(TRANSACTION_TIME_MAX, Conn::open(&self.place)).await {
                Ok(Ok(conn)) => return Ok(conn),
                Ok(Err(error)) => last = error,
                Err(_) => {}
            }
            sleep(RECONNECT_PAUSE).await;
        }
        tracing::error!(db.code = last.code, "the database cannot be reached");
        Err(last)
    }

    /// After COMMIT: keys are forgotten, events go out, answers leave.
    async fn settle(&mut self, batch: Vec<Work>, written: Written) {
        for (subject, _) in &written.erased {
            self.keyring.forget(*subject);
        }
        if let Some(list) = self.erased_list.get()
            && let Err(error) = list.append(&written.erased)
        {
            // It is made good at the next start.
            tracing::error!(io.kind = ?error.kind(), "the list of erasures cannot be written");
        }
        self.publish(written.event_seq_before, written.events).await;
        for (work, reply) in batch.into_iter().zip(written.replies) {
            answer(work, reply);
        }
    }

    async fn publish(&mut self, before: i64, events: Vec<Arc<sarai_kernel::Event>>) {
        if before != self.published {
            // Another process committed in between: its events come first.
            return self.look_around().await;
        }
        if let Some(last) = events.last() {
            self.published = last.global_seq;
            if let Some(sink) = &self.sink {
                sink.publish(events);
            }
        }
    }

    /// Events and erasures that other processes committed.
    async fn look_around(&mut self) {
        let Some(mut conn) = self.conn.take() else { return };
        match self.catch_up(&mut conn).await {
            Ok(()) => self.conn = Some(conn),
            Err(error) => {
                tracing::warn!(db.code = error.code, "cannot look for new events");
                if error.fault != Fault::Lost {
                    self.conn = Some(conn);
                }
            }
        }
    }

    async fn catch_up(&mut self, conn: &mut Conn) -> Result<(), DbError> {
        let rows = conn.rows(&sql::head::LAST, Given::Values(row![])).await?;
        let mut columns = Columns::of(rows.into_iter().next().ok_or(DbError::refused("head"))?);
        let (events, erasures) = (columns.int()?, columns.int()?);
        while self.published < events {
            let given = Given::Values(row![self.published, CATCH_UP_MAX]);
            let rows = conn.rows(&sql::event::AFTER, given).await?;
            let page: Result<Vec<_>, _> =
                rows.into_iter().map(|r| event_of(r).map(Arc::new)).collect();
            let page = page?;
            let Some(last) = page.last() else { break };
            self.published = last.global_seq;
            if let Some(sink) = &self.sink {
                sink.publish(page);
            }
        }
        while self.erasures < erasures {
            let given = Given::Values(row![self.erasures, CATCH_UP_MAX]);
            let rows = conn.rows(&sql::person::ERASED_AFTER, given).await?;
            if rows.is_empty() {
                self.erasures = erasures;
            }
            for row in rows {
                let mut columns = Columns::of(row);
                self.erasures = columns.int()?;
                self.keyring.forget(SubjectId::from_uuid(columns.id()?));
            }
        }
        Ok(())
    }
}

/// Rolls back; a connection that cannot is let go.
async fn undone(mut conn: Conn) -> Option<Conn> {
    match timeout(TRANSACTION_TIME_MAX, conn.rollback()).await {
        Ok(Ok(())) => Some(conn),
        _ => None,
    }
}

fn erases(work: &Work) -> bool {
    match work {
        Work::Commit(decision, _) => !decision.erase.is_empty(),
        Work::Chore(chore, _) => matches!(chore, super::Chore::Bury(_)),
    }
}

fn size(work: &Work) -> usize {
    match work {
        Work::Commit(decision, _) => decision.size(),
        Work::Chore(..) => 256,
    }
}

/// Whoever asked may have gone: then nobody hears the answer.
fn answer(work: Work, reply: Reply) {
    match (work, reply) {
        (Work::Commit(_, to), Reply::Commit(verdict)) => drop(to.send(verdict)),
        (Work::Chore(_, to), Reply::Chore(number)) => drop(to.send(Ok(number))),
        _ => {}
    }
}

fn fail(batch: Vec<Work>, error: &DbError) {
    tracing::error!(db.code = error.code, batch = batch.len(), "a batch failed");
    let error = StoreError::from(error.clone());
    for work in batch {
        match work {
            Work::Commit(_, to) => drop(to.send(Err(error.clone().into()))),
            Work::Chore(_, to) => drop(to.send(Err(error.clone()))),
        }
    }
}
