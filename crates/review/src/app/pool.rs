//! String pools of Android's compiled resources (`ResStringPool`, frameworks/base `ResourceTypes.h`).

use std::sync::Arc;

use super::bytes::Bytes;

const UTF8: u32 = 1 << 8;
/// Strings of a pool.
const STRINGS_MAX: usize = 2_000_000;

/// Strings, each decoded once. Overlapping strings cannot make more text than the bound.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    strings: Vec<Arc<str>>,
}

impl Pool {
    /// Reads the pool whose chunk this is. What is broken reads as empty strings.
    pub(crate) fn read(chunk: Bytes<'_>) -> Option<Self> {
        let count = chunk.size(8)?.min(STRINGS_MAX);
        let utf8 = chunk.u32(16)? & UTF8 != 0;
        let start = chunk.size(20)?;
        let offsets = usize::from(chunk.u16(2)?);
        // Honest strings are at most as long as the chunk; twice that lets shared tails pass.
        let mut budget = chunk.len().saturating_mul(4);
        let mut strings = Vec::new();
        let empty: Arc<str> = Arc::from("");
        for index in 0..count {
            let Some(offset) = chunk.size(offsets + index * 4) else { break };
            let text = start.checked_add(offset).and_then(|at| {
                let text = if utf8 { utf8_at(chunk, at) } else { utf16_at(chunk, at) }?;
                budget = budget.checked_sub(text.len())?;
                Some(Arc::from(text))
            });
            strings.push(text.unwrap_or_else(|| Arc::clone(&empty)));
        }
        Some(Self { strings })
    }

    pub(crate) fn get(&self, index: u32) -> Option<&Arc<str>> {
        self.strings.get(usize::try_from(index).ok()?)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.strings.iter().map(AsRef::as_ref)
    }
}

fn utf8_at(chunk: Bytes<'_>, at: usize) -> Option<String> {
    let mut at = at;
    length8(chunk, &mut at)?;
    let len = length8(chunk, &mut at)?;
    Some(String::from_utf8_lossy(chunk.slice(at, len)?).into_owned())
}

fn length8(chunk: Bytes<'_>, at: &mut usize) -> Option<usize> {
    let first = usize::from(chunk.u8(*at)?);
    *at += 1;
    if first & 0x80 == 0 {
        return Some(first);
    }
    let second = usize::from(chunk.u8(*at)?);
    *at += 1;
    Some((first & 0x7f) << 8 | second)
}

fn utf16_at(chunk: Bytes<'_>, at: usize) -> Option<String> {
    let mut at = at;
    let mut len = usize::from(chunk.u16(at)?);
    at += 2;
    if len & 0x8000 != 0 {
        len = (len & 0x7fff) << 16 | usize::from(chunk.u16(at)?);
        at += 2;
    }
    let units = chunk.slice(at, len.checked_mul(2)?)?;
    let units = units.chunks_exact(2).map(|pair| match pair {
        [low, high] => u16::from_le_bytes([*low, *high]),
        _ => 0,
    });
    Some(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}
