//! One row a driver and a vehicle: who is busy when. A booking updates it under its version, so nobody is booked twice.

use sarai_kernel::{OrderId, Timestamp};
use sarai_seal::Record;
use serde::{Deserialize, Serialize};

/// One run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Busy {
    /// The order.
    pub order: OrderId,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
}

/// The runs of one driver or one vehicle. Its id is the driver's, or the mark of the vehicle's plate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Record)]
#[record(kind = "calendar", schema = 1)]
pub struct Calendar {
    /// The runs, by time.
    pub runs: Vec<Busy>,
}

/// Runs that one row may hold.
pub const RUNS_MAX: usize = 200;

impl Calendar {
    /// The run that is in the way of another from `from` to `to`.
    pub fn in_the_way(&self, from: Timestamp, to: Timestamp) -> Option<&Busy> {
        self.runs.iter().find(|run| run.from < to && from < run.to)
    }

    /// Puts a run in; false when another is in the way or the row is full.
    #[must_use]
    pub fn book(&mut self, run: Busy) -> bool {
        let free = self.in_the_way(run.from, run.to).is_none() && self.runs.len() < RUNS_MAX;
        if free {
            self.runs.push(run);
            self.runs.sort_by_key(|run| run.from);
        }
        free
    }

    /// Takes an order's run out.
    pub fn free(&mut self, order: OrderId) {
        self.runs.retain(|run| run.order != order);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn run(order: u128, from: i64, to: i64) -> Busy {
        Busy {
            order: OrderId::from_uuid(Uuid::from_u128(order)),
            from: Timestamp::from_micros(from),
            to: Timestamp::from_micros(to),
        }
    }

    proptest! {
        #[test]
        fn no_two_runs_of_one_row_ever_overlap(wishes in proptest::collection::vec((0i64..50, 1i64..10), 0..40)) {
            let mut row = Calendar::default();
            for (n, (from, length)) in wishes.iter().enumerate() {
                let _ = row.book(run(n as u128, *from, from + length));
                if n % 5 == 0 {
                    row.free(OrderId::from_uuid(Uuid::from_u128(n as u128 / 2)));
                }
            }
            for (a, b) in row.runs.iter().zip(row.runs.iter().skip(1)) {
                prop_assert!(a.to <= b.from);
            }
        }
    }
}
