//! Spreadsheets: XLSX cell by cell; XLSB, XLS and ODS a sheet at a time.

use std::io::{self, Cursor, Read, Seek};

use calamine::{
    Data, DataRef, ExcelDateTime, Ods, OdsError, Reader, Xls, XlsError, Xlsb, Xlsx, XlsxError,
};

use super::{
    Cell, Fault, Format, Input, UnitId, csv,
    read::{Context, inside},
};

/// A form of spreadsheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Xlsx,
    Xlsb,
    Ods,
}

/// A workbook in the zip form.
///
/// # Errors
/// It does not read.
pub(super) fn read<R: Read + Seek>(
    kind: Kind,
    mut reader: R,
    within: &str,
    cx: &mut Context<'_>,
) -> io::Result<()> {
    reader.rewind()?;
    match kind {
        Kind::Xlsx => match Xlsx::new(BufferedOnce(io::BufReader::new(reader))) {
            Ok(book) => read_xlsx(book, within, cx),
            Err(error) => told(within, &error, cx),
        },
        Kind::Xlsb => match Xlsb::new(BufferedOnce(io::BufReader::new(reader))) {
            Ok(book) => read_ranges(book, within, cx),
            Err(_) => broken(within, cx),
        },
        Kind::Ods => match Ods::new(BufferedOnce(io::BufReader::new(reader))) {
            Ok(book) => read_ranges(book, within, cx),
            Err(OdsError::Password) => cx.told(within, Fault::Encrypted, "it needs a password"),
            Err(_) => broken(within, cx),
        },
    }
    Ok(())
}

/// A buffered reader under another name, because the libraries ask for one that can be read and sought.
struct BufferedOnce<R>(io::BufReader<R>);

impl<R: Read> Read for BufferedOnce<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<R: Read + Seek> Seek for BufferedOnce<R> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

/// A workbook in a compound file: XLS, or an encrypted one of the newer form.
///
/// # Errors
/// It does not read.
pub(super) fn read_compound(
    input: Input<'_>,
    within: &str,
    cx: &mut Context<'_>,
) -> io::Result<()> {
    let bytes = input.memory(cx.limits.memory_bytes_max)?;
    let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if memchr::memmem::find(&bytes, &encrypted).is_some() {
        cx.told(within, Fault::Encrypted, "an office document that needs a password");
        return Ok(());
    }
    match Xls::new(Cursor::new(&bytes)) {
        Ok(book) => read_ranges(book, within, cx),
        Err(XlsError::Password) => cx.told(within, Fault::Encrypted, "it needs a password"),
        Err(_) => {
            // An older text document or a message store: its text lies there in pieces.
            let reason =
                "no spreadsheet in this compound file; its bytes were read as running text";
            cx.told(within, Fault::Unsupported, reason);
            let unit = cx.sink.open(within, Format::Binary);
            cx.sink.text(unit, &bytes);
            let wide: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
            cx.sink.text(unit, &wide);
        }
    }
    Ok(())
}

fn broken(within: &str, cx: &mut Context<'_>) {
    cx.told(within, Fault::Broken, "it is no whole workbook");
}

fn told(within: &str, error: &XlsxError, cx: &mut Context<'_>) {
    match error {
        XlsxError::Password => cx.told(within, Fault::Encrypted, "it needs a password"),
        XlsxError::Io(error) => cx.told_io(within, error),
        _ => broken(within, cx),
    }
}

fn read_xlsx<R: Read + Seek>(mut book: Xlsx<R>, within: &str, cx: &mut Context<'_>) {
    for name in book.sheet_names() {
        let place = inside(within, &format!("sheet {name}"));
        match book.worksheet_cells_reader(&name) {
            Ok(mut cells) => {
                let mut sheet = Sheet::new(&place, cx);
                loop {
                    match cells.next_cell() {
                        Ok(Some(cell)) => {
                            let (row, column) = cell.get_position();
                            sheet.cell(row, column, of_ref(cell.get_value()), cx);
                        }
                        Ok(None) => break,
                        Err(error) => {
                            told(&place, &error, cx);
                            break;
                        }
                    }
                }
                sheet.end(cx);
            }
            // A chart sheet or a dialogue has no cells.
            Err(XlsxError::NotAWorksheet(_)) => {}
            Err(error) => told(&place, &error, cx),
        }
    }
}

fn read_ranges<R: Read + Seek, B: Reader<R>>(mut book: B, within: &str, cx: &mut Context<'_>) {
    for name in book.sheet_names() {
        let place = inside(within, &format!("sheet {name}"));
        let Ok(range) = book.worksheet_range(&name) else {
            broken(&place, cx);
            continue;
        };
        let mut sheet = Sheet::new(&place, cx);
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let (Ok(row), Ok(column)) = (u32::try_from(row), u32::try_from(column)) else {
                continue;
            };
            sheet.cell(row + first_row, column + first_column, of_data(value), cx);
        }
        sheet.end(cx);
    }
}

