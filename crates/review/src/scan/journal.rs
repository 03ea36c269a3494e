//! What is done already: a file of one line a finished source, so that a scan that was cut off goes on where it was.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufRead, BufReader, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::Mutex,
};

use serde::{Deserialize, Serialize};

use super::Source;

/// How a source is known again: a changed file is another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Mark {
    name: String,
    bytes: u64,
    /// Nanoseconds since 1970; 0 where there is none.
    changed: i128,
    /// What was asked for: another question has other answers.
    question: String,
}

impl Mark {
    pub(super) fn new(name: &str, bytes: u64, changed: i128, question: &str) -> Self {
        Self { name: name.to_owned(), bytes, changed, question: question.to_owned() }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    mark: Mark,
    source: Source,
}

/// Finished sources.
#[derive(Debug)]
pub(super) struct Journal {
    done: HashMap<Mark, Source>,
    file: Mutex<File>,
}

impl Journal {
    /// Opens a journal, or begins one. A last line that is not whole is from a scan that was cut off: its source is read again.
    ///
    /// # Errors
    /// The file does not open.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut done = HashMap::new();
        let mut file =
            File::options().read(true).append(true).create(true).mode(0o600).open(path)?;
        let mut whole = true;
        for line in BufReader::new(&file).lines() {
            let line = line?;
            match serde_json::from_str::<Line>(&line) {
                Ok(line) => {
                    done.insert(line.mark, line.source);
                }
                Err(_) => whole = false,
            }
        }
        if !whole {
            file.write_all(b"\n")?;
        }
        Ok(Self { done, file: Mutex::new(file) })
    }

    /// The finished source of a mark.
    pub(super) fn done(&self, mark: &Mark) -> Option<&Source> {
        self.done.get(mark)
    }

    /// Keeps a finished source.
    pub(super) fn keep(&self, mark: Mark, source: &Source) -> io::Result<()> {
        let line = Line { mark, source: source.clone() };
        let mut text = serde_json::to_vec(&line)?;
        text.push(b'\n');
        let mut file = self.file.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        file.write_all(&text)?;
        file.sync_data()
    }
}
