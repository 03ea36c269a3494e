//! Shapes that several resources share on the wire: points, names in two languages, areas.

use sarai_freight::{
    ways::{Way, encoded},
    words::Basis,
};
use sarai_geo::{Datum, Place, Point};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;

/// A point in WGS-84 with at most six decimals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
#[schema(as = Point)]
pub struct WirePoint {
    /// Degrees north.
    #[schema(minimum = -90, maximum = 90)]
    pub lat: f64,
    /// Degrees east.
    #[schema(minimum = -180, maximum = 180)]
    pub lon: f64,
}

impl From<Point> for WirePoint {
    fn from(point: Point) -> Self {
        let (lat, lon) = point.micro();
        Self { lat: f64::from(lat) / 1e6, lon: f64::from(lon) / 1e6 }
    }
}

/// The datum that a client's points are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WireDatum {
    /// The world's.
    #[default]
    Wgs84,
    /// China's.
    Gcj02,
    /// Baidu's.
    Bd09,
}

/// A point from a client; converted at the edge.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PointIn {
    /// Degrees north.
    #[schema(minimum = -90, maximum = 90)]
    pub lat: f64,
    /// Degrees east.
    #[schema(minimum = -180, maximum = 180)]
    pub lon: f64,
    /// The datum; WGS-84 if not given.
    #[serde(default)]
    pub datum: WireDatum,
}

impl PointIn {
    /// The point in WGS-84; `out_of_range` at `pointer` if it is nowhere.
    pub fn point(self, pointer: &str) -> Result<Point, Problem> {
        let point =
            Point::new(self.lat, self.lon).map_err(|_| Problem::field(pointer, "out_of_range"))?;
        Ok(match self.datum {
            WireDatum::Wgs84 => point,
            WireDatum::Gcj02 => Datum::Gcj02.to_wgs84(point),
            WireDatum::Bd09 => Datum::Bd09.to_wgs84(point),
        })
    }
}

/// A way as it is drawn.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RouteLine {
    /// Metres driven.
    pub distance_m: i64,
    /// Seconds at the wheel.
    pub duration_seconds: i64,
    /// `road` or `estimated`.
    pub basis: &'static str,
    /// The factor over the great circle, where it is estimated.
    pub factor: Option<f64>,
    /// The line in Google's encoding, precision 5.
    pub geometry: String,
    /// Whose map it is.
    pub attribution: Option<String>,
}

impl From<Way> for RouteLine {
    fn from(way: Way) -> Self {
        Self {
            distance_m: way.route.distance_m,
            duration_seconds: way.route.duration_seconds,
            basis: match way.route.basis {
                Basis::Road => "road",
                Basis::Estimated => "estimated",
            },
            factor: way.route.factor,
            geometry: encoded(&way.line),
            attribution: way.attribution,
        }
    }
}

/// A name in both languages of the pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Text2 {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Text2 {
    /// Both names; the English one stands in where there is no other.
    pub fn of(en: &str, zh: Option<&str>) -> Self {
        Self { en: en.to_owned(), zh: zh.unwrap_or(en).to_owned() }
    }
}

/// Where something is, as coarse as a board may show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Area {
    /// The gazetteer's code of the district, or of the city where no district is known.
    pub code: String,
    /// Province.
    pub province: Option<Text2>,
    /// City.
    pub city: Text2,
    /// District.
    pub district: Option<Text2>,
    /// ISO 3166 code.
    pub country: String,
}

impl From<&Place> for Area {
    fn from(place: &Place) -> Self {
        let name = |en: &Option<String>, zh: &Option<String>| {
            en.as_deref().map(|en| Text2::of(en, zh.as_deref()))
        };
        Self {
            code: place.id.clone(),
            province: name(&place.province_en, &place.province_zh),
            city: Text2::of(&place.name_en, place.name_zh.as_deref()),
            district: name(&place.district_en, &place.district_zh),
            country: place.country.clone(),
        }
    }
}
