//@ error: a view with sealed fields needs `#[subject]`
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

#[derive(Disclose)]
pub struct Tail {
    pub phone: Sealed<Phone, RiderPhone>,
}

fn main() {}
