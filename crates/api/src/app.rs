//! What every handler can reach: the store, the clock, the doorkeeper, limits, keys of the wire, and the rooms behind it.

use std::{net::IpAddr, sync::Arc};

use axum::extract::State;
use sarai_account::Account;
use sarai_bus::Feed;
use sarai_freight::Freight;
use sarai_gate::{
    Gate,
    exit::{Exit, SystemResolver},
};
use sarai_kernel::{Clock, Store};
use sarai_review::case::Cases;

use crate::{
    cursor::Cursors,
    events::{Streams, board::BoardFeed},
    guard::{Limits, address::Trusted},
    pages::Pages,
    post::Running,
    shelf::Shelf,
    webhooks::{Carrier, Read, sign::Keys},
    who::Doorkeeper,
};

/// What a handler asks for first.
pub type Ctx = State<Arc<App>>;

/// Text of the figures, for `/metrics`.
pub type Figures = Arc<dyn Fn() -> String + Send + Sync>;

/// Settings of the wire.
#[derive(Debug, Clone)]
pub struct Config {
    /// Name of the installation, shown in `/v1/meta`.
    pub name: String,
    /// `https://host` under which pages and problems are reached; `None` takes the request's host (development on loopback).
    pub origin: Option<String>,
    /// Whether the pages are reached over TLS: decides the cookie's name and HSTS.
    pub tls: bool,
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpAddr>,
    /// A synthetic world: pages show a banner.
    pub demo: bool,
    /// How codes are sent: `outbox`, `smtp`, `hook`.
    pub sender: &'static str,
    /// Boards are shown to anybody.
    pub public_board: bool,
    /// Names of the imported road maps.
    pub maps: Vec<String>,
    /// Webhooks may go to loopback: development and tests only.
    pub webhooks_to_loopback: bool,
    /// Cost units a minute: of an account, of an anonymous address.
    pub units_per_minute: (u32, u32),
}

impl Default for Config {
    fn default() -> Self {
        Self {
            name: "Sarai".to_owned(),
            origin: None,
            tls: false,
            proxies: Vec::new(),
            demo: false,
            sender: "outbox",
            public_board: true,
            maps: Vec::new(),
            webhooks_to_loopback: false,
            units_per_minute: (crate::guard::ACCOUNT_UNITS, crate::guard::ADDRESS_UNITS),
        }
    }
}

/// What the binary hands over.
pub struct Parts {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Who knows sessions and keys: the account room, or a test.
    pub door: Arc<dyn Doorkeeper>,
    /// Who grants.
    pub gate: Arc<Gate>,
    /// The account room.
    pub account: Arc<Account>,
    /// The freight market.
    pub freight: Arc<Freight>,
    /// Recorded events, in order.
    pub feed: Feed,
    /// The pages.
    pub pages: Arc<dyn Pages>,
    /// The app catalogue.
    pub shelf: Arc<dyn Shelf>,
    /// Text of the figures.
    pub figures: Figures,
    /// Root of the keys of the wire (cursors), derived from the master key.
    pub wire_key: [u8; 32],
    /// Settings.
    pub config: Config,
}

/// State of the wire, behind an `Arc`.
pub struct App {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Who knows sessions and keys: the account room, or a test.
    pub door: Arc<dyn Doorkeeper>,
    /// Who grants.
    pub gate: Arc<Gate>,
    /// The account room.
    pub account: Arc<Account>,
    /// The freight market.
    pub freight: Arc<Freight>,
    /// Reviews as a procedure.
    pub cases: Cases,
    /// Recorded events, in order.
    pub feed: Feed,
    /// The pages.
    pub pages: Arc<dyn Pages>,
    /// The app catalogue.
    pub shelf: Arc<dyn Shelf>,
    /// Text of the figures.
    pub figures: Figures,
    /// Seals cursors.
    pub cursors: Cursors,
    /// Settings.
    pub config: Config,
    pub(crate) limits: Limits,
    pub(crate) trusted: Trusted,
    pub(crate) running: Running,
    pub(crate) board: BoardFeed,
    pub(crate) streams: Streams,
    /// The one way out.
    pub exit: Exit,
    pub(crate) webhook_keys: Keys,
    pub(crate) webhooks_read: Read,
    pub(crate) carrier: Carrier,
}

impl App {
    /// The wire's state around the rooms. Called inside the async runtime: the board's gathering starts here.
    pub fn new(parts: Parts) -> Arc<Self> {
        let Parts {
            store,
            clock,
            door,
            gate,
            account,
            freight,
            feed,
            pages,
            shelf,
            figures,
            wire_key,
            config,
        } = parts;
        crate::orders::follow(&feed, &store, &gate);
        Arc::new(Self {
            cursors: Cursors::new(wire_key),
            limits: Limits::new(config.units_per_minute),
            trusted: Trusted::new(config.proxies.clone()),
            running: Running::default(),
            board: BoardFeed::start(&feed, Arc::clone(&clock)),
            streams: Streams::default(),
            cases: Cases::new(Arc::clone(&gate)),
            exit: Exit::new(config.webhooks_to_loopback, Arc::new(SystemResolver)),
            webhook_keys: Keys::new(wire_key),
            webhooks_read: Read::default(),
            carrier: Carrier::default(),
            feed,
            store,
            clock,
            door,
            gate,
            account,
            freight,
            pages,
            shelf,
            figures,
            config,
        })
    }

    /// Name of the session cookie.
    pub fn cookie_name(&self) -> &'static str {
        if self.config.tls { "__Host-sarai" } else { "sarai" }
    }
}
