//! Where open loads are: dense rows for the scan, and a grid of half a degree over the first stop's cell.

use std::collections::HashMap;

use sarai_geo::{Cell, Point};
use sarai_kernel::LoadId;

use super::listing::Listing;
use crate::words::{LENGTHS_MM, lengths_bits};

/// A point on the unit sphere: distances without trigonometry.
pub(super) type Unit = [f64; 3];

/// The unit vector of a point.
pub(super) fn unit(point: Point) -> Unit {
    let (lat, lon) = (point.lat().to_radians(), point.lon().to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

/// Great-circle metres between two unit vectors.
pub(super) fn metres(a: Unit, b: Unit) -> f64 {
    let square = chord2(a, b);
    2.0 * sarai_geo::point::EARTH_RADIUS_M * (square.sqrt() / 2.0).clamp(0.0, 1.0).asin()
}

/// Squared chord: grows with the distance, so it can be compared alone.
pub(super) fn chord2(a: Unit, b: Unit) -> f64 {
    let [x, y, z] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    x * x + y * y + z * z
}

/// The squared chord of so many metres.
pub(super) fn chord2_of(metres: f64) -> f64 {
    let half = (metres / (2.0 * sarai_geo::point::EARTH_RADIUS_M)).clamp(0.0, 1.5).sin();
    4.0 * half * half
}

/// What a search asks of every row, dense.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// Whether a load stands in this slot; the scan looks at rows alone, not at the loads behind them.
    pub live: bool,
    pub from: Unit,
    pub to: Unit,
    pub bodies: u32,
    pub modes: u32,
    pub length_min_mm: u32,
    pub mass_kg: i64,
    pub keep: i64,
    pub per_km: i64,
    pub pickup: (i64, i64),
    pub expires: i64,
    pub rating: Option<u64>,
    pub distance_m: i64,
}

type Tile = (i16, i16);

/// Degrees that one tile is wide and high.
const TILE_DEGREES: f64 = 0.5;

fn tile(point: Point) -> Tile {
    let step = |degrees: f64| (degrees / TILE_DEGREES).floor() as i16;
    (step(point.lat()), step(point.lon()))
}

/// All open loads.
#[derive(Debug, Default)]
pub struct Index {
    slots: Vec<Option<Listing>>,
    rows: Vec<Row>,
    by_id: HashMap<LoadId, u32>,
    free: Vec<u32>,
    tiles: HashMap<Tile, Vec<u32>>,
}

fn row(listing: &Listing) -> Option<Row> {
    let (first, last) = (listing.stops.first()?, listing.stops.last()?);
    let bodies = listing.bodies.iter().fold(0, |bits, body| bits | body.bit());
    let lengths = lengths_bits(&listing.lengths_mm);
    let shortest = LENGTHS_MM.iter().enumerate().find(|(n, _)| lengths & (1 << n) != 0);
    Some(Row {
        live: true,
        from: unit(first.cell.centre()),
        to: unit(last.cell.centre()),
        bodies,
        modes: listing.price_mode.bit(),
        length_min_mm: shortest.map_or(0, |(_, length)| *length),
        mass_kg: listing.cargo.mass_kg,
        keep: listing.terms.keep().amount_minor,
        per_km: listing.keep_per_km_minor(),
        pickup: (first.window.from.as_micros(), first.window.to.as_micros()),
        expires: listing.expires_at.map_or(i64::MAX, |at| at.as_micros()),
        rating: listing.poster.rating_hundredths,
        distance_m: listing.route.distance_m,
    })
}

impl Index {
    /// How many loads.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// One load.
    pub fn get(&self, id: LoadId) -> Option<&Listing> {
        self.listing(*self.by_id.get(&id)?)
    }

    pub(super) fn listing(&self, slot: u32) -> Option<&Listing> {
        self.slots.get(slot as usize)?.as_ref()
    }

    pub(super) fn row(&self, slot: u32) -> Option<&Row> {
        self.rows.get(slot as usize)
    }

    /// Puts a load in; an older version than the one held changes nothing.
    pub fn put(&mut self, listing: Listing) {
        if self.get(listing.id).is_some_and(|held| held.version > listing.version) {
            return;
        }
        self.remove(listing.id);
        let (Some(row), Some(first)) = (row(&listing), listing.stops.first()) else { return };
        let tile = tile(first.cell.centre());
        let id = listing.id;
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                self.slots.push(None);
                self.rows.push(row);
                u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
            }
        };
        if let (Some(place), Some(held)) =
            (self.slots.get_mut(slot as usize), self.rows.get_mut(slot as usize))
        {
            *place = Some(listing);
            *held = row;
            self.by_id.insert(id, slot);
            self.tiles.entry(tile).or_default().push(slot);
        }
    }

    /// Takes a load out.
    pub fn remove(&mut self, id: LoadId) {
        let Some(slot) = self.by_id.remove(&id) else { return };
        let Some(listing) = self.slots.get_mut(slot as usize).and_then(Option::take) else {
            return;
        };
        self.free.push(slot);
        if let Some(row) = self.rows.get_mut(slot as usize) {
            row.live = false;
        }
        if let Some(first) = listing.stops.first()
            && let Some(tile) = self.tiles.get_mut(&tile(first.cell.centre()))
        {
            tile.retain(|held| *held != slot);
        }
    }

    /// Every load with its row.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u32, &Row)> {
        (0u32..).zip(&self.rows).filter(|(_, row)| row.live)
    }

    /// Loads whose first stop may lie within `radius_m` of a cell: a few tiles, never fewer than are right.
    pub(super) fn near(&self, centre: Cell, radius_m: f64) -> impl Iterator<Item = (u32, &Row)> {
        let point = centre.centre();
        let box_of = sarai_geo::Bounds { min: point, max: point }.padded(radius_m * 1.01 + 10.0);
        let (low, high) = (tile(box_of.min), tile(box_of.max));
        // Across the date line or over a pole the box does not say enough: then every row is asked.
        let plain = low.0 <= high.0
            && low.1 <= high.1
            && box_of.contains(point)
            && radius_m < 2_000_000.0
            && point.lat().abs() < 80.0
            && point.lon().abs() + radius_m / 15_000.0 < 180.0;
        let some = plain.then(|| {
            (low.0..=high.0)
                .flat_map(move |lat| (low.1..=high.1).map(move |lon| (lat, lon)))
                .filter_map(|tile| self.tiles.get(&tile))
                .flatten()
                .filter_map(|slot| self.rows.get(*slot as usize).map(|row| (*slot, row)))
        });
        let all = (!plain).then(|| self.rows());
        some.into_iter().flatten().chain(all.into_iter().flatten())
    }
}
