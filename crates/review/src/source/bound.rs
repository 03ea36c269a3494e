//! Bounds that travel with the bytes: how much may be unpacked, when to stop, what was read.

use std::{
    cell::Cell,
    fmt,
    fs::File,
    io::{self, Cursor, Read, Seek, SeekFrom},
    rc::Rc,
};

use super::{Fault, Limits};

/// A bound was reached while reading: carried inside an [`io::Error`] through readers that know nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped {
    /// Which bound.
    pub fault: Fault,
    /// Why, for a person.
    pub reason: &'static str,
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason)
    }
}

impl std::error::Error for Stopped {}

impl Stopped {
    /// The bound inside an error, if it carries one.
    pub fn of(error: &io::Error) -> Option<Self> {
        error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()).copied()
    }
}

impl From<Stopped> for io::Error {
    fn from(stopped: Stopped) -> Self {
        Self::other(stopped)
    }
}

/// What may still be unpacked from one source, shared by all readers of it.
#[derive(Debug, Clone)]
pub struct Budget {
    shared: Rc<Shared>,
}

#[derive(Debug)]
struct Shared {
    unpacked: Cell<u64>,
    entries: Cell<u64>,
    unpacked_max: u64,
    entries_max: u64,
    /// Once a bound is reached nothing more is unpacked.
    spent: Cell<Option<Stopped>>,
}

impl Budget {
    /// The budget of a source of this length.
    pub fn new(limits: &Limits, source_bytes: u64) -> Self {
        let by_ratio =
            source_bytes.saturating_mul(limits.unpacked_ratio_max).max(limits.unpacked_free_bytes);
        Self {
            shared: Rc::new(Shared {
                unpacked: Cell::new(0),
                entries: Cell::new(0),
                unpacked_max: by_ratio.min(limits.unpacked_bytes_max),
                entries_max: limits.archive_entries_max,
                spent: Cell::new(None),
            }),
        }
    }

    /// The bound that was reached, if one was.
    pub fn spent(&self) -> Option<Stopped> {
        self.shared.spent.get()
    }

    /// Ends the unpacking of this source.
    pub fn spend(&self, stopped: Stopped) -> Stopped {
        self.shared.spent.set(Some(stopped));
        stopped
    }

    /// One more entry.
    ///
    /// # Errors
    /// The bound on entries is passed.
    pub fn entry(&self) -> Result<(), Stopped> {
        if let Some(stopped) = self.spent() {
            return Err(stopped);
        }
        self.shared.entries.set(self.shared.entries.get() + 1);
        if self.shared.entries.get() > self.shared.entries_max {
            let reason = "its archives have more entries than a scan opens";
            return Err(self.spend(Stopped { fault: Fault::TooMany, reason }));
        }
        Ok(())
    }

    /// These bytes came out of an archive.
    ///
    /// # Errors
    /// The bound on bytes or ratio is passed.
    pub fn unpacked(&self, bytes: u64) -> Result<(), Stopped> {
        if let Some(stopped) = self.spent() {
            return Err(stopped);
        }
        let all = self.shared.unpacked.get().saturating_add(bytes);
        self.shared.unpacked.set(all);
        if all > self.shared.unpacked_max {
            let reason = "it unpacks to far more than an honest archive of its length";
            return Err(self.spend(Stopped { fault: Fault::Bomb, reason }));
        }
        Ok(())
    }

    /// A reader of unpacked bytes that draws on this budget.
    pub fn reader<R: Read>(&self, inner: R) -> Unpacked<R> {
        Unpacked { inner, budget: self.clone() }
    }
}

/// A reader of unpacked bytes.
#[derive(Debug)]
pub struct Unpacked<R> {
    inner: R,
    budget: Budget,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.budget.unpacked(read as u64)?;
        Ok(read)
    }
}

/// A reader that tells how far it came, and may be told to stop.
pub struct Counted<R, F> {
    inner: R,
    told: F,
}

impl<R, F: FnMut(u64) -> Result<(), Stopped>> Counted<R, F> {
    /// Calls `told` with the bytes of each read.
    pub fn new(inner: R, told: F) -> Self {
        Self { inner, told }
    }
}

