//! The search against a plain one that knows no automaton: it keeps the arcs driven and looks for forbidden
//! sequences in them.

use crate::map::{Class, Core, Map, Segment};
use crate::profile::{Limits, Profile, Truck};
use crate::search::{Found, U_TURN_MS};
use crate::snap::OnRoad;
use crate::turns::Ban;
use proptest::prelude::*;
use sarai_geo::Point;
use std::collections::{BTreeMap, BTreeSet};

const NODES: u32 = 9;
/// The longest ban in the tests; one arc less has to be remembered.
const BAN_ARCS_MAX: usize = 4;

#[derive(Clone, Debug)]
struct Town {
    places: Vec<(i32, i32)>,
    barriers: Vec<u8>,
    /// Ends, speeds, whether a height limit stands there.
    roads: Vec<(u32, u32, [[u8; 2]; 2], bool)>,
    /// A first arc and choices for the next ones.
    walks: Vec<(usize, Vec<usize>, u8)>,
    trips: Vec<(usize, f64, usize, f64)>,
}

fn town() -> impl Strategy<Value = Town> {
    let kmh = || prop_oneof![1 => Just(0u8), 4 => 10u8..130];
    let road = (0..NODES, 0..NODES, [[kmh(), kmh()], [kmh(), kmh()]], prop::bool::weighted(0.1));
    (
        prop::collection::vec((0..20_000i32, 0..20_000i32), NODES as usize),
        prop::collection::vec(prop_oneof![9 => Just(0u8), 1 => 1u8..4], NODES as usize),
        prop::collection::vec(road, 4..22),
        prop::collection::vec(
            (any::<usize>(), prop::collection::vec(any::<usize>(), 1..BAN_ARCS_MAX), 1u8..4),
            0..12,
        ),
        prop::collection::vec((any::<usize>(), 0.0..=1.0f64, any::<usize>(), 0.0..=1.0f64), 1..8),
    )
        .prop_map(|(places, barriers, roads, walks, trips)| Town {
            places,
            barriers,
            roads,
            walks,
            trips,
        })
}

fn map_of(town: &Town) -> Map {
    let at = |n: u32| {
        let (lat, lon) = town.places[n as usize];
        Point::from_micro(31_000_000 + lat, 121_000_000 + lon).unwrap()
    };
    let mut core = Core {
        nodes: (0..NODES).map(at).collect(),
        barriers: town.barriers.clone(),
        names: vec![String::new()],
        limits: vec![Limits::default(), Limits { height_mm: 3_500, ..Limits::default() }],
        ..Core::default()
    };
    for (from, to, kmh, limited) in &town.roads {
        // A loop needs a place to go to and come back from.
        let middle = Point::from_micro(31_000_000 + 30_000, 121_000_000).unwrap();
        let shape =
            if from == to { vec![at(*from), middle, at(*to)] } else { vec![at(*from), at(*to)] };
        let metres: f64 = shape.windows(2).map(|p| p[0].distance_m(p[1])).sum();
        core.segments.push(Segment {
            from: *from,
            to: *to,
            length_cm: (metres * 100.0).ceil() as u32,
            shape: core.shapes.len() as u32,
            name: 0,
            limits: u16::from(*limited),
            class: Class::Primary,
            kmh: *kmh,
        });
        core.shapes.extend(shape);
    }
    core.bans = bans(town, &core);
    Map::of(core).unwrap()
}

/// Bans along walks that the roads allow, so that they matter.
fn bans(town: &Town, core: &Core) -> Vec<Ban> {
    let arcs = core.segments.len() as u32 * 2;
    let head = |arc: u32| {
        let s = &core.segments[(arc / 2) as usize];
        if arc & 1 == 0 { s.to } else { s.from }
    };
    let walk = |(first, choices, vehicles): &(usize, Vec<usize>, u8)| {
        let mut path = vec![(first % arcs as usize) as u32];
        for choice in choices {
            let next: Vec<u32> =
                (0..arcs).filter(|a| head(a ^ 1) == head(path[path.len() - 1])).collect();
            path.push(next[choice % next.len()]);
        }
        Ban { arcs: path, vehicles: *vehicles }
    };
    town.walks.iter().map(walk).collect()
}

