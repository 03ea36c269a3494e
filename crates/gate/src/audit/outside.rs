//! A copy of the checkpoints outside the store, so that whoever holds the store cannot cut both.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Mutex,
};

use super::Checkpoint;

/// Where checkpoints go besides the store: a file on another disk, a second host, a printer.
pub trait Outside: Send + Sync {
    /// Appends one checkpoint, durable when it returns.
    fn append(&self, checkpoint: &Checkpoint) -> io::Result<()>;
}

/// A file of one JSON line a checkpoint.
#[derive(Debug)]
pub struct OutsideFile {
    path: PathBuf,
    file: Mutex<Option<File>>,
}

/// A file of checkpoints with a line that is none.
#[derive(Debug, thiserror::Error)]
pub enum OutsideUnreadable {
    /// It cannot be read at all.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// A line is no checkpoint.
    #[error("line {line} is no checkpoint")]
    Line {
        /// Which, from 1.
        line: usize,
    },
}

impl OutsideFile {
    /// The file at `path`, made when first written to.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), file: Mutex::new(None) }
    }

    /// Reads a file back. A last line that a crash cut short is left out.
    pub fn read(path: &Path) -> Result<Vec<Checkpoint>, OutsideUnreadable> {
        let text = std::fs::read_to_string(path)?;
        let whole = text.ends_with('\n');
        let count = text.lines().count();
        let mut found = Vec::with_capacity(count);
        for (number, line) in text.lines().enumerate() {
            match serde_json::from_str(line) {
                Ok(checkpoint) => found.push(checkpoint),
                Err(_) if number + 1 == count && !whole => {}
                Err(_) => return Err(OutsideUnreadable::Line { line: number + 1 }),
            }
        }
        Ok(found)
    }

    /// Opens for appending; what a crash left of a line is ended, so that the next one stands alone.
    fn open(&self) -> io::Result<File> {
        let mut file = OpenOptions::new().create(true).append(true).open(&self.path)?;
        let text = std::fs::read(&self.path)?;
        if let Some(cut) =
            text.iter().rposition(|byte| *byte == b'\n').map_or(Some(0), |at| Some(at + 1))
            && cut < text.len()
        {
            file.set_len(cut as u64)?;
            file.flush()?;
        }
        Ok(file)
    }
}

impl Outside for OutsideFile {
    fn append(&self, checkpoint: &Checkpoint) -> io::Result<()> {
        let mut held = self.file.lock().map_err(|_| io::Error::other("a writer panicked"))?;
        let file = match &mut *held {
            Some(file) => file,
            empty => empty.insert(self.open()?),
        };
        let mut line = serde_json::to_vec(checkpoint)?;
        line.push(b'\n');
        file.write_all(&line)?;
        file.sync_data()
    }
}
