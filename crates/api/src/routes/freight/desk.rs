//! Orders at the operator's desk: the list with its alarms, one with its whole history, ledger and openings.

use axum::{extract::State, response::Response};
use sarai_freight::{
    model::Order,
    rules::order::{Dispute, State as At},
    usecase::act::{standing, words_now},
};
use sarai_gate::{Ask, words::relation};
use sarai_kernel::{
    Caller, Kind, Money, OrderId, PartyId, Query as Find, Refusal, Role, StoreExt, Stored,
    Timestamp,
    audit::AuditRow,
    document::Clear,
    party::{Party, PartyDisplayName},
    personal::Name,
    purpose::{Resolve, Support},
    time::HOUR,
};
use sarai_seal::{Disclose, Purpose, Reads, Scope, Sealed, SubjectId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::shapes::{CargoView, area};
use crate::{
    app::{App, Ctx},
    cursor::List,
    params::{Params, Query},
    problem::Problem,
    routes::{
        cards::{RatingSum, display_name, rating},
        me::words,
        paging::{Page, Paging},
    },
    shapes::{Area, Text2},
    spec::{Routes, Spec},
    version::Fresh,
    who::{Anybody, SignedIn},
};

const DESK: &[Role] = &[Role::OpSupport, Role::OpSafety];
/// A truck that was not heard of for so long is silent.
const SILENT_MICROS: i64 = 2 * HOUR;
/// Audit rows that are looked through for openings.
const OPENINGS_MAX: u32 = 500;

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(
            Spec::get("/v1/ops/orders", "ops_order_list", "Orders")
                .roles(DESK)
                .relation("op.support, op.safety")
                .query::<OrderPage>()
                .lists::<OpsOrderCard>(),
            list,
        )
        .add(
            Spec::get("/v1/ops/orders/{id}", "ops_order_get", "An order with its history")
                .roles(DESK)
                .relation("op.support, op.safety")
                .opens("support, resolve", "open")
                .answers::<OpsOrderDetail>(200),
            read,
        )
        .add(
            Spec::get("/v1/ops/orders/{id}/events", "ops_order_events", "What happened")
                .roles(DESK)
                .relation("op.support, op.safety")
                .query::<Page>()
                .lists::<EventLine>(),
            events,
        )
}

/// Which orders.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OrderPage {
    /// Only in this state.
    #[schema(max_length = 20)]
    state: Option<String>,
    /// `true`: only those with an alarm.
    #[schema(max_length = 5)]
    alarm: Option<String>,
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    #[schema(max_length = 1024)]
    cursor: Option<String>,
}

/// An order on one line.
#[derive(Debug, Serialize, ToSchema)]
struct OpsOrderCard {
    id: OrderId,
    #[schema(value_type = Object)]
    standing: Value,
    from: Area,
    to: Area,
    price: Money,
    booked_at: Option<Timestamp>,
    updated_at: Timestamp,
    alarm: Option<&'static str>,
}

/// What is wrong with an order. Pure.
fn alarm(order: &Order, now: Timestamp) -> Option<&'static str> {
    if order.standing.dispute == Dispute::Open {
        return Some("dispute");
    }
    let rolling = matches!(order.standing.state, At::UnderWay { .. });
    let heard = order.heard_at.unwrap_or(order.step_at).max(order.step_at);
    if rolling && now.since(heard) >= SILENT_MICROS {
        return Some("silent");
    }
    let stop = match order.standing.state {
        At::Booked { .. } => order.stops.first(),
        At::UnderWay { to } => order.stops.get(usize::from(to)),
        _ => None,
    };
    stop.is_some_and(|stop| now >= stop.window.to).then_some("late")
}

