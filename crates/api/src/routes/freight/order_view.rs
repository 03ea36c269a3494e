//! An order as its side sees it. Street, receiver's name, driver and plate are opened each under a grant of their own, where the
//! stage lets them; otherwise they are `null`.

use sarai_account::usecase::ratings;
use sarai_freight::{
    Freight,
    model::{
        Order, Site, StopContact, Vehicle,
        order::{Shown, StopRun},
        site::{SiteAddress, SiteNotes, StopContactName},
        vehicle::VehiclePlate,
    },
    relations::{self, Relation, related, stage},
    rules::{
        money::late_cancel,
        order::{State as At, free_until, table::SIGN_OFF_MICROS},
    },
    usecase::act::{standing, words_now},
    words::Side,
};
use sarai_gate::{Ask, words};
use sarai_kernel::{
    Caller, Money, OrderId, StoreExt, Timestamp, Window,
    document::Stored,
    party::{Party, PartyDisplayName, PartyName},
    personal::{Address, Name, Plate, Words},
    purpose::Deliver,
    rating::RATING_MICROS,
};
use sarai_seal::{Disclose, Disclosed, Grant, Scope, Sealed, SubjectId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    offers::TruckLine,
    order_list::side_of,
    shapes::{CargoView, KeepSum, PaySum, RatingSum, area, keep, pay, rating},
};
use crate::{
    app::App,
    problem::Problem,
    shapes::{Area, RouteLine, Text2, WirePoint},
};

/// Street and notes of a stop, opened or not.
#[derive(Disclose, ToSchema)]
#[schema(as = OrderSite)]
struct SiteView {
    #[subject]
    #[serde(skip)]
    #[schema(ignore)]
    subject: SubjectId,
    #[schema(value_type = Option<String>)]
    address: Option<Sealed<Address, SiteAddress>>,
    #[schema(value_type = Option<String>)]
    notes: Option<Sealed<Words, SiteNotes>>,
}

/// Whom to ask for at a stop, opened or not.
#[derive(Disclose, ToSchema)]
#[schema(as = OrderStopName)]
struct NameView {
    #[subject]
    #[serde(skip)]
    #[schema(ignore)]
    subject: SubjectId,
    #[schema(value_type = Option<String>)]
    contact_name: Option<Sealed<Name, StopContactName>>,
}

/// A stop of an order.
#[derive(Serialize, ToSchema)]
#[schema(as = OrderStop)]
struct StopView {
    id: String,
    index: usize,
    kind: &'static str,
    area: Area,
    window: Window,
    point: Option<WirePoint>,
    #[serde(flatten)]
    #[schema(value_type = SiteView)]
    site: Opened<SiteView>,
    #[serde(flatten)]
    #[schema(value_type = NameView)]
    name: Opened<NameView>,
    arrived_at: Option<Timestamp>,
    served_at: Option<Timestamp>,
    left_at: Option<Timestamp>,
    eta: Option<Timestamp>,
    mass_kg: Option<i64>,
    photos: Vec<String>,
    waiting_seconds: Option<i64>,
}

/// The driver's name.
#[derive(Disclose, ToSchema)]
#[schema(as = OrderDriver)]
struct DriverView {
    #[subject]
    #[serde(skip)]
    #[schema(ignore)]
    subject: SubjectId,
    #[schema(value_type = Option<String>)]
    driver_name: Option<Sealed<Name, PartyName>>,
}

/// The plate.
#[derive(Disclose, ToSchema)]
#[schema(as = OrderPlate)]
struct PlateView {
    #[subject]
    #[serde(skip)]
    #[schema(ignore)]
    subject: SubjectId,
    #[schema(value_type = Option<String>)]
    plate: Option<Sealed<Plate, VehiclePlate>>,
}

/// Who drives, with what.
#[derive(Serialize, ToSchema)]
#[schema(as = Assignment)]
struct AssignmentView {
    #[serde(flatten)]
    #[schema(value_type = DriverView)]
    driver: Opened<DriverView>,
    #[serde(flatten)]
    #[schema(value_type = PlateView)]
    plate: Opened<PlateView>,
    plate_colour: Option<&'static str>,
    vehicle: TruckLine,
    assigned_at: Timestamp,
}

/// The trade name of the other side.
#[derive(Disclose, ToSchema)]
#[schema(as = OrderOtherName)]
struct OtherName {
    #[subject]
    #[serde(skip)]
    #[schema(ignore)]
    subject: SubjectId,
    #[schema(value_type = String)]
    display_name: Option<Sealed<Name, PartyDisplayName>>,
}

