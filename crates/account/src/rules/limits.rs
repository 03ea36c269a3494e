//! How many codes go out in all: by address, by block of numbers, by the whole server. And how many guesses the server takes.
//! Kept in the memory of one process; what one number may get is in the store (see [`super::code`]).

use std::collections::{HashMap, VecDeque};

use sarai_kernel::{
    Timestamp,
    time::{DAY, HOUR},
};

/// Codes asked for from one address (IPv4 /32, IPv6 /64) within an hour.
pub const ADDRESS_AN_HOUR_MAX: usize = 10;
/// Codes to one block of numbers (all but the last four digits) within an hour.
pub const PREFIX_AN_HOUR_MAX: usize = 30;
/// Codes of the whole server within an hour.
pub const SERVER_AN_HOUR_MAX: usize = 2_000;
/// Codes of the whole server within a day: with five tries each, spraying all of them opens 0.05 accounts.
pub const SERVER_A_DAY_MAX: usize = 10_000;
/// Wrong codes that the whole server takes within a day.
pub const WRONG_A_DAY_MAX: usize = 50_000;
/// Most windows kept; past it the oldest go.
const WINDOWS_MAX: usize = 100_000;

/// The budgets of one server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budgets {
    /// See [`ADDRESS_AN_HOUR_MAX`].
    pub address_an_hour: usize,
    /// See [`PREFIX_AN_HOUR_MAX`].
    pub prefix_an_hour: usize,
    /// See [`SERVER_AN_HOUR_MAX`].
    pub server_an_hour: usize,
    /// See [`SERVER_A_DAY_MAX`].
    pub server_a_day: usize,
    /// See [`WRONG_A_DAY_MAX`].
    pub wrong_a_day: usize,
}

impl Default for Budgets {
    fn default() -> Self {
        Self {
            address_an_hour: ADDRESS_AN_HOUR_MAX,
            prefix_an_hour: PREFIX_AN_HOUR_MAX,
            server_an_hour: SERVER_AN_HOUR_MAX,
            server_a_day: SERVER_A_DAY_MAX,
            wrong_a_day: WRONG_A_DAY_MAX,
        }
    }
}

/// Moments of one kind of act within a span.
#[derive(Debug, Default)]
struct Window(VecDeque<Timestamp>);

impl Window {
    fn free_at(&mut self, most: usize, span: i64, now: Timestamp) -> Result<(), Timestamp> {
        while self.0.front().is_some_and(|at| now.since(*at) >= span) {
            self.0.pop_front();
        }
        match self.0.front() {
            Some(oldest) if self.0.len() >= most => Err(oldest.plus(span)),
            _ => Ok(()),
        }
    }
}

/// Counts what goes out and what comes back wrong.
#[derive(Debug, Default)]
pub struct Limiter {
    budgets: Budgets,
    addresses: HashMap<String, Window>,
    prefixes: HashMap<u64, Window>,
    hour: Window,
    day: Window,
    wrong: Window,
}

impl Limiter {
    /// A limiter with these budgets.
    pub fn new(budgets: Budgets) -> Self {
        Self { budgets, ..Self::default() }
    }

    /// Counts one code to a block of numbers, asked for from `address`; or says when it may go. `prefix` is a hash: numbers are not kept.
    pub fn send(&mut self, address: &str, prefix: u64, now: Timestamp) -> Result<(), Timestamp> {
        let budgets = self.budgets;
        if self.addresses.len() > WINDOWS_MAX || self.prefixes.len() > WINDOWS_MAX {
            self.sweep(now);
        }
        self.day.free_at(budgets.server_a_day, DAY, now)?;
        self.hour.free_at(budgets.server_an_hour, HOUR, now)?;
        let by_address = self.addresses.entry(address.to_owned()).or_default();
        by_address.free_at(budgets.address_an_hour, HOUR, now)?;
        let by_prefix = self.prefixes.entry(prefix).or_default();
        by_prefix.free_at(budgets.prefix_an_hour, HOUR, now)?;
        for window in [by_address, by_prefix, &mut self.hour, &mut self.day] {
            window.0.push_back(now);
        }
        Ok(())
    }

    /// Whether the server still takes guesses today.
    pub fn may_guess(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        self.wrong.free_at(self.budgets.wrong_a_day, DAY, now)
    }

    /// Counts a wrong guess.
    pub fn guessed_wrong(&mut self, now: Timestamp) {
        if self.may_guess(now).is_ok() {
            self.wrong.0.push_back(now);
        }
    }

    /// Lets go of windows in which nothing counts any more; if that is not enough, of all.
    fn sweep(&mut self, now: Timestamp) {
        let live = |window: &mut Window| window.0.back().is_some_and(|at| now.since(*at) < HOUR);
        self.addresses.retain(|_, window| live(window));
        self.prefixes.retain(|_, window| live(window));
        // The server's own budget still holds, and it is far below this many.
        if self.addresses.len() > WINDOWS_MAX {
            self.addresses.clear();
        }
        if self.prefixes.len() > WINDOWS_MAX {
            self.prefixes.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::code::TRIES_MAX;

    const NOON: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

    /// One million accounts, ten thousand addresses, a whole day: expected hits stay below a tenth.
    #[test]
    fn otp_spray_opens_less_than_a_tenth_of_an_account_a_day() {
        let mut limiter = Limiter::new(Budgets::default());
        let (mut challenges, mut guesses) = (0_u32, 0_u32);
        for account in 0..1_000_000_u64 {
            let now = NOON.plus(i64::try_from(account).expect("small") * DAY / 1_000_000);
            let address = format!("10.0.{}.{}", (account % 10_000) / 100, account % 100);
            // Ten thousand numbers share a block.
            if limiter.send(&address, account / 10_000, now).is_err() {
                continue;
            }
            challenges += 1;
            for _ in 0..TRIES_MAX {
                if limiter.may_guess(now).is_ok() {
                    limiter.guessed_wrong(now);
                    guesses += 1;
                }
            }
        }
        let hits = f64::from(guesses) / 1e6;
        assert!(challenges > 0);
        assert!(hits < 0.1, "{guesses} guesses, {hits} hits expected");
    }

    #[test]
    fn pumping_one_block_of_numbers_leaves_the_others_served() {
        let mut limiter = Limiter::new(Budgets::default());
        let mut sent = 0;
        for bot in 0..5_000_u32 {
            let address = format!("10.{}.{}.1", bot / 250, bot % 250);
            sent += usize::from(limiter.send(&address, 1, NOON).is_ok());
        }
        assert_eq!(sent, PREFIX_AN_HOUR_MAX);
        assert!(limiter.send("10.99.0.1", 2, NOON).is_ok());
    }

    #[test]
    fn every_budget_holds_at_its_bound_and_opens_after_its_span() {
        let budgets = Budgets { server_an_hour: 3, server_a_day: 4, ..Budgets::default() };
        let mut limiter = Limiter::new(budgets);
        for number in 0..3 {
            assert!(limiter.send("a", number, NOON).is_ok());
        }
        assert_eq!(limiter.send("b", 9, NOON), Err(NOON.plus(HOUR)));
        assert!(limiter.send("b", 9, NOON.plus(HOUR)).is_ok());
        assert_eq!(limiter.send("c", 10, NOON.plus(HOUR)), Err(NOON.plus(DAY)));
    }

    #[test]
    fn one_address_gets_ten_an_hour() {
        let mut limiter = Limiter::new(Budgets::default());
        let given = (0..20).filter(|n| limiter.send("a", *n, NOON).is_ok()).count();
        assert_eq!(given, ADDRESS_AN_HOUR_MAX);
    }
}
