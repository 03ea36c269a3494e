//! Restoring a backup into an empty store, in one transaction, checked before it is committed.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read},
};

use flate2::read::GzDecoder;

use super::{
    BackupError, BackupIdentity, BackupReport,
    envelope::Opener,
    lines::{Line, Manifest, row_of},
};
use crate::{
    cell::{Cell, Columns, Row, row},
    db::{Conn, Given, Place},
    migrate,
    read::audit_of,
    snapshot::{Head, lock_head},
    sql::{
        self,
        backup::{TABLES, Table},
    },
};

/// Rows of one statement.
const ROWS_AT_ONCE: usize = 500;
/// A line is shorter: a document is bounded at the wire.
const LINE_MAX: u64 = 64 << 20;

/// Restores a backup into the store at `address`, which must be empty. Then open it, and bury whom the lost store had erased since.
pub async fn restore(
    address: &str,
    from: impl Read + Send,
    identity: &BackupIdentity,
) -> Result<BackupReport, BackupError> {
    let (opener, schema) = Opener::start(from, identity)?;
    let known = migrate::newest();
    if schema != known {
        return Err(BackupError::Schema { found: schema, known });
    }
    let mut conn = Conn::open(&Place::of(address)?).await?;
    migrate::run(&mut conn).await?;
    conn.begin().await?;
    let lines = BufReader::new(GzDecoder::new(opener));
    match all(&mut conn, lines).await {
        Ok(report) => {
            conn.commit().await?;
            conn.close().await;
            Ok(report)
        }
        Err(error) => {
            conn.rollback().await?;
            conn.close().await;
            Err(error)
        }
    }
}

async fn all(conn: &mut Conn, mut lines: impl BufRead + Send) -> Result<BackupReport, BackupError> {
    refuse_if_used(conn).await?;
    let mut checks = Checks::default();
    let mut batch = Batch::default();
    let manifest = loop {
        match line(&mut lines)? {
            Line::End(manifest) => break manifest,
            Line::Row(name, cells) => {
                let table =
                    TABLES.iter().find(|table| table.name == name).ok_or(BackupError::Form)?;
                let row = row_of(cells, table.columns)?;
                checks.see(table, &row)?;
                batch.add(conn, table, row).await?;
            }
        }
    };
    batch.flush(conn).await?;
    checks.agree(&manifest)?;
    conn.rows(&sql::head::SET, Given::Values(crate::write::head_row(&manifest.head()))).await?;
    Ok(BackupReport {
        rows: manifest.rows,
        last_event: manifest.event_seq,
        last_audit: manifest.audit_seq,
    })
}

fn line(lines: &mut impl BufRead) -> Result<Line, BackupError> {
    let mut text = Vec::new();
    let read = lines.take(LINE_MAX).read_until(b'\n', &mut text);
    read.map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof => {
            BackupError::NotAuthentic
        }
        _ => BackupError::Io(error),
    })?;
    serde_json::from_slice(&text).map_err(|_| BackupError::NotAuthentic)
}

async fn refuse_if_used(conn: &mut Conn) -> Result<(), BackupError> {
    let (head, _) = lock_head(conn).await?;
    let unused =
        Head { event_seq: 0, audit_seq: 0, audit_hash: [0; 32], posting_seq: 0, tombstone_seq: 0 };
    let any = conn.rows(&sql::document::ANY, Given::Values(row![])).await?;
    match head == unused && any.is_empty() {
        true => Ok(()),
        false => Err(BackupError::NotEmpty),
    }
}

/// Rows of one table that wait to be written together.
#[derive(Default)]
struct Batch {
    table: Option<&'static Table>,
    rows: Vec<Row>,
}

impl Batch {
    async fn add(
        &mut self,
        conn: &mut Conn,
        table: &'static Table,
        row: Row,
    ) -> Result<(), BackupError> {
        let other = self.table.is_some_and(|held| held.name != table.name);
        if other || self.rows.len() == ROWS_AT_ONCE {
            self.flush(conn).await?;
        }
        self.table = Some(table);
        self.rows.push(row);
        Ok(())
    }

