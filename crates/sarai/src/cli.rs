//! The command line.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use clap::{Args, Parser, Subcommand, ValueEnum};

/// A marketplace server with the law of data built in.
#[derive(Debug, Parser)]
#[command(name = "sarai", version, about, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Where the house stands. The same for every command.
#[derive(Debug, Clone, Args)]
pub struct Site {
    /// Configuration file (TOML); defaults run without one.
    #[arg(long, env = "SARAI_CONFIG")]
    pub config: Option<PathBuf>,
    /// Directory of store, keys, maps and checkpoints.
    #[arg(long, env = "SARAI_DATA")]
    pub data: Option<PathBuf>,
    /// `postgres://…` instead of the embedded store.
    #[arg(long, env = "SARAI_STORE", hide_env_values = true)]
    pub store: Option<String>,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the server.
    Serve(Serve),
    /// Import road maps and ask for routes.
    #[command(subcommand)]
    Map(Map),
    /// What is held, why, how long, where it leaves: the processing register.
    Register {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Personal, important and secret data in files and databases.
    Scan(Box<Scan>),
    /// What the law requires; its rules.
    #[command(subcommand)]
    Law(Law),
    /// The audit log.
    #[command(subcommand)]
    Audit(Audit),
    /// Erase a person now: destroys the key, leaves what the law keeps.
    Erase {
        /// `pty_…`
        person: String,
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
    /// Take a backup, make keys for it.
    #[command(subcommand)]
    Backup(Backup),
    /// Put a backup into a new, empty store.
    Restore {
        /// The backup.
        file: PathBuf,
        /// Private key of a recipient.
        #[arg(long)]
        identity: PathBuf,
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
    /// Orders of authorities, by file when the network is down; keys of authorities.
    #[command(subcommand)]
    Directive(Directive),
    /// The app catalogue: put apps on the shelf, look, take them off.
    #[command(subcommand)]
    Catalogue(Catalogue),
    /// Review a platform described by a subject file, or this house: findings with evidence and articles of law.
    Review(Review),
    /// Made-up worlds to try things on.
    #[command(subcommand)]
    Play(Play),
    /// First administrator, configuration, weak places.
    #[command(subcommand)]
    Admin(Admin),
}

/// `sarai serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// Where the house stands.
    #[command(flatten)]
    pub site: Site,
    /// Public address and port.
    #[arg(long)]
    pub listen: Option<SocketAddr>,
    /// Address and port of health and figures.
    #[arg(long)]
    pub admin_listen: Option<SocketAddr>,
    /// Address of a proxy in front that speaks TLS; may be repeated.
    #[arg(long)]
    pub behind_proxy: Vec<IpAddr>,
    /// A synthetic world to look at. Only on loopback, in an empty or demo directory.
    #[arg(long)]
    pub demo: bool,
    /// Logs as JSON lines.
    #[arg(long)]
    pub log_json: bool,
}

/// `sarai map`
#[derive(Debug, Subcommand)]
pub enum Map {
    /// Import an OpenStreetMap extract (`.osm.pbf`).
    Import {
        /// The extract.
        file: PathBuf,
        /// Name of the map; the file's name where absent.
        #[arg(long)]
        name: Option<String>,
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
    /// A route between two points.
    Route {
        /// `LAT,LON`
        from: String,
        /// `LAT,LON`
        to: String,
        /// For which vehicle.
        #[arg(long, value_enum, default_value = "truck")]
        profile: Profile,
        /// As JSON, with the line.
        #[arg(long)]
        json: bool,
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
    /// Imported maps.
    List {
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
}

/// A vehicle for routes.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Profile {
    /// A car.
    Car,
    /// A truck.
    Truck,
}

/// `sarai catalogue`
#[derive(Debug, Subcommand)]
pub enum Catalogue {
    /// Read a package, make its label, put it on the shelf.
    Add {
        /// A signed Android package.
        package: PathBuf,
        /// What people are told of it (TOML): `[name]`, `[summary]`, `[description]` with `en` and `zh`, `license`, `categories`.
        #[arg(long)]
        meta: Option<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
    /// What is on the shelf, and how clients reach it.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
    /// Take an app off the shelf; all of its versions unless one is named.
    Remove {
        /// `com.example.app`
        package: String,
        /// Number of the version.
        #[arg(long)]
        version: Option<i64>,
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
}

/// `sarai scan`
#[derive(Debug, Args)]
pub struct Scan {
    /// Files, folders, `postgres://…`, `mysql://…`.
    #[arg(required_unless_present = "worker", value_name = "PATH|URL")]
    pub targets: Vec<String>,
    /// As JSON, documented in docs/scan.md.
    #[arg(long, conflicts_with = "sarif")]
    pub json: bool,
    /// As SARIF 2.1.0.
    #[arg(long)]
    pub sarif: bool,
    /// What is less sure is not reported: possible, likely, sure.
    #[arg(long, value_enum, default_value = "likely")]
    pub min_confidence: Sureness,
    /// Rows that are read of a database's table; 0 for all.
    #[arg(long, default_value_t = 10_000)]
    pub sample: u64,
    /// The day by whose standards classes are read, YYYY-MM-DD; today where absent.
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// Finished sources are kept in this file, and not read again if the scan is started again with it.
    #[arg(long, value_name = "FILE")]
    pub resume: Option<PathBuf>,
    /// Files that are read at once; as many as there are processors where absent.
    #[arg(long)]
    pub jobs: Option<usize>,
    /// Seconds for a file of up to 60 MiB; a larger one has a second more for each MiB.
    #[arg(long, default_value_t = 60)]
    pub file_seconds: u64,
    /// Seconds for a database.
    #[arg(long, default_value_t = 600)]
    pub database_seconds: u64,
    /// Reads risky formats for another process; not for people.
    #[arg(long, hide = true)]
    pub worker: bool,
}

/// How sure.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Sureness {
    /// The shape fits.
    Possible,
    /// With context.
    Likely,
    /// With a check digit or a form that means nothing else.
    Sure,
}

/// `sarai law`
#[derive(Debug, Subcommand)]
pub enum Law {
    /// What the law requires of the facts in a file.
    Ask {
        /// The facts, as TOML; see docs/law.md.
        facts: PathBuf,
        /// Whose laws, instead of those that the file names: cn, us, eu.
        #[arg(long, value_delimiter = ',')]
        law: Vec<String>,
        /// The day, YYYY-MM-DD; today where absent.
        #[arg(long)]
        on: Option<jiff::civil::Date>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Every rule of every pack.
    List {
        /// Only these packs: cn, us, eu, house.
        #[arg(long, value_delimiter = ',')]
        law: Vec<String>,
        /// Only what is in force on that day, YYYY-MM-DD.
        #[arg(long)]
        on: Option<jiff::civil::Date>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Prove what must hold for every request, with the solver cvc5: no pack lets core data out, and more; see docs/law.md.
    Prove {
        /// The solver: a path, or a name that is found on PATH.
        #[arg(long, default_value = "cvc5")]
        solver: PathBuf,
    },
}

/// `sarai audit`
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Find any removed, changed, reordered or cut row.
    Verify {
        /// Checkpoints kept outside of the store.
        #[arg(long)]
        against: Option<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
    /// Who opened what of a person.
    Of {
        /// `pty_…`
        person: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
}

/// `sarai backup`
#[derive(Debug, Subcommand)]
pub enum Backup {
    /// Make a recipient: writes the private key, prints the public one.
    Keygen {
        /// File for the private key, made with mode 0600.
        file: PathBuf,
    },
    /// Take a backup while the server runs.
    Create {
        /// File to write.
        #[arg(long)]
        to: PathBuf,
        /// Public key of a recipient; may be repeated.
        #[arg(long, required = true)]
        recipient: Vec<String>,
        /// Country where the file will be kept, ISO 3166; the house's own where absent. The gate asks the law.
        #[arg(long)]
        country: Option<String>,
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
}

/// `sarai directive`
#[derive(Debug, Subcommand)]
pub enum Directive {
    /// Take a signed order from a file.
    Issue {
        /// The order with its signature (JSON).
        file: PathBuf,
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
    /// Take a signed lifting from a file.
    Lift {
        /// The lifting with its signature (JSON).
        file: PathBuf,
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
    /// Every order, newest first.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
    /// Keys of authorities.
    #[command(subcommand)]
    Key(DirectiveKey),
    /// For authorities and exercises: sign a document. Needs no house.
    Sign {
        /// The document (JSON). `sarai directive sign --example` prints one.
        #[arg(required_unless_present = "example")]
        document: Option<PathBuf>,
        /// Private key, from `sarai directive key generate`.
        #[arg(long, required_unless_present = "example")]
        key: Option<PathBuf>,
        /// It lifts an order.
        #[arg(long)]
        lift: bool,
        /// File to write; printed where absent.
        #[arg(long)]
        to: Option<PathBuf>,
        /// Print an order to start from.
        #[arg(long)]
        example: bool,
    },
}

/// `sarai directive key`
#[derive(Debug, Subcommand)]
pub enum DirectiveKey {
    /// For authorities and exercises: make a key. Writes the private half, prints the public one and its fingerprint.
    Generate {
        /// File for the private key, made with mode 0600.
        file: PathBuf,
    },
    /// Enter the key of an authority: the first officer.
    Add {
        /// The public key, base64url.
        public: String,
        /// The authority's name in Chinese.
        #[arg(long)]
        name_zh: String,
        /// The authority's name in English.
        #[arg(long)]
        name_en: String,
        /// What it may order; may be repeated, everything where absent.
        #[arg(long)]
        effect: Vec<String>,
        /// The key of the same authority that it takes over from: `auk_…`
        #[arg(long)]
        follows: Option<String>,
        /// Who stands at the terminal.
        #[command(flatten)]
        officer: Officer,
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
    /// Confirm a key by the fingerprint that was heard on another channel: the second officer.
    Confirm {
        /// `auk_…`
        key: String,
        /// The fingerprint.
        fingerprint: String,
        /// Who stands at the terminal.
        #[command(flatten)]
        officer: Officer,
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
    /// End a key: the first officer asks, the second does it.
    Revoke {
        /// `auk_…`
        key: String,
        /// Who stands at the terminal.
        #[command(flatten)]
        officer: Officer,
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
    /// Every key.
    List {
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
}

/// An officer at the terminal, shown by the authenticator.
#[derive(Debug, Clone, Args)]
pub struct Officer {
    /// `pty_…` of a privacy officer or administrator.
    #[arg(long)]
    pub officer: String,
    /// Digits of the officer's authenticator.
    #[arg(long)]
    pub totp: String,
}

/// `sarai admin`
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// A one-use token for an administrator, valid for an hour.
    Token {
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
    /// The configuration in force, secrets covered.
    Config {
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
    /// Every place that is weaker than the default.
    Doctor {
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
}

/// `sarai review`
#[derive(Debug, Args)]
pub struct Review {
    /// Who is reviewed and where the evidence lies (TOML); see `docs/review.md`.
    #[arg(required_unless_present = "own")]
    pub subject: Option<PathBuf>,
    /// Review this house itself: its store, log, keys, timers, transfers.
    #[arg(long = "self", id = "own", conflicts_with = "subject")]
    pub own: bool,
    /// Packs to apply, in place of the subject's: `cn`, `us`, `eu`.
    #[arg(long, value_delimiter = ',')]
    pub law: Vec<String>,
    /// The day whose law is applied (YYYY-MM-DD), in place of the subject's.
    #[arg(long)]
    pub on: Option<jiff::civil::Date>,
    /// The form of the report.
    #[arg(long, value_enum, default_value = "text")]
    pub format: ReportFormat,
    /// Its language; pages hold both, and this one shows first.
    #[arg(long, value_enum, default_value = "en")]
    pub lang: ReportLang,
    /// File to write; the terminal where nothing is said.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// A font with Chinese letters, for PDF.
    #[arg(long)]
    pub font: Option<PathBuf>,
    /// Journal of finished sources: an interrupted review goes on from there.
    #[arg(long)]
    pub resume: Option<PathBuf>,
    /// Where the house stands.
    #[command(flatten)]
    pub site: Site,
}

/// A form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For the terminal.
    Text,
    /// For programs.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// One page that stands alone.
    Html,
    /// Paper.
    Pdf,
}

/// A language of a report.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ReportLang {
    /// English.
    En,
    /// Chinese.
    Zh,
}

/// `sarai play`
#[derive(Debug, Subcommand)]
pub enum Play {
    /// A ride platform with all sixteen facts of the decision of 2022, or its clean twin, to try the review on.
    Planted {
        /// Folder to write.
        folder: PathBuf,
        /// The clean twin.
        #[arg(long)]
        clean: bool,
        /// The same seed gives the same platform.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Passengers; a tenth as many drivers.
        #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(10..=2_000_000))]
        passengers: u32,
        /// Also write the database as statements for PostgreSQL and MySQL.
        #[arg(long)]
        dump: bool,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
