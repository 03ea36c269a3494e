//! Ours: decisions through the store's one door.

use std::{sync::Arc, time::Instant};

use sarai_kernel::{Account, Currency, Decision, Money, PartyId, PostingSet, Store};
use sarai_seal::rest::{Keyring, MemoryMaster};
use sarai_store::{SqlStore, StoreOptions};
use uuid::Uuid;

use super::{
    Taken,
    booking::{Client, NOW, contact, decision, draft, load_clear, load_keys, words},
};

/// Books `bookings` times by `clients` clients at once.
pub async fn measure(address: &str, bookings: usize, clients: usize) -> Taken {
    let master = MemoryMaster::random().expect("random bytes");
    let keyring = Arc::new(Keyring::new(Arc::new(master)));
    let store = SqlStore::open(address, keyring, StoreOptions::default()).await.expect("opens");
    let store = Arc::new(store);
    let each = bookings / clients;
    let mut ready = Vec::new();
    for _ in 0..clients {
        let client = Client::new();
        ready.push((client, prepare(&store, &client, each).await));
    }
    let started = Instant::now();
    let tasks: Vec<_> = ready
        .into_iter()
        .map(|(client, loads)| tokio::spawn(book(Arc::clone(&store), client, loads)))
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.expect("runs"));
    }
    Taken::of(times, started.elapsed())
}

async fn book(store: Arc<SqlStore>, client: Client, loads: Vec<Uuid>) -> Vec<std::time::Duration> {
    let mut times = Vec::with_capacity(loads.len());
    for (round, load) in (1..).zip(loads) {
        let started = Instant::now();
        store.commit(decision(&client, load, round)).await.expect("books");
        times.push(started.elapsed());
    }
    times
}

/// Money, calendars and loads of a client.
async fn prepare(store: &SqlStore, client: &Client, loads: usize) -> Vec<Uuid> {
    let mut first = Decision::new("bench.prepare", NOW)
        .write(draft("calendar", client.driver, 0, words("driver", "free"), vec![], vec![]))
        .write(draft("calendar", client.vehicle, 0, words("vehicle", "free"), vec![], vec![]));
    for party in [client.shipper, client.trucker] {
        first = first.post(top_up(party));
    }
    let mut ids = Vec::new();
    for _ in 0..loads {
        let load = Uuid::new_v4();
        let keys = load_keys(client.shipper, "open");
        first =
            first.write(draft("load", load, 0, load_clear("open"), contact(client.shipper), keys));
        ids.push(load);
    }
    store.commit(first).await.expect("prepares");
    ids
}

fn top_up(party: PartyId) -> PostingSet {
    let money = Money::new(1_000_000_000, Currency::CNY).expect("in bounds");
    let set = PostingSet::new(party, "top_up", Currency::CNY);
    set.transfer(Account::Provider("bench"), Account::Wallet(party), money).expect("balances")
}
