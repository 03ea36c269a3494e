//! Writing of code: classes whose methods call, read and load what they are told to, and return.

use std::collections::{BTreeMap, BTreeSet};

use sha1::{Digest, Sha1};

/// A class.
#[derive(Debug, Clone, Default)]
pub struct Class {
    /// `com.example.Main`.
    pub name: String,
    /// Class that it extends; `java.lang.Object` where empty.
    pub extends: String,
    /// Its methods, all static and without arguments.
    pub methods: Vec<Method>,
}

/// A method.
#[derive(Debug, Clone, Default)]
pub struct Method {
    /// Its name.
    pub name: String,
    /// Methods that it calls: `Landroid/content/ClipboardManager;->getPrimaryClip`.
    pub calls: Vec<String>,
    /// Static fields that it reads.
    pub fields: Vec<String>,
    /// Strings that it loads.
    pub strings: Vec<String>,
}

type Member = (String, String);

struct Tables {
    strings: Vec<String>,
    types: Vec<String>,
    fields: Vec<Member>,
    methods: Vec<Member>,
}

const OBJECT: &str = "Ljava/lang/Object;";

fn descriptor(class: &str) -> String {
    if class.is_empty() { OBJECT.to_owned() } else { format!("L{};", class.replace('.', "/")) }
}

fn member(text: &str) -> Member {
    let (class, name) = text.split_once("->").unwrap_or((OBJECT, text));
    (class.to_owned(), name.to_owned())
}

impl Tables {
    fn of(classes: &[Class]) -> Self {
        let mut strings: BTreeSet<Vec<u16>> = BTreeSet::new();
        let mut types: BTreeSet<String> = ["V".to_owned(), OBJECT.to_owned()].into();
        let (mut fields, mut methods) = (BTreeSet::new(), BTreeSet::new());
        for class in classes {
            types.extend([descriptor(&class.name), descriptor(&class.extends)]);
            for method in &class.methods {
                methods.insert((descriptor(&class.name), method.name.clone()));
                methods.extend(method.calls.iter().map(|call| member(call)));
                fields.extend(method.fields.iter().map(|field| member(field)));
                strings.extend(method.strings.iter().map(|text| text.encode_utf16().collect()));
            }
        }
        for (class, name) in methods.iter().chain(&fields) {
            types.insert(class.clone());
            strings.insert(name.encode_utf16().collect());
        }
        strings.extend(types.iter().map(|name| name.encode_utf16().collect()));
        let text = |units: Vec<u16>| String::from_utf16_lossy(&units);
        Self {
            strings: strings.into_iter().map(text).collect(),
            types: types.into_iter().collect(),
            fields: fields.into_iter().collect(),
            methods: methods.into_iter().collect(),
        }
    }

    fn string(&self, text: &str) -> u32 {
        index(&self.strings, |known| known == text)
    }

    fn kind(&self, name: &str) -> u32 {
        index(&self.types, |known| known == name)
    }

    fn method(&self, wanted: &Member) -> u32 {
        index(&self.methods, |known| known == wanted)
    }

    fn field(&self, wanted: &Member) -> u32 {
        index(&self.fields, |known| known == wanted)
    }
}

fn index<T>(list: &[T], is: impl Fn(&T) -> bool) -> u32 {
    list.iter().position(is).map_or(u32::MAX, len)
}

fn len(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

fn half(value: u32) -> [u8; 2] {
    u16::try_from(value).unwrap_or(u16::MAX).to_le_bytes()
}

/// A file of code (version 035).
pub fn dex(classes: &[Class]) -> Vec<u8> {
    let tables = Tables::of(classes);
    let sizes = [
        (tables.strings.len(), 4),
        (tables.types.len(), 4),
        (1, 12),
        (tables.fields.len(), 8),
        (tables.methods.len(), 8),
        (classes.len(), 32),
    ];
    let mut starts = Vec::new();
    let mut at = 0x70;
    for (rows, row) in sizes {
        starts.push(if rows == 0 { 0 } else { len(at) });
        at += rows * row;
    }
    let base = at;
    let mut data = Vec::new();
    let strings: Vec<u32> =
        tables.strings.iter().map(|text| put_string(base, &mut data, text)).collect();
    let codes: Vec<BTreeMap<&str, u32>> =
        classes.iter().map(|class| put_codes(base, &mut data, class, &tables)).collect();
    let bodies: Vec<u32> = classes
        .iter()
        .zip(&codes)
        .map(|(class, codes)| put_class(base, &mut data, class, codes, &tables))
        .collect();
    let mut rows = Vec::new();
    strings.iter().for_each(|at| rows.extend(at.to_le_bytes()));
    tables.types.iter().for_each(|name| rows.extend(tables.string(name).to_le_bytes()));
    for word in [tables.string("V"), tables.kind("V"), 0] {
        rows.extend(word.to_le_bytes());
    }
    for (class, name) in &tables.fields {
        rows.extend(half(tables.kind(class)));
        rows.extend(half(tables.kind(OBJECT)));
        rows.extend(tables.string(name).to_le_bytes());
    }
    for (class, name) in &tables.methods {
        rows.extend(half(tables.kind(class)));
        rows.extend(half(0));
        rows.extend(tables.string(name).to_le_bytes());
    }
    for (class, body) in classes.iter().zip(&bodies) {
        let (this, parent) =
            (tables.kind(&descriptor(&class.name)), tables.kind(&descriptor(&class.extends)));
        for word in [this, 1, parent, 0, u32::MAX, 0, *body, 0] {
            rows.extend(word.to_le_bytes());
        }
    }
    let counts = sizes.map(|(rows, _)| len(rows));
    finish(&counts, &starts, &rows, &mut data, base)
}

fn uleb(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.extend(half(value & 0x7f | 0x80).first());
        value >>= 7;
    }
    out.extend(half(value).first());
}

