//@ E0308: mismatched types
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(g: &Grant<Dispatch>, c: &Column<Phone, RiderPhone>) {
    let key = g.sweep::<RiderMail>().ok().unwrap();
    let _ = c.read(&key).len();
}

fn main() {}