/// A value as the text that it is everywhere.
enum Value<'v> {
    Cell(Cell<'v>),
    Owned(String),
    None,
}

fn of_ref<'v>(value: &'v DataRef<'_>) -> Value<'v> {
    match value {
        DataRef::Int(number) => Value::Cell(Cell::Integer(*number)),
        DataRef::Float(number) => Value::Cell(Cell::Real(*number)),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Value::Cell(Cell::Text(text))
        }
        DataRef::SharedString(text) => Value::Cell(Cell::Text(text)),
        DataRef::Bool(truth) => Value::Owned(truth.to_string()),
        DataRef::DateTime(moment) => moment_text(moment),
        DataRef::Error(_) | DataRef::Empty => Value::None,
    }
}

fn of_data(value: &Data) -> Value<'_> {
    match value {
        Data::Int(number) => Value::Cell(Cell::Integer(*number)),
        Data::Float(number) => Value::Cell(Cell::Real(*number)),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            Value::Cell(Cell::Text(text))
        }
        Data::Bool(truth) => Value::Owned(truth.to_string()),
        Data::DateTime(moment) => moment_text(moment),
        _ => Value::None,
    }
}

fn moment_text<'v>(moment: &ExcelDateTime) -> Value<'v> {
    if !moment.is_datetime() {
        return Value::Owned(Cell::Real(moment.as_f64()).text().into_owned());
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    Value::Owned(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"))
}

/// Rows that are kept to see whether the first names the columns.
const GUESS_ROWS: usize = 20;

/// A sheet as a table: cells come by row, some columns empty.
struct Sheet {
    unit: UnitId,
    row: Option<u32>,
    cells: Vec<(u32, String)>,
    /// The first rows, until it is known whether there is a header.
    first: Option<Vec<Vec<(u32, String)>>>,
    ids: std::collections::HashMap<u32, usize>,
}

impl Sheet {
    fn new(place: &str, cx: &mut Context<'_>) -> Self {
        let unit = cx.sink.open(place, Format::Spreadsheet);
        Self {
            unit,
            row: None,
            cells: Vec::new(),
            first: Some(Vec::new()),
            ids: std::collections::HashMap::new(),
        }
    }

    fn cell(&mut self, row: u32, column: u32, value: Value<'_>, cx: &mut Context<'_>) {
        if self.row.is_some_and(|before| before != row) {
            self.end_row(cx);
        }
        self.row = Some(row);
        let text = match value {
            Value::Cell(cell) => cell.text().into_owned(),
            Value::Owned(text) => text,
            Value::None => return,
        };
        self.cells.push((column, text));
    }

    fn end_row(&mut self, cx: &mut Context<'_>) {
        let row = std::mem::take(&mut self.cells);
        if row.is_empty() {
            return;
        }
        match &mut self.first {
            Some(first) if first.len() < GUESS_ROWS => first.push(row),
            _ => {
                self.begin(cx);
                self.give(row, cx);
            }
        }
    }

    /// Decides on the header, and gives the rows over that were kept for that.
    fn begin(&mut self, cx: &mut Context<'_>) {
        let Some(first) = self.first.take() else { return };
        // A title above the table is a row with one cell.
        let titles = first.iter().take_while(|row| row.len() == 1).count();
        let titles = if titles < first.len() { titles } else { 0 };
        let rows: Vec<Vec<String>> = first
            .iter()
            .skip(titles)
            .map(|row| row.iter().map(|(_, text)| text.clone()).collect())
            .collect();
        let header = csv::has_header(&rows);
        for (at, row) in first.into_iter().enumerate() {
            if at == titles && header {
                let names = csv::names(row.iter().map(|(_, text)| text.as_str()));
                for ((column, _), name) in row.iter().zip(names) {
                    self.ids.insert(*column, cx.sink.column(self.unit, &name));
                }
            } else {
                self.give(row, cx);
            }
        }
    }

    fn give(&mut self, row: Vec<(u32, String)>, cx: &mut Context<'_>) {
        let max = u32::try_from(cx.limits.columns_max).unwrap_or(u32::MAX);
        for (column, text) in row {
            let column = column.min(max);
            let unit = self.unit;
            let id = *self.ids.entry(column).or_insert_with(|| {
                cx.sink.column(unit, &format!("column {}", u64::from(column) + 1))
            });
            cx.sink.cell(unit, id, Cell::Text(&text));
        }
        cx.sink.end_row(self.unit);
    }

    fn end(mut self, cx: &mut Context<'_>) {
        self.end_row(cx);
        self.begin(cx);
        cx.sink.close(self.unit);
    }
}
