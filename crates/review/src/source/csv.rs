//! Tables in text: comma, tab, semicolon, bar or control-A between fields; the header is guessed. Fields have a bound: where a quote
//! is never closed the rest is read as running text, so that nothing is lost and nothing is held.

use std::io::{self, Read};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use sarai_detect::{Confidence, Detector, Options, column};

use super::{Cell, Fault, Format, Limits, Problem, Sink, UnitId, text};

/// The separators that are tried, the likeliest first.
const DELIMITERS: &[u8] = b",\t;|\x01";
/// Bytes of a record above which it is no record.
const RECORD_BYTES_MAX: usize = 4 << 20;
/// Records that are looked at to guess.
const GUESS_RECORDS: usize = 50;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// Between fields.
    pub delimiter: u8,
    /// The first record names the columns.
    pub header: bool,
}

/// The dialect of a table by its first bytes, or none where it is no table.
pub fn dialect(head: &[u8], ended: bool) -> Option<Dialect> {
    let whole = if ended { head } else { head.get(..memchr::memrchr(b'\n', head)? + 1)? };
    let best = DELIMITERS
        .iter()
        .filter_map(|delimiter| Some((*delimiter, columns_by(whole, *delimiter)?)))
        .max_by_key(|(delimiter, columns)| (*columns, *delimiter == b','))?;
    let records = records(whole, best.0);
    Some(Dialect { delimiter: best.0, header: has_header(&records) })
}

/// The columns that nearly all records have, if there are two or more of them.
fn columns_by(text: &[u8], delimiter: u8) -> Option<usize> {
    let records = records(text, delimiter);
    let columns = records.first()?.len();
    let same = records.iter().filter(|record| record.len() == columns).count();
    let enough = records.len() >= 2 && same * 10 >= records.len() * 9;
    // Prose has commas too: fields of a table are short.
    let short = records.iter().flatten().filter(|field| field.len() <= 200).count();
    let fields = records.iter().map(Vec::len).sum::<usize>();
    (columns >= 2 && enough && short * 10 >= fields * 8).then_some(columns)
}

fn records(text: &[u8], delimiter: u8) -> Vec<Vec<String>> {
    let mut reader = reader(delimiter);
    let mut records = Vec::new();
    let mut record = Record::default();
    let mut rest = text;
    while records.len() < GUESS_RECORDS {
        let (step, read) = record.read(&mut reader, rest);
        rest = rest.get(read..).unwrap_or_default();
        match step {
            Step::Whole => records.push(record.fields().map(str::to_owned).collect()),
            Step::More if rest.is_empty() => {
                // An empty input tells the reader that the text ends.
                if let (Step::Whole, _) = record.read(&mut reader, &[]) {
                    records.push(record.fields().map(str::to_owned).collect());
                }
                break;
            }
            Step::More => {}
            Step::End | Step::TooLong => break,
        }
    }
    records
}

/// Names of columns stand in the first record where all of it are different words, none of them a value.
pub(super) fn has_header(records: &[Vec<String>]) -> bool {
    let Some((first, rest)) = records.split_first() else { return false };
    let detector = Detector::new(Options::quiet().at_least(Confidence::Likely));
    let words = first.iter().enumerate().all(|(at, name)| {
        let name = name.trim();
        !name.is_empty()
            && name.chars().count() <= 64
            && name.parse::<f64>().is_err()
            && !first.iter().take(at).any(|other| other.trim() == name)
    });
    if !words || rest.is_empty() {
        return words && !first.iter().any(|name| detector.finds_any(name.as_bytes()));
    }
    if first.iter().any(|name| column::named(name.trim()).is_some()) {
        return first.iter().all(|name| !name.bytes().all(|byte| byte.is_ascii_digit()));
    }
    // A name is unlike the values below it: those are numbers or found, it is neither.
    let unlike = |at: usize| {
        let below = rest.iter().filter_map(|record| record.get(at));
        let (mut values, mut others) = (0, 0);
        for value in below {
            values += 1;
            others += usize::from(
                value.trim().parse::<f64>().is_ok() || detector.finds_any(value.as_bytes()),
            );
        }
        others * 2 > values
    };
    first.iter().all(|name| !detector.finds_any(name.as_bytes())) && (0..first.len()).any(unlike)
}

fn reader(delimiter: u8) -> Reader {
    ReaderBuilder::new().delimiter(delimiter).build()
}

/// A record as it is being read.
#[derive(Debug, Default)]
struct Record {
    bytes: Vec<u8>,
    filled: usize,
    ends: Vec<usize>,
    fields: usize,
    done: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Whole,
    More,
    End,
    TooLong,
}

