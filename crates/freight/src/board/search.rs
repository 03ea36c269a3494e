//! What a trucker asks of the board: where, with which truck, in which order.

use std::{cmp::Reverse, collections::BinaryHeap};

use sarai_geo::{CIRCUITY, Cell, Point, estimate};
use sarai_kernel::Timestamp;
use uuid::Uuid;

use super::{
    index::{Index, Row, Unit, chord2, chord2_of, metres, unit},
    listing::Listing,
};

/// Most loads that one search gives.
pub const LIMIT_MAX: usize = 100;
/// Counting what a dropped filter would give stops here.
pub const WITHOUT_MAX: usize = 100;

/// Where the trucker looks. Every point is taken as its cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scope {
    /// Loading within a radius.
    Near {
        /// Around.
        at: Point,
        /// Radius.
        radius_m: f64,
    },
    /// Along a way that grows by no more than this.
    Along {
        /// From.
        from: Point,
        /// To.
        to: Point,
        /// Most that the way grows.
        detour_m_max: f64,
    },
    /// Loading within a radius, unloading nearer to home than one is now.
    Home {
        /// Around.
        at: Point,
        /// Home.
        home: Point,
        /// Radius.
        radius_m: f64,
    },
    /// Everywhere.
    Anywhere {
        /// Where the empty run would begin.
        at: Option<Point>,
    },
}

/// Order of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// What is kept for each kilometre, the empty ones included.
    Best,
    /// What is kept, most first.
    Keep,
    /// What is kept for a loaded kilometre, most first.
    PerKm,
    /// The empty run, shortest first.
    Deadhead,
    /// Loading, soonest first.
    PickupTime,
}

/// What every load of the answer must satisfy.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filters {
    /// Takes one of these bodies (bits).
    pub bodies: Option<u32>,
    /// Takes a truck of this length or shorter.
    pub length_mm_max: Option<u32>,
    /// No heavier.
    pub mass_kg_max: Option<i64>,
    /// One of these price modes (bits).
    pub modes: Option<u32>,
    /// Loading possible within.
    pub pickup: Option<(Timestamp, Timestamp)>,
    /// Unloading in one of these areas or cities.
    pub to_areas: Option<Vec<String>>,
    /// Poster's rating at least, in tenths of a star.
    pub rating_min_x10: Option<u64>,
    /// Keeps at least.
    pub keep_min: Option<i64>,
}

/// A search.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Where.
    pub scope: Scope,
    /// Which.
    pub filters: Filters,
    /// In which order.
    pub sort: Sort,
    /// At most so many.
    pub limit: usize,
    /// Only after this place of the same search.
    pub after: Option<(i64, Uuid)>,
    /// The moment: a load past its time is not shown, whether or not a worker closed it.
    pub now: Timestamp,
}

/// A load that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The load.
    pub listing: Listing,
    /// Its place in the order; ties go by id.
    pub place: i64,
    /// The empty run, estimated from cell to cell.
    pub deadhead_m: Option<i64>,
    /// What the way grows by.
    pub detour_m: Option<i64>,
}

/// What a search gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// The loads, in order.
    pub hits: Vec<Hit>,
    /// Whether there are more.
    pub more: bool,
    /// With none: filters whose absence would give some, and how many.
    pub without: Vec<(&'static str, usize)>,
}

/// The scope with its cells and vectors at hand.
enum Ground {
    Near { cell: Cell, at: Unit, radius_m: f64, home: Option<(Unit, f64)> },
    Along { from: Unit, to: Unit, direct_m: f64, detour_m_max: f64, mid: Cell, reach_m: f64 },
    Anywhere { at: Option<Unit> },
}

struct Ways {
    deadhead_m: Option<i64>,
    detour_m: Option<i64>,
}

fn snapped(point: Point) -> (Cell, Unit) {
    let cell = Cell::freight(point);
    (cell, unit(cell.centre()))
}

impl Ground {
    fn of(scope: &Scope) -> Self {
        match *scope {
            Scope::Near { at, radius_m } => {
                let (cell, at) = snapped(at);
                Self::Near { cell, at, radius_m, home: None }
            }
            Scope::Home { at, home, radius_m } => {
                let (cell, at) = snapped(at);
                let home = snapped(home).1;
                Self::Near { cell, at, radius_m, home: Some((home, chord2(at, home))) }
            }
            Scope::Along { from, to, detour_m_max } => {
                let (from, to) = (snapped(from).1, snapped(to).1);
                let direct_m = metres(from, to);
                // Loading lies in the ellipse around the way: no farther from its middle than half the longest way.
                // Plus what the snapping of the middle may cost.
                let reach_m = (direct_m + detour_m_max / CIRCUITY) / 2.0 + 5_000.0;
                let mid = Cell::freight(middle(from, to));
                Self::Along { from, to, direct_m, detour_m_max, mid, reach_m }
            }
            Scope::Anywhere { at } => Self::Anywhere { at: at.map(|at| snapped(at).1) },
        }
    }