fn put_string(base: usize, data: &mut Vec<u8>, text: &str) -> u32 {
    let at = len(base + data.len());
    uleb(data, len(text.encode_utf16().count()));
    data.extend(text.as_bytes());
    data.push(0);
    at
}

fn put_codes<'c>(
    base: usize,
    data: &mut Vec<u8>,
    class: &'c Class,
    tables: &Tables,
) -> BTreeMap<&'c str, u32> {
    let mut codes = BTreeMap::new();
    for method in &class.methods {
        while !(base + data.len()).is_multiple_of(4) {
            data.push(0);
        }
        codes.insert(method.name.as_str(), len(base + data.len()));
        let mut units = Vec::new();
        for text in &method.strings {
            units.extend([0x1a, 0]);
            units.extend(half(tables.string(text)));
        }
        for field in &method.fields {
            units.extend([0x62, 0]);
            units.extend(half(tables.field(&member(field))));
        }
        for call in &method.calls {
            units.extend([0x71, 0]);
            units.extend(half(tables.method(&member(call))));
            units.extend([0, 0]);
        }
        units.extend([0x0e, 0]);
        for field in [1u16, 0, 0, 0] {
            data.extend(field.to_le_bytes());
        }
        data.extend([0; 4]);
        data.extend(len(units.len() / 2).to_le_bytes());
        data.extend(units);
    }
    codes
}

fn put_class(
    base: usize,
    data: &mut Vec<u8>,
    class: &Class,
    codes: &BTreeMap<&str, u32>,
    tables: &Tables,
) -> u32 {
    let at = len(base + data.len());
    let this = descriptor(&class.name);
    let mut methods: Vec<(u32, u32)> = codes
        .iter()
        .map(|(name, code)| (tables.method(&(this.clone(), (*name).to_owned())), *code))
        .collect();
    methods.sort_unstable();
    for count in [0, 0, len(methods.len()), 0] {
        uleb(data, count);
    }
    let mut before = 0;
    for (method, code) in methods {
        uleb(data, method - before);
        uleb(data, 0x9);
        uleb(data, code);
        before = method;
    }
    at
}

fn finish(counts: &[u32], starts: &[u32], rows: &[u8], data: &mut Vec<u8>, base: usize) -> Vec<u8> {
    while !(base + data.len()).is_multiple_of(4) {
        data.push(0);
    }
    let map_at = len(base + data.len());
    let mut map: Vec<(u16, u32, u32)> = vec![(0, 1, 0)];
    for (kind, (count, start)) in (1u16..).zip(counts.iter().zip(starts)) {
        if *count > 0 {
            map.push((kind, *count, *start));
        }
    }
    map.push((0x1000, 1, map_at));
    data.extend(len(map.len()).to_le_bytes());
    for (kind, count, start) in map {
        data.extend(kind.to_le_bytes());
        data.extend([0, 0]);
        data.extend(count.to_le_bytes());
        data.extend(start.to_le_bytes());
    }
    let mut tail = Vec::new();
    let size = len(base + data.len());
    for word in [size, 0x70, 0x1234_5678, 0, 0, map_at] {
        tail.extend(word.to_le_bytes());
    }
    for (count, start) in counts.iter().zip(starts) {
        tail.extend(count.to_le_bytes());
        tail.extend(start.to_le_bytes());
    }
    tail.extend(len(data.len()).to_le_bytes());
    tail.extend(len(base).to_le_bytes());
    tail.extend(rows);
    tail.extend(data.iter());
    let digest = Sha1::digest(&tail);
    let mut summed = digest.to_vec();
    summed.extend(tail);
    let mut out = b"dex\n035\0".to_vec();
    out.extend(adler32(&summed).to_le_bytes());
    out.extend(summed);
    out
}

/// Checksum of RFC 1950.
fn adler32(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1u32, 0u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    b << 16 | a
}
