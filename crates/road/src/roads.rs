//! Several maps as one router, with an estimate where no map helps.

use crate::file::MapFileError;
use crate::map::Map;
use crate::profile::Profile;
use crate::route::{Route, RouteError, Router, Snapped, Step};
use crate::search::Found;
use crate::snap::{OnRoad, SNAP_MAX_M};
use sarai_geo::{Basis, Point, Polyline, estimate};
use std::path::Path;

/// Points of an estimated line are at most this far apart.
const ESTIMATE_STEP_M: f64 = 50_000.0;
/// Ending of a saved map.
pub(crate) const EXTENSION: &str = "road";

impl Router for Map {
    fn snap(&self, point: Point, profile: Profile) -> Option<Snapped> {
        let on = self.on_road(point, profile, SNAP_MAX_M)?;
        Some(Snapped { point: on.point, off_m: on.off_m })
    }

    fn route(&self, from: Point, to: Point, profile: Profile) -> Result<Route, RouteError> {
        let start = self.on_road(from, profile, SNAP_MAX_M).ok_or(RouteError::StartOffRoad)?;
        let end = self.on_road(to, profile, SNAP_MAX_M).ok_or(RouteError::EndOffRoad)?;
        let found = self.fastest(start, end, profile).ok_or(RouteError::NoWay)?;
        Ok(self.describe(&found, start, end, profile))
    }
}

/// A stretch of a route while it is put together: the name's number, centimetres, milliseconds.
type Stretch = (u32, u64, u64);

impl Map {
    fn describe(&self, found: &Found, start: OnRoad, end: OnRoad, profile: Profile) -> Route {
        let mut geometry = vec![start.point];
        let mut stretches: Vec<Stretch> = Vec::new();
        let last = found.arcs.len() - 1;
        for (i, arc) in found.arcs.iter().enumerate() {
            let length = self.segment(*arc).length_cm;
            let along = |at_cm: u32| if arc & 1 == 0 { at_cm } else { length - at_cm };
            let from_cm = if i == 0 { along(start.at_cm) } else { 0 };
            let to_cm = if i == last { along(end.at_cm) } else { length };
            self.draw(*arc, from_cm, to_cm, &mut geometry);
            let cm = to_cm.saturating_sub(from_cm);
            let millis = self.millis(*arc, cm, profile).unwrap_or(0);
            let name = self.segment(*arc).name;
            match stretches.last_mut() {
                Some(s) if s.0 == name => {
                    (s.1, s.2) = (s.1 + u64::from(cm), s.2 + u64::from(millis))
                }
                _ => stretches.push((name, u64::from(cm), u64::from(millis))),
            }
        }
        geometry.push(end.point);
        geometry.dedup();
        let cm: u64 = stretches.iter().map(|s| s.1).sum();
        Route {
            distance_m: (cm + 50) / 100,
            duration_seconds: (u64::from(found.millis) + 500) / 1000,
            basis: Basis::Road,
            geometry,
            steps: stretches.into_iter().map(|s| self.step(s)).collect(),
        }
    }

    fn step(&self, (name, cm, millis): Stretch) -> Step {
        let name = self.core.names.get(name as usize).cloned().unwrap_or_default();
        Step { name, distance_m: (cm + 50) / 100, duration_seconds: (millis + 500) / 1000 }
    }

    /// Adds the inner points of an arc that lie between two distances from its start.
    fn draw(&self, arc: u32, from_cm: u32, to_cm: u32, line: &mut Vec<Point>) {
        let shape = self.shape(arc >> 1);
        let forward = arc & 1 == 0;
        let at = |i: usize| if forward { shape[i] } else { shape[shape.len() - 1 - i] };
        let (mut along, mut last) = (0.0, at(0));
        for i in 0..shape.len() {
            along += last.distance_m(at(i)) * 100.0;
            last = at(i);
            if along > f64::from(from_cm) && along < f64::from(to_cm) {
                line.push(last);
            }
        }
    }
}

/// The imported maps. Between points that one map joins, routes are driven; all others are estimated.
#[derive(Default)]
pub struct Roads {
    maps: Vec<(String, Map)>,
}

impl Roads {
    /// No map: everything is estimated.
    pub fn new() -> Self {
        Self::default()
    }

    /// All `.road` files of a folder, in the order of their names; files that cannot be read are given back
    /// with the reason. A folder that is not there holds no maps.
    pub fn open(folder: &Path) -> (Self, Vec<(String, MapFileError)>) {
        let (mut roads, mut failed) = (Self::new(), Vec::new());
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut files: Vec<_> = entries
            .map(|e| e.path())
            .filter(|p| p.extension().is_some_and(|e| e == EXTENSION))
            .collect();
        files.sort();
        for file in files {
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            match Map::load(&file) {
                Ok(map) => roads.add(&name, map),
                Err(e) => failed.push((name, e)),
            }
        }
        (roads, failed)
    }

    /// Adds a map under a name; one of that name is replaced.
    pub fn add(&mut self, name: &str, map: Map) {
        self.maps.retain(|(n, _)| n != name);
        self.maps.push((name.to_owned(), map));
    }

    /// The maps with their names.
    pub fn maps(&self) -> impl Iterator<Item = (&str, &Map)> {
        self.maps.iter().map(|(name, map)| (name.as_str(), map))
    }

    /// A map by its name.
    pub fn map(&self, name: &str) -> Option<&Map> {
        self.maps().find(|(n, _)| *n == name).map(|(_, map)| map)
    }

    /// The fastest route, estimated where no map joins the two points. It always gives one.
    pub fn drive(&self, from: Point, to: Point, profile: Profile) -> Route {
        let near = |map: &Map| {
            let bounds = map.bounds().padded(SNAP_MAX_M);
            bounds.contains(from) && bounds.contains(to)
        };
        let mapped = self.maps.iter().filter(|(_, map)| near(map));
        let driven = mapped.filter_map(|(_, map)| map.route(from, to, profile).ok()).next();
        driven.unwrap_or_else(|| estimated(from, to))
    }
}

impl Router for Roads {
    fn snap(&self, point: Point, profile: Profile) -> Option<Snapped> {
        let found = self.maps.iter().filter_map(|(_, map)| map.snap(point, profile));
        found.min_by(|a, b| a.off_m.total_cmp(&b.off_m))
    }

    fn route(&self, from: Point, to: Point, profile: Profile) -> Result<Route, RouteError> {
        Ok(self.drive(from, to, profile))
    }
}

fn estimated(from: Point, to: Point) -> Route {
    let drive = estimate::drive(from, to);
    Route {
        distance_m: drive.distance_m,
        duration_seconds: drive.duration_seconds,
        basis: drive.basis,
        geometry: Polyline::great_circle(from, to, ESTIMATE_STEP_M).points().to_vec(),
        steps: Vec::new(),
    }
}
