//! What stands in archives and in compressed streams, one inside another, within bounds.

use std::io::{self, BufReader, Read};

use flate2::read::MultiGzDecoder;
use zip::{ZipArchive, result::ZipError};

use super::{
    Fault, Input, document,
    read::{Context, inside, read},
    sheet,
};

/// The largest window of a zstd stream, as a power of two: 128 MiB, what `zstd --ultra` uses at most.
const ZSTD_WINDOW_LOG_MAX: u32 = 27;

/// Reads what is inside, one level deeper.
fn deeper(input: Input<'_>, within: &str, cx: &mut Context<'_>) {
    if cx.depth >= cx.limits.archive_depth_max {
        cx.told(within, Fault::TooDeep, "archives stand deeper in one another than a scan follows");
        return;
    }
    cx.depth += 1;
    read(input, within, cx);
    cx.depth -= 1;
}

/// A gzip stream, of one member or several.
///
/// # Errors
/// It does not read.
pub(super) fn read_gzip(input: impl Read, within: &str, cx: &mut Context<'_>) -> io::Result<()> {
    cx.budget.entry()?;
    let unpacked = cx.budget.reader(MultiGzDecoder::new(BufReader::new(input)));
    deeper(Input::Stream(Box::new(unpacked)), &inside(within, "unpacked"), cx);
    Ok(())
}

/// A zstd stream.
///
/// # Errors
/// It does not read.
pub(super) fn read_zstd(input: impl Read, within: &str, cx: &mut Context<'_>) -> io::Result<()> {
    cx.budget.entry()?;
    let mut decoder = zstd::stream::read::Decoder::new(input)?;
    decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
    let unpacked = cx.budget.reader(decoder);
    deeper(Input::Stream(Box::new(unpacked)), &inside(within, "unpacked"), cx);
    Ok(())
}

/// A tar archive, forwards.
///
/// # Errors
/// It does not read.
pub(super) fn read_tar(input: impl Read, within: &str, cx: &mut Context<'_>) -> io::Result<()> {
    let mut archive = tar::Archive::new(input);
    for entry in archive.entries()? {
        let entry = entry?;
        cx.budget.entry()?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let place = inside(within, &name);
        let kind = entry.header().entry_type();
        if kind.is_dir() || kind.is_pax_global_extensions() {
            continue;
        }
        if escapes(&name) {
            cx.told(&place, Fault::Escapes, "its name leads out of the archive; it was not read");
        } else if kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse() {
            let unpacked = cx.budget.reader(entry);
            deeper(Input::Stream(Box::new(unpacked)), &place, cx);
            if let Some(stopped) = cx.budget.spent() {
                return if cx.depth == 0 { Ok(()) } else { Err(stopped.into()) };
            }
        } else {
            cx.told(&place, Fault::Escapes, "a link or a device; it was not followed");
        }
    }
    Ok(())
}

/// Whether a name leads out of its archive.
fn escapes(name: &str) -> bool {
    name.starts_with(['/', '\\'])
        || name.contains('\0')
        || name.split(['/', '\\']).any(|part| part == "..")
        || name.as_bytes().get(1) == Some(&b':')
}

/// What a file in the zip form is.
enum Inside {
    Archive,
    Sheet(sheet::Kind),
    Document,
}

fn what_it_is<R: Read + io::Seek>(archive: &mut ZipArchive<R>) -> Inside {
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("xl/workbook.xml") {
        Inside::Sheet(sheet::Kind::Xlsx)
    } else if has("xl/workbook.bin") {
        Inside::Sheet(sheet::Kind::Xlsb)
    } else if has("word/document.xml") || has("ppt/presentation.xml") {
        Inside::Document
    } else if has("content.xml") && has("mimetype") {
        let mut kind = Vec::new();
        let read = archive.by_name("mimetype").map(|entry| entry.take(100).read_to_end(&mut kind));
        let sheet = matches!(read, Ok(Ok(_))) && kind.ends_with(b"spreadsheet");
        if sheet { Inside::Sheet(sheet::Kind::Ods) } else { Inside::Document }
    } else {
        Inside::Archive
    }
}

