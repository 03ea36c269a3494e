//@ E0599: no method named `clone` found for struct `Grant<P>`
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(g: Grant<Dispatch>) {
    let _ = g.clone();
}

fn main() {}
