//! The list of erasures beside the store: a file that outlives the database, so that restoring an old backup brings nobody back.
//!
//! A line is a keyed hash of the subject and the moment. Without the master key it says how many were erased and when, not who.

use std::{
    collections::HashMap,
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Write},
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
};

use sarai_kernel::Timestamp;
use sarai_seal::{
    SealedBytes, SubjectId,
    rest::{BlindIndex, Keyring, RestError},
};

/// Names the hash's key.
const LABEL: &str = "@tombstone";

/// The list.
#[derive(Debug)]
pub struct ErasedList {
    path: PathBuf,
    index: BlindIndex,
}

impl ErasedList {
    /// The list in this file, which need not be there yet.
    pub fn new(path: PathBuf, keyring: &Keyring) -> Result<Self, RestError> {
        Ok(Self { path, index: keyring.blind_index(LABEL)? })
    }

    /// What stands for a subject.
    pub fn token(&self, subject: SubjectId) -> String {
        // The text of an id is always JSON.
        let text = SealedBytes::text(&subject.uuid().simple().to_string());
        text.map(|text| self.index.token(&text).to_hex()).unwrap_or_default()
    }

    /// Adds erasures, durably.
    pub fn append(&self, erased: &[(SubjectId, Timestamp)]) -> io::Result<()> {
        if erased.is_empty() {
            return Ok(());
        }
        let mut open = OpenOptions::new();
        let mut file = open.create(true).append(true).mode(0o600).open(&self.path)?;
        let mut lines = String::new();
        for (subject, at) in erased {
            lines.push_str(&format!("{} {}\n", self.token(*subject), at.as_micros()));
        }
        file.write_all(lines.as_bytes())?;
        file.sync_all()
    }

    /// All that it holds. A line that a crash cut short is passed over: the store that wrote it has the erasure.
    pub fn read(&self) -> io::Result<HashMap<String, Timestamp>> {
        let file = match File::open(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HashMap::new()),
            other => other?,
        };
        let mut erased = HashMap::new();
        for line in BufReader::new(file).lines() {
            let line = line?;
            let Some((token, at)) = line.split_once(' ') else { continue };
            if let (32, Ok(at)) = (token.len(), at.parse()) {
                erased.insert(token.to_owned(), Timestamp::from_micros(at));
            }
        }
        Ok(erased)
    }
}
