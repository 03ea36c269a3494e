//! What cameras write into pictures beside the picture: position, moment, owner, serial numbers. The picture itself is not looked at.

use std::io;

use exif::{Exif, In, Reader, Tag, Value};

use super::{Cell, Fault, Format, Input, UnitId, read::Context};

/// Fields that say something about a person or a device.
const FIELDS: &[Tag] = &[
    Tag::DateTimeOriginal,
    Tag::DateTime,
    Tag::Make,
    Tag::Model,
    Tag::Artist,
    Tag::Copyright,
    Tag::CameraOwnerName,
    Tag::BodySerialNumber,
    Tag::LensSerialNumber,
    Tag::ImageDescription,
    Tag::UserComment,
    Tag::ImageUniqueID,
    Tag::GPSDateStamp,
    Tag::GPSAreaInformation,
];

/// Reads the description of a picture.
///
/// # Errors
/// It does not read.
pub(super) fn read(input: Input<'_>, within: &str, cx: &mut Context<'_>) -> io::Result<()> {
    let (reader, _) = input.anywhere(cx.limits.memory_bytes_max)?;
    let mut reader = io::BufReader::new(reader);
    let mut exif_reader = Reader::new();
    exif_reader.continue_on_error(true);
    let mut faults = 0;
    let exif = exif_reader
        .read_from_container(&mut reader)
        .or_else(|error| error.distill_partial_result(|errors| faults = errors.len()));
    let unit = cx.sink.open(within, Format::Image);
    match exif {
        Ok(exif) => row(&exif, unit, cx),
        Err(exif::Error::NotFound(_) | exif::Error::BlankValue(_)) => {}
        Err(exif::Error::Io(error)) => cx.told_io(within, &error),
        Err(_) => faults += 1,
    }
    if faults > 0 {
        cx.told(within, Fault::Broken, "parts of the picture's description could not be read");
    }
    Ok(())
}

fn row(exif: &Exif, unit: UnitId, cx: &mut Context<'_>) {
    let mut cell = |name: &str, text: &str| {
        let column = cx.sink.column(unit, name);
        cx.sink.cell(unit, column, Cell::Text(text));
    };
    let position = [
        ("GPSLatitude", Tag::GPSLatitude, Tag::GPSLatitudeRef),
        ("GPSLongitude", Tag::GPSLongitude, Tag::GPSLongitudeRef),
    ];
    let mut pair = Vec::new();
    for (name, tag, side) in position {
        if let Some(degrees) = degrees(exif, tag, side) {
            let text = format!("{degrees:.6}");
            cell(name, &text);
            pair.push(text);
        }
    }
    if pair.len() == 2 {
        cell("GPSPosition", &pair.join(","));
    }
    for tag in FIELDS {
        let Some(field) = exif.get_field(*tag, In::PRIMARY) else { continue };
        let text = match &field.value {
            Value::Ascii(parts) => parts
                .iter()
                .map(|part| String::from_utf8_lossy(part).into_owned())
                .collect::<Vec<_>>()
                .join(" "),
            Value::Undefined(bytes, _) => {
                let text = bytes.strip_prefix(b"ASCII\0\0\0").or(bytes.strip_prefix(b"UNICODE\0"));
                String::from_utf8_lossy(text.unwrap_or(bytes)).replace('\0', "")
            }
            _ => field.display_value().to_string(),
        };
        // The camera writes 2021:07:02 08:05:09.
        let text =
            if tag.to_string().starts_with("Date") { text.replacen(':', "-", 2) } else { text };
        if !text.trim().is_empty() && text.len() <= 4096 {
            cell(&tag.to_string(), text.trim());
        }
    }
    cx.sink.end_row(unit);
}

fn degrees(exif: &Exif, tag: Tag, side: Tag) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let part =
        |at: usize| parts.get(at).map_or(Some(0.0), |part| (part.denom > 0).then(|| part.to_f64()));
    let degrees = part(0)? + part(1)? / 60.0 + part(2)? / 3600.0;
    let negative = exif
        .get_field(side, In::PRIMARY)
        .is_some_and(|field| matches!(field.display_value().to_string().as_str(), "S" | "W"));
    (degrees <= 180.0).then_some(if negative { -degrees } else { degrees })
}
