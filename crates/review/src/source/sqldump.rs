//! Dumps of MySQL, MariaDB and PostgreSQL as scripts: rows of `INSERT` and `COPY` become tables, everything else running text.

mod words;

use std::{
    collections::HashMap,
    io::{self, Read},
};

use words::{Word, Words};

use super::{Cell, Fault, Format, Limits, Problem, Sink, UnitId};

/// Tables whose columns are remembered.
const TABLES_MAX: usize = 10_000;

/// Whether a text is a dump: the head of one, or a statement that only dumps have at the start of a line.
pub fn is_dump(text: &[u8]) -> bool {
    let head = text.get(..8192.min(text.len())).unwrap_or_default();
    let starts = |line: &[u8], word: &[u8]| {
        line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    const HEADS: &[&[u8]] = &[
        b"-- MySQL dump",
        b"-- MariaDB dump",
        b"-- PostgreSQL database dump",
        b"/*!40101 SET",
        b"/*M!999999",
    ];
    const STATEMENTS: &[&[u8]] = &[
        b"INSERT INTO ",
        b"REPLACE INTO ",
        b"INSERT IGNORE INTO ",
        b"CREATE TABLE ",
        b"DROP TABLE IF EXISTS ",
    ];
    head.split(|byte| *byte == b'\n').take(200).any(|line| {
        HEADS.iter().chain(STATEMENTS).any(|word| starts(line, word))
            || starts(line, b"COPY ") && line.ends_with(b"FROM stdin;")
    })
}

/// Reads a dump in UTF-8.
///
/// # Errors
/// It does not read.
pub fn read(
    input: impl Read,
    limits: &Limits,
    within: &str,
    sink: &mut dyn Sink,
) -> io::Result<()> {
    let rest = sink.open(within, Format::SqlDump);
    let mut dump = Dump {
        words: Words::new(input),
        columns: HashMap::new(),
        columns_max: limits.columns_max,
        within,
        rest,
        sink,
        truncated: false,
    };
    dump.statements()?;
    if dump.truncated {
        let reason = "it ends inside a statement";
        dump.sink.problem(Problem::new(within, Fault::Truncated, reason));
    }
    Ok(())
}

struct Dump<'s, R> {
    words: Words<R>,
    /// Names of columns by table, as `CREATE TABLE` gave them.
    columns: HashMap<String, Vec<String>>,
    columns_max: usize,
    within: &'s str,
    /// Where everything that is no row goes.
    rest: UnitId,
    sink: &'s mut dyn Sink,
    truncated: bool,
}

