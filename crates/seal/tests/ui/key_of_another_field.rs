//@ E0308: mismatched types
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(g: &Grant<Dispatch>, r: &Rider) {
    let key = g.sweep::<RiderMail>().ok().unwrap();
    let _ = r.phone.read(&key);
}

fn main() {}
