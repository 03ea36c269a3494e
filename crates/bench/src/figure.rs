//! A figure: ours beside the peer's.

use serde::Serialize;

/// One line of output.
#[derive(Debug, Serialize)]
pub struct Figure {
    /// Name of the benchmark.
    pub bench: &'static str,
    /// What was measured.
    pub figure: String,
    /// In what.
    pub unit: &'static str,
    /// Ours.
    pub ours: f64,
    /// Compared with.
    pub peer: String,
    /// The peer's.
    pub theirs: f64,
    /// How many times better ours is: above 1 is ahead, whichever way the unit runs.
    pub ratio: f64,
    /// On what data.
    pub data: String,
}

/// Which way a unit runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// More is better: bookings a second.
    More,
    /// Less is better: milliseconds.
    Less,
}

impl Figure {
    /// Works out the ratio and prints the line.
    pub fn print(mut self, better: Better) {
        self.ratio = match better {
            Better::More => self.ours / self.theirs,
            Better::Less => self.theirs / self.ours,
        };
        for number in [&mut self.ours, &mut self.theirs, &mut self.ratio] {
            *number = (*number * 1_000.0).round() / 1_000.0;
        }
        println!("{}", serde_json::to_string(&self).expect("a figure is JSON"));
    }
}
