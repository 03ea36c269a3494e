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
        /// Where the house stands.
        #[command(flatten)]
        site: Site,
    },
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
