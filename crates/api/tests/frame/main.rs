//! The frame of the wire over HTTP: what every route promises, whatever room it leads to.

mod answers;
mod csrf;
mod limits;
mod once;
mod stream;
mod world;
