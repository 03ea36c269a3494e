//! A map in one file: a header with version, size and checksum, then the deflated numbers of the graph.
//! What is derived (adjacency, grid, automata) is not in it.

use crate::map::{CLASSES, Core, Map, Segment};
use crate::profile::Limits;
use crate::turns::Ban;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use sarai_geo::Point;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

/// The version of the format; a file of another one is imported again.
pub const FORMAT_VERSION: u32 = 1;
const MAGIC: &[u8; 8] = b"SARAIMAP";
/// Nothing that this reader makes is larger.
const BODY_BYTES_MAX: u64 = 64 << 30;

/// Why a saved map cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum MapFileError {
    /// The file cannot be read or written.
    #[error("the map file cannot be read or written: {0}")]
    Io(#[from] io::Error),
    /// It is no map file.
    #[error("not a map file")]
    NotAMap,
    /// It was written by another version.
    #[error(
        "the map file has format {found}, this program reads {FORMAT_VERSION}: import the map again"
    )]
    OtherVersion {
        /// The version in the file.
        found: u32,
    },
    /// Bytes are missing or changed.
    #[error("the map file is damaged: import the map again")]
    Damaged,
}

impl Map {
    /// Writes the map beside its place and moves it there, so that a reader sees the old file or the new one.
    pub fn save(&self, path: &Path) -> Result<(), MapFileError> {
        let aside = path.with_extension("part");
        let mut file = File::create(&aside)?;
        file.write_all(&self.to_bytes()?)?;
        file.sync_all()?;
        std::fs::rename(&aside, path)?;
        Ok(())
    }

    /// Reads a saved map.
    pub fn load(path: &Path) -> Result<Self, MapFileError> {
        Self::from_bytes(&std::fs::read(path)?)
    }

    /// The map as the bytes of a file.
    pub fn to_bytes(&self) -> Result<Vec<u8>, MapFileError> {
        let body = write_core(&self.core);
        let mut crc = Crc::new();
        crc.update(&body);
        let mut bytes = MAGIC.to_vec();
        bytes.extend(FORMAT_VERSION.to_le_bytes());
        bytes.extend(crc.sum().to_le_bytes());
        bytes.extend((body.len() as u64).to_le_bytes());
        let mut encoder = ZlibEncoder::new(bytes, Compression::fast());
        encoder.write_all(&body)?;
        Ok(encoder.finish()?)
    }

    /// The map of a file's bytes. Any bytes may come: what is no map is refused.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, MapFileError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(MapFileError::NotAMap)?;
        let (head, deflated) = rest.split_at_checked(16).ok_or(MapFileError::Damaged)?;
        let mut head = Reader(head);
        let found = head.u32()?;
        if found != FORMAT_VERSION {
            return Err(MapFileError::OtherVersion { found });
        }
        let (checksum, length) = (head.u32()?, head.u64()?);
        if length > BODY_BYTES_MAX {
            return Err(MapFileError::Damaged);
        }
        let mut body = Vec::new();
        let mut decoder = ZlibDecoder::new(deflated).take(length + 1);
        decoder.read_to_end(&mut body).map_err(|_| MapFileError::Damaged)?;
        let mut crc = Crc::new();
        crc.update(&body);
        if body.len() as u64 != length || crc.sum() != checksum {
            return Err(MapFileError::Damaged);
        }
        let core = read_core(&body)?;
        check(&core)?;
        Map::of(core).ok_or(MapFileError::Damaged)
    }
}

fn write_core(core: &Core) -> Vec<u8> {
    let mut out = Vec::new();
    let number = |out: &mut Vec<u8>, n: usize| out.extend((n as u64).to_le_bytes());
    number(&mut out, core.nodes.len());
    core.nodes.iter().for_each(|p| write_point(&mut out, *p));
    out.extend(&core.barriers);
    number(&mut out, core.segments.len());
    for s in &core.segments {
        [s.from, s.to, s.length_cm, s.shape, s.name]
            .iter()
            .for_each(|n| out.extend(n.to_le_bytes()));
        out.extend(s.limits.to_le_bytes());
        out.push(s.class as u8);
        out.extend(s.kmh.as_flattened());
    }
    number(&mut out, core.shapes.len());
    core.shapes.iter().for_each(|p| write_point(&mut out, *p));
    number(&mut out, core.names.len());
    for name in &core.names {
        number(&mut out, name.len());
        out.extend(name.as_bytes());
    }
    number(&mut out, core.limits.len());
    for l in &core.limits {
        [l.height_mm, l.width_mm, l.length_mm, l.mass_kg]
            .iter()
            .for_each(|n| out.extend(n.to_le_bytes()));
    }
    number(&mut out, core.bans.len());
    for ban in &core.bans {
        out.push(ban.vehicles);
        number(&mut out, ban.arcs.len());
        ban.arcs.iter().for_each(|a| out.extend(a.to_le_bytes()));
    }
    out
}

