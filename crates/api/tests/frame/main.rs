//! The frame of the wire over HTTP: what every route promises, whatever room it leads to.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

mod answers;
mod csrf;
mod hooks;
mod limits;
mod once;
mod stream;
mod world;
