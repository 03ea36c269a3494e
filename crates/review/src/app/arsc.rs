//! Android's resource table (`resources.arsc`): what a reference in the manifest stands for, and the texts of the app.

use std::sync::Arc;

use super::{axml::Value, axml::chunk, bytes::Bytes, pool::Pool};

const TABLE: u16 = 0x0002;
const STRINGS: u16 = 0x0001;
const PACKAGE: u16 = 0x0200;
const TYPE: u16 = 0x0201;
/// Chunks of values.
const TYPES_MAX: usize = 200_000;
/// References that lead to references.
const STEPS_MAX: usize = 16;
const SPARSE: u8 = 1;
const OFFSET16: u8 = 2;
const COMPLEX: u16 = 1;
const COMPACT: u16 = 8;
const NO_ENTRY: u32 = u32::MAX;

/// A resource table.
#[derive(Debug, Default)]
pub struct Resources {
    pool: Pool,
    bytes: Vec<u8>,
    types: Vec<TypeAt>,
}

#[derive(Debug)]
struct TypeAt {
    package: u32,
    id: u8,
    at: usize,
    len: usize,
    default: bool,
}

impl Resources {
    /// Reads the table; `None` where it is none. What is broken inside has no values.
    pub fn read(bytes: Vec<u8>) -> Option<Self> {
        let view = Bytes(&bytes);
        let mut at = usize::from(view.u16(2).filter(|_| view.u16(0) == Some(TABLE))?);
        let mut pool = None;
        let mut types = Vec::new();
        while let Some(part) = chunk(view, at) {
            match part.u16(0) {
                Some(STRINGS) => pool = pool.or_else(|| Pool::read(part)),
                Some(PACKAGE) => list_types(part, at, &mut types),
                _ => {}
            }
            at += part.len();
        }
        // The default configuration first: what a phone without special traits shows.
        types.sort_by_key(|found| !found.default);
        Some(Self { pool: pool.unwrap_or_default(), bytes, types })
    }

    /// Every text of the table.
    pub fn strings(&self) -> impl Iterator<Item = &str> {
        self.pool.iter()
    }

    /// The text, number or path that a reference stands for.
    pub fn resolve(&self, value: &Value) -> Option<Value> {
        let mut value = value.clone();
        for _ in 0..STEPS_MAX {
            let Value::Reference(id) = value else { return Some(value) };
            value = self.value(id)?;
        }
        None
    }

    fn value(&self, id: u32) -> Option<Value> {
        let (package, type_id, entry) = (id >> 24, (id >> 16) as u8, id & 0xffff);
        let of = |found: &&TypeAt| found.id == type_id && found.package == package;
        self.types.iter().filter(of).find_map(|found| {
            let bytes = Bytes(&self.bytes).part(found.at, found.len)?;
            self.entry(bytes, entry)
        })
    }

    fn entry(&self, chunk: Bytes<'_>, index: u32) -> Option<Value> {
        let start = chunk.size(16)?;
        let at = start.checked_add(offset(chunk, index)?)?;
        let flags = chunk.u16(at + 2)?;
        if flags & COMPACT != 0 {
            return Some(self.typed((flags >> 8) as u8, chunk.u32(at + 4)?));
        }
        if flags & COMPLEX != 0 {
            return None;
        }
        let value = at + usize::from(chunk.u16(at)?);
        Some(self.typed(chunk.u8(value + 3)?, chunk.u32(value + 4)?))
    }

    fn typed(&self, kind: u8, data: u32) -> Value {
        match kind {
            0x01 | 0x07 => Value::Reference(data),
            0x03 => Value::Text(self.pool.get(data).cloned().unwrap_or_else(|| Arc::from(""))),
            0x10 | 0x11 => Value::Number(i64::from(data.cast_signed())),
            0x12 => Value::Bool(data != 0),
            _ => Value::Other,
        }
    }
}

fn list_types(package: Bytes<'_>, base: usize, types: &mut Vec<TypeAt>) {
    let (Some(header), Some(id)) = (package.u16(2), package.u32(8)) else { return };
    let mut at = usize::from(header);
    while let Some(part) = chunk(package, at) {
        if part.u16(0) == Some(TYPE) && types.len() < TYPES_MAX {
            types.extend(type_at(part, base + at, id));
        }
        at += part.len();
    }
}

fn type_at(part: Bytes<'_>, at: usize, package: u32) -> Option<TypeAt> {
    let config = part.size(20)?.min(256);
    let traits = part.slice(24, config.saturating_sub(4))?;
    let default = traits.iter().all(|byte| *byte == 0);
    Some(TypeAt { package, id: part.u8(8)?, at, len: part.len(), default })
}

fn offset(chunk: Bytes<'_>, index: u32) -> Option<usize> {
    let header = usize::from(chunk.u16(2)?);
    let flags = chunk.u8(9)?;
    let count = chunk.u32(12)?;
    if flags & SPARSE != 0 {
        return sparse(chunk, header, count, index);
    }
    if index >= count {
        return None;
    }
    let index = usize::try_from(index).ok()?;
    if flags & OFFSET16 != 0 {
        let offset = chunk.u16(header + index * 2)?;
        return (offset != u16::MAX).then_some(usize::from(offset) * 4);
    }
    let offset = chunk.u32(header + index * 4).filter(|offset| *offset != NO_ENTRY)?;
    usize::try_from(offset).ok()
}

fn sparse(chunk: Bytes<'_>, header: usize, count: u32, index: u32) -> Option<usize> {
    let row = |i: usize| header + i * 4;
    let count = usize::try_from(count).ok()?.min(chunk.len() / 4);
    let found = (0..count).find(|i| chunk.u16(row(*i)).map(u32::from) == Some(index))?;
    chunk.u16(row(found) + 2).map(|offset| usize::from(offset) * 4)
}
