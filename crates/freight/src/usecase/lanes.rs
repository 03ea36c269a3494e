//! Lane subscriptions, and telling their owners when a load opens on one: within a second or two, once each.

use std::collections::HashMap;

use sarai_geo::Cell;
use sarai_kernel::{
    Caller, Command, CommitError, Decision, DocRef, Draft, FieldCheck, FieldError, Kind, LaneId,
    LoadId, NewEvent, Outcome, Query, Refusal, Role, StoreError, StoreExt, Timestamp, UseCaseError,
    document::{Clear, Stored},
};
use sarai_seal::Record;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    agree::misfits,
    common::{need_active, need_role},
};
use crate::{
    board::Listing,
    input::LaneNew,
    market::Freight,
    model::{Lane, Vehicle},
};

/// Lanes that one trucker may have.
pub const LANES_MAX: u32 = 50;
/// Events looked at in one go.
const EVENTS: u32 = 200;
/// Lanes read at once.
const SCAN: u32 = 500;
/// Lanes told in one decision.
const TOLD: usize = 100;

/// Up to which event lanes were matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Record)]
#[record(kind = "freight_progress", schema = 1)]
struct Progress {
    /// Place in the store's order.
    seq: i64,
}

/// The one document of it.
const PROGRESS: Uuid = Uuid::from_u128(0x5a7a_1f4e_1657_0000_0000_0000_0000_0001);

/// Subscribes to a lane.
pub async fn add_lane(
    market: &Freight,
    caller: &Caller,
    command: Command,
    new: &LaneNew,
) -> Result<Outcome, UseCaseError> {
    let now = command.now;
    need_role(caller, Role::Trucker)?;
    let lane = lane(market, caller, new)?;
    if let Some(vehicle) = new.vehicle {
        market.own_vehicle(caller.party, vehicle).await?;
    }
    market
        .commit(now, || async {
            let query = Query::by("lane", "lane.owner", caller.party).limit(LANES_MAX);
            if market.store.count(query).await? >= u64::from(LANES_MAX) {
                return Err(Refusal::new("quota_spent", Kind::TooMany)
                    .with("max", LANES_MAX)
                    .into());
            }
            let id = LaneId::new(now);
            let decision = Decision::new("freight.add_lane", now).write(Draft::create(
                id.uuid(),
                &lane,
                lane.keys(now),
            )?);
            let outcome = Outcome::of(201, id, 1).state("open");
            Ok((decision.answer(command.once, outcome.clone()), outcome))
        })
        .await
}

fn lane(market: &Freight, caller: &Caller, new: &LaneNew) -> Result<Lane, Refusal> {
    let mut check = FieldCheck::new();
    let from = market.gazetteer.get(&new.from_area_code);
    check.require(from.is_some(), || FieldError::new("/from_area_code", "place_unknown"));
    let to = new.to_area_code.as_deref().map(|code| market.gazetteer.get(code));
    check.require(!matches!(to, Some(None)), || FieldError::new("/to_area_code", "place_unknown"));
    check.range("/from_radius_m", new.from_radius_m, 1_000, 500_000);
    if let Some(radius) = new.to_radius_m {
        check.range("/to_radius_m", radius, 1_000, 500_000);
    }
    if let Some(quiet) = new.quiet {
        check.range("/quiet/from_hour", i64::from(quiet.from_hour), 0, 23);
        check.range("/quiet/to_hour", i64::from(quiet.to_hour), 0, 23);
    }
    if let Some(money) = new.keep_per_km_min {
        crate::rules::post::check_amount(
            &mut check,
            "/keep_per_km_min",
            money,
            (0, 1_000_000),
            &market.rules,
        );
    }
    check.finish()?;
    let from = from.ok_or_else(Refusal::not_found)?;
    let to = to.flatten();
    Ok(Lane {
        owner: caller.party,
        from_area: new.from_area_code.clone(),
        from_point: from.point,
        from_radius_m: new.from_radius_m,
        to_radius_m: to.as_ref().map(|_| new.to_radius_m.unwrap_or(50_000)),
        to_point: to.as_ref().map(|place| place.point),
        to_area: to.map(|place| place.id),
        vehicle: new.vehicle,
        keep_per_km_min_minor: new.keep_per_km_min.map(|money| money.amount_minor),
        quiet: new.quiet,
        fresh: 0,
    })
}

