//! The gate over HTTP: orders of authorities, and data that leaves, on both stores.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

mod authority;
mod catalogue;
mod desk;
mod directives;
mod transfers;
