//! Cuts ways into segments at junctions, and resolves the restrictions on them.

use super::restrict::{Resolver, Via};
use super::{ImportError, Nodes, Roads, Way};
use crate::map::{Core, Segment};
use crate::osm::OsmError;
use crate::profile::Limits;
use sarai_geo::Point;
use std::collections::{HashMap, HashSet};

/// Two neighbouring nodes farther apart than this are a gap in the data, not a road.
const STEP_M_MAX: f64 = 100_000.0;
const NO_NODE: u32 = u32::MAX;

struct Builder<'a> {
    roads: &'a Roads,
    nodes: &'a Nodes,
    /// File nodes at which ways are cut.
    junction: Vec<bool>,
    /// Graph node of each file node that has one already.
    graph_node: Vec<u32>,
    limit_ids: HashMap<Limits, u16>,
    core: Core,
    road_m: f64,
    /// Segments of ways that restrictions speak of.
    restricted: HashMap<i64, Vec<u32>>,
}

/// The graph of the roads.
pub fn build(roads: &Roads, nodes: &Nodes) -> Result<Core, ImportError> {
    let core =
        Core { names: roads.names.clone(), limits: vec![Limits::default()], ..Core::default() };
    let restricted =
        roads.restrictions.iter().flat_map(|r| r.ways()).map(|w| (w, Vec::new())).collect();
    let mut builder = Builder {
        roads,
        nodes,
        junction: junctions(roads, nodes),
        graph_node: vec![NO_NODE; nodes.ids.len()],
        limit_ids: HashMap::from([(Limits::default(), 0)]),
        core,
        road_m: 0.0,
        restricted,
    };
    for way in &roads.ways {
        builder.way(way)?;
    }
    if builder.core.segments.is_empty() {
        return Err(ImportError::NoRoads);
    }
    Ok(builder.finish())
}

/// Ends of ways, nodes used twice, barriers, and via nodes of restrictions.
fn junctions(roads: &Roads, nodes: &Nodes) -> Vec<bool> {
    let mut uses = vec![0u8; nodes.ids.len()];
    let mut add = |id: i64, by: u8| {
        if let Some(i) = nodes.find(id) {
            uses[i] = uses[i].saturating_add(by);
        }
    };
    for way in &roads.ways {
        let refs = &roads.refs[way.start..way.end];
        refs.iter().for_each(|id| add(*id, 1));
        [refs.first(), refs.last()].into_iter().flatten().for_each(|id| add(*id, 2));
    }
    for r in &roads.restrictions {
        if let Via::Node(id) = r.via {
            add(id, 2);
        }
    }
    uses.iter().zip(&nodes.barriers).map(|(n, barrier)| *n >= 2 || *barrier != 0).collect()
}

impl Builder<'_> {
    fn way(&mut self, way: &Way) -> Result<(), ImportError> {
        let refs = &self.roads.refs[way.start..way.end];
        let mut run: Vec<(usize, Point)> = Vec::new();
        for id in refs {
            let found = self.nodes.find(*id).and_then(|i| self.nodes.at[i].map(|at| (i, at)));
            let near = |at: Point, last: &(usize, Point)| last.1.distance_m(at) <= STEP_M_MAX;
            match found {
                Some((i, at)) if run.last().is_none_or(|last| near(at, last)) => {
                    if run.last().is_none_or(|last| last.0 != i) {
                        run.push((i, at));
                    }
                }
                other => {
                    self.run(way, &run)?;
                    run.clear();
                    run.extend(other);
                }
            }
        }
        self.run(way, &run)
    }

    /// A stretch of a way without gaps; its ends are graph nodes whatever else they are.
    fn run(&mut self, way: &Way, run: &[(usize, Point)]) -> Result<(), ImportError> {
        let mut start = 0;
        for end in 1..run.len() {
            if end + 1 == run.len() || self.junction[run[end].0] {
                self.segment(way, &run[start..=end])?;
                start = end;
            }
        }
        Ok(())
    }

    fn segment(&mut self, way: &Way, piece: &[(usize, Point)]) -> Result<(), ImportError> {
        let [first, .., last] = piece else { return Ok(()) };
        let number = self.core.segments.len();
        if number >= (u32::MAX / 4) as usize
            || self.core.shapes.len() + piece.len() > u32::MAX as usize
        {
            return Err(OsmError::TooLarge("roads of one map").into());
        }
        let (from, to) = (self.node(*first), self.node(*last));
        let metres: f64 = piece.windows(2).map(|p| p[0].1.distance_m(p[1].1)).sum();
        self.road_m += metres;
        if self.road_m > self.roads.road_m_max() {
            return Err(OsmError::TooLarge("length of all roads").into());
        }
        let limits = self.limits(way.rule.limits);
        self.core.segments.push(Segment {
            from,
            to,
            length_cm: (metres * 100.0).ceil().min(f64::from(u32::MAX)) as u32,
            shape: self.core.shapes.len() as u32,
            name: way.name,
            limits,
            class: way.rule.class,
            kmh: [way.rule.car_kmh, way.rule.truck_kmh],
        });
        self.core.shapes.extend(piece.iter().map(|(_, at)| *at));
        if let Some(segments) = self.restricted.get_mut(&way.id) {
            segments.push(number as u32);
        }
        Ok(())
    }

    fn node(&mut self, (file_node, at): (usize, Point)) -> u32 {
        if self.graph_node[file_node] == NO_NODE {
            self.graph_node[file_node] = self.core.nodes.len() as u32;
            self.core.nodes.push(at);
            self.core.barriers.push(self.nodes.barriers[file_node]);
        }
        self.graph_node[file_node]
    }

    /// The number of these limits. A map with more than 65,535 different ones loses the rarest, which come last.
    fn limits(&mut self, limits: Limits) -> u16 {
        if let Some(id) = self.limit_ids.get(&limits) {
            return *id;
        }
        let Ok(id) = u16::try_from(self.core.limits.len()) else { return 0 };
        self.core.limits.push(limits);
        self.limit_ids.insert(limits, id);
        id
    }

    fn finish(mut self) -> Core {
        let bans = self.resolver().map_or_else(Vec::new, |resolver| {
            let all: HashSet<_> =
                self.roads.restrictions.iter().flat_map(|r| resolver.bans(r)).collect();
            let mut all: Vec<_> = all.into_iter().collect();
            all.sort_unstable_by(|a, b| (&a.arcs, a.vehicles).cmp(&(&b.arcs, b.vehicles)));
            all
        });
        self.core.bans = bans;
        self.core
    }

    fn resolver(&self) -> Option<Resolver<'_>> {
        if self.roads.restrictions.is_empty() {
            return None;
        }
        let touched = self.restricted.values().flatten().map(|s| &self.core.segments[*s as usize]);
        let mut leaving: HashMap<u32, Vec<u32>> =
            touched.flat_map(|s| [(s.from, vec![]), (s.to, vec![])]).collect();
        for (i, s) in self.core.segments.iter().enumerate() {
            for (node, arc) in [(s.from, i as u32 * 2), (s.to, i as u32 * 2 + 1)] {
                if let Some(arcs) = leaving.get_mut(&node) {
                    arcs.push(arc);
                }
            }
        }
        let via_node = |via: &Via| match via {
            Via::Node(id) => self.nodes.find(*id).map(|i| (*id, self.graph_node[i])),
            Via::Ways(_) => None,
        };
        let nodes = self.roads.restrictions.iter().filter_map(|r| via_node(&r.via)).collect();
        Some(Resolver { core: &self.core, segments: self.restricted.clone(), nodes, leaving })
    }
}
