//! Who is reviewed, on which date, and where the evidence lies: `subject.toml`.

mod read;

use std::path::PathBuf;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

pub use read::SubjectError;

use crate::Text2;

/// A subject, as described by whoever reviews it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Whose house it is; [`House::Platform`] where nothing is said.
    #[serde(default)]
    pub kind: House,
    /// Its name.
    pub name: Name,
    /// The market it is in.
    #[serde(default)]
    pub sector: Sector,
    /// Persons with an account, as it states.
    #[serde(default)]
    pub users: u64,
    /// Where its shares trade, or are to trade.
    #[serde(default)]
    pub listing: Listing,
    /// An operator of critical information infrastructure.
    #[serde(default)]
    pub ciio: bool,
    /// Companies of its group: what goes to them counts together.
    #[serde(default)]
    pub affiliates: Vec<String>,
    /// Number of the cybersecurity review that it passed.
    pub review_passed: Option<String>,
    /// Where it operates (ISO 3166-1 alpha-2).
    #[serde(default = "mainland")]
    pub country: String,
    /// Its own hosts; hosts below them are its own too.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Everything in it is made up.
    #[serde(default)]
    pub synthetic: bool,
    /// The day whose law is applied; today where nothing is said.
    pub on: Option<Date>,
    /// Packs to apply.
    #[serde(default = "cn")]
    pub law: Vec<String>,
    /// Number of the case that this belongs to.
    pub case: Option<String>,
    /// Databases, by URL.
    #[serde(default)]
    pub database: Vec<Database>,
    /// Files and folders.
    #[serde(default)]
    pub files: Vec<Files>,
    /// App packages.
    #[serde(default)]
    pub app: Vec<App>,
    /// Traffic captures.
    #[serde(default)]
    pub traffic: Vec<Traffic>,
    /// Its privacy policy.
    pub policy: Option<Policy>,
    /// Its list of what it collects.
    pub declared: Option<Declared>,
    /// Logs of who opened what.
    #[serde(default)]
    pub access: Vec<Access>,
    /// Where data goes, as it states.
    #[serde(default)]
    pub flow: Vec<Flow>,
    /// How long what is to be kept.
    #[serde(default)]
    pub keep: Vec<Keep>,
    /// Where hosts and addresses stand, as far as the reviewer knows.
    #[serde(default)]
    pub place: Vec<PlaceOf>,
    /// Corrections of what the scan makes of a column.
    #[serde(default)]
    pub column: Vec<ColumnHint>,
    /// Folder of the subject file: paths count from it.
    #[serde(skip)]
    pub folder: PathBuf,
}

fn mainland() -> String {
    "CN".to_owned()
}

fn cn() -> Vec<String> {
    vec!["cn".to_owned()]
}

/// Whose house is reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum House {
    /// Anybody's platform, seen from outside.
    #[default]
    Platform,
    /// A Sarai: its own data directory and store.
    Sarai,
}

/// A name in one or both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Name {
    /// The same in both.
    One(String),
    /// One for each.
    Two {
        /// English.
        en: String,
        /// Chinese.
        zh: String,
    },
}

impl Name {
    /// Both languages.
    pub fn text(&self) -> Text2 {
        match self {
            Self::One(name) => Text2::made(name.clone(), name.clone()),
            Self::Two { en, zh } => Text2::made(en.clone(), zh.clone()),
        }
    }
}

/// A market.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sector {
    /// Loads and trucks.
    Freight,
    /// Ride-hailing.
    Ride,
    /// Recruitment.
    Jobs,
    /// None of these.
    #[default]
    Other,
}

impl Sector {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Freight => "freight",
            Self::Ride => "ride",
            Self::Jobs => "jobs",
            Self::Other => "other",
        }
    }

    /// For a reader.
    pub const fn text(self) -> Text2 {
        match self {
            Self::Freight => Text2::fixed("Freight", "货运"),
            Self::Ride => Text2::fixed("Ride-hailing", "网约车"),
            Self::Jobs => Text2::fixed("Recruitment", "招聘"),
            Self::Other => Text2::fixed("Platform", "平台"),
        }
    }
}

/// Where shares trade, or are to trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Listing {
    /// Nowhere.
    #[default]
    None,
    /// In mainland China.
    Domestic,
    /// In Hong Kong.
    Hk,
    /// In a foreign country.
    Foreign,
}

impl Listing {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Domestic => "domestic",
            Self::Hk => "hk",
            Self::Foreign => "foreign",
        }
    }
}

