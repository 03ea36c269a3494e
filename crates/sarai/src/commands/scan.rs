//! `sarai scan`: personal, important and secret data in files and databases.

mod table;

use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use sarai_detect::Confidence;
use sarai_kernel::Clock;
use sarai_review::scan::{
    self, Inventory, Options, Progress, Target, WorkerProgram, output::sarif,
};

use crate::{
    cli::{Scan, Sureness},
    clock::SystemClock,
    failure::{FAILED, Failure},
};

/// Serves orders of a scan until its owner closes the socket.
pub fn worker() -> ExitCode {
    match scan::worker::serve(true) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(FAILED),
    }
}

/// Runs the command.
pub async fn run(arguments: Scan) -> Result<(), Failure> {
    let options = options(&arguments)?;
    let targets: Vec<Target> = arguments.targets.iter().map(|word| Target::parse(word)).collect();
    let bar = Arc::new(Bar::new());
    let stopper = Arc::clone(&bar);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stopper.stopped.store(true, Ordering::Relaxed);
        }
    });
    let shown = Arc::clone(&bar);
    let inventory =
        tokio::task::spawn_blocking(move || scan::inventory(&targets, &options, &*shown))
            .await
            .map_err(|_| Failure::Partial("the scan ended by a fault of its own".to_owned()))?
            .map_err(|error| Failure::Usage(error.to_string()))?;
    bar.bar.finish_and_clear();
    print(&arguments, &inventory)?;
    outcome(&inventory)
}

fn options(arguments: &Scan) -> Result<Options, Failure> {
    let day = match &arguments.on {
        Some(day) => day
            .parse::<jiff::civil::Date>()
            .map_err(|_| Failure::Usage("--on wants a day as YYYY-MM-DD".to_owned()))?,
        None => today(),
    };
    let mut options = Options::new(&day.to_string());
    options.confidence_min = match arguments.min_confidence {
        Sureness::Possible => Confidence::Possible,
        Sureness::Likely => Confidence::Likely,
        Sureness::Sure => Confidence::Sure,
    };
    options.limits.sample_rows = arguments.sample;
    options.limits.file_time_max = Duration::from_secs(arguments.file_seconds.max(1));
    options.limits.database_time_max = Duration::from_secs(arguments.database_seconds.max(1));
    options.journal.clone_from(&arguments.resume);
    if let Some(jobs) = arguments.jobs {
        options.jobs = jobs.clamp(1, 64);
    }
    let program = std::env::current_exe().map_err(Failure::io("this program's own path"))?;
    let words = ["scan".to_owned(), "--worker".to_owned()];
    options.worker = Some(WorkerProgram { program, arguments: words.to_vec() });
    Ok(options)
}

fn today() -> jiff::civil::Date {
    let now = SystemClock.now();
    let at = jiff::Timestamp::from_microsecond(now.as_micros()).unwrap_or_default();
    jiff::tz::Offset::UTC.to_datetime(at).date()
}

fn print(arguments: &Scan, inventory: &Inventory) -> Result<(), Failure> {
    let unwritable = |_| Failure::Usage("the inventory cannot be written".to_owned());
    let text = if arguments.json {
        serde_json::to_string_pretty(inventory).map_err(unwritable)?
    } else if arguments.sarif {
        serde_json::to_string_pretty(&sarif(inventory, env!("CARGO_PKG_VERSION")))
            .map_err(unwritable)?
    } else {
        table::text(inventory)
    };
    // A reader that has seen enough closes the pipe: no fault.
    let _ = writeln!(std::io::stdout(), "{text}");
    Ok(())
}

fn outcome(inventory: &Inventory) -> Result<(), Failure> {
    let found = inventory.found().count();
    if inventory.is_partial() {
        let problems: usize = inventory.sources.iter().map(|source| source.problems.len()).sum();
        return Err(Failure::Partial(format!("{found} findings, {problems} problems; see above")));
    }
    if found > 0 { Err(Failure::Findings) } else { Ok(()) }
}

/// The progress of a scan on a terminal.
struct Bar {
    bar: ProgressBar,
    stopped: AtomicBool,
}

impl Bar {
    fn new() -> Self {
        let bar = if std::io::stderr().is_terminal() {
            ProgressBar::new(0)
        } else {
            ProgressBar::hidden()
        };
        let form = "{spinner} {bar:32} {bytes}/{total_bytes} {bytes_per_sec} {elapsed} {wide_msg}";
        if let Ok(style) = ProgressStyle::with_template(form) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, stopped: AtomicBool::new(false) }
    }
}

impl Progress for Bar {
    fn total(&self, _sources: u64, bytes: u64) {
        self.bar.set_length(bytes);
    }

    fn read(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    fn done(&self, name: &str) {
        // Names of files are data: no control character reaches the terminal.
        self.bar.set_message(name.replace(char::is_control, "?"));
    }

    fn stop(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}
