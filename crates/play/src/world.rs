//! A freight world: shippers, truckers and loads between real Chinese cities, drawn from one seed.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};
use sarai_geo::{Gazetteer, Lang, Place, Point, estimate};

use crate::names;

/// A seeded source of choices.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The same seed throws the same.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number below `bound` (0 for a bound of 0).
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0.next_u64().checked_rem(bound).unwrap_or(0)
    }

    /// A number in `min..=max`.
    pub fn between(&mut self, min: i64, max: i64) -> i64 {
        let width = u64::try_from(max.saturating_sub(min)).unwrap_or(0).saturating_add(1);
        min.saturating_add(i64::try_from(self.below(width)).unwrap_or(0))
    }

    /// True `percent` times in a hundred.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of a list that is not empty.
    pub fn pick<T: Copy, const N: usize>(&mut self, list: &[T; N]) -> T {
        let at = usize::try_from(self.below(N as u64)).unwrap_or(0);
        *list.get(at).unwrap_or(&list[0])
    }

    fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }
}

/// A company that posts loads.
#[derive(Debug, Clone)]
pub struct ShipperPlan {
    /// Company name.
    pub name: String,
    /// Telephone number in an unassigned block.
    pub phone: String,
}

/// A trucker with a vehicle.
#[derive(Debug, Clone)]
pub struct TruckerPlan {
    /// Name.
    pub name: String,
    /// Telephone number in an unassigned block.
    pub phone: String,
    /// Plate.
    pub plate: String,
    /// Body, as the freight market names it.
    pub body: &'static str,
    /// Length of the bed.
    pub length_mm: u32,
    /// Payload.
    pub payload_kg: u32,
    /// Where it is.
    pub home: Place,
}

/// One end of a lane: a district, a spot in it, and an address.
#[derive(Debug, Clone)]
pub struct Lane {
    /// The district.
    pub place: Place,
    /// A spot near its centre.
    pub point: Point,
    /// A made-up street address.
    pub address: String,
    /// Contact's name.
    pub contact: String,
    /// Contact's telephone number in an unassigned block.
    pub phone: String,
}

/// A load.
#[derive(Debug, Clone)]
pub struct LoadPlan {
    /// Index of its shipper.
    pub shipper: usize,
    /// Stops in order: pickups first.
    pub stops: Vec<Lane>,
    /// Cargo kind, as the freight market names it.
    pub cargo: &'static str,
    /// Words for the cargo.
    pub cargo_name: &'static str,
    /// Mass.
    pub mass_kg: u32,
    /// Volume.
    pub volume_l: u32,
    /// Bodies that fit.
    pub bodies: Vec<&'static str>,
    /// Bed lengths that fit.
    pub lengths_mm: Vec<u32>,
    /// Price at once, or to be bargained over.
    pub one_price: bool,
    /// Price in fen.
    pub price_minor: i64,
    /// Deposit in fen.
    pub deposit_minor: i64,
    /// Hours from now until the pickup window opens.
    pub pickup_in_hours: i64,
    /// Width of the pickup window.
    pub pickup_hours: i64,
    /// Road metres, estimated.
    pub distance_m: u64,
}

/// Everything of one world.
#[derive(Debug, Clone)]
pub struct World {
    /// Companies.
    pub shippers: Vec<ShipperPlan>,
    /// Truckers.
    pub truckers: Vec<TruckerPlan>,
    /// Loads.
    pub loads: Vec<LoadPlan>,
}

/// How large a world is to be.
#[derive(Debug, Clone, Copy)]
pub struct Freight {
    /// Companies.
    pub shippers: usize,
    /// Truckers.
    pub truckers: usize,
    /// Loads.
    pub loads: usize,
}

impl Default for Freight {
    fn default() -> Self {
        Self { shippers: 24, truckers: 12, loads: 260 }
    }
}

/// Cities with much freight and how often they are drawn. The east first, as on the real boards.
const CITIES: [(&str, u64); 36] = [
    ("无锡", 9),
    ("苏州", 9),
    ("上海", 9),
    ("常州", 6),
    ("南京", 7),
    ("杭州", 7),
    ("宁波", 6),
    ("嘉兴", 5),
    ("绍兴", 4),
    ("金华", 5),
    ("合肥", 6),
    ("芜湖", 3),
    ("徐州", 4),
    ("南通", 4),
    ("济南", 6),
    ("青岛", 6),
    ("临沂", 6),
    ("潍坊", 4),
    ("烟台", 3),
    ("郑州", 6),
    ("武汉", 5),
    ("长沙", 4),
    ("南昌", 3),
    ("福州", 3),
    ("厦门", 3),
    ("广州", 5),
    ("深圳", 4),
    ("佛山", 4),
    ("东莞", 4),
    ("成都", 4),
    ("重庆", 4),
    ("西安", 4),
    ("石家庄", 3),
    ("天津", 4),
    ("北京", 3),
    ("沈阳", 2),
];

