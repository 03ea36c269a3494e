//! Prints what the gazetteer answers: `cargo run -p sarai-geo --example places -- wuxi "济南 历城"`

use sarai_geo::{Gazetteer, Lang};

fn main() {
    let gazetteer = Gazetteer::shared();
    for query in std::env::args().skip(1) {
        println!("{query}");
        for place in gazetteer.search(&query, Lang::En, 8, None) {
            let province = place.province_en.as_deref().unwrap_or(&place.country);
            println!(
                "  {:<12} {:<28} {:<16} {province}, {}",
                place.id,
                place.label(Lang::En),
                place.label(Lang::Zh),
                place.population
            );
        }
    }
}
