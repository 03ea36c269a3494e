//@ E0277: purpose `Marketing` may not open field `RiderPhone`
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(g: &Grant<Marketing>, c: Card) {
    let _ = g.disclose(c);
}

fn main() {}
