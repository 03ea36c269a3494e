//! Frames: a length, a blob header, a blob that is raw or deflated.

use super::OsmError;
use super::wire::Fields;
use flate2::read::ZlibDecoder;
use std::io::{ErrorKind, Read};

/// Bounds that the format itself states.
const HEADER_BYTES_MAX: u32 = 64 * 1024;
const BLOB_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// What a frame holds.
pub enum Frame {
    /// The file's header, already checked.
    Header,
    /// A block of elements.
    Data(Vec<u8>),
    /// Something to pass over.
    Other,
}

/// The frames of a file.
pub struct Frames<R> {
    reader: R,
    read: u64,
}

impl<R: Read> Frames<R> {
    /// Frames from the start of a file.
    pub fn of(reader: R) -> Self {
        Self { reader, read: 0 }
    }

    /// Bytes read so far.
    pub fn bytes_read(&self) -> u64 {
        self.read
    }

    /// The next frame; none at the end of the file.
    pub fn next(&mut self) -> Result<Option<Frame>, OsmError> {
        let Some(length) = self.length()? else { return Ok(None) };
        if length > HEADER_BYTES_MAX {
            return Err(OsmError::TooLarge("blob header"));
        }
        let header = self.bytes(u64::from(length))?;
        let (mut kind, mut size): (&[u8], u64) = (b"", 0);
        for field in Fields(&header) {
            match field? {
                (1, v) => kind = v.bytes()?,
                (3, v) => size = v.number()?,
                _ => {}
            }
        }
        if size > BLOB_BYTES_MAX {
            return Err(OsmError::TooLarge("blob"));
        }
        let blob = self.bytes(size)?;
        match kind {
            b"OSMHeader" => check_header(&unpack(&blob)?).map(|()| Some(Frame::Header)),
            b"OSMData" => Ok(Some(Frame::Data(unpack(&blob)?))),
            _ => Ok(Some(Frame::Other)),
        }
    }

    /// The length before a frame, or none at the end.
    fn length(&mut self) -> Result<Option<u32>, OsmError> {
        let mut first = [0u8; 1];
        loop {
            match self.reader.read(&mut first) {
                Ok(0) => return Ok(None),
                Ok(_) => break,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(e.into()),
            }
        }
        self.read += 1;
        let rest = self.bytes(3)?;
        let bytes = [first[0], rest[0], rest[1], rest[2]];
        Ok(Some(u32::from_be_bytes(bytes)))
    }

    /// Exactly so many bytes; memory grows with what is really there.
    fn bytes(&mut self, length: u64) -> Result<Vec<u8>, OsmError> {
        let mut bytes = Vec::new();
        self.reader.by_ref().take(length).read_to_end(&mut bytes)?;
        self.read += bytes.len() as u64;
        if (bytes.len() as u64) < length { Err(OsmError::Truncated) } else { Ok(bytes) }
    }
}

fn unpack(blob: &[u8]) -> Result<Vec<u8>, OsmError> {
    let (mut raw, mut deflated, mut size) = (None, None, 0);
    for field in Fields(blob) {
        match field? {
            (1, v) => raw = Some(v.bytes()?),
            (2, v) => size = v.number()?,
            (3, v) => deflated = Some(v.bytes()?),
            (4..=7, _) => return Err(OsmError::Unsupported("a blob that is neither raw nor zlib")),
            _ => {}
        }
    }
    if size > BLOB_BYTES_MAX {
        return Err(OsmError::TooLarge("unpacked blob"));
    }
    match (raw, deflated) {
        (Some(raw), _) => Ok(raw.to_vec()),
        (None, Some(deflated)) => inflate(deflated, size),
        (None, None) => Err(OsmError::Malformed("a blob without data")),
    }
}

fn inflate(deflated: &[u8], size: u64) -> Result<Vec<u8>, OsmError> {
    let mut bytes = Vec::new();
    let mut decoder = ZlibDecoder::new(deflated).take(size + 1);
    decoder
        .read_to_end(&mut bytes)
        .map_err(|_| OsmError::Malformed("a blob that does not unpack"))?;
    if bytes.len() as u64 == size {
        Ok(bytes)
    } else {
        Err(OsmError::Malformed("a blob of another size than stated"))
    }
}

fn check_header(header: &[u8]) -> Result<(), OsmError> {
    for field in Fields(header) {
        if let (4, v) = field? {
            match v.bytes()? {
                b"OsmSchema-V0.6" | b"DenseNodes" => {}
                b"HistoricalInformation" => return Err(OsmError::Unsupported("history files")),
                _ => return Err(OsmError::Unsupported("a feature that the file requires")),
            }
        }
    }
    Ok(())
}
