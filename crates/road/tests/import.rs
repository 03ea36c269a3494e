//! From bytes to routes: what tags and restrictions mean on the road, and what hostile bytes do.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use proptest::prelude::*;
use sarai_geo::Point;
use sarai_road::{ImportError, Map, OsmError, Profile, Route, RouteError, Router, Truck, import};
use std::io::Cursor;
use support::Writer;

/// One step of the grid in micro-degrees: about 111 m.
const STEP: i64 = 1_000;
const CAR: Profile = Profile::Car;
const TRUCK: Profile =
    Profile::Truck(Truck { height_mm: 4_000, width_mm: 2_550, length_mm: 9_600, mass_kg: 18_000 });

fn at(row: i64, column: i64) -> Point {
    Point::from_micro((30_000_000 + row * STEP) as i32, (120_000_000 + column * STEP) as i32)
        .unwrap()
}

fn id(row: i64, column: i64) -> i64 {
    row * 100 + column + 1
}

/// Rows and columns of streets, each a way of its own: row r is way 1000 + r, column c is way 2000 + c.
/// Some may be left to the caller.
fn town(size: i64, own: &[i64]) -> Writer {
    let mut w = Writer::default();
    for row in 0..size {
        for column in 0..size {
            w.node(id(row, column), 30_000_000 + row * STEP, 120_000_000 + column * STEP, &[]);
        }
    }
    for line in 0..size {
        let street = [("highway", "residential"), ("name", "Street")];
        let row: Vec<i64> = (0..size).map(|c| id(line, c)).collect();
        let column: Vec<i64> = (0..size).map(|r| id(r, line)).collect();
        if !own.contains(&(1_000 + line)) {
            w.way(1_000 + line, &row, &street);
        }
        if !own.contains(&(2_000 + line)) {
            w.way(2_000 + line, &column, &street);
        }
    }
    w
}

fn read(w: &Writer) -> Map {
    import(Cursor::new(w.finish()), |_| {}).unwrap()
}

fn drive(map: &Map, from: Point, to: Point, profile: Profile) -> Route {
    map.route(from, to, profile).unwrap()
}

fn steps_driven(route: &Route) -> u64 {
    // Columns are shorter than rows by the cosine of 30 degrees; count whole steps.
    let metres: Vec<f64> = route.geometry.windows(2).map(|p| p[0].distance_m(p[1])).collect();
    (metres.iter().sum::<f64>() / 103.0).round() as u64
}

#[test]
fn a_grid_of_streets_is_driven_straight() {
    let map = read(&town(4, &[]));
    assert_eq!((map.node_count(), map.segment_count()), (16, 24));
    let route = drive(&map, at(0, 0), at(0, 3), CAR);
    assert_eq!(route.geometry, [at(0, 0), at(0, 1), at(0, 2), at(0, 3)]);
    assert!((route.distance_m as i64 - 289).abs() <= 2, "{}", route.distance_m);
    assert_eq!(route.steps.len(), 1);
    assert_eq!(route.steps[0].name, "Street");
    // 289 m at the 26 km/h of a residential street.
    assert_eq!(route.duration_seconds, 40);
}

#[test]
fn one_ways_are_driven_one_way() {
    for (oneway, straight) in [("yes", true), ("-1", false), ("no", true)] {
        let mut w = town(3, &[1_000]);
        w.way(
            1_000,
            &[id(0, 0), id(0, 1), id(0, 2)],
            &[("highway", "residential"), ("oneway", oneway)],
        );
        let map = read(&w);
        assert_eq!(steps_driven(&drive(&map, at(0, 0), at(0, 2), CAR)) == 2, straight, "{oneway}");
        assert_eq!(
            steps_driven(&drive(&map, at(0, 2), at(0, 0), CAR)) == 2,
            oneway != "yes",
            "{oneway}"
        );
    }
}

/// Streets that meet in the middle of a cross, and a ring around to come back.
fn cross(restriction: &[(&str, &str)], members: &[(&str, u64, i64)]) -> Map {
    let mut w = town(3, &[1_001, 2_001]);
    let street = [("highway", "residential")];
    w.way(1, &[id(1, 0), id(1, 1)], &street);
    w.way(2, &[id(1, 1), id(1, 2)], &street);
    w.way(3, &[id(0, 1), id(1, 1)], &street);
    w.way(4, &[id(1, 1), id(2, 1)], &street);
    let mut tags = vec![("type", "restriction")];
    tags.extend_from_slice(restriction);
    w.relation(9, members, &tags);
    read(&w)
}

