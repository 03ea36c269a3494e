//! What the seal costs: one JSON line a figure, ours beside the same work on plain data.
//!
//! `cargo run --release -p sarai-seal --example cost`. Medians of many runs in one process, the
//! two sides taking turns.

use sarai_seal::{
    AuditRow, Column, Disclose, Grant, Personal, Record, Scope, Sealed, SubjectId, gatekeeper,
    purpose,
    rest::{Keyring, MemoryMaster, Place, RestError},
    zeroize::Zeroize,
};
use serde::{Deserialize, Serialize};
use std::{error::Error, hint::black_box, sync::Arc, time::Instant};
use uuid::Uuid;

const BOARD: usize = 1_000_000;
const PAGE: usize = 100;
const RUNS: usize = 51;

purpose! {
    pub Dispatch = "dispatch", en: "To arrange your trip.", zh: "为安排您的行程。";
}

#[derive(Clone, Copy, Serialize, Deserialize, Zeroize)]
struct Position {
    lat: f64,
    lon: f64,
}

#[derive(Personal, Record)]
#[record(kind = "driver", schema = 1)]
struct Driver {
    #[subject]
    id: SubjectId,
    #[personal(class = Contact, purposes(Dispatch), keep = "trip + 30d")]
    phone: Sealed<String, DriverPhone>,
    #[personal(class = Location, purposes(Dispatch), keep = "trip + 7d")]
    position: Sealed<Position, DriverPosition>,
}

#[derive(Disclose)]
struct Card<'a> {
    #[subject]
    id: SubjectId,
    phone: &'a Sealed<String, DriverPhone>,
    position: &'a Sealed<Position, DriverPosition>,
}

#[derive(Serialize)]
struct PlainCard {
    id: SubjectId,
    phone: String,
    position: Position,
}

fn main() -> Result<(), Box<dyn Error>> {
    let grant = gatekeeper::mint::<Dispatch>(Scope::Everyone, AuditRow(1));
    board(&grant)?;
    request(&grant)?;
    at_rest()?;
    Ok(())
}

fn position(i: usize) -> Position {
    Position { lat: 39.0 + (i % 1997) as f64 * 1e-3, lon: 116.0 + (i % 911) as f64 * 1e-3 }
}

fn subject(i: usize) -> SubjectId {
    SubjectId::from_uuid(Uuid::from_u128(i as u128))
}

fn driver(i: usize) -> Driver {
    let phone = Sealed::new(format!("+1555{i:07}"));
    Driver { id: subject(i), phone, position: Sealed::new(position(i)) }
}

fn near(p: &Position) -> u64 {
    let (a, b) = (p.lat - 39.9, p.lon - 116.4);
    u64::from(a * a + b * b < 0.01)
}

/// A scan of a board of a million positions: plain, by sweep key, by one opening for each.
fn board(grant: &Grant<Dispatch>) -> Result<(), Box<dyn Error>> {
    let plain: Vec<Position> = (0..BOARD).map(position).collect();
    let sealed: Vec<Sealed<Position, DriverPosition>> =
        (0..BOARD).map(|i| Sealed::new(position(i))).collect();
    let drivers: Vec<Driver> = (0..BOARD).map(driver).collect();
    let column: Column<Position, DriverPosition> =
        (0..BOARD).map(|i| Sealed::new(position(i))).collect();
    let key = grant.sweep::<DriverPosition>()?;
    let figures = turns(
        &mut [
            &mut || black_box(&plain).iter().map(near).sum(),
            &mut || black_box(&sealed).iter().filter_map(|s| s.read(&key)).map(|p| near(&p)).sum(),
            &mut || black_box(&column).read(&key).iter().map(near).sum(),
            &mut || {
                let open = |d| grant.open::<DriverPosition>(d).map_or(0, |p| near(&p));
                black_box(&drivers).iter().map(open).sum()
            },
        ],
        BOARD,
    );
    let [plain, swept, column, opened] = figures[..] else { return Ok(()) };
    print("board_sweep", "ns/record", swept, "plain array", plain);
    print("board_sweep_column", "ns/record", column, "plain array", plain);
    print("board_open_each", "ns/record", opened, "plain array", plain);
    Ok(())
}

