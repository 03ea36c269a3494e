//! One typed configuration: a TOML file over defaults that run, a few values by environment or argument over that.
//! Unknown keys are refused. Secrets come by file or environment, never by argument.

use std::{
    fs,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use sarai_freight::FreightRules;
use serde::{Deserialize, Serialize};

/// Everything that can be set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address and port of the public listener.
    pub listen: SocketAddr,
    /// Address and port of the listener for health and figures; loopback only.
    pub admin_listen: SocketAddr,
    /// Where the embedded store, keys, maps and checkpoints live.
    pub data: PathBuf,
    /// `postgres://…` instead of the embedded store.
    pub store: Option<String>,
    /// Public origin, e.g. `https://sarai.example`; derived from `listen` where absent.
    pub origin: Option<String>,
    /// Proxies in front, whose forwarding header is believed.
    pub behind_proxy: Vec<IpAddr>,
    /// Who runs the house, as far as the law asks.
    pub operator: OperatorConfig,
    /// How notices leave.
    pub sender: SenderConfig,
    /// Figures of the freight market: fees, bounds, whether visitors see the board.
    pub freight: FreightRules,
    /// Hours that a new payout account waits.
    pub payout_account_wait_hours: u32,
    /// Webhooks may go to this machine itself, without TLS: for trying a receiver out. Only while the server listens on loopback.
    pub webhooks_to_loopback: bool,
}

/// Who runs the house, as far as the law asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OperatorConfig {
    /// Country of the house, ISO 3166.
    pub country: String,
    /// Whether it runs critical information infrastructure.
    pub critical_infrastructure: bool,
}

impl Default for OperatorConfig {
    fn default() -> Self {
        Self { country: "CN".to_owned(), critical_infrastructure: false }
    }
}

/// How notices leave the house.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SenderConfig {
    /// They stay on the outbox page. Loopback only.
    Outbox,
    /// E-mail by SMTP over TLS; telephone numbers cannot be reached.
    Smtp {
        /// Host name.
        host: String,
        /// Port; 465 speaks TLS at once, others by STARTTLS.
        port: u16,
        /// Sender address.
        from: String,
        /// User name.
        user: Option<String>,
        /// File with the password.
        password_file: Option<PathBuf>,
        /// Country of the mail server, ISO 3166: the gate asks the law about it.
        #[serde(default = "home")]
        country: String,
    },
    /// A signed HTTP request to the operator's own SMS and e-mail gateway.
    Hook {
        /// Address, `https://…`.
        url: String,
        /// File with the 32-byte secret of the signature, base64.
        secret_file: PathBuf,
        /// Country of the gateway, ISO 3166: the gate asks the law about it.
        #[serde(default = "home")]
        country: String,
    },
}

fn home() -> String {
    OperatorConfig::default().country
}

impl std::fmt::Debug for SenderConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Outbox => "Outbox",
            Self::Smtp { .. } => "Smtp",
            Self::Hook { .. } => "Hook",
        })
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 7272)),
            admin_listen: SocketAddr::from(([127, 0, 0, 1], 7273)),
            data: PathBuf::from("data"),
            store: None,
            origin: None,
            behind_proxy: Vec::new(),
            operator: OperatorConfig::default(),
            sender: SenderConfig::Outbox,
            freight: FreightRules::default(),
            payout_account_wait_hours: 24,
            webhooks_to_loopback: false,
        }
    }
}

/// A configuration that the server will not start with.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path}: {source}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file does not parse; the message names line and key.
    #[error("{path}: {source}")]
    Parse {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: Box<toml::de::Error>,
    },
    /// A public address without TLS or a named proxy.
    #[error(
        "{0} is not a loopback address: name the proxy that speaks TLS in front with --behind-proxy ADDRESS, or listen on 127.0.0.1"
    )]
    PublicWithoutTls(SocketAddr),
    /// Webhooks to this machine from a server that others reach.
    #[error("webhooks_to_loopback only stands with a loopback address and no proxy, not with {0}")]
    LoopbackPublic(SocketAddr),
    /// Health and figures on a public address.
    #[error("admin_listen {0} must be a loopback address")]
    AdminPublic(SocketAddr),
    /// The demo world on a public address.
    #[error("--demo only runs on a loopback address, {0} is not one")]
    DemoPublic(SocketAddr),
    /// The outbox page on a public address.
    #[error("the outbox sender shows every code to staff: on {0} choose smtp or hook")]
    OutboxPublic(SocketAddr),
}