impl Freight {
    /// A lane of the caller's own.
    pub async fn own_lane(
        &self,
        caller: &Caller,
        id: LaneId,
    ) -> Result<Stored<Lane>, UseCaseError> {
        let found = self.store.load::<Lane>(id.uuid()).await?;
        Ok(found
            .filter(|found| found.record.owner == caller.party)
            .ok_or_else(Refusal::not_found)?)
    }

    /// The caller's lanes.
    pub async fn lanes_of(&self, caller: &Caller) -> Result<Vec<Stored<Lane>>, UseCaseError> {
        let query = Query::by("lane", "lane.owner", caller.party).limit(LANES_MAX);
        let found = self.store.records::<Lane>(query).await?;
        Ok(found.into_iter().map(|(stored, _)| stored).collect())
    }
}

/// Ends a subscription.
pub async fn remove_lane(
    market: &Freight,
    caller: &Caller,
    now: Timestamp,
    id: LaneId,
) -> Result<(), UseCaseError> {
    need_active(caller)?;
    market
        .commit(now, || async {
            let stored = market.own_lane(caller, id).await?;
            let mut decision = Decision::new("freight.remove_lane", now);
            decision.removals.push((DocRef::new("lane", stored.id), stored.version));
            Ok((decision, Outcome::of(204, id, stored.version)))
        })
        .await
        .map(drop)
}

/// The lane was looked at: its count starts from nought.
pub async fn seen_lane(
    market: &Freight,
    caller: &Caller,
    command: Command,
    id: LaneId,
) -> Result<Outcome, UseCaseError> {
    let now = command.now;
    market
        .commit(now, || async {
            let stored = market.own_lane(caller, id).await?;
            let lane = Lane { fresh: 0, ..stored.record };
            let next = stored.version + 1;
            let decision = Decision::new("freight.seen_lane", now).write(Draft::update(
                stored.id,
                stored.version,
                &lane,
                lane.keys(stored.created_at),
            )?);
            let outcome = Outcome::of(200, id, next).state("open");
            Ok((decision.answer(command.once, outcome.clone()), outcome))
        })
        .await
}

/// Whether a load lies on a lane. Distances run from the lane's place to the load's cells.
pub fn on_lane(lane: &Lane, load: &Listing, vehicle: Option<&Vehicle>) -> bool {
    let (Some(first), Some(last)) = (load.stops.first(), load.stops.last()) else { return false };
    let within = |at: sarai_geo::Point, cell: Cell, radius: i64| {
        Cell::freight(at).centre().distance_m(cell.centre()) <= radius as f64
    };
    let to = match (lane.to_point, lane.to_radius_m) {
        (Some(at), Some(radius)) => within(at, last.cell, radius),
        _ => true,
    };
    let fits = vehicle.is_none_or(|vehicle| {
        let goods = (load.cargo.mass_kg, load.cargo.volume_l);
        misfits(&load.bodies, &load.lengths_mm, goods, vehicle).iter().all(|why| *why == "papers")
    });
    lane.owner != load.owner
        && within(lane.from_point, first.cell, lane.from_radius_m)
        && to
        && fits
        && lane.keep_per_km_min_minor.is_none_or(|min| load.keep_per_km_minor() >= min)
}

impl Freight {
    /// Matches loads that opened since the last time with all lanes, and tells their owners. Run by one worker under a lease;
    /// a second one loses the race on the progress document and tells nobody twice.
    pub async fn match_lanes(&self, now: Timestamp) -> Result<usize, StoreError> {
        let held = self.store.load::<Progress>(PROGRESS).await?;
        let (version, seq) = match held {
            Some(held) => (held.version, held.record.seq),
            // The first time: what was opened before anybody listened is not news.
            None => (0, self.store.last_event().await?),
        };
        let events = self.store.events_after(seq, EVENTS).await?;
        let last = events.last().map_or(seq, |event| event.global_seq);
        if version > 0 && last == seq {
            return Ok(0);
        }
        let mut opened: Vec<LoadId> = Vec::new();
        for event in events.iter().filter(|event| event.kind == "freight.load.opened") {
            if let Ok(id) = event.subject.parse()
                && !opened.contains(&id)
            {
                opened.push(id);
            }
        }
        self.board.catch_up(&*self.store, now).await?;
        let listings: Vec<Listing> = opened.iter().filter_map(|id| self.board.get(*id)).collect();
        let matches =
            if listings.is_empty() { Vec::new() } else { self.lanes_hit(&listings).await? };
        let told = matches.len();
        self.tell(version, Progress { seq: last }, matches, now).await?;
        Ok(told)
    }

