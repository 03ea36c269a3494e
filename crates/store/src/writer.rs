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

#[cfg(test)]
mod tests {
    use futures::{FutureExt, future::join_all};
    use sarai_kernel::Decision;

    use super::*;

    fn empty() -> Prepared {
        let Decision {
            at, expects, removals, events, postings, audit, marks, erase, fence, ..
        } = Decision::new("test", Timestamp::from_micros(1));
        Prepared {
            at,
            drafts: Vec::new(),
            expects,
            removals,
            events,
            postings,
            audit,
            marks,
            erase,
            answer: None,
            fence,
            sealed_for: Vec::new(),
            erased: Vec::new(),
        }
    }

    #[tokio::test]
    async fn the_queue_takes_so_many_and_says_busy_at_once_to_one_more() {
        let (writer, mut queue) = Writer::new();
        let mut waiting: Vec<_> =
            (0..QUEUE_MAX).map(|_| Box::pin(writer.commit(empty()))).collect();
        for commit in &mut waiting {
            assert!(commit.now_or_never().is_none(), "it waits for its answer");
        }
        assert_eq!(writer.commit(empty()).await.map(drop), Err(CommitError::Busy));
        // One place is free again.
        drop(queue.recv().await);
        assert!(Box::pin(writer.commit(empty())).as_mut().now_or_never().is_none());
        drop(queue);
        let answers = join_all(waiting).await;
        assert!(answers.iter().all(|answer| matches!(answer, Err(CommitError::Store(_)))));
    }
}
