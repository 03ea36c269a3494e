//@ E0277: purpose `Marketing` may not open field `RiderPhone`
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(g: &Grant<Marketing>, r: &Rider) {
    let _ = g.open::<RiderPhone>(r);
}

fn main() {}
