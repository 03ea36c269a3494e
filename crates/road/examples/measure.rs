//! Prints what import and routing cost: `cargo run [--release] -p sarai-road --example measure -- FILE.osm.pbf...`

use sarai_geo::{Point, Polyline};
use sarai_road::{Drawing, Map, Profile, Router, along, import};
use std::time::Instant;

const PAIRS: usize = 1_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let start = Instant::now();
        let map = import(std::fs::File::open(&path)?, |_| {})?;
        println!("{path}");
        println!(
            "  import {:?}: {} nodes, {} segments, {} bans",
            start.elapsed(),
            map.node_count(),
            map.segment_count(),
            map.restriction_count()
        );
        let start = Instant::now();
        let bytes = map.to_bytes()?;
        println!("  saved in {:?}: {} kB", start.elapsed(), bytes.len() / 1024);
        let start = Instant::now();
        Map::from_bytes(&bytes)?;
        println!("  loaded in {:?}", start.elapsed());
        let start = Instant::now();
        let drawn = map.geojson(Drawing::default()).len();
        println!("  drawn in {:?}: {} kB", start.elapsed(), drawn / 1024);
        for (name, profile) in [("car", Profile::Car), ("truck", Profile::default())] {
            queries(&map, name, profile);
        }
    }
    Ok(())
}

fn queries(map: &Map, name: &str, profile: Profile) {
    let points = spread(map);
    let start = Instant::now();
    let routes: Vec<_> = points.chunks_exact(2).map(|p| map.route(p[0], p[1], profile)).collect();
    let each = start.elapsed() / PAIRS as u32;
    let found: Vec<_> = routes.into_iter().flatten().collect();
    let km =
        found.iter().map(|r| r.distance_m).sum::<u64>() as f64 / 1000.0 / found.len().max(1) as f64;
    let lines = found.iter().filter_map(|r| Polyline::new(r.geometry.clone()));
    if let Some(line) = lines.max_by_key(|l| l.points().len()) {
        let start = Instant::now();
        let extra: f64 =
            points.chunks_exact(2).map(|p| along::detour(&line, p[0], p[1]).extra_m).sum();
        let each = start.elapsed() / PAIRS as u32;
        let (n, km) = (line.points().len(), extra / 1e3 / PAIRS as f64);
        println!("  {name}: detour of a load along a line of {n} points {each:?}; mean {km:.1} km");
    }
    println!(
        "  {name}: mean query {each:?} over {PAIRS} random pairs; {} joined, mean {km:.1} km",
        found.len()
    );
}

/// Pairs of points that lie within 2 km of a road, the same every time.
fn spread(map: &Map) -> Vec<Point> {
    let (min, max) = (map.bounds().min, map.bounds().max);
    let mut state = 1u64;
    let mut share = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1u32 << 31)
    };
    let mut points = Vec::new();
    while points.len() < PAIRS * 2 {
        let (a, b) = (share(), share());
        let p = Point::wrapped(
            min.lat() + (max.lat() - min.lat()) * a,
            min.lon() + (max.lon() - min.lon()) * b,
        );
        if map.snap(p, Profile::default()).is_some() {
            points.push(p);
        }
    }
    points
}
