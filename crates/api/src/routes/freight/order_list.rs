//! Orders of one side, newest first.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use sarai_freight::{
    model::{Order, StopRun},
    rules::order::State as At,
    usecase::{
        act::{standing, words_now},
        orders::OrderFilter,
    },
    words::Side,
};
use sarai_kernel::{Caller, Money, OrderId, Timestamp, Window, document::Stored};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    pager::Pager,
    shapes::{CargoLine, area, window_or},
};
use crate::{
    app::{App, Ctx},
    cursor::List,
    params::Query,
    problem::Problem,
    shapes::Area,
    spec::{Routes, Spec},
    who::{Anybody, SignedIn},
};

pub(super) fn routes() -> Routes {
    Routes::new().add(
        Spec::get("/v1/orders", "order_list", "Own orders, newest first")
            .relation("shipper, trucker, driver")
            .query::<OrderQuery>()
            .lists::<OrderCard>()
            .scope("freight.orders:read"),
        list,
    )
}

/// The one market as yet.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MarketWord)]
enum Market {
    Freight,
}

/// Yes or no in a query.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = YesNo)]
enum YesNo {
    True,
    False,
}

/// Which of the own orders.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OrderQuery {
    /// The market.
    #[serde(default)]
    market: Option<Market>,
    /// Only on this side.
    #[serde(default)]
    side: Option<Side>,
    /// Only running, or only ended ones.
    #[serde(default)]
    open: Option<YesNo>,
    /// Rows wanted, 1 to 100; 20 if not given.
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Where the last page ended.
    #[schema(max_length = 1024)]
    cursor: Option<String>,
}

/// The next deed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NextDeed)]
struct Next {
    action: &'static str,
    by: Option<Timestamp>,
}

/// A row.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderCard)]
struct OrderCard {
    id: String,
    version: u64,
    side: &'static str,
    #[schema(value_type = Object)]
    standing: Value,
    allowed_now: Vec<&'static str>,
    from: Area,
    to: Area,
    pickup: Window,
    drop: Window,
    cargo: CargoLine,
    amount: Money,
    next: Option<Next>,
    eta: Option<Timestamp>,
    updated_at: Timestamp,
}

/// The side that a related caller stands on; the driver is on the trucker's.
pub(super) fn side_of(order: &Order, caller: &Caller) -> Side {
    order.side_of(caller.party).unwrap_or(Side::Trucker)
}

/// The next deed of a side and until when.
fn next_deed(order: &Order, side: Side, allowed: &[&'static str]) -> Option<Next> {
    let stop = match order.standing.state {
        At::Booked { .. } => order.stops.first(),
        At::AtStop { stop, .. } | At::UnderWay { to: stop } => order.stops.get(usize::from(stop)),
        _ => None,
    };
    let by = stop.map(|stop: &StopRun| stop.window.to);
    let wanted: &[&str] = match side {
        Side::Trucker => &["fund", "arrive", "serve", "leave"],
        Side::Shipper => &["fund", "sign_off"],
    };
    let action = allowed.iter().copied().find(|word| wanted.contains(word))?;
    Some(Next { action, by })
}

fn card(app: &App, caller: &Caller, stored: &Stored<Order>) -> OrderCard {
    let market = &app.freight;
    let order = &stored.record;
    let side = side_of(order, caller);
    let allowed_now = words_now(market, order, &order.actors_of(caller.party));
    let (first, last) = (order.stops.first(), order.stops.last());
    let place = |stop: Option<&StopRun>| area(market, stop.map_or("", |stop| stop.area.as_str()));
    OrderCard {
        id: OrderId::from_uuid(stored.id).to_string(),
        version: stored.version,
        side: side.word(),
        standing: standing(order),
        from: place(first),
        to: place(last),
        pickup: window_or(first.map(|stop| &stop.window), order.agreed_at),
        drop: window_or(last.map(|stop| &stop.window), order.agreed_at),
        cargo: (&order.cargo).into(),
        amount: if side == Side::Shipper { order.terms.pay() } else { order.terms.keep() },
        next: next_deed(order, side, &allowed_now),
        eta: order.eta(),
        updated_at: stored.updated_at,
        allowed_now,
    }
}

async fn list(
    State(app): Ctx,
    SignedIn(caller): SignedIn,
    anybody: Anybody,
    Query(query): Query<OrderQuery>,
) -> Result<Response, Problem> {
    let now = anybody.now;
    let same = OrderQuery { limit: None, cursor: None, ..query.clone() };
    let page = (query.limit, query.cursor.as_deref());
    let pager = Pager::open(&app, "order_list", &caller, &same, page, now)?;
    let filter =
        OrderFilter { side: query.side, open: query.open.map(|open| matches!(open, YesNo::True)) };
    let found = app.freight.orders_of(&caller, filter, pager.after, pager.limit).await?;
    let items: Vec<_> = found.iter().map(|(stored, _)| card(&app, &caller, stored)).collect();
    let last = found.last().map(|(stored, sort)| (*sort, stored.id));
    let next_cursor = pager.next(&app, found.len(), last, now)?;
    Ok(List { items, next_cursor }.into_response())
}
