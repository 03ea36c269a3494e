//! The roads as GeoJSON for the page's map: few, large, simplified, bounded.

use crate::map::{CLASSES, Class, Map};
use sarai_geo::{Point, Polyline};
use std::fmt::Write;

/// What to draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawing {
    /// The smallest class drawn.
    pub class_max: Class,
    /// How far a drawn line may be off the true one, in metres.
    pub tolerance_m: f64,
    /// No more points than this; small classes are left out first.
    pub points_max: usize,
}

impl Default for Drawing {
    /// Down to tertiary roads, 20 m, about 1 MB of text.
    fn default() -> Self {
        Self { class_max: Class::Tertiary, tolerance_m: 20.0, points_max: 50_000 }
    }
}

impl Map {
    /// A GeoJSON feature collection with one `MultiLineString` for each class, the largest first; each has the
    /// property `class`. Attribution is the caller's: OpenStreetMap's licence asks for it.
    pub fn geojson(&self, drawing: Drawing) -> String {
        let mut out = String::from(r#"{"type":"FeatureCollection","features":["#);
        let mut left = drawing.points_max;
        let mut first = true;
        for class in drawn_classes(drawing.class_max) {
            let lines = self.lines_of(class, drawing.tolerance_m, &mut left);
            if !lines.is_empty() {
                out.push_str(if first { "" } else { "," });
                write_feature(&mut out, class, &lines);
                first = false;
            }
        }
        out.push_str("]}");
        out
    }

    /// Lines of one class, as many as there are points left for. Segments that follow one another are joined.
    fn lines_of(&self, class: Class, tolerance_m: f64, left: &mut usize) -> Vec<Vec<Point>> {
        let mut lines: Vec<Vec<Point>> = Vec::new();
        let mut end = None;
        for (i, s) in self.core.segments.iter().enumerate().filter(|(_, s)| s.class == class) {
            let shape = self.shape(i as u32);
            match lines.last_mut() {
                Some(line) if end == Some(s.from) => line.extend(&shape[1..]),
                _ => lines.push(shape.to_vec()),
            }
            end = Some(s.to);
        }
        lines.retain_mut(|line| {
            if let Some(few) = Polyline::new(std::mem::take(line)) {
                *line = few.simplified(tolerance_m).points().to_vec();
            }
            let fits = line.len() <= *left;
            *left -= if fits { line.len() } else { 0 };
            fits
        });
        lines
    }
}

/// Through roads by rank, each with its links.
fn drawn_classes(max: Class) -> impl Iterator<Item = Class> {
    CLASSES.into_iter().filter(move |c| *c <= max || link_of(*c).is_some_and(|road| road <= max))
}

fn link_of(class: Class) -> Option<Class> {
    Some(match class {
        Class::MotorwayLink => Class::Motorway,
        Class::TrunkLink => Class::Trunk,
        Class::PrimaryLink => Class::Primary,
        Class::SecondaryLink => Class::Secondary,
        Class::TertiaryLink => Class::Tertiary,
        _ => return None,
    })
}

fn name_of(class: Class) -> &'static str {
    match link_of(class).unwrap_or(class) {
        Class::Motorway => "motorway",
        Class::Trunk => "trunk",
        Class::Primary => "primary",
        Class::Secondary => "secondary",
        Class::Tertiary => "tertiary",
        _ => "minor",
    }
}

fn write_feature(out: &mut String, class: Class, lines: &[Vec<Point>]) {
    let link = link_of(class).is_some();
    let name = name_of(class);
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        r#"{{"type":"Feature","properties":{{"class":"{name}","link":{link}}},"geometry":{{"type":"MultiLineString","coordinates":["#
    );
    for (i, line) in lines.iter().enumerate() {
        out.push_str(if i == 0 { "[" } else { ",[" });
        for (k, p) in line.iter().enumerate() {
            let comma = if k == 0 { "" } else { "," };
            let _ = write!(out, "{comma}[{:.5},{:.5}]", p.lon(), p.lat());
        }
        out.push(']');
    }
    out.push_str("]}}");
}
