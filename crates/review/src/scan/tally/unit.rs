//! A table or text as it is counted.

use sarai_detect::{Confidence, Detector, Options};

use super::{
    column::{ColumnTally, by_weight},
    rows::Rows,
    text::TextTally,
};
use crate::{
    scan::{Distinct, Found, Protection, Unit},
    source::Format,
};

/// Rows of a batch.
pub(super) const BATCH_ROWS_MAX: u32 = 1_000;
/// Bytes of a batch above which it is judged before it has all its rows.
const BATCH_BYTES_MAX: usize = 4 << 20;

/// Bytes of one row above which it is taken for several.
const ROW_BYTES_MAX: usize = 16 << 20;
/// What a cell weighs besides its value.
const CELL_BYTES: usize = 16;

/// A unit so far.
#[derive(Debug)]
pub(super) struct UnitTally<'d> {
    detector: &'d Detector,
    within: String,
    format: Format,
    columns: Vec<ColumnTally>,
    by_name: std::collections::HashMap<String, usize>,
    rows: u64,
    /// Rows in the batch.
    batch_rows: u32,
    batch_bytes: usize,
    rows_total: Option<u64>,
    /// Persons of the whole, where only a sample is read.
    persons: Option<u64>,
    across: Rows,
    text: Option<TextTally<'d>>,
    confidence_min: Confidence,
}

/// The options of every scan's detector: dates, places and web addresses are of no person and in every log.
pub(super) fn detector_options(confidence_min: Confidence) -> Options {
    Options::quiet().at_least(confidence_min)
}

impl<'d> UnitTally<'d> {
    pub(super) fn new(
        detector: &'d Detector,
        within: &str,
        format: Format,
        confidence_min: Confidence,
    ) -> Self {
        Self {
            detector,
            within: within.to_owned(),
            format,
            columns: Vec::new(),
            by_name: std::collections::HashMap::new(),
            rows: 0,
            batch_rows: 0,
            batch_bytes: 0,
            rows_total: None,
            persons: None,
            across: Rows::default(),
            text: None,
            confidence_min,
        }
    }

    pub(super) fn column(&mut self, name: &str) -> usize {
        if let Some(at) = self.by_name.get(name) {
            return *at;
        }
        self.columns.push(ColumnTally::new(name));
        self.by_name.insert(name.to_owned(), self.columns.len() - 1);
        self.columns.len() - 1
    }

    pub(super) fn cell(&mut self, column: usize, value: &str) {
        let value = value.trim();
        if is_empty(value) {
            return;
        }
        if let Some(column) = self.columns.get_mut(column) {
            column.batch.push(self.batch_rows, value);
            self.batch_bytes += value.len() + CELL_BYTES;
        }
        // A row without end, as a document of nothing but arrays has.
        if self.batch_bytes >= ROW_BYTES_MAX {
            self.flush();
        }
    }

    pub(super) fn end_row(&mut self) {
        self.batch_rows += 1;
        if self.batch_rows >= BATCH_ROWS_MAX || self.batch_bytes >= BATCH_BYTES_MAX {
            self.flush();
        }
    }

    pub(super) fn rows_total(&mut self, rows: u64) {
        self.rows_total = Some(rows);
    }

    pub(super) fn person_key(&mut self) -> Option<String> {
        self.flush();
        self.across.key().and_then(|at| self.columns.get(at)).map(|column| column.name.clone())
    }

    pub(super) fn persons(&mut self, persons: u64) {
        self.persons = Some(persons);
    }

    pub(super) fn range(&mut self, column: &str, oldest: &str, newest: &str) {
        let column = self.by_name.get(column).and_then(|at| self.columns.get_mut(*at));
        if let Some(column) = column {
            column.range(oldest, newest);
        }
    }

    pub(super) fn text(&mut self, piece: &[u8]) {
        let (detector, confidence_min) = (self.detector, self.confidence_min);
        self.text.get_or_insert_with(|| TextTally::new(detector, confidence_min)).push(piece);
    }

    fn flush(&mut self) {
        // Cells after the last end of a row: a document that is not rows.
        let loose = u32::from(self.columns.iter().any(|column| {
            column.batch.values().last().is_some_and(|(row, _)| row >= self.batch_rows)
        }));
        let rows = self.batch_rows + loose;
        for column in &mut self.columns {
            column.judge(self.detector, self.rows + 1);
        }
        self.across.look(&self.within, &self.columns);
        let keys = self.across.keys(&self.columns, rows);
        for column in &mut self.columns {
            column.count_persons(&keys);
        }
        self.across.batch(&self.columns, rows, &keys);
        self.columns.iter_mut().for_each(|column| column.batch.clear());
        self.rows += u64::from(rows);
        (self.batch_rows, self.batch_bytes) = (0, 0);
    }

    /// The unit as it is reported.
    pub(super) fn finish(mut self, day: &str) -> Unit {
        self.flush();
        let key = self.across.key().and_then(|at| self.columns.get(at));
        let mut found: Vec<Found> = self
            .columns
            .iter()
            .flat_map(|column| column.found(day, self.confidence_min, key.is_some()))
            .collect();
        if let Some(text) = self.text {
            found.extend(text.finish().into_iter().map(|(kind, of_kind)| {
                let category = kind.category();
                Found {
                    category,
                    kind: Some(kind),
                    class: category.class_on(day),
                    column: None,
                    whole: false,
                    first: format!("line {}", of_kind.line),
                    count: of_kind.count,
                    distinct: of_kind.distinct.distinct(),
                    persons: None,
                    confidence: of_kind.confidence.percent(),
                    protection: Protection::Plain,
                    sample: Some(of_kind.sample),
                    why: "in running text".to_owned(),
                }
            }));
        }
        found.sort_by(by_weight);
        Unit {
            within: self.within,
            format: self.format,
            rows: self.rows,
            rows_total: self.rows_total,
            columns: self.columns.iter().map(ColumnTally::column).collect(),
            found,
            person_key: key.map(|column| column.name.clone()),
            persons: self
                .persons
                .map(Distinct::Exact)
                .or(key.map(|column| column.distinct.distinct())),
            access: self.across.access(&self.columns, self.rows),
            positions: self.across.positions(&self.columns),
        }
    }
}

/// Whether a value says that there is none.
pub(super) fn is_empty(value: &str) -> bool {
    value.is_empty() || matches!(value, "NULL" | "null" | "\\N")
}
