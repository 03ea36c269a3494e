//! Parquet files, row group by row group.

use std::{fs::File, io};

use parquet::{
    data_type::AsBytes,
    file::reader::{ChunkReader, FileReader, SerializedFileReader},
    record::{Field, Row},
};

use super::{Cell, Fault, Format, Input, UnitId, read::Context};

/// Reads a file.
///
/// # Errors
/// It does not read.
pub(super) fn read(input: Input<'_>, within: &str, cx: &mut Context<'_>) -> io::Result<()> {
    match input {
        Input::File(file, _) => rows::<File>(SerializedFileReader::new(file), within, cx),
        other => {
            let bytes = bytes::Bytes::from(other.memory(cx.limits.memory_bytes_max)?);
            rows(SerializedFileReader::new(bytes), within, cx);
        }
    }
    Ok(())
}

fn rows<R: ChunkReader + 'static>(
    reader: parquet::errors::Result<SerializedFileReader<R>>,
    within: &str,
    cx: &mut Context<'_>,
) {
    let reader = match reader {
        Ok(reader) => reader,
        Err(error) => return told(within, &error, cx),
    };
    let iterator = match reader.get_row_iter(None) {
        Ok(iterator) => iterator,
        Err(error) => return told(within, &error, cx),
    };
    let unit = cx.sink.open(within, Format::Parquet);
    for row in iterator {
        match row {
            Ok(row) => {
                group(&row, "", unit, cx, 0);
                cx.sink.end_row(unit);
            }
            Err(error) => {
                told(within, &error, cx);
                break;
            }
        }
    }
    cx.sink.close(unit);
}

fn told(within: &str, error: &parquet::errors::ParquetError, cx: &mut Context<'_>) {
    use parquet::errors::ParquetError as E;
    let (fault, reason) = match error {
        E::EOF(_) => (Fault::Truncated, "it ends too early"),
        E::NYI(_) => (Fault::Unsupported, "it uses a form of Parquet that there is no reader for"),
        _ => (Fault::Broken, "it breaks the rules of Parquet"),
    };
    cx.told(within, fault, reason);
}

fn group(row: &Row, parent: &str, unit: UnitId, cx: &mut Context<'_>, depth: usize) {
    for (name, field) in row.get_column_iter() {
        let path = if parent.is_empty() { name.clone() } else { format!("{parent}.{name}") };
        value(field, &path, unit, cx, depth);
    }
}

fn value(field: &Field, path: &str, unit: UnitId, cx: &mut Context<'_>, depth: usize) {
    if depth > cx.limits.nesting_max {
        return;
    }
    match field {
        Field::Null => {
            cx.sink.column(unit, path);
        }
        Field::Group(row) => group(row, path, unit, cx, depth + 1),
        Field::ListInternal(list) => {
            let path = format!("{path}[*]");
            list.elements().iter().for_each(|element| value(element, &path, unit, cx, depth + 1));
        }
        Field::MapInternal(map) => {
            for (key, of_key) in map.entries() {
                value(key, &format!("{path}.key"), unit, cx, depth + 1);
                value(of_key, &format!("{path}.value"), unit, cx, depth + 1);
            }
        }
        scalar => {
            let column = cx.sink.column(unit, path);
            match scalar {
                Field::Str(text) => cx.sink.cell(unit, column, Cell::Text(text)),
                Field::Bytes(bytes) => cx.sink.cell(unit, column, Cell::Bytes(bytes.as_bytes())),
                Field::Double(number) => cx.sink.cell(unit, column, Cell::Real(*number)),
                // Through its shortest text, so that 31.23 is not 31.229999542236328.
                Field::Float(number) => cx.sink.cell(unit, column, Cell::Text(&number.to_string())),
                Field::Long(number) => cx.sink.cell(unit, column, Cell::Integer(*number)),
                other => cx.sink.cell(unit, column, Cell::Text(&other.to_string())),
            }
        }
    }
}
