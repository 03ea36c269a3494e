//! Readers of sources: each takes bytes of one format and hands tables, rows and text to a [`Sink`]. What a file is, its content says.
//!
//! Invariant: a reader never fails. What it cannot read it reports as a [`Problem`] and gives back what it could; every loop, depth and
//! buffer has a bound in [`Limits`].

mod archive;
mod bound;
pub(crate) mod cell;
mod csv;
pub(crate) mod database;
mod decode;
mod document;
mod format;
mod image;
mod json;
mod limits;
mod mail;
mod parquet;
mod pdf;
mod problem;
mod read;
mod sheet;
mod sniff;
mod sqldump;
mod sqlite;
#[cfg(test)]
mod testing;
mod text;

pub use bound::{Budget, Counted, Input, Stopped};
pub use cell::{Cell, LONG_CELL_BYTES, pieces};
pub use format::Format;
pub use limits::Limits;
pub use problem::{Fault, Problem};
pub use read::{Context, read};
pub use sniff::{HEAD_BYTES, format};

/// One table or text that a reader has opened in a sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UnitId(pub usize);

/// What readers hand their findings to.
pub trait Sink {
    /// Opens a table or text; `within` says where in the source. The same place opened twice is the same unit.
    fn open(&mut self, within: &str, format: Format) -> UnitId;
    /// The index of a column by its name; a new one where there is none yet.
    fn column(&mut self, unit: UnitId, name: &str) -> usize;
    /// A value of the row that is being read.
    fn cell(&mut self, unit: UnitId, column: usize, cell: Cell<'_>);
    /// Ends the row.
    fn end_row(&mut self, unit: UnitId);
    /// The next piece of running text, UTF-8 as far as it could be made so.
    fn text(&mut self, unit: UnitId, piece: &[u8]);
    /// How many rows there are, where fewer are handed over.
    fn rows_total(&mut self, unit: UnitId, rows: u64);
    /// The column by which persons are told apart in what was read so far.
    fn person_key(&mut self, _unit: UnitId) -> Option<String> {
        None
    }
    /// Distinct persons of the whole, where only a sample is handed over.
    fn persons(&mut self, _unit: UnitId, _persons: u64) {}
    /// Oldest and newest moment of a column of the whole, where only a sample is handed over.
    fn range(&mut self, _unit: UnitId, _column: &str, _oldest: &str, _newest: &str) {}
    /// Ends the unit.
    fn close(&mut self, unit: UnitId);
    /// Something that could not be read.
    fn problem(&mut self, problem: Problem);
}
