//! Hands rows of every table to [`Relations`], through the readers of [`crate::source`].

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use crate::{
    facts::{Relations, TableId},
    scan::{Options, Target},
    source::{Cell, Context, Format, Input, Limits, Problem, Sink, UnitId, database, read},
};

/// Files of a folder that are looked at.
const FILES_MAX: usize = 100_000;
/// Depth of folders.
const DEPTH_MAX: usize = 32;

/// Reads a target for what its tables say together.
pub fn relate(name: &str, target: &Target, options: &Options, relations: &mut Relations) {
    match target {
        Target::Path(path) => {
            let mut files = Vec::new();
            walk(path, 0, &mut files);
            for file in files {
                file_into(name, &file, &options.limits, relations);
            }
        }
        Target::Database(url) => {
            let mut sink = Rows::new(name, "", relations);
            database::read(format_of(url), url.as_str(), &options.limits, &mut sink);
        }
    }
}

fn format_of(url: &url::Url) -> Format {
    if url.scheme().starts_with("postgres") { Format::Postgres } else { Format::Mysql }
}

fn walk(path: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    if files.len() >= FILES_MAX || depth > DEPTH_MAX {
        return;
    }
    if path.is_file() {
        files.push(path.to_path_buf());
    } else if let Ok(entries) = std::fs::read_dir(path) {
        let mut inside: Vec<PathBuf> = entries
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_symlink()))
            .map(|entry| entry.path())
            .collect();
        inside.sort();
        inside.iter().for_each(|path| walk(path, depth + 1, files));
    }
}

fn file_into(name: &str, path: &Path, limits: &Limits, relations: &mut Relations) {
    let Ok(file) = File::open(path) else { return };
    let Ok(length) = file.metadata().map(|found| found.len()) else { return };
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut sink = Rows::new(name, &stem, relations);
    let mut context = Context::new(&mut sink, limits, length);
    read(Input::File(file, length), "", &mut context);
}

/// A sink that keeps the rows of one table at a time.
struct Rows<'r> {
    source: &'r str,
    stem: &'r str,
    relations: &'r mut Relations,
    units: Vec<Table>,
}

#[derive(Default)]
struct Table {
    name: String,
    columns: Vec<String>,
    row: Vec<String>,
    opened: Option<Option<TableId>>,
}

impl<'r> Rows<'r> {
    fn new(source: &'r str, stem: &'r str, relations: &'r mut Relations) -> Self {
        Self { source, stem, relations, units: Vec::new() }
    }
}

/// Longest value that takes part: a number, a moment, a word.
const VALUE_BYTES_MAX: usize = 512;

impl Sink for Rows<'_> {
    fn open(&mut self, within: &str, _: Format) -> UnitId {
        let name = within.rsplit(" → ").next().unwrap_or("");
        let name = name.strip_prefix("table ").unwrap_or(name);
        let name = if name.is_empty() { self.stem } else { name };
        if let Some(at) = self.units.iter().position(|unit| unit.name == name) {
            return UnitId(at);
        }
        self.units.push(Table { name: name.to_owned(), ..Table::default() });
        UnitId(self.units.len() - 1)
    }

    fn column(&mut self, unit: UnitId, name: &str) -> usize {
        let Some(table) = self.units.get_mut(unit.0) else { return 0 };
        if let Some(at) = table.columns.iter().position(|known| known == name) {
            return at;
        }
        table.columns.push(name.to_owned());
        table.columns.len() - 1
    }

    fn cell(&mut self, unit: UnitId, column: usize, cell: Cell<'_>) {
        let Some(table) = self.units.get_mut(unit.0) else { return };
        if table.row.len() <= column && column < table.columns.len() {
            table.row.resize(column + 1, String::new());
        }
        let Some(value) = table.row.get_mut(column) else { return };
        let text = cell.text();
        let end = (0..=VALUE_BYTES_MAX.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
        value.clear();
        value.push_str(text.get(..end.unwrap_or(0)).unwrap_or(""));
    }

    fn end_row(&mut self, unit: UnitId) {
        let Some(table) = self.units.get_mut(unit.0) else { return };
        let opened = *table.opened.get_or_insert_with(|| {
            let columns: Vec<&str> = table.columns.iter().map(String::as_str).collect();
            self.relations.table(self.source, &table.name, &columns)
        });
        if let Some(id) = opened {
            let row: Vec<&str> = table.row.iter().map(String::as_str).collect();
            self.relations.row(id, &row);
        }
        table.row.iter_mut().for_each(String::clear);
    }

    fn text(&mut self, _: UnitId, _: &[u8]) {}
    fn rows_total(&mut self, _: UnitId, _: u64) {}
    fn close(&mut self, _: UnitId) {}
    fn problem(&mut self, _: Problem) {}
}
