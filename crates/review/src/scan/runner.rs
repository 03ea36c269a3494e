//! The scan itself: finds files, shares them out to threads, reads plain text here and everything else in workers.

use std::{
    fs::{self, File},
    io::{self, Read, Seek},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use sarai_detect::Detector;
use sha2::{Digest, Sha256};

use super::{
    Extent, Inventory, Options, Progress, Source, Target, databases,
    journal::{Journal, Mark},
    tally::{self, Tally},
    worker::{Order, Outcome, Worker},
};
use crate::source::{
    Context, Counted, Fault, Format, HEAD_BYTES, Input, Problem, Stopped, cell::hex, format,
};

/// Folders inside folders.
const FOLDER_DEPTH_MAX: usize = 64;
/// Files of one scan.
const FILES_MAX: usize = 1_000_000;

/// A scan could not begin.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The journal does not open.
    #[error("the journal could not be opened: {0}")]
    Journal(io::Error),
}

/// Scans sources and says what they hold. What cannot be read is a problem in the inventory, never an error.
///
/// # Errors
/// The journal does not open.
pub fn inventory(
    targets: &[Target],
    options: &Options,
    progress: &dyn Progress,
) -> Result<Inventory, ScanError> {
    let journal =
        options.journal.as_deref().map(Journal::open).transpose().map_err(ScanError::Journal)?;
    let jobs: Vec<Job> = targets.iter().flat_map(jobs_of).collect();
    progress.total(jobs.len() as u64, jobs.iter().map(|job| job.bytes).sum());
    let detector = tally::detector(options.confidence_min);
    let scan = Scan { options, progress, journal, detector };
    let mut inventory = Inventory::new(&options.day);
    inventory.sources = scan.run(&jobs);
    inventory.stopped = progress.stop();
    Ok(inventory)
}

/// One source to read.
#[derive(Debug)]
struct Job {
    name: String,
    what: What,
    bytes: u64,
}

#[derive(Debug)]
enum What {
    File(PathBuf),
    Database(url::Url),
    /// Known not to be readable before it was tried.
    Not(Fault, String),
}

fn jobs_of(target: &Target) -> Vec<Job> {
    match target {
        Target::Database(url) => {
            vec![Job { name: target.name(), what: What::Database(url.clone()), bytes: 0 }]
        }
        Target::Path(path) => {
            let mut jobs = Vec::new();
            // A link that was named is followed; one that was found is not.
            match fs::metadata(path) {
                Ok(found) => walk(path, &found, 0, &mut jobs),
                Err(error) => jobs.push(unreadable(path, &error)),
            }
            jobs
        }
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Job {
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file",
        io::ErrorKind::PermissionDenied => "it may not be read",
        _ => "it could not be read",
    };
    let name = path.display().to_string();
    Job { name, what: What::Not(Fault::Unreadable, reason.to_owned()), bytes: 0 }
}

fn walk(path: &Path, found: &fs::Metadata, depth: usize, jobs: &mut Vec<Job>) {
    let name = path.display().to_string();
    let not = |fault, reason: &str| Job {
        name: name.clone(),
        what: What::Not(fault, reason.to_owned()),
        bytes: 0,
    };
    if jobs.len() >= FILES_MAX {
        if jobs.len() == FILES_MAX {
            jobs.push(not(Fault::TooMany, "from here on there are more files than one scan reads"));
        }
    } else if found.is_file() {
        jobs.push(Job {
            name: name.clone(),
            what: What::File(path.to_owned()),
            bytes: found.len(),
        });
    } else if !found.is_dir() {
        // A pipe or a device could be read for ever.
        jobs.push(not(Fault::Escapes, "a link, a device or a pipe; it was not followed"));
    } else if depth >= FOLDER_DEPTH_MAX {
        jobs.push(not(Fault::TooDeep, "folders stand deeper in one another than a scan follows"));
    } else {
        match fs::read_dir(path) {
            Ok(entries) => {
                let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
                paths.sort();
                for path in paths {
                    match fs::symlink_metadata(&path) {
                        Ok(found) => walk(&path, &found, depth + 1, jobs),
                        Err(error) => jobs.push(unreadable(&path, &error)),
                    }
                }
            }
            Err(error) => jobs.push(unreadable(path, &error)),
        }
    }
}

struct Scan<'s> {
    options: &'s Options,
    progress: &'s dyn Progress,
    journal: Option<Journal>,
    detector: Detector,
}

