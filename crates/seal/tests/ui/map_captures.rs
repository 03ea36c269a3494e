//@ E0308: mismatched types
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(r: &Rider) {
    let mut out = String::new();
    r.phone.map(|p| {
        out.push_str(p.as_str());
    });
}

fn main() {}
