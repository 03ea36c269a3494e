//! What a load costs a truck in extra way: leaving a route for a pick-up and a drop, or going home over them.

use sarai_geo::{OnLine, Point, Polyline, estimate};
use serde::Serialize;

/// The extra way of a load along a route.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Detour {
    /// Estimated extra metres over just driving the route.
    pub extra_m: f64,
    /// How far the pick-up lies off the line, straight.
    pub pickup_off_m: f64,
    /// How far the drop lies off the line, straight.
    pub drop_off_m: f64,
    /// Whether the drop comes after the pick-up along the route.
    pub forward: bool,
}

/// The extra way of leaving a route for a pick-up, driving to the drop, and coming back to the route where the
/// drop is nearest to it. From pick-up to drop the truck may go straight or follow the route.
pub fn detour(line: &Polyline, pickup: Point, drop: Point) -> Detour {
    let (a, b) = (line.nearest(pickup), line.nearest(drop));
    let skipped = b.along_m - a.along_m;
    let (off_a, off_b) = (a.off_m * estimate::CIRCUITY, b.off_m * estimate::CIRCUITY);
    let following = off_a + skipped.abs() + off_b;
    let carried = estimate::road_m(pickup, drop).min(following);
    Detour {
        extra_m: (off_a + carried + off_b - skipped).max(0.0),
        pickup_off_m: a.off_m,
        drop_off_m: b.off_m,
        forward: skipped > 0.0,
    }
}

/// The extra way home over a load: estimated metres from here to pick-up, drop and home, less those of just
/// driving home.
pub fn detour_home_m(from: Point, home: Point, pickup: Point, drop: Point) -> f64 {
    let over = estimate::road_m(from, pickup)
        + estimate::road_m(pickup, drop)
        + estimate::road_m(drop, home);
    (over - estimate::road_m(from, home)).max(0.0)
}

/// How much nearer to home a load brings the truck, in estimated metres; negative if it leads away.
pub fn nearer_home_m(home: Point, pickup: Point, drop: Point) -> f64 {
    estimate::road_m(pickup, home) - estimate::road_m(drop, home)
}

/// Where a point lies beside a route, if it is within a corridor.
pub fn in_corridor(line: &Polyline, p: Point, half_width_m: f64) -> Option<OnLine> {
    line.passes_within(p, half_width_m).then(|| line.nearest(p))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Point {
        Point::new(31.5, 120.0).unwrap()
    }

    /// 200 km east.
    fn line() -> Polyline {
        Polyline::great_circle(start(), start().towards(90.0, 200_000.0), 5_000.0)
    }

    fn beside(along_m: f64, north_m: f64) -> Point {
        line().at(along_m).towards(0.0, north_m)
    }

    #[test]
    fn a_load_on_the_way_costs_nothing_and_one_beside_it_costs_the_way_there_and_back() {
        let on = detour(&line(), beside(40_000.0, 0.0), beside(150_000.0, 0.0));
        assert!(on.extra_m < 50.0 && on.forward, "{on:?}");
        let off = detour(&line(), beside(40_000.0, 10_000.0), beside(150_000.0, 0.0));
        let there_and_back = 2.0 * 10_000.0 * estimate::CIRCUITY;
        assert!((off.extra_m - there_and_back).abs() < 200.0, "{off:?}");
        assert!((off.pickup_off_m - 10_000.0).abs() < 20.0);
    }

    #[test]
    fn a_load_against_the_way_costs_it_twice() {
        let back = detour(&line(), beside(150_000.0, 0.0), beside(40_000.0, 0.0));
        assert!(!back.forward && (back.extra_m - 220_000.0).abs() < 500.0, "{back:?}");
    }

    #[test]
    fn a_load_home_is_worth_more_than_one_away() {
        let (here, home) = (start(), start().towards(90.0, 300_000.0));
        let towards = detour_home_m(here, home, here, beside(190_000.0, 0.0));
        let away = detour_home_m(here, home, here, start().towards(270.0, 100_000.0));
        assert!(towards < 1_000.0 && away > 250_000.0);
        assert!(nearer_home_m(home, here, beside(100_000.0, 0.0)) > 0.0);
        assert!(nearer_home_m(home, here, start().towards(270.0, 1_000.0)) < 0.0);
    }

    #[test]
    fn a_corridor_holds_what_is_near() {
        assert!(in_corridor(&line(), beside(100_000.0, 4_900.0), 5_000.0).is_some());
        assert!(in_corridor(&line(), beside(100_000.0, 5_100.0), 5_000.0).is_none());
        assert!(in_corridor(&line(), Point::new(-30.0, 10.0).unwrap(), 5_000.0).is_none());
    }
}
