//! The search: A* over states of "arc just driven" (and, in the middle of a restriction over several ways, how
//! one came there), so that turns are exact. Costs are whole milliseconds.

use crate::map::Map;
use crate::profile::{Profile, Vehicle};
use crate::snap::OnRoad;
use sarai_geo::Point;
use sarai_geo::point::EARTH_RADIUS_M;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Mutex, PoisonError};

/// Turning round at a dead end takes this long.
pub(crate) const U_TURN_MS: u32 = 20_000;
const NONE: u32 = u32::MAX;
/// Positions on the sphere are kept in single precision: each coordinate is off by less than half a metre.
const SPHERE_ERROR_M: f64 = 3.0;
/// Work areas kept for the next searches.
const WORKSPACES_MAX: usize = 8;

/// A way found: arcs in order, and its time. The first and last are driven in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub arcs: Vec<u32>,
    pub millis: u32,
}

/// Memory of searches, reused.
#[derive(Default)]
pub(crate) struct Workspaces(Mutex<Vec<Workspace>>);

#[derive(Default)]
struct Workspace {
    /// Which search wrote the entry of a state.
    round: u32,
    seen: Vec<u32>,
    millis: Vec<u32>,
    before: Vec<u32>,
    /// Bound of the whole way, milliseconds so far, state.
    queue: BinaryHeap<Reverse<(u32, u32, u32)>>,
}

impl Workspace {
    fn start(&mut self, states: usize) {
        self.queue.clear();
        self.round = self.round.wrapping_add(1);
        if self.seen.len() != states || self.round == 0 {
            self.round = 1;
            self.seen = vec![0; states];
            self.millis = vec![0; states];
            self.before = vec![0; states];
        }
    }

    fn millis(&self, state: u32) -> u32 {
        let s = state as usize;
        if self.seen[s] == self.round { self.millis[s] } else { u32::MAX }
    }

    /// Keeps a better way to a state; false if the known one is as good.
    fn improve(&mut self, state: u32, millis: u32, before: u32) -> bool {
        if millis >= self.millis(state) {
            return false;
        }
        let s = state as usize;
        (self.seen[s], self.millis[s], self.before[s]) = (self.round, millis, before);
        true
    }
}

/// One search.
struct Search<'a> {
    map: &'a Map,
    profile: Profile,
    vehicle: Vehicle,
    end: OnRoad,
    end_on_sphere: [f32; 3],
    /// Milliseconds per metre at the best speed of the map.
    millis_per_m: f64,
}

impl Map {
    /// The fastest way between two places on the graph.
    pub(crate) fn fastest(&self, start: OnRoad, end: OnRoad, profile: Profile) -> Option<Found> {
        let mut space = self.workspaces.take();
        let vehicle = profile.vehicle();
        let millis_per_m = 3_600.0 / f64::from(self.kmh_max(vehicle));
        let search = Search {
            map: self,
            profile,
            vehicle,
            end,
            end_on_sphere: on_sphere(end.point),
            millis_per_m,
        };
        let found = search.run(start, &mut space);
        self.workspaces.give(space);
        found
    }

    /// Milliseconds from a place on a segment to the end of one of its arcs.
    pub(crate) fn millis_to_head(&self, arc: u32, at_cm: u32, profile: Profile) -> Option<u32> {
        let length = self.segment(arc).length_cm;
        self.millis(arc, if arc & 1 == 0 { length - at_cm } else { at_cm }, profile)
    }

    /// Milliseconds from the start of an arc to a place on its segment.
    pub(crate) fn millis_from_tail(&self, arc: u32, at_cm: u32, profile: Profile) -> Option<u32> {
        let length = self.segment(arc).length_cm;
        self.millis(arc, if arc & 1 == 0 { at_cm } else { length - at_cm }, profile)
    }

    /// The way along one segment, where the end lies ahead of the start on it.
    fn direct(&self, start: OnRoad, end: OnRoad, profile: Profile) -> Option<Found> {
        let arc = start.segment * 2 + u32::from(end.at_cm < start.at_cm);
        if start.segment != end.segment {
            return None;
        }
        let other_way = if end.at_cm == start.at_cm { Some(arc ^ 1) } else { None };
        let way = |arc: u32| {
            let millis = self.millis(arc, end.at_cm.abs_diff(start.at_cm), profile)?;
            Some(Found { arcs: vec![arc], millis })
        };
        way(arc).or_else(|| other_way.and_then(way))
    }

    /// The arcs that may follow a state, with the state they lead to: none behind a barrier, and back only
    /// where nothing else is left.
    pub(crate) fn nexts(&self, state: u32, profile: Profile, mut f: impl FnMut(u32, u32, u32)) {
        let turns = &self.turns[profile.vehicle() as usize];
        let arc = turns.arc(state);
        let node = self.head(arc);
        let mut go = |next: u32, extra: u32| {
            let Some(millis) = self.millis(next, self.segment(next).length_cm, profile) else {
                return false;
            };
            let Some(to) = turns.step(state, next) else { return false };
            f(next, to, millis.saturating_add(extra));
            true
        };
        let mut left = false;
        if !self.stops(node, profile.vehicle()) {
            for next in self.leaving(node) {
                left |= *next != arc ^ 1 && go(*next, 0);
            }
        }
        if !left {
            go(arc ^ 1, U_TURN_MS);
        }
    }
}

