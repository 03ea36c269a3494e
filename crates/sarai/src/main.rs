//! `sarai`: the binary. Command line, configuration, wiring, workers, the embedded pages.
//!
//! Architecture invariant: no rule of any market and no SQL. What is decided here is only where things stand and who is told.
//!
//! Start at [`house::House`], where the rooms are put together, then [`serve`].

use std::process::ExitCode;

use clap::Parser;

mod cli;
mod clock;
mod commands;
mod config;
mod demo;
mod failure;
mod house;
mod listen;
mod log;
mod pages;
mod senders;
mod serve;
mod shelf;
mod site;
mod workers;

use cli::{Cli, Command};
use failure::Failure;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    harden();
    // Before any thread and any open file: what a worker takes from itself it takes from all of the process.
    if let Command::Scan(scan) = &cli.command
        && scan.worker
    {
        return commands::scan::worker();
    }
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("sarai: {error}");
            return ExitCode::from(failure::FAILED);
        }
    };
    match runtime.block_on(run(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !matches!(failure, Failure::Findings) {
                eprintln!("sarai: {failure}");
            }
            ExitCode::from(failure.code())
        }
    }
}

/// New files are the owner's alone, and no core dump holds what was opened.
fn harden() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    if setrlimit(Resource::Core, none).is_err() {
        eprintln!("sarai: core dumps could not be switched off");
    }
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve(arguments) => serve::run(arguments).await,
        Command::Map(command) => commands::map::run(command),
        Command::Register { json } => commands::register::run(json),
        Command::Scan(arguments) => commands::scan::run(*arguments).await,
        Command::Law(command) => commands::law::run(command),
        Command::Audit(command) => commands::audit::run(command).await,
        Command::Erase { person, site } => commands::erase::run(&person, site).await,
        Command::Backup(command) => commands::backup::run(command).await,
        Command::Restore { file, identity, site } => {
            commands::backup::restore(&file, &identity, site).await
        }
        Command::Catalogue(command) => commands::catalogue::run(command),
        Command::Directive(command) => commands::directive::run(command).await,
        Command::Review(arguments) => commands::review::run(arguments).await,
        Command::Play(command) => commands::play::run(command).await,
        Command::Admin(command) => commands::admin::run(command).await,
    }
}
