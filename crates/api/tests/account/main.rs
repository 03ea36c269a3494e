//! Members over HTTP: from the first code to money and papers, through the wire's own front door.
#![expect(clippy::expect_used, reason = "a journey that cannot go on is a failed test")]

mod journeys;
mod review;
mod talk;
mod town;
