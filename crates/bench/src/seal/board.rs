//! A board of positions: a sealed column under a sweep key, and a plain array.

use std::{hint::black_box, time::Instant};

use sarai_seal::{
    AuditRow, Column, Personal, Record, Scope, Sealed, SubjectId, gatekeeper, purpose,
    zeroize::Zeroize,
};
use serde::{Deserialize, Serialize};

use super::{Settings, figure, median};

purpose! {
    pub Sweep = "sweep", en: "To measure a scan.", zh: "用于测量扫描耗时。";
}

#[derive(Clone, Copy, Serialize, Deserialize, Zeroize)]
struct Position {
    lat: f64,
    lon: f64,
}

#[derive(Personal, Record)]
#[record(kind = "bench_position", schema = 1)]
struct Place {
    #[subject]
    id: SubjectId,
    #[personal(class = Location, purposes(Sweep), keep = "record + 1d")]
    position: Sealed<Position, PlacePosition>,
}

fn position(i: usize) -> Position {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let step = |i: usize| i as f64 * 1e-3;
    Position { lat: 39.0 + step(i % 1_997), lon: 116.0 + step(i % 911) }
}

fn near(place: &Position) -> u64 {
    let (a, b) = (place.lat - 39.9, place.lon - 116.4);
    u64::from(a * a + b * b < 0.01)
}

pub fn run(settings: &Settings) {
    let grant = gatekeeper::mint::<Sweep>(Scope::Everyone, AuditRow(1));
    let key = grant.sweep::<PlacePosition>().expect("the purpose reads it");
    let plain: Vec<Position> = (0..settings.board).map(position).collect();
    let column: Column<Position, PlacePosition> =
        (0..settings.board).map(|i| Sealed::new(position(i))).collect();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let each = |started: Instant| started.elapsed().as_nanos() as f64 / settings.board as f64;
    for _ in 0..settings.turns {
        let started = Instant::now();
        let sealed: u64 = black_box(&column).read(&key).iter().map(near).sum();
        ours.push(each(started));
        let started = Instant::now();
        let bare: u64 = black_box(&plain).iter().map(near).sum();
        theirs.push(each(started));
        assert_eq!(black_box(sealed), black_box(bare));
    }
    let data =
        format!("{} synthetic positions, median of {} scans", settings.board, settings.turns);
    let both = (median(ours), median(theirs));
    figure("board scan, a record", "ns", both, "the same scan of a plain array", data);
}
