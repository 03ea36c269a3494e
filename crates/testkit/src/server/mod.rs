//! A server in this process, on a port of its own: the real router, a clock that is told the time, and a client.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

mod client;
mod door;
mod shelf;
mod town;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use sarai_account::{Account, AccountRules, Outbox, Secrets};
use sarai_api::{App, Config, Routes, app::Parts, pages::NoPages};
use sarai_bus::Feed;
use sarai_freight::{Freight, FreightRules, ways::Estimates};
use sarai_gate::Gate;
use sarai_kernel::{Clock, Store, Timestamp, event::EventSink};
use tokio::task::JoinHandle;

use crate::{MemoryStore, SetClock};

pub use client::{Answer, Client, Frame, Frames};
pub use door::TestDoor;
pub use shelf::{APP, APP_BYTES, OneApp};
pub use town::{Member, PIXEL, Town, load_of, pixel_for, upload, yuan};

/// Where test time begins: 2026-11-23 01:00 UTC.
pub const START: Timestamp = Timestamp::from_micros(1_795_395_600_000_000);

/// How orders of authorities name a server of tests.
pub const PLATFORM: &str = "plt_test";

/// The frame of the wire alone: a store in memory, callers by decree, and the routes that a test brings.
pub struct Bare {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its state.
    pub app: Arc<App>,
    /// Its clock.
    pub clock: Arc<SetClock>,
    /// Who may come in.
    pub door: Arc<TestDoor>,
    tasks: Vec<JoinHandle<()>>,
}

/// How often events of a store without a sink are looked for.
const SPREAD: Duration = Duration::from_millis(2);

impl Bare {
    /// Starts with the server's own routes and these.
    pub async fn start(routes: Routes, config: Config) -> Self {
        Self::over(Arc::new(MemoryStore::new()), routes, config).await
    }

    /// Starts over a store that was used before: what a restart is.
    pub async fn over(store: Arc<dyn Store>, routes: Routes, config: Config) -> Self {
        Self::spreading(store, routes, config, false).await
    }

    /// As [`start`](Self::start), with the account room itself as doorkeeper: people sign in as on a real server.
    pub async fn with_accounts(routes: Routes, config: Config) -> Self {
        Self::spreading(Arc::new(MemoryStore::new()), routes, config, true).await
    }

    async fn spreading(store: Arc<dyn Store>, routes: Routes, config: Config, real: bool) -> Self {
        let feed = Feed::default();
        let spreading = tokio::spawn(spread(Arc::clone(&store), feed.clone()));
        let mut bare = Self::with(store, feed, routes, config, real).await;
        bare.tasks.push(spreading);
        bare
    }

    /// Starts over a store that feeds `feed` itself; with the account room as doorkeeper, or with callers by decree.
    pub async fn with(
        store: Arc<dyn Store>,
        feed: Feed,
        routes: Routes,
        config: Config,
        real: bool,
    ) -> Self {
        let clock = Arc::new(SetClock::new(START));
        let door = Arc::new(TestDoor::default());
        let mut entries = sarai_account::register();
        entries.extend(sarai_freight::register());
        let gate = Gate::embedded(Arc::clone(&store)).expect("the packs inside hold");
        let gate = Arc::new(gate.of_platform(PLATFORM).with_register(&entries));
        gate.orders().reload(store.as_ref()).await.expect("the store answers");
        let account = account(Arc::clone(&store), Arc::clone(&gate));
        let app = App::new(Parts {
            door: if real { Arc::clone(&account) as Arc<_> } else { Arc::clone(&door) as Arc<_> },
            gate,
            account,
            freight: freight(&store),
            store,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            feed,
            pages: Arc::new(NoPages),
            shelf: Arc::new(OneApp::new().expect("a temporary file")),
            figures: Arc::new(String::new),
            wire_key: [9; 32],
            config,
        });
        let router =
            sarai_api::routes::mount(Arc::clone(&app), sarai_api::routes::all().and(routes));
        let (address, serving) = serve(router).await;
        Self { address, app, clock, door, tasks: vec![serving] }
    }

    /// A client without a session.
    pub fn client(&self) -> Client {
        Client::new(self.address)
    }
}

/// The room of accounts over a store, with the outbox of development.
fn account(store: Arc<dyn Store>, gate: Arc<Gate>) -> Arc<Account> {
    let secrets = Secrets::derive(|_| [5; 32]);
    let rules = AccountRules { demo_topups: true, ..AccountRules::default() };
    let outbox = Some(Arc::new(Outbox::default()));
    Arc::new(Account::new(store, gate, secrets, rules, &[], outbox))
}

impl Drop for Bare {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// The freight market over a store, with estimates for roads.
fn freight(store: &Arc<dyn Store>) -> Arc<Freight> {
    let rules = FreightRules::default();
    Arc::new(Freight::new(Arc::clone(store), Arc::new(Estimates), rules, &[3; 32]))
}

/// Serves a router on a free port of loopback.
pub async fn serve(router: axum::Router) -> (SocketAddr, JoinHandle<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = tokio::spawn(async move {
        axum::serve(listener, service).await.expect("serves until it is stopped");
    });
    (address, serving)
}

/// Feeds what a store without a sink recorded, in order.
async fn spread(store: Arc<dyn Store>, feed: Feed) {
    let mut at = store.last_event().await.expect("a store in memory answers");
    loop {
        let events = store.events_after(at, 1_000).await.expect("a store in memory answers");
        if let Some(last) = events.last() {
            at = last.global_seq;
        }
        feed.publish(events.into_iter().map(Arc::new).collect());
        tokio::time::sleep(SPREAD).await;
    }
}
