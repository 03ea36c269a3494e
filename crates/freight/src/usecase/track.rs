//! Where the truck is: fixes by the driver while the run goes on, sealed under the driver; the shipper reads them a minute late.

use sarai_kernel::{
    Caller, Decision, Draft, FieldCheck, FieldError, Kind, NewEvent, OrderId, Query, Refusal,
    StoreExt, Timestamp, UseCaseError,
    document::Clear,
    time::{MINUTE, SECOND},
};
use sarai_seal::Sealed;

use super::common::need_active;
use crate::{
    market::Freight,
    model::{Fix, Fixes, Order, Track},
    relations::{self, Relation, related},
    rules::order::State,
};

/// Most fixes in one batch.
pub const TAKE_MAX: usize = 500;
/// Fixes lie at least so far apart in time.
pub const APART_MICROS: i64 = 5 * SECOND;
/// No truck is faster.
pub const SPEED_MPS_MAX: f64 = 50.0;
/// The shipper sees fixes this much later.
pub const DELAY_MICROS: i64 = 60 * SECOND;
/// Batches that are read for one track.
const BATCHES_MAX: u32 = 1_000;
/// A sign of life is written into the order this often at most.
const HEARD_MICROS: i64 = 10 * MINUTE;

/// The driver on the run hands in fixes; how many were taken.
pub async fn add_track(
    market: &Freight,
    caller: &Caller,
    now: Timestamp,
    id: OrderId,
    fixes: &[Fix],
) -> Result<usize, UseCaseError> {
    need_active(caller)?;
    add_fixes(market, caller, now, id, fixes).await
}

pub(super) async fn add_fixes(
    market: &Freight,
    caller: &Caller,
    now: Timestamp,
    id: OrderId,
    fixes: &[Fix],
) -> Result<usize, UseCaseError> {
    let stored = market.related_order(caller, id).await?;
    let order = &stored.record;
    let driver = order.assignment.map(|assignment| assignment.driver);
    if driver != Some(caller.party) || !order.standing.state.is_running() {
        return Err(Refusal::new("driver_not_on_run", Kind::Forbidden).into());
    }
    check(fixes, now)?;
    let last = last_at(market, id).await?;
    let kept = thin(fixes, last);
    let Some(end) = kept.last().map(|fix| fix.at) else { return Ok(0) };
    let taken = kept.len();
    let track = Track {
        subject: caller.party.subject(),
        order: id,
        last_at: end,
        metres: metres(&kept),
        at_stop: kept.last().and_then(|fix| stop_at(order, fix)),
        fixes: Sealed::new(Fixes(kept)),
    };
    let mut decision = Decision::new("freight.track", now)
        .write(Draft::create(sarai_kernel::NoticeId::new(now).uuid(), &track, track.keys())?)
        .event(moved(id, &stored.version, order));
    let silent = order.heard_at.is_none_or(|heard| now.since(heard) >= HEARD_MICROS);
    if silent {
        let heard = Order { heard_at: Some(now), ..order.clone() };
        decision = decision.write(Draft::update(
            stored.id,
            stored.version,
            &heard,
            heard.keys(&market.rules),
        )?);
    }
    market.store.commit(decision).await?;
    Ok(taken)
}

fn moved(id: OrderId, version: &u64, order: &Order) -> NewEvent {
    NewEvent {
        kind: "freight.track.moved",
        subject_kind: "order",
        subject: id.to_string(),
        version: *version,
        audience: vec![order.shipper],
        on_board: false,
        data: Clear::new(),
    }
}

