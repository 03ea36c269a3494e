//! Rows as lines of JSON.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::BackupError;
use crate::{
    cell::{Cell, Row, Type},
    hex::{hex, unhex},
    snapshot::Head,
};

/// The last line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub rows: Vec<(String, u64)>,
    pub event_seq: i64,
    pub audit_seq: i64,
    pub audit_hash: [u8; 32],
    pub posting_seq: i64,
    pub tombstone_seq: i64,
}

impl Manifest {
    /// The head as it was.
    pub const fn head(&self) -> Head {
        Head {
            event_seq: self.event_seq,
            audit_seq: self.audit_seq,
            audit_hash: self.audit_hash,
            posting_seq: self.posting_seq,
            tombstone_seq: self.tombstone_seq,
        }
    }
}

/// One line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Line {
    /// A row: its table, its cells.
    Row(String, Vec<Value>),
    /// The end.
    End(Manifest),
}

/// The line of a row.
pub fn row_line(table: &str, row: Row) -> Line {
    let cells = row.into_iter().map(|cell| match cell {
        Cell::Int(value) => value.into(),
        Cell::Text(value) => value.into(),
        Cell::Bytes(value) => hex(&value).into(),
        Cell::Id(value) => hex(value.as_bytes()).into(),
    });
    Line::Row(table.to_owned(), cells.collect())
}

/// The row of a line's cells.
pub fn row_of(cells: Vec<Value>, columns: &[Type]) -> Result<Row, BackupError> {
    if cells.len() != columns.len() {
        return Err(BackupError::Form);
    }
    let cell = |(value, kind): (Value, &Type)| match (value, kind) {
        (Value::Number(number), Type::Int) => number.as_i64().map(Cell::Int),
        (Value::String(text), Type::Text) => Some(Cell::Text(text)),
        (Value::String(text), Type::Bytes) => unhex(&text).map(Cell::Bytes),
        (Value::String(text), Type::Id) => {
            unhex(&text).and_then(|bytes| Uuid::from_slice(&bytes).ok()).map(Cell::Id)
        }
        _ => None,
    };
    let row: Option<Row> = cells.into_iter().zip(columns).map(cell).collect();
    row.ok_or(BackupError::Form)
}
