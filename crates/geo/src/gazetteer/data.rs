//! The built-in data, unpacked and read once.

use super::{Kind, fold};
use crate::{Datum, Point};
use flate2::read::GzDecoder;
use std::collections::HashMap;
use std::fmt;
use std::io::Read;
use std::sync::LazyLock;

static DIVISIONS: LazyLock<String> =
    LazyLock::new(|| unpack(include_bytes!("../../data/divisions.tsv.gz")));
static CITIES: LazyLock<String> =
    LazyLock::new(|| unpack(include_bytes!("../../data/cities.tsv.gz")));

#[expect(clippy::expect_used, reason = "the data is built in, and the tests read it")]
fn unpack(gz: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(gz).read_to_string(&mut text).expect("the built-in data is whole");
    text
}

/// The id of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Id {
    Division(u32),
    GeoNames(u32),
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Division(code) => write!(f, "cn-{code}"),
            Self::GeoNames(number) => write!(f, "gn-{number}"),
        }
    }
}

pub struct Record {
    pub id: Id,
    pub kind: Kind,
    pub en: &'static str,
    pub zh: &'static str,
    /// Folded names to match: English, Chinese short, Chinese full, and a second name.
    pub key_en: fold::Folded,
    pub key_zh: &'static str,
    pub key_zh_full: &'static str,
    pub key_other: fold::Folded,
    pub country: &'static str,
    /// The record of the city above.
    pub city: Option<usize>,
    pub province: Option<usize>,
    pub point: Point,
    pub population: u64,
}

pub struct Province {
    pub en: &'static str,
    pub zh: &'static str,
    pub zh_full: &'static str,
    pub key_en: String,
}

pub struct Ids(HashMap<Id, u32>);

impl Ids {
    pub fn find(&self, id: &str) -> Option<usize> {
        let (source, number) = id.split_once('-')?;
        let number = number.parse().ok()?;
        let id = match source {
            "cn" => Id::Division(number),
            "gn" => Id::GeoNames(number),
            _ => return None,
        };
        self.0.get(&id).map(|&i| i as usize)
    }
}

pub struct Data {
    pub records: Vec<Record>,
    pub provinces: Vec<Province>,
    pub ids: Ids,
}

#[derive(Default)]
struct Reader {
    records: Vec<Record>,
    provinces: Vec<Province>,
    province_of: HashMap<u32, usize>,
    ids: HashMap<Id, u32>,
}

pub fn read() -> Data {
    let mut reader = Reader::default();
    for line in DIVISIONS.lines() {
        reader.division(line);
    }
    for line in CITIES.lines() {
        reader.city(line);
    }
    Data { records: reader.records, provinces: reader.provinces, ids: Ids(reader.ids) }
}

impl Reader {
    fn division(&mut self, line: &'static str) {
        let mut cells = line.split('\t');
        let mut next = || cells.next().unwrap_or_default();
        let (code, level, en, zh, zh_full) =
            (next().parse().unwrap_or(0), next(), next(), next(), next());
        if level == "province" {
            self.province_of.insert(code / 10_000, self.provinces.len());
            self.provinces.push(Province { en, zh, zh_full, key_en: fold::name(en).text });
            return;
        }
        let Some(point) = point(next(), next()) else {
            return;
        };
        let datum = if next() == "b" { Datum::Bd09 } else { Datum::Wgs84 };
        let (population, other) = (next().parse().unwrap_or(0), next());
        let kind = if level == "city" { Kind::City } else { Kind::District };
        self.push(Record {
            id: Id::Division(code),
            kind,
            en,
            zh,
            key_en: fold::name(en),
            key_zh: zh,
            key_zh_full: zh_full,
            key_other: fold::name(other),
            country: "CN",
            city: if kind == Kind::City { None } else { self.city_above(code) },
            province: self.province_of.get(&(code / 10_000)).copied(),
            point: datum.to_wgs84(point),
            population,
        });
    }

    fn city(&mut self, line: &'static str) {
        let mut cells = line.split('\t');
        let mut next = || cells.next().unwrap_or_default();
        let (number, en, zh, other) = (next().parse().unwrap_or(0), next(), next(), next());
        let (country, district) = (next(), next().parse::<u32>().ok());
        let Some(point) = point(next(), next()) else {
            return;
        };
        let city = district.and_then(|code| self.city_above(code));
        self.push(Record {
            id: Id::GeoNames(number),
            kind: if city.is_some() { Kind::Town } else { Kind::City },
            en,
            zh,
            key_en: fold::name(en),
            key_zh: zh,
            key_zh_full: zh,
            key_other: fold::name(other),
            country,
            city,
            province: district.and_then(|code| self.province_of.get(&(code / 10_000)).copied()),
            point,
            population: next().parse().unwrap_or(0),
        });
    }

    /// The record of the city of a district code: its prefecture, its municipality, or itself.
    fn city_above(&self, code: u32) -> Option<usize> {
        let candidates = [code / 100 * 100, code / 10_000 * 10_000, code];
        let found = candidates.iter().find_map(|c| self.ids.get(&Id::Division(*c)));
        found.map(|&i| i as usize)
    }

    fn push(&mut self, record: Record) {
        self.ids.insert(record.id, self.records.len() as u32);
        self.records.push(record);
    }
}

fn point(lat: &str, lon: &str) -> Option<Point> {
    Point::new(lat.parse().ok()?, lon.parse().ok()?).ok()
}
