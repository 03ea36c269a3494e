//! A sink that keeps what it is given, for the readers' tests.

use std::collections::HashMap;

use super::{Cell, Fault, Format, Problem, Sink, UnitId};

/// Keeps everything.
#[derive(Debug, Default)]
pub struct Recorder {
    units: Vec<Unit>,
    problems: Vec<Problem>,
}

#[derive(Debug, Default)]
struct Unit {
    within: String,
    names: Vec<String>,
    ids: HashMap<String, usize>,
    row: Vec<(usize, String)>,
    rows: Vec<String>,
    text: Vec<u8>,
}

impl Recorder {
    pub fn faults(&self) -> Vec<Fault> {
        self.problems.iter().map(|problem| problem.fault).collect()
    }

    pub fn text_of(&self, within: &str) -> String {
        let units = self.units.iter().filter(|unit| unit.within == within);
        units.map(|unit| String::from_utf8_lossy(&unit.text).into_owned()).collect()
    }

    pub fn columns(&self) -> usize {
        self.units.iter().map(|unit| unit.names.len()).sum()
    }
}

/// The rows of a unit, each as `name=value …`.
pub fn rows_of(sink: &Recorder, within: &str) -> Vec<String> {
    sink.units
        .iter()
        .filter(|unit| unit.within == within)
        .flat_map(|unit| unit.rows.clone())
        .collect()
}

impl Sink for Recorder {
    fn open(&mut self, within: &str, _: Format) -> UnitId {
        if let Some(at) = self.units.iter().position(|unit| unit.within == within) {
            return UnitId(at);
        }
        self.units.push(Unit { within: within.to_owned(), ..Unit::default() });
        UnitId(self.units.len() - 1)
    }

    fn column(&mut self, unit: UnitId, name: &str) -> usize {
        let unit = &mut self.units[unit.0];
        let names = &mut unit.names;
        *unit.ids.entry(name.to_owned()).or_insert_with(|| {
            names.push(name.to_owned());
            names.len() - 1
        })
    }

    fn cell(&mut self, unit: UnitId, column: usize, cell: Cell<'_>) {
        self.units[unit.0].row.push((column, cell.text().into_owned()));
    }

    fn end_row(&mut self, unit: UnitId) {
        let unit = &mut self.units[unit.0];
        let cells: Vec<_> =
            unit.row.drain(..).map(|(at, value)| format!("{}={value}", unit.names[at])).collect();
        unit.rows.push(cells.join(" "));
    }

    fn text(&mut self, unit: UnitId, piece: &[u8]) {
        self.units[unit.0].text.extend_from_slice(piece);
    }

    fn rows_total(&mut self, _: UnitId, _: u64) {}

    fn close(&mut self, _: UnitId) {}

    fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }
}
