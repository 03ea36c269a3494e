//! What a scan found: the types that the table, the JSON, the SARIF and the review are made from. Counts and masked samples, never a
//! value.

use sarai_detect::{Category, Class, Kind};
use serde::{Deserialize, Serialize};

use super::code;
use crate::source::{Format, Problem};

/// Version of the JSON form; raised when a field changes its meaning or goes away.
pub const INVENTORY_VERSION: u32 = 1;

/// Everything that was looked at, in the order in which it was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inventory {
    /// [`INVENTORY_VERSION`].
    pub version: u32,
    /// The day by whose standards classes are read, `YYYY-MM-DD`.
    pub day: String,
    /// One a file or database.
    pub sources: Vec<Source>,
    /// The scan was stopped before its end.
    pub stopped: bool,
}

/// How much of a source was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// All of it.
    Whole,
    /// A sample, as asked for.
    Sampled,
    /// Some of it, because of a problem; see there.
    Partial,
    /// Nothing of it.
    Unread,
}

/// A file or a database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Path, or database address without password.
    pub name: String,
    /// What it is, by its content.
    pub format: Format,
    /// Its length; of a database, the bytes of the values that were read.
    pub bytes: u64,
    /// SHA-256 of the file, in hexadecimal; none of a database or of what changed while being read.
    pub sha256: Option<String>,
    /// How much of it was read.
    pub extent: Extent,
    /// Its parts that could hold something: tables, sheets, entries, texts.
    pub units: Vec<Unit>,
    /// What could not be read, and why.
    pub problems: Vec<Problem>,
}

/// A table, a sheet, an entry of an archive, a text: what has one set of columns or one run of lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// Where inside the source: `a.zip → b.csv`, `table users`; empty for the file itself.
    pub within: String,
    /// What it is, by its content.
    pub format: Format,
    /// Rows read; 0 of a text.
    pub rows: u64,
    /// Rows that there are, where only a sample was read; an estimate of the database.
    pub rows_total: Option<u64>,
    /// Its columns; empty of a text.
    pub columns: Vec<Column>,
    /// What was found, the most guarded class first.
    pub found: Vec<Found>,
    /// The column by which persons are told apart.
    pub person_key: Option<String>,
    /// Distinct persons by that column.
    pub persons: Option<Distinct>,
    /// Latitudes and longitudes that stand side by side.
    pub positions: Vec<Positions>,
    /// Where the table says who did what with whose data.
    pub access: Option<Access>,
}

/// A column, whatever it holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its name or path, `phone`, `$.user.phone`.
    pub name: String,
    /// The category that its name announces, whatever its values are.
    #[serde(with = "code::category_or_none")]
    pub named: Option<Category>,
    /// Values that are not empty.
    pub values: u64,
    /// Different ones among them.
    pub distinct: Distinct,
    /// What its values look like to somebody without the key.
    pub protection: Protection,
    /// Oldest moment in it, where it holds moments: `YYYY-MM-DDThh:mm:ss`.
    pub oldest: Option<String>,
    /// Newest moment in it.
    pub newest: Option<String>,
}

/// Whether values can be read as they lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// They can.
    Plain,
    /// They look like the output of a hash: one length, no pattern; or carry a password hash's prefix.
    Hashed,
    /// They look encrypted: no pattern, lengths of blocks.
    Encrypted,
    /// Parts are covered by asterisks.
    Masked,
    /// No values.
    Empty,
}

/// A count of different values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Distinct {
    /// Counted one by one.
    Exact(u64),
    /// Estimated; standard error 0.8 %.
    About(u64),
}

impl Distinct {
    /// The number, exact or not.
    pub const fn number(self) -> u64 {
        match self {
            Self::Exact(number) | Self::About(number) => number,
        }
    }

    /// Whether it was counted one by one.
    pub const fn is_exact(self) -> bool {
        matches!(self, Self::Exact(_))
    }
}

impl std::fmt::Display for Distinct {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exact(number) => write!(f, "{number}"),
            Self::About(number) => write!(f, "≈{number}"),
        }
    }
}

/// Personal, important or secret data of one sort, in one column or text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// What sort of data.
    #[serde(with = "code::category")]
    pub category: Category,
    /// Its kind, where the values themselves tell.
    #[serde(with = "code::kind")]
    pub kind: Option<Kind>,
    /// The class of its category on the scan's day.
    #[serde(with = "code::class")]
    pub class: Class,
    /// The column; none in a text.
    pub column: Option<String>,
    /// Whether the column as a whole holds it, or it stands inside longer values or a text.
    pub whole: bool,
    /// The first place: `line 12`, `row 5`.
    pub first: String,
    /// Values or places that hold it.
    pub count: u64,
    /// Different values among them; of what stands inside longer values, of those longer values.
    pub distinct: Distinct,
    /// Distinct persons in whose rows it stands, where the unit has a person key.
    pub persons: Option<Distinct>,
    /// 0 to 100; not calibrated.
    pub confidence: u8,
    /// What the values look like to somebody without the key.
    pub protection: Protection,
    /// The shape of the first value; none of its characters but separators.
    pub sample: Option<String>,
    /// Why, for a person.
    pub why: String,
}

/// Positions in a table, and whether they belong to a trip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Positions {
    /// `location.precise`, or `location.track` where somebody or something and a time stand beside them.
    #[serde(with = "code::category")]
    pub category: Category,
    /// The columns that make it so, latitude and longitude first.
    pub columns: Vec<String>,
    /// Rows with a position.
    pub points: u64,
    /// The column that names a trip, an order or a run; none where the table has none.
    pub trip: Option<String>,
    /// Rows with a position and no trip: all of them where there is no such column.
    pub without_trip: u64,
    /// Distinct persons in rows with a position and no trip.
    pub persons_without_trip: Option<Distinct>,
}

/// A table that says who did what with whose data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Access {
    /// The column of who did it.
    pub actor: String,
    /// The column of what was done.
    pub action: String,
    /// The column of whose data it was.
    pub subject: Option<String>,
    /// The column of when.
    pub time: Option<String>,
    /// The column of why.
    pub purpose: Option<String>,
    /// Rows.
    pub rows: u64,
    /// Different actors.
    pub actors: Distinct,
    /// Rows that give no purpose: all of them where there is no such column.
    pub without_purpose: u64,
}

impl Inventory {
    /// An inventory of nothing yet.
    pub fn new(day: &str) -> Self {
        Self {
            version: INVENTORY_VERSION,
            day: day.to_owned(),
            sources: Vec::new(),
            stopped: false,
        }
    }

    /// Everything found, with its source and unit.
    pub fn found(&self) -> impl Iterator<Item = (&Source, &Unit, &Found)> {
        self.sources.iter().flat_map(|source| {
            source
                .units
                .iter()
                .flat_map(move |unit| unit.found.iter().map(move |found| (source, unit, found)))
        })
    }

    /// Whether something was not read that should have been.
    pub fn is_partial(&self) -> bool {
        self.stopped
            || self
                .sources
                .iter()
                .any(|source| matches!(source.extent, Extent::Partial | Extent::Unread))
    }
}
