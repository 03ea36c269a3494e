//! Reading of package archives, which are ZIP files that Android opens more leniently than other tools do.
//!
//! Packages are built to mislead tools: a set encryption flag that Android ignores, methods that do not exist, two entries of one
//! name. Here they are read as Android reads them, and the oddity is kept. Nothing is inflated beyond a bound.

use std::{
    collections::HashMap,
    io::{Read, Seek, SeekFrom},
};

use super::bytes::Bytes;

/// Entries of an archive.
pub const ENTRIES_MAX: usize = 200_000;
/// Bytes of one entry, inflated.
pub const ENTRY_BYTES_MAX: u64 = 512 << 20;
/// Bytes of the list of entries.
const DIRECTORY_BYTES_MAX: u64 = 64 << 20;
/// The end record with the longest comment.
const END_BYTES_MAX: u64 = 22 + 65_535;
const END: u32 = 0x0605_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const LOCAL: u32 = 0x0403_4b50;

/// Why an archive, or an entry, is not read.
#[derive(Debug, thiserror::Error)]
pub enum ZipFault {
    /// Not an archive.
    #[error("it is no ZIP archive")]
    NotZip,
    /// Its own places lie outside it.
    #[error("the archive is cut or broken")]
    Broken,
    /// More than [`ENTRIES_MAX`] entries or a longer list than is read.
    #[error("the archive lists too many entries")]
    TooMany,
    /// Inflates beyond the bound.
    #[error("the entry is larger than the bound of {max} bytes")]
    TooLarge {
        /// The bound.
        max: u64,
    },
    /// There is no such entry.
    #[error("there is no such entry")]
    Missing,
    /// The file could not be read.
    #[error("the file could not be read: {0}")]
    Io(#[from] std::io::Error),
}

/// An entry, as the central directory has it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Name with `/`.
    pub name: String,
    /// Size inflated, as claimed.
    pub size: u64,
    packed: u64,
    method: u16,
    at: u64,
}

/// An archive.
pub struct Archive<R> {
    file: R,
    entries: Vec<Entry>,
    by_name: HashMap<String, usize>,
    oddities: Vec<String>,
    directory_at: u64,
}

impl<R: Read + Seek> Archive<R> {
    /// Reads the list of entries.
    pub fn open(mut file: R) -> Result<Self, ZipFault> {
        let len = file.seek(SeekFrom::End(0))?;
        let tail_len = len.min(END_BYTES_MAX);
        let tail = read_at(&mut file, len - tail_len, tail_len)?;
        let end = last_end(&tail).ok_or(ZipFault::NotZip)?;
        let record = Bytes(&tail).from(end).ok_or(ZipFault::Broken)?;
        let size = u64::from(record.u32(12).ok_or(ZipFault::Broken)?);
        let directory_at = u64::from(record.u32(16).ok_or(ZipFault::Broken)?);
        if size > DIRECTORY_BYTES_MAX {
            return Err(ZipFault::TooMany);
        }
        if directory_at.checked_add(size).is_none_or(|end| end > len) {
            return Err(ZipFault::Broken);
        }
        let directory = read_at(&mut file, directory_at, size)?;
        let mut archive = Self {
            file,
            entries: Vec::new(),
            by_name: HashMap::new(),
            oddities: Vec::new(),
            directory_at,
        };
        archive.list(Bytes(&directory))?;
        if usize::from(record.u16(10).unwrap_or(0)) != archive.entries.len() & 0xffff {
            archive.odd("the end record counts other entries than there are");
        }
        if archive.entries.is_empty() {
            return Err(ZipFault::Broken);
        }
        Ok(archive)
    }

    fn list(&mut self, directory: Bytes<'_>) -> Result<(), ZipFault> {
        let mut at = 0;
        while directory.u32(at) == Some(CENTRAL) {
            if self.entries.len() >= ENTRIES_MAX {
                return Err(ZipFault::TooMany);
            }
            let entry = directory.from(at).and_then(|bytes| self.entry(bytes));
            let (entry, len) = entry.ok_or(ZipFault::Broken)?;
            let index = self.entries.len();
            if self.by_name.insert(entry.name.clone(), index).is_some() {
                self.odd("two entries have one name");
            }
            self.entries.push(entry);
            at += len;
        }
        Ok(())
    }