/// By time, not from tomorrow, at a truck's speed.
fn check(fixes: &[Fix], now: Timestamp) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    let count = i64::try_from(fixes.len()).unwrap_or(i64::MAX);
    check.range("/points", count, 1, i64::try_from(TAKE_MAX).unwrap_or(500));
    for (n, fix) in fixes.iter().enumerate().take(TAKE_MAX) {
        check.require(fix.at.since(now) <= super::run::CLOCK_AHEAD_MICROS, || {
            FieldError::new(format!("/points/{n}/at"), "too_far_ahead")
        });
        check.require(now.since(fix.at) <= super::run::CLOCK_BEHIND_MICROS, || {
            FieldError::new(format!("/points/{n}/at"), "in_the_past")
        });
        for (value, field, max) in [
            (fix.heading_deg, "heading_deg", 360.0),
            (fix.speed_mps, "speed_mps", 100.0),
            (fix.accuracy_m, "accuracy_m", 100_000.0),
        ] {
            check.require(value.is_none_or(|value| (0.0..=max).contains(&value)), || {
                FieldError::new(format!("/points/{n}/{field}"), "out_of_range")
            });
        }
    }
    check.finish()?;
    for (n, (a, b)) in fixes.iter().zip(fixes.iter().skip(1)).enumerate() {
        let seconds = b.at.since(a.at) as f64 / SECOND as f64;
        if seconds < 0.0 || a.point.distance_m(b.point) > SPEED_MPS_MAX * seconds.max(1.0) + 100.0 {
            let errors = vec![FieldError::new(format!("/points/{}", n + 1), "out_of_range")];
            return Err(Refusal { errors, ..Refusal::new("position_implausible", Kind::Invalid) });
        }
    }
    Ok(())
}

/// One fix every five seconds at most, none that was handed in before.
fn thin(fixes: &[Fix], last: Option<Timestamp>) -> Vec<Fix> {
    let mut kept: Vec<Fix> = Vec::new();
    let mut last = last;
    for fix in fixes {
        if last.is_none_or(|last| fix.at.since(last) >= APART_MICROS) {
            last = Some(fix.at);
            kept.push(*fix);
        }
    }
    kept
}

fn metres(fixes: &[Fix]) -> i64 {
    let pairs = fixes.iter().zip(fixes.iter().skip(1));
    pairs.map(|(a, b)| a.point.distance_m(b.point)).sum::<f64>().round() as i64
}

/// The stop that a fix lies at.
fn stop_at(order: &Order, fix: &Fix) -> Option<u8> {
    let near =
        |stop: &crate::model::StopRun| stop.point.distance_m(fix.point) <= super::run::AT_PLACE_M;
    (0u8..).zip(&order.stops).find(|(_, stop)| near(stop)).map(|(n, _)| n)
}

/// Whether the truck's last sign of life, not older than half an hour, came from the first stop.
pub(super) async fn still_at_first_stop(
    market: &Freight,
    id: OrderId,
    now: Timestamp,
) -> Result<bool, UseCaseError> {
    let query = Query::by("track", "track.order", id).newest_first();
    let last = market.store.first::<Track>(query).await?;
    Ok(last.is_some_and(|last| {
        last.record.at_stop == Some(0) && now.since(last.record.last_at) <= 30 * MINUTE
    }))
}

async fn last_at(market: &Freight, id: OrderId) -> Result<Option<Timestamp>, UseCaseError> {
    let query = Query::by("track", "track.order", id).newest_first();
    Ok(market.store.first::<Track>(query).await?.map(|stored| stored.record.last_at))
}

/// Who reads a track, and up to which moment of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrackSight {
    /// The reader's relation.
    pub relation: Relation,
    /// Fixes after this moment are not shown.
    pub until: Timestamp,
    /// Whether the truck is under way.
    pub live: bool,
}

/// Whether the caller may read the track now: the trucker and driver their own; the shipper while the truck is under way.
pub async fn track_sight(
    market: &Freight,
    caller: &Caller,
    now: Timestamp,
    id: OrderId,
) -> Result<(Order, TrackSight), UseCaseError> {
    let order = market.related_order(caller, id).await?.record;
    let relation = related(&relations::to_order(caller, &order))?;
    let live = matches!(order.standing.state, State::UnderWay { .. } | State::AtStop { .. });
    let until = if relation == Relation::Shipper { now.plus(-DELAY_MICROS) } else { now };
    if relation == Relation::Shipper && !live {
        let state = order.standing.state.to_string();
        let refusal = Refusal::new("transition_refused", Kind::Conflict).with("state", state);
        return Err(refusal.with("allowed_from", vec!["at_stop", "under_way"]).into());
    }
    Ok((order, TrackSight { relation, until, live }))
}

/// The batches of a track, oldest first, still sealed.
pub async fn tracks(market: &Freight, id: OrderId) -> Result<Vec<Track>, UseCaseError> {
    let query = Query::by("track", "track.order", id).limit(BATCHES_MAX);
    let found = market.store.records::<Track>(query).await?;
    Ok(found.into_iter().map(|(stored, _)| stored.record).collect())
}
