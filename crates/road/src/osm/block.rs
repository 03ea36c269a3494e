//! Blocks: nodes, ways and relations with their tags, given to a visitor.

use super::wire::{Deltas, Fields, Packed, signed};
use super::{OsmError, Tags};
use sarai_geo::Point;

/// A string table larger than this is no table of tags.
const STRINGS_MAX: usize = 4_000_000;
/// OSM allows 2,000 nodes in a way; older data has more.
const REFS_MAX: usize = 100_000;
const MEMBERS_MAX: usize = 100_000;

/// What a relation's member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    Node,
    Way,
    Relation,
}

/// A member of a relation.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    pub kind: MemberKind,
    pub id: i64,
    pub role: &'a str,
}

/// Takes the elements that it wants.
pub trait Visit {
    /// Whether nodes are wanted; if not, they are passed over unread.
    fn wants_nodes(&self) -> bool {
        false
    }
    /// Whether ways and relations are wanted.
    fn wants_ways(&self) -> bool {
        false
    }
    fn node(&mut self, _id: i64, _at: Point, _tags: &Tags) -> Result<(), OsmError> {
        Ok(())
    }
    fn way(&mut self, _id: i64, _refs: &[i64], _tags: &Tags) -> Result<(), OsmError> {
        Ok(())
    }
    fn relation(&mut self, _members: &[Member], _tags: &Tags) -> Result<(), OsmError> {
        Ok(())
    }
}

struct Block<'a> {
    strings: Vec<&'a str>,
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
}

/// Gives a block's elements to a visitor.
pub fn visit(bytes: &[u8], visitor: &mut dyn Visit) -> Result<(), OsmError> {
    let mut block = Block { strings: Vec::new(), granularity: 100, lat_offset: 0, lon_offset: 0 };
    for field in Fields(bytes) {
        match field? {
            (1, v) => block.strings = strings(v.bytes()?)?,
            (17, v) => block.granularity = v.number()? as i64,
            (19, v) => block.lat_offset = v.number()? as i64,
            (20, v) => block.lon_offset = v.number()? as i64,
            _ => {}
        }
    }
    for field in Fields(bytes) {
        if let (2, group) = field? {
            block.group(group.bytes()?, visitor)?;
        }
    }
    Ok(())
}

/// Strings that are not UTF-8 are taken as empty: they are no tag that matters here.
fn strings(bytes: &[u8]) -> Result<Vec<&str>, OsmError> {
    let mut strings = Vec::new();
    for field in Fields(bytes) {
        if let (1, v) = field? {
            if strings.len() >= STRINGS_MAX {
                return Err(OsmError::TooLarge("string table"));
            }
            strings.push(std::str::from_utf8(v.bytes()?).unwrap_or_default());
        }
    }
    Ok(strings)
}

