//! The store held against what was said: documents, money, calendars, events, audit rows.

use std::collections::{HashMap, HashSet};

use sarai_freight::{
    model::{Calendar, Load, LoadState, Order},
    rules::order::State,
};
use sarai_kernel::{
    Account, Currency, DocRef, Document, LoadId, MessageId, OrderId, Store, StoreExt,
};
use sarai_store::SqlStore;
use serde_json::Value;
use uuid::Uuid;

use crate::{journal::Command, people::PUT_IN_MINOR};

/// Documents that are read at once.
const PAGE: u32 = 1_000;

/// Where the checks of earlier rounds ended.
#[derive(Debug, Default)]
pub struct Books {
    event: i64,
    audit: (i64, [u8; 32]),
    /// Newest version of each order that an event told of, with how many events there were.
    orders: HashMap<String, (u64, u64)>,
    loads: HashSet<Uuid>,
}

impl Books {
    /// Figures of everything so far.
    pub fn told(&self) -> String {
        let Self { event, audit, orders, loads } = self;
        let (orders, loads) = (orders.len(), loads.len());
        format!("{loads} loads, {orders} orders, {event} events, {} audit rows", audit.0)
    }

    /// Everything that must hold after a kill.
    pub async fn check(&mut self, store: &SqlStore, commands: &[Command], full: bool) {
        let touched = self.events(store).await;
        self.audit(store).await;
        for command in commands {
            self.said(store, command).await;
        }
        let sums = store.ledger_sums().await.expect("answers");
        assert!(sums.iter().all(|(_, sum)| *sum == 0), "{sums:?}");
        let mirror = store.balance(&Account::Provider("test"), Currency::CNY).await;
        assert_eq!(mirror.expect("answers"), -PUT_IN_MINOR, "money came from nowhere");
        if full {
            everything(store).await;
        } else {
            for id in touched {
                let order = store.load::<Order>(id.uuid()).await.expect("answers");
                money(store, id, &order.expect("an event told of it").record).await;
            }
        }
    }

    /// What was answered with success is there.
    async fn said(&mut self, store: &SqlStore, command: &Command) {
        let Some(answer) = command.done() else { return };
        let path = command.path.as_str();
        if path == "/v1/freight/loads" {
            for item in answer["items"].as_array().expect("loads") {
                let id: LoadId = id(&item["id"]);
                document(store, "load", id.uuid()).await;
                self.loads.insert(id.uuid());
            }
        } else if path.ends_with("/actions/take") {
            let order: OrderId = id(&answer["order"]);
            let load: LoadId = id(&path.split('/').nth(4).expect("an id").into());
            let kept = store.load::<Order>(order.uuid()).await.expect("answers");
            assert_eq!(kept.expect("acknowledged, so it is there").record.load, load);
        } else if path.starts_with("/v1/freight/orders/") {
            let order: OrderId = id(&answer["order"]);
            let kept = document(store, "order", order.uuid()).await;
            let version = answer["version"].as_u64().expect("a version");
            assert!(kept.version >= version, "{path} was answered, and is not there");
        } else if path.ends_with("/messages") {
            let id: MessageId = id(&answer["id"]);
            document(store, "message", id.uuid()).await;
        } else if path == "/v1/files" {
            let id: sarai_kernel::FileId = id(&answer["id"]);
            document(store, "file", id.uuid()).await;
        }
    }

    /// New events: no gap in the whole, none in an order, each order's newest version as told. Gives the orders.
    async fn events(&mut self, store: &SqlStore) -> HashSet<OrderId> {
        let mut touched = HashSet::new();
        loop {
            let page = store.events_after(self.event, PAGE).await.expect("answers");
            if page.is_empty() {
                break;
            }
            for event in page {
                assert_eq!(event.global_seq, self.event + 1, "a gap in the events");
                self.event = event.global_seq;
                if event.subject_kind != "order" {
                    continue;
                }
                let (version, seq) = self.orders.entry(event.subject.clone()).or_default();
                assert_eq!(event.seq, *seq + 1, "a gap in the events of an order");
                assert!(event.version >= *version, "an order went back");
                (*version, *seq) = (event.version, event.seq);
                touched.insert(event.subject.parse::<OrderId>().expect("an order"));
            }
        }
        for id in &touched {
            let kept = document(store, "order", id.uuid()).await;
            let told = self.orders.get(&id.to_string()).map(|(version, _)| *version);
            assert_eq!(
                Some(kept.version),
                told,
                "an order changed without an event, or the reverse"
            );
        }
        touched
    }

