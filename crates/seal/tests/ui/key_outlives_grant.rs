//@ E0515: cannot return value referencing function parameter `g`
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(g: Grant<Dispatch>) -> Option<Key<'static, RiderPhone>> {
    g.sweep::<RiderPhone>().ok()
}

fn main() {}
