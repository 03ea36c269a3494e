//! Rate limits: the generic cell rate algorithm over cost units. Time is an argument, so limits follow the kernel's clock.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use sarai_kernel::{
    Timestamp,
    time::{MINUTE, SECOND},
};

use crate::problem::Problem;

/// Most principals that are remembered; past it those with a full budget are forgotten.
const REMEMBERED_MAX: usize = 65_536;

/// A budget of cost units a minute for each principal.
pub(crate) struct Rate {
    units: u32,
    burst: i64,
    step: i64,
    full_at: Mutex<HashMap<String, i64>>,
}

/// What a request did to its budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) allowed: bool,
    /// Units left.
    pub(crate) left: u32,
    /// Seconds until the budget is full again.
    pub(crate) reset_seconds: u64,
    /// Seconds until this request would be allowed.
    pub(crate) wait_seconds: u64,
}

impl Verdict {
    pub(crate) fn fine(&self) -> Result<(), Problem> {
        if self.allowed {
            Ok(())
        } else {
            Err(Problem::new("rate_limited").after(self.wait_seconds))
        }
    }
}

impl Rate {
    /// `units` a minute, of which `burst` may be spent at once.
    pub(crate) fn new(units: u32, burst: u32) -> Self {
        let step = MINUTE / i64::from(units.max(1));
        Self { units, burst: step * i64::from(burst.max(1)), step, full_at: Mutex::default() }
    }

    pub(crate) const fn units(&self) -> u32 {
        self.units
    }

    /// Spend `cost` units of `principal`.
    pub(crate) fn spend(&self, principal: &str, cost: u32, now: Timestamp) -> Verdict {
        let now = now.as_micros();
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= REMEMBERED_MAX {
            full_at.retain(|_, full| *full > now);
        }
        let before = full_at.get(principal).copied().unwrap_or(now).max(now);
        let after = before.saturating_add(self.step.saturating_mul(i64::from(cost)));
        let over = after - now - self.burst;
        let allowed = over <= 0;
        let stands = if allowed { after } else { before };
        if allowed {
            full_at.insert(principal.to_owned(), after);
        }
        let left = (self.burst - (stands - now)) / self.step;
        Verdict {
            allowed,
            left: u32::try_from(left).unwrap_or(0),
            reset_seconds: seconds_up(stands - now),
            wait_seconds: seconds_up(over.max(0)),
        }
    }
}

fn seconds_up(micros: i64) -> u64 {
    u64::try_from((micros + SECOND - 1).div_euclid(SECOND)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_holds_at_its_edge_and_comes_back_with_time() {
        let rate = Rate::new(60, 60);
        let at = |seconds: i64| Timestamp::from_micros(1_000 * MINUTE + seconds * SECOND);
        for left in (0..60).rev() {
            assert_eq!(rate.spend("a", 1, at(0)).left, left);
        }
        let refused = rate.spend("a", 1, at(0));
        assert!(!refused.allowed);
        assert_eq!((refused.left, refused.wait_seconds, refused.reset_seconds), (0, 1, 60));
        assert!(rate.spend("b", 1, at(0)).allowed, "another principal has its own budget");
        assert!(!rate.spend("a", 2, at(1)).allowed);
        assert!(rate.spend("a", 1, at(1)).allowed);
        assert!(rate.spend("a", 60, at(61)).allowed);
        assert!(!rate.spend("a", 61, at(1_000)).allowed, "more than the burst is never allowed");
    }
}
