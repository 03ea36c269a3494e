//! The one writer: a task that drains a bounded queue and commits many decisions in one durable transaction.
//! An answer leaves only after COMMIT.

mod batch;
mod task;

use sarai_kernel::{Committed, StoreError, Timestamp, ports::CommitError};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::{cell::Row, prepare::Prepared};

pub use task::{Task, TaskParts};

/// Most decisions that wait.
pub const QUEUE_MAX: usize = 1_024;

/// The door to the writer. Cheap to clone; when the last one goes the task ends.
#[derive(Debug, Clone)]
pub struct Writer(mpsc::Sender<Work>);

/// Something for the writer, with where to answer.
#[derive(Debug)]
pub enum Work {
    /// Commit a decision.
    Commit(Box<Prepared>, oneshot::Sender<Result<Committed, CommitError>>),
    /// Something beside decisions.
    Chore(Chore, oneshot::Sender<Result<i64, StoreError>>),
}

/// What else is written.
#[derive(Debug, Clone)]
pub enum Chore {
    /// Take or renew a lease: name, holder, now, until. Answers the fencing number, or 0.
    Lease(String, Uuid, Timestamp, Timestamp),
    /// Keep new person keys, where none is.
    Keys(Vec<Row>),
    /// Replace wrapped keys. Answers how many.
    Rewrap(Vec<Row>),
    /// Drop answers past their time. Answers how many.
    Sweep(Timestamp),
    /// Bury subjects that another store erased: subject and moment. Answers how many were new.
    Bury(Vec<(Uuid, Timestamp)>),
}

impl Writer {
    /// A door and the queue behind it.
    pub fn new() -> (Self, mpsc::Receiver<Work>) {
        let (sender, receiver) = mpsc::channel(QUEUE_MAX);
        (Self(sender), receiver)
    }

    /// Commits a decision. A full queue says so at once.
    pub async fn commit(&self, decision: Prepared) -> Result<Committed, CommitError> {
        let (reply, answer) = oneshot::channel();
        match self.0.try_send(Work::Commit(Box::new(decision), reply)) {
            Ok(()) => answer.await.map_err(|_| closed())?,
            Err(mpsc::error::TrySendError::Full(_)) => Err(CommitError::Busy),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(closed().into()),
        }
    }

    /// Does a chore.
    pub async fn chore(&self, chore: Chore) -> Result<i64, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.0.send(Work::Chore(chore, reply)).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// Keeps new person keys.
    pub async fn keys(&self, rows: Vec<Row>) -> Result<(), CommitError> {
        self.chore(Chore::Keys(rows)).await?;
        Ok(())
    }
}

fn closed() -> StoreError {
    StoreError::Unavailable { code: "closed".to_owned() }
}
