//! What the seal does at run time, and what must not compile.

mod fixture;
mod record;
mod rules;
