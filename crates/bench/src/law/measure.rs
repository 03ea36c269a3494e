//! The measurement itself; `crates/law/examples/decisions.rs` runs it without the server around it.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use sarai_law::{Date, Facts, Jurisdiction, Laws, Set, random::Chance};

use crate::figure::Figure;

/// Every pack is asked.
const ALL: [Jurisdiction; 3] = [Jurisdiction::Cn, Jurisdiction::Us, Jurisdiction::Eu];
/// Shapes of transfers that come again and again with other counts, as at a gate that knows its recipients.
const SHAPES: usize = 1_000;

struct Asked {
    on: Date,
    facts: Facts,
}

fn asked(chance: &mut Chance) -> Asked {
    let on = chance.day();
    let mut facts = chance.facts(on);
    facts.laws = Set::of(&ALL);
    Asked { on, facts }
}

/// The same shapes with their counts drawn anew.
fn again(chance: &mut Chance, shapes: &[Asked], many: usize) -> Vec<Asked> {
    let one = |shape: &Asked| {
        let mut facts = shape.facts.clone();
        chance.recount_one(&mut facts);
        Asked { on: shape.on, facts }
    };
    shapes.iter().cycle().take(many).map(one).collect()
}

fn per_second(asked: &[Asked], mut answer: impl FnMut(&Asked)) -> f64 {
    let started = Instant::now();
    asked.iter().for_each(&mut answer);
    asked.len() as f64 / started.elapsed().max(Duration::from_nanos(1)).as_secs_f64()
}

/// Ours on requests never asked before and on shapes that come again, each beside plain Cedar on a part of the same requests.
/// Every answer of that part is held against plain Cedar's: a fast wrong answer stops the benchmark.
pub fn figures(requests: usize, plain: usize, seed: u64) -> Vec<Figure> {
    let laws = Laws::embedded().expect("the packs are good");
    let mut chance = Chance::new(&laws, seed);
    // The rules in force on each day are gathered when first asked for: that is done before the clock runs.
    (0..20_000).map(|_| asked(&mut chance)).for_each(|one| {
        black_box(laws.transfer_unremembered(one.on, &one.facts));
    });
    let fresh: Vec<Asked> = (0..requests).map(|_| asked(&mut chance)).collect();
    let shapes: Vec<Asked> = (0..SHAPES).map(|_| asked(&mut chance)).collect();
    let repeated = again(&mut chance, &shapes, requests);
    let mut figures = Vec::new();
    for (name, of, all) in [
        ("decisions, every request new", "random requests, none asked before", &fresh),
        (
            "decisions, 1,000 shapes again",
            "random requests of 1,000 shapes, one count drawn anew",
            &repeated,
        ),
    ] {
        let ours = per_second(all, |one| {
            black_box(laws.transfer(one.on, &one.facts));
        });
        let part = all.get(..plain.min(all.len())).unwrap_or(all);
        let theirs = per_second(part, |one| {
            black_box(laws.transfer_plain(one.on, &one.facts));
        });
        let right = |one: &&Asked| {
            *laws.transfer(one.on, &one.facts) == laws.transfer_plain(one.on, &one.facts)
        };
        assert_eq!(part.iter().filter(right).count(), part.len(), "equal to plain Cedar");
        figures.push(Figure {
            bench: "law",
            figure: name.to_owned(),
            unit: "1/s on one core",
            ours,
            peer: "cedar-policy, the rules in force of each question in one set, no memory"
                .to_owned(),
            theirs,
            ratio: 0.0,
            data: format!(
                "{} rules, all packs; {requests} {of}; plain Cedar asked {} of them; seed {seed}",
                laws.rules().len(),
                part.len()
            ),
        });
    }
    figures
}
