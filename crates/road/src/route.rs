//! The port: what a route is and what gives one.

use crate::profile::Profile;
use sarai_geo::{Basis, Point};
use serde::{Deserialize, Serialize};

/// A place on a road.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapped {
    /// The place on the road.
    pub point: Point,
    /// How far off the road the asked point is, in metres.
    pub off_m: f64,
}

/// A stretch along one road.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The road's name or number; empty where it has none.
    pub name: String,
    /// Metres on it.
    pub distance_m: u64,
    /// Seconds on it.
    pub duration_seconds: u64,
}

/// A way from one point to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// Metres driven.
    pub distance_m: u64,
    /// Seconds at the wheel; rests are not in it.
    pub duration_seconds: u64,
    /// Driven on a map, or estimated with a factor.
    #[serde(flatten)]
    pub basis: Basis,
    /// The line, from start to end.
    pub geometry: Vec<Point>,
    /// The roads in order; empty for an estimate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

/// A route over several stops, leg by leg.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leg {
    /// Metres driven.
    pub distance_m: u64,
    /// Seconds at the wheel.
    pub duration_seconds: u64,
    /// Driven on a map, or estimated with a factor.
    #[serde(flatten)]
    pub basis: Basis,
}

impl Route {
    /// The route without its line.
    pub fn leg(&self) -> Leg {
        Leg {
            distance_m: self.distance_m,
            duration_seconds: self.duration_seconds,
            basis: self.basis,
        }
    }
}

/// Why there is no route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    /// No road that this profile may drive is near the start.
    #[error("no road near the start")]
    StartOffRoad,
    /// No road that this profile may drive is near the end.
    #[error("no road near the end")]
    EndOffRoad,
    /// No way leads there for this profile.
    #[error("no way leads there")]
    NoWay,
}

/// What finds routes.
pub trait Router: Send + Sync {
    /// The nearest place on a road that the profile may drive.
    fn snap(&self, point: Point, profile: Profile) -> Option<Snapped>;

    /// The fastest route.
    fn route(&self, from: Point, to: Point, profile: Profile) -> Result<Route, RouteError>;

    /// Distance and time from every start to every end, row by row.
    fn matrix(
        &self,
        from: &[Point],
        to: &[Point],
        profile: Profile,
    ) -> Vec<Vec<Result<Leg, RouteError>>> {
        let row =
            |a: &Point| to.iter().map(|b| self.route(*a, *b, profile).map(|r| r.leg())).collect();
        from.iter().map(row).collect()
    }

    /// The fastest route through all stops in their order: the whole, and each leg. It is estimated as soon as
    /// one leg is.
    fn through(&self, stops: &[Point], profile: Profile) -> Result<(Route, Vec<Leg>), RouteError> {
        let mut whole = Route {
            distance_m: 0,
            duration_seconds: 0,
            basis: Basis::Road,
            geometry: Vec::new(),
            steps: Vec::new(),
        };
        let mut legs = Vec::new();
        for pair in stops.windows(2) {
            let route = self.route(pair[0], pair[1], profile)?;
            legs.push(route.leg());
            whole.distance_m += route.distance_m;
            whole.duration_seconds += route.duration_seconds;
            if whole.basis == Basis::Road {
                whole.basis = route.basis;
            }
            let repeated = whole.geometry.last() == route.geometry.first();
            whole.geometry.extend(route.geometry.into_iter().skip(usize::from(repeated)));
            whole.steps.extend(route.steps);
        }
        Ok((whole, legs))
    }
}
