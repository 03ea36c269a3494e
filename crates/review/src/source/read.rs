//! From bytes to the reader of what they are.

use std::{
    io::{self, Cursor, Read, Seek},
    panic::{AssertUnwindSafe, catch_unwind},
};

use super::{
    Budget, Fault, Format, Input, Limits, Problem, Sink, Stopped, archive, csv, decode, document,
    image, json, mail, parquet, pdf, sheet, sniff, sqldump, sqlite, text,
};

/// What every reader needs.
pub struct Context<'c> {
    /// Where findings go.
    pub sink: &'c mut dyn Sink,
    /// Bounds.
    pub limits: &'c Limits,
    /// What may still be unpacked.
    pub budget: Budget,
    /// Archives that the bytes stand in.
    pub depth: u32,
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("depth", &self.depth).finish_non_exhaustive()
    }
}

impl<'c> Context<'c> {
    /// A context for a source of this length.
    pub fn new(sink: &'c mut dyn Sink, limits: &'c Limits, source_bytes: u64) -> Self {
        Self { sink, limits, budget: Budget::new(limits, source_bytes), depth: 0 }
    }

    /// Reports a problem.
    pub fn told(&mut self, within: &str, fault: Fault, reason: impl Into<String>) {
        self.sink.problem(Problem::new(within, fault, reason));
    }

    /// Reports that something did not read; a bound that was reached is reported as that bound.
    pub fn told_io(&mut self, within: &str, error: &io::Error) {
        let (fault, reason) = match (Stopped::of(error), error.kind()) {
            (Some(stopped), _) => (stopped.fault, stopped.reason),
            (None, io::ErrorKind::UnexpectedEof) => (Fault::Truncated, "it ends too early"),
            (
                None,
                io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other,
            ) => (Fault::Broken, "it breaks the rules of its format"),
            (None, _) => (Fault::Unreadable, "it could not be read"),
        };
        self.told(within, fault, reason);
    }
}

/// The place of a part inside another.
pub fn inside(within: &str, part: &str) -> String {
    // Names in archives are data: no control characters, and no longer than a report bears.
    let part: String =
        part.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(256).collect();
    if within.is_empty() { part } else { format!("{within} → {part}") }
}

/// Reads whatever the bytes are, and says what they were. Never fails: problems go to the sink.
pub fn read(input: Input<'_>, within: &str, cx: &mut Context<'_>) -> Format {
    if cx.budget.spent().is_some() {
        return Format::Empty;
    }
    let mut head = Vec::new();
    let input = match peek(input, &mut head) {
        Ok(input) => input,
        Err(error) => {
            cx.told_io(within, &error);
            return Format::Empty;
        }
    };
    let ended = head.len() < sniff::HEAD_BYTES;
    let format = sniff::format(&head, ended);
    if let Err(error) = read_as(format, input, &head, within, cx) {
        cx.told_io(within, &error);
    }
    format
}

/// Takes the first bytes and gives back an input that starts with them again.
fn peek<'i>(input: Input<'i>, head: &mut Vec<u8>) -> io::Result<Input<'i>> {
    let most = sniff::HEAD_BYTES as u64;
    match input {
        Input::Stream(mut stream) => {
            stream.by_ref().take(most).read_to_end(head)?;
            Ok(Input::Stream(Box::new(Cursor::new(head.clone()).chain(stream))))
        }
        Input::File(mut file, length) => {
            file.by_ref().take(most).read_to_end(head)?;
            file.rewind()?;
            Ok(Input::File(file, length))
        }
        Input::Memory(bytes) => {
            head.extend_from_slice(bytes.get(..sniff::HEAD_BYTES).unwrap_or(&bytes));
            Ok(Input::Memory(bytes))
        }
    }
}

fn read_as(
    format: Format,
    input: Input<'_>,
    head: &[u8],
    within: &str,
    cx: &mut Context<'_>,
) -> io::Result<()> {
    match format {
        Format::Empty | Format::Postgres | Format::Mysql => Ok(()),
        Format::Text | Format::Binary | Format::Csv | Format::Json | Format::SqlDump => {
            plain(format, stream(input), head, within, cx)
        }
        Format::Mbox => mail::read_mbox(stream(input), within, cx),
        Format::Gzip => archive::read_gzip(stream(input), within, cx),
        Format::Zstd => archive::read_zstd(stream(input), within, cx),
        Format::Tar => archive::read_tar(stream(input), within, cx),
        Format::Unsupported => {
            let what = sniff::unsupported(head).unwrap_or("this format");
            cx.told(within, Fault::Unsupported, format!("there is no reader for {what}"));
            Ok(())
        }
        Format::Mail
        | Format::Zip
        | Format::Spreadsheet
        | Format::Document
        | Format::Pdf
        | Format::Parquet
        | Format::Sqlite
        | Format::Image => caught(within, cx, |cx| match format {
            Format::Mail => mail::read(input, within, cx),
            Format::Zip => archive::read_zip(input, within, cx),
            Format::Spreadsheet => sheet::read_compound(input, within, cx),
            Format::Pdf => pdf::read(input, within, cx),
            Format::Parquet => parquet::read(input, within, cx),
            Format::Sqlite => sqlite::read(input, within, cx),
            Format::Image => image::read(input, within, cx),
            _ => document::read_text(input, within, cx),
        }),
    }
}

/// The input forwards only.
pub(super) fn stream(input: Input<'_>) -> Box<dyn Read + '_> {
    match input {
        Input::Stream(stream) => stream,
        Input::File(file, _) => Box::new(file),
        Input::Memory(bytes) => Box::new(Cursor::new(bytes)),
    }
}

/// Text in any encoding, as what it is.
pub(super) fn plain(
    format: Format,
    input: impl Read,
    head: &[u8],
    within: &str,
    cx: &mut Context<'_>,
) -> io::Result<()> {
    if format == Format::Binary {
        let unit = cx.sink.open(within, Format::Binary);
        return text::read(input, cx.sink, unit);
    }
    let mut decoded_head = Vec::new();
    decode::Decoded::new(head, head).read_to_end(&mut decoded_head)?;
    let decoded = decode::Decoded::new(input, head);
    let ended = head.len() < sniff::HEAD_BYTES;
    match format {
        Format::Json => json::read(decoded, cx.limits, within, cx.sink),
        Format::SqlDump => sqldump::read(decoded, cx.limits, within, cx.sink),
        Format::Csv if let Some(dialect) = csv::dialect(&decoded_head, ended) => {
            csv::read(decoded, dialect, cx.limits, within, cx.sink)
        }
        _ => {
            let unit = cx.sink.open(within, Format::Text);
            text::read(decoded, cx.sink, unit)
        }
    }
}

/// Runs a reader of a format that is not our own code: a fault in it is a problem of the file, not the end of the scan.
fn caught(
    within: &str,
    cx: &mut Context<'_>,
    reader: impl FnOnce(&mut Context<'_>) -> io::Result<()>,
) -> io::Result<()> {
    match catch_unwind(AssertUnwindSafe(|| reader(cx))) {
        Ok(outcome) => outcome,
        Err(_) => {
            cx.told(within, Fault::Crashed, "its reader met something it could not bear");
            Ok(())
        }
    }
}
