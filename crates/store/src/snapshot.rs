//! What the writer must know before it decides over a batch, and how it is read: a few statements for the whole batch.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use sarai_kernel::{
    Currency,
    decision::{Outcome, StoredAnswer},
    document::DocRef,
    tally::{Counted, Token, Ways},
};
use sarai_seal::SubjectId;
use uuid::Uuid;

use crate::{
    cell::{Columns, Row, WrongColumn, row},
    db::{Conn, DbError, Given},
    prepare::Prepared,
    sql,
};

/// The last places given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub event_seq: i64,
    pub audit_seq: i64,
    pub audit_hash: [u8; 32],
    pub posting_seq: i64,
    pub tombstone_seq: i64,
}

/// A key of a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyRow {
    pub name: Cow<'static, str>,
    pub value: Vec<u8>,
    pub sort: i64,
    pub only_one: bool,
}

impl KeyRow {
    /// What tells one key of a document from another.
    pub fn place(&self) -> (&str, &[u8], i64) {
        (&self.name, &self.value, self.sort)
    }
}

/// An account in a currency.
pub type Purse = (String, Currency);

/// What is true at the moment of the batch.
#[derive(Debug)]
pub struct Snapshot {
    pub head: Head,
    /// Version and moment of making, of those that are there.
    pub documents: HashMap<DocRef, (u64, i64)>,
    /// Keys of documents that will change.
    pub keys: HashMap<DocRef, Vec<KeyRow>>,
    /// Holders of unique keys.
    pub holders: HashMap<(Cow<'static, str>, Vec<u8>), DocRef>,
    /// Answers with the moment until which they are kept.
    pub answers: HashMap<[u8; 32], (StoredAnswer, i64)>,
    /// Last place of subjects of events.
    pub subject_seqs: HashMap<String, u64>,
    pub balances: HashMap<Purse, i64>,
    /// Posting sets (subject, cause) that were made.
    pub posted: HashSet<(String, String)>,
    /// Subjects whose key is there.
    pub sealable: HashSet<SubjectId>,
    pub fences: HashMap<String, u64>,
    pub tallies: HashMap<String, Counted>,
    /// In which ways persons that will be added are in their tallies already.
    pub ways: HashMap<(String, Token), Ways>,
}

impl Snapshot {
    /// What a batch needs, under the lock that `head` came with.
    pub async fn read(conn: &mut Conn, head: Head, batch: &[&Prepared]) -> Result<Self, DbError> {
        let wanted = Wanted::of(batch);
        Ok(Self {
            head,
            answers: answers(conn, wanted.scopes).await?,
            fences: fences(conn, wanted.leases).await?,
            documents: documents(conn, &wanted.documents).await?,
            sealable: sealable(conn, wanted.subjects).await?,
            keys: keys(conn, wanted.changing).await?,
            holders: holders(conn, wanted.unique).await?,
            posted: posted(conn, wanted.sets).await?,
            balances: balances(conn, wanted.purses).await?,
            subject_seqs: subject_seqs(conn, wanted.event_subjects).await?,
            tallies: tallies(conn, wanted.tallies).await?,
            ways: ways(conn, wanted.members).await?,
        })
    }
}

/// The keys to all of it, each once.
#[derive(Default)]
struct Wanted {
    scopes: HashSet<[u8; 32]>,
    leases: HashSet<String>,
    documents: HashSet<DocRef>,
    changing: HashSet<DocRef>,
    unique: HashSet<(&'static str, Vec<u8>)>,
    subjects: HashSet<SubjectId>,
    sets: HashSet<(String, String)>,
    purses: HashSet<Purse>,
    event_subjects: HashSet<String>,
    tallies: HashSet<String>,
    members: HashSet<(String, Token)>,
}

impl Wanted {
    fn of(batch: &[&Prepared]) -> Self {
        let mut wanted = Self::default();
        for decision in batch {
            wanted.add_documents(decision);
            wanted.add_rest(decision);
        }
        wanted
    }

    fn add_documents(&mut self, decision: &Prepared) {
        let read = decision.expects.iter().chain(&decision.removals).map(|(at, _)| at.clone());
        self.documents.extend(read);
        self.changing.extend(decision.removals.iter().map(|(at, _)| at.clone()));
        for draft in &decision.drafts {
            self.documents.insert(draft.at.clone());
            self.changing.insert(draft.at.clone());
            self.unique.extend(draft.unique.iter().cloned());
        }
        self.subjects.extend(&decision.sealed_for);
    }

