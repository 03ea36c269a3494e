//@ error: `schema = 1` is missing
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

#[derive(Record)]
#[record(kind = "lane")]
pub struct Lane {
    pub km: u32,
}

fn main() {}