    async fn audit(&mut self, store: &SqlStore) {
        loop {
            let page = store.audit_after(self.audit.0, PAGE).await.expect("answers");
            if page.is_empty() {
                return;
            }
            for row in page {
                assert_eq!((row.seq, row.previous), (self.audit.0 + 1, self.audit.1));
                assert_eq!(row.digest(), row.hash);
                self.audit = (row.seq, row.hash);
            }
        }
    }
}

fn id<T: std::str::FromStr>(value: &Value) -> T {
    value.as_str().and_then(|text| text.parse().ok()).expect("an id")
}

async fn document(store: &SqlStore, kind: &'static str, id: Uuid) -> Document {
    let found = store.document(&DocRef::new(kind, id)).await.expect("answers");
    found.unwrap_or_else(|| panic!("a {kind} was acknowledged, and is not there"))
}

/// The holds of an order are what its state says.
async fn money(store: &SqlStore, id: OrderId, order: &Order) {
    let held = order.standing.state.is_held();
    let wanted =
        if held { (order.terms.pay().amount_minor, order.terms.deposit_minor) } else { (0, 0) };
    let balance = async |account| store.balance(&account, Currency::CNY).await.expect("answers");
    let holds = (balance(Account::HoldPrice(id)).await, balance(Account::HoldDeposit(id)).await);
    assert_eq!(holds, wanted, "{id} is {}", order.standing.state);
}

async fn all(store: &SqlStore, kind: &'static str) -> Vec<Document> {
    let mut found: Vec<Document> = Vec::new();
    loop {
        let after = found.last().map(|last| last.at.id);
        let page = store.scan(kind, after, PAGE).await.expect("answers");
        if page.is_empty() {
            return found;
        }
        found.extend(page);
    }
}

/// Every order, load and calendar of the store, held against each other.
async fn everything(store: &SqlStore) {
    let mut live_of_load: HashMap<LoadId, OrderId> = HashMap::new();
    let mut runs: HashMap<Uuid, Vec<OrderId>> = HashMap::new();
    for document in all(store, "order").await {
        let id = OrderId::from_uuid(document.at.id);
        let order = document.read::<Order>().expect("reads").record;
        money(store, id, &order).await;
        if !matches!(order.standing.state, State::Cancelled { .. }) {
            let twice = live_of_load.insert(order.load, id);
            assert_eq!(twice, None, "a load was booked twice");
        }
        if !order.standing.state.is_over() {
            let assignment = order.assignment.expect("a driver");
            for row in [assignment.driver.uuid(), assignment.vehicle_row] {
                runs.entry(row).or_default().push(id);
            }
        }
    }
    for document in all(store, "load").await {
        let id = LoadId::from_uuid(document.at.id);
        let load = document.read::<Load>().expect("reads").record;
        if load.state == LoadState::Open {
            assert_eq!(live_of_load.get(&id), None, "a booked load is on the board");
        }
        if let Some(order) = live_of_load.get(&id) {
            assert_eq!(load.order, Some(*order), "load and order name each other");
        }
    }
    // All windows lie within the same hours: a driver or a truck has one run at most.
    for (row, orders) in &runs {
        assert_eq!(orders.len(), 1, "a driver or a truck was booked twice: {orders:?}");
        let kept = store.load::<Calendar>(*row).await.expect("answers").expect("a calendar");
        let busy: Vec<OrderId> = kept.record.runs.iter().map(|run| run.order).collect();
        assert_eq!(&busy, orders, "the calendar says something else");
    }
}
