//! Two sides agree: order, calendars, load, codes, talk and money in one decision.

use sarai_kernel::{
    Decision, Draft, Kind, LoadId, OfferId, OrderId, PartyId, Refusal, StoreExt, ThreadId,
    Timestamp, TruckId, UseCaseError, document::Stored,
};
use uuid::Uuid;

use super::{
    codes,
    common::{funds_insufficient, load_event, order_event},
    edit_load::supersede,
    talk::Talk,
};
use crate::{
    market::Freight,
    model::{
        Assignment, Busy, Calendar, Load, LoadState, Order, StopRun, Vehicle, VehicleCheck,
        order::Shown,
    },
    rules::{
        money::{Parties, Terms, postings},
        order::{Action, Actor, Standing, State, next},
    },
};

/// What is agreed on.
pub(super) struct Deal {
    /// The load.
    pub id: LoadId,
    /// Its document.
    pub load: Stored<Load>,
    /// Who carries.
    pub trucker: PartyId,
    /// With which truck.
    pub vehicle: Stored<Vehicle>,
    /// At which money.
    pub terms: Terms,
    /// The offer that was accepted.
    pub offer: Option<OfferId>,
    /// The talk.
    pub talk: Talk,
    /// The trucker is the one who says yes: then the deposit must be there.
    pub by_trucker: bool,
}

/// What came of it.
pub(super) struct Agreed {
    /// The decision so far.
    pub decision: Decision,
    /// The order's id.
    pub id: OrderId,
    /// The order's version.
    pub version: u64,
    /// The order.
    pub order: Order,
}

/// Makes the order, and books it when both sums are there.
pub(super) async fn agree(
    market: &Freight,
    decision: Decision,
    deal: Deal,
    now: Timestamp,
) -> Result<Agreed, UseCaseError> {
    let Deal { id: load_id, load, trucker, vehicle, terms, offer, mut talk, by_trucker } = deal;
    suits(&load.record, &vehicle.record)?;
    let id = OrderId::new(now);
    let assignment = assignment(market, trucker, &vehicle, &load.record, now).await?;
    let mut order = order(load_id, &load.record, trucker, terms, offer, talk.id, assignment, now);
    let mut decision = busy(market, decision, id, &order).await?;
    if by_trucker && let Some(missing) = market.missing(trucker, terms.deposit()).await? {
        return Err(funds_insufficient(missing).into());
    }
    let funds = market.missing(order.shipper, terms.pay()).await?.is_none()
        && market.missing(trucker, terms.deposit()).await?.is_none();
    let version = 1;
    decision = decision.event(order_event("freight.order.agreed", id, version, &order));
    if funds {
        decision = book(market, decision, id, &mut order, now)?;
        decision = decision.event(order_event("freight.order.booked", id, version, &order));
    }
    talk.thread.order = Some(id.to_string());
    talk.thread.open_contact = order.standing.state.is_held();
    decision = talk.write(decision, now)?;
    let codes = codes::fresh(market, id, &order)?;
    decision = decision.write(Draft::create(id.uuid(), &codes, Vec::new())?).write(Draft::create(
        id.uuid(),
        &order,
        order.keys(&market.rules),
    )?);
    let closed = Load { state: LoadState::Booked, order: Some(id), ..load.record };
    decision = decision
        .write(closed.update(load.id, load.version, load.created_at)?)
        .event(load_event("freight.load.closed", load_id, load.version + 1, &closed));
    decision = supersede(market, decision, load_id, offer).await?;
    Ok(Agreed { decision, id, version, order })
}

/// Holds both sums: the table decides, here as everywhere.
fn book(
    market: &Freight,
    mut decision: Decision,
    id: OrderId,
    order: &mut Order,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let kinds = order.kinds();
    let shown = Shown { funds: true, ..Shown::NOTHING };
    let step = next(
        order.standing,
        Action::Fund,
        Actor::System,
        now,
        &order.facts(&kinds, &market.rules, shown),
    )?;
    let who = Parties { order: id, shipper: order.shipper, trucker: order.trucker };
    for set in postings(who, &order.terms, step.money)? {
        decision = decision.post(set);
    }
    order.take(Action::Fund, &step, now);
    Ok(decision)
}

/// The truck fits the load.
pub(super) fn suits(load: &Load, vehicle: &Vehicle) -> Result<(), Refusal> {
    let reasons =
        misfits(&load.bodies, &load.lengths_mm, (load.cargo.mass_kg, load.cargo.volume_l), vehicle);
    if reasons.is_empty() {
        Ok(())
    } else {
        Err(Refusal::new("vehicle_unsuitable", Kind::Conflict).with("reasons", reasons))
    }
}

/// In which ways a truck does not fit.
pub fn misfits(
    bodies: &[crate::words::Body],
    lengths_mm: &[u32],
    (mass_kg, volume_l): (i64, Option<i64>),
    vehicle: &Vehicle,
) -> Vec<&'static str> {
    let too_small = matches!((volume_l, vehicle.volume_l), (Some(load), Some(has)) if load > has);
    [
        (mass_kg > vehicle.payload_kg, "too_heavy"),
        (too_small, "volume"),
        (!bodies.contains(&vehicle.body), "body"),
        (!lengths_mm.contains(&vehicle.length_mm), "length"),
        (vehicle.check != VehicleCheck::Verified, "papers"),
    ]
    .into_iter()
    .filter_map(|(wrong, word)| wrong.then_some(word))
    .collect()
}

