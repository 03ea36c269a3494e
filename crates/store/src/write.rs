//! Writes a plan: one statement a table, whatever the size of the batch.

use sarai_kernel::{Timestamp, audit::AuditRow, document::DocRef, event::Event};
use sarai_seal::SubjectId;
use serde_json::json;

use crate::{
    cell::{Cell, Row, row},
    db::{Conn, DbError, Given},
    plan::Plan,
    prepare::{BLIND, PreparedDraft, SUBJECT_KEY, subject_value},
    snapshot::{Head, KeyRow},
    sql,
};

/// Writes all of a plan. `before` is the head that it started from.
pub async fn write(conn: &mut Conn, plan: &Plan<'_>, before: &Head) -> Result<(), DbError> {
    documents(conn, plan).await?;
    ledger(conn, plan).await?;
    conn.each(&sql::event::INSERT, rows_of(&plan.events, |event| event_row(event))?).await?;
    audit(conn, &plan.audit).await?;
    answers(conn, plan).await?;
    tallies(conn, plan).await?;
    erase(conn, plan).await?;
    if plan.head() != before {
        conn.rows(&sql::head::SET, Given::Values(head_row(plan.head()))).await?;
    }
    Ok(())
}

fn rows_of<T>(items: &[T], row: impl Fn(&T) -> Result<Row, DbError>) -> Result<Vec<Row>, DbError> {
    items.iter().map(row).collect()
}

/// The head as its statement takes it.
pub fn head_row(head: &Head) -> Row {
    row![head.event_seq, head.audit_seq, head.audit_hash, head.posting_seq, head.tombstone_seq]
}

async fn documents(conn: &mut Conn, plan: &Plan<'_>) -> Result<(), DbError> {
    let (gone, new) = plan.key_changes();
    conn.each(&sql::key::REMOVE, gone.into_iter().map(key_place).collect()).await?;
    let (mut put, mut removed) = (Vec::new(), Vec::new());
    for (at, draft) in &plan.documents {
        match draft {
            Some(draft) => put.push(document_row(plan, at, draft)),
            None => removed.push(row![at.kind.as_str(), at.id]),
        }
    }
    conn.each(&sql::document::REMOVE, removed).await?;
    conn.each(&sql::document::PUT, put).await?;
    conn.each(&sql::key::INSERT, new.into_iter().map(key_row).collect()).await?;
    Ok(())
}

fn document_row(plan: &Plan<'_>, at: &DocRef, draft: &PreparedDraft) -> Row {
    let (version, created_at, updated_at) = plan.state_of(at);
    row![
        at.kind.as_str(),
        at.id,
        version.cast_signed(),
        i64::from(draft.schema),
        created_at,
        updated_at,
        draft.clear.as_str(),
        draft.sealed.as_slice(),
    ]
}

fn key_place((at, key): (&DocRef, &KeyRow)) -> Row {
    row![&*key.name, key.value.as_slice(), at.kind.as_str(), key.sort, at.id]
}

fn key_row(of: (&DocRef, &KeyRow)) -> Row {
    let mut row = key_place(of);
    row.push(of.1.only_one.into());
    row
}

async fn ledger(conn: &mut Conn, plan: &Plan<'_>) -> Result<(), DbError> {
    let sets = plan
        .sets
        .iter()
        .map(|(set, at)| row![set.subject(), set.cause(), set.currency().code(), at.as_micros()]);
    conn.each(&sql::ledger::INSERT_SETS, sets.collect()).await?;
    let lines = plan.lines.iter().map(|line| {
        row![
            line.seq,
            line.at.as_micros(),
            line.account.as_str(),
            line.set.currency().code(),
            line.amount,
            line.balance_after,
            line.set.subject(),
            line.set.cause(),
        ]
    });
    conn.each(&sql::ledger::INSERT_LINES, lines.collect()).await?;
    let balances = plan.purses.iter().map(|(purse, may_be_negative)| {
        row![purse.0.as_str(), purse.1.code(), plan.balance(purse), *may_be_negative]
    });
    conn.each(&sql::ledger::PUT_BALANCES, balances.collect()).await?;
    Ok(())
}

