//! A line of points: length, position along it, nearest point on it, simplification.

use crate::{Bounds, Point};

/// Segments in one box of a line.
const BOX_SEGMENTS: usize = 16;

/// A line of at least one point, with the distance along it at every point, and boxes to find places on it fast.
#[derive(Clone, Debug, PartialEq)]
pub struct Polyline {
    points: Vec<Point>,
    along_m: Vec<f64>,
    /// Around each [`BOX_SEGMENTS`] segments.
    boxes: Vec<Bounds>,
    bounds: Bounds,
}

/// The nearest place on a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OnLine {
    /// The place on the line.
    pub point: Point,
    /// How far the asked point is off the line.
    pub off_m: f64,
    /// How far along the line the place is.
    pub along_m: f64,
    /// The segment it lies on: between points `segment` and `segment + 1`.
    pub segment: usize,
}

impl Polyline {
    /// A line through the points; none for no points.
    pub fn new(points: Vec<Point>) -> Option<Self> {
        let mut along_m = Vec::with_capacity(points.len());
        let (mut total, mut last) = (0.0, *points.first()?);
        for p in &points {
            total += last.distance_m(*p);
            along_m.push(total);
            last = *p;
        }
        let last = points.len().saturating_sub(1);
        let ends = |start: usize| (start + BOX_SEGMENTS).min(last);
        let boxes = (0..last.max(1))
            .step_by(BOX_SEGMENTS)
            .filter_map(|start| Bounds::around(points[start..=ends(start)].iter().copied()))
            .collect();
        let bounds = Bounds::around(points.iter().copied())?;
        Some(Self { points, along_m, boxes, bounds })
    }

    /// The great circle between two points, with a point at least every `step_m`, at most 1,000 of them.
    pub fn great_circle(from: Point, to: Point, step_m: f64) -> Self {
        let length = from.distance_m(to);
        let pieces = (length / step_m.max(1.0)).ceil().clamp(1.0, 999.0) as usize;
        let mut points = vec![from];
        for i in 1..pieces {
            let done = length * i as f64 / pieces as f64;
            points.push(from.towards(from.bearing_deg(to), done));
        }
        points.push(to);
        let bounds = Bounds { min: from, max: from };
        let start = || Self { points: vec![from], along_m: vec![0.0], boxes: vec![bounds], bounds };
        Self::new(points).unwrap_or_else(start)
    }

    /// The points.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// Length in metres.
    pub fn length_m(&self) -> f64 {
        self.along_m.last().copied().unwrap_or(0.0)
    }

    /// The box around the line.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// The point so many metres along, clamped to the ends.
    pub fn at(&self, along_m: f64) -> Point {
        let after = self.along_m.partition_point(|m| *m < along_m);
        if after == 0 {
            return self.points[0];
        }
        let Some(next) = self.points.get(after) else {
            return self.points[self.points.len() - 1];
        };
        let (start, end) = (self.along_m[after - 1], self.along_m[after]);
        let share = if end > start { (along_m - start) / (end - start) } else { 0.0 };
        self.points[after - 1].between(*next, share)
    }

    /// The nearest place on the line.
    pub fn nearest(&self, p: Point) -> OnLine {
        let first = self.points[0];
        let mut best =
            OnLine { point: first, off_m: first.distance_m(p), along_m: 0.0, segment: 0 };
        for (i, bounds) in self.boxes.iter().enumerate() {
            if bounds.least_m(p) < best.off_m {
                self.improve(&mut best, p, i * BOX_SEGMENTS);
            }
        }
        best
    }

    /// Takes a nearer place on the segments of the box that starts with one.
    fn improve(&self, best: &mut OnLine, p: Point, start: usize) {
        let end = (start + BOX_SEGMENTS).min(self.points.len() - 1);
        for segment in start..end {
            let (a, b) = (self.points[segment], self.points[segment + 1]);
            let (share, off_m) = project(p, a, b);
            if off_m < best.off_m {
                let (from_m, to_m) = (self.along_m[segment], self.along_m[segment + 1]);
                let along_m = from_m + (to_m - from_m) * share;
                *best = OnLine { point: a.between(b, share), off_m, along_m, segment };
            }
        }
    }

    /// Whether a point is within a distance of the line: a corridor test, cheap for what is far away.
    pub fn passes_within(&self, p: Point, max_m: f64) -> bool {
        self.bounds.padded(max_m * 1.01).contains(p) && self.nearest(p).off_m <= max_m
    }

    /// The line with fewer points, none of the dropped ones farther than `tolerance_m` from it (Douglas-Peucker).
    pub fn simplified(&self, tolerance_m: f64) -> Self {
        let keep = kept(&self.points, tolerance_m);
        let points = self.points.iter().zip(keep).filter(|(_, k)| *k).map(|(p, _)| *p).collect();
        Self::new(points).unwrap_or_else(|| self.clone())
    }
}

