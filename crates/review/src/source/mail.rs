//! E-mail: single messages and mailboxes. Headers and bodies as running text, attachments as files by themselves.

use std::io::{self, BufRead, BufReader, Read};

use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders, PartType};

use super::{
    Fault, Format, Input, UnitId,
    archive::read_embedded,
    read::{Context, inside},
};

/// The longest message of a mailbox.
const MESSAGE_BYTES_MAX: usize = 64 << 20;
/// Parts of a message.
const PARTS_MAX: usize = 1_000;

const HEADERS: &[&str] = &[
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "received",
    "mime-version",
    "reply-to",
    "return-path",
    "delivered-to",
    "content-type",
    "dkim-signature",
    "x-mailer",
];

/// Whether a text starts with the headers of a message: three lines or more, all of them headers, two of them known.
pub fn is_mail(text: &[u8]) -> bool {
    has_headers(text, 3)
}

fn has_headers(text: &[u8], lines_min: u32) -> bool {
    let (mut known, mut lines, mut sender) = (0u32, 0u32, false);
    for line in text.split(|byte| *byte == b'\n').take(60) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { return false };
        let name = line.get(..colon).unwrap_or_default();
        if name.is_empty() || !name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        {
            return false;
        }
        lines += 1;
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        known += u32::from(HEADERS.contains(&name.as_str()));
        sender |= matches!(name.as_str(), "from" | "received" | "return-path" | "message-id");
    }
    lines >= lines_min && known >= 2 && sender
}

/// Whether a text is a mailbox: a line that starts with `From ` and two headers or more behind it.
pub fn is_mbox(text: &[u8]) -> bool {
    text.starts_with(b"From ")
        && memchr::memchr(b'\n', text)
            .is_some_and(|end| has_headers(text.get(end + 1..).unwrap_or_default(), 2))
}

/// Reads one message.
///
/// # Errors
/// It does not read.
pub(super) fn read(input: Input<'_>, within: &str, cx: &mut Context<'_>) -> io::Result<()> {
    let bytes = input.memory(cx.limits.memory_bytes_max)?;
    let unit = cx.sink.open(within, Format::Mail);
    message(&bytes, unit, within, cx);
    Ok(())
}

/// Reads a mailbox, message by message.
///
/// # Errors
/// It does not read.
pub(super) fn read_mbox(input: impl Read, within: &str, cx: &mut Context<'_>) -> io::Result<()> {
    let unit = cx.sink.open(within, Format::Mbox);
    let mut input = BufReader::new(input);
    let (mut bytes, mut line, mut number, mut blank) = (Vec::new(), Vec::new(), 0_u64, true);
    let mut whole = true;
    loop {
        line.clear();
        // A line beyond the bound is a message beyond the bound.
        input.by_ref().take(MESSAGE_BYTES_MAX as u64).read_until(b'\n', &mut line)?;
        let starts = blank && line.starts_with(b"From ");
        if line.is_empty() || starts {
            if !bytes.is_empty() {
                number += 1;
                message(&bytes, unit, &inside(within, &format!("message {number}")), cx);
                bytes.clear();
                cx.budget.spent().map_or(Ok(()), |stopped| Err(io::Error::from(stopped)))?;
            }
            if line.is_empty() {
                return Ok(());
            }
            whole = true;
        } else if bytes.len() + line.len() > MESSAGE_BYTES_MAX {
            if std::mem::take(&mut whole) {
                let place = inside(within, &format!("message {}", number + 1));
                cx.told(
                    &place,
                    Fault::TooLarge,
                    "the message is too large; its rest was read as running text",
                );
            }
            cx.sink.text(unit, &line);
        } else {
            bytes.extend_from_slice(
                line.strip_prefix(b">From ".as_slice()).map_or(&line, |_| &line),
            );
        }
        blank = line == b"\n" || line == b"\r\n";
    }
}

fn message(bytes: &[u8], unit: UnitId, within: &str, cx: &mut Context<'_>) {
    let Some(message) = MessageParser::default().parse(bytes) else {
        cx.told(within, Fault::Broken, "it is no message; read as running text");
        return cx.sink.text(unit, bytes);
    };
    parts(&message, unit, within, cx);
}

fn parts(message: &Message<'_>, unit: UnitId, within: &str, cx: &mut Context<'_>) {
    for header in message.headers() {
        if let Some(text) = header_text(&header.value) {
            cx.sink.text(unit, format!("{}: {text}\n", header.name.as_str()).as_bytes());
        }
    }
    if message.parts.len() > PARTS_MAX {
        cx.told(within, Fault::TooMany, "the message has more parts than a scan opens");
    }
    for (at, part) in message.parts.iter().enumerate().take(PARTS_MAX) {
        let name = part.attachment_name().map_or_else(|| format!("part {}", at + 1), str::to_owned);
        match &part.body {
            PartType::Text(text) if part.attachment_name().is_none() => line(unit, text, cx),
            PartType::Html(text) if part.attachment_name().is_none() => line(unit, text, cx),
            PartType::Text(text) | PartType::Html(text) => {
                attachment(text.as_bytes(), &inside(within, &name), cx);
            }
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                attachment(bytes, &inside(within, &name), cx);
            }
            PartType::Message(inner) => {
                if cx.depth < cx.limits.archive_depth_max {
                    cx.depth += 1;
                    parts(inner, unit, &inside(within, &name), cx);
                    cx.depth -= 1;
                } else {
                    cx.told(
                        &inside(within, &name),
                        Fault::TooDeep,
                        "messages stand too deep in one another",
                    );
                }
            }
            PartType::Multipart(_) => {}
        }
    }
}

fn line(unit: UnitId, text: &str, cx: &mut Context<'_>) {
    cx.sink.text(unit, text.as_bytes());
    cx.sink.text(unit, b"\n");
}

fn attachment(bytes: &[u8], place: &str, cx: &mut Context<'_>) {
    if cx.budget.entry().is_ok() {
        read_embedded(bytes.to_vec(), place, cx);
    }
}

fn header_text(value: &HeaderValue<'_>) -> Option<String> {
    match value {
        HeaderValue::Text(text) => Some(text.to_string()),
        HeaderValue::TextList(list) => Some(list.join(", ")),
        HeaderValue::Address(address) => {
            let one = |name: Option<&str>, mail: Option<&str>| match (name, mail) {
                (Some(name), Some(mail)) => format!("{name} <{mail}>"),
                (name, mail) => name.or(mail).unwrap_or_default().to_owned(),
            };
            Some(address.iter().map(|a| one(a.name(), a.address())).collect::<Vec<_>>().join(", "))
        }
        HeaderValue::Received(received) => {
            let from = received.from_ip.map(|ip| format!("[{ip}]"));
            from.or_else(|| received.for_.as_ref().map(ToString::to_string))
        }
        _ => None,
    }
}