fn card(app: &App, stored: &Stored<Order>, now: Timestamp) -> OpsOrderCard {
    let order = &stored.record;
    let place = |code: Option<&str>| area(&app.freight, code.unwrap_or_default());
    OpsOrderCard {
        id: OrderId::from_uuid(stored.id),
        standing: standing(order),
        from: place(order.stops.first().map(|stop| stop.area.as_str())),
        to: place(order.stops.last().map(|stop| stop.area.as_str())),
        price: order.terms.price(),
        booked_at: order.booked_at,
        updated_at: stored.updated_at,
        alarm: alarm(order, now),
    }
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Query(page): Query<OrderPage>,
) -> Result<List<Vec<OpsOrderCard>>, Problem> {
    let asked = (page.limit, page.cursor.as_deref());
    let filter = (&page.state, &page.alarm);
    let paging = Paging::open(&app, "ops_order_list", caller.actor(), &filter, asked, now)?;
    let query = match &page.state {
        Some(state) => Find::by("order", "order.state", state.as_str()),
        None => Find::by("order", "order.all", "freight"),
    };
    let query = query.newest_first().limit(paging.limit).after(paging.after);
    let rows = app.store.records::<Order>(query).await?;
    let last = rows.last().map(|(order, sort)| (*sort, order.id));
    let next_cursor = paging.next(&app, rows.len(), last, now)?;
    let only_alarms = page.alarm.as_deref() == Some("true");
    let cards = rows.iter().map(|(order, _)| card(&app, order, now));
    let items = cards.filter(|card| !only_alarms || card.alarm.is_some()).collect();
    Ok(List { items, next_cursor })
}

/// A side of the order, by its trade name.
#[derive(Disclose)]
struct SideCard {
    #[subject]
    #[serde(skip)]
    subject: SubjectId,
    id: PartyId,
    display_name: Sealed<Name, PartyDisplayName>,
    roles: Vec<&'static str>,
    verified: bool,
    rating: Option<RatingSum>,
    since: String,
}

/// An order with everything that belongs to it but addresses and contact data.
#[derive(Debug, Serialize, ToSchema)]
struct OpsOrderDetail {
    #[serde(flatten)]
    card: OpsOrderCard,
    #[schema(value_type = Object)]
    shipper: Value,
    #[schema(value_type = Object)]
    trucker: Value,
    #[schema(value_type = Object)]
    cargo: Value,
    allowed_next: Vec<NextStep>,
    postings: Vec<LedgerLine>,
    opened_by: Vec<Opening>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpsNextStep)]
struct NextStep {
    action: &'static str,
    who: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpsLedgerLine)]
struct LedgerLine {
    at: Timestamp,
    cause: String,
    account: String,
    amount: Money,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpsOpening)]
struct Opening {
    at: Timestamp,
    who: Text2,
    what: Text2,
    purpose: Text2,
}

async fn order(app: &App, id: OrderId) -> Result<Stored<Order>, Problem> {
    let found = app.store.load::<Order>(id.uuid()).await?;
    Ok(found.ok_or_else(|| Refusal::new("not_found", Kind::NotFound))?)
}

/// Both sides' cards, opened for the purpose of the desk that asks, under the order's own number.
async fn sides<P>(
    app: &App,
    caller: &Caller,
    id: OrderId,
    order: &Order,
    now: Timestamp,
) -> Result<(Value, Value), Problem>
where
    P: Purpose + Reads<PartyDisplayName>,
{
    let case = id.to_string();
    let ask = Ask {
        actor: caller.actor(),
        caller: Some(caller),
        relation: relation::STAFF,
        resource_kind: "card",
        resource: case.clone(),
        stage: "",
        case: Some(&case),
        consent: false,
        scope: Scope::several([order.shipper.subject(), order.trucker.subject()])
            .ok_or_else(|| Problem::new("internal"))?,
        fields: &["party.display_name"],
    };
    let parties = (
        app.store.load::<Party>(order.shipper.uuid()).await?,
        app.store.load::<Party>(order.trucker.uuid()).await?,
    );
    let grant = app.account.gate.grant::<P>(ask, now).await?;
    let show = |party: Option<Stored<Party>>, id: PartyId| -> Result<Value, Problem> {
        let Some(party) = party else { return Ok(Value::Null) };
        let record = &party.record;
        let card = SideCard {
            subject: record.subject,
            id,
            display_name: display_name(record, id),
            roles: record.roles.iter().map(|role| role.word()).collect(),
            verified: record.is_verified("person", now),
            rating: rating(record),
            since: party.created_at.to_string().chars().take(10).collect(),
        };
        serde_json::to_value(grant.disclose(card)?).map_err(|_| Problem::new("internal"))
    };
    Ok((show(parties.0, order.shipper)?, show(parties.1, order.trucker)?))
}