/// The other side.
#[derive(Serialize, ToSchema)]
#[schema(as = OrderOther)]
struct OtherView {
    id: String,
    #[serde(flatten)]
    #[schema(value_type = OtherName)]
    name: Opened<OtherName>,
    rating: Option<RatingSum>,
    verified: bool,
}

/// What walking away costs.
#[derive(Serialize, ToSchema)]
struct CancelView {
    free: bool,
    free_until: Option<Timestamp>,
    penalty: Option<Money>,
}

/// Who sees the position, and until when.
#[derive(Serialize, ToSchema)]
struct SeenBy {
    who: Text2,
    until: Option<Timestamp>,
}

/// An order.
#[derive(Serialize, ToSchema)]
#[schema(as = OrderDetail)]
pub(super) struct OrderDetail {
    id: String,
    version: u64,
    load: String,
    side: &'static str,
    mode: &'static str,
    #[schema(value_type = Object)]
    standing: Value,
    allowed_now: Vec<&'static str>,
    stops: Vec<StopView>,
    cargo: CargoView,
    route: RouteLine,
    keep: Option<KeepSum>,
    pay: Option<PaySum>,
    deposit: Money,
    deposit_state: &'static str,
    paid_within_seconds: i64,
    paid_at: Option<Timestamp>,
    other: OtherView,
    assignment: Option<AssignmentView>,
    thread: Option<String>,
    contact_open: bool,
    codes_open: bool,
    my_rating: bool,
    rate_until: Option<Timestamp>,
    cancel: Option<CancelView>,
    auto_sign_off_at: Option<Timestamp>,
    booked_at: Option<Timestamp>,
    position_seen_by: Vec<SeenBy>,
}

/// Who looks at which order, when.
struct Look<'a> {
    app: &'a App,
    caller: &'a Caller,
    id: OrderId,
    order: &'a Order,
    relation: Relation,
    now: Timestamp,
}

impl Look<'_> {
    fn market(&self) -> &Freight {
        &self.app.freight
    }

    fn ask<'a>(&'a self, data: &'a str, scope: Scope, fields: &'a [&'a str]) -> Ask<'a> {
        Ask {
            actor: self.caller.actor(),
            caller: Some(self.caller),
            relation: self.relation.word(),
            resource_kind: data,
            resource: self.id.to_string(),
            stage: stage(self.order, self.now),
            case: None,
            consent: false,
            scope,
            fields,
        }
    }

    /// The grant, where the law gives one at this stage. Whether it would is asked first, so that looking at one's own order
    /// does not fill the log with refusals.
    async fn grant(
        &self,
        data: &str,
        scope: Option<Scope>,
        fields: &[&str],
    ) -> Result<Option<Grant<Deliver>>, Problem> {
        let Some(scope) = scope else { return Ok(None) };
        let ask = self.ask(data, scope, fields);
        if !self.app.gate.would::<Deliver>(&ask, self.now) {
            return Ok(None);
        }
        Ok(Some(self.app.gate.grant::<Deliver>(ask, self.now).await?))
    }
}

/// A disclosed view, or the same members as `null` where nothing was opened.
#[derive(Serialize)]
#[serde(untagged, bound(serialize = ""))]
enum Opened<V: Disclose<Deliver>> {
    Open(Disclosed<V, Deliver>),
    Shut(serde_json::Map<String, Value>),
}

fn opened<V: Disclose<Deliver>>(
    grant: Option<&Grant<Deliver>>,
    view: V,
    members: &[&str],
) -> Result<Opened<V>, Problem> {
    Ok(match grant {
        Some(grant) => Opened::Open(grant.disclose(view)?),
        None => {
            Opened::Shut(members.iter().map(|name| ((*name).to_owned(), Value::Null)).collect())
        }
    })
}

