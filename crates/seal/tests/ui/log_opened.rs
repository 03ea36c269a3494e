//@ E0277: `Opened<'_, Phone>` doesn't implement `Debug`
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(g: &Grant<Dispatch>, r: &Rider) {
    println!("{:?}", g.open::<RiderPhone>(r).ok().unwrap());
}

fn main() {}
