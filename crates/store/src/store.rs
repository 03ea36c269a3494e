//! The store as the other rooms see it.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::{Arc, OnceLock},
};

use async_trait::async_trait;
use sarai_kernel::{
    Account, Committed, Currency, Decision, Event, Store, StoreError, Timestamp,
    audit::AuditRow,
    decision::StoredAnswer,
    document::{DocRef, Document, Found, PAGE_MAX, Query},
    event::EventSink,
    ledger::PostedLine,
    ports::CommitError,
    tally::{Counted, MEMBERS_MAX, Token, Ways},
};
use sarai_seal::{SubjectId, rest::Keyring};
use uuid::Uuid;

use crate::{
    cell::{Columns, Row, row},
    db::{Conn, DbError, Given, OpenError, Place, Pool},
    erased::ErasedList,
    migrate,
    prepare::{SUBJECT_KEY, key_value, prepare, subject_value},
    read,
    sealing::{Sealing, key_row, wrapped_key},
    snapshot::{counted, currency, only_id, stored_answer, token, way},
    sql,
    statement::Statement,
    writer::{Chore, Task, TaskParts, Writer},
};

/// Most rows of one listing.
const ROWS_MAX: i64 = 10_000;
/// Person keys wrapped anew in one transaction.
const REWRAP_MAX: i64 = 200;

/// How a store is opened.
#[derive(Clone, Default)]
pub struct StoreOptions {
    /// Takes events once they are durable, from the first one after the opening.
    pub sink: Option<Arc<dyn EventSink>>,
}

/// Everything that is kept, in SQLite or PostgreSQL.
#[derive(Debug)]
pub struct SqlStore {
    pool: Pool,
    writer: Writer,
    sealing: Sealing,
    erased_list: Arc<OnceLock<ErasedList>>,
}

impl SqlStore {
    /// Opens the store at `postgres://…` or in a directory, and brings its schema up to this program.
    pub async fn open(
        address: &str,
        keyring: Arc<Keyring>,
        options: StoreOptions,
    ) -> Result<Self, OpenError> {
        let place = Place::of(address)?;
        let mut conn = Conn::open(&place).await?;
        migrate::run(&mut conn).await?;
        let pool = Pool::open(&place).await?;
        let seen = last_places(&pool).await?;
        let (writer, queue) = Writer::new();
        let sealing = Sealing::new(Arc::clone(&keyring), pool.clone(), writer.clone());
        let erased_list = Arc::new(OnceLock::new());
        let parts = TaskParts {
            place,
            conn,
            queue,
            keyring,
            sink: options.sink,
            erased_list: Arc::clone(&erased_list),
            seen,
        };
        tokio::spawn(Task::new(parts).run());
        Ok(Self { pool, writer, sealing, erased_list })
    }

    /// Follows the list of erasures in this file from now on: every erasure is added to it, what it lacks is added now, and whom it
    /// names and the store still holds, because an old backup was restored, is erased again. Gives how many that were.
    pub async fn follow_erasures(&self, path: &Path) -> Result<u64, StoreError> {
        let list = ErasedList::new(path.to_owned(), self.sealing.keyring());
        let list = list.map_err(|_| StoreError::Key)?;
        let list = self.erased_list.get_or_init(|| list);
        let (known, listed) = (self.tombstones().await?, list.read().map_err(unwritable)?);
        let new = known.iter().filter(|(subject, _)| !listed.contains_key(&list.token(*subject)));
        list.append(&new.copied().collect::<Vec<_>>()).map_err(unwritable)?;
        let known: HashSet<_> = known.iter().map(|(subject, _)| list.token(*subject)).collect();
        if listed.keys().all(|token| known.contains(token)) {
            return Ok(0);
        }
        let back = self.listed_subjects(list, &listed).await?;
        self.bury(&back).await
    }

    /// Subjects that the list names and that have a key.
    async fn listed_subjects(
        &self,
        list: &ErasedList,
        listed: &HashMap<String, Timestamp>,
    ) -> Result<Vec<(SubjectId, Timestamp)>, StoreError> {
        let (mut back, mut last) = (Vec::new(), Uuid::nil());
        loop {
            let page = only_id(self.rows(&sql::person::SUBJECTS, row![last, ROWS_MAX]).await?)?;
            let Some(end) = page.last() else { return Ok(back) };
            last = *end;
            let subjects = page.into_iter().map(SubjectId::from_uuid);
            back.extend(subjects.filter_map(|s| Some((s, *listed.get(&list.token(s))?))));
        }
    }

    /// Drops answers past their time, some thousand at most; gives how many.
    pub async fn sweep_answers(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.writer.chore(Chore::Sweep(now)).await.map(i64::unsigned_abs)
    }

