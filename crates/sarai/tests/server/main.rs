//! The real binary as a server: killed again and again, and searched for what must not leave its seals.

#![expect(clippy::expect_used, reason = "a test that cannot go on must stop and say where")]

mod books;
mod hook;
mod house;
mod journal;
mod kill;
mod people;
mod taint;
mod work;
