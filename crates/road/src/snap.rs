//! From a point to the nearest road: a grid of squares, each with the segments that pass through it.

use crate::map::{Core, Map};
use crate::profile::Profile;
use sarai_geo::Point;

/// No road is looked for farther away than this.
pub const SNAP_MAX_M: f64 = 2_000.0;
/// Side of a square in micro-degrees: 556 m of latitude.
const SIDE_MICRO: i32 = 5_000;
/// Metres that a square is high.
const SIDE_M: f64 = 555.9;

/// A place on the graph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct OnRoad {
    pub segment: u32,
    /// Centimetres from the segment's start.
    pub at_cm: u32,
    pub point: Point,
    pub off_m: f64,
}

type Square = (i32, i32);

/// Squares and the segments in them, sorted.
pub(crate) struct Grid(Vec<(Square, u32)>);

fn square(p: Point) -> Square {
    let (lat, lon) = p.micro();
    (lat.div_euclid(SIDE_MICRO), lon.div_euclid(SIDE_MICRO))
}

impl Grid {
    pub fn of(core: &Core) -> Self {
        let mut entries = Vec::new();
        for segment in 0..core.segments.len() as u32 {
            let first = entries.len();
            let shape = &core.shapes[core.shape_range(segment)];
            shape
                .windows(2)
                .for_each(|pair| squares_along(pair[0], pair[1], |s| entries.push((s, segment))));
            entries[first..].sort_unstable();
            let mut kept = first;
            for i in first..entries.len() {
                if kept == first || entries[i] != entries[kept - 1] {
                    entries[kept] = entries[i];
                    kept += 1;
                }
            }
            entries.truncate(kept);
        }
        entries.sort_unstable();
        Self(entries)
    }

    fn in_square(&self, square: Square) -> impl Iterator<Item = u32> + '_ {
        let start = self.0.partition_point(|(s, _)| *s < square);
        self.0[start..].iter().take_while(move |(s, _)| *s == square).map(|(_, segment)| *segment)
    }
}

/// The squares that a straight piece passes: the boxes of pieces of at most one side each way.
fn squares_along(a: Point, b: Point, mut f: impl FnMut(Square)) {
    let ((a_lat, a_lon), (b_lat, b_lon)) = (a.micro(), b.micro());
    let span = a_lat.abs_diff(b_lat).max(a_lon.abs_diff(b_lon));
    let pieces = span / SIDE_MICRO as u32 + 1;
    let mut last = square(a);
    for i in 1..=pieces {
        let next = square(a.between(b, f64::from(i) / f64::from(pieces)));
        for lat in last.0.min(next.0)..=last.0.max(next.0) {
            for lon in last.1.min(next.1)..=last.1.max(next.1) {
                f((lat, lon));
            }
        }
        last = next;
    }
}

impl Map {
    /// The nearest place on a road that the profile may drive and that leads somewhere.
    pub(crate) fn on_road(&self, p: Point, profile: Profile, max_m: f64) -> Option<OnRoad> {
        let (row, column) = square(p);
        let narrow = SIDE_M * p.lat().to_radians().cos().max(0.05);
        let rings = (max_m / narrow).ceil().min(200.0) as i32 + 1;
        let plane = Plane::at(p);
        let mut best: Option<(u32, f64)> = None;
        for ring in 0..=rings {
            // What lies in this ring is at least `ring - 1` whole squares away.
            let least_m = f64::from(ring - 1) * narrow * 0.99;
            if best.is_some_and(|(_, off_m)| off_m <= least_m) {
                break;
            }
            for square in ring_of(row, column, ring) {
                for segment in self.grid.in_square(square) {
                    let off_m = self.off(segment, &plane);
                    if best.is_none_or(|(_, known)| off_m < known)
                        && self.snappable(segment, profile)
                    {
                        best = Some((segment, off_m));
                    }
                }
            }
        }
        let (segment, off_m) = best?;
        (off_m <= max_m).then(|| self.nearest_on(segment, p))
    }

    fn nearest_on(&self, segment: u32, p: Point) -> OnRoad {
        let shape = self.shape(segment);
        let length_cm = self.core.segments[segment as usize].length_cm;
        let plane = Plane::at(p);
        let offs = shape.windows(2).map(|pair| plane.off(pair[0], pair[1]));
        let nearest = offs.enumerate().min_by(|(_, a), (_, b)| a.1.total_cmp(&b.1));
        let (piece, (share, off_m)) = nearest.unwrap_or((0, (0.0, f64::INFINITY)));
        let before: f64 = shape[..=piece].windows(2).map(|pair| pair[0].distance_m(pair[1])).sum();
        let (a, b) = (shape[piece], shape[(piece + 1).min(shape.len() - 1)]);
        let at_cm = (((before + a.distance_m(b) * share) * 100.0).round() as u32).min(length_cm);
        OnRoad { segment, at_cm, point: a.between(b, share), off_m }
    }

    /// Metres from a point to a segment.
    fn off(&self, segment: u32, plane: &Plane) -> f64 {
        let shape = self.shape(segment);
        shape.windows(2).map(|pair| plane.off(pair[0], pair[1]).1).fold(f64::INFINITY, f64::min)
    }
}

/// The plane that touches the globe at a point: exact enough for the few kilometres around it.
struct Plane {
    lat: f64,
    lon: f64,
    east_m: f64,
    north_m: f64,
}

impl Plane {
    fn at(p: Point) -> Self {
        let (lat, lon) = p.micro();
        let north_m = SIDE_M / f64::from(SIDE_MICRO);
        Self {
            lat: f64::from(lat),
            lon: f64::from(lon),
            east_m: north_m * p.lat().to_radians().cos(),
            north_m,
        }
    }

    /// Share along a straight piece of the place nearest to the plane's point, and metres to it.
    fn off(&self, a: Point, b: Point) -> (f64, f64) {
        let ((ax, ay), (bx, by)) = (self.metres(a), self.metres(b));
        let (dx, dy) = (bx - ax, by - ay);
        let square = dx * dx + dy * dy;
        let share =
            if square > 0.0 { (-(ax * dx + ay * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
        (share, ((ax + dx * share).powi(2) + (ay + dy * share).powi(2)).sqrt())
    }

    fn metres(&self, p: Point) -> (f64, f64) {
        let (lat, lon) = p.micro();
        ((f64::from(lon) - self.lon) * self.east_m, (f64::from(lat) - self.lat) * self.north_m)
    }
}

/// The squares at a distance of `ring` around one.
fn ring_of(row: i32, column: i32, ring: i32) -> impl Iterator<Item = Square> {
    (-ring..=ring).flat_map(move |dy| {
        let edge = dy.abs() == ring;
        let step = if edge || ring == 0 { 1 } else { 2 * ring };
        (-ring..=ring).step_by(step as usize).map(move |dx| (row + dy, column + dx))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_cover_every_square_once() {
        let mut all: Vec<_> = (0..=3).flat_map(|r| ring_of(7, -2, r)).collect();
        all.sort_unstable();
        let n = all.len();
        all.dedup();
        assert_eq!((n, all.len()), (49, 49));
    }
}