    fn entry(&mut self, bytes: Bytes<'_>) -> Option<(Entry, usize)> {
        let flags = bytes.u16(8)?;
        let method = bytes.u16(10)?;
        let name_len = usize::from(bytes.u16(28)?);
        let extra = usize::from(bytes.u16(30)?) + usize::from(bytes.u16(32)?);
        let name = String::from_utf8_lossy(bytes.slice(46, name_len)?).into_owned();
        if flags & 1 == 1 {
            self.odd("an entry claims to be encrypted");
        }
        if !matches!(method, 0 | 8) {
            self.odd("an entry claims a method that Android does not have");
        }
        if name.split('/').any(|part| part == "..") || name.starts_with('/') {
            self.odd("an entry's name leaves its folder");
        }
        let entry = Entry {
            name,
            size: u64::from(bytes.u32(24)?),
            packed: u64::from(bytes.u32(20)?),
            method,
            at: u64::from(bytes.u32(42)?),
        };
        Some((entry, 46 + name_len + extra))
    }

    fn odd(&mut self, what: &str) {
        if !self.oddities.iter().any(|known| known == what) {
            self.oddities.push(what.to_owned());
        }
    }

    /// Every entry, in the order of the list.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Signs that the archive was built to mislead, each once.
    pub fn oddities(&self) -> &[String] {
        &self.oddities
    }

    /// Where the list of entries starts: the signing block stands before it.
    pub fn directory_at(&self) -> u64 {
        self.directory_at
    }

    /// Whether there is an entry of this name.
    pub fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// An entry's content, at most `max` bytes of it, which is at most [`ENTRY_BYTES_MAX`].
    pub fn read(&mut self, name: &str, max: u64) -> Result<Vec<u8>, ZipFault> {
        let index = *self.by_name.get(name).ok_or(ZipFault::Missing)?;
        let entry = self.entries.get(index).ok_or(ZipFault::Missing)?.clone();
        let max = max.min(ENTRY_BYTES_MAX);
        let header = read_at(&mut self.file, entry.at, 30).map_err(|_| ZipFault::Broken)?;
        let header = Bytes(&header);
        if header.u32(0) != Some(LOCAL) {
            return Err(ZipFault::Broken);
        }
        let skip = u64::from(header.u16(26).ok_or(ZipFault::Broken)?)
            + u64::from(header.u16(28).ok_or(ZipFault::Broken)?);
        if header.u16(8) != Some(entry.method) {
            self.odd("an entry has two methods");
        }
        self.file.seek(SeekFrom::Start(entry.at + 30 + skip))?;
        match entry.method {
            0 => self.stored(entry.size, max),
            8 => self.inflated(entry.packed, max),
            _ => self.either(&entry, entry.at + 30 + skip, max),
        }
    }

    fn stored(&mut self, size: u64, max: u64) -> Result<Vec<u8>, ZipFault> {
        if size > max {
            return Err(ZipFault::TooLarge { max });
        }
        let mut content = Vec::new();
        self.file.by_ref().take(size).read_to_end(&mut content)?;
        if content.len() as u64 == size { Ok(content) } else { Err(ZipFault::Broken) }
    }

    fn inflated(&mut self, packed: u64, max: u64) -> Result<Vec<u8>, ZipFault> {
        let mut content = Vec::new();
        let source = self.file.by_ref().take(packed);
        let read =
            flate2::read::DeflateDecoder::new(source).take(max + 1).read_to_end(&mut content);
        if content.len() as u64 > max {
            return Err(ZipFault::TooLarge { max });
        }
        read.map(|_| content).map_err(|_| ZipFault::Broken)
    }

    /// Of a method that does not exist: Android takes what it finds.
    fn either(&mut self, entry: &Entry, at: u64, max: u64) -> Result<Vec<u8>, ZipFault> {
        match self.inflated(entry.packed, max) {
            Ok(content) => Ok(content),
            Err(ZipFault::Broken) => {
                self.file.seek(SeekFrom::Start(at))?;
                self.stored(entry.size, max)
            }
            Err(other) => Err(other),
        }
    }

    /// Bytes before the list of entries, at most `max` of them.
    pub fn before_directory(&mut self, max: u64) -> Result<Vec<u8>, ZipFault> {
        let len = self.directory_at.min(max);
        read_at(&mut self.file, self.directory_at - len, len)
    }
}

fn read_at(file: &mut (impl Read + Seek), at: u64, len: u64) -> Result<Vec<u8>, ZipFault> {
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    file.take(len).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == len { Ok(bytes) } else { Err(ZipFault::Broken) }
}

/// The last end record whose comment reaches exactly to the end; else the last one at all.
fn last_end(tail: &[u8]) -> Option<usize> {
    let bytes = Bytes(tail);
    let mut loose = None;
    for at in (0..tail.len().saturating_sub(21)).rev() {
        if bytes.u32(at) == Some(END) {
            let comment = usize::from(bytes.u16(at + 20)?);
            if at + 22 + comment == tail.len() {
                return Some(at);
            }
            loose = loose.or(Some(at));
        }
    }
    loose
}