impl Search<'_> {
    fn run(&self, start: OnRoad, space: &mut Workspace) -> Option<Found> {
        space.start(self.map.turns[self.vehicle as usize].states());
        for arc in [start.segment * 2, start.segment * 2 + 1] {
            if let Some(millis) = self.map.millis_to_head(arc, start.at_cm, self.profile) {
                self.push(space, arc, millis, NONE);
            }
        }
        let direct = self.map.direct(start, self.end, self.profile);
        let mut best = direct.as_ref().map_or(u32::MAX, |d| d.millis);
        let mut last = None;
        while let Some(Reverse((bound, millis, state))) = space.queue.pop() {
            if bound >= best {
                break;
            }
            if millis > space.millis(state) {
                continue;
            }
            self.map.nexts(state, self.profile, |arc, to, cost| {
                if arc >> 1 == self.end.segment
                    && let Some(whole) =
                        self.map.millis(arc, self.map.segment(arc).length_cm, self.profile)
                    && let Some(part) = self.map.millis_from_tail(arc, self.end.at_cm, self.profile)
                {
                    let total = millis.saturating_add(cost - whole).saturating_add(part);
                    if total < best {
                        (best, last) = (total, Some((state, arc)));
                    }
                }
                self.push(space, to, millis.saturating_add(cost), state);
            });
        }
        match last {
            Some((state, arc)) => Some(Found { arcs: self.trace(space, state, arc), millis: best }),
            None => direct,
        }
    }

    fn push(&self, space: &mut Workspace, state: u32, millis: u32, before: u32) {
        if millis < u32::MAX && space.improve(state, millis, before) {
            space.queue.push(Reverse((millis.saturating_add(self.bound(state)), millis, state)));
        }
    }

    /// Never more than what is left from the end of a state's arc: straight on at the best speed of the map, less
    /// what rounding may have moved.
    fn bound(&self, state: u32) -> u32 {
        let arc = self.map.turns[self.vehicle as usize].arc(state);
        let at = self.map.on_sphere[self.map.head(arc) as usize];
        let metres = chord_m(at, self.end_on_sphere) * 0.9999 - SPHERE_ERROR_M;
        (metres.max(0.0) * self.millis_per_m) as u32
    }

    fn trace(&self, space: &Workspace, mut state: u32, last: u32) -> Vec<u32> {
        let turns = &self.map.turns[self.vehicle as usize];
        let mut arcs = vec![last];
        while state != NONE {
            arcs.push(turns.arc(state));
            state = space.before[state as usize];
        }
        arcs.reverse();
        arcs
    }
}

impl Workspaces {
    fn take(&self) -> Workspace {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn give(&self, space: Workspace) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < WORKSPACES_MAX {
            kept.push(space);
        }
    }
}

/// A point on the unit sphere.
pub(crate) fn on_sphere(p: Point) -> [f32; 3] {
    let (lat, lon) = (p.lat().to_radians(), p.lon().to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()].map(|x| x as f32)
}

/// Metres straight through the globe: never more than over it.
fn chord_m(a: [f32; 3], b: [f32; 3]) -> f64 {
    let square: f64 = a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum();
    square.sqrt() * EARTH_RADIUS_M
}

/// The strongly connected component of every node, as a number below the number of nodes: nodes in the order in
/// which a forward search leaves them, then gathered against the arcs from the last one (Kosaraju and Sharir).
pub(crate) fn components(map: &Map, vehicle: Vehicle) -> Vec<u32> {
    let n = map.node_count();
    let open = |arc: u32| map.kmh(arc, vehicle) > 0;
    let mut order = Vec::with_capacity(n);
    let mut seen = vec![false; n];
    for root in 0..n as u32 {
        let mut stack = vec![(root, 0usize)];
        if std::mem::replace(&mut seen[root as usize], true) {
            continue;
        }
        while let Some((node, next)) = stack.pop() {
            match map.leaving(node).get(next) {
                None => order.push(node),
                Some(arc) => {
                    stack.push((node, next + 1));
                    let to = map.head(*arc);
                    if open(*arc)
                        && !map.stops(node, vehicle)
                        && !std::mem::replace(&mut seen[to as usize], true)
                    {
                        stack.push((to, 0));
                    }
                }
            }
        }
    }
    let mut component = vec![NONE; n];
    for root in order.into_iter().rev() {
        let mut stack = vec![root];
        while let Some(node) = stack.pop() {
            if component[node as usize] != NONE {
                continue;
            }
            component[node as usize] = root;
            let into = map.leaving(node).iter().filter(|a| open(**a ^ 1)).map(|a| map.head(*a));
            stack
                .extend(into.filter(|m| component[*m as usize] == NONE && !map.stops(*m, vehicle)));
        }
    }
    component
}

#[cfg(test)]
mod tests;