impl Scan<'_> {
    /// Reads the jobs on several threads; the sources come in the order of the jobs.
    fn run(&self, jobs: &[Job]) -> Vec<Source> {
        let next = AtomicUsize::new(0);
        let sources = Mutex::new(Vec::with_capacity(jobs.len()));
        std::thread::scope(|threads| {
            for _ in 0..self.options.jobs.clamp(1, jobs.len().max(1)) {
                threads.spawn(|| {
                    let mut hands = Hands::default();
                    while let Some((at, job)) = {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        jobs.get(at).map(|job| (at, job))
                    } {
                        let source = self.source(job, &mut hands);
                        self.progress.done(&job.name);
                        sources
                            .lock()
                            .unwrap_or_else(|poisoned| poisoned.into_inner())
                            .push((at, source));
                    }
                });
            }
        });
        let mut sources = sources.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        sources.sort_by_key(|(at, _)| *at);
        sources.into_iter().map(|(_, source)| source).collect()
    }

    fn source(&self, job: &Job, hands: &mut Hands) -> Source {
        let source = |format, problem: Problem| Source {
            name: job.name.clone(),
            format,
            bytes: job.bytes,
            sha256: None,
            extent: Extent::Unread,
            units: Vec::new(),
            problems: vec![problem],
        };
        if self.progress.stop() {
            let problem =
                Problem::new("", Fault::Stopped, "the scan was stopped before it was read");
            return source(Format::Empty, problem);
        }
        match &job.what {
            What::Not(fault, reason) => {
                source(Format::Unsupported, Problem::new("", *fault, reason.clone()))
            }
            What::Database(url) => self.database(job, url, hands),
            What::File(path) => {
                match File::open(path).and_then(|file| Ok((file.metadata()?, file))) {
                    Ok((found, file)) => self.file(job, file, &found, hands),
                    Err(_) => source(
                        Format::Empty,
                        Problem::new("", Fault::Unreadable, "it could not be opened"),
                    ),
                }
            }
        }
    }

    fn question(&self) -> String {
        format!("{:?}", (&self.options.day, self.options.confidence_min, &self.options.limits))
    }

    fn file(&self, job: &Job, mut file: File, before: &fs::Metadata, hands: &mut Hands) -> Source {
        let changed = i128::from(before.mtime()) * 1_000_000_000 + i128::from(before.mtime_nsec());
        let mark = Mark::new(&job.name, before.len(), changed, &self.question());
        if let Some(done) = self.journal.as_ref().and_then(|journal| journal.done(&mark)) {
            self.progress.read(job.bytes);
            return done.clone();
        }
        let mut head = Vec::new();
        let _ = file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head);
        let _ = file.rewind();
        let what = format(&head, head.len() < HEAD_BYTES);
        let bytes = before.len();
        let (sha256, read) = if what.is_plain() || what == Format::Empty {
            self.read_here(&file, bytes)
        } else {
            let hash = hash_of(&file);
            let read = match &self.options.worker {
                // SQLite opens a file by its name: a worker that may do that serves one file.
                Some(program) if what == Format::Sqlite => {
                    Hands::default().read(program, self, &file, bytes, true)
                }
                Some(program) => hands.read(program, self, &file, bytes, false),
                None => self.read_at_once(&file, bytes),
            };
            self.progress.read(bytes);
            (hash, read)
        };
        let after = file.metadata().ok();
        let same = after
            .is_some_and(|after| (after.len(), after.mtime()) == (before.len(), before.mtime()));
        let source = finished(job, bytes, sha256.filter(|_| same), same, read);
        if let Some(journal) = self.journal.as_ref().filter(|_| !self.progress.stop()) {
            // A journal that cannot be written costs a second reading, no more.
            let _ = journal.keep(mark, &source);
        }
        source
    }

    /// Plain text, in this process, hashed as it is read.
    fn read_here(&self, file: &File, bytes: u64) -> (Option<String>, Read3) {
        let until = Instant::now() + self.options.limits.time_for(bytes);
        let mut hash = Sha256::new();
        let mut tally = Tally::new(&self.detector, &self.options.day, self.options.confidence_min);
        let mut file = file;
        let hashed = Hashed { inner: &mut file, hash: &mut hash };
        let counted = Counted::new(hashed, |read| {
            self.progress.read(read);
            self.stopped(until).map_or(Ok(()), Err)
        });
        let mut cx = Context::new(&mut tally, &self.options.limits, bytes);
        let what = crate::source::read(Input::Stream(Box::new(counted)), "", &mut cx);
        let (units, problems) = tally.finish();
        (Some(hex(&hash.finalize())), (what, units, problems))
    }

    fn stopped(&self, until: Instant) -> Option<Stopped> {
        if self.progress.stop() {
            Some(Stopped { fault: Fault::Stopped, reason: "the scan was stopped" })
        } else if Instant::now() >= until {
            Some(Stopped {
                fault: Fault::TimedOut,
                reason: "it took longer than its length allows",
            })
        } else {
            None
        }
    }

    /// Any format, in this process: where there is no worker program.
    fn read_at_once(&self, file: &File, bytes: u64) -> Read3 {
        let mut tally = Tally::new(&self.detector, &self.options.day, self.options.confidence_min);
        let mut cx = Context::new(&mut tally, &self.options.limits, bytes);
        let what = match reopened(file) {
            Ok(file) => crate::source::read(Input::File(file, bytes), "", &mut cx),
            Err(error) => {
                cx.told_io("", &error);
                Format::Empty
            }
        };
        let (units, problems) = tally.finish();
        (what, units, problems)
    }

    fn database(&self, job: &Job, url: &url::Url, hands: &mut Hands) -> Source {
        let mark = Mark::new(&job.name, 0, 0, &self.question());
        if let Some(done) = self.journal.as_ref().and_then(|journal| journal.done(&mark)) {
            return done.clone();
        }
        let read = match &self.options.worker {
            Some(program) => hands.read_database(program, self, url),
            None => {
                let mut tally =
                    Tally::new(&self.detector, &self.options.day, self.options.confidence_min);
                let what = databases::read(url.as_str(), &self.options.limits, &mut tally);
                let (units, problems) = tally.finish();
                (what, units, problems)
            }
        };
        let source = finished(job, 0, None, true, read);
        if let Some(journal) = self.journal.as_ref().filter(|_| source.extent != Extent::Partial) {
            let _ = journal.keep(mark, &source);
        }
        source
    }

    fn order(&self, bytes: u64, database: Option<String>) -> Order {
        Order {
            day: self.options.day.clone(),
            confidence_min: self.options.confidence_min.percent(),
            limits: self.options.limits.clone(),
            bytes,
            opens_again: false,
            database,
        }
    }
}