/// The order as the caller's side sees it.
pub(super) async fn view(
    app: &App,
    caller: &Caller,
    stored: Stored<Order>,
    now: Timestamp,
) -> Result<OrderDetail, Problem> {
    let id = OrderId::from_uuid(stored.id);
    let order = &stored.record;
    let relation = related(&relations::to_order(caller, order))?;
    let look = Look { app, caller, id, order, relation, now };
    let side = side_of(order, caller);
    let market = look.market();
    let actors = order.actors_of(caller.party);
    let my_rating =
        order.completed_at.is_some() && ratings::has_rated(&app.account, caller.party, id).await?;
    let mut allowed_now = words_now(market, order, &actors);
    if may_rate(order, caller, now) && !my_rating {
        allowed_now.push("rate");
    }
    let exact = relation == Relation::Shipper
        || order.standing.state.is_held()
        || order.delivered_at.is_some();
    let points: Vec<_> = order
        .stops
        .iter()
        .map(|stop| if exact { stop.point } else { stop.cell.centre() })
        .collect();
    Ok(OrderDetail {
        id: id.to_string(),
        version: stored.version,
        load: order.load.to_string(),
        side: side.word(),
        mode: "matched",
        standing: standing(order),
        allowed_now,
        stops: stops(&look, exact).await?,
        cargo: (&order.cargo).into(),
        route: market.ways.way(&points).into(),
        keep: (side == Side::Trucker).then(|| keep(market, &order.terms)),
        pay: (side == Side::Shipper).then(|| pay(market, &order.terms)),
        deposit: order.terms.deposit(),
        deposit_state: deposit_state(order),
        paid_within_seconds: 0,
        paid_at: order.completed_at,
        other: other(&look, side).await?,
        assignment: assignment(&look).await?,
        thread: order.thread.map(|thread| thread.to_string()),
        contact_open: order.contact_open(now),
        codes_open: relation == Relation::Shipper && order.standing.state.is_running(),
        my_rating,
        rate_until: order.completed_at.map(|at| at.plus(RATING_MICROS)),
        cancel: cancel(market, order, side, now),
        auto_sign_off_at: match order.standing.state {
            At::Delivered => order.delivered_at.map(|at| at.plus(SIGN_OFF_MICROS)),
            _ => None,
        },
        booked_at: order.booked_at,
        position_seen_by: seen_by(order),
    })
}

/// Rating is for the two sides, not for a driver they send, and ends with its window.
fn may_rate(order: &Order, caller: &Caller, now: Timestamp) -> bool {
    let side = [order.shipper, order.trucker].contains(&caller.party);
    let open = |at: Timestamp| now.since(at) < RATING_MICROS;
    side && order.completed_at.is_some_and(open)
}

fn deposit_state(order: &Order) -> &'static str {
    use sarai_freight::rules::order::Reason;
    match order.standing.state {
        At::AwaitingFunds | At::Cancelled { reason: Reason::Unfunded } => "not_held",
        At::Cancelled { reason: Reason::TruckerLate | Reason::NoShow } => "forfeited",
        At::Completed | At::Cancelled { .. } => "returned",
        _ => "held",
    }
}

fn cancel(market: &Freight, order: &Order, side: Side, now: Timestamp) -> Option<CancelView> {
    if !matches!(order.standing.state, At::AwaitingFunds | At::Booked { no_show: false }) {
        return None;
    }
    let kinds = order.kinds();
    let facts = order.facts(&kinds, &market.rules, Shown::NOTHING);
    let until = free_until(&facts);
    let free = order.booked_at.is_none() || until.is_some_and(|until| now < until);
    let lost = match side {
        Side::Shipper => late_cancel(&order.terms).ok(),
        Side::Trucker if order.terms.deposit_refundable => Some(order.terms.deposit_minor / 2),
        Side::Trucker => Some(order.terms.deposit_minor),
    };
    Some(CancelView {
        free,
        free_until: until,
        penalty: lost.filter(|_| !free).map(|lost| order.terms.money(lost)),
    })
}

fn seen_by(order: &Order) -> Vec<SeenBy> {
    if !order.standing.state.is_running() {
        return Vec::new();
    }
    let until = order.stops.last().map(|stop| stop.window.to);
    vec![SeenBy {
        who: Text2::of("The shipper, while you are under way", Some("货主（仅在运输途中）")),
        until,
    }]
}

async fn other(look: &Look<'_>, side: Side) -> Result<OtherView, Problem> {
    let market = look.market();
    let id = if side == Side::Shipper { look.order.trucker } else { look.order.shipper };
    let party: Option<Party> =
        market.store.load::<Party>(id.uuid()).await?.map(|stored| stored.record);
    let verified = party.as_ref().is_some_and(|party| {
        party.is_verified("person", look.now) || party.is_verified("company", look.now)
    });
    let rating = party
        .as_ref()
        .and_then(|party| rating(party.rating_hundredths(), party.ratings, party.completed));
    let named = party.and_then(|party| party.display_name);
    let scope = named.as_ref().map(|_| Scope::One(id.subject()));
    let grant = look.grant(words::data::CARD, scope, &["party.display_name"]).await?;
    let view = OtherName { subject: id.subject(), display_name: named };
    // Who chose no trade name goes by the handle of this listing.
    let mut name = opened(grant.as_ref(), view, &["display_name"])?;
    if let Opened::Shut(members) = &mut name {
        let handle = market.keys.handle(look.order.load, id);
        members.insert("display_name".to_owned(), format!("Member {handle}").into());
    }
    Ok(OtherView { id: id.to_string(), name, rating, verified })
}

