//! An open load as the board shows it: district and cell, money, goods, and a handle that links nothing.

use sarai_geo::Cell;
use sarai_kernel::{LoadId, PartyId, Timestamp, Window};

use crate::{
    model::{Cargo, Load, LoadState, Route},
    rules::money::Terms,
    words::{Body, PriceMode, StopKind},
};

/// A stop on the board.
#[derive(Debug, Clone, PartialEq)]
pub struct ListingStop {
    /// What happens there.
    pub kind: StopKind,
    /// District or city in the gazetteer.
    pub area: String,
    /// The city of that area.
    pub city: String,
    /// Cell of about 5 km².
    pub cell: Cell,
    /// When.
    pub window: Window,
}

/// What may be known of who posted it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Poster {
    /// Mean rating in hundredths of a star; `None` before the first.
    pub rating_hundredths: Option<u64>,
    /// How many ratings.
    pub ratings: u64,
    /// Whether the poster was checked.
    pub verified: bool,
}

/// An open load.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// The load.
    pub id: LoadId,
    /// Its version.
    pub version: u64,
    /// Whose it is; never shown.
    pub owner: PartyId,
    /// When it was opened.
    pub posted_at: Timestamp,
    /// When it leaves the board.
    pub expires_at: Option<Timestamp>,
    /// Its stops.
    pub stops: Vec<ListingStop>,
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
    /// The way.
    pub route: Route,
    /// Who posted it, as far as the board says.
    pub poster: Poster,
}

impl Listing {
    /// The listing of an open load; `None` for any other.
    pub fn of(id: LoadId, version: u64, load: &Load, poster: Poster) -> Option<Self> {
        if load.state != LoadState::Open {
            return None;
        }
        let stop = |stop: &crate::model::Stop| ListingStop {
            kind: stop.kind,
            area: stop.area.clone(),
            city: stop.city.clone(),
            cell: stop.cell,
            window: stop.window.clone(),
        };
        Some(Self {
            id,
            version,
            owner: load.owner,
            posted_at: load.opened_at?,
            expires_at: load.expires_at,
            stops: load.stops.iter().map(stop).collect(),
            cargo: load.cargo.clone(),
            bodies: load.bodies.clone(),
            lengths_mm: load.lengths_mm.clone(),
            price_mode: load.price_mode,
            terms: load.terms,
            route: load.route,
            poster,
        })
    }

    /// What the trucker keeps for a kilometre of the loaded way, minor units.
    pub fn keep_per_km_minor(&self) -> i64 {
        let metres = self.route.distance_m.max(1);
        self.terms.keep().amount_minor.saturating_mul(1_000) / metres
    }
}