/// Format, units and problems of one source.
type Read3 = (Format, Vec<super::Unit>, Vec<Problem>);

/// A thread's worker, started when it is first needed and again when it was lost.
#[derive(Default)]
struct Hands {
    worker: Option<Worker>,
}

impl Hands {
    fn read(
        &mut self,
        program: &super::WorkerProgram,
        scan: &Scan<'_>,
        file: &File,
        bytes: u64,
        opens_again: bool,
    ) -> Read3 {
        let order = Order { opens_again, ..scan.order(bytes, None) };
        let time_max = scan.options.limits.time_for(bytes);
        match reopened(file) {
            Ok(file) => self.ask(program, scan, &order, Some(&file), time_max),
            Err(_) => {
                let problem = Problem::new("", Fault::Unreadable, "it could not be opened again");
                (Format::Empty, Vec::new(), vec![problem])
            }
        }
    }

    /// A database has a worker of its own, because that one must have the network.
    fn read_database(
        &mut self,
        program: &super::WorkerProgram,
        scan: &Scan<'_>,
        url: &url::Url,
    ) -> Read3 {
        let order = scan.order(0, Some(url.as_str().to_owned()));
        // The reader has a bound of its own, so that it can give back what it has.
        let time_max = scan.options.limits.database_time_max + Duration::from_secs(30);
        Self::default().ask(program, scan, &order, None, time_max)
    }

    fn ask(
        &mut self,
        program: &super::WorkerProgram,
        scan: &Scan<'_>,
        order: &Order,
        file: Option<&File>,
        time_max: Duration,
    ) -> Read3 {
        let lost = |fault, reason: &str| {
            (Format::Unsupported, Vec::new(), vec![Problem::new("", fault, reason)])
        };
        let mut worker = match self.worker.take().map_or_else(|| Worker::start(program), Ok) {
            Ok(worker) => worker,
            Err(_) => return lost(Fault::Crashed, "its reader could not be started"),
        };
        let stop = || {
            scan.progress
                .stop()
                .then_some(Stopped { fault: Fault::Stopped, reason: "the scan was stopped" })
        };
        match worker.ask(order, file, time_max, stop) {
            Outcome::Done(answer) => {
                self.worker = Some(worker);
                (answer.format, answer.units, answer.problems)
            }
            // The worker is dropped, which kills it; the next file gets a new one.
            Outcome::Crashed => lost(
                Fault::Crashed,
                "its reader ended without an answer: out of memory, or a fault in it",
            ),
            Outcome::TimedOut => lost(
                Fault::TimedOut,
                "it took longer than its length allows; its reader was killed",
            ),
            Outcome::Stopped(stopped) => lost(stopped.fault, stopped.reason),
        }
    }
}

/// The same file with a place of its own to read from.
fn reopened(file: &File) -> io::Result<File> {
    use std::os::fd::AsRawFd;
    File::open(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

fn hash_of(file: &File) -> Option<String> {
    let mut hash = Sha256::new();
    let mut file = reopened(file).ok()?;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Some(hex(&hash.finalize())),
            Ok(read) => hash.update(buffer.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
}

/// A reader that hashes what goes through it.
struct Hashed<'h, R> {
    inner: R,
    hash: &'h mut Sha256,
}

impl<R: Read> Read for Hashed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

fn finished(job: &Job, bytes: u64, sha256: Option<String>, same: bool, read: Read3) -> Source {
    let (format, units, mut problems) = read;
    if !same {
        problems.push(Problem::new("", Fault::Changed, "it changed while it was read"));
    }
    let sampled = units.iter().any(|unit| unit.rows_total.is_some_and(|total| total > unit.rows));
    let extent = if problems.is_empty() {
        if sampled { Extent::Sampled } else { Extent::Whole }
    } else if units.is_empty() {
        Extent::Unread
    } else {
        Extent::Partial
    };
    Source { name: job.name.clone(), format, bytes, sha256, extent, units, problems }
}