impl<R, F> fmt::Debug for Counted<R, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counted").finish_non_exhaustive()
    }
}

impl<R: Read, F: FnMut(u64) -> Result<(), Stopped>> Read for Counted<R, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        (self.told)(read as u64)?;
        Ok(read)
    }
}

impl<R: Seek, F> Seek for Counted<R, F> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// Bytes to read: a stream, or something that can be read at any place.
pub enum Input<'a> {
    /// Only forwards.
    Stream(Box<dyn Read + 'a>),
    /// A file, and its length.
    File(File, u64),
    /// Bytes in memory.
    Memory(Vec<u8>),
}

impl fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stream(_) => "Input::Stream",
            Self::File(..) => "Input::File",
            Self::Memory(_) => "Input::Memory",
        })
    }
}

/// Something that can be read at any place.
pub trait Anywhere: Read + Seek {}
impl<T: Read + Seek> Anywhere for T {}

impl<'a> Input<'a> {
    /// As something that can be read at any place, and its length: a stream is taken into memory.
    ///
    /// # Errors
    /// The stream is longer than `memory_bytes_max`, or does not read.
    pub fn anywhere(self, memory_bytes_max: u64) -> io::Result<(Box<dyn Anywhere + 'a>, u64)> {
        match self {
            Self::File(file, length) => Ok((Box::new(io::BufReader::new(file)), length)),
            other => {
                let bytes = other.memory(memory_bytes_max)?;
                let length = bytes.len() as u64;
                Ok((Box::new(Cursor::new(bytes)), length))
            }
        }
    }

    /// As bytes in memory.
    ///
    /// # Errors
    /// There are more than `memory_bytes_max`, or they do not read.
    pub fn memory(self, memory_bytes_max: u64) -> io::Result<Vec<u8>> {
        let too_large = Stopped {
            fault: Fault::TooLarge,
            reason: "it must be held in memory as a whole and is too large for that",
        };
        let mut bytes = Vec::new();
        match self {
            Self::Memory(bytes) => return Ok(bytes),
            Self::File(_, length) if length > memory_bytes_max => return Err(too_large.into()),
            Self::File(mut file, length) => {
                file.rewind()?;
                bytes.reserve_exact(usize::try_from(length).unwrap_or(0));
                file.take(memory_bytes_max + 1).read_to_end(&mut bytes)?
            }
            Self::Stream(stream) => stream.take(memory_bytes_max + 1).read_to_end(&mut bytes)?,
        };
        if bytes.len() as u64 > memory_bytes_max { Err(too_large.into()) } else { Ok(bytes) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits {
            unpacked_free_bytes: 100,
            unpacked_ratio_max: 10,
            archive_entries_max: 2,
            ..Limits::default()
        }
    }

    #[test]
    fn ratio_is_kept_below_at_and_above() {
        for (bytes, fine) in [(199, true), (200, true), (201, false)] {
            let budget = Budget::new(&limits(), 20);
            assert_eq!(budget.unpacked(bytes).is_ok(), fine, "{bytes}");
        }
        assert!(Budget::new(&limits(), 1).unpacked(100).is_ok());
        assert!(Budget::new(&limits(), 1).unpacked(101).is_err());
    }

    #[test]
    fn a_spent_budget_stays_spent() {
        let budget = Budget::new(&limits(), 1);
        assert!(budget.entry().is_ok() && budget.entry().is_ok());
        assert_eq!(budget.entry().map_err(|stopped| stopped.fault), Err(Fault::TooMany));
        assert!(budget.unpacked(1).is_err());
    }

    #[test]
    fn a_bound_travels_through_an_error() {
        let budget = Budget::new(&limits(), 1);
        let mut reader = budget.reader(io::repeat(7));
        let error = io::copy(&mut reader, &mut io::sink()).unwrap_err();
        assert_eq!(Stopped::of(&error).unwrap().fault, Fault::Bomb);
    }

    #[test]
    fn memory_is_bounded_at_its_bound() {
        let read = |length: u64| Input::Stream(Box::new(io::repeat(1).take(length))).memory(100);
        assert_eq!(read(100).unwrap().len(), 100);
        assert_eq!(Stopped::of(&read(101).unwrap_err()).unwrap().fault, Fault::TooLarge);
    }
}
