//@ E0277: the trait bound `Card: Serialize` is not satisfied
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(c: &Card) {
    json(c);
}

fn main() {}