    /// Whether the row lies within, and how far the empty run is.
    fn ways(&self, row: &Row) -> Option<Ways> {
        match self {
            Self::Near { at, radius_m, home, .. } => {
                let square = chord2(*at, row.from);
                let homeward =
                    home.is_none_or(|(home, from_here)| chord2(home, row.to) < from_here);
                (square <= chord2_of(*radius_m) && homeward)
                    .then(|| Ways { deadhead_m: Some(road(metres(*at, row.from))), detour_m: None })
            }
            Self::Along { from, to, direct_m, detour_m_max, .. } => {
                // Against the way: the load must end nearer to the goal than it begins.
                if chord2(row.to, *to) >= chord2(row.from, *to) {
                    return None;
                }
                let empty = metres(*from, row.from);
                let whole = empty + metres(row.from, row.to) + metres(row.to, *to);
                let detour = road((whole - direct_m).max(0.0));
                (detour as f64 <= *detour_m_max)
                    .then_some(Ways { deadhead_m: Some(road(empty)), detour_m: Some(detour) })
            }
            Self::Anywhere { at } => {
                let deadhead_m = at.map(|at| road(metres(at, row.from)));
                Some(Ways { deadhead_m, detour_m: None })
            }
        }
    }

    fn rows<'a>(&'a self, index: &'a Index) -> Box<dyn Iterator<Item = (u32, &'a Row)> + 'a> {
        match self {
            Self::Near { cell, radius_m, .. } => Box::new(index.near(*cell, *radius_m)),
            Self::Along { mid, reach_m, .. } => Box::new(index.near(*mid, *reach_m)),
            _ => Box::new(index.rows()),
        }
    }
}