    async fn lanes_hit(
        &self,
        loads: &[Listing],
    ) -> Result<Vec<(Stored<Lane>, Vec<LoadId>)>, StoreError> {
        let mut hits = Vec::new();
        let mut vehicles: HashMap<Uuid, Option<Vehicle>> = HashMap::new();
        let mut after = None;
        loop {
            let page = self.store.scan("lane", after, SCAN).await?;
            let Some(end) = page.last().map(|document| document.at.id) else { return Ok(hits) };
            after = Some(end);
            for document in page {
                let lane = document.read::<Lane>()?;
                if let Some(id) = lane.record.vehicle.map(sarai_kernel::Id::uuid)
                    && !vehicles.contains_key(&id)
                {
                    let vehicle = self.store.load::<Vehicle>(id).await?;
                    vehicles.insert(id, vehicle.map(|stored| stored.record));
                }
                let vehicle = lane
                    .record
                    .vehicle
                    .and_then(|id| vehicles.get(&id.uuid()).and_then(Option::as_ref));
                let ids: Vec<_> = loads
                    .iter()
                    .filter(|load| on_lane(&lane.record, load, vehicle))
                    .map(|load| load.id)
                    .collect();
                if !ids.is_empty() {
                    hits.push((lane, ids));
                }
            }
        }
    }

    /// Tells owners in bounded decisions; the last one moves the progress on.
    async fn tell(
        &self,
        version: u64,
        progress: Progress,
        matches: Vec<(Stored<Lane>, Vec<LoadId>)>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut decision = Decision::new("freight.match_lanes", now);
        let count = matches.len();
        for (n, (stored, loads)) in matches.into_iter().enumerate() {
            let mut lane = stored.record;
            lane.fresh = lane.fresh.saturating_add(u32::try_from(loads.len()).unwrap_or(u32::MAX));
            let id = LaneId::from_uuid(stored.id);
            decision = decision
                .write(Draft::update(
                    stored.id,
                    stored.version,
                    &lane,
                    lane.keys(stored.created_at),
                )?)
                .event(matched(id, stored.version + 1, &lane, &loads));
            if (n + 1) % TOLD == 0 && n + 1 < count {
                decision.expects.push((DocRef::new("freight_progress", PROGRESS), version));
                let full =
                    std::mem::replace(&mut decision, Decision::new("freight.match_lanes", now));
                quiet(self.store.commit(full).await)?;
            }
        }
        quiet(
            self.store
                .commit(decision.write(Draft::update(PROGRESS, version, &progress, Vec::new())?))
                .await,
        )
    }
}

/// A lost race means that somebody else tells, or that the next round does.
fn quiet(result: Result<sarai_kernel::Committed, CommitError>) -> Result<(), StoreError> {
    match result {
        Ok(_) | Err(CommitError::Conflict(_) | CommitError::Fenced) => Ok(()),
        Err(CommitError::Store(error)) => Err(error),
        Err(_) => Err(StoreError::Unavailable { code: "match_lanes".to_owned() }),
    }
}

fn matched(id: LaneId, version: u64, lane: &Lane, loads: &[LoadId]) -> NewEvent {
    let mut data = Clear::new();
    let loads: Vec<String> = loads.iter().take(100).map(ToString::to_string).collect();
    data.insert("lane".to_owned(), id.to_string().into());
    data.insert("loads".to_owned(), loads.into());
    data.insert("fresh".to_owned(), lane.fresh.into());
    NewEvent {
        kind: "freight.lane.matched",
        subject_kind: "lane",
        subject: id.to_string(),
        version,
        audience: vec![lane.owner],
        on_board: false,
        data,
    }
}