/// A zip archive, or an office document in that form.
///
/// # Errors
/// It does not read.
pub(super) fn read_zip(input: Input<'_>, within: &str, cx: &mut Context<'_>) -> io::Result<()> {
    let (mut reader, _) = input.anywhere(cx.limits.memory_bytes_max)?;
    let mut archive = match ZipArchive::new(&mut reader) {
        Ok(archive) => archive,
        Err(error) => {
            told_zip(within, &error, cx);
            return Ok(());
        }
    };
    // Before a byte is unpacked: entries that share their bytes multiply them.
    match archive.has_overlapping_entries() {
        Ok(false) => {}
        Ok(true) => {
            cx.told(within, Fault::Bomb, "its entries overlap; nothing of it was unpacked");
            return Ok(());
        }
        Err(error) => {
            told_zip(within, &error, cx);
            return Ok(());
        }
    }
    match what_it_is(&mut archive) {
        Inside::Archive => read_entries(&mut archive, within, cx),
        Inside::Document => document::read(&mut archive, within, cx),
        Inside::Sheet(kind) => {
            // Unpacked once for nothing but its length: the reader of sheets has no bound of its own.
            measure(&mut archive, cx)?;
            drop(archive);
            sheet::read(kind, reader, within, cx)
        }
    }
}

fn measure<R: Read + io::Seek>(
    archive: &mut ZipArchive<R>,
    cx: &mut Context<'_>,
) -> io::Result<()> {
    for at in 0..archive.len() {
        cx.budget.entry()?;
        if let Ok(entry) = archive.by_index(at) {
            io::copy(&mut cx.budget.reader(entry), &mut io::sink())?;
        }
    }
    Ok(())
}

fn read_entries<R: Read + io::Seek>(
    archive: &mut ZipArchive<R>,
    within: &str,
    cx: &mut Context<'_>,
) -> io::Result<()> {
    for at in 0..archive.len() {
        cx.budget.entry()?;
        read_entry(archive, at, within, cx);
        if let Some(stopped) = cx.budget.spent() {
            return if cx.depth == 0 { Ok(()) } else { Err(stopped.into()) };
        }
    }
    Ok(())
}

fn read_entry<R: Read + io::Seek>(
    archive: &mut ZipArchive<R>,
    at: usize,
    within: &str,
    cx: &mut Context<'_>,
) {
    let (name, encrypted, link) = match archive.by_index_raw(at) {
        Ok(entry) => {
            let name = entry
                .name()
                .map(|name| name.into_owned())
                .unwrap_or_else(|_| format!("entry {at}"));
            if entry.is_dir() {
                return;
            }
            (name, entry.encrypted(), entry.is_symlink())
        }
        Err(error) => return told_zip(&inside(within, &format!("entry {at}")), &error, cx),
    };
    let place = inside(within, &name);
    if encrypted {
        cx.told(&place, Fault::Encrypted, "it needs a password");
    } else if link {
        cx.told(&place, Fault::Escapes, "a link; it was not followed");
    } else if escapes(&name) {
        cx.told(&place, Fault::Escapes, "its name leads out of the archive; it was not read");
    } else {
        match archive.by_index(at) {
            Ok(entry) => {
                let unpacked = cx.budget.reader(entry);
                deeper(Input::Stream(Box::new(unpacked)), &place, cx);
            }
            Err(error) => told_zip(&place, &error, cx),
        }
    }
}

/// Reports what is wrong with a zip archive, without words out of it.
pub(super) fn told_zip(within: &str, error: &ZipError, cx: &mut Context<'_>) {
    match error {
        ZipError::Io(error) => cx.told_io(within, error),
        ZipError::UnsupportedArchive(_) => {
            cx.told(
                within,
                Fault::Unsupported,
                "it is packed in a way that there is no reader for",
            );
        }
        _ => cx.told(within, Fault::Broken, "it is no whole zip archive"),
    }
}

/// A part of an office document that is a file by itself.
pub(super) fn read_embedded(bytes: Vec<u8>, within: &str, cx: &mut Context<'_>) {
    deeper(Input::Memory(bytes), within, cx);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_out_are_known() {
        for name in ["/etc/passwd", "../x", "a/../../x", "a\\..\\x", "C:\\x", "a\0b"] {
            assert!(escapes(name), "{name:?}");
        }
        for name in ["a/b.csv", "..a", "a..b/c", "数据/用户.csv"] {
            assert!(!escapes(name), "{name:?}");
        }
    }
}
