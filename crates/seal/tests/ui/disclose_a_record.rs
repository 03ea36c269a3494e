//@ E0277: `Rider` is not a view that purpose `Dispatch` may show
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(g: &Grant<Dispatch>, r: Rider) {
    let _ = g.disclose(r);
}

fn main() {}
