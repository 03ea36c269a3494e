//! Android's binary XML: the manifest and the files under `res/xml`.
//!
//! Elements are kept flat, each with the index of its parent: depth costs nothing. Attributes are known by the system's number
//! where they have one, since the names beside the numbers may say anything.

use std::sync::Arc;

use super::{bytes::Bytes, pool::Pool};

const XML: u16 = 0x0003;
const STRINGS: u16 = 0x0001;
const RESOURCES: u16 = 0x0180;
const START: u16 = 0x0102;
const END: u16 = 0x0103;
const TEXT: u16 = 0x0104;
/// Elements of a document.
const ELEMENTS_MAX: usize = 100_000;
/// Attributes of all elements together.
const ATTRIBUTES_MAX: usize = 1_000_000;

/// Numbers and names of the attributes that are read here (`android.R.attr`).
const NAMES: &[(u32, &str)] = &[
    (0x0101_0001, "label"),
    (0x0101_0003, "name"),
    (0x0101_0006, "permission"),
    (0x0101_0007, "readPermission"),
    (0x0101_0008, "writePermission"),
    (0x0101_0009, "protectionLevel"),
    (0x0101_000e, "enabled"),
    (0x0101_000f, "debuggable"),
    (0x0101_0010, "exported"),
    (0x0101_0018, "authorities"),
    (0x0101_0024, "value"),
    (0x0101_0025, "resource"),
    (0x0101_0027, "scheme"),
    (0x0101_0028, "host"),
    (0x0101_0202, "targetActivity"),
    (0x0101_020c, "minSdkVersion"),
    (0x0101_021b, "versionCode"),
    (0x0101_021c, "versionName"),
    (0x0101_0270, "targetSdkVersion"),
    (0x0101_0271, "maxSdkVersion"),
    (0x0101_0280, "allowBackup"),
    (0x0101_04ec, "usesCleartextTraffic"),
    (0x0101_0527, "networkSecurityConfig"),
    (0x0101_0599, "foregroundServiceType"),
];

/// Why a document is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AxmlFault {
    /// It is something else; in app bundles, the protocol-buffer form.
    #[error("it is no binary XML")]
    NotAxml,
    /// It has no element.
    #[error("the document has no element")]
    Empty,
    /// More elements or attributes than are read.
    #[error("the document has too many elements")]
    TooMany,
}

/// A value of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(Arc<str>),
    /// A resource by its number.
    Reference(u32),
    /// A number.
    Number(i64),
    /// Yes or no.
    Bool(bool),
    /// Something else: dimension, colour, fraction.
    Other,
}

/// An element.
#[derive(Debug)]
pub struct Element {
    /// Its name.
    pub name: Arc<str>,
    /// Its parent.
    pub parent: Option<usize>,
    attributes: Vec<(Arc<str>, Value)>,
    text: Option<Arc<str>>,
}

impl Element {
    /// The attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        self.attributes.iter().find(|(known, _)| known.as_ref() == name).map(|(_, value)| value)
    }
}

/// A document.
#[derive(Debug)]
pub struct Document {
    elements: Vec<Element>,
    children: Vec<Vec<usize>>,
}

impl Document {
    /// Reads a document. What follows the first broken chunk is not read.
    pub fn read(bytes: &[u8]) -> Result<Self, AxmlFault> {
        let bytes = Bytes(bytes);
        let header = bytes.u16(2).filter(|_| bytes.u16(0) == Some(XML));
        let mut at = usize::from(header.ok_or(AxmlFault::NotAxml)?);
        let mut reader = Reader::default();
        while let Some(chunk) = chunk(bytes, at) {
            reader.take(chunk)?;
            at += chunk.len();
        }
        if reader.elements.is_empty() {
            return Err(AxmlFault::Empty);
        }
        let mut children = vec![Vec::new(); reader.elements.len()];
        for (index, element) in reader.elements.iter().enumerate() {
            if let Some(list) = element.parent.and_then(|parent| children.get_mut(parent)) {
                list.push(index);
            }
        }
        Ok(Self { elements: reader.elements, children })
    }

    /// Every element in document order.
    pub fn elements(&self) -> impl Iterator<Item = (usize, &Element)> {
        self.elements.iter().enumerate()
    }

