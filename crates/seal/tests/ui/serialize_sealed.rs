//@ E0277: the trait bound `Sealed<Phone, RiderPhone>: Serialize` is not satisfied
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(r: &Rider) {
    json(&r.phone);
}

fn main() {}
