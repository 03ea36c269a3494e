//@ error: future cannot be sent between threads safely
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

async fn tick() {}

async fn f(r: Rider, g: Grant<Dispatch>) -> usize {
    let opened = g.open::<RiderPhone>(&r).ok().unwrap();
    tick().await;
    opened.as_str().len()
}

fn spawn(_: impl Future + Send) {}

pub fn g(r: Rider, g: Grant<Dispatch>) {
    spawn(f(r, g));
}

fn main() {}