    /// Wraps some person keys anew under the current master version; gives how many are left. Call until it gives 0.
    pub async fn rewrap_some(&self) -> Result<u64, StoreError> {
        let keyring = self.sealing.keyring();
        let current = i64::from(keyring.master().current().0);
        let mut rewrapped = Vec::new();
        for row in self.rows(&sql::person::OTHER_MASTER, row![current, REWRAP_MAX]).await? {
            let (subject, wrapped) = wrapped_key(row)?;
            let new = keyring.rewrap(subject, &wrapped).map_err(|_| StoreError::Key)?;
            rewrapped.extend(new.map(|new| key_row(subject, &new)));
        }
        self.writer.chore(Chore::Rewrap(rewrapped)).await?;
        let left = self.rows(&sql::person::OTHER_MASTER_COUNT, row![current]).await?;
        Ok(first(left, Columns::int)?.unwrap_or(0).unsigned_abs())
    }

    /// Everyone who was erased and when, to be replayed over a restored backup.
    pub async fn tombstones(&self) -> Result<Vec<(SubjectId, Timestamp)>, StoreError> {
        let (mut all, mut last) = (Vec::new(), 0);
        loop {
            let rows = self.rows(&sql::person::ERASED_AFTER, row![last, ROWS_MAX]).await?;
            if rows.is_empty() {
                return Ok(all);
            }
            for row in rows {
                let mut columns = Columns::of(row);
                last = columns.int().map_err(DbError::from)?;
                let subject = SubjectId::from_uuid(columns.id().map_err(DbError::from)?);
                let at = Timestamp::from_micros(columns.int().map_err(DbError::from)?);
                all.push((subject, at));
            }
        }
    }

    /// Erases again whom another store erased; gives how many were not erased here.
    pub async fn bury(&self, erased: &[(SubjectId, Timestamp)]) -> Result<u64, StoreError> {
        let subjects = erased.iter().map(|(subject, at)| (subject.uuid(), *at)).collect();
        let new = self.writer.chore(Chore::Bury(subjects)).await?;
        erased.iter().for_each(|(subject, _)| self.sealing.keyring().forget(*subject));
        Ok(new.unsigned_abs())
    }

    /// Ends the readers. The writer ends when the last copy of the store is gone and its queue is empty.
    pub async fn close(self) {
        let Self { pool, writer, sealing, .. } = self;
        drop((writer, sealing));
        pool.close().await;
    }

    async fn rows(
        &self,
        statement: &'static Statement,
        values: Row,
    ) -> Result<Vec<Row>, StoreError> {
        Ok(self.pool.rows(statement, Given::Values(values)).await?)
    }
}

fn unwritable(error: std::io::Error) -> StoreError {
    StoreError::Unavailable { code: format!("io {:?}", error.kind()) }
}

async fn last_places(pool: &Pool) -> Result<(i64, i64), DbError> {
    let rows = pool.rows(&sql::head::LAST, Given::Values(row![])).await?;
    let mut columns = Columns::of(rows.into_iter().next().ok_or(DbError::refused("head"))?);
    Ok((columns.int()?, columns.int()?))
}

fn first<T>(
    rows: Vec<Row>,
    read: impl Fn(&mut Columns) -> Result<T, crate::cell::WrongColumn>,
) -> Result<Option<T>, DbError> {
    let row = rows.into_iter().next();
    Ok(row.map(|row| read(&mut Columns::of(row))).transpose()?)
}

fn each<T>(rows: Vec<Row>, read: impl Fn(Row) -> Result<T, DbError>) -> Result<Vec<T>, StoreError> {
    Ok(rows.into_iter().map(read).collect::<Result<_, _>>()?)
}

fn page(limit: u32) -> i64 {
    i64::from(limit.clamp(1, PAGE_MAX))
}

#[async_trait]
impl Store for SqlStore {
    async fn document(&self, at: &DocRef) -> Result<Option<Document>, StoreError> {
        let rows = self.rows(&sql::document::GET, row![at.kind.as_str(), at.id]).await?;
        Ok(read::documents(rows, &self.sealing).await?.pop())
    }

    async fn find(&self, query: Query) -> Result<Vec<Found>, StoreError> {
        let value = key_value(query.name, &query.value, &self.sealing)?;
        let (statement, (sort, id)) = match (query.descending, query.after) {
            (false, after) => (&sql::document::FIND, after.unwrap_or((i64::MIN, Uuid::nil()))),
            (true, after) => (&sql::document::FIND_DOWN, after.unwrap_or((i64::MAX, Uuid::max()))),
        };
        let sort_max = query.sort_max.unwrap_or(i64::MAX);
        let values = row![query.name, value, query.kind, sort_max, sort, id, page(query.limit)];
        read::found(self.rows(statement, values).await?, &self.sealing).await
    }

    async fn count(&self, query: Query) -> Result<u64, StoreError> {
        let value = key_value(query.name, &query.value, &self.sealing)?;
        let sort_max = query.sort_max.unwrap_or(i64::MAX);
        let values = row![query.name, value, query.kind, sort_max, page(query.limit)];
        let count = first(self.rows(&sql::document::COUNT, values).await?, Columns::int)?;
        Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
    }

