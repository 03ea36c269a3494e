//! An order: what two sides agreed on, where it stands, and what happened at each stop. Nothing personal but ids.

use sarai_geo::{Cell, Point};
use sarai_kernel::{
    FileId, Key, LoadId, OfferId, PartyId, ThreadId, Timestamp, TruckId, Window, time::HOUR,
};
use sarai_seal::Record;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Cargo, Route, StopId};
use crate::{
    rules::{
        money::{Split, Terms},
        order::{Action, Actor, CodeShown, Dispute, Facts, Standing, State, Step, due},
    },
    settings::FreightRules,
    words::{Side, StopKind},
};

/// Who drives, with what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The driver.
    pub driver: PartyId,
    /// The vehicle.
    pub vehicle: TruckId,
    /// The row of the vehicle's calendar.
    pub vehicle_row: Uuid,
    /// When they were named.
    pub at: Timestamp,
    /// Until when every paper of both holds; `None` where none expires.
    pub papers_until: Option<Timestamp>,
}

/// A stop of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StopRun {
    /// The stop.
    pub id: StopId,
    /// What happens there.
    pub kind: StopKind,
    /// District or city in the gazetteer.
    pub area: String,
    /// Where exactly; shown from `booked` on.
    pub point: Point,
    /// Its cell.
    pub cell: Cell,
    /// When.
    pub window: Window,
    /// When the truck came.
    #[serde(default)]
    pub arrived_at: Option<Timestamp>,
    /// When it was served.
    #[serde(default)]
    pub served_at: Option<Timestamp>,
    /// When the truck left.
    #[serde(default)]
    pub left_at: Option<Timestamp>,
    /// Weight on the scales.
    #[serde(default)]
    pub mass_kg: Option<i64>,
    /// Photos.
    #[serde(default)]
    pub photos: Vec<FileId>,
    /// The shipper confirmed the loading.
    #[serde(default)]
    pub confirmed: bool,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(kind = "order", schema = 1)]
pub struct Order {
    /// The load that it came of.
    pub load: LoadId,
    /// The offer that was accepted.
    pub offer: Option<OfferId>,
    /// The talk.
    pub thread: Option<ThreadId>,
    /// Who has the goods.
    pub shipper: PartyId,
    /// Who carries them.
    pub trucker: PartyId,
    /// Where it stands.
    pub standing: Standing,
    /// The money.
    pub terms: Terms,
    /// The stops.
    pub stops: Vec<StopRun>,
    /// The goods.
    pub cargo: Cargo,
    /// The way.
    pub route: Route,
    /// Lane of its end cities, for the price band.
    pub lane: String,
    /// Who drives.
    pub assignment: Option<Assignment>,
    /// When it was agreed.
    pub agreed_at: Timestamp,
    /// When both sums were held.
    pub booked_at: Option<Timestamp>,
    /// When the last stop was served.
    pub delivered_at: Option<Timestamp>,
    /// When it was signed for and paid.
    pub completed_at: Option<Timestamp>,
    /// When it ended in any way.
    pub ended_at: Option<Timestamp>,
    /// When no-show was reported.
    pub no_show_at: Option<Timestamp>,
    /// When the dispute was opened.
    pub dispute_at: Option<Timestamp>,
    /// The last step.
    pub step_at: Timestamp,
    /// The last sign of life on the road.
    pub heard_at: Option<Timestamp>,
    /// What only tells was told in this state.
    pub told: bool,
    /// Empty run to the first stop by rule, minor units.
    pub empty_run_minor: i64,
    /// Ids of offline steps that were taken, newest last.
    pub taken: Vec<String>,
}

/// Offline step ids that are remembered.
pub const TAKEN_MAX: usize = 400;
/// After delivery, contact stays open this long.
pub const CONTACT_AFTER_DELIVERY_MICROS: i64 = 24 * HOUR;

