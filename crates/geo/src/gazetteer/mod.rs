//! Real places: cities of the world (GeoNames) and the divisions of China down to the district, in both
//! languages. Built in; where the data comes from and under which licences: `data/ATTRIBUTION.md`.

mod data;
mod fold;
mod index;
mod near;
mod search;

use crate::Point;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// The most characters of a query that are looked at.
pub const QUERY_CHARS_MAX: usize = 100;
/// The most places one search gives.
pub const LIMIT_MAX: usize = 50;

/// What kind of place it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A city, or a Chinese prefecture with its centre.
    City,
    /// A district, county or county-level city of a Chinese city.
    District,
    /// A smaller place; in China it stands under its city, with its own name as the district.
    Town,
}

/// The language somebody reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

/// A place, with all that is needed to show it: "Wuxi Huishan", "无锡 惠山".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Stable: `cn-` and a division code, or `gn-` and a GeoNames number.
    pub id: String,
    /// City, district or town.
    pub kind: Kind,
    /// The city's name.
    pub name_en: String,
    /// The city's name in Chinese, where known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name_zh: Option<String>,
    /// The district's name, for a place below a city.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub district_en: Option<String>,
    /// The district's name in Chinese.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub district_zh: Option<String>,
    /// The province's name; none for municipalities and outside China.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub province_en: Option<String>,
    /// The province's name in Chinese.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub province_zh: Option<String>,
    /// ISO 3166 code of two letters, as GeoNames has it.
    pub country: String,
    /// Its centre.
    pub point: Point,
    /// People living there; 0 where the source has no figure.
    pub population: u64,
}

impl Place {
    /// The city's name in a language, or in the other where there is none.
    pub fn city(&self, lang: Lang) -> &str {
        match (lang, &self.name_zh) {
            (Lang::Zh, Some(zh)) => zh,
            _ => &self.name_en,
        }
    }

    /// The district's name in a language, or in the other where there is none.
    pub fn district(&self, lang: Lang) -> Option<&str> {
        let zh = self.district_zh.as_deref();
        let en = self.district_en.as_deref();
        match lang {
            Lang::Zh => zh.or(en),
            Lang::En => en.or(zh),
        }
    }

    /// City and district in one line.
    pub fn label(&self, lang: Lang) -> String {
        match self.district(lang) {
            Some(district) => format!("{} {district}", self.city(lang)),
            None => self.city(lang).to_owned(),
        }
    }
}

/// All places, with the indexes to find them.
pub struct Gazetteer {
    records: Vec<data::Record>,
    provinces: Vec<data::Province>,
    ids: data::Ids,
    grams: index::Grams,
    divisions: index::Divisions,
    tree: near::Tree,
}

static SHARED: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::load);

impl Gazetteer {
    /// The one gazetteer of the process, loaded on first use.
    pub fn shared() -> &'static Self {
        &SHARED
    }

    /// Reads the built-in data and builds the indexes.
    pub fn load() -> Self {
        let data::Data { records, provinces, ids } = data::read();
        let grams = index::Grams::of(&records);
        let divisions = index::Divisions::of(&records, &provinces);
        let tree = near::Tree::of(records.iter().map(|r| r.point));
        Self { records, provinces, ids, grams, divisions, tree }
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Places that a query may mean, best first: by how well the names match, then by size, `near` first
    /// where it is given. A query may name several levels in any order ("济南 历城", "Huishan, Wuxi").
    pub fn search(&self, query: &str, lang: Lang, limit: usize, near: Option<Point>) -> Vec<Place> {
        let hits = search::Search { gazetteer: self, lang, near }.best(query, limit.min(LIMIT_MAX));
        hits.into_iter().map(|i| self.place(i)).collect()
    }

    /// The place with this id.
    pub fn get(&self, id: &str) -> Option<Place> {
        self.ids.find(id).map(|i| self.place(i))
    }

    /// The place whose centre is nearest.
    pub fn nearest(&self, point: Point) -> Place {
        self.place(self.tree.nearest(point, |_| true))
    }

    /// The nearest city or district, leaving towns out: what a position is called in public.
    pub fn nearest_division(&self, point: Point) -> Place {
        self.place(self.tree.nearest(point, |i| self.records[i].kind != Kind::Town))
    }

    /// The city that a place belongs to; itself for a city.
    pub fn city_of(&self, id: &str) -> Option<Place> {
        let i = self.ids.find(id)?;
        Some(self.place(self.records[i].city.unwrap_or(i)))
    }

    /// The districts and towns of a city.
    pub fn below(&self, id: &str) -> Vec<Place> {
        let Some(i) = self.ids.find(id) else {
            return Vec::new();
        };
        self.divisions.below(i).iter().map(|&i| self.place(i as usize)).collect()
    }

    fn place(&self, i: usize) -> Place {
        let own = &self.records[i];
        let city = own.city.map_or(own, |c| &self.records[c]);
        let below = own.city.is_some();
        let province = own.province.map(|p| &self.provinces[p]);
        let text = |s: &'static str| (!s.is_empty()).then(|| s.to_owned());
        Place {
            id: own.id.to_string(),
            kind: own.kind,
            name_en: city.en.to_owned(),
            name_zh: text(city.zh),
            district_en: if below { text(own.en) } else { None },
            district_zh: if below { text(own.zh) } else { None },
            province_en: province.and_then(|p| text(p.en)),
            province_zh: province.and_then(|p| text(p.zh)),
            country: own.country.to_owned(),
            point: own.point,
            population: own.population,
        }
    }
}

#[cfg(test)]
mod tests;