async fn stops(look: &Look<'_>, exact: bool) -> Result<Vec<StopView>, Problem> {
    let order = look.order;
    let shipper = order.shipper.subject();
    let people =
        Scope::several(order.stops.iter().map(|stop| SubjectId::from_uuid(stop.id.uuid())));
    let fields = ["load_site.address", "load_site.notes"];
    let site = look.grant(words::data::STOPS, Some(Scope::One(shipper)), &fields).await?;
    let name = look.grant(words::data::RECEIVER, people, &["stop_contact.name"]).await?;
    let mut views = Vec::new();
    for (index, stop) in order.stops.iter().enumerate() {
        views.push(stop_view(look, index, stop, exact, (site.as_ref(), name.as_ref())).await?);
    }
    Ok(views)
}

async fn stop_view(
    look: &Look<'_>,
    index: usize,
    stop: &StopRun,
    exact: bool,
    (site_grant, name_grant): (Option<&Grant<Deliver>>, Option<&Grant<Deliver>>),
) -> Result<StopView, Problem> {
    let market = look.market();
    let (mut address, mut notes, mut contact_name) = (None, None, None);
    if site_grant.is_some()
        && let Some(site) = market.store.load::<Site>(stop.id.uuid()).await?
    {
        (address, notes) = (Some(site.record.address), site.record.notes);
    }
    if name_grant.is_some()
        && let Some(contact) = market.store.load::<StopContact>(stop.id.uuid()).await?
    {
        contact_name = Some(contact.record.name);
    }
    let waited = stop.arrived_at.map(|at| {
        stop.served_at.or(stop.left_at).unwrap_or(look.now).since(at) / sarai_kernel::time::SECOND
    });
    let under_way =
        matches!(look.order.standing.state, At::UnderWay { to } if usize::from(to) == index);
    Ok(StopView {
        id: stop.id.to_string(),
        index,
        kind: stop.kind.word(),
        area: area(market, &stop.area),
        window: stop.window.clone(),
        point: exact.then(|| stop.point.into()),
        site: opened(
            site_grant,
            SiteView { subject: look.order.shipper.subject(), address, notes },
            &["address", "notes"],
        )?,
        name: opened(
            name_grant,
            NameView { subject: SubjectId::from_uuid(stop.id.uuid()), contact_name },
            &["contact_name"],
        )?,
        arrived_at: stop.arrived_at,
        served_at: stop.served_at,
        left_at: stop.left_at,
        eta: look.order.eta().filter(|_| under_way),
        mass_kg: stop.mass_kg,
        photos: stop.photos.iter().map(ToString::to_string).collect(),
        waiting_seconds: waited,
    })
}

async fn assignment(look: &Look<'_>) -> Result<Option<AssignmentView>, Problem> {
    let market = look.market();
    let Some(named) = look.order.assignment else { return Ok(None) };
    let Some(vehicle) = market.store.load::<Vehicle>(named.vehicle.uuid()).await? else {
        return Ok(None);
    };
    let vehicle = vehicle.record;
    let driver = market.store.load::<Party>(named.driver.uuid()).await?.map(|stored| stored.record);
    let scope = Scope::several([named.driver.subject(), vehicle.subject]);
    let grant = look.grant(words::data::RUN, scope, &["party.name", "vehicle.plate"]).await?;
    let truck = TruckLine {
        body: vehicle.body.word(),
        length_mm: vehicle.length_mm,
        payload_kg: vehicle.payload_kg,
    };
    let open = grant.is_some();
    let driver_name = driver.and_then(|driver| driver.name).filter(|_| open);
    let colour = open.then(|| vehicle.plate_colour.word());
    let plate = open.then_some(vehicle.plate);
    Ok(Some(AssignmentView {
        driver: opened(
            grant.as_ref(),
            DriverView { subject: named.driver.subject(), driver_name },
            &["driver_name"],
        )?,
        plate: opened(grant.as_ref(), PlateView { subject: vehicle.subject, plate }, &["plate"])?,
        plate_colour: colour,
        vehicle: truck,
        assigned_at: named.at,
    }))
}
