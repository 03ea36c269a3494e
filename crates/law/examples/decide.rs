//! What one decision costs, asked for the first time and asked again: `cargo run --release -p sarai-law --example decide`.

use std::{error::Error, hint::black_box, time::Instant};

use sarai_law::{AccessFacts, Laws};

const ROUNDS: u32 = 200_000;

fn facts<'a>(data: &'a str, relation: &'a str, stage: &'a str) -> AccessFacts<'a> {
    AccessFacts {
        who: "person",
        roles: &["trucker"],
        relation,
        data,
        purpose: "deliver",
        stage,
        case: false,
        consent: true,
        stepped_up: false,
        thin: false,
        suspended: false,
        everyone: false,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let laws = Laws::embedded()?;
    println!("load {} rules: {:.1} ms", laws.rules().len(), start.elapsed().as_secs_f64() * 1e3);
    let day = "2026-11-23".parse()?;
    let mut asks = Vec::new();
    for data in ["stops", "contact", "receiver", "run", "track", "proof", "card", "money"] {
        for relation in ["shipper", "trucker", "driver", "owner"] {
            for stage in ["booked", "at_stop", "under_way", "past"] {
                asks.push(facts(data, relation, stage));
            }
        }
    }
    let start = Instant::now();
    for ask in &asks {
        black_box(laws.access(ask, day));
    }
    println!("first time: {:.1} us", start.elapsed().as_secs_f64() * 1e6 / asks.len() as f64);
    let start = Instant::now();
    for ask in asks.iter().cycle().take(ROUNDS as usize) {
        black_box(laws.access(ask, day));
    }
    println!("again: {:.3} us", start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS));
    Ok(())
}