    fn add_rest(&mut self, decision: &Prepared) {
        self.scopes.extend(decision.answer.as_ref().map(|answer| answer.once.scope));
        self.leases.extend(decision.fence.as_ref().map(|(name, _)| name.clone()));
        self.event_subjects.extend(decision.events.iter().map(|event| event.subject.clone()));
        for marks in &decision.marks {
            self.tallies.insert(marks.tally.clone());
            let members = marks.members.iter().map(|(token, _)| (marks.tally.clone(), *token));
            self.members.extend(members);
        }
        for set in &decision.postings {
            self.sets.insert((set.subject().to_owned(), set.cause().to_owned()));
            let purses = set.lines().iter().map(|line| (line.account.to_string(), set.currency()));
            self.purses.extend(purses);
        }
    }
}

/// Reads rows into a collection.
fn into<T, C: FromIterator<T>>(
    rows: Vec<Row>,
    read: impl Fn(&mut Columns) -> Result<T, WrongColumn>,
) -> Result<C, DbError> {
    let each = rows.into_iter().map(|row| read(&mut Columns::of(row)).map_err(DbError::from));
    each.collect()
}

/// The document that two columns name.
pub fn doc_ref(columns: &mut Columns) -> Result<DocRef, WrongColumn> {
    Ok(DocRef { kind: columns.text()?, id: columns.id()? })
}

/// A number that is never negative.
pub fn count(columns: &mut Columns) -> Result<u64, WrongColumn> {
    u64::try_from(columns.int()?).map_err(|_| WrongColumn)
}

fn doc_rows(refs: &HashSet<DocRef>) -> Vec<Row> {
    refs.iter().map(|at| row![at.kind.as_str(), at.id]).collect()
}

async fn documents(
    conn: &mut Conn,
    refs: &HashSet<DocRef>,
) -> Result<HashMap<DocRef, (u64, i64)>, DbError> {
    let rows = conn.each(&sql::document::STATE_MANY, doc_rows(refs)).await?;
    into(rows, |c| Ok((doc_ref(c)?, (count(c)?, c.int()?))))
}

async fn keys(
    conn: &mut Conn,
    refs: HashSet<DocRef>,
) -> Result<HashMap<DocRef, Vec<KeyRow>>, DbError> {
    let rows = conn.each(&sql::key::OF_MANY, doc_rows(&refs)).await?;
    let mut keys: HashMap<DocRef, Vec<KeyRow>> = HashMap::new();
    for row in rows {
        let c = &mut Columns::of(row);
        let at = doc_ref(c)?;
        let (name, value, sort) = (Cow::Owned(c.text()?), c.bytes()?, c.int()?);
        let key = KeyRow { name, value, sort, only_one: c.int()? == 1 };
        keys.entry(at).or_default().push(key);
    }
    Ok(keys)
}

async fn holders(
    conn: &mut Conn,
    unique: HashSet<(&'static str, Vec<u8>)>,
) -> Result<HashMap<(Cow<'static, str>, Vec<u8>), DocRef>, DbError> {
    let rows = unique.into_iter().map(|(name, value)| row![name, value]).collect();
    let rows = conn.each(&sql::key::HOLDERS, rows).await?;
    into(rows, |c| Ok(((Cow::Owned(c.text()?), c.bytes()?), doc_ref(c)?)))
}

async fn answers(
    conn: &mut Conn,
    scopes: HashSet<[u8; 32]>,
) -> Result<HashMap<[u8; 32], (StoredAnswer, i64)>, DbError> {
    let rows = scopes.into_iter().map(|scope| row![scope]).collect();
    let rows = conn.each(&sql::answer::GET_MANY, rows).await?;
    into(rows, |c| Ok((c.hash()?, (stored_answer(c)?, c.int()?))))
}

/// A kept answer from its two columns.
pub fn stored_answer(columns: &mut Columns) -> Result<StoredAnswer, WrongColumn> {
    let fingerprint = columns.hash()?;
    let outcome: Outcome = serde_json::from_str(&columns.text()?).map_err(|_| WrongColumn)?;
    Ok(StoredAnswer { fingerprint, outcome })
}

async fn fences(conn: &mut Conn, names: HashSet<String>) -> Result<HashMap<String, u64>, DbError> {
    let rows = names.into_iter().map(|name| row![name]).collect();
    let rows = conn.each(&sql::lease::FENCES, rows).await?;
    into(rows, |c| Ok((c.text()?, count(c)?)))
}

async fn sealable(
    conn: &mut Conn,
    subjects: HashSet<SubjectId>,
) -> Result<HashSet<SubjectId>, DbError> {
    let rows = subjects.into_iter().map(|subject| row![subject.uuid()]).collect();
    let rows = conn.each(&sql::person::GET_MANY, rows).await?;
    into(rows, |c| c.id().map(SubjectId::from_uuid))
}

async fn posted(
    conn: &mut Conn,
    sets: HashSet<(String, String)>,
) -> Result<HashSet<(String, String)>, DbError> {
    let rows = sets.into_iter().map(|(subject, cause)| row![subject, cause]).collect();
    let rows = conn.each(&sql::ledger::POSTED, rows).await?;
    into(rows, |c| Ok((c.text()?, c.text()?)))
}

async fn balances(conn: &mut Conn, purses: HashSet<Purse>) -> Result<HashMap<Purse, i64>, DbError> {
    let rows = purses.into_iter().map(|(name, currency)| row![name, currency.code()]).collect();
    let rows = conn.each(&sql::ledger::BALANCES, rows).await?;
    into(rows, |c| Ok(((c.text()?, currency(c)?), c.int()?)))
}

/// A currency from its column.
pub fn currency(columns: &mut Columns) -> Result<Currency, WrongColumn> {
    Currency::new(&columns.text()?).ok_or(WrongColumn)
}

async fn subject_seqs(
    conn: &mut Conn,
    subjects: HashSet<String>,
) -> Result<HashMap<String, u64>, DbError> {
    let rows = subjects.into_iter().map(|subject| row![subject]).collect();
    let rows = conn.each(&sql::event::LAST_OF, rows).await?;
    into(rows, |c| Ok((c.text()?, count(c)?)))
}

async fn tallies(
    conn: &mut Conn,
    names: HashSet<String>,
) -> Result<HashMap<String, Counted>, DbError> {
    let rows = names.into_iter().map(|name| row![name]).collect();
    let rows = conn.each(&sql::tally::COUNTS, rows).await?;
    into(rows, |c| Ok((c.text()?, counted(c)?)))
}

/// A tally's three counts.
pub fn counted(columns: &mut Columns) -> Result<Counted, WrongColumn> {
    Ok(Counted { persons: count(columns)?, plain: count(columns)?, sensitive: count(columns)? })
}

async fn ways(
    conn: &mut Conn,
    members: HashSet<(String, Token)>,
) -> Result<HashMap<(String, Token), Ways>, DbError> {
    let rows = members.into_iter().map(|(tally, token)| row![tally, token.as_slice()]).collect();
    let rows = conn.each(&sql::tally::WAYS, rows).await?;
    into(rows, |c| Ok(((c.text()?, token(c)?), way(c)?)))
}

/// A token from its column.
pub fn token(columns: &mut Columns) -> Result<Token, WrongColumn> {
    columns.bytes()?.try_into().map_err(|_| WrongColumn)
}

/// Ways from their column.
pub fn way(columns: &mut Columns) -> Result<Ways, WrongColumn> {
    u8::try_from(columns.int()?).map(Ways::from_bits).map_err(|_| WrongColumn)
}

/// Takes the lock: the head, and the transaction's number where the database gives one.
pub async fn lock_head(conn: &mut Conn) -> Result<(Head, String), DbError> {
    let rows = conn.rows(&sql::head::LOCK, Given::Values(row![])).await?;
    let c = &mut Columns::of(rows.into_iter().next().ok_or(DbError::refused("head"))?);
    Ok((head_of(c)?, c.text()?))
}

/// The head, without the lock.
pub async fn read_head(conn: &mut Conn) -> Result<Head, DbError> {
    let rows = conn.rows(&sql::head::GET, Given::Values(row![])).await?;
    let c = &mut Columns::of(rows.into_iter().next().ok_or(DbError::refused("head"))?);
    Ok(head_of(c)?)
}

fn head_of(c: &mut Columns) -> Result<Head, WrongColumn> {
    Ok(Head {
        event_seq: c.int()?,
        audit_seq: c.int()?,
        audit_hash: c.hash()?,
        posting_seq: c.int()?,
        tombstone_seq: c.int()?,
    })
}

/// The id of a lease holder or subject in a row.
pub fn only_id(rows: Vec<Row>) -> Result<Vec<Uuid>, DbError> {
    into(rows, Columns::id)
}
