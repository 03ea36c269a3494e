//@ E0599: no method named `clone` found for struct `Sealed
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(r: &Rider) {
    let _ = r.phone.clone();
}

fn main() {}
