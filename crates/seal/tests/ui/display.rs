//@ E0277: `Sealed<Phone, RiderPhone>` doesn't implement `Display`
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(r: &Rider) {
    println!("{}", r.phone);
}

fn main() {}
