//! Text in the encodings that files come in, as UTF-8.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding, GB18030, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The encoding of a text by its first bytes; none where they are UTF-8 already (or nothing that another encoding explains better).
pub fn encoding_of(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xFF, 0xFE, ..] => return Some(UTF_16LE),
        [0xFE, 0xFF, ..] => return Some(UTF_16BE),
        _ => {}
    }
    if let Some(encoding) = bare_utf16(head) {
        return Some(encoding);
    }
    match std::str::from_utf8(head) {
        Ok(_) => None,
        // The head may end inside a character.
        Err(error) if error.error_len().is_none() && error.valid_up_to() + 4 > head.len() => None,
        Err(_) if is_gb18030(head) => Some(GB18030),
        Err(error) if error.valid_up_to() * 100 > head.len() * 98 => None,
        Err(_) => Some(WINDOWS_1252),
    }
}

/// UTF-16 without a mark: nearly every other byte of Latin text is zero.
fn bare_utf16(head: &[u8]) -> Option<&'static Encoding> {
    if head.len() < 8 {
        return None;
    }
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let half = head.len() / 2;
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 10 > half * 4 && even * 50 < half {
        Some(UTF_16LE)
    } else if even * 10 > half * 4 && odd * 50 < half {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Whether the bytes are GB18030 as a whole, with most of their pairs in the range of common characters (GB 2312 level 1 and 2), which
/// other encodings of the West hardly ever are.
fn is_gb18030(head: &[u8]) -> bool {
    let head = head.get(..head.len().saturating_sub(3)).unwrap_or(head);
    let (mut pairs, mut common, mut at) = (0_u32, 0_u32, 0);
    while let Some(first) = head.get(at) {
        at += 1;
        if *first < 0x80 {
            continue;
        }
        let Some(second) = head.get(at) else { break };
        match (first, second) {
            (0x81..=0xFE, 0x30..=0x39) => at += 3,
            (0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE) => at += 1,
            _ => return false,
        }
        pairs += 1;
        common += u32::from(matches!((first, second), (0xA1..=0xF7, 0xA1..=0xFE)));
    }
    pairs > 0 && common * 10 >= pairs * 7
}

/// Whether bytes are no text in any encoding: too many control characters.
pub fn is_binary(head: &[u8]) -> bool {
    if head.is_empty() || encoding_of(head).is_some_and(|e| e == UTF_16LE || e == UTF_16BE) {
        return false;
    }
    let controls = head
        .iter()
        .filter(|byte| {
            **byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B | 0x01 | 0x08)
        })
        .count();
    head.contains(&0) || controls * 50 > head.len()
}

/// A reader that gives UTF-8 out of another encoding, and takes a byte order mark off.
pub struct Decoded<R> {
    inner: R,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    out: String,
    given: usize,
    ended: bool,
    first: bool,
}

/// Bytes that are decoded at once.
const RAW_BYTES: usize = 64 * 1024;

impl<R: Read> Decoded<R> {
    /// A reader of text whose first bytes are `head`.
    pub fn new(inner: R, head: &[u8]) -> Self {
        Self {
            inner,
            decoder: encoding_of(head).map(Encoding::new_decoder_with_bom_removal),
            raw: Vec::new(),
            out: String::new(),
            given: 0,
            ended: false,
            first: true,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else { return Ok(()) };
        while self.given == self.out.len() && !self.ended {
            self.raw.resize(RAW_BYTES, 0);
            let read = self.inner.read(&mut self.raw)?;
            self.ended = read == 0;
            self.out.clear();
            self.given = 0;
            let raw = self.raw.get(..read).unwrap_or_default();
            let room = decoder.max_utf8_buffer_length(raw.len()).unwrap_or(raw.len() * 3 + 16);
            self.out.reserve(room);
            let _ = decoder.decode_to_string(raw, &mut self.out, self.ended);
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.decoder.is_none() {
            let read = self.inner.read(buffer)?;
            if !std::mem::take(&mut self.first) {
                return Ok(read);
            }
            // The byte order mark of UTF-8, if it came in one piece.
            if buffer.get(..read.min(3)) == Some(&[0xEF, 0xBB, 0xBF]) {
                buffer.copy_within(3..read, 0);
                return if read > 3 { Ok(read - 3) } else { self.inner.read(buffer) };
            }
            return Ok(read);
        }
        self.refill()?;
        let rest = self.out.as_bytes().get(self.given..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "姓名,手机号\r\n张三丰,13800138000\r\n欧阳娜娜,13912345678 住在北京市朝阳区建国路\r\n";

    fn decoded(bytes: &[u8]) -> String {
        let mut out = String::new();
        Decoded::new(bytes, bytes.get(..bytes.len().min(1024)).unwrap())
            .read_to_string(&mut out)
            .unwrap();
        out
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let utf16 = |big: bool, mark: bool| -> Vec<u8> {
            let units = mark.then_some(0xFEFF).into_iter().chain(TEXT.encode_utf16());
            units
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        assert_eq!(decoded(TEXT.as_bytes()), TEXT);
        assert_eq!(decoded(&[b"\xEF\xBB\xBF", TEXT.as_bytes()].concat()), TEXT);
        assert_eq!(decoded(&GB18030.encode(TEXT).0), TEXT);
        assert_eq!(decoded(&utf16(false, true)), TEXT);
        assert_eq!(decoded(&utf16(true, true)), TEXT);
        let latin: Vec<u8> =
            "name,phone\r\nann,1\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&latin), "name,phone\r\nann,1\r\n");
    }

    #[test]
    fn a_head_cut_inside_a_character_is_still_utf_8() {
        let bytes = TEXT.as_bytes();
        (1..bytes.len())
            .for_each(|cut| assert!(encoding_of(bytes.get(..cut).unwrap()).is_none(), "{cut}"));
    }

    #[test]
    fn binary_is_told_from_text() {
        assert!(is_binary(b"\x7fELF\x02\x01\x01\0\0\0"));
        assert!(!is_binary(TEXT.as_bytes()));
        assert!(!is_binary(&GB18030.encode(TEXT).0));
        assert!(!is_binary(b"caf\xe9 au lait"));
    }
}