    async fn flush(&mut self, conn: &mut Conn) -> Result<(), BackupError> {
        if let Some(table) = self.table {
            conn.each(table.load, std::mem::take(&mut self.rows)).await?;
        }
        Ok(())
    }
}

/// What must hold of a store, watched while its rows go by.
#[derive(Default)]
struct Checks {
    rows: HashMap<&'static str, u64>,
    event_seq: i64,
    audit: (i64, [u8; 32]),
    posting_seq: i64,
    posted: HashMap<(String, String), i64>,
    balances: HashMap<(String, String), i64>,
}

impl Checks {
    fn see(&mut self, table: &'static Table, row: &Row) -> Result<(), BackupError> {
        *self.rows.entry(table.name).or_default() += 1;
        match table.name {
            "event" => follows(row, &mut self.event_seq, "a gap in the events"),
            "audit" => self.see_audit(row),
            "account" => self.see_account(row),
            "posting" => self.see_posting(row),
            _ => Ok(()),
        }
    }

    fn see_audit(&mut self, row: &Row) -> Result<(), BackupError> {
        let row = audit_of(row.clone())?;
        let (seq, hash) = self.audit;
        if row.seq != seq + 1 || row.previous != hash || row.digest() != row.hash {
            return Err(BackupError::Contradicts("the audit chain does not link"));
        }
        self.audit = (row.seq, row.hash);
        Ok(())
    }

    fn see_account(&mut self, row: &Row) -> Result<(), BackupError> {
        let columns = &mut Columns::of(row.clone());
        let mut read = || Ok(((columns.text()?, columns.text()?), columns.int()?));
        let (purse, balance) = read().map_err(|_: crate::cell::WrongColumn| BackupError::Form)?;
        self.balances.insert(purse, balance);
        Ok(())
    }

    fn see_posting(&mut self, row: &Row) -> Result<(), BackupError> {
        follows(row, &mut self.posting_seq, "a gap in the ledger")?;
        let columns = &mut Columns::of(row.iter().skip(2).cloned().collect());
        let mut read = || Ok(((columns.text()?, columns.text()?), columns.int()?));
        let (purse, amount) = read().map_err(|_: crate::cell::WrongColumn| BackupError::Form)?;
        let sum = self.posted.entry(purse).or_default();
        *sum = sum.checked_add(amount).ok_or(BackupError::Contradicts("the ledger overflows"))?;
        Ok(())
    }

    fn agree(&self, manifest: &Manifest) -> Result<(), BackupError> {
        let counted = |name: &str| self.rows.get(name).copied().unwrap_or(0);
        if manifest.rows.iter().any(|(name, rows)| counted(name) != *rows) {
            return Err(BackupError::Contradicts("rows are missing"));
        }
        if self.event_seq != manifest.event_seq
            || self.posting_seq != manifest.posting_seq
            || self.audit != (manifest.audit_seq, manifest.audit_hash)
        {
            return Err(BackupError::Contradicts("the last places differ"));
        }
        if self.posted != self.balances {
            return Err(BackupError::Contradicts("balances are not the sums of postings"));
        }
        let mut sums: HashMap<&str, i128> = HashMap::new();
        for ((_, currency), balance) in &self.balances {
            *sums.entry(currency).or_default() += i128::from(*balance);
        }
        match sums.values().all(|sum| *sum == 0) {
            true => Ok(()),
            false => Err(BackupError::Contradicts("the ledger does not add up to zero")),
        }
    }
}

/// The first column counts without gaps.
fn follows(row: &Row, last: &mut i64, fault: &'static str) -> Result<(), BackupError> {
    match row.first() {
        Some(Cell::Int(seq)) if *seq == *last + 1 => {
            *last = *seq;
            Ok(())
        }
        _ => Err(BackupError::Contradicts(fault)),
    }
}