fn write_point(out: &mut Vec<u8>, p: Point) {
    let (lat, lon) = p.micro();
    out.extend(lat.to_le_bytes());
    out.extend(lon.to_le_bytes());
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], MapFileError> {
        let (head, rest) = self.0.split_at_checked(n).ok_or(MapFileError::Damaged)?;
        self.0 = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], MapFileError> {
        self.take(N)?.try_into().map_err(|_| MapFileError::Damaged)
    }

    fn u32(&mut self) -> Result<u32, MapFileError> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, MapFileError> {
        self.array().map(u64::from_le_bytes)
    }

    /// A list: its length, then its items. Memory grows only with bytes that are there.
    fn list<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<T, MapFileError>,
    ) -> Result<Vec<T>, MapFileError> {
        let n = self.u64()?;
        if n > self.0.len() as u64 {
            return Err(MapFileError::Damaged);
        }
        (0..n).map(|_| item(self)).collect()
    }

    fn point(&mut self) -> Result<Point, MapFileError> {
        let (lat, lon) = (self.u32()? as i32, self.u32()? as i32);
        Point::from_micro(lat, lon).map_err(|_| MapFileError::Damaged)
    }

    fn segment(&mut self) -> Result<Segment, MapFileError> {
        let [from, to, length_cm, shape, name] =
            [self.u32()?, self.u32()?, self.u32()?, self.u32()?, self.u32()?];
        let limits = u16::from_le_bytes(self.array()?);
        let [class, a, b, c, d] = self.array()?;
        let class = *CLASSES.get(class as usize).ok_or(MapFileError::Damaged)?;
        Ok(Segment { from, to, length_cm, shape, name, limits, class, kmh: [[a, b], [c, d]] })
    }
}

fn read_core(body: &[u8]) -> Result<Core, MapFileError> {
    let mut r = Reader(body);
    let nodes = r.list(Reader::point)?;
    let barriers = r.take(nodes.len())?.to_vec();
    let segments = r.list(Reader::segment)?;
    let shapes = r.list(Reader::point)?;
    let names = r.list(|r| {
        let n = r.u64()?;
        let bytes = r.take(usize::try_from(n).map_err(|_| MapFileError::Damaged)?)?;
        String::from_utf8(bytes.to_vec()).map_err(|_| MapFileError::Damaged)
    })?;
    let limits = r.list(|r| {
        Ok(Limits {
            height_mm: r.u32()?,
            width_mm: r.u32()?,
            length_mm: r.u32()?,
            mass_kg: r.u32()?,
        })
    })?;
    let bans = r.list(|r| {
        let [vehicles] = r.array()?;
        Ok(Ban { vehicles, arcs: r.list(Reader::u32)? })
    })?;
    if !r.0.is_empty() {
        return Err(MapFileError::Damaged);
    }
    Ok(Core { nodes, barriers, segments, shapes, names, limits, bans })
}

/// Every number that the engine will index with is in range.
fn check(core: &Core) -> Result<(), MapFileError> {
    let arcs = core.segments.len() as u64 * 2;
    let shape_ends =
        core.segments.iter().skip(1).map(|s| s.shape).chain([core.shapes.len() as u32]);
    let sound = |(s, end): (&Segment, u32)| {
        (s.from as usize) < core.nodes.len()
            && (s.to as usize) < core.nodes.len()
            && (s.name as usize) < core.names.len()
            && (s.limits as usize) < core.limits.len()
            && end >= s.shape.saturating_add(2)
            && end as usize <= core.shapes.len()
    };
    let bans =
        core.bans.iter().all(|b| b.arcs.len() >= 2 && b.arcs.iter().all(|a| u64::from(*a) < arcs));
    let small = arcs < u64::from(u32::MAX / 2) && core.shapes.len() < u32::MAX as usize;
    let whole = small && bans && core.segments.iter().zip(shape_ends).all(sound);
    if whole { Ok(()) } else { Err(MapFileError::Damaged) }
}
