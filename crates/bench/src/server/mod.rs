//! Durable bookings a second. Ours: `store.commit` of booking-shaped decisions by many clients at once, with sealing, checks, versions,
//! unique keys, funds and the audit chain. The peer: a bare loop, one booking a transaction, prepared statements, the same rows and
//! the same durability, no checks at all; the best of one connection and several.

mod bare;
mod booking;
mod ours;

use std::time::Duration;

use clap::Args;
use sarai_testkit::{Backend, pg::Cluster, place::TempDir};

use crate::figure::{Better, Figure};

/// How much is measured.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Bookings of each measurement.
    #[arg(long, default_value_t = 4_000)]
    bookings: usize,
    /// Clients at once; each waits for its answer before it books again.
    #[arg(long, default_value_t = 64)]
    clients: usize,
    /// Connections of the peer's parallel run, on PostgreSQL.
    #[arg(long, default_value_t = 8)]
    connections: usize,
    /// Measurements of each; the middle one counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { bookings: 4_000, clients: 64, connections: 8, rounds: 3 }
    }
}

/// What a run took.
#[derive(Debug, Clone, Copy)]
pub struct Taken {
    /// Bookings a second.
    pub per_second: f64,
    /// 99 of 100 bookings took less, in milliseconds.
    pub p99_ms: f64,
}

impl Taken {
    /// From the time of each booking and of all.
    pub fn of(mut each: Vec<Duration>, whole: Duration) -> Self {
        each.sort_unstable();
        let p99 = each.get(each.len() * 99 / 100).copied().unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let count = each.len() as f64;
        Self { per_second: count / whole.as_secs_f64(), p99_ms: p99.as_secs_f64() * 1_000.0 }
    }
}

/// Measures both databases.
pub async fn run(settings: Settings) {
    for backend in [Backend::Sqlite, Backend::Pg] {
        one(backend, &settings).await;
    }
}

async fn one(backend: Backend, settings: &Settings) {
    let directory = TempDir::new("bench");
    // Commits wait for the disk, as in a real installation.
    let cluster = (backend == Backend::Pg).then(|| Cluster::start(true));
    let (mut ours, mut alone, mut several) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..settings.rounds {
        for (name, taken) in [("ours", &mut ours), ("alone", &mut alone), ("several", &mut several)]
        {
            // SQLite has one writer: several connections only wait for one another.
            if name == "several" && backend == Backend::Sqlite {
                continue;
            }
            let address = match &cluster {
                Some(cluster) => cluster.database().await,
                None => directory.path().join(format!("{name}{round}")).display().to_string(),
            };
            taken.push(match name {
                "ours" => ours::measure(&address, settings.bookings, settings.clients).await,
                "alone" => bare::measure(&address, settings.bookings, 1, settings.clients).await,
                _ => {
                    let Settings { bookings, connections, clients, .. } = *settings;
                    bare::measure(&address, bookings, connections, clients).await
                }
            });
        }
    }
    let ours = middle(ours);
    let (peer, theirs) = match several.is_empty() {
        true => ("bare loop, 1 connection".to_owned(), middle(alone)),
        false => best(middle(alone), middle(several), settings.connections),
    };
    print(backend, settings, ours, &peer, theirs);
}

fn middle(mut taken: Vec<Taken>) -> Taken {
    taken.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    *taken.get(taken.len() / 2).expect("at least one round")
}

fn best(alone: Taken, several: Taken, connections: usize) -> (String, Taken) {
    eprintln!("bare loop: 1 connection {alone:?}, {connections} connections {several:?}");
    match several.per_second > alone.per_second {
        true => (format!("bare loop, {connections} connections"), several),
        false => ("bare loop, 1 connection".to_owned(), alone),
    }
}

fn print(backend: Backend, settings: &Settings, ours: Taken, peer: &str, theirs: Taken) {
    let name = match backend {
        Backend::Sqlite => "sqlite",
        Backend::Pg => "postgresql",
    };
    let build = if cfg!(debug_assertions) { "dev build" } else { "release build" };
    let Settings { bookings, clients, rounds, .. } = settings;
    let data = format!(
        "{bookings} bookings of {} rows, {clients} clients, middle of {rounds}, {build}",
        booking::ROWS
    );
    let figure = |figure: &str, unit, ours, theirs| Figure {
        bench: "server",
        figure: format!("{name}: {figure}"),
        unit,
        ours,
        peer: peer.to_owned(),
        theirs,
        ratio: 0.0,
        data: data.clone(),
    };
    figure("durable bookings", "1/s", ours.per_second, theirs.per_second).print(Better::More);
    figure("p99 of a booking", "ms", ours.p99_ms, theirs.p99_ms).print(Better::Less);
}