    async fn scan(
        &self,
        kind: &'static str,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<Document>, StoreError> {
        let values = row![kind, after.unwrap_or(Uuid::nil()), page(limit)];
        read::documents(self.rows(&sql::document::SCAN, values).await?, &self.sealing).await
    }

    async fn about(&self, subject: SubjectId) -> Result<Vec<Document>, StoreError> {
        let values = row![SUBJECT_KEY, subject_value(subject)];
        read::documents(self.rows(&sql::document::HOLDING, values).await?, &self.sealing).await
    }

    async fn commit(&self, decision: Decision) -> Result<Committed, CommitError> {
        let name = decision.name;
        let prepared = prepare(decision, &self.sealing).await?;
        let verdict = self.writer.commit(prepared).await;
        tracing::debug!(decision.name = name, committed = verdict.is_ok(), "decided");
        verdict
    }

    async fn answer(&self, scope: &[u8; 32]) -> Result<Option<StoredAnswer>, StoreError> {
        Ok(first(self.rows(&sql::answer::GET, row![*scope]).await?, stored_answer)?)
    }

    async fn events_after(&self, global_seq: i64, limit: u32) -> Result<Vec<Event>, StoreError> {
        let rows = self.rows(&sql::event::AFTER, row![global_seq, page(limit)]).await?;
        each(rows, read::event_of)
    }

    async fn events_of(&self, subject: &str) -> Result<Vec<Event>, StoreError> {
        each(self.rows(&sql::event::OF, row![subject, ROWS_MAX]).await?, read::event_of)
    }

    async fn last_event(&self) -> Result<i64, StoreError> {
        Ok(last_places(&self.pool).await?.0)
    }

    async fn balance(&self, account: &Account, currency: Currency) -> Result<i64, StoreError> {
        let values = row![account.to_string(), currency.code()];
        let balance = first(self.rows(&sql::ledger::BALANCE, values).await?, Columns::int)?;
        Ok(balance.unwrap_or(0))
    }

    async fn postings(
        &self,
        account: &Account,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<PostedLine>, StoreError> {
        let values = row![account.to_string(), before.unwrap_or(i64::MAX), page(limit)];
        each(self.rows(&sql::ledger::LINES, values).await?, read::line_of)
    }

    async fn postings_about(&self, subject: &str) -> Result<Vec<PostedLine>, StoreError> {
        each(self.rows(&sql::ledger::LINES_ABOUT, row![subject, ROWS_MAX]).await?, read::line_of)
    }

    async fn ledger_sums(&self) -> Result<Vec<(Currency, i64)>, StoreError> {
        let rows = self.rows(&sql::ledger::SUMS, row![]).await?;
        each(rows, |row| {
            let columns = &mut Columns::of(row);
            Ok((currency(columns)?, columns.int()?))
        })
    }

    async fn audit_after(&self, seq: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        each(self.rows(&sql::audit::AFTER, row![seq, page(limit)]).await?, read::audit_of)
    }

    async fn audit_of(
        &self,
        subject: SubjectId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let values = row![subject.uuid(), before.unwrap_or(i64::MAX), page(limit)];
        each(self.rows(&sql::audit::OF, values).await?, read::audit_of)
    }

    async fn lease(
        &self,
        name: &str,
        holder: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<u64>, StoreError> {
        let chore = Chore::Lease(name.to_owned(), holder, now, until);
        let fence = self.writer.chore(chore).await?;
        Ok(u64::try_from(fence).ok().filter(|fence| *fence > 0))
    }

    async fn tally(&self, name: &str) -> Result<Counted, StoreError> {
        let count = first(self.rows(&sql::tally::COUNT, row![name]).await?, counted)?;
        Ok(count.unwrap_or_default())
    }

    async fn tally_ways(&self, name: &str, who: &[Token]) -> Result<Vec<Ways>, StoreError> {
        let mut known: HashMap<Token, Ways> = HashMap::new();
        for some in who.chunks(MEMBERS_MAX) {
            let asked = some.iter().map(|token| row![name, token.as_slice()]).collect();
            for row in self.pool.rows(&sql::tally::WAYS, Given::Rows(asked)).await? {
                let columns = &mut Columns::of(row);
                columns.text().map_err(DbError::from)?;
                let who = token(columns).map_err(DbError::from)?;
                known.insert(who, way(columns).map_err(DbError::from)?);
            }
        }
        Ok(who.iter().map(|token| known.get(token).copied().unwrap_or_default()).collect())
    }

    async fn is_erased(&self, subject: SubjectId) -> Result<bool, StoreError> {
        let given = Given::Rows(vec![row![subject.uuid()]]);
        Ok(!self.pool.rows(&sql::person::ERASED, given).await?.is_empty())
    }
}
