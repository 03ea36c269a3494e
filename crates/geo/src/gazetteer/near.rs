//! Nearest place: a k-d tree over points on the unit sphere, so that poles and the 180th meridian are no edge.

use crate::Point;

pub struct Tree {
    /// A balanced tree laid out in order: the middle of a slice is its root.
    nodes: Vec<Node>,
}

struct Node {
    at: [f64; 3],
    record: u32,
}

fn on_sphere(p: Point) -> [f64; 3] {
    let (lat, lon) = (p.lat().to_radians(), p.lon().to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

fn square(a: [f64; 3], b: [f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

impl Tree {
    pub fn of(points: impl Iterator<Item = Point>) -> Self {
        let mut nodes: Vec<Node> =
            points.enumerate().map(|(i, p)| Node { at: on_sphere(p), record: i as u32 }).collect();
        arrange(&mut nodes, 0);
        Self { nodes }
    }

    /// The nearest record that is wanted; 0 where none is.
    pub fn nearest(&self, p: Point, wanted: impl Fn(usize) -> bool) -> usize {
        let mut best = (f64::INFINITY, 0);
        descend(&self.nodes, 0, on_sphere(p), &wanted, &mut best);
        best.1
    }
}

fn arrange(nodes: &mut [Node], axis: usize) {
    if nodes.len() < 2 {
        return;
    }
    let middle = nodes.len() / 2;
    nodes.select_nth_unstable_by(middle, |a, b| a.at[axis].total_cmp(&b.at[axis]));
    let (low, high) = nodes.split_at_mut(middle);
    arrange(low, (axis + 1) % 3);
    arrange(&mut high[1..], (axis + 1) % 3);
}

fn descend(
    nodes: &[Node],
    axis: usize,
    p: [f64; 3],
    wanted: &dyn Fn(usize) -> bool,
    best: &mut (f64, usize),
) {
    let middle = nodes.len() / 2;
    let Some(root) = nodes.get(middle) else {
        return;
    };
    let far = square(root.at, p);
    if far < best.0 && wanted(root.record as usize) {
        *best = (far, root.record as usize);
    }
    let side = p[axis] - root.at[axis];
    let (low, high) = (&nodes[..middle], &nodes[middle + 1..]);
    let (first, second) = if side < 0.0 { (low, high) } else { (high, low) };
    descend(first, (axis + 1) % 3, p, wanted, best);
    if side * side < best.0 {
        descend(second, (axis + 1) % 3, p, wanted, best);
    }
}