impl Record {
    /// Reads on in `input`; says how much of it was read.
    fn read(&mut self, reader: &mut Reader, input: &[u8]) -> (Step, usize) {
        if std::mem::take(&mut self.done) {
            (self.filled, self.fields) = (0, 0);
        }
        let mut read = 0;
        loop {
            if self.bytes.len() == self.filled {
                self.bytes.resize((self.filled * 2).max(4096), 0);
            }
            if self.ends.len() == self.fields {
                self.ends.resize((self.fields * 2).max(64), 0);
            }
            let rest = input.get(read..).unwrap_or_default();
            let out = self.bytes.get_mut(self.filled..).unwrap_or_default();
            let ends = self.ends.get_mut(self.fields..).unwrap_or_default();
            let (result, took, wrote, ended) = reader.read_record(rest, out, ends);
            read += took;
            self.filled += wrote;
            self.fields += ended;
            match result {
                ReadRecordResult::Record => {
                    self.done = true;
                    return (Step::Whole, read);
                }
                ReadRecordResult::End => return (Step::End, read),
                ReadRecordResult::InputEmpty => return (Step::More, read),
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull
                    if self.filled >= RECORD_BYTES_MAX || self.fields >= RECORD_BYTES_MAX =>
                {
                    return (Step::TooLong, read);
                }
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {}
            }
        }
    }

    fn fields(&self) -> impl Iterator<Item = &str> {
        let ends = self.ends.get(..self.fields).unwrap_or_default();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        ends.iter().zip(starts).map(|(end, start)| {
            let field = self.bytes.get(start..*end).unwrap_or_default();
            std::str::from_utf8(field).unwrap_or_else(|error| {
                let valid = field.get(..error.valid_up_to()).unwrap_or_default();
                std::str::from_utf8(valid).unwrap_or_default()
            })
        })
    }
}

/// Names for the columns of a header: a name that stands twice is numbered, an empty one too.
pub(super) fn names<'n>(header: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (at, name) in header.enumerate() {
        let name = name.trim();
        let name = if name.is_empty() { format!("column {}", at + 1) } else { name.to_owned() };
        let again = names.contains(&name);
        names.push(if again { format!("{name} ({})", at + 1) } else { name });
    }
    names
}

/// Reads a table in UTF-8.
///
/// # Errors
/// It does not read.
pub fn read(
    mut input: impl Read,
    dialect: Dialect,
    limits: &Limits,
    within: &str,
    sink: &mut dyn Sink,
) -> io::Result<()> {
    let unit = sink.open(within, Format::Csv);
    let mut reader = reader(dialect.delimiter);
    let mut record = Record::default();
    let mut columns = Columns::new(dialect.header, limits.columns_max);
    let mut buffer = vec![0; text::PIECE_BYTES];
    loop {
        let read = match input.read(&mut buffer) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let mut rest = buffer.get(..read).unwrap_or_default();
        loop {
            let (step, took) = record.read(&mut reader, rest);
            rest = rest.get(took..).unwrap_or_default();
            match step {
                Step::Whole => columns.record(&record, unit, sink),
                Step::More => break,
                Step::End => {
                    sink.close(unit);
                    return Ok(());
                }
                Step::TooLong => {
                    let reason = "a record has no end; from there on it was read as running text";
                    sink.problem(Problem::new(within, Fault::Broken, reason));
                    sink.text(unit, record.bytes.get(..record.filled).unwrap_or_default());
                    sink.text(unit, rest);
                    return text::read(input, sink, unit);
                }
            }
        }
    }
}

/// Columns by their place in a record.
struct Columns {
    header: bool,
    max: usize,
    ids: Vec<usize>,
}

impl Columns {
    fn new(header: bool, max: usize) -> Self {
        Self { header, max, ids: Vec::new() }
    }

    fn record(&mut self, record: &Record, unit: UnitId, sink: &mut dyn Sink) {
        if std::mem::take(&mut self.header) {
            let names = names(record.fields().take(self.max));
            self.ids = names.iter().map(|name| sink.column(unit, name)).collect();
            return;
        }
        for (at, field) in record.fields().enumerate() {
            while self.ids.len() <= at.min(self.max) {
                // Fields beyond the bound share a column.
                let name = if self.ids.len() == self.max {
                    "further columns".to_owned()
                } else {
                    format!("column {}", self.ids.len() + 1)
                };
                self.ids.push(sink.column(unit, &name));
            }
            if let Some(id) = self.ids.get(at.min(self.max)) {
                sink.cell(unit, *id, Cell::Text(field));
            }
        }
        sink.end_row(unit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dialects_are_guessed() {
        let cases: &[(&str, Option<(u8, bool)>)] = &[
            ("name,phone\nann,13800138000\nbo,13912345678\n", Some((b',', true))),
            ("张三\t13800138000\n李四\t13912345678\n", Some((b'\t', false))),
            ("a;b;c\n1;2;3\n4;5;6\n", Some((b';', true))),
            ("id|name|when\n1|ann|2021-07-02\n2|bo|2021-07-03\n", Some((b'|', true))),
            ("\"x,y\",\"z\"\n\"1,2\",\"3\"\n", Some((b',', true))),
            ("just some prose, with a comma\nand another line\nand, well, more, of it\n", None),
            ("2021-07-02 INFO start\n2021-07-02 INFO end\n", None),
            ("one\ntwo\n", None),
        ];
        for (text, wanted) in cases {
            let found = dialect(text.as_bytes(), true).map(|d| (d.delimiter, d.header));
            assert_eq!(found, *wanted, "{text}");
        }
    }

    #[test]
    fn names_are_made_different() {
        assert_eq!(names(["a", "", "a"].into_iter()), ["a", "column 2", "a (3)"]);
    }
}
