//! A booking: what the freight market writes when a load is taken.

use sarai_kernel::{
    Account, Currency, Decision, DocRef, Key, Money, NewEvent, Once, OrderId, Outcome, PartyId,
    PostingSet, Timestamp,
    audit::AuditEntry,
    document::{Clear, Draft},
};
use sarai_seal::{Content, Parts, SealedBytes, SealedPart};
use uuid::Uuid;

/// The moment of all bookings.
pub const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);
/// Rows that a booking writes or changes: 4 documents, 6 keys in and 1 out, 2 events, 2 posting sets of 2 lines, 4 accounts,
/// 1 audit row with 2 subjects, 1 answer, and the head.
pub const ROWS: usize = 4 + 6 + 1 + 2 + 2 + 4 + 4 + 1 + 2 + 1 + 1;

/// What one client books with.
#[derive(Debug, Clone, Copy)]
pub struct Client {
    /// Who ships.
    pub shipper: PartyId,
    /// Who carries.
    pub trucker: PartyId,
    /// The driver's calendar.
    pub driver: Uuid,
    /// The vehicle's calendar.
    pub vehicle: Uuid,
}

impl Client {
    /// A client with everything fresh.
    pub fn new() -> Self {
        let party = || PartyId::from_uuid(Uuid::new_v4());
        Self { shipper: party(), trucker: party(), driver: Uuid::new_v4(), vehicle: Uuid::new_v4() }
    }
}

/// The clear part of a load, as long as a real one.
pub fn load_clear(state: &str) -> Clear {
    let mut clear = words("load", state);
    clear.insert("stops".to_owned(), serde_json::json!([
        { "city": "Chengdu", "cell": "8731aa42affffff", "from": "2026-11-24T08:00:00.000Z", "to": "2026-11-24T12:00:00.000Z" },
        { "city": "Chongqing", "cell": "8731aa5a1ffffff", "from": "2026-11-24T18:00:00.000Z", "to": "2026-11-24T22:00:00.000Z" },
    ]));
    clear.insert(
        "cargo".to_owned(),
        serde_json::json!({ "kind": "steel", "tonnes": 18.5, "cubic_metres": 32 }),
    );
    clear.insert("price_minor".to_owned(), 420_000.into());
    clear
}

/// The clear part of a shorter record.
pub fn words(kind: &str, state: &str) -> Clear {
    let mut clear = Clear::new();
    clear.insert("kind".to_owned(), kind.into());
    clear.insert("state".to_owned(), state.into());
    clear.insert("note".to_owned(), "x".repeat(120).into());
    clear
}

fn sealed(field: &'static str, owner: PartyId, text: &str) -> SealedPart {
    let content = Content::Present(SealedBytes::text(text).expect("a text is JSON"));
    SealedPart { field: field.into(), subject: owner.subject(), content }
}

/// A draft.
pub fn draft(
    kind: &str,
    id: Uuid,
    expect: u64,
    clear: Clear,
    sealed: Vec<SealedPart>,
    keys: Vec<Key>,
) -> Draft {
    Draft { at: DocRef::new(kind, id), expect, schema: 1, parts: Parts { clear, sealed }, keys }
}

/// The contact that a load carries, sealed.
pub fn contact(owner: PartyId) -> Vec<SealedPart> {
    vec![
        sealed("load.phone", owner, "+8613800138000"),
        sealed("load.street", owner, "12 Renmin South Road, gate 3"),
    ]
}

/// Keys of a load in a state.
pub fn load_keys(owner: PartyId, state: &str) -> Vec<Key> {
    vec![Key::new("load.owner", owner, 1), Key::new("load.state", state, 1)]
}

/// The decision: `load` was at version 1, the calendars at `round`.
pub fn decision(client: &Client, load: Uuid, round: u64) -> Decision {
    let order = OrderId::new(NOW);
    let Client { shipper, trucker, driver, vehicle } = *client;
    let keys = vec![
        Key::unique("order.load", load),
        Key::new("order.shipper", shipper, 1),
        Key::new("order.trucker", trucker, 1),
        Key::timer("freight.order", NOW),
    ];
    let mut scope = [0; 32];
    scope.iter_mut().zip(order.uuid().as_bytes()).for_each(|(to, from)| *to = *from);
    let once = Once { scope, fingerprint: [1; 32], keep_until: NOW.plus(86_400_000_000) };
    let order_parts = vec![sealed("order.receiver", shipper, "Wang, +8613900139000")];
    let hold = |cause, from, to, fen| {
        let money = Money::new(fen, Currency::CNY).expect("in bounds");
        let set = PostingSet::new(order, cause, Currency::CNY);
        set.transfer(Account::Wallet(from), to, money).expect("balances")
    };
    Decision::new("bench.book", NOW)
        .write(draft("order", order.uuid(), 0, load_clear("booked"), order_parts, keys))
        .write(draft(
            "load",
            load,
            1,
            load_clear("booked"),
            contact(shipper),
            load_keys(shipper, "booked"),
        ))
        .write(draft("calendar", driver, round, words("driver", "busy"), vec![], vec![]))
        .write(draft("calendar", vehicle, round, words("vehicle", "busy"), vec![], vec![]))
        .event(event("freight.order.booked", "order", order.to_string(), client))
        .event(event("freight.load.booked", "load", load.to_string(), client))
        .post(hold("price", shipper, Account::HoldPrice(order), 420))
        .post(hold("deposit", trucker, Account::HoldDeposit(order), 50))
        .audit(audit(client, order))
        .answer(Some(once), Outcome::of(201, order, 1).state("booked"))
}

fn event(
    kind: &'static str,
    subject_kind: &'static str,
    subject: String,
    client: &Client,
) -> NewEvent {
    let audience = vec![client.shipper, client.trucker];
    NewEvent {
        kind,
        subject_kind,
        subject,
        version: 1,
        audience,
        on_board: true,
        data: words("", "booked"),
    }
}

fn audit(client: &Client, order: OrderId) -> AuditEntry {
    AuditEntry {
        actor: client.trucker.to_string(),
        action: "open",
        purpose: "deliver",
        resource: order.to_string(),
        relation: "driver".to_owned(),
        subjects: vec![client.shipper.subject(), client.trucker.subject()],
        fields: vec!["load.phone".to_owned(), "load.street".to_owned()],
        rule: "house/deliver".to_owned(),
        allowed: true,
        case: None,
    }
}