/// Who opened what of this order: rows of both sides' logs that name it.
async fn openings(app: &App, id: OrderId, order: &Order) -> Result<Vec<Opening>, Problem> {
    let wanted = id.to_string();
    let mut rows: Vec<AuditRow> = Vec::new();
    for party in [order.shipper, order.trucker] {
        for row in app.store.audit_of(party.subject(), None, OPENINGS_MAX).await? {
            let new = !rows.iter().any(|known| known.seq == row.seq);
            if row.resource == wanted && !row.purpose.is_empty() && new {
                rows.push(row);
            }
        }
    }
    rows.sort_by_key(|row| row.seq);
    Ok(rows.into_iter().map(|row| opening(row, order)).collect())
}

fn opening(row: AuditRow, order: &Order) -> Opening {
    let who = match row.actor.as_str() {
        actor if actor == order.shipper.to_string() => Text2::of("Shipper", Some("货主")),
        actor if actor == order.trucker.to_string() => Text2::of("Trucker", Some("承运人")),
        actor if actor.starts_with("system/") => Text2::of("The machine", Some("系统")),
        _ => Text2::of("Staff", Some("工作人员")),
    };
    let names = row.fields.iter().map(|field| words::field(field));
    let (en, zh): (Vec<_>, Vec<_>) = names.map(|name| (name.en, name.zh)).unzip();
    Opening {
        at: row.at,
        who,
        what: Text2 { en: en.join(", "), zh: zh.join("、") },
        purpose: words::purpose(&row.purpose).name,
    }
}

async fn read(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    Anybody { now, .. }: Anybody,
    Params(id): Params<OrderId>,
    fresh: Fresh,
) -> Result<Response, Problem> {
    let stored = order(&app, id).await?;
    let record = &stored.record;
    let (shipper, trucker) = if caller.has(Role::OpSupport) {
        sides::<Support>(&app, &caller, id, record, now).await?
    } else {
        sides::<Resolve>(&app, &caller, id, record, now).await?
    };
    let steps = |party: PartyId, who: &'static str| {
        let words = words_now(&app.freight, record, &record.actors_of(party));
        words.into_iter().map(move |action| NextStep { action, who })
    };
    let lines = app.store.postings_about(&id.to_string()).await?;
    let cargo = serde_json::to_value(CargoView::from(&record.cargo));
    let detail = OpsOrderDetail {
        card: card(&app, &stored, now),
        shipper,
        trucker,
        cargo: cargo.map_err(|_| Problem::new("internal"))?,
        allowed_next: steps(record.shipper, "shipper")
            .chain(steps(record.trucker, "trucker"))
            .collect(),
        postings: lines
            .into_iter()
            .map(|line| LedgerLine {
                at: line.at,
                cause: line.cause,
                account: line.account,
                amount: line.money,
            })
            .collect(),
        opened_by: openings(&app, id, record).await?,
    };
    Ok(fresh.answer(stored.version, "desk", detail))
}

/// One fact of an order's history.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpsOrderEvent)]
struct EventLine {
    seq: u64,
    at: Timestamp,
    #[serde(rename = "type")]
    kind: String,
    actor: String,
    happened_at: Option<String>,
    #[schema(value_type = Object)]
    data: Clear,
}

async fn events(
    State(app): Ctx,
    SignedIn(_): SignedIn,
    Params(id): Params<OrderId>,
    Query(_): Query<Page>,
) -> Result<List<Vec<EventLine>>, Problem> {
    order(&app, id).await?;
    let text = |data: &Clear, name: &str| data.get(name).and_then(Value::as_str).map(str::to_owned);
    let events = app.store.events_of(&id.to_string()).await?;
    let shown = events.into_iter().filter(|event| event.kind != "freight.track.moved");
    let items = shown.map(|event| EventLine {
        seq: event.seq,
        at: event.at,
        kind: event.kind.trim_start_matches("freight.").to_owned(),
        actor: text(&event.data, "actor").unwrap_or_else(|| "system".to_owned()),
        happened_at: text(&event.data, "happened_at"),
        data: event.data,
    });
    Ok(List { items: items.collect(), next_cursor: None })
}