#[derive(Clone, Copy)]
struct Trade {
    cargo: &'static str,
    name: &'static str,
    tonnes: (i64, i64),
    litres_per_tonne: i64,
    bodies: &'static [&'static str],
    lengths_mm: &'static [u32],
}

const TRADES: [Trade; 10] = [
    Trade {
        cargo: "steel",
        name: "钢卷",
        tonnes: (20, 32),
        litres_per_tonne: 300,
        bodies: &["flatbed"],
        lengths_mm: &[13_000],
    },
    Trade {
        cargo: "steel",
        name: "钢丝",
        tonnes: (18, 31),
        litres_per_tonne: 400,
        bodies: &["flatbed", "high_side"],
        lengths_mm: &[9_600, 13_000],
    },
    Trade {
        cargo: "machinery",
        name: "机床",
        tonnes: (8, 30),
        litres_per_tonne: 1_500,
        bodies: &["low_bed", "flatbed"],
        lengths_mm: &[13_000, 17_500],
    },
    Trade {
        cargo: "auto_parts",
        name: "汽车配件",
        tonnes: (4, 12),
        litres_per_tonne: 4_000,
        bodies: &["box", "curtain"],
        lengths_mm: &[9_600, 13_000],
    },
    Trade {
        cargo: "textiles",
        name: "纺织品",
        tonnes: (5, 14),
        litres_per_tonne: 5_000,
        bodies: &["box", "high_side"],
        lengths_mm: &[9_600, 13_000],
    },
    Trade {
        cargo: "food",
        name: "袋装面粉",
        tonnes: (15, 32),
        litres_per_tonne: 1_800,
        bodies: &["high_side", "box"],
        lengths_mm: &[9_600, 13_000],
    },
    Trade {
        cargo: "produce",
        name: "冷鲜蔬果",
        tonnes: (6, 18),
        litres_per_tonne: 3_500,
        bodies: &["reefer"],
        lengths_mm: &[7_700, 9_600],
    },
    Trade {
        cargo: "building",
        name: "瓷砖",
        tonnes: (16, 32),
        litres_per_tonne: 900,
        bodies: &["high_side", "flatbed"],
        lengths_mm: &[9_600, 13_000],
    },
    Trade {
        cargo: "paper",
        name: "卷筒纸",
        tonnes: (12, 30),
        litres_per_tonne: 1_600,
        bodies: &["box", "curtain", "high_side"],
        lengths_mm: &[13_000],
    },
    Trade {
        cargo: "electronics",
        name: "家电",
        tonnes: (3, 10),
        litres_per_tonne: 7_000,
        bodies: &["box"],
        lengths_mm: &[9_600, 13_000, 17_500],
    },
];

const STREETS: [&str; 10] = [
    "工业北路",
    "锡澄路",
    "长江东路",
    "物流大道",
    "创业路",
    "港口路",
    "开发大道",
    "机场南路",
    "钢城路",
    "新华西路",
];
const GATES: [&str; 5] = ["1号门", "3号门", "东门", "仓库B区", "卸货平台"];

/// Telephone numbers of shippers, truckers and contacts start here. Members lie [`PHONE_STEP`] apart, so that each has a number block
/// of its own: codes are rationed by block.
const SHIPPER_PHONES: u32 = 10_010_000;
const TRUCKER_PHONES: u32 = 20_010_000;
const CONTACT_PHONES: u32 = 30_000_000;
const PHONE_STEP: u32 = 10_000;

impl World {
    /// The world of a seed.
    pub fn generate(seed: u64, size: Freight, gazetteer: &Gazetteer) -> Self {
        let mut dice = Dice::new(seed);
        let cities = Cities::find(gazetteer);
        let shippers = (0..size.shippers).map(|at| shipper(&mut dice, &cities, at)).collect();
        let truckers = (0..size.truckers).map(|at| trucker(&mut dice, &cities, at)).collect();
        let loads =
            (0..size.loads).map(|at| load(&mut dice, &cities, at, size.shippers.max(1))).collect();
        Self { shippers, truckers, loads }
    }
}

struct Cities {
    known: Vec<(Vec<Place>, u64)>,
    weight: u64,
}

impl Cities {
    fn find(gazetteer: &Gazetteer) -> Self {
        let known: Vec<_> = CITIES
            .iter()
            .filter_map(|(name, weight)| {
                let city = gazetteer.search(name, Lang::Zh, 1, None).into_iter().next()?;
                let mut places: Vec<_> = gazetteer
                    .below(&city.id)
                    .into_iter()
                    .filter(|place| place.point.distance_m(city.point) < 60_000.0)
                    .collect();
                if places.is_empty() {
                    places.push(city);
                }
                Some((places, *weight))
            })
            .collect();
        let weight = known.iter().map(|(_, weight)| weight).sum();
        Self { known, weight }
    }

    fn draw(&self, dice: &mut Dice) -> Place {
        let mut left = dice.below(self.weight);
        for (places, weight) in &self.known {
            if left < *weight {
                return places[dice.index(places.len())].clone();
            }
            left -= weight;
        }
        self.known[0].0[0].clone()
    }
}

