//! The graph. Nodes are junctions and ends; segments are the road between two of them, each up to two arcs:
//! arc `2 s` runs along segment `s`, arc `2 s + 1` against it.

use crate::profile::{Limits, Profile, VEHICLES, Vehicle};
use crate::search::Workspaces;
use crate::snap::Grid;
use crate::turns::{Ban, Turns};
use sarai_geo::{Bounds, Point};
use serde::Serialize;
use std::ops::Range;

/// The class of a road, from OSM's `highway`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
#[expect(missing_docs, reason = "the names are OSM's own")]
pub enum Class {
    Motorway,
    Trunk,
    Primary,
    Secondary,
    Tertiary,
    MotorwayLink,
    TrunkLink,
    PrimaryLink,
    SecondaryLink,
    TertiaryLink,
    Unclassified,
    Residential,
    LivingStreet,
    Service,
    Track,
}

/// All classes in the order of their numbers.
pub(crate) const CLASSES: [Class; 15] = [
    Class::Motorway,
    Class::Trunk,
    Class::Primary,
    Class::Secondary,
    Class::Tertiary,
    Class::MotorwayLink,
    Class::TrunkLink,
    Class::PrimaryLink,
    Class::SecondaryLink,
    Class::TertiaryLink,
    Class::Unclassified,
    Class::Residential,
    Class::LivingStreet,
    Class::Service,
    Class::Track,
];

/// A piece of road between two nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub from: u32,
    pub to: u32,
    pub length_cm: u32,
    /// Where its shape starts; it ends where the next one's starts.
    pub shape: u32,
    /// Index into the names.
    pub name: u32,
    /// Index into the limits; 0 for none.
    pub limits: u16,
    pub class: Class,
    /// km/h of [car, truck] x [forward, backward]; 0 for closed.
    pub kmh: [[u8; 2]; 2],
}

/// What is saved of a map; everything else is derived from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Core {
    pub nodes: Vec<Point>,
    /// Vehicles that a node stops, as a mask.
    pub barriers: Vec<u8>,
    pub segments: Vec<Segment>,
    /// Shapes of all segments, ends included, one after another.
    pub shapes: Vec<Point>,
    pub names: Vec<String>,
    /// The first is no limit.
    pub limits: Vec<Limits>,
    /// Sequences of arcs that may not be driven.
    pub bans: Vec<Ban>,
}

/// An imported road map, ready to route on.
pub struct Map {
    pub(crate) core: Core,
    /// Arcs that leave each node: `leaving[starts[n]..starts[n + 1]]`.
    starts: Vec<u32>,
    leaving: Vec<u32>,
    /// Nodes on the unit sphere, for bounds.
    pub(crate) on_sphere: Vec<[f32; 3]>,
    pub(crate) turns: [Turns; 2],
    /// Whether a node belongs to a network large enough to snap to, by vehicle.
    connected: [Vec<bool>; 2],
    kmh_max: [u8; 2],
    pub(crate) grid: Grid,
    pub(crate) workspaces: Workspaces,
    bounds: Bounds,
}

/// Networks smaller than this many nodes are no place to start from, unless nothing larger is there.
const CONNECTED_NODES_MIN: usize = 200;

impl Map {
    /// A map of a checked core; none for one without roads.
    pub(crate) fn of(core: Core) -> Option<Self> {
        let bounds = Bounds::around(core.shapes.iter().copied())?;
        let (starts, leaving) = adjacency(&core);
        let arcs = core.segments.len() * 2;
        let turns = VEHICLES
            .map(|v| Turns::of(arcs, core.bans.iter().filter(|b| b.vehicles & v.bit() != 0)));
        let kmh_max = VEHICLES.map(|v| {
            let all = core.segments.iter().flat_map(|s| s.kmh[v as usize]);
            all.max().unwrap_or(0).max(1)
        });
        let grid = Grid::of(&core);
        let on_sphere = core.nodes.iter().map(|p| crate::search::on_sphere(*p)).collect();
        let mut map = Self {
            on_sphere,
            core,
            starts,
            leaving,
            turns,
            connected: [Vec::new(), Vec::new()],
            kmh_max,
            grid,
            workspaces: Workspaces::default(),
            bounds,
        };
        map.connected = VEHICLES.map(|v| map.networks(v));
        Some(map)
    }

    /// The box around all roads.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// How many junctions and ends there are.
    pub fn node_count(&self) -> usize {
        self.core.nodes.len()
    }

