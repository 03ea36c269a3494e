//@ E0369: binary operation `==` cannot be applied to type `Sealed<Phone, RiderPhone>`
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(a: &Rider, b: &Rider) -> bool {
    a.phone == b.phone
}

fn main() {}