/// What an actor shows with an action.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    /// Both sums are there.
    pub funds: bool,
    /// Within 1 km of the stop.
    pub at_place: bool,
    /// A photo.
    pub photo: bool,
    /// A reason.
    pub reason: bool,
    /// A weight.
    pub mass: bool,
    /// A code.
    pub code: CodeShown,
    /// A ruling's division.
    pub split: Option<Split>,
}

impl Shown {
    /// Nothing.
    pub const NOTHING: Self = Self {
        funds: false,
        at_place: false,
        photo: false,
        reason: false,
        mass: false,
        code: CodeShown::Missing,
        split: None,
    };
}

impl Order {
    /// What happens at each stop.
    pub fn kinds(&self) -> Vec<StopKind> {
        self.stops.iter().map(|stop| stop.kind).collect()
    }

    /// The facts for the table.
    pub fn facts<'a>(
        &'a self,
        kinds: &'a [StopKind],
        rules: &FreightRules,
        shown: Shown,
    ) -> Facts<'a> {
        let present = match self.standing.state {
            State::AtStop { stop, .. } => self.stops.get(usize::from(stop)),
            _ => None,
        };
        let first = self.stops.first();
        let last_to = self.stops.last().map_or(self.agreed_at, |stop| stop.window.to);
        let papers_until = self.assignment.and_then(|assignment| assignment.papers_until);
        Facts {
            stops: kinds,
            terms: &self.terms,
            agreed_at: self.agreed_at,
            booked_at: self.booked_at,
            pickup_from: first.map_or(self.agreed_at, |stop| stop.window.from),
            pickup_to: first.map_or(self.agreed_at, |stop| stop.window.to),
            arrived_at: present.and_then(|stop| stop.arrived_at),
            step_at: self.step_at,
            eta: self.eta(),
            heard_at: self.heard_at,
            delivered_at: self.delivered_at,
            completed_at: self.completed_at,
            no_show_at: self.no_show_at,
            dispute_at: self.dispute_at,
            told: self.told,
            funds: shown.funds,
            assigned: self.assignment.is_some(),
            papers_hold: papers_until.is_none_or(|until| last_to < until),
            at_place: shown.at_place,
            photo: shown.photo,
            reason: shown.reason,
            mass: shown.mass,
            code: shown.code,
            confirmed: present.is_some_and(|stop| stop.confirmed),
            empty_run_minor: self.empty_run_minor,
            waiting_hour_minor: rules.waiting_hour_minor,
            split: shown.split,
        }
    }

    /// When the truck is expected at the stop it is under way to: the whole way's time by share of stops.
    pub fn eta(&self) -> Option<Timestamp> {
        let State::UnderWay { to } = self.standing.state else { return None };
        let left = self.stops.get(usize::from(to).checked_sub(1)?)?.left_at?;
        let legs =
            i64::try_from(self.stops.len().saturating_sub(1)).ok().filter(|legs| *legs > 0)?;
        Some(left.plus(self.route.duration_seconds / legs * sarai_kernel::time::SECOND))
    }

    /// Takes a step: the only way in which standing and moments change.
    pub fn take(&mut self, action: Action, step: &Step, now: Timestamp) {
        let before = self.standing;
        self.standing = step.standing;
        let tells = matches!(
            action,
            Action::WaitingByTime | Action::OverdueByTime | Action::DisputeOverdue
        );
        self.told = tells || (self.told && before == step.standing);
        if !tells && action != Action::Claim {
            self.step_at = now;
        }
        self.note_stop(action, now);
        let turned = |to: fn(&State) -> bool| to(&step.standing.state) && !to(&before.state);
        if turned(|state| matches!(state, State::Booked { .. })) {
            self.booked_at = Some(now);
        }
        if turned(|state| matches!(state, State::Booked { no_show: true })) {
            self.no_show_at = Some(now);
        }
        if turned(|state| *state == State::Delivered) {
            self.delivered_at = Some(now);
        }
        if turned(|state| *state == State::Completed) {
            self.completed_at = Some(now);
        }
        if turned(|state| state.is_over()) {
            self.ended_at = Some(now);
        }
        if step.standing.dispute == Dispute::Open && before.dispute != Dispute::Open {
            self.dispute_at = Some(now);
        }
    }

    fn note_stop(&mut self, action: Action, now: Timestamp) {
        let (Action::Arrive(at)
        | Action::Serve(at)
        | Action::Leave(at)
        | Action::ConfirmLoaded(at)) = action
        else {
            return;
        };
        let Some(stop) = self.stops.get_mut(usize::from(at)) else { return };
        match action {
            Action::Arrive(_) => stop.arrived_at = Some(now),
            Action::Serve(_) => stop.served_at = Some(now),
            Action::Leave(_) => stop.left_at = Some(now),
            _ => stop.confirmed = true,
        }
    }

    /// Which side `party` is on.
    pub fn side_of(&self, party: PartyId) -> Option<Side> {
        match party {
            party if party == self.shipper => Some(Side::Shipper),
            party if party == self.trucker => Some(Side::Trucker),
            _ => None,
        }
    }

    /// As whom `party` may act, the driver first.
    pub fn actors_of(&self, party: PartyId) -> Vec<Actor> {
        let mut actors = Vec::new();
        if self.assignment.is_some_and(|assignment| assignment.driver == party) {
            actors.push(Actor::Driver);
        }
        match self.side_of(party) {
            Some(Side::Shipper) => actors.push(Actor::Shipper),
            Some(Side::Trucker) => actors.push(Actor::Trucker),
            None => {}
        }
        actors
    }

    /// Whether the sides may reach each other: from booking to a day after delivery.
    pub fn contact_open(&self, now: Timestamp) -> bool {
        match self.standing.state {
            State::AwaitingFunds | State::Cancelled { .. } => false,
            State::Delivered | State::Completed => {
                self.delivered_at.is_some_and(|at| now < at.plus(CONTACT_AFTER_DELIVERY_MICROS))
            }
            _ => true,
        }
    }

    /// When driver and vehicle are busy with it.
    pub fn busy(&self) -> (Timestamp, Timestamp) {
        let from = self.stops.first().map_or(self.agreed_at, |stop| stop.window.from);
        let driven = from.plus(self.route.duration_seconds * sarai_kernel::time::SECOND);
        let to = self.stops.last().map_or(driven, |stop| stop.window.from.max(driven));
        (from, to.max(from.plus(HOUR)))
    }

    /// Keys under which it is found.
    pub fn keys(&self, rules: &FreightRules) -> Vec<Key> {
        let sort = self.agreed_at.as_micros();
        let open = if self.standing.state.is_over() { "closed" } else { "open" };
        let mut keys = vec![
            Key::new("order.load", self.load, sort),
            Key::new("order.all", "freight", sort),
            Key::new("order.state", self.standing.state.word(), sort),
        ];
        let mut parties = vec![self.shipper, self.trucker];
        if let Some(assignment) = self.assignment
            && !parties.contains(&assignment.driver)
        {
            parties.push(assignment.driver);
        }
        for party in parties {
            keys.push(Key::new("order.party", party, sort));
            keys.push(Key::new("order.party_open", format!("{party}:{open}"), sort));
        }
        if let Some(at) = self.completed_at {
            keys.push(Key::new("order.lane", self.lane.clone(), at.as_micros()));
            keys.push(Key::new("order.done_party", self.shipper, at.as_micros()));
            keys.push(Key::new("order.done_party", self.trucker, at.as_micros()));
        }
        let kinds = self.kinds();
        let soonest = due(self.standing, &self.facts(&kinds, rules, Shown::NOTHING));
        keys.extend(soonest.first().map(|(at, _)| Key::timer("freight.order", *at)));
        keys
    }
}
