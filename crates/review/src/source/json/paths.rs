//! Where a value stands in a document: `$.user.phones[*]`.

use std::collections::{HashMap, HashSet};

/// Different keys of one object beyond which keys are taken for data: `{"13800138000": …}` is a column `*`, not one for each number.
const KEYS_MAX: usize = 256;
/// The longest path, in bytes.
const PATH_BYTES_MAX: usize = 512;
/// Numbers side by side in an array that may be a position.
const NUMBERS: std::ops::RangeInclusive<usize> = 2..=3;

#[derive(Debug)]
enum Level {
    Object {
        at: usize,
    },
    /// `rows`: each object in it is a row. `numbers`: all values so far, if they are numbers.
    Array {
        at: usize,
        rows: bool,
        numbers: Option<Vec<String>>,
    },
}

/// The place of the value that is being read.
#[derive(Debug)]
pub struct Paths {
    path: String,
    levels: Vec<Level>,
    /// Keys seen by path of their object.
    keys: HashMap<String, HashSet<String>>,
    known: usize,
    columns_max: usize,
}

impl Paths {
    pub fn new(columns_max: usize) -> Self {
        Self {
            path: "$".to_owned(),
            levels: Vec::new(),
            keys: HashMap::new(),
            known: 0,
            columns_max,
        }
    }

    /// A new document.
    pub fn restart(&mut self) {
        self.path.clear();
        self.path.push('$');
        self.levels.clear();
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn enter_object(&mut self) {
        self.levels.push(Level::Object { at: self.path.len() });
    }

    /// Whether the object was a row.
    pub fn leave_object(&mut self) -> bool {
        if let Some(Level::Object { at }) = self.levels.pop() {
            self.path.truncate(at);
        }
        matches!(self.levels.last(), Some(Level::Array { rows: true, .. }))
    }

    pub fn enter_array(&mut self) {
        let at = self.path.len();
        let inside = self.levels.iter().any(|level| matches!(level, Level::Array { .. }));
        if self.path.len() < PATH_BYTES_MAX {
            self.path.push_str("[*]");
        }
        self.levels.push(Level::Array { at, rows: !inside, numbers: Some(Vec::new()) });
    }

    pub fn leave_array(&mut self) {
        if let Some(Level::Array { at, .. }) = self.levels.pop() {
            self.path.truncate(at);
        }
    }

    /// The numbers of the array that ends, where it had nothing else and they may be a position.
    pub fn position(&mut self) -> Option<String> {
        match self.levels.last_mut() {
            Some(Level::Array { numbers: kept @ Some(_), .. }) => {
                kept.take_if(|numbers| NUMBERS.contains(&numbers.len())).map(|n| n.join(","))
            }
            _ => None,
        }
    }

    /// Keeps a number that may be half of a position; false where it is a value by itself.
    pub fn number(&mut self, text: &str) -> bool {
        match self.levels.last_mut() {
            Some(Level::Array { numbers: Some(numbers), .. }) if numbers.len() < *NUMBERS.end() => {
                numbers.push(text.to_owned());
                true
            }
            _ => false,
        }
    }

    /// The numbers that were kept, because something else follows: they are values by themselves.
    pub fn kept_numbers(&mut self) -> Vec<String> {
        match self.levels.last_mut() {
            Some(Level::Array { numbers, .. }) => numbers.take().unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    pub fn key(&mut self, key: &str) {
        let Some(Level::Object { at }) = self.levels.last() else { return };
        self.path.truncate(*at);
        if self.path.len() + key.len() >= PATH_BYTES_MAX {
            self.path.push_str(".*");
            return;
        }
        let keys = match self.keys.get_mut(&self.path) {
            Some(keys) => keys,
            None => self.keys.entry(self.path.clone()).or_default(),
        };
        let known = keys.contains(key);
        if !known && (keys.len() >= KEYS_MAX || self.known >= self.columns_max) {
            self.path.push_str(".*");
            return;
        }
        if !known {
            keys.insert(key.to_owned());
            self.known += 1;
        }
        self.path.push('.');
        self.path.push_str(key);
    }
}