/// A database.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// How findings name it.
    pub name: String,
    /// `postgres://…`, `mysql://…`. Written here only where it holds no secret.
    pub url: Option<String>,
    /// Name of an environment variable with the URL.
    pub url_env: Option<String>,
    /// Where it is stored, if not at home (ISO 3166-1 alpha-2).
    pub country: Option<String>,
}

/// A file or a folder with everything below it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// How findings name it.
    pub name: String,
    /// From the subject file's folder.
    pub path: PathBuf,
    /// Where it is stored, if not at home (ISO 3166-1 alpha-2).
    pub country: Option<String>,
}

/// An app package.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// How findings name it.
    pub name: String,
    /// From the subject file's folder.
    pub path: PathBuf,
    /// `passenger`, `driver`, `shipper`, `trucker`, `candidate`, `employer`.
    pub role: String,
    /// Third parties inside that it names in its policy.
    #[serde(default)]
    pub sdks: Vec<String>,
}

/// A traffic capture (HAR).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Traffic {
    /// How findings name it.
    pub name: String,
    /// From the subject file's folder.
    pub path: PathBuf,
    /// When the person agreed to the policy.
    pub consent_at: Option<Timestamp>,
    /// Set where the person never agreed.
    #[serde(default)]
    pub never_agreed: bool,
}

/// The privacy policy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Text or HTML, from the subject file's folder.
    pub path: PathBuf,
    /// Where it is published.
    pub url: Option<String>,
}

/// The subject's list of what it collects.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// CSV with the columns `data,purpose`, from the subject file's folder.
    pub path: PathBuf,
}

/// A log of who opened what.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// How findings name it.
    pub name: String,
    /// CSV with the columns `at,who,role,data,person,reason`, from the subject file's folder.
    pub path: PathBuf,
    /// For each role what it needs for its work.
    #[serde(default)]
    pub may: std::collections::BTreeMap<String, Vec<String>>,
}

/// One way by which data leaves.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Who receives.
    pub recipient: String,
    /// Where (ISO 3166-1 alpha-2).
    pub country: String,
    /// What the recipient is.
    #[serde(default)]
    pub kind: RecipientKind,
    /// Categories of data.
    #[serde(default)]
    pub data: Vec<String>,
    /// What for.
    pub purpose: Option<String>,
    /// Distinct persons since 1 January.
    #[serde(default)]
    pub persons: u64,
    /// Of them, persons whose sensitive data went.
    #[serde(default)]
    pub sensitive_persons: u64,
    /// Important data is among it.
    #[serde(default)]
    pub important: bool,
    /// Separate consent for going abroad was obtained.
    #[serde(default)]
    pub separate_consent: bool,
    /// What the transfer rests on.
    pub mechanism: Option<Mechanism>,
    /// Hosts by which traffic knows this recipient.
    #[serde(default)]
    pub hosts: Vec<String>,
}

/// What a recipient is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecipientKind {
    /// Another handler with purposes of its own.
    #[default]
    Handler,
    /// Works on the subject's behalf.
    Processor,
    /// A company of its group.
    Group,
    /// A court or agency of another country.
    ForeignAuthority,
}

/// What a transfer rests on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mechanism {
    /// Which.
    pub kind: MechanismKind,
    /// Its number.
    pub number: String,
    /// First day without it.
    pub expires: Option<Date>,
}

/// A legal way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MechanismKind {
    /// Filed standard contract.
    StandardContract,
    /// Certification.
    Certification,
    /// Passed security assessment.
    SecurityAssessment,
}

impl Subject {
    /// Sources that are stored outside of the home country, and where.
    pub fn stored(&self) -> impl Iterator<Item = (&str, &str)> {
        let databases = self.database.iter().map(|one| (one.name.as_str(), one.country.as_deref()));
        let files = self.files.iter().map(|one| (one.name.as_str(), one.country.as_deref()));
        databases.chain(files).filter_map(|(name, country)| Some((name, country?)))
    }
}

impl Flow {
    /// Whether its mechanism stands on a day.
    pub fn in_force(&self, on: Option<Date>) -> bool {
        self.mechanism.as_ref().is_some_and(|mechanism| match (on, mechanism.expires) {
            (Some(on), Some(expires)) => on < expires,
            _ => true,
        })
    }
}

/// How long something may be kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// `orders-db/trips`: source and table.
    pub table: String,
    /// Days from the row's own time.
    pub days: u32,
}

/// Where a host or a range of addresses stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceOf {
    /// `203.0.113.0/24`, `metrics.example`.
    pub what: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

/// What a column really is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnHint {
    /// `orders-db/trips/memo`: source, table, column.
    pub at: String,
    /// Its category; `none` where it is not personal.
    pub category: String,
    /// What it is used for, in the words of the notice.
    pub purpose: Option<String>,
}
