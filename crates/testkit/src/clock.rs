//! A clock that is told the time.

use std::sync::atomic::{AtomicI64, Ordering};

use sarai_kernel::{Clock, Timestamp};

/// Stands still until it is moved.
#[derive(Debug)]
pub struct SetClock(AtomicI64);

impl SetClock {
    /// A clock that shows `at`.
    pub const fn new(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.as_micros()))
    }

    /// Moves it on by so many microseconds and shows the new moment.
    pub fn pass(&self, micros: i64) -> Timestamp {
        Timestamp::from_micros(self.0.fetch_add(micros, Ordering::SeqCst) + micros)
    }

    /// Sets it.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.as_micros(), Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}
