//! Text of PDF documents, page by page. Pictures of text are not read, and a document without any text says so.

use std::io;

use lopdf::Document;

use super::{Fault, Format, Input, read::Context};

/// Reads a document.
///
/// # Errors
/// It does not read.
pub(super) fn read(input: Input<'_>, within: &str, cx: &mut Context<'_>) -> io::Result<()> {
    let bytes = input.memory(cx.limits.memory_bytes_max)?;
    let Ok(mut document) = Document::load_mem(&bytes) else {
        cx.told(within, Fault::Broken, "it is no whole PDF");
        return Ok(());
    };
    // Many documents are encrypted under an empty password, to forbid printing only.
    if document.is_encrypted() && document.decrypt("").is_err() {
        cx.told(within, Fault::Encrypted, "it needs a password");
        return Ok(());
    }
    let unit = cx.sink.open(within, Format::Pdf);
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    if pages.len() > cx.limits.pages_max {
        let reason = format!("only the first {} of its pages were read", cx.limits.pages_max);
        cx.told(within, Fault::TooMany, reason);
    }
    let (mut empty, mut broken) = (0, 0);
    for page in pages.iter().take(cx.limits.pages_max) {
        match document.extract_text(&[*page]) {
            Ok(text) if text.trim().is_empty() => empty += 1,
            Ok(text) => {
                cx.budget.unpacked(text.len() as u64)?;
                cx.sink.text(unit, text.as_bytes());
                cx.sink.text(unit, b"\n");
            }
            Err(_) => broken += 1,
        }
    }
    for entry in ["Author", "Title", "Subject", "Keywords"] {
        if let Some(text) = information(&document, entry) {
            cx.sink.text(unit, format!("{entry}: {text}\n").as_bytes());
        }
    }
    if broken > 0 {
        cx.told(within, Fault::Broken, format!("the text of {broken} pages could not be read"));
    }
    if empty > 0 {
        let reason = format!("{empty} pages have no text; pictures of text are not read");
        cx.told(within, Fault::Unsupported, reason);
    }
    Ok(())
}

fn information(document: &Document, entry: &str) -> Option<String> {
    let info = document.trailer.get(b"Info").ok()?.as_reference().ok()?;
    let info = document.get_object(info).ok()?.as_dict().ok()?;
    let bytes = info.get(entry.as_bytes()).ok()?.as_str().ok()?;
    Some(match bytes {
        [0xFE, 0xFF, rest @ ..] => {
            let units: Vec<u16> = rest
                .chunks_exact(2)
                .map(|pair| pair.iter().fold(0, |n, byte| n << 8 | u16::from(*byte)))
                .collect();
            String::from_utf16_lossy(&units)
        }
        bytes => String::from_utf8_lossy(bytes).into_owned(),
    })
}