/// The driver and the truck of a run: both checked, with the moment at which the first of their papers ends.
pub(super) async fn assignment(
    market: &Freight,
    driver: PartyId,
    vehicle: &Stored<Vehicle>,
    load: &Load,
    now: Timestamp,
) -> Result<Assignment, UseCaseError> {
    let party = market.party(driver).await?.record;
    if !(party.is_verified("person", now) && party.is_verified("licence", now)) {
        return Err(Refusal::new("verification_required", Kind::Forbidden)
            .with("missing", vec!["person", "licence"])
            .into());
    }
    let licences = party.verified.iter().filter(|paper| paper.what == "licence");
    let papers = vehicle.record.papers.iter().map(|paper| paper.expires_at);
    let papers_until = licences.filter_map(|paper| paper.until).chain(papers).min();
    let last = load.drop().map_or(now, |window| window.to);
    if papers_until.is_some_and(|until| until <= last) {
        return Err(Refusal::new("document_expired", Kind::Forbidden).into());
    }
    Ok(Assignment {
        driver,
        vehicle: TruckId::from_uuid(vehicle.id),
        vehicle_row: vehicle.record.plate_mark,
        at: now,
        papers_until,
    })
}

#[expect(clippy::too_many_arguments, reason = "everything that an order is made of, once")]
fn order(
    load_id: LoadId,
    load: &Load,
    trucker: PartyId,
    terms: Terms,
    offer: Option<OfferId>,
    thread: ThreadId,
    assignment: Assignment,
    now: Timestamp,
) -> Order {
    let stop = |stop: &crate::model::Stop| StopRun {
        id: stop.id,
        kind: stop.kind,
        area: stop.area.clone(),
        point: stop.point,
        cell: stop.cell,
        window: stop.window.clone(),
        arrived_at: None,
        served_at: None,
        left_at: None,
        mass_kg: None,
        photos: Vec::new(),
        confirmed: false,
    };
    let city =
        |stop: Option<&crate::model::Stop>| stop.map_or("", |stop| stop.city.as_str()).to_owned();
    Order {
        load: load_id,
        offer,
        thread: Some(thread),
        shipper: load.owner,
        trucker,
        standing: Standing::AGREED,
        terms,
        stops: load.stops.iter().map(stop).collect(),
        cargo: load.cargo.clone(),
        route: load.route,
        lane: format!("{}:{}", city(load.first()), city(load.last())),
        assignment: Some(assignment),
        agreed_at: now,
        booked_at: None,
        delivered_at: None,
        completed_at: None,
        ended_at: None,
        no_show_at: None,
        dispute_at: None,
        step_at: now,
        heard_at: None,
        told: false,
        empty_run_minor: 0,
        taken: Vec::new(),
    }
}

impl Freight {
    /// A row of the calendar with its version; a new one has version 0.
    pub(crate) async fn calendar(&self, row: Uuid) -> Result<(u64, Calendar), UseCaseError> {
        let found = self.store.load::<Calendar>(row).await?;
        Ok(found.map_or_else(|| (0, Calendar::default()), |found| (found.version, found.record)))
    }
}

/// Books driver and vehicle: each has one row, written under its version, so a race cannot book either twice.
pub(super) async fn busy(
    market: &Freight,
    mut decision: Decision,
    id: OrderId,
    order: &Order,
) -> Result<Decision, UseCaseError> {
    let Some(assignment) = order.assignment else { return Ok(decision) };
    let (from, to) = order.busy();
    for (what, row) in [("driver", assignment.driver.uuid()), ("vehicle", assignment.vehicle_row)] {
        let (version, mut calendar) = market.calendar(row).await?;
        calendar.runs.retain(|run| run.order != id && run.to > order.agreed_at);
        if !calendar.book(Busy { order: id, from, to }) {
            return Err(Refusal::new("party_busy", Kind::Conflict).with("who", what).into());
        }
        decision = decision.write(Draft::update(row, version, &calendar, Vec::new())?);
    }
    Ok(decision)
}

/// Gives driver and vehicle back.
pub(super) async fn free(
    market: &Freight,
    mut decision: Decision,
    id: OrderId,
    assignment: Assignment,
) -> Result<Decision, UseCaseError> {
    for row in [assignment.driver.uuid(), assignment.vehicle_row] {
        let (version, mut calendar) = market.calendar(row).await?;
        if version > 0 {
            calendar.free(id);
            decision = decision.write(Draft::update(row, version, &calendar, Vec::new())?);
        }
    }
    Ok(decision)
}

/// The answer about an order that was agreed.
pub(super) fn booked(agreed: &Agreed) -> sarai_kernel::Outcome {
    let state: State = agreed.order.standing.state;
    let mut body = sarai_kernel::document::Clear::new();
    body.insert("order".to_owned(), agreed.id.to_string().into());
    body.insert("version".to_owned(), agreed.version.into());
    body.insert("state".to_owned(), state.word().into());
    sarai_kernel::Outcome { status: 201, body }
}
