//! One batch inside its transaction.

use std::sync::Arc;

use sarai_kernel::{Committed, Timestamp, event::Event, ports::CommitError};
use sarai_seal::SubjectId;

use super::{Chore, Work};
use crate::{
    cell::{Columns, Row, row},
    db::{Conn, DbError, Given},
    plan::Plan,
    prepare::Prepared,
    snapshot::{Head, Snapshot, lock_head},
    sql,
    write::write,
};

/// Answers dropped in one go.
const SWEEP_MAX: i64 = 5_000;

/// A batch that is written and waits for COMMIT.
#[derive(Debug)]
pub struct Written {
    /// One for each piece of work.
    pub replies: Vec<Reply>,
    /// Place of the last event before it.
    pub event_seq_before: i64,
    /// Its events, in order.
    pub events: Vec<Arc<Event>>,
    /// Who was erased.
    pub erased: Vec<(SubjectId, Timestamp)>,
    /// Whether anything was written at all.
    pub dirty: bool,
    /// The database's number of the transaction.
    pub xid: String,
}

/// An answer that waits for COMMIT.
#[derive(Debug)]
pub enum Reply {
    /// To a decision.
    Commit(Result<Committed, CommitError>),
    /// To a chore.
    Chore(i64),
}

/// Does a batch, up to but without COMMIT.
pub async fn run(conn: &mut Conn, batch: &[Work]) -> Result<Written, DbError> {
    conn.begin().await?;
    let (mut head, xid) = lock_head(conn).await?;
    let started = head.clone();
    let mut dirty = false;
    let mut replies: Vec<Option<Reply>> = Vec::with_capacity(batch.len());
    for work in batch {
        replies.push(match work {
            Work::Commit(..) => None,
            Work::Chore(chore, _) => {
                dirty = true;
                Some(Reply::Chore(do_chore(conn, chore, &mut head).await?))
            }
        });
    }
    if head != started {
        conn.rows(&sql::head::SET, Given::Values(crate::write::head_row(&head))).await?;
    }
    let event_seq_before = head.event_seq;
    let decisions: Vec<&Prepared> = batch.iter().filter_map(decision_of).collect();
    let snapshot = Snapshot::read(conn, head.clone(), &decisions).await?;
    let mut plan = Plan::new(snapshot);
    let mut verdicts: Vec<_> = decisions.into_iter().map(|decision| plan.take(decision)).collect();
    dirty |= verdicts.iter().any(Result::is_ok);
    write(conn, &plan, &head).await?;
    let mut verdicts = verdicts.drain(..);
    let replies = replies.into_iter().map(|reply| match reply {
        Some(reply) => Ok(reply),
        None => verdicts.next().map(Reply::Commit).ok_or(DbError::refused("batch")),
    });
    Ok(Written {
        replies: replies.collect::<Result<_, _>>()?,
        event_seq_before,
        erased: plan.erased.iter().map(|(_, subject, at)| (*subject, *at)).collect(),
        events: plan.events,
        dirty,
        xid,
    })
}

fn decision_of(work: &Work) -> Option<&Prepared> {
    match work {
        Work::Commit(decision, _) => Some(decision),
        Work::Chore(..) => None,
    }
}

async fn do_chore(conn: &mut Conn, chore: &Chore, head: &mut Head) -> Result<i64, DbError> {
    match chore {
        Chore::Lease(name, holder, now, until) => {
            let given = row![name.as_str(), *holder, now.as_micros(), until.as_micros()];
            let rows = conn.rows(&sql::lease::TAKE, Given::Values(given)).await?;
            let fence = rows.into_iter().next().map(|row| Columns::of(row).int()).transpose()?;
            Ok(fence.unwrap_or(0))
        }
        Chore::Keys(rows) => conn.each(&sql::person::INSERT, rows.clone()).await.map(|_| 0),
        Chore::Rewrap(rows) => {
            for row in rows {
                conn.rows(&sql::person::REWRAP, Given::Values(row.clone())).await?;
            }
            Ok(count(rows))
        }
        Chore::Sweep(now) => {
            let given = Given::Values(row![now.as_micros(), SWEEP_MAX]);
            conn.rows(&sql::answer::SWEEP, given).await.map(|rows| count(&rows))
        }
        Chore::Bury(subjects) => {
            let mut new = 0;
            for (subject, at) in subjects {
                head.tombstone_seq += 1;
                let seq = head.tombstone_seq;
                new += crate::write::bury(conn, seq, SubjectId::from_uuid(*subject), *at).await?;
            }
            Ok(new)
        }
    }
}

fn count(rows: &[Row]) -> i64 {
    i64::try_from(rows.len()).unwrap_or(i64::MAX)
}