fn shipper(dice: &mut Dice, cities: &Cities, at: usize) -> ShipperPlan {
    let place = cities.draw(dice);
    let name = names::company(dice, place.city(Lang::Zh));
    ShipperPlan { name, phone: member_phone(SHIPPER_PHONES, at) }
}

fn trucker(dice: &mut Dice, cities: &Cities, at: usize) -> TruckerPlan {
    const TRUCKS: [(&str, u32, u32); 6] = [
        ("flatbed", 13_000, 32_000),
        ("high_side", 13_000, 32_000),
        ("box", 9_600, 18_000),
        ("high_side", 9_600, 18_000),
        ("reefer", 9_600, 16_000),
        ("low_bed", 17_500, 30_000),
    ];
    let (body, length_mm, payload_kg) = TRUCKS[at % TRUCKS.len()];
    TruckerPlan {
        name: names::person(dice),
        phone: member_phone(TRUCKER_PHONES, at),
        plate: names::plate(dice),
        body,
        length_mm,
        payload_kg,
        home: cities.draw(dice),
    }
}

fn member_phone(first: u32, at: usize) -> String {
    names::phone(first + u32::try_from(at % 900).unwrap_or(0) * PHONE_STEP)
}

fn lane(dice: &mut Dice, place: Place, number: u32) -> Lane {
    let bearing = dice.below(360) as f64;
    let distance = dice.between(200, 4_000) as f64;
    Lane {
        point: place.point.towards(bearing, distance),
        address: format!("{}{}号{}", dice.pick(&STREETS), dice.between(1, 399), dice.pick(&GATES)),
        contact: names::person(dice),
        phone: names::phone(CONTACT_PHONES + number),
        place,
    }
}

fn load(dice: &mut Dice, cities: &Cities, at: usize, shippers: usize) -> LoadPlan {
    let trade = dice.pick(&TRADES);
    let from = cities.draw(dice);
    let to = loop {
        let to = cities.draw(dice);
        if to.point.distance_m(from.point) > 60_000.0 {
            break to;
        }
    };
    let number = u32::try_from(at).unwrap_or(0) * 4;
    let mut stops = vec![lane(dice, from, number), lane(dice, to, number + 1)];
    if dice.chance(12) {
        let place = stops[1].place.clone();
        stops.push(lane(dice, place, number + 2));
    }
    let distance_m: f64 =
        stops.windows(2).map(|leg| estimate::road_m(leg[0].point, leg[1].point)).sum();
    let tonnes = dice.between(trade.tonnes.0, trade.tonnes.1);
    let price_yuan = price(dice, distance_m / 1_000.0, tonnes);
    LoadPlan {
        shipper: dice.index(shippers),
        stops,
        cargo: trade.cargo,
        cargo_name: trade.name,
        mass_kg: u32::try_from(tonnes * 1_000).unwrap_or(1_000),
        volume_l: u32::try_from((tonnes * trade.litres_per_tonne).min(120_000)).unwrap_or(1_000),
        bodies: trade.bodies.to_vec(),
        lengths_mm: trade.lengths_mm.to_vec(),
        one_price: dice.chance(55),
        price_minor: price_yuan * 100,
        deposit_minor: dice.pick(&[10_000, 10_000, 15_000, 20_000]),
        pickup_in_hours: dice.between(3, 44),
        pickup_hours: dice.pick(&[3, 4, 4, 6]),
        distance_m: distance_m.round() as u64,
    }
}

/// A plausible price: a start fee and a rate that falls with distance and rises with mass; own assumption, not a market figure.
fn price(dice: &mut Dice, km: f64, tonnes: i64) -> i64 {
    let per_km = 3.2 + 0.085 * tonnes as f64 + 120.0 / km.max(60.0);
    let swing = 0.9 + dice.below(21) as f64 / 100.0;
    (((300.0 + km * per_km) * swing / 10.0).round() as i64) * 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_world_and_loads_are_plausible() {
        let world = World::generate(7, Freight::default(), Gazetteer::shared());
        let again = World::generate(7, Freight::default(), Gazetteer::shared());
        assert_eq!(format!("{world:?}"), format!("{again:?}"));
        assert_eq!(world.loads.len(), Freight::default().loads);
        for load in &world.loads {
            assert!(load.stops.len() >= 2 && load.shipper < world.shippers.len());
            assert!((60_000..6_000_000).contains(&load.distance_m), "{}", load.distance_m);
            assert!((50_000..5_000_000).contains(&load.price_minor), "{}", load.price_minor);
        }
    }

    #[test]
    fn telephone_numbers_lie_in_the_unassigned_block() {
        let world = World::generate(1, Freight::default(), Gazetteer::shared());
        assert!(world.shippers.iter().all(|shipper| shipper.phone.starts_with("+86100")));
        assert!(world.truckers.iter().all(|trucker| trucker.phone.starts_with("+86100")));
    }
}
