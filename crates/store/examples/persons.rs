//! Counts distinct persons into one tally of the embedded store, ten thousand a decision, and says how long it took, how large the file
//! is, and how much memory the process had at most: `cargo run -p sarai-store --example persons -- 10000000`.

#![expect(clippy::expect_used, reason = "a measurement that cannot go on stops")]

use std::{sync::Arc, time::Instant};

use sarai_kernel::{Decision, Marks, Store, Timestamp, Ways, tally::MEMBERS_MAX};
use sarai_seal::rest::{Keyring, MemoryMaster};
use sarai_store::{SqlStore, StoreOptions};

fn memory_peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Spread like the keyed hashes that they stand for: no order that would help the index.
fn token(number: u64) -> [u8; 16] {
    let mut token = [0; 16];
    token
        .iter_mut()
        .zip(blake3::hash(&number.to_le_bytes()).as_bytes())
        .for_each(|(to, from)| *to = *from);
    token
}

#[tokio::main]
async fn main() {
    let wanted: u64 =
        std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let place = std::env::temp_dir().join(format!("sarai-persons-{}", std::process::id()));
    let address = place.join("store").display().to_string();
    std::fs::create_dir_all(&place).expect("a temporary directory");
    let keyring = Arc::new(Keyring::new(Arc::new(MemoryMaster::random().expect("random bytes"))));
    let store = SqlStore::open(&address, keyring, StoreOptions::default()).await.expect("opens");
    let (before, started, mut done) = (memory_peak_mib(), Instant::now(), 0_u64);
    while done < wanted {
        let some = (wanted - done).min(MEMBERS_MAX as u64);
        let members = (done..done + some).map(|number| (token(number), Ways::PLAIN)).collect();
        let mut decision = Decision::new("measure", Timestamp::from_micros(1));
        let tally = "outbound/2026".to_owned();
        decision.marks.push(Marks { tally, members, expect: None });
        store.commit(decision).await.expect("commits");
        done += some;
        if done % 1_000_000 == 0 {
            let seconds = started.elapsed().as_secs();
            eprintln!("{done} in {seconds} s, {} MiB at most", memory_peak_mib());
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    let counted = store.tally("outbound/2026").await.expect("answers");
    let asked = Instant::now();
    store.tally_ways("outbound/2026", &[token(7)]).await.expect("answers");
    let look_up_us = asked.elapsed().as_micros();
    let files =
        std::fs::read_dir(&address).expect("the store").filter_map(|one| one.ok()?.metadata().ok());
    let file_mib = files.map(|found| found.len()).sum::<u64>() >> 20;
    println!(
        "{{\"persons\":{},\"seconds\":{seconds:.1},\"file_mib\":{file_mib},\"memory_peak_mib\":{},\"memory_before_mib\":{before},\"look_up_us\":{look_up_us}}}",
        counted.persons,
        memory_peak_mib(),
    );
    drop(store);
    let _ = std::fs::remove_dir_all(&place);
}
