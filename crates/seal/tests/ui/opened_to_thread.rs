//@ E0277: cannot be shared between threads safely
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(g: &Grant<Dispatch>, r: &Rider) {
    let opened = g.open::<RiderPhone>(r).ok().unwrap();
    std::thread::scope(|s| {
        s.spawn(|| opened.as_str().len());
    });
}

fn main() {}
