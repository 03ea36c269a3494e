//! What to scan, and how.

use std::path::{Path, PathBuf};

use sarai_detect::Confidence;
use url::Url;

use crate::source::Limits;

/// A file, a folder or a database.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// A file, or a folder with everything in it.
    Path(PathBuf),
    /// `postgres://…` or `mysql://…`.
    Database(Url),
}

impl Target {
    /// The target that a word of the command line means.
    pub fn parse(word: &str) -> Self {
        const SCHEMES: &[&str] = &["postgres", "postgresql", "mysql", "mariadb"];
        match Url::parse(word) {
            Ok(url) if SCHEMES.contains(&url.scheme()) => Self::Database(url),
            _ => Self::Path(PathBuf::from(word)),
        }
    }

    /// Its name in reports: never with a password.
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.display().to_string(),
            Self::Database(url) => {
                let host = url.host_str().unwrap_or("localhost");
                let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
                format!("{}://{host}{port}{}", url.scheme(), url.path())
            }
        }
    }
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Target").field(&self.name()).finish()
    }
}

/// The program that reads formats of which a hostile file could harm its reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerProgram {
    /// The program; usually this one.
    pub program: PathBuf,
    /// Its arguments, which make it call [`crate::scan::worker::serve`].
    pub arguments: Vec<String>,
}

/// How to scan.
#[derive(Debug, Clone)]
pub struct Options {
    /// The day by whose standards classes are read, `YYYY-MM-DD`.
    pub day: String,
    /// What is less sure than this is not reported.
    pub confidence_min: Confidence,
    /// Bounds of readers.
    pub limits: Limits,
    /// Files that are read at once.
    pub jobs: usize,
    /// Where formats that need one are read in a process of their own; without one they are read in this process.
    pub worker: Option<WorkerProgram>,
    /// File of finished sources, read first and continued.
    pub journal: Option<PathBuf>,
}

impl Options {
    /// The defaults on a day.
    pub fn new(day: &str) -> Self {
        Self {
            day: day.to_owned(),
            confidence_min: Confidence::Likely,
            limits: Limits::default(),
            jobs: std::thread::available_parallelism().map_or(1, usize::from).min(8),
            worker: None,
            journal: None,
        }
    }

    /// With a journal.
    pub fn resumed_from(mut self, journal: &Path) -> Self {
        self.journal = Some(journal.to_owned());
        self
    }
}

/// Who is told how far a scan is. Every method may be called from several threads.
pub trait Progress: Sync {
    /// So much there is to read.
    fn total(&self, _sources: u64, _bytes: u64) {}
    /// So many more bytes were read.
    fn read(&self, _bytes: u64) {}
    /// A source is done.
    fn done(&self, _name: &str) {}
    /// Whether to stop: what is done by then is reported.
    fn stop(&self) -> bool {
        false
    }
}

/// Nobody is told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {}