impl Config {
    /// Reads `path`, or the defaults where none is given.
    pub fn read(path: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(path) = path else { return Ok(Self::default()) };
        let text = fs::read_to_string(path)
            .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        toml::from_str(&text).map_err(|source| ConfigError::Parse {
            path: path.to_owned(),
            source: Box::new(source),
        })
    }

    /// Refuses what would be unsafe; `demo` is stricter.
    pub fn check(&self, demo: bool) -> Result<(), ConfigError> {
        let public = !self.listen.ip().is_loopback();
        if !self.admin_listen.ip().is_loopback() {
            return Err(ConfigError::AdminPublic(self.admin_listen));
        }
        if demo && public {
            return Err(ConfigError::DemoPublic(self.listen));
        }
        if public && self.behind_proxy.is_empty() {
            return Err(ConfigError::PublicWithoutTls(self.listen));
        }
        if (public || !self.behind_proxy.is_empty()) && matches!(self.sender, SenderConfig::Outbox)
        {
            return Err(ConfigError::OutboxPublic(self.listen));
        }
        if self.webhooks_to_loopback && (public || !self.behind_proxy.is_empty()) {
            return Err(ConfigError::LoopbackPublic(self.listen));
        }
        Ok(())
    }

    /// Public origin, without a slash at the end.
    pub fn origin(&self) -> String {
        match &self.origin {
            Some(origin) => origin.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.listen),
        }
    }

    /// The same with every secret covered, for printing.
    #[must_use]
    pub fn covered(&self) -> Self {
        let mut covered = self.clone();
        covered.store = covered.store.map(|url| cover_password(&url));
        covered
    }

    /// What `admin doctor` lists: each place that is weaker than the default.
    pub fn weaknesses(&self) -> Vec<&'static str> {
        let mut found = Vec::new();
        if self.payout_account_wait_hours < 24 {
            found.push(
                "payout_account_wait_hours is under 24: a stolen account can be cashed out sooner",
            );
        }
        if self.webhooks_to_loopback {
            found.push("webhooks_to_loopback is on: a company's endpoint may be this machine");
        }
        if let Some(store) = &self.store
            && !store.contains("sslmode=verify-full")
            && !store.contains("host=/")
            && !store.contains("@localhost")
            && !store.contains("@127.0.0.1")
        {
            found.push("store does not ask for sslmode=verify-full");
        }
        if let Some(origin) = &self.origin
            && origin.starts_with("http://")
            && !self.listen.ip().is_loopback()
        {
            found.push("origin is not https");
        }
        found
    }
}

/// A database address with its password covered.
fn cover_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "•••".to_owned() };
    let Some((user, host)) = rest.rsplit_once('@') else { return url.to_owned() };
    let user = user.split(':').next().unwrap_or_default();
    format!("{scheme}://{user}:•••@{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_run_and_have_no_weakness() {
        let config = Config::default();
        assert!(config.check(true).is_ok());
        assert_eq!(config.weaknesses(), Vec::<&str>::new());
    }

    #[test]
    fn a_public_address_needs_a_proxy_and_a_real_sender_and_never_the_demo() {
        let mut config =
            Config { listen: SocketAddr::from(([0, 0, 0, 0], 80)), ..Config::default() };
        assert!(matches!(config.check(false), Err(ConfigError::PublicWithoutTls(_))));
        config.behind_proxy.push(IpAddr::from([10, 0, 0, 1]));
        assert!(matches!(config.check(false), Err(ConfigError::OutboxPublic(_))));
        config.sender = SenderConfig::Hook {
            url: "https://x.example".into(),
            secret_file: "s".into(),
            country: "CN".into(),
        };
        assert!(config.check(false).is_ok());
        config.webhooks_to_loopback = true;
        assert!(matches!(config.check(false), Err(ConfigError::LoopbackPublic(_))));
        assert!(matches!(config.check(true), Err(ConfigError::DemoPublic(_))));
    }

    #[test]
    fn a_password_in_the_store_address_is_covered() {
        assert_eq!(cover_password("postgres://sarai:p@ss@db/x"), "postgres://sarai:•••@db/x");
        assert_eq!(cover_password("postgres:///x?host=/run"), "postgres:///x?host=/run");
    }

    #[test]
    fn an_unknown_key_is_refused() {
        assert!(toml::from_str::<Config>("lisen = '127.0.0.1:1'").is_err());
        assert!(toml::from_str::<Config>("[freight]\ntrucker_fee_bp = 300").is_ok());
    }
}
