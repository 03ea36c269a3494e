//! What a source is, by its first bytes; its name is not asked.

use super::{Format, csv, decode, json, mail, sqldump};

/// Bytes that are looked at.
pub const HEAD_BYTES: usize = 64 * 1024;

/// Magic numbers at the start of a file.
const MAGIC: &[(&[u8], Format)] = &[
    (b"PK\x03\x04", Format::Zip),
    (b"PK\x05\x06", Format::Zip),
    (b"PK\x07\x08", Format::Zip),
    (b"\x1f\x8b", Format::Gzip),
    (b"\x28\xb5\x2f\xfd", Format::Zstd),
    (b"PAR1", Format::Parquet),
    (b"SQLite format 3\0", Format::Sqlite),
    (b"\xff\xd8\xff", Format::Image),
    (b"II*\0", Format::Image),
    (b"MM\0*", Format::Image),
    (b"\x89PNG\r\n\x1a\n", Format::Image),
    // Compound files: the older spreadsheets, and encrypted ones of the newer form.
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format::Spreadsheet),
];

/// What no reader is here for, by its name.
const UNSUPPORTED: &[(&[u8], &str)] = &[
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\0", "xz data"),
    (b"Obj\x01", "an Avro file"),
    (b"ORC", "an ORC file"),
    (b"PGDMP", "a PostgreSQL archive in its custom form; write it as a script"),
];

/// The name of a format that there is no reader for.
pub fn unsupported(head: &[u8]) -> Option<&'static str> {
    UNSUPPORTED.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, name)| *name)
}

/// The format of a source that starts with `head`; `ended` where that is all of it.
pub fn format(head: &[u8], ended: bool) -> Format {
    if head.is_empty() {
        return Format::Empty;
    }
    if let Some((_, format)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return *format;
    }
    if unsupported(head).is_some() {
        return Format::Unsupported;
    }
    let at = |from: usize, what: &[u8]| head.get(from..from + what.len()) == Some(what);
    if at(257, b"ustar") {
        return Format::Tar;
    }
    let still = [&b"heic"[..], b"heix", b"mif1", b"msf1", b"avif"];
    if head.starts_with(b"RIFF") && at(8, b"WEBP")
        || at(4, b"ftyp") && still.iter().any(|brand| at(8, brand))
    {
        return Format::Image;
    }
    if memchr::memmem::find(head.get(..1024.min(head.len())).unwrap_or_default(), b"%PDF-")
        .is_some()
    {
        return Format::Pdf;
    }
    if decode::is_binary(head) {
        return Format::Binary;
    }
    let mut text = Vec::new();
    let decoded = std::io::Read::read_to_end(&mut decode::Decoded::new(head, head), &mut text);
    if decoded.is_ok() { of_text(&text, ended) } else { Format::Binary }
}

/// The format of a text that starts with these bytes of UTF-8.
fn of_text(text: &[u8], ended: bool) -> Format {
    if mail::is_mbox(text) {
        Format::Mbox
    } else if mail::is_mail(text) {
        Format::Mail
    } else if json::is_json(text, ended) {
        Format::Json
    } else if sqldump::is_dump(text) {
        Format::SqlDump
    } else if csv::dialect(text, ended).is_some() {
        Format::Csv
    } else {
        Format::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_the_format() {
        let tar = {
            let mut block = vec![b'a'; 512];
            block[257..262].copy_from_slice(b"ustar");
            block
        };
        let cases: &[(&[u8], Format)] = &[
            (b"", Format::Empty),
            (b"PK\x03\x04....", Format::Zip),
            (b"%PDF-1.7\n", Format::Pdf),
            (&tar, Format::Tar),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Format::Image),
            (b"\0\0\0\x18ftypheic\0\0\0\0", Format::Image),
            (b"{\"a\": 1}\n{\"a\": 2}\n", Format::Json),
            (b"[INFO] started\n[INFO] ended\n", Format::Text),
            (b"a,b\n1,2\n", Format::Csv),
            (
                b"From ann@x.cn Mon Jan  1 00:00:00 2021\nFrom: ann@x.cn\nSubject: hi\n\nhi\n",
                Format::Mbox,
            ),
            (b"From: ann@x.cn\nTo: bo@x.cn\nSubject: hi\n\nhi\n", Format::Mail),
            (b"-- MySQL dump 10.13\nINSERT INTO `t` VALUES (1);\n", Format::SqlDump),
            (b"7z\xbc\xaf\x27\x1c\0", Format::Unsupported),
            (b"\x7fELF\x02\x01\x01\0\0", Format::Binary),
        ];
        for (head, wanted) in cases {
            assert_eq!(format(head, true), *wanted, "{:?}", String::from_utf8_lossy(head));
        }
    }
}
