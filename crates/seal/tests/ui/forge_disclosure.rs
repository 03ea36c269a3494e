//@ E0624: associated function `new` is private
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(c: Card) -> Disclosed<Card, Dispatch> {
    Disclosed::new(c)
}

fn main() {}
