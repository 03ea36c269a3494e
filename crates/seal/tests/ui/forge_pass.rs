//@ E0451: field `purpose` of struct `Pass` is private
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(c: &Card) {
    let pass = __private::Pass::<Dispatch> { purpose: std::marker::PhantomData };
    json(&pass.show(&c.phone));
}

fn main() {}
