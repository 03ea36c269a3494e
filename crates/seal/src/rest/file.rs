//! The master key in a file of mode 0600.
//!
//! ```text
//! sarai master key 1
//! mk-1 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
//! ```

use super::{
    KeyVersion, MasterKey, MemoryMaster, PersonKey, RestError, Secret32, WrappedKey, wire,
};
use crate::SubjectId;
use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Read, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

const TITLE: &str = "sarai master key 1";
/// A file of a thousand versions is still below this; anything longer is not a key file.
const FILE_BYTES_MAX: u64 = 128 * 1024;

/// A master key kept in a file that only its owner can read. Lost, everything sealed is lost;
/// copied beside the store, nothing is protected: keep it apart from both store and backups.
pub struct FileMaster {
    path: PathBuf,
    keys: MemoryMaster,
}

impl FileMaster {
    /// Reads the key file, or makes one with a fresh `mk-1` where there is none.
    pub fn open_or_create(path: impl Into<PathBuf>) -> Result<Self, RestError> {
        let path = path.into();
        match Self::open(&path) {
            Err(RestError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {
                Self::create(path)
            }
            other => other,
        }
    }

    /// Makes a key file. Refuses to write over anything.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, RestError> {
        let master = Self { path: path.into(), keys: MemoryMaster::random()? };
        master.write_new(&master.path)?;
        master.sync_directory()?;
        Ok(master)
    }

    /// Reads a key file. Refuses one that others can read or write.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, RestError> {
        let path = path.into();
        let io = |source| RestError::Io { path: path.clone(), source };
        let file = File::open(&path).map_err(io)?;
        // Asked of the open file, not of the name, so that it cannot change in between.
        let meta = file.metadata().map_err(io)?;
        if !meta.is_file() {
            return Err(bad(&path, 0, "a plain file"));
        }
        if meta.len() > FILE_BYTES_MAX {
            return Err(bad(&path, 0, "a file of less than 128 KiB"));
        }
        let mode = meta.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(RestError::LooseMode { path, mode });
        }
        let mut text =
            Zeroizing::new(String::with_capacity(usize::try_from(meta.len()).unwrap_or(0)));
        file.take(FILE_BYTES_MAX).read_to_string(&mut text).map_err(io)?;
        let keys = parse(&path, &text)?;
        Ok(Self { path, keys })
    }

    /// Adds a fresh version and makes it current; the file is replaced as a whole. Then re-wrap
    /// the person keys.
    pub fn add_version(&mut self) -> Result<KeyVersion, RestError> {
        let version = self.keys.add_version()?;
        self.replace()?;
        Ok(version)
    }

    /// Destroys a version that is not current. What is still wrapped under it is lost.
    pub fn destroy(&mut self, version: KeyVersion) -> Result<(), RestError> {
        self.keys.destroy(version)?;
        self.replace()
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn replace(&self) -> Result<(), RestError> {
        let beside = self.path.with_extension("new");
        // What a crash left of an earlier try.
        match fs::remove_file(&beside) {
            Err(source) if source.kind() != ErrorKind::NotFound => return Err(self.io(source)),
            _ => {}
        }
        self.write_new(&beside)?;
        fs::rename(&beside, &self.path).map_err(|source| self.io(source))?;
        self.sync_directory()
    }

    fn write_new(&self, path: &Path) -> Result<(), RestError> {
        let mut open = OpenOptions::new();
        open.write(true).create_new(true).mode(0o600);
        let io = |source| RestError::Io { path: path.to_owned(), source };
        let mut file = open.open(path).map_err(io)?;
        file.write_all(self.text().as_bytes()).map_err(io)?;
        file.sync_all().map_err(io)
    }

    fn text(&self) -> Zeroizing<String> {
        let count = self.keys.versions().len();
        let mut text = Zeroizing::new(String::with_capacity(TITLE.len() + 1 + 80 * count));
        text.push_str(TITLE);
        text.push('\n');
        for (version, secret) in self.keys.secrets() {
            let digits = Zeroizing::new(wire::hex(secret.expose()));
            text.push_str(&version.to_string());
            text.push(' ');
            text.push_str(&digits);
            text.push('\n');
        }
        text
    }

    fn sync_directory(&self) -> Result<(), RestError> {
        let parent = self.path.parent().filter(|p| !p.as_os_str().is_empty());
        let directory = File::open(parent.unwrap_or(Path::new(".")));
        directory.and_then(|d| d.sync_all()).map_err(|source| self.io(source))
    }

    fn io(&self, source: std::io::Error) -> RestError {
        RestError::Io { path: self.path.clone(), source }
    }
}

fn parse(path: &Path, text: &str) -> Result<MemoryMaster, RestError> {
    let mut lines = text.lines().zip(1..);
    if lines.next().map(|(line, _)| line) != Some(TITLE) {
        return Err(bad(path, 1, "`sarai master key 1`"));
    }
    let mut keys: Option<MemoryMaster> = None;
    for (line, number) in lines.filter(|(line, _)| !line.trim().is_empty()) {
        let (version, secret) = parse_line(line)
            .ok_or_else(|| bad(path, number, "`mk-N` and 64 hexadecimal digits"))?;
        match &mut keys {
            None => keys = Some(MemoryMaster::new(version, secret)),
            Some(keys) if keys.holds(version) => {
                return Err(bad(path, number, "a version not given above"));
            }
            Some(keys) => keys.insert(version, secret),
        }
    }
    keys.ok_or_else(|| bad(path, 0, "at least one version of the key"))
}

fn parse_line(line: &str) -> Option<(KeyVersion, Secret32)> {
    let (name, digits) = line.split_once(' ')?;
    let version = name.strip_prefix("mk-")?.parse().ok().filter(|n| *n > 0)?;
    let secret = Zeroizing::new(wire::unhex::<32>(digits.trim())?);
    Some((KeyVersion(version), Secret32::from_bytes(*secret)))
}

fn bad(path: &Path, line: usize, expected: &'static str) -> RestError {
    RestError::BadKeyFile { path: path.to_owned(), line, expected }
}

impl MasterKey for FileMaster {
    fn current(&self) -> KeyVersion {
        self.keys.current()
    }

    fn versions(&self) -> Vec<KeyVersion> {
        self.keys.versions()
    }

    fn wrap(&self, subject: SubjectId, key: &PersonKey) -> Result<WrappedKey, RestError> {
        self.keys.wrap(subject, key)
    }

    fn unwrap(&self, subject: SubjectId, wrapped: &WrappedKey) -> Result<PersonKey, RestError> {
        self.keys.unwrap(subject, wrapped)
    }

    fn derive(&self, version: KeyVersion, label: &str) -> Result<Secret32, RestError> {
        self.keys.derive(version, label)
    }
}

impl fmt::Debug for FileMaster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<master key file {} under {}>", self.path.display(), self.keys.current())
    }
}
