//@ E0277: the trait bound `Opened<'_, Phone>: Serialize` is not satisfied
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(g: &Grant<Dispatch>, r: &Rider) {
    json(&g.open::<RiderPhone>(r).ok().unwrap());
}

fn main() {}