impl<'a> Block<'a> {
    fn group(&self, bytes: &[u8], visitor: &mut dyn Visit) -> Result<(), OsmError> {
        for field in Fields(bytes) {
            match field? {
                (1, v) if visitor.wants_nodes() => self.node(v.bytes()?, visitor)?,
                (2, v) if visitor.wants_nodes() => self.dense(v.bytes()?, visitor)?,
                (3, v) if visitor.wants_ways() => self.way(v.bytes()?, visitor)?,
                (4, v) if visitor.wants_ways() => self.relation(v.bytes()?, visitor)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn string(&self, index: u64) -> Result<&'a str, OsmError> {
        let found = usize::try_from(index).ok().and_then(|i| self.strings.get(i));
        found.copied().ok_or(OsmError::Malformed("a string that is not in the table"))
    }

    fn tags(&self, keys: &[u8], values: &[u8]) -> Result<Tags<'a>, OsmError> {
        let mut tags = Tags::default();
        for (key, value) in Packed(keys).zip(Packed(values)) {
            tags.0.push((self.string(key?)?, self.string(value?)?));
        }
        Ok(tags)
    }

    /// Nano-degrees in steps of the granularity, to a point.
    fn point(&self, lat: i64, lon: i64) -> Result<Point, OsmError> {
        let micro = |steps: i64, offset: i64| {
            let nano = steps.checked_mul(self.granularity)?.checked_add(offset)?;
            i32::try_from(nano.saturating_add(nano.signum() * 500) / 1000).ok()
        };
        let in_range = |nano: i64| nano.unsigned_abs() < 1 << 60;
        if !in_range(lat)
            || !in_range(lon)
            || !in_range(self.lat_offset)
            || !in_range(self.lon_offset)
        {
            return Err(OsmError::Malformed("a position off the globe"));
        }
        let (lat, lon) = (micro(lat, self.lat_offset), micro(lon, self.lon_offset));
        let point = lat.zip(lon).and_then(|(lat, lon)| Point::from_micro(lat, lon).ok());
        point.ok_or(OsmError::Malformed("a position off the globe"))
    }

    fn node(&self, bytes: &[u8], visitor: &mut dyn Visit) -> Result<(), OsmError> {
        let (mut id, mut lat, mut lon) = (0, 0, 0);
        let (mut keys, mut values): (&[u8], &[u8]) = (&[], &[]);
        for field in Fields(bytes) {
            match field? {
                (1, v) => id = signed(v.number()?),
                (2, v) => keys = v.bytes()?,
                (3, v) => values = v.bytes()?,
                (8, v) => lat = signed(v.number()?),
                (9, v) => lon = signed(v.number()?),
                _ => {}
            }
        }
        visitor.node(id, self.point(lat, lon)?, &self.tags(keys, values)?)
    }

    fn dense(&self, bytes: &[u8], visitor: &mut dyn Visit) -> Result<(), OsmError> {
        let mut parts: [&[u8]; 4] = [&[]; 4];
        for field in Fields(bytes) {
            match field? {
                (1, v) => parts[0] = v.bytes()?,
                (8, v) => parts[1] = v.bytes()?,
                (9, v) => parts[2] = v.bytes()?,
                (10, v) => parts[3] = v.bytes()?,
                _ => {}
            }
        }
        let [ids, mut lats, mut lons] = [0, 1, 2].map(|i| Deltas::of(parts[i]));
        let mut keys_values = Packed(parts[3]);
        for id in ids {
            let (Some(lat), Some(lon)) = (lats.next(), lons.next()) else {
                return Err(OsmError::Malformed("nodes without positions"));
            };
            let tags = self.dense_tags(&mut keys_values)?;
            visitor.node(id?, self.point(lat?, lon?)?, &tags)?;
        }
        Ok(())
    }

    /// The tags of one dense node: pairs up to a zero.
    fn dense_tags(&self, keys_values: &mut Packed) -> Result<Tags<'a>, OsmError> {
        let mut tags = Tags::default();
        while let Some(key) = keys_values.next().transpose()? {
            if key == 0 {
                break;
            }
            let value = keys_values.next().ok_or(OsmError::Truncated)??;
            tags.0.push((self.string(key)?, self.string(value)?));
        }
        Ok(tags)
    }

    fn way(&self, bytes: &[u8], visitor: &mut dyn Visit) -> Result<(), OsmError> {
        let (mut id, mut refs) = (0, Vec::new());
        let (mut keys, mut values): (&[u8], &[u8]) = (&[], &[]);
        for field in Fields(bytes) {
            match field? {
                (1, v) => id = v.number()? as i64,
                (2, v) => keys = v.bytes()?,
                (3, v) => values = v.bytes()?,
                (8, v) => refs = bounded(Deltas::of(v.bytes()?), REFS_MAX, "nodes of a way")?,
                _ => {}
            }
        }
        visitor.way(id, &refs, &self.tags(keys, values)?)
    }

    fn relation(&self, bytes: &[u8], visitor: &mut dyn Visit) -> Result<(), OsmError> {
        let mut parts: [&[u8]; 5] = [&[]; 5];
        for field in Fields(bytes) {
            match field? {
                (2, v) => parts[0] = v.bytes()?,
                (3, v) => parts[1] = v.bytes()?,
                (8, v) => parts[2] = v.bytes()?,
                (9, v) => parts[3] = v.bytes()?,
                (10, v) => parts[4] = v.bytes()?,
                _ => {}
            }
        }
        let tags = self.tags(parts[0], parts[1])?;
        let ids = bounded(Deltas::of(parts[3]), MEMBERS_MAX, "members of a relation")?;
        let mut members = Vec::with_capacity(ids.len());
        for ((id, role), kind) in ids.into_iter().zip(Packed(parts[2])).zip(Packed(parts[4])) {
            let kind = match kind? {
                0 => MemberKind::Node,
                1 => MemberKind::Way,
                2 => MemberKind::Relation,
                _ => return Err(OsmError::Malformed("unknown member type")),
            };
            members.push(Member { kind, id, role: self.string(role?)? });
        }
        visitor.relation(&members, &tags)
    }
}

fn bounded(deltas: Deltas, max: usize, what: &'static str) -> Result<Vec<i64>, OsmError> {
    let mut all = Vec::new();
    for n in deltas {
        if all.len() >= max {
            return Err(OsmError::TooLarge(what));
        }
        all.push(n?);
    }
    Ok(all)
}