    /// How many pieces of road there are, each driven in one direction or both.
    pub fn segment_count(&self) -> usize {
        self.core.segments.len()
    }

    /// How many turn restrictions hold (as forbidden sequences of pieces).
    pub fn restriction_count(&self) -> usize {
        self.core.bans.len()
    }

    pub(crate) fn segment(&self, arc: u32) -> &Segment {
        &self.core.segments[(arc >> 1) as usize]
    }

    pub(crate) fn head(&self, arc: u32) -> u32 {
        let s = self.segment(arc);
        if arc & 1 == 0 { s.to } else { s.from }
    }

    pub(crate) fn leaving(&self, node: u32) -> &[u32] {
        let n = node as usize;
        &self.leaving[self.starts[n] as usize..self.starts[n + 1] as usize]
    }

    pub(crate) fn shape_range(&self, segment: u32) -> Range<usize> {
        self.core.shape_range(segment)
    }

    pub(crate) fn shape(&self, segment: u32) -> &[Point] {
        &self.core.shapes[self.shape_range(segment)]
    }

    pub(crate) fn kmh(&self, arc: u32, vehicle: Vehicle) -> u8 {
        self.segment(arc).kmh[vehicle as usize][(arc & 1) as usize]
    }

    pub(crate) fn kmh_max(&self, vehicle: Vehicle) -> u8 {
        self.kmh_max[vehicle as usize]
    }

    pub(crate) fn stops(&self, node: u32, vehicle: Vehicle) -> bool {
        self.core.barriers[node as usize] & vehicle.bit() != 0
    }

    /// Milliseconds to drive `cm` of an arc; none where it may not be driven.
    pub(crate) fn millis(&self, arc: u32, cm: u32, profile: Profile) -> Option<u32> {
        let kmh = self.kmh(arc, profile.vehicle());
        if kmh == 0 {
            return None;
        }
        let limits = self.segment(arc).limits;
        if let (Profile::Truck(truck), 1..) = (profile, limits)
            && !self.core.limits[limits as usize].passes(truck)
        {
            return None;
        }
        Some(millis_at(cm, kmh))
    }

    /// Whether a segment may be snapped to: open for the profile and part of a real network.
    pub(crate) fn snappable(&self, segment: u32, profile: Profile) -> bool {
        let s = &self.core.segments[segment as usize];
        let joined = &self.connected[profile.vehicle() as usize];
        joined[s.from as usize]
            && joined[s.to as usize]
            && [0, 1].iter().any(|d| self.millis(segment * 2 + d, s.length_cm, profile).is_some())
    }

    /// Marks the nodes of strongly connected networks that are large enough.
    fn networks(&self, vehicle: Vehicle) -> Vec<bool> {
        let component = crate::search::components(self, vehicle);
        let mut sizes = vec![0usize; self.core.nodes.len()];
        component.iter().for_each(|c| sizes[*c as usize] += 1);
        let largest = sizes.iter().copied().max().unwrap_or(0);
        component.iter().map(|c| sizes[*c as usize] >= CONNECTED_NODES_MIN.min(largest)).collect()
    }
}

impl Core {
    pub fn shape_range(&self, segment: u32) -> Range<usize> {
        let s = segment as usize;
        let end = self.segments.get(s + 1).map_or(self.shapes.len(), |next| next.shape as usize);
        self.segments[s].shape as usize..end
    }
}

/// Milliseconds for so many centimetres, rounded up, at least one.
pub(crate) fn millis_at(cm: u32, kmh: u8) -> u32 {
    let ms = (u64::from(cm) * 36).div_ceil(u64::from(kmh));
    u32::try_from(ms.max(1)).unwrap_or(u32::MAX)
}

fn adjacency(core: &Core) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0u32; core.nodes.len() + 1];
    for s in &core.segments {
        starts[s.from as usize + 1] += 1;
        starts[s.to as usize + 1] += 1;
    }
    for n in 0..core.nodes.len() {
        starts[n + 1] += starts[n];
    }
    let mut next = starts.clone();
    let mut leaving = vec![0u32; core.segments.len() * 2];
    let mut put = |node: u32, arc: u32| {
        leaving[next[node as usize] as usize] = arc;
        next[node as usize] += 1;
    };
    for (i, s) in core.segments.iter().enumerate() {
        put(s.from, i as u32 * 2);
        put(s.to, i as u32 * 2 + 1);
    }
    (starts, leaving)
}
