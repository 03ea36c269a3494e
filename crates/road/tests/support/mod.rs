//! Writes small `.osm.pbf` files: the other side of the reader, as plainly as possible.

use std::io::Write;

/// A file in the making.
#[derive(Default)]
pub struct Writer {
    strings: Vec<String>,
    nodes: Vec<u8>,
    ways: Vec<u8>,
    relations: Vec<u8>,
}

pub fn varint(mut n: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
    out
}

fn zigzag(n: i64) -> u64 {
    ((n << 1) ^ (n >> 63)) as u64
}

fn number(field: u64, n: u64) -> Vec<u8> {
    [varint(field << 3), varint(n)].concat()
}

pub fn bytes(field: u64, b: &[u8]) -> Vec<u8> {
    [varint(field << 3 | 2), varint(b.len() as u64), b.to_vec()].concat()
}

fn deltas(ids: &[i64]) -> Vec<u8> {
    let mut last = 0;
    ids.iter().flat_map(|id| varint(zigzag(id - std::mem::replace(&mut last, *id)))).collect()
}

impl Writer {
    fn string(&mut self, s: &str) -> u64 {
        let found = self.strings.iter().position(|t| t == s);
        let i = found.unwrap_or_else(|| {
            self.strings.push(s.to_owned());
            self.strings.len() - 1
        });
        // Number 0 is the empty string, put in front at the end.
        i as u64 + 1
    }

    fn tags(&mut self, tags: &[(&str, &str)]) -> [Vec<u8>; 2] {
        let keys = tags.iter().flat_map(|(k, _)| varint(self.string(k))).collect::<Vec<_>>();
        let values = tags.iter().flat_map(|(_, v)| varint(self.string(v))).collect::<Vec<_>>();
        [bytes(2, &keys), bytes(3, &values)]
    }

    /// A node at micro-degrees.
    pub fn node(&mut self, id: i64, lat: i64, lon: i64, tags: &[(&str, &str)]) -> &mut Self {
        let [keys, values] = self.tags(tags);
        let node = [
            number(1, zigzag(id)),
            keys,
            values,
            number(8, zigzag(lat * 10)),
            number(9, zigzag(lon * 10)),
        ];
        self.nodes.extend(bytes(1, &node.concat()));
        self
    }

    pub fn way(&mut self, id: i64, refs: &[i64], tags: &[(&str, &str)]) -> &mut Self {
        let [keys, values] = self.tags(tags);
        let way = [number(1, id as u64), keys, values, bytes(8, &deltas(refs))];
        self.ways.extend(bytes(3, &way.concat()));
        self
    }

    /// Members: role, type (0 node, 1 way), id.
    pub fn relation(
        &mut self,
        id: i64,
        members: &[(&str, u64, i64)],
        tags: &[(&str, &str)],
    ) -> &mut Self {
        let [keys, values] = self.tags(tags);
        let roles: Vec<u8> = members.iter().flat_map(|m| varint(self.string(m.0))).collect();
        let ids: Vec<i64> = members.iter().map(|m| m.2).collect();
        let kinds: Vec<u8> = members.iter().flat_map(|m| varint(m.1)).collect();
        let parts = [
            number(1, id as u64),
            keys,
            values,
            bytes(8, &roles),
            bytes(9, &deltas(&ids)),
            bytes(10, &kinds),
        ];
        self.relations.extend(bytes(4, &parts.concat()));
        self
    }

    /// The file, deflated as files are.
    pub fn finish(&self) -> Vec<u8> {
        let [header, block] = self.blocks();
        [frame("OSMHeader", &header), frame("OSMData", &block)].concat()
    }

    /// The file with its blobs as they are.
    pub fn finish_raw(&self) -> Vec<u8> {
        let [header, block] = self.blocks();
        let raw = |kind, block: &[u8]| frame_of(kind, bytes(1, block));
        [raw("OSMHeader", &header), raw("OSMData", &block)].concat()
    }

    fn blocks(&self) -> [Vec<u8>; 2] {
        let table: Vec<u8> = std::iter::once("")
            .chain(self.strings.iter().map(String::as_str))
            .flat_map(|s| bytes(1, s.as_bytes()))
            .collect();
        let mut block = bytes(1, &table);
        for group in [&self.nodes, &self.ways, &self.relations] {
            block.extend(bytes(2, group));
        }
        let features: Vec<u8> =
            ["OsmSchema-V0.6", "DenseNodes"].iter().flat_map(|f| bytes(4, f.as_bytes())).collect();
        [features, block]
    }
}

pub fn frame(kind: &str, raw: &[u8]) -> Vec<u8> {
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    zlib.write_all(raw).unwrap();
    frame_of(kind, [number(2, raw.len() as u64), bytes(3, &zlib.finish().unwrap())].concat())
}

fn frame_of(kind: &str, blob: Vec<u8>) -> Vec<u8> {
    let header = [bytes(1, kind.as_bytes()), number(3, blob.len() as u64)].concat();
    [(header.len() as u32).to_be_bytes().to_vec(), header, blob].concat()
}