impl<R: Read> Dump<'_, R> {
    fn statements(&mut self) -> io::Result<()> {
        loop {
            let word = self.words.next()?;
            match word {
                Word::End => return Ok(()),
                Word::Name(name) if is(&name, &["insert", "replace"]) => self.insert()?,
                Word::Name(name) if is(&name, &["copy"]) => self.copy()?,
                Word::Name(name) if is(&name, &["create"]) => self.create()?,
                Word::Sign(b';') => {}
                Word::Comment(comment) => {
                    if comment.contains("PostgreSQL") {
                        self.words.plain_backslashes();
                    }
                    self.tell(&Word::Comment(comment));
                }
                other => {
                    self.tell(&other);
                    self.other()?;
                }
            }
        }
    }

    fn tell(&mut self, word: &Word) {
        if let Word::Text(text)
        | Word::Name(text)
        | Word::Quoted(text)
        | Word::Number(text)
        | Word::Comment(text) = word
        {
            self.sink.text(self.rest, text.as_bytes());
            self.sink.text(self.rest, if matches!(word, Word::Comment(_)) { b"\n" } else { b" " });
        } else if let Word::Sign(sign) = word {
            self.sink.text(self.rest, &[*sign]);
        }
    }

    /// The rest of a statement as text.
    fn other(&mut self) -> io::Result<()> {
        loop {
            match self.words.next()? {
                Word::End => return Ok(()),
                Word::Sign(b';') => {
                    self.sink.text(self.rest, b"\n");
                    return Ok(());
                }
                word => self.tell(&word),
            }
        }
    }

    /// A name, with the schema's before it taken off.
    fn name(&mut self, first: Option<Word>) -> io::Result<Option<String>> {
        let mut word = match first {
            Some(word) => word,
            None => self.words.next()?,
        };
        loop {
            let (Word::Name(name) | Word::Quoted(name) | Word::Text(name)) = word else {
                return Ok(None);
            };
            if self.words.peek()? != Some(b'.') {
                return Ok(Some(name));
            }
            self.words.next()?;
            word = self.words.next()?;
        }
    }

    fn create(&mut self) -> io::Result<()> {
        let mut word = self.words.next()?;
        while matches!(&word, Word::Name(name) if is(name, &["temporary", "unlogged", "global", "local", "or", "replace"]))
        {
            word = self.words.next()?;
        }
        if !matches!(&word, Word::Name(name) if is(name, &["table"])) {
            self.tell(&word);
            return if matches!(word, Word::Sign(b';') | Word::End) {
                Ok(())
            } else {
                self.other()
            };
        }
        let mut word = self.words.next()?;
        while matches!(&word, Word::Name(name) if is(name, &["if", "not", "exists"])) {
            word = self.words.next()?;
        }
        let Some(table) = self.name(Some(word))? else { return self.other() };
        if self.words.peek()? != Some(b'(') {
            return self.other();
        }
        self.words.next()?;
        let columns = self.definitions()?;
        if self.columns.len() < TABLES_MAX {
            self.columns.insert(table, columns);
        }
        self.other()
    }

    /// The columns between the brackets of `CREATE TABLE`. Comments and defaults go to the text.
    fn definitions(&mut self) -> io::Result<Vec<String>> {
        const NO_COLUMNS: &[&str] = &[
            "primary",
            "key",
            "unique",
            "index",
            "constraint",
            "foreign",
            "check",
            "fulltext",
            "spatial",
            "exclude",
            "like",
            "period",
        ];
        let (mut columns, mut depth, mut start) = (Vec::new(), 0_u32, true);
        loop {
            let word = self.words.next()?;
            match &word {
                Word::End => return Ok(columns),
                Word::Sign(b';') if depth == 0 => return Ok(columns),
                Word::Sign(b'(') => depth += 1,
                Word::Sign(b')') if depth == 0 => return Ok(columns),
                Word::Sign(b')') => depth -= 1,
                Word::Sign(b',') if depth == 0 => {
                    start = true;
                    continue;
                }
                Word::Quoted(name) if start && columns.len() < self.columns_max => {
                    columns.push(name.clone())
                }
                Word::Name(name)
                    if start && !is(name, NO_COLUMNS) && columns.len() < self.columns_max =>
                {
                    columns.push(name.clone());
                }
                Word::Text(_) => self.tell(&word),
                _ => {}
            }
            start = matches!(word, Word::Comment(_)) && start;
        }
    }

    fn insert(&mut self) -> io::Result<()> {
        let mut word = self.words.next()?;
        while matches!(&word, Word::Name(name) if is(name, &["ignore", "into", "low_priority", "delayed"]))
        {
            word = self.words.next()?;
        }
        let Some(table) = self.name(Some(word))? else { return self.other() };
        let columns = self.column_list(&table)?;
        let mut table = self.table(&table, columns);
        loop {
            match self.words.next()? {
                Word::Name(name) if is(&name, &["values", "value"]) => {
                    return self.rows(&mut table);
                }
                Word::Name(name) if is(&name, &["overriding", "system", "user"]) => {}
                Word::Sign(b';') => return Ok(()),
                Word::End => {
                    self.truncated = true;
                    return Ok(());
                }
                // `INSERT … SELECT`, `INSERT … SET`: no rows to be had.
                other => {
                    self.tell(&other);
                    return self.other();
                }
            }
        }
    }

    /// The list of columns behind a table's name, or what `CREATE TABLE` said.
    fn column_list(&mut self, table: &str) -> io::Result<Vec<String>> {
        let known = self.columns.get(table).cloned().unwrap_or_default();
        if self.words.peek()? != Some(b'(') {
            return Ok(known);
        }
        self.words.next()?;
        let mut columns = Vec::new();
        loop {
            match self.words.next()? {
                Word::Name(name) | Word::Quoted(name) | Word::Text(name)
                    if columns.len() < self.columns_max =>
                {
                    columns.push(name);
                }
                Word::Sign(b')') | Word::End => return Ok(columns),
                _ => {}
            }
        }
    }

    fn table(&mut self, name: &str, columns: Vec<String>) -> Table {
        let within = if self.within.is_empty() {
            format!("table {name}")
        } else {
            format!("{} → table {name}", self.within)
        };
        let unit = self.sink.open(&within, Format::SqlDump);
        let ids = columns.iter().map(|name| self.sink.column(unit, name)).collect();
        Table { unit, ids, max: self.columns_max }
    }

    fn rows(&mut self, table: &mut Table) -> io::Result<()> {
        loop {
            match self.words.next()? {
                Word::Sign(b'(') => self.row(table)?,
                Word::Sign(b';') => return Ok(()),
                Word::Sign(b',') | Word::Comment(_) => {}
                Word::End => {
                    self.truncated = true;
                    return Ok(());
                }
                // `ON DUPLICATE KEY UPDATE`, `RETURNING`.
                other => {
                    self.tell(&other);
                    return self.other();
                }
            }
        }
    }

    fn row(&mut self, table: &mut Table) -> io::Result<()> {
        let (mut at, mut depth) = (0, 0_u32);
        loop {
            let word = self.words.next()?;
            match &word {
                Word::Sign(b')') if depth == 0 => {
                    self.sink.end_row(table.unit);
                    return Ok(());
                }
                Word::Sign(b',') if depth == 0 => at += 1,
                Word::Sign(b'(') => depth += 1,
                Word::Sign(b')') => depth -= 1,
                Word::End => {
                    self.truncated = true;
                    self.sink.end_row(table.unit);
                    return Ok(());
                }
                // `_binary 'x'`, `CAST(… AS …)`, `NULL`, `now()`.
                Word::Text(text) | Word::Number(text) | Word::Quoted(text) => {
                    table.cell(self.sink, at, Cell::Text(text));
                }
                Word::Bytes(bytes) => table.cell(self.sink, at, Cell::Bytes(bytes)),
                Word::Sign(_) | Word::Name(_) | Word::Comment(_) => {}
            }
        }
    }

    fn copy(&mut self) -> io::Result<()> {
        let Some(name) = self.name(None)? else { return self.other() };
        let columns = self.column_list(&name)?;
        let mut from_here = false;
        loop {
            match self.words.next()? {
                Word::Name(word) => from_here |= is(&word, &["stdin"]),
                Word::Sign(b';') if from_here => break,
                Word::Sign(b';') | Word::End => return Ok(()),
                _ => {}
            }
        }
        let mut table = self.table(&name, columns);
        self.words.skip_line()?;
        let mut line = Vec::new();
        while self.words.line(&mut line)? {
            if line == b"\\." {
                return Ok(());
            }
            for (at, field) in line.split(|byte| *byte == b'\t').enumerate() {
                if field != b"\\N" {
                    table.cell(self.sink, at, Cell::Text(&words::copy_field(field)));
                }
            }
            self.sink.end_row(table.unit);
        }
        self.truncated = true;
        Ok(())
    }
}

/// A table that rows are read for.
struct Table {
    unit: UnitId,
    ids: Vec<usize>,
    max: usize,
}

impl Table {
    fn cell(&mut self, sink: &mut dyn Sink, at: usize, cell: Cell<'_>) {
        let at = at.min(self.max);
        while self.ids.len() <= at {
            let name = format!("column {}", self.ids.len() + 1);
            self.ids.push(sink.column(self.unit, &name));
        }
        if let Some(id) = self.ids.get(at) {
            sink.cell(self.unit, *id, cell);
        }
    }
}

fn is(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| name.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests;
