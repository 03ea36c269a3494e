//! Benchmarks: ours and what it is compared with, in one run. Each figure is one JSON line.
//!
//! Architecture invariant: nothing depends on it. A peer may use a database or library directly; ours goes through the product's door.
//!
//! Start at [`Bench`]; each benchmark is a module.

#![expect(clippy::expect_used, reason = "a benchmark that cannot go on stops and says where")]

mod feed;
mod figure;
mod law;
mod seal;
mod server;

use clap::{Parser, Subcommand};

/// The product's own allocator, for ours and the peer alike.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Benchmarks of Sarai.
#[derive(Debug, Parser)]
#[command(name = "sarai-bench")]
struct Arguments {
    #[command(subcommand)]
    bench: Bench,
}

/// Which benchmark.
#[derive(Debug, Subcommand)]
enum Bench {
    /// Durable bookings a second, beside a bare transaction loop that writes the same rows.
    Server(server::Settings),
    /// What sealing costs: on a board of a million positions, and on a whole request.
    Seal(seal::Settings),
    /// From a post acknowledged to seen on another client's event stream.
    Feed(feed::Settings),
    /// Decisions of the law a second, beside plain Cedar.
    Law(law::Settings),
    /// All of them, with their own settings.
    All,
}

#[tokio::main]
async fn main() {
    match Arguments::parse().bench {
        Bench::Seal(settings) => seal::run(settings).await,
        Bench::Server(settings) => server::run(settings).await,
        Bench::Feed(settings) => feed::run(settings).await,
        Bench::Law(settings) => law::run(&settings),
        Bench::All => {
            law::run(&law::Settings::default());
            seal::run(seal::Settings::default()).await;
            server::run(server::Settings::default()).await;
            feed::run(feed::Settings::default()).await;
        }
    }
}