#[test]
fn a_forbidden_turn_is_driven_around_and_an_only_turn_forbids_the_others() {
    let over = |from: i64, to: i64| [("from", 1, from), ("via", 0, id(1, 1)), ("to", 1, to)];
    let left = |map: &Map, profile| steps_driven(&drive(map, at(1, 0), at(2, 1), profile));
    let straight = |map: &Map| steps_driven(&drive(map, at(1, 0), at(1, 2), CAR));

    let free = cross(&[("restriction", "none")], &over(1, 4));
    assert_eq!((free.restriction_count(), left(&free, CAR), straight(&free)), (0, 2, 2));

    let no_left = cross(&[("restriction", "no_left_turn")], &over(1, 4));
    // From the west one may start north around the corner: as long, and allowed.
    assert_eq!(no_left.restriction_count(), 1);
    let route = drive(&no_left, at(1, 0), at(2, 1), CAR);
    assert!(!route.geometry.contains(&at(1, 1)), "{:?}", route.geometry);

    let only_straight = cross(&[("restriction", "only_straight_on")], &over(1, 2));
    assert_eq!(straight(&only_straight), 2);
    assert!(!drive(&only_straight, at(1, 0), at(2, 1), CAR).geometry.contains(&at(1, 1)));

    let not_for_trucks = cross(&[("restriction", "no_left_turn"), ("except", "hgv")], &over(1, 4));
    assert!(!drive(&not_for_trucks, at(1, 0), at(2, 1), CAR).geometry.contains(&at(1, 1)));
    let trucks_only = cross(&[("restriction:hgv", "no_left_turn")], &over(1, 4));
    assert_eq!(left(&trucks_only, CAR), 2);
    assert!(!drive(&trucks_only, at(1, 0), at(2, 1), TRUCK).geometry.contains(&at(1, 1)));
}

#[test]
fn a_restriction_over_a_way_holds_only_for_who_comes_from_there() {
    // From way 3 (south) over way 2 (middle to east) one may not go on to way 6 (east, north): a no-U-turn of sorts.
    let mut w = town(3, &[1_001, 2_001, 2_002]);
    let street = [("highway", "residential")];
    w.way(1, &[id(1, 0), id(1, 1)], &street).way(2, &[id(1, 1), id(1, 2)], &street);
    w.way(3, &[id(0, 1), id(1, 1)], &street).way(4, &[id(1, 1), id(2, 1)], &street);
    w.way(5, &[id(0, 2), id(1, 2)], &street).way(6, &[id(1, 2), id(2, 2)], &street);
    w.relation(
        9,
        &[("from", 1, 3), ("via", 1, 2), ("to", 1, 6)],
        &[("type", "restriction"), ("restriction", "no_left_turn")],
    );
    let map = read(&w);
    assert_eq!(map.restriction_count(), 1);
    let passes = |from: Point| {
        let route = drive(&map, from, at(2, 2), CAR);
        route.geometry.windows(3).any(|p| p == [at(1, 1), at(1, 2), at(2, 2)])
    };
    assert!(!passes(at(0, 1)), "coming over the from way");
    let from_west = drive(&map, at(1, 0), at(1, 2), CAR);
    assert_eq!(steps_driven(&from_west), 2);
}

#[test]
fn trucks_keep_off_what_they_may_not_pass_and_cars_do_not() {
    for (key, value) in [
        ("hgv", "no"),
        ("maxheight", "3.5"),
        ("maxweight", "7.5"),
        ("maxlength", "8"),
        ("maxwidth", "2.3"),
    ] {
        let mut w = town(3, &[1_000]);
        w.way(1_000, &[id(0, 0), id(0, 1), id(0, 2)], &[("highway", "residential"), (key, value)]);
        let map = read(&w);
        let length = |profile| steps_driven(&drive(&map, at(0, 0), at(0, 2), profile));
        assert_eq!(length(CAR), 2, "{key}");
        assert!(
            drive(&map, at(0, 0), at(0, 2), TRUCK).geometry.iter().all(|p| *p != at(0, 1)),
            "{key}"
        );
        let small = Profile::Truck(Truck {
            height_mm: 2_500,
            width_mm: 2_000,
            length_mm: 5_000,
            mass_kg: 3_500,
        });
        assert_eq!(length(small) == 2, key != "hgv", "{key}");
    }
}

#[test]
fn a_bollard_stops_and_a_gate_does_not() {
    for (barrier, open) in [("bollard", false), ("gate", true)] {
        let mut w = town(3, &[1_000]);
        w.node(50, 30_000_000, 120_000_000 + STEP / 2, &[("barrier", barrier)]);
        w.way(1_000, &[id(0, 0), 50, id(0, 1), id(0, 2)], &[("highway", "residential")]);
        let map = read(&w);
        assert_eq!(steps_driven(&drive(&map, at(0, 0), at(0, 1), CAR)) == 1, open, "{barrier}");
    }
}

