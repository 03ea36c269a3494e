//! Bounds of readers. Each is a number with a unit, and has a test one below, at and one above where a file can reach it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Bounds of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Archives inside archives.
    pub archive_depth_max: u32,
    /// Entries of all archives of a source.
    pub archive_entries_max: u64,
    /// Bytes that come out of all archives of a source.
    pub unpacked_bytes_max: u64,
    /// Times the source's own length that may come out of it …
    pub unpacked_ratio_max: u64,
    /// … once this many bytes have.
    pub unpacked_free_bytes: u64,
    /// Bytes of an inner file that its reader must hold as a whole.
    pub memory_bytes_max: u64,
    /// Nesting of JSON and XML.
    pub nesting_max: usize,
    /// Columns of a table.
    pub columns_max: usize,
    /// Pages of a PDF.
    pub pages_max: usize,
    /// Rows of a database's table; 0 for all.
    pub sample_rows: u64,
    /// Time for a small file; a larger one has a second more for each [`Limits::bytes_per_second_min`].
    pub file_time_max: Duration,
    /// The slowest a reader may be.
    pub bytes_per_second_min: u64,
    /// Time for a database.
    pub database_time_max: Duration,
    /// Time for one statement on a database.
    pub statement_time_max: Duration,
    /// Address space that a worker may write to, in bytes.
    pub worker_memory_bytes_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            archive_depth_max: 4,
            archive_entries_max: 10_000,
            unpacked_bytes_max: 1 << 40,
            unpacked_ratio_max: 100,
            unpacked_free_bytes: 10 << 20,
            memory_bytes_max: 256 << 20,
            nesting_max: 64,
            columns_max: 2_048,
            pages_max: 2_000,
            sample_rows: 10_000,
            file_time_max: Duration::from_secs(60),
            bytes_per_second_min: 1 << 20,
            database_time_max: Duration::from_secs(600),
            statement_time_max: Duration::from_secs(30),
            worker_memory_bytes_max: 2 << 30,
        }
    }
}

impl Limits {
    /// Time for a file of this length.
    pub fn time_for(&self, bytes: u64) -> Duration {
        let free = self.bytes_per_second_min.saturating_mul(self.file_time_max.as_secs());
        let more = bytes.saturating_sub(free) / self.bytes_per_second_min.max(1);
        self.file_time_max + Duration::from_secs(more)
    }
}