    /// Direct children of an element.
    pub fn children(&self, parent: usize) -> impl Iterator<Item = (usize, &Element)> {
        let list = self.children.get(parent).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(|index| Some((*index, self.elements.get(*index)?)))
    }

    /// The first text inside an element.
    pub fn text(&self, index: usize) -> Option<&str> {
        self.elements.get(index)?.text.as_deref()
    }

    /// An element's parent.
    pub fn parent(&self, index: usize) -> Option<(usize, &Element)> {
        let parent = self.elements.get(index)?.parent?;
        Some((parent, self.elements.get(parent)?))
    }
}

/// The chunk at `at`: its size is its own, at least its header, at most what is there.
pub(crate) fn chunk(bytes: Bytes<'_>, at: usize) -> Option<Bytes<'_>> {
    let size = bytes.size(at + 4)?;
    if size < 8 {
        return None;
    }
    bytes.part(at, size)
}

#[derive(Default)]
struct Reader {
    pool: Pool,
    numbers: Vec<u32>,
    elements: Vec<Element>,
    open: Vec<usize>,
    attributes: usize,
}

impl Reader {
    fn take(&mut self, chunk: Bytes<'_>) -> Result<(), AxmlFault> {
        match chunk.u16(0) {
            Some(STRINGS) => self.pool = Pool::read(chunk).unwrap_or_default(),
            Some(RESOURCES) => {
                self.numbers = (2..chunk.len() / 4).filter_map(|i| chunk.u32(i * 4)).collect();
            }
            Some(START) => return self.start(chunk),
            Some(TEXT) => self.text(chunk),
            Some(END) => {
                self.open.pop();
            }
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, chunk: Bytes<'_>) -> Result<(), AxmlFault> {
        if self.elements.len() >= ELEMENTS_MAX {
            return Err(AxmlFault::TooMany);
        }
        let header = usize::from(chunk.u16(2).unwrap_or(16));
        let Some(body) = chunk.from(header) else { return Ok(()) };
        let name = body.u32(4).and_then(|index| self.pool.get(index)).cloned();
        let attributes = self.read_attributes(body);
        self.attributes += attributes.len();
        if self.attributes > ATTRIBUTES_MAX {
            return Err(AxmlFault::TooMany);
        }
        let parent = self.open.last().copied();
        self.open.push(self.elements.len());
        self.elements.push(Element {
            name: name.unwrap_or_else(|| Arc::from("")),
            parent,
            attributes,
            text: None,
        });
        Ok(())
    }

    fn text(&mut self, chunk: Bytes<'_>) {
        let text = chunk.u16(2).and_then(|header| chunk.u32(usize::from(header)));
        let text = text.and_then(|index| self.pool.get(index)).cloned();
        if let Some(element) = self.open.last().and_then(|open| self.elements.get_mut(*open)) {
            element.text = element.text.take().or(text);
        }
    }

    fn read_attributes(&self, body: Bytes<'_>) -> Vec<(Arc<str>, Value)> {
        let (Some(start), Some(size), Some(count)) = (body.u16(8), body.u16(10), body.u16(12))
        else {
            return Vec::new();
        };
        let size = usize::from(size).max(20);
        let at = |index: u16| usize::from(start) + usize::from(index) * size;
        (0..count)
            .map_while(|index| body.part(at(index), 20))
            .filter_map(|a| self.attribute(a))
            .collect()
    }

    fn attribute(&self, bytes: Bytes<'_>) -> Option<(Arc<str>, Value)> {
        let index = bytes.u32(4)?;
        let number = self.numbers.get(usize::try_from(index).ok()?);
        let known = number.and_then(|number| NAMES.iter().find(|(known, _)| known == number));
        let name = match known {
            Some((_, name)) => Arc::from(*name),
            None => Arc::clone(self.pool.get(index)?),
        };
        let data = bytes.u32(16)?;
        let value = match bytes.u8(15)? {
            0x01 | 0x07 => Value::Reference(data),
            0x03 => Value::Text(self.pool.get(data).cloned().unwrap_or_else(|| Arc::from(""))),
            0x10 | 0x11 => Value::Number(i64::from(data.cast_signed())),
            0x12 => Value::Bool(data != 0),
            _ => Value::Other,
        };
        Some((name, value))
    }
}