#[test]
fn off_the_roads_there_is_no_route() {
    let map = read(&town(3, &[]));
    let far = Point::new(31.0, 121.0).unwrap();
    assert_eq!(map.route(far, at(0, 0), CAR), Err(RouteError::StartOffRoad));
    assert_eq!(map.route(at(0, 0), far, CAR), Err(RouteError::EndOffRoad));
    assert_eq!(map.snap(far, CAR), None);
}

#[test]
fn roads_cut_off_at_the_edge_of_an_extract_are_kept_as_far_as_they_go() {
    let mut w = town(3, &[]);
    w.way(3_000, &[id(0, 0), 9_999, id(2, 2), id(1, 1)], &[("highway", "primary")]);
    // Node 9999 is not in the file: two pieces remain, of which one has a single node.
    assert_eq!(read(&w).segment_count(), 12 + 1);
}

#[test]
fn a_file_without_roads_says_so() {
    assert!(matches!(
        import(Cursor::new(Writer::default().finish()), |_| {}),
        Err(ImportError::NoRoads)
    ));
    assert!(matches!(import(Cursor::new(Vec::new()), |_| {}), Err(ImportError::NoRoads)));
}

#[test]
fn lengths_that_lie_are_refused_before_memory_is_taken() {
    let huge_header = 0x7fff_ffffu32.to_be_bytes().to_vec();
    let huge_blob = {
        let header =
            [support::bytes(1, b"OSMData"), vec![3 << 3], support::varint(u64::MAX)].concat();
        [(header.len() as u32).to_be_bytes().to_vec(), header].concat()
    };
    let bomb = {
        // States 10 bytes, unpacks to 16 MB.
        let mut frame = support::frame("OSMData", &vec![0u8; 16 << 20]);
        let stated = support::varint(16 << 20);
        let place = frame.windows(stated.len()).position(|w| w == stated).unwrap();
        frame[place..place + stated.len()]
            .copy_from_slice(&[0x8a, 0x80, 0x80, 0x00][..stated.len()]);
        frame
    };
    for file in [huge_header, huge_blob, bomb] {
        assert!(matches!(import(Cursor::new(file), |_| {}), Err(ImportError::Osm(_))));
    }
}

#[test]
fn a_small_file_that_unpacks_to_a_huge_graph_is_refused() {
    let mut many = town(2, &[]);
    let refs: Vec<i64> = (0..90_000).map(|i| i % 2).collect();
    for way in 0..60 {
        many.way(10_000 + way, &refs, &[("highway", "primary")]);
    }
    let mut long = Writer::default();
    long.node(1, 0, 0, &[]).node(2, 800_000, 0, &[]);
    for way in 0..8 {
        let back_and_forth: Vec<i64> = (0..2_000).map(|i| 1 + i % 2).collect();
        long.way(way, &back_and_forth, &[("highway", "primary")]);
    }
    for file in [many.finish(), long.finish()] {
        assert!(file.len() < 200_000, "{}", file.len());
        let refused = import(Cursor::new(file), |_| {});
        assert!(
            matches!(refused, Err(ImportError::Osm(OsmError::TooLarge(_)))),
            "{:?}",
            refused.err()
        );
    }
}

fn small_file() -> Vec<u8> {
    let mut w = town(3, &[]);
    w.relation(
        9,
        &[("from", 1, 1_000), ("via", 0, id(0, 0)), ("to", 1, 2_000)],
        &[("type", "restriction"), ("restriction", "no_left_turn")],
    );
    w.finish()
}

/// An uncompressed file, so that flipped bits reach the elements and not only the inflater.
fn raw_file() -> Vec<u8> {
    let mut w = town(3, &[]);
    w.relation(
        9,
        &[("from", 1, 1_000), ("via", 0, id(0, 0)), ("to", 1, 2_000)],
        &[("type", "restriction"), ("restriction", "only_left_turn")],
    );
    w.finish_raw()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn cut_files_end_in_an_answer(cut in any::<prop::sample::Index>()) {
        for file in [small_file(), raw_file()] {
            let end = cut.index(file.len());
            let _ = import(Cursor::new(&file[..end]), |_| {});
        }
    }

    #[test]
    fn flipped_bits_end_in_an_answer(flips in prop::collection::vec((any::<prop::sample::Index>(), 0..8u8), 1..6)) {
        for mut file in [small_file(), raw_file()] {
            for (at, bit) in &flips {
                let at = at.index(file.len());
                file[at] ^= 1 << bit;
            }
            if let Ok(map) = import(Cursor::new(file), |_| {}) {
                // Whatever was understood can be routed on.
                let _ = map.route(at(0, 0), at(2, 2), TRUCK);
            }
        }
    }

    #[test]
    fn noise_ends_in_an_answer(noise in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = import(Cursor::new(support::frame("OSMData", &noise)), |_| {});
        let _ = import(Cursor::new(noise), |_| {});
    }
}