/// A page of a hundred cards to JSON: disclosed, and serialised from plain structs.
fn request(grant: &Grant<Dispatch>) -> Result<(), Box<dyn Error>> {
    let drivers: Vec<Driver> = (0..PAGE).map(driver).collect();
    let plain: Vec<PlainCard> = (0..PAGE)
        .map(|i| PlainCard { id: subject(i), phone: format!("+1555{i:07}"), position: position(i) })
        .collect();
    fn card(d: &Driver) -> Card<'_> {
        Card { id: d.id, phone: &d.phone, position: &d.position }
    }
    let figures = turns(
        &mut [
            &mut || serde_json::to_vec(black_box(&plain)).map_or(0, |j| j.len() as u64),
            &mut || {
                let page: Vec<Card<'_>> = black_box(&drivers).iter().map(card).collect();
                let page = grant.disclose(page).ok();
                page.and_then(|p| serde_json::to_vec(&p).ok()).map_or(0, |j| j.len() as u64)
            },
        ],
        PAGE,
    );
    let [plain, disclosed] = figures[..] else { return Ok(()) };
    print("disclose_page", "ns/card", disclosed, "serde of plain structs", plain);
    Ok(())
}

/// A telephone number to the disk and back: encrypted, and copied.
fn at_rest() -> Result<(), Box<dyn Error>> {
    const PERSONS: usize = 1_000;
    let keys = Keyring::new(Arc::new(MemoryMaster::random()?));
    let mut stored = Vec::new();
    for i in 0..PERSONS {
        let (person, wrapped) = keys.issue(subject(i))?;
        let bytes = sarai_seal::SealedBytes::text(&format!("+1555{i:07}")).ok_or("no bytes")?;
        let envelope = person.seal(&place(&i.to_be_bytes()), &bytes)?;
        stored.push((i, wrapped, bytes, envelope));
    }
    let fresh = || {
        stored.iter().map(|(i, wrapped, _, envelope)| {
            let person = keys.person(subject(*i), wrapped)?;
            person.open(&place(&i.to_be_bytes()), envelope).map(|_| 1)
        })
    };
    let index = keys.blind_index("driver.phone")?;
    let figures = turns(
        &mut [
            &mut || {
                black_box(&stored)
                    .iter()
                    .map(|(.., bytes, _)| u64::from(bytes.clone().same(bytes)))
                    .sum()
            },
            &mut || fresh().sum::<Result<u64, RestError>>().unwrap_or(0),
            &mut || {
                let seal = |(i, wrapped, bytes, _): &(usize, _, _, Vec<u8>)| {
                    let person = keys.person(subject(*i), wrapped)?;
                    person.seal(&place(&i.to_be_bytes()), bytes).map(|_| 1)
                };
                stored.iter().map(seal).sum::<Result<u64, RestError>>().unwrap_or(0)
            },
            &mut || {
                stored
                    .iter()
                    .map(|(.., bytes, _)| u64::from(index.token(bytes).as_bytes()[0] > 0))
                    .sum()
            },
            &mut || {
                let unwrap = |(i, wrapped, ..): &(usize, _, _, Vec<u8>)| {
                    keys.master().unwrap(subject(*i), wrapped).map(|_| 1)
                };
                stored.iter().map(unwrap).sum::<Result<u64, RestError>>().unwrap_or(0)
            },
        ],
        PERSONS,
    );
    let [copied, opened, sealed, indexed, unwrapped] = figures[..] else { return Ok(()) };
    print("rest_open", "ns/value", opened, "copy", copied);
    print("rest_seal", "ns/value", sealed, "copy", copied);
    print("blind_token", "ns/value", indexed, "copy", copied);
    print("unwrap_person_key", "ns/key", unwrapped, "copy", copied);
    Ok(())
}

fn place(record: &[u8]) -> Place<'_> {
    Place { kind: Driver::KIND, record, field: "driver.phone", schema: Driver::SCHEMA }
}

/// Median nanoseconds an item of each piece of work, all taking turns.
fn turns(work: &mut [&mut dyn FnMut() -> u64], items: usize) -> Vec<f64> {
    let mut times = vec![Vec::new(); work.len()];
    for _ in 0..RUNS {
        for (work, times) in work.iter_mut().zip(&mut times) {
            let start = Instant::now();
            black_box(work());
            times.push(start.elapsed().as_nanos() as f64 / items as f64);
        }
    }
    times.iter_mut().for_each(|t| t.sort_by(f64::total_cmp));
    times.iter().filter_map(|t| t.get(RUNS / 2).copied()).collect()
}

fn print(figure: &str, unit: &str, ours: f64, peer: &str, theirs: f64) {
    println!(
        r#"{{"bench":"seal","figure":"{figure}","unit":"{unit}","ours":{ours:.3},"peer":"{peer}","theirs":{theirs:.3},"ratio":{:.3},"data":"synthetic"}}"#,
        theirs / ours
    );
}
