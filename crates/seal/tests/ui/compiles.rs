//@ compiles
#[path = "town.rs"]
mod town;
use sarai_seal::*;
use town::*;

pub fn f(g: &Grant<Dispatch>, r: &Rider, c: Card, p: Page) -> Result<usize, Denied> {
    json(&g.disclose(c)?);
    json(&g.disclose(p)?);
    let everyone = r.phone.read(&g.sweep::<RiderPhone>()?).map_or(0, |p| p.as_str().len());
    println!("{r:?}", r = r.phone);
    Ok(everyone + g.open::<RiderPhone>(r)?.as_str().len())
}

fn main() {}
