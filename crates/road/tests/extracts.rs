//! Real extracts: they import, their routes are sound, and they survive a file.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use sarai_geo::{Basis, Point, estimate};
use sarai_road::{Class, Drawing, Map, Profile, Roads, RouteError, Router, import};
use std::fs::File;
use std::path::PathBuf;

fn extract(name: &str) -> Map {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    import(File::open(path).unwrap(), |_| {}).unwrap()
}

/// Points near roads, spread over a map, the same every time.
fn spread(map: &Map, n: u64) -> Vec<Point> {
    let (min, max) = (map.bounds().min, map.bounds().max);
    let mut state = 20_261_123u64;
    let mut share = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1u32 << 31)
    };
    let point = || {
        let (a, b) = (share(), share());
        Point::new(min.lat() + (max.lat() - min.lat()) * a, min.lon() + (max.lon() - min.lon()) * b)
            .unwrap()
    };
    std::iter::repeat_with(point)
        .filter(|p| map.snap(*p, Profile::Car).is_some())
        .take(n as usize)
        .collect()
}

fn routes_are_sound(map: &Map, profile: Profile) {
    let points = spread(map, 120);
    let mut driven = 0;
    for pair in points.windows(2) {
        let route = match map.route(pair[0], pair[1], profile) {
            Ok(route) => route,
            Err(RouteError::NoWay | RouteError::StartOffRoad | RouteError::EndOffRoad) => continue,
        };
        driven += 1;
        let (from, to) = (route.geometry[0], *route.geometry.last().unwrap());
        let drawn: f64 = route.geometry.windows(2).map(|p| p[0].distance_m(p[1])).sum();
        assert!(
            (drawn - route.distance_m as f64).abs() < 5.0 + drawn * 0.005,
            "{drawn} {}",
            route.distance_m
        );
        assert!(route.distance_m as f64 >= from.distance_m(to) - 5.0);
        let kmh = route.distance_m as f64 / route.duration_seconds.max(1) as f64 * 3.6;
        assert!(route.distance_m < 500 || (3.0..130.0).contains(&kmh), "{kmh}");
        let steps: u64 = route.steps.iter().map(|s| s.distance_m).sum();
        assert!(steps.abs_diff(route.distance_m) <= route.steps.len() as u64 + 1);
        assert_eq!(route.basis, Basis::Road);
        assert_eq!(from, map.snap(pair[0], profile).unwrap().point);
    }
    assert!(driven > 50, "only {driven} of 119 pairs were joined");
}

#[test]
fn helsinki_is_read_with_its_restrictions_and_driven() {
    let map = extract("helsinki.osm.pbf");
    assert!(map.restriction_count() > 50, "{}", map.restriction_count());
    routes_are_sound(&map, Profile::Car);
    routes_are_sound(&map, Profile::default());
    // Senate Square to the railway station: some 700 m apart, both on the peninsula.
    let (a, b) = (Point::new(60.1695, 24.9525).unwrap(), Point::new(60.1719, 24.9414).unwrap());
    let route = map.route(a, b, Profile::Car).unwrap();
    assert!((600..3_000).contains(&route.distance_m), "{}", route.distance_m);
    assert!(route.steps.iter().any(|s| !s.name.is_empty()));
}

#[test]
fn jinan_is_read_and_the_estimate_is_of_the_right_size() {
    let map = extract("jinan.osm.pbf");
    routes_are_sound(&map, Profile::default());
    let points = spread(&map, 200);
    let (mut driven, mut guessed) = (0.0, 0.0);
    for pair in points.windows(2) {
        if let Ok(route) = map.route(pair[0], pair[1], Profile::default()) {
            driven += route.distance_m as f64;
            guessed += estimate::road_m(route.geometry[0], *route.geometry.last().unwrap());
        }
    }
    let ratio = guessed / driven;
    println!("jinan: estimated over driven distance {ratio:.3}");
    assert!((0.85..1.25).contains(&ratio), "{ratio}");
}

#[test]
fn a_map_survives_its_file_and_roads_fall_back_to_an_estimate() {
    let map = extract("jinan.osm.pbf");
    let folder = std::env::temp_dir().join(format!("sarai-road-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    map.save(&folder.join("jinan.road")).unwrap();
    std::fs::write(folder.join("broken.road"), b"SARAIMAPxxxx").unwrap();
    let (roads, failed) = Roads::open(&folder);
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(failed.iter().map(|f| f.0.as_str()).collect::<Vec<_>>(), ["broken"]);
    assert_eq!(roads.maps().map(|m| m.0).collect::<Vec<_>>(), ["jinan"]);

    let middle = map.bounds().centre();
    let near = middle.towards(45.0, 4_000.0);
    let profile = Profile::default();
    assert_eq!(roads.drive(middle, near, profile), map.route(middle, near, profile).unwrap());
    let shanghai = Point::new(31.22222, 121.45806).unwrap();
    let far = roads.drive(middle, shanghai, profile);
    assert_eq!(far.basis, Basis::Estimated { factor: estimate::CIRCUITY });
    assert_eq!((far.geometry[0], *far.geometry.last().unwrap()), (middle, shanghai));
    let (whole, legs) = roads.through(&[middle, near, shanghai], profile).unwrap();
    assert_eq!((legs.len(), legs[0].basis), (2, Basis::Road));
    assert!(matches!(whole.basis, Basis::Estimated { .. }));
    assert_eq!(whole.distance_m, legs.iter().map(|l| l.distance_m).sum::<u64>());
}

#[test]
fn the_drawing_is_geojson_within_its_bound() {
    let map = extract("jinan.osm.pbf");
    let parse = |d: Drawing| serde_json::from_str::<serde_json::Value>(&map.geojson(d)).unwrap();
    let whole = parse(Drawing::default());
    let features = whole["features"].as_array().unwrap();
    assert!(features.iter().any(|f| f["properties"]["class"] == "primary"));
    let points = |v: &serde_json::Value| -> usize {
        let lines =
            |f: &serde_json::Value| f["geometry"]["coordinates"].as_array().unwrap().clone();
        v["features"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(lines)
            .map(|l| l.as_array().unwrap().len())
            .sum()
    };
    let few = Drawing { points_max: 500, class_max: Class::Secondary, ..Drawing::default() };
    let bounded = points(&parse(few));
    assert!(bounded <= 500 && bounded > 300, "{bounded}");
    assert!(points(&whole) > bounded);
}
