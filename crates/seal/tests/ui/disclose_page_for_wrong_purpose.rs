//@ E0277: purpose `Marketing` may not open field `RiderPhone`
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(g: &Grant<Marketing>, p: Page) {
    let _ = g.disclose(p);
}

fn main() {}