fn place(map: &Map, segment: usize, share: f64) -> OnRoad {
    let segment = (segment % map.segment_count()) as u32;
    let shape = map.shape(segment);
    let length = map.core.segments[segment as usize].length_cm;
    let line = sarai_geo::Polyline::new(shape.to_vec()).unwrap();
    let at_cm = ((f64::from(length) * share) as u32).min(length);
    OnRoad { segment, at_cm, point: line.at(f64::from(at_cm) / 100.0), off_m: 0.0 }
}

struct Plain<'a> {
    map: &'a Map,
    profile: Profile,
    bans: Vec<&'a [u32]>,
}

impl Plain<'_> {
    fn of(map: &Map, profile: Profile) -> Plain<'_> {
        let bit = profile.vehicle().bit();
        let bans =
            map.core.bans.iter().filter(|b| b.vehicles & bit != 0).map(|b| b.arcs.as_slice());
        Plain { map, profile, bans: bans.collect() }
    }

    fn whole(&self, arc: u32) -> Option<u32> {
        self.map.millis(arc, self.map.segment(arc).length_cm, self.profile)
    }

    /// Arcs that may follow a history, with what turning into them costs.
    fn nexts(&self, history: &[u32]) -> Vec<(u32, u32)> {
        let last = history[history.len() - 1];
        let node = self.map.head(last);
        let allowed = |arc: u32| {
            let mut path = history.to_vec();
            path.push(arc);
            self.whole(arc).is_some() && !self.bans.iter().any(|b| path.ends_with(b))
        };
        let barrier = self.map.core.barriers[node as usize] & self.profile.vehicle().bit() != 0;
        let arcs = 0..self.map.segment_count() as u32 * 2;
        let onward: Vec<_> = arcs
            .filter(|a| !barrier && *a != last ^ 1 && self.map.head(a ^ 1) == node && allowed(*a))
            .map(|a| (a, 0))
            .collect();
        if !onward.is_empty() {
            return onward;
        }
        if allowed(last ^ 1) { vec![(last ^ 1, U_TURN_MS)] } else { Vec::new() }
    }

    fn fastest(&self, start: OnRoad, end: OnRoad) -> Option<u32> {
        let mut best = self.direct(start, end);
        let mut done: BTreeSet<Vec<u32>> = BTreeSet::new();
        let mut open: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
        for arc in [start.segment * 2, start.segment * 2 + 1] {
            if let Some(ms) = self.map.millis_to_head(arc, start.at_cm, self.profile) {
                open.insert(vec![arc], ms);
            }
        }
        while let Some((history, ms)) =
            open.iter().min_by_key(|(_, ms)| **ms).map(|(h, ms)| (h.clone(), *ms))
        {
            open.remove(&history);
            for (arc, turn) in self.nexts(&history) {
                if arc / 2 == end.segment {
                    let part = self.map.millis_from_tail(arc, end.at_cm, self.profile).unwrap();
                    best = Some(best.map_or(u32::MAX, |b| b).min(ms + turn + part));
                }
                let mut next = history.clone();
                next.push(arc);
                let next = next[next.len().saturating_sub(BAN_ARCS_MAX - 1)..].to_vec();
                let total = ms + turn + self.whole(arc).unwrap();
                if !done.contains(&next) && open.get(&next).is_none_or(|known| total < *known) {
                    open.insert(next, total);
                }
            }
            done.insert(history);
        }
        best
    }

    fn direct(&self, start: OnRoad, end: OnRoad) -> Option<u32> {
        if start.segment != end.segment {
            return None;
        }
        let forward = (end.at_cm >= start.at_cm).then_some(start.segment * 2);
        let backward = (end.at_cm <= start.at_cm).then_some(start.segment * 2 + 1);
        let cm = end.at_cm.abs_diff(start.at_cm);
        [forward, backward]
            .into_iter()
            .flatten()
            .find_map(|arc| self.map.millis(arc, cm, self.profile))
    }

    /// Drives a way that was found and adds up its time, refusing every step that may not be taken.
    fn drive(&self, found: &Found, start: OnRoad, end: OnRoad) -> Option<u32> {
        if found.arcs.len() == 1 {
            return self.direct(start, end);
        }
        let mut ms = self.map.millis_to_head(found.arcs[0], start.at_cm, self.profile)?;
        for i in 1..found.arcs.len() {
            let (arc, turn) =
                self.nexts(&found.arcs[..i]).into_iter().find(|(a, _)| *a == found.arcs[i])?;
            let last = i + 1 == found.arcs.len();
            ms += turn
                + if last {
                    self.map.millis_from_tail(arc, end.at_cm, self.profile)?
                } else {
                    self.whole(arc)?
                };
        }
        Some(ms)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_search_finds_what_the_plain_search_finds_and_its_way_can_be_driven(town in town()) {
        let map = map_of(&town);
        for profile in [Profile::Car, Profile::Truck(Truck::default())] {
            let plain = Plain::of(&map, profile);
            for (a, from, b, to) in &town.trips {
                let (start, end) = (place(&map, *a, *from), place(&map, *b, *to));
                let found = map.fastest(start, end, profile);
                prop_assert_eq!(found.as_ref().map(|f| f.millis), plain.fastest(start, end));
                if let Some(found) = found {
                    prop_assert_eq!(plain.drive(&found, start, end), Some(found.millis), "{:?}", found);
                }
            }
        }
    }

    #[test]
    fn a_saved_map_is_the_same_map(town in town()) {
        let map = map_of(&town);
        let bytes = map.to_bytes().unwrap();
        prop_assert_eq!(&Map::from_bytes(&bytes).unwrap().core, &map.core);
    }

    #[test]
    fn a_damaged_map_file_is_refused(town in town(), cut in any::<prop::sample::Index>(), bit in 0..8u8) {
        let bytes = map_of(&town).to_bytes().unwrap();
        let at = cut.index(bytes.len());
        prop_assert!(Map::from_bytes(&bytes[..at]).is_err());
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << bit;
        let read = Map::from_bytes(&flipped);
        // A flipped bit in what deflate does not use changes nothing.
        prop_assert!(read.is_err() || read.unwrap().core == map_of(&town).core);
    }

    #[test]
    fn joined_nodes_are_those_that_reach_each_other(town in town()) {
        let map = map_of(&town);
        for vehicle in crate::profile::VEHICLES {
            let component = super::components(&map, vehicle);
            let reach = |from: u32| {
                let mut seen = BTreeSet::from([from]);
                let mut stack = vec![from];
                while let Some(n) = stack.pop() {
                    if map.stops(n, vehicle) {
                        continue;
                    }
                    for arc in map.leaving(n).iter().filter(|a| map.kmh(**a, vehicle) > 0) {
                        if seen.insert(map.head(*arc)) {
                            stack.push(map.head(*arc));
                        }
                    }
                }
                seen
            };
            let all: Vec<_> = (0..NODES).map(reach).collect();
            for a in 0..NODES {
                for b in 0..NODES {
                    let both = all[a as usize].contains(&b) && all[b as usize].contains(&a);
                    prop_assert_eq!(component[a as usize] == component[b as usize], both);
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn snapping_finds_the_nearest_road_that_a_scan_finds(town in town(), lat in -20_000..40_000i32, lon in -20_000..40_000i32) {
        let map = map_of(&town);
        let p = Point::from_micro(31_000_000 + lat, 121_000_000 + lon).unwrap();
        for profile in [Profile::Car, Profile::default()] {
            let off = |segment: u32| {
                let shape = map.shape(segment);
                shape.windows(2).map(|s| sarai_geo::polyline::project(p, s[0], s[1]).1).fold(f64::MAX, f64::min)
            };
            let open = (0..map.segment_count() as u32).filter(|s| map.snappable(*s, profile));
            let scan = open.map(off).fold(f64::MAX, f64::min);
            match map.on_road(p, profile, crate::SNAP_MAX_M) {
                None => prop_assert!(scan > crate::SNAP_MAX_M * 0.998),
                Some(on) => {
                    prop_assert!((on.off_m - scan).abs() < 1.0 + scan * 0.002, "{} {}", on.off_m, scan);
                    prop_assert!((on.point.distance_m(p) - on.off_m).abs() < 1.0 + scan * 0.002);
                    let line = sarai_geo::Polyline::new(map.shape(on.segment).to_vec()).unwrap();
                    prop_assert!(line.at(f64::from(on.at_cm) / 100.0).distance_m(on.point) < 1.0);
                }
            }
        }
    }
}
