//! Reading: rows into what the kernel knows.

use sarai_kernel::{
    Event, Money, StoreError, Timestamp,
    audit::AuditRow,
    document::{Clear, DocRef, Document, Found, Unreadable},
    ledger::PostedLine,
};
use sarai_seal::{Parts, SubjectId};
use serde::Deserialize;

use crate::{
    cell::{Columns, Row, WrongColumn},
    db::DbError,
    sealing::{Persons, Sealing, StoredPart, stored_parts},
    snapshot::{count, currency, doc_ref},
};

/// A document whose sealed parts are still closed.
struct Closed {
    at: DocRef,
    version: u64,
    schema: u16,
    created_at: Timestamp,
    updated_at: Timestamp,
    clear: Clear,
    sealed: Vec<StoredPart>,
}

/// Documents from their rows; the keys of all of them are fetched at once.
pub async fn documents(rows: Vec<Row>, sealing: &Sealing) -> Result<Vec<Document>, StoreError> {
    let closed: Vec<_> =
        rows.into_iter().map(|row| closed(&mut Columns::of(row))).collect::<Result<_, _>>()?;
    open_all(closed, sealing).await
}

/// Documents with the value that orders the page, which is the first column.
pub async fn found(rows: Vec<Row>, sealing: &Sealing) -> Result<Vec<Found>, StoreError> {
    let (mut sorts, mut all) = (Vec::new(), Vec::new());
    for row in rows {
        let mut columns = Columns::of(row);
        sorts.push(columns.int().map_err(DbError::from)?);
        all.push(closed(&mut columns)?);
    }
    let documents = open_all(all, sealing).await?;
    Ok(documents.into_iter().zip(sorts).map(|(document, sort)| Found { document, sort }).collect())
}

fn closed(columns: &mut Columns) -> Result<Closed, StoreError> {
    let at = doc_ref(columns).map_err(DbError::from)?;
    let unreadable = || Unreadable { kind: at.kind.clone(), id: at.id };
    let mut rest = || {
        Some((
            count(columns).ok()?,
            u16::try_from(columns.int().ok()?).ok()?,
            Timestamp::from_micros(columns.int().ok()?),
            Timestamp::from_micros(columns.int().ok()?),
            serde_json::from_str(&columns.text().ok()?).ok()?,
            stored_parts(&columns.bytes().ok()?)?,
        ))
    };
    let (version, schema, created_at, updated_at, clear, sealed) = rest().ok_or_else(unreadable)?;
    Ok(Closed { at, version, schema, created_at, updated_at, clear, sealed })
}

async fn open_all(all: Vec<Closed>, sealing: &Sealing) -> Result<Vec<Document>, StoreError> {
    let parts = all.iter().flat_map(|closed| &closed.sealed);
    let mut subjects: Vec<SubjectId> =
        parts.filter(|part| !part.envelope.is_empty()).map(|part| part.subject).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let persons = sealing.persons_for_reading(&subjects).await?;
    all.into_iter().map(|closed| open(closed, &persons)).collect()
}

fn open(closed: Closed, persons: &Persons) -> Result<Document, StoreError> {
    let Closed { at, version, schema, created_at, updated_at, clear, sealed } = closed;
    let sealed = sealed.into_iter().map(|part| persons.open(&at, schema, part));
    let sealed = sealed.collect::<Result<_, _>>()?;
    Ok(Document { at, version, created_at, updated_at, parts: Parts { clear, sealed } })
}

/// An event from its row.
pub fn event_of(row: Row) -> Result<Event, DbError> {
    let c = &mut Columns::of(row);
    Ok(Event {
        global_seq: c.int()?,
        id: sarai_kernel::EventId::from_uuid(c.id()?),
        kind: c.text()?,
        at: Timestamp::from_micros(c.int()?),
        subject_kind: c.text()?,
        subject: c.text()?,
        version: count(c)?,
        seq: count(c)?,
        audience: json(&c.text()?)?,
        on_board: c.int()? == 1,
        data: json(&c.text()?)?,
    })
}

fn json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, WrongColumn> {
    serde_json::from_str(text).map_err(|_| WrongColumn)
}

/// A line of the ledger from its row.
pub fn line_of(row: Row) -> Result<PostedLine, DbError> {
    let c = &mut Columns::of(row);
    let (seq, at, account) = (c.int()?, Timestamp::from_micros(c.int()?), c.text()?);
    let (currency, amount_minor) = (currency(c)?, c.int()?);
    Ok(PostedLine {
        seq,
        at,
        account,
        money: Money { amount_minor, currency },
        balance_after_minor: c.int()?,
        subject: c.text()?,
        cause: c.text()?,
    })
}

/// The members of an audit row that stand in its body.
#[derive(Deserialize)]
struct AuditBody {
    actor: String,
    action: String,
    purpose: String,
    resource: String,
    relation: String,
    subjects: Vec<SubjectId>,
    fields: Vec<String>,
    rule: String,
    allowed: bool,
    case: Option<String>,
}

/// An audit row from its row.
pub fn audit_of(row: Row) -> Result<AuditRow, DbError> {
    let c = &mut Columns::of(row);
    let (seq, at) = (c.int()?, Timestamp::from_micros(c.int()?));
    let body: AuditBody = json(&c.text()?)?;
    let AuditBody {
        actor,
        action,
        purpose,
        resource,
        relation,
        subjects,
        fields,
        rule,
        allowed,
        case,
    } = body;
    let (previous, hash) = (c.hash()?, c.hash()?);
    Ok(AuditRow {
        seq,
        at,
        actor,
        action,
        purpose,
        resource,
        relation,
        subjects,
        fields,
        rule,
        allowed,
        case,
        previous,
        hash,
    })
}
