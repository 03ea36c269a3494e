//! Text of office documents: WordprocessingML, presentations, OpenDocument. Every part that holds words, and the files embedded.

use std::io::{self, BufReader, Read, Seek};

use quick_xml::{Reader, events::Event};
use zip::ZipArchive;

use super::{
    Fault, Format, Input, UnitId,
    archive::{read_embedded, told_zip},
    read::{Context, inside},
    text,
};

/// Bytes that a part may have which is read as a file by itself.
const EMBEDDED_BYTES_MAX: u64 = 64 << 20;

/// Reads a document in the zip form.
///
/// # Errors
/// A bound on what may be unpacked was reached.
pub(super) fn read<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    within: &str,
    cx: &mut Context<'_>,
) -> io::Result<()> {
    let unit = cx.sink.open(within, Format::Document);
    for at in 0..archive.len() {
        cx.budget.entry()?;
        let entry = match archive.by_index(at) {
            Ok(entry) => entry,
            Err(error) => {
                told_zip(&inside(within, &format!("entry {at}")), &error, cx);
                continue;
            }
        };
        let name = entry.name().map(|name| name.into_owned()).unwrap_or_default();
        let place = inside(within, &name);
        if has_words(&name) {
            let unpacked = cx.budget.reader(entry);
            if let Err(error) = read_xml(BufReader::new(unpacked), unit, &place, cx) {
                cx.told_io(&place, &error);
            }
        } else if is_file(&name) {
            let unpacked = cx.budget.reader(entry);
            match Input::Stream(Box::new(unpacked))
                .memory(EMBEDDED_BYTES_MAX.min(cx.limits.memory_bytes_max))
            {
                Ok(bytes) => read_embedded(bytes, &place, cx),
                Err(error) => cx.told_io(&place, &error),
            }
        }
        if let Some(stopped) = cx.budget.spent() {
            return Err(stopped.into());
        }
    }
    Ok(())
}

/// Parts of XML that hold no words of people: styles, settings, themes, relations.
fn has_words(name: &str) -> bool {
    const NONE: &[&str] = &[
        "styles",
        "settings",
        "fontTable",
        "theme",
        "webSettings",
        "numbering",
        "[Content_Types]",
        "stylesWithEffects",
        "presProps",
        "viewProps",
        "tableStyles",
    ];
    let stem = name.rsplit('/').next().unwrap_or(name);
    let stem = stem.strip_suffix(".xml");
    stem.is_some_and(|stem| !NONE.contains(&stem) && !stem.starts_with("theme"))
}

fn is_file(name: &str) -> bool {
    ["/embeddings/", "/media/", "Pictures/", "ObjectReplacements/"]
        .iter()
        .any(|folder| name.contains(folder) || name.starts_with(folder))
}

/// The words of a part of XML, a line a paragraph. A document type declaration is refused: no honest office document has one, and
/// entities grow out of it.
pub(super) fn read_xml(
    input: impl io::BufRead,
    unit: UnitId,
    within: &str,
    cx: &mut Context<'_>,
) -> io::Result<()> {
    let mut reader = Reader::from_reader(input);
    reader.config_mut().check_end_names = false;
    let (mut buffer, mut depth) = (Vec::new(), 0_usize);
    loop {
        buffer.clear();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(quick_xml::Error::Io(error)) => {
                return Err(io::Error::new(error.kind(), error).into_bound());
            }
            Err(_) => {
                cx.told(within, Fault::Broken, "it is no whole XML");
                return Ok(());
            }
        };
        match event {
            Event::Eof => return Ok(()),
            Event::DocType(_) => {
                cx.told(within, Fault::Hostile, "it declares entities; it was not read on");
                return Ok(());
            }
            Event::Start(_) => {
                depth += 1;
                if depth > cx.limits.nesting_max {
                    cx.told(within, Fault::TooDeep, "its XML is nested deeper than a scan follows");
                    return Ok(());
                }
            }
            Event::Text(run) => {
                let run: &str = run.as_ref();
                cx.sink.text(unit, run.as_bytes());
            }
            Event::CData(run) => cx.sink.text(unit, run.as_ref().as_bytes()),
            Event::GeneralRef(name) => cx.sink.text(unit, reference(name.as_ref()).as_bytes()),
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                cx.sink.text(unit, gap(tag.local_name().as_ref()));
            }
            Event::Empty(tag) => cx.sink.text(unit, gap(tag.local_name().as_ref())),
            _ => {}
        }
    }
}

/// What stands between words after a tag.
fn gap(tag: &str) -> &'static [u8] {
    match tag {
        "p" | "h" | "br" | "cr" | "tr" | "line-break" | "table-row" | "creator" | "title"
        | "subject" | "lastModifiedBy" | "description" | "keywords" => b"\n",
        "tab" | "tc" | "table-cell" | "s" => b"\t",
        _ => b"",
    }
}

/// The five entities that XML has by itself, and characters by number.
fn reference(name: &str) -> String {
    let number = |digits: &str| {
        let value = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => digits.parse().ok(),
        };
        value.and_then(char::from_u32).map(String::from)
    };
    match name {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        other => other.strip_prefix('#').and_then(number).unwrap_or_default(),
    }
}

trait IntoBound {
    fn into_bound(self) -> io::Error;
}

impl IntoBound for io::Error {
    /// A bound that travels in an error wrapped by another reader, as it was.
    fn into_bound(self) -> io::Error {
        let inner =
            self.get_ref().and_then(|inner| inner.downcast_ref::<std::sync::Arc<io::Error>>());
        match inner.and_then(|inner| super::Stopped::of(inner)) {
            Some(stopped) => stopped.into(),
            None => self,
        }
    }
}

/// A document that is none of these forms, as running text.
pub(super) fn read_text(input: Input<'_>, within: &str, cx: &mut Context<'_>) -> io::Result<()> {
    let unit = cx.sink.open(within, Format::Text);
    text::read(super::read::stream(input), cx.sink, unit)
}
