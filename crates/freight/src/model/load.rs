//! A load: goods looking for a truck. What the board may not show is not in it, but in [`Site`](super::Site) and
//! [`StopContact`](super::StopContact); the exact point of a stop stays inside and never reaches a card.

use sarai_geo::{Cell, Point};
use sarai_kernel::{
    FileId, Key, LoadId, OrderId, PartyId, Timestamp, Window,
    document::{Draft, Unreadable},
};
use sarai_seal::Record;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::StopId;
use crate::{
    rules::money::Terms,
    words::{Basis, Body, CargoKind, Handling, PriceMode, StopKind},
};

/// The goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cargo {
    /// What sort.
    pub kind: CargoKind,
    /// In the poster's words, without contact data.
    pub name: String,
    /// Mass.
    pub mass_kg: i64,
    /// Volume, where it matters.
    pub volume_l: Option<i64>,
    /// How many pieces.
    pub pieces: Option<i64>,
    /// How it is loaded.
    #[serde(default)]
    pub handling: Vec<Handling>,
}

/// A stop, as far as it is not sealed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    /// Its id; site and contact hang on it.
    pub id: StopId,
    /// What happens there.
    pub kind: StopKind,
    /// District or city in the gazetteer.
    pub area: String,
    /// The city of that area.
    pub city: String,
    /// Where exactly. Never on a card.
    pub point: Point,
    /// The cell that may be shown.
    pub cell: Cell,
    /// When.
    pub window: Window,
}

/// The way through all stops.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// How far.
    pub distance_m: i64,
    /// How long, driving.
    pub duration_seconds: i64,
    /// From where that is known.
    pub basis: Basis,
    /// The factor over the great circle, with an estimate.
    pub factor: Option<f64>,
}

/// Where a load stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadState {
    /// Only its owner sees it.
    Draft,
    /// On the board.
    Open,
    /// Closed: an order was agreed.
    Booked,
    /// Closed: its time is over.
    Expired,
    /// Closed by its owner.
    Withdrawn,
    /// Closed by the operator.
    TakenDown,
}

impl LoadState {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Booked => "booked",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::TakenDown => "taken_down",
        }
    }
}

/// A load.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(kind = "load", schema = 1)]
pub struct Load {
    /// Who posted it.
    pub owner: PartyId,
    /// Where it stands.
    pub state: LoadState,
    /// 2 to 20 stops, in the order of the run.
    pub stops: Vec<Stop>,
    /// The goods.
    pub cargo: Cargo,
    /// Bodies that suit.
    pub bodies: Vec<Body>,
    /// Lengths that suit.
    pub lengths_mm: Vec<u32>,
    /// How the price is found.
    pub price_mode: PriceMode,
    /// The money at the asked price.
    pub terms: Terms,
    /// Photos of the goods.
    pub photos: Vec<FileId>,
    /// The way through all stops.
    pub route: Route,
    /// When it came on the board.
    pub opened_at: Option<Timestamp>,
    /// When it leaves the board by itself.
    pub expires_at: Option<Timestamp>,
    /// The order that came of it.
    pub order: Option<OrderId>,
    /// It was put back on the board once after an order without funds.
    pub reopened: bool,
    /// Hash over owner, route, windows and goods: finds the same load posted twice.
    pub twin: String,
    /// How often its terms were changed.
    pub terms_version: u64,
}

impl Load {
    /// The first stop.
    pub fn first(&self) -> Option<&Stop> {
        self.stops.first()
    }

    /// The last stop.
    pub fn last(&self) -> Option<&Stop> {
        self.stops.last()
    }

    /// The first loading window; every load has one.
    pub fn pickup(&self) -> Option<&Window> {
        self.first().map(|stop| &stop.window)
    }

    /// The last window.
    pub fn drop(&self) -> Option<&Window> {
        self.last().map(|stop| &stop.window)
    }

    /// Keys under which it is found.
    pub fn keys(&self, created: Timestamp) -> Vec<Key> {
        let sort = created.as_micros();
        let mut keys = vec![
            Key::new("load.owner", self.owner, sort),
            Key::new("load.owner_state", format!("{}:{}", self.owner, self.state.word()), sort),
        ];
        if self.state == LoadState::Open {
            keys.push(Key::new("load.twin", self.twin.clone(), sort));
            if let Some(until) = self.expires_at {
                keys.push(Key::timer("freight.load", until));
            }
        }
        keys
    }

    /// A new document of it.
    pub fn create(&self, id: LoadId, now: Timestamp) -> Result<Draft, Unreadable> {
        Draft::create(id.uuid(), self, self.keys(now))
    }

    /// A changed document of it.
    pub fn update(&self, id: Uuid, version: u64, created: Timestamp) -> Result<Draft, Unreadable> {
        Draft::update(id, version, self, self.keys(created))
    }
}
