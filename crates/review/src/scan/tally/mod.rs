//! What was read, counted: values go in, counts and shapes come out.

mod column;
mod distinct;
mod moment;
mod protect;
mod rows;
mod text;
mod unit;

use std::collections::HashMap;

use sarai_detect::{Confidence, Detector};

use super::Unit;
use crate::source::{Cell, Fault, Format, Problem, Sink, UnitId, pieces};

/// Units of one source that are kept apart; further ones are counted into the last.
const UNITS_MAX: usize = 20_000;
/// Units that are open at once: each holds a batch of rows.
const OPEN_MAX: usize = 64;
/// Problems of one source that are told one by one.
const PROBLEMS_MAX: usize = 1_000;

/// A detector for scans.
pub fn detector(confidence_min: Confidence) -> Detector {
    Detector::new(unit::detector_options(confidence_min))
}

/// Counts what the readers of one source hand over.
#[derive(Debug)]
pub struct Tally<'d> {
    detector: &'d Detector,
    day: String,
    confidence_min: Confidence,
    slots: Vec<Slot<'d>>,
    by_place: HashMap<(String, Format), usize>,
    open: usize,
    problems: Vec<Problem>,
    problems_more: u64,
}

#[derive(Debug)]
enum Slot<'d> {
    Open(Box<unit::UnitTally<'d>>),
    Done(Box<Unit>),
}

impl<'d> Tally<'d> {
    /// A tally of nothing yet.
    pub fn new(detector: &'d Detector, day: &str, confidence_min: Confidence) -> Self {
        Self {
            detector,
            day: day.to_owned(),
            confidence_min,
            slots: Vec::new(),
            by_place: HashMap::new(),
            open: 0,
            problems: Vec::new(),
            problems_more: 0,
        }
    }

    /// Units and problems.
    pub fn finish(mut self) -> (Vec<Unit>, Vec<Problem>) {
        for at in 0..self.slots.len() {
            self.close(UnitId(at));
        }
        let units = self.slots.into_iter().filter_map(|slot| match slot {
            Slot::Done(unit) => Some(*unit),
            Slot::Open(_) => None,
        });
        if self.problems_more > 0 {
            let reason = format!("and {} more problems", self.problems_more);
            self.problems.push(Problem::new("", Fault::TooMany, reason));
        }
        (units.collect(), self.problems)
    }

    fn unit(&mut self, id: UnitId) -> Option<&mut unit::UnitTally<'d>> {
        match self.slots.get_mut(id.0)? {
            Slot::Open(unit) => Some(unit),
            Slot::Done(_) => None,
        }
    }
}

impl Sink for Tally<'_> {
    fn open(&mut self, within: &str, format: Format) -> UnitId {
        let place = (within.to_owned(), format);
        if let Some(at) = self.by_place.get(&place)
            && matches!(self.slots.get(*at), Some(Slot::Open(_)))
        {
            return UnitId(*at);
        }
        if self.slots.len() >= UNITS_MAX {
            return UnitId(self.slots.len() - 1);
        }
        if self.open >= OPEN_MAX
            && let Some(oldest) = self.slots.iter().position(|slot| matches!(slot, Slot::Open(_)))
        {
            self.close(UnitId(oldest));
        }
        let unit = unit::UnitTally::new(self.detector, within, format, self.confidence_min);
        self.slots.push(Slot::Open(Box::new(unit)));
        self.by_place.insert(place, self.slots.len() - 1);
        self.open += 1;
        UnitId(self.slots.len() - 1)
    }

    fn column(&mut self, unit: UnitId, name: &str) -> usize {
        self.unit(unit).map_or(0, |unit| unit.column(name))
    }

    fn cell(&mut self, unit: UnitId, column: usize, cell: Cell<'_>) {
        if let Some(unit) = self.unit(unit) {
            pieces(&cell.text()).for_each(|piece| unit.cell(column, piece));
        }
    }

    fn end_row(&mut self, unit: UnitId) {
        if let Some(unit) = self.unit(unit) {
            unit.end_row();
        }
    }

    fn text(&mut self, unit: UnitId, piece: &[u8]) {
        if let Some(unit) = self.unit(unit) {
            unit.text(piece);
        }
    }

    fn rows_total(&mut self, unit: UnitId, rows: u64) {
        if let Some(unit) = self.unit(unit) {
            unit.rows_total(rows);
        }
    }

    fn person_key(&mut self, unit: UnitId) -> Option<String> {
        self.unit(unit)?.person_key()
    }

    fn persons(&mut self, unit: UnitId, persons: u64) {
        if let Some(unit) = self.unit(unit) {
            unit.persons(persons);
        }
    }

    fn range(&mut self, unit: UnitId, column: &str, oldest: &str, newest: &str) {
        if let Some(unit) = self.unit(unit) {
            unit.range(column, oldest, newest);
        }
    }

    fn close(&mut self, id: UnitId) {
        let Some(slot) = self.slots.get_mut(id.0) else { return };
        // A slot is taken out to be ended, and a finished one is put in its place at once.
        let done = |unit: unit::UnitTally<'_>, day: &str| Slot::Done(Box::new(unit.finish(day)));
        if let Slot::Open(unit) = slot {
            let empty = unit::UnitTally::new(self.detector, "", Format::Empty, self.confidence_min);
            let unit = std::mem::replace(unit.as_mut(), empty);
            *slot = done(unit, &self.day);
            self.open -= 1;
        }
    }

    fn problem(&mut self, problem: Problem) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(problem);
        } else {
            self.problems_more += 1;
        }
    }
}