/// The point half way along the great circle; any of its ends where they lie opposite each other.
fn middle(a: Unit, b: Unit) -> Point {
    let [x, y, z] = [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
    Point::wrapped(z.atan2(x.hypot(y)).to_degrees(), y.atan2(x).to_degrees())
}

/// Road metres of so many great-circle metres.
fn road(metres: f64) -> i64 {
    (metres * CIRCUITY).round() as i64
}

/// Seconds that a truck needs for an empty run.
pub fn deadhead_seconds(deadhead_m: i64) -> i64 {
    estimate::truck_seconds(deadhead_m as f64).round() as i64
}

impl Filters {
    fn admits(&self, row: &Row, listing: &Listing, now: Timestamp) -> bool {
        self.admits_row(row, now) && self.admits_end(listing)
    }

    /// What the dense row alone tells.
    fn admits_row(&self, row: &Row, now: Timestamp) -> bool {
        self.bodies.is_none_or(|bodies| row.bodies & bodies != 0)
            && self.length_mm_max.is_none_or(|max| row.length_min_mm <= max)
            && self.mass_kg_max.is_none_or(|max| row.mass_kg <= max)
            && self.modes.is_none_or(|modes| row.modes & modes != 0)
            && self.pickup.is_none_or(|(from, to)| {
                row.pickup.0 < to.as_micros() && from.as_micros() < row.pickup.1
            })
            && self.keep_min.is_none_or(|min| row.keep >= min)
            && self.rating_min_x10.is_none_or(|min| row.rating.is_some_and(|has| has >= min * 10))
            && now.as_micros() < row.expires
    }

    fn admits_end(&self, listing: &Listing) -> bool {
        self.to_areas.as_ref().is_none_or(|areas| {
            let last = listing.stops.last();
            last.is_some_and(|stop| {
                areas.iter().any(|area| *area == stop.area || *area == stop.city)
            })
        })
    }

    /// Each filter that is set, with the filters that are left without it.
    fn each_dropped(&self) -> Vec<(&'static str, Self)> {
        let mut all = Vec::new();
        let mut drop = |name, set: bool, with: fn(&mut Self)| {
            if set {
                let mut rest = self.clone();
                with(&mut rest);
                all.push((name, rest));
            }
        };
        drop("bodies", self.bodies.is_some(), |f| f.bodies = None);
        drop("length_mm_max", self.length_mm_max.is_some(), |f| f.length_mm_max = None);
        drop("mass_kg_max", self.mass_kg_max.is_some(), |f| f.mass_kg_max = None);
        drop("price_modes", self.modes.is_some(), |f| f.modes = None);
        drop("pickup", self.pickup.is_some(), |f| f.pickup = None);
        drop("to_area_codes", self.to_areas.is_some(), |f| f.to_areas = None);
        drop("poster_rating_min_x10", self.rating_min_x10.is_some(), |f| f.rating_min_x10 = None);
        drop("keep_min", self.keep_min.is_some(), |f| f.keep_min = None);
        all
    }
}

/// Place of a load in the order: smaller comes first.
fn place(sort: Sort, row: &Row, ways: &Ways) -> i64 {
    match sort {
        Sort::Keep => -row.keep,
        Sort::PerKm => -row.per_km,
        Sort::Deadhead => ways.deadhead_m.unwrap_or(0),
        Sort::PickupTime => row.pickup.0,
        Sort::Best => {
            let metres = row.distance_m + ways.detour_m.or(ways.deadhead_m).unwrap_or(0);
            -(row.keep.saturating_mul(1_000_000) / metres.max(1))
        }
    }
}

/// The earliest place that a load could have, whatever its ways: what comes after the last of a full answer even so is not measured.
fn earliest(sort: Sort, row: &Row) -> i64 {
    match sort {
        Sort::Keep | Sort::PerKm | Sort::PickupTime => {
            place(sort, row, &Ways { deadhead_m: None, detour_m: None })
        }
        // No empty run is shorter than none. The rate for the loaded kilometre is rounded down, so the next whole one bounds it.
        Sort::Best if row.keep >= 0 => -row.per_km.saturating_add(1).saturating_mul(1_000),
        Sort::Best => i64::MIN,
        Sort::Deadhead => 0,
    }
}

/// The best `limit` loads of a search. One pass, a heap of the answer's size.
pub fn run(index: &Index, search: &Search) -> Found {
    let ground = Ground::of(&search.scope);
    let limit = search.limit.clamp(1, LIMIT_MAX);
    let mut best: BinaryHeap<(i64, Uuid, u32)> = BinaryHeap::with_capacity(limit + 2);
    for (slot, row) in ground.rows(index) {
        if !search.filters.admits_row(row, search.now) {
            continue;
        }
        let last = if best.len() > limit { best.peek().map(|last| last.0) } else { None };
        if last.is_some_and(|last| earliest(search.sort, row) > last) {
            continue;
        }
        let Some(ways) = ground.ways(row) else { continue };
        let key = place(search.sort, row, &ways);
        // The heap is full and this one would come after its last: nothing more to ask.
        if last.is_some_and(|last| key > last) {
            continue;
        }
        let Some(listing) = index.listing(slot) else { continue };
        let id = listing.id.uuid();
        let passed = search.after.is_some_and(|after| (key, id) <= after);
        if passed || !search.filters.admits_end(listing) {
            continue;
        }
        best.push((key, id, slot));
        if best.len() > limit + 1 {
            best.pop();
        }
    }
    let mut order = best.into_sorted_vec();
    let more = order.len() > limit;
    order.truncate(limit);
    let hits: Vec<Hit> =
        order.into_iter().filter_map(|(key, _, slot)| hit(index, &ground, slot, key)).collect();
    let without = if hits.is_empty() { without(index, &ground, search) } else { Vec::new() };
    Found { hits, more, without }
}

fn hit(index: &Index, ground: &Ground, slot: u32, place: i64) -> Option<Hit> {
    let listing = index.listing(slot)?.clone();
    let row = index.row(slot)?;
    let Ways { deadhead_m, detour_m } = ground.ways(row)?;
    Some(Hit { listing, place, deadhead_m, detour_m })
}

fn without(index: &Index, ground: &Ground, search: &Search) -> Vec<(&'static str, usize)> {
    let mut told: Vec<_> = search
        .filters
        .each_dropped()
        .into_iter()
        .map(|(name, filters)| {
            let some = ground
                .rows(index)
                .filter(|(_, row)| ground.ways(row).is_some())
                .filter(|(slot, row)| {
                    index
                        .listing(*slot)
                        .is_some_and(|listing| filters.admits(row, listing, search.now))
                })
                .take(WITHOUT_MAX)
                .count();
            (name, some)
        })
        .filter(|(_, some)| *some > 0)
        .collect();
    told.sort_by_key(|(_, some)| Reverse(*some));
    told
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
