//! `sarai map`: import road maps, ask for routes.

use std::{
    fs::File,
    io::{BufReader, IsTerminal},
    path::Path,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use sarai_geo::Point;
use sarai_road::{Basis, Profile, Truck};
use serde_json::json;

use crate::{
    cli::{self, Map},
    failure::Failure,
    house,
    site::Directory,
};

/// Runs the command.
pub fn run(command: Map) -> Result<(), Failure> {
    match command {
        Map::Import { file, name, site } => {
            let directory = Directory::open(&house::settings(&site)?.data)?;
            import(&directory, &file, name)
        }
        Map::Route { from, to, profile, json, site } => {
            let directory = Directory::open(&house::settings(&site)?.data)?;
            route(&directory, point(&from)?, point(&to)?, profile, json)
        }
        Map::List { site } => list(&Directory::open(&house::settings(&site)?.data)?),
    }
}

fn import(directory: &Directory, file: &Path, name: Option<String>) -> Result<(), Failure> {
    let name = match name {
        Some(name) => name,
        None => stem(file),
    };
    if name.is_empty()
        || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    {
        return Err(Failure::Usage("a map's name is made of letters, digits, - and _".to_owned()));
    }
    let source = File::open(file).map_err(Failure::io(file.display()))?;
    let bar = progress();
    let report = |done: sarai_road::Progress| {
        bar.set_length(done.bytes_total);
        bar.set_position(done.bytes_read);
    };
    let map = sarai_road::import(BufReader::new(source), report)
        .map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))?;
    bar.finish_and_clear();
    let to = house::maps(directory)?.join(format!("{name}.road"));
    map.save(&to).map_err(|error| Failure::Usage(format!("{}: {error}", to.display())))?;
    println!(
        "{name}: {} junctions, {} segments, {} turn restrictions",
        map.node_count(),
        map.segment_count(),
        map.restriction_count()
    );
    Ok(())
}

fn stem(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    name.split('.').next().unwrap_or_default().to_owned()
}

fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn point(text: &str) -> Result<Point, Failure> {
    text.split_once(',')
        .and_then(|(lat, lon)| Point::new(lat.trim().parse().ok()?, lon.trim().parse().ok()?).ok())
        .ok_or_else(|| Failure::Usage(format!("{text} is not LAT,LON")))
}

fn route(
    directory: &Directory,
    from: Point,
    to: Point,
    profile: cli::Profile,
    as_json: bool,
) -> Result<(), Failure> {
    let profile = match profile {
        cli::Profile::Car => Profile::Car,
        cli::Profile::Truck => Profile::Truck(Truck::default()),
    };
    let route = house::roads(directory)?.drive(from, to, profile);
    let (basis, factor) = match route.basis {
        Basis::Road => ("road", None),
        Basis::Estimated { factor } => ("estimated", Some(factor)),
    };
    if as_json {
        println!(
            "{}",
            json!({ "distance_m": route.distance_m, "duration_seconds": route.duration_seconds,
                    "basis": basis, "factor": factor, "geometry": route.geometry })
        );
        return Ok(());
    }
    let minutes = route.duration_seconds.div_ceil(60);
    println!(
        "{:.1} km, {} h {:02} min ({})",
        route.distance_m as f64 / 1_000.0,
        minutes / 60,
        minutes % 60,
        factor.map_or_else(
            || "by road".to_owned(),
            |factor| format!("estimated: great circle × {factor}")
        ),
    );
    for step in route.steps.iter().filter(|step| !step.name.is_empty()) {
        println!("  {:>8} m  {}", step.distance_m, step.name);
    }
    Ok(())
}

fn list(directory: &Directory) -> Result<(), Failure> {
    let roads = house::roads(directory)?;
    for (name, map) in roads.maps() {
        println!("{name}: {} junctions, {} segments", map.node_count(), map.segment_count());
    }
    if roads.maps().next().is_none() {
        println!("No map is imported: every distance is an estimate. See sarai map import --help.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_strictly() {
        assert!(point("47.14,9.52").is_ok());
        for bad in ["47.14", "91,0", "a,b", ""] {
            assert!(point(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_map_is_named_after_its_file() {
        assert_eq!(stem(Path::new("/x/liechtenstein.osm.pbf")), "liechtenstein");
    }
}
