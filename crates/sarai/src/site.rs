//! The data directory: who may read it, what lies where, whether it is a demo's.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// The directory of one house.
#[derive(Debug, Clone)]
pub struct Directory(PathBuf);

/// A data directory that the server will not work in.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// Others may read or write it.
    #[error("{path} is open to others (mode {mode:o}): chmod 0700 {path}")]
    Loose {
        /// Which directory.
        path: String,
        /// Its mode.
        mode: u32,
    },
    /// The demo world would mix with real data.
    #[error("{0} holds a house that is not a demo: choose another --data for --demo")]
    NotDemo(String),
    /// A demo directory is started as a real house.
    #[error("{0} holds a demo world: start it with --demo, or choose another --data")]
    Demo(String),
    /// The machine refused.
    #[error("{path}: {source}")]
    Io {
        /// Which path.
        path: String,
        /// Why.
        source: io::Error,
    },
}

const DEMO_MARK: &str = "demo";
const HOUSE_MARK: &str = "house";

impl Directory {
    /// Opens or makes the directory with mode 0700; refuses one that others may read.
    pub fn open(path: &Path) -> Result<Self, SiteError> {
        let io = |source| SiteError::Io { path: path.display().to_string(), source };
        if !path.exists() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(io)?;
        }
        let mode = fs::metadata(path).map_err(io)?.mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(SiteError::Loose { path: path.display().to_string(), mode });
        }
        Ok(Self(path.to_owned()))
    }

    /// Notes whether this is a demo's directory, and refuses to mix the two.
    pub fn claim(&self, demo: bool) -> Result<(), SiteError> {
        let (mine, other) = if demo { (DEMO_MARK, HOUSE_MARK) } else { (HOUSE_MARK, DEMO_MARK) };
        if self.0.join(other).exists() {
            let path = self.0.display().to_string();
            return Err(if demo { SiteError::NotDemo(path) } else { SiteError::Demo(path) });
        }
        if !self.0.join(mine).exists() {
            self.write_private(mine, b"")?;
        }
        Ok(())
    }

    /// Writes a file that only the owner reads.
    pub fn write_private(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, SiteError> {
        let path = self.0.join(name);
        let io = |source| SiteError::Io { path: path.display().to_string(), source };
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path)
            .map_err(io)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(io)?;
        Ok(path)
    }

    /// A sub-directory, made with mode 0700.
    pub fn folder(&self, name: &str) -> Result<PathBuf, SiteError> {
        let path = self.0.join(name);
        let io = |source| SiteError::Io { path: path.display().to_string(), source };
        if !path.exists() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(io)?;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).map_err(io)?;
        }
        Ok(path)
    }

    /// The file of the master key.
    pub fn master_key(&self) -> Result<PathBuf, SiteError> {
        Ok(self.folder("keys")?.join("master.key"))
    }

    /// The file of audit checkpoints kept outside of the store.
    pub fn checkpoints(&self) -> PathBuf {
        self.0.join("audit-checkpoints.jsonl")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn temporary(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("sarai-site-{}-{name}", std::process::id()))
    }

    #[test]
    fn a_directory_open_to_others_is_refused() {
        let path = temporary("loose");
        Directory::open(&path).expect("made");
        assert_eq!(fs::metadata(&path).expect("there").mode() & 0o777, 0o700);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o750)).expect("own directory");
        assert!(matches!(Directory::open(&path), Err(SiteError::Loose { mode: 0o750, .. })));
        fs::remove_dir_all(&path).expect("own directory");
    }

    #[test]
    fn a_demo_and_a_house_never_share_a_directory() {
        let path = temporary("claim");
        let site = Directory::open(&path).expect("made");
        site.claim(true).expect("empty");
        site.claim(true).expect("demo again");
        assert!(matches!(site.claim(false), Err(SiteError::Demo(_))));
        fs::remove_dir_all(&path).expect("own directory");
    }
}