fn event_row(event: &Event) -> Result<Row, DbError> {
    let text = |value| serde_json::to_string(&value).map_err(|_| DbError::refused("json"));
    Ok(row![
        event.global_seq,
        event.id.uuid(),
        event.kind.as_str(),
        event.at.as_micros(),
        event.subject_kind.as_str(),
        event.subject.as_str(),
        event.version.cast_signed(),
        event.seq.cast_signed(),
        text(json!(event.audience))?,
        event.on_board,
        text(json!(event.data))?,
    ])
}

async fn audit(conn: &mut Conn, rows: &[AuditRow]) -> Result<(), DbError> {
    conn.each(&sql::audit::INSERT, rows.iter().map(audit_row).collect()).await?;
    let mut subjects = Vec::new();
    for row in rows {
        let mut of = row.subjects.clone();
        of.sort_unstable();
        of.dedup();
        subjects.extend(of.into_iter().map(|subject| row![subject.uuid(), row.seq]));
    }
    conn.each(&sql::audit::INSERT_SUBJECTS, subjects).await?;
    Ok(())
}

fn audit_row(row: &AuditRow) -> Row {
    let body = json!({
        "actor": row.actor, "action": row.action, "purpose": row.purpose, "resource": row.resource,
        "relation": row.relation, "subjects": row.subjects, "fields": row.fields, "rule": row.rule,
        "allowed": row.allowed, "case": row.case,
    });
    row![row.seq, row.at.as_micros(), body.to_string(), row.previous, row.hash]
}

async fn answers(conn: &mut Conn, plan: &Plan<'_>) -> Result<(), DbError> {
    let answers = plan.answers.iter().filter_map(|decision| decision.answer.as_ref());
    // Later answers of one batch to one scope do not exist: the second is refused.
    let rows = answers.map(|answer| {
        let once = &answer.once;
        row![once.scope, once.fingerprint, answer.outcome.as_str(), once.keep_until.as_micros()]
    });
    conn.each(&sql::answer::PUT, rows.collect()).await.map(drop)
}

async fn tallies(conn: &mut Conn, plan: &Plan<'_>) -> Result<(), DbError> {
    let members = plan.marked.iter().map(|((tally, token), ways)| {
        row![tally.as_str(), token.as_slice(), i64::from(ways.bits())]
    });
    let mut members: Vec<Row> = members.collect();
    // In the order of the primary key, so that neighbours are written together.
    members.sort_by(|a, b| cells(a).cmp(&cells(b)));
    conn.each(&sql::tally::PUT, members).await?;
    let counts = plan.grown.iter().map(|name| {
        let count = plan.tally(name);
        let [persons, plain, sensitive] =
            [count.persons, count.plain, count.sensitive].map(u64::cast_signed);
        row![name.as_str(), persons, plain, sensitive]
    });
    conn.each(&sql::tally::PUT_COUNTS, counts.collect()).await.map(drop)
}

/// What orders members: tally and token.
fn cells(row: &Row) -> (Option<&str>, Option<&[u8]>) {
    match row.as_slice() {
        [Cell::Text(tally), Cell::Bytes(token), ..] => (Some(tally), Some(token)),
        _ => (None, None),
    }
}

async fn erase(conn: &mut Conn, plan: &Plan<'_>) -> Result<(), DbError> {
    for (seq, subject, at) in &plan.erased {
        bury(conn, *seq, *subject, *at).await?;
    }
    Ok(())
}

/// Drops a person's key and the blind keys of documents about the person, and notes it. Gives 1 where it was not noted before.
pub async fn bury(
    conn: &mut Conn,
    seq: i64,
    subject: SubjectId,
    at: Timestamp,
) -> Result<i64, DbError> {
    let blind = row![SUBJECT_KEY, subject_value(subject), vec![BLIND]];
    let blind = conn.rows(&sql::key::BLIND_OF, Given::Values(blind)).await?;
    conn.each(&sql::key::REMOVE, blind).await?;
    conn.each(&sql::person::REMOVE, vec![row![subject.uuid()]]).await?;
    let noted = conn.each(&sql::person::ERASED, vec![row![subject.uuid()]]).await?;
    if !noted.is_empty() {
        return Ok(0);
    }
    conn.each(&sql::person::BURY, vec![row![seq, subject.uuid(), at.as_micros()]]).await?;
    Ok(1)
}