/// Share along the segment of the place nearest to `p`, and the distance to it in metres.
pub fn project(p: Point, from: Point, to: Point) -> (f64, f64) {
    let (ax, ay) = from.local_m(p);
    let (bx, by) = to.local_m(p);
    let (dx, dy) = (bx - ax, by - ay);
    let square = dx * dx + dy * dy;
    let share = if square > 0.0 { (-(ax * dx + ay * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
    (share, (ax + dx * share).hypot(ay + dy * share))
}

fn kept(points: &[Point], tolerance_m: f64) -> Vec<bool> {
    let mut keep = vec![false; points.len()];
    let last = points.len() - 1;
    (keep[0], keep[last]) = (true, true);
    let mut spans = vec![(0, last)];
    while let Some((a, b)) = spans.pop() {
        let farthest = (a + 1..b)
            .map(|i| (i, project(points[i], points[a], points[b]).1))
            .max_by(|x, y| x.1.total_cmp(&y.1));
        if let Some((i, _)) = farthest.filter(|(_, off)| *off > tolerance_m) {
            keep[i] = true;
            spans.extend([(a, i), (i, b)]);
        }
    }
    keep
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(turns: &[(f64, f64)]) -> Polyline {
        let mut points = vec![Point::new(31.5, 120.3).unwrap()];
        for (bearing, metres) in turns {
            points.push(points[points.len() - 1].towards(*bearing, *metres));
        }
        Polyline::new(points).unwrap()
    }

    #[test]
    fn length_and_positions_run_along_the_line() {
        let l = line(&[(90.0, 1_000.0), (0.0, 500.0)]);
        assert!((l.length_m() - 1_500.0).abs() < 0.5);
        assert_eq!(l.at(-5.0), l.points()[0]);
        assert_eq!(l.at(9_999.0), l.points()[2]);
        assert!(l.at(1_250.0).distance_m(l.points()[1].towards(0.0, 250.0)) < 0.5);
        assert!(Polyline::new(Vec::new()).is_none());
    }

    #[test]
    fn the_nearest_place_is_found_between_points_and_at_ends() {
        let l = line(&[(90.0, 1_000.0), (90.0, 1_000.0)]);
        let beside = l.at(1_300.0).towards(0.0, 40.0);
        let on = l.nearest(beside);
        assert!(
            (on.off_m - 40.0).abs() < 0.5 && (on.along_m - 1_300.0).abs() < 0.5 && on.segment == 1
        );
        let before = l.points()[0].towards(270.0, 70.0);
        assert!((l.nearest(before).off_m - 70.0).abs() < 0.5);
        assert!(l.passes_within(beside, 41.0) && !l.passes_within(beside, 39.0));
    }

    #[test]
    fn a_great_circle_is_as_long_as_the_distance() {
        let (a, b) = (Point::new(31.2, 121.5).unwrap(), Point::new(47.1, 9.5).unwrap());
        let l = Polyline::great_circle(a, b, 50_000.0);
        assert!((l.length_m() - a.distance_m(b)).abs() < 200.0);
        assert_eq!(*l.points().last().unwrap(), b);
    }

    proptest! {
        #[test]
        fn what_simplifying_drops_is_within_the_tolerance(
            turns in prop::collection::vec((0.0..360.0f64, 5.0..800.0f64), 1..40), tolerance in 1.0..300.0f64,
        ) {
            let full = line(&turns);
            let few = full.simplified(tolerance);
            prop_assert!(few.points().len() <= full.points().len());
            for p in full.points() {
                prop_assert!(few.nearest(*p).off_m <= tolerance + 0.5);
            }
        }

        #[test]
        fn nearest_is_no_farther_than_any_sampled_point(
            turns in prop::collection::vec((0.0..360.0f64, 5.0..800.0f64), 1..90), bearing in 0.0..360.0f64, far in 0.0..3_000.0f64,
        ) {
            let l = line(&turns);
            let p = l.points()[0].towards(bearing, far);
            let best = l.nearest(p);
            let sampled = (0..=200).map(|i| l.at(l.length_m() * f64::from(i) / 200.0).distance_m(p)).fold(f64::MAX, f64::min);
            prop_assert!(best.off_m <= sampled + 0.6);
            let all = l.points().windows(2).map(|s| project(p, s[0], s[1]).1).fold(f64::MAX, f64::min);
            prop_assert_eq!(best.off_m.min(l.points()[0].distance_m(p)), all.min(l.points()[0].distance_m(p)));
            prop_assert!((best.point.distance_m(p) - best.off_m).abs() < 0.6 + best.off_m * 0.001);
        }
    }
}
