//! Import: two passes over a file. The first takes the roads and the turn restrictions, the second the positions
//! of the nodes that they use. Then roads are cut into segments at junctions.

mod graph;
mod restrict;

use crate::map::Map;
use crate::osm::{self, Frames, Member, OsmError, Tags, Visit};
use crate::tags::{WayRule, barrier_mask, way_rule};
use restrict::Restriction;
use sarai_geo::Point;
use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom};

/// Bounds of one map: 32-bit numbers hold everything below them.
const REFS_MAX: usize = 1_500_000_000;
/// A deflated file can hold a thousand times its size. Honest extracts take more than a byte for each node of a way,
/// and far more than a byte for a kilometre of road: what claims more is built to exhaust memory.
const REFS_PER_BYTE_MAX: u64 = 4;
const ROAD_M_PER_BYTE_MAX: f64 = 1_000.0;
/// Small files are not held to the byte.
const SLACK_BYTES: u64 = 250_000;

/// Why a file could not be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is damaged, hostile or of an unknown kind.
    #[error(transparent)]
    Osm(#[from] OsmError),
    /// There is no road in it.
    #[error("the file holds no roads")]
    NoRoads,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read in both passes.
    pub bytes_read: u64,
    /// Bytes to read in both passes.
    pub bytes_total: u64,
}

/// Reads an `.osm.pbf` extract. `progress` is called after every block.
pub fn import<R: Read + Seek>(
    mut file: R,
    mut progress: impl FnMut(Progress),
) -> Result<Map, ImportError> {
    let size = file.seek(SeekFrom::End(0)).map_err(OsmError::from)?;
    let mut report = |done| progress(Progress { bytes_read: done, bytes_total: size * 2 });
    let mut roads = Roads { file_bytes: size, ..Roads::default() };
    pass(&mut file, &mut roads, &mut report)?;
    let mut nodes = Nodes::wanted_by(&roads);
    pass(&mut file, &mut nodes, |read| report(size + read))?;
    let core = graph::build(&roads, &nodes)?;
    Map::of(core).ok_or(ImportError::NoRoads)
}

fn pass<R: Read + Seek>(
    file: &mut R,
    visitor: &mut dyn Visit,
    mut report: impl FnMut(u64),
) -> Result<(), OsmError> {
    file.seek(SeekFrom::Start(0))?;
    let mut frames = Frames::of(std::io::BufReader::new(file));
    while let Some(frame) = frames.next()? {
        if let osm::Frame::Data(block) = frame {
            osm::visit(&block, visitor)?;
        }
        report(frames.bytes_read());
    }
    Ok(())
}

/// A road as it stands in the file.
pub(crate) struct Way {
    pub id: i64,
    /// Its nodes: `refs[start..end]`.
    pub start: usize,
    pub end: usize,
    pub rule: WayRule,
    pub name: u32,
}

/// First pass: roads and restrictions.
pub(crate) struct Roads {
    file_bytes: u64,
    pub ways: Vec<Way>,
    pub refs: Vec<i64>,
    pub names: Vec<String>,
    name_ids: HashMap<String, u32>,
    pub restrictions: Vec<Restriction>,
}

impl Default for Roads {
    fn default() -> Self {
        let nameless = (vec![String::new()], HashMap::from([(String::new(), 0)]));
        Self {
            file_bytes: 0,
            ways: Vec::new(),
            refs: Vec::new(),
            names: nameless.0,
            name_ids: nameless.1,
            restrictions: Vec::new(),
        }
    }
}

impl Roads {
    /// The most nodes of ways, and the most restrictions, that a file of this size may hold.
    fn refs_max(&self) -> usize {
        let by_size = (self.file_bytes + SLACK_BYTES).saturating_mul(REFS_PER_BYTE_MAX);
        usize::try_from(by_size).unwrap_or(REFS_MAX).min(REFS_MAX)
    }

    /// The most metres of road that a file of this size may hold.
    pub fn road_m_max(&self) -> f64 {
        (self.file_bytes + SLACK_BYTES) as f64 * ROAD_M_PER_BYTE_MAX
    }

    fn name(&mut self, tags: &Tags) -> u32 {
        let name = tags.get("name").or(tags.get("ref")).unwrap_or_default();
        if let Some(id) = self.name_ids.get(name) {
            return *id;
        }
        let id = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.name_ids.insert(name.to_owned(), id);
        id
    }
}

impl Visit for Roads {
    fn wants_ways(&self) -> bool {
        true
    }

    fn way(&mut self, id: i64, refs: &[i64], tags: &Tags) -> Result<(), OsmError> {
        let Some(rule) = way_rule(tags) else { return Ok(()) };
        if refs.len() < 2 {
            return Ok(());
        }
        if self.refs.len() + refs.len() > self.refs_max() {
            return Err(OsmError::TooLarge("roads of one map"));
        }
        let name = self.name(tags);
        let start = self.refs.len();
        self.refs.extend_from_slice(refs);
        self.ways.push(Way { id, start, end: self.refs.len(), rule, name });
        Ok(())
    }

    fn relation(&mut self, members: &[Member], tags: &Tags) -> Result<(), OsmError> {
        if self.restrictions.len() >= self.refs_max() {
            return Err(OsmError::TooLarge("restrictions of one map"));
        }
        self.restrictions.extend(Restriction::of(members, tags));
        Ok(())
    }
}

/// Second pass: positions and barriers of the nodes on roads.
pub(crate) struct Nodes {
    /// Sorted.
    pub ids: Vec<i64>,
    pub at: Vec<Option<Point>>,
    pub barriers: Vec<u8>,
}

impl Nodes {
    fn wanted_by(roads: &Roads) -> Self {
        let mut ids = roads.refs.clone();
        ids.sort_unstable();
        ids.dedup();
        let n = ids.len();
        Self { ids, at: vec![None; n], barriers: vec![0; n] }
    }

    pub fn find(&self, id: i64) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }
}

impl Visit for Nodes {
    fn wants_nodes(&self) -> bool {
        true
    }

    fn node(&mut self, id: i64, at: Point, tags: &Tags) -> Result<(), OsmError> {
        if let Some(i) = self.find(id) {
            self.at[i] = Some(at);
            self.barriers[i] = barrier_mask(tags);
        }
        Ok(())
    }
}
