//! `sarai serve`: the server.

use std::{net::SocketAddr, sync::Arc};

use metrics_exporter_prometheus::PrometheusBuilder;
use sarai_account::{Account, Sender, usecase::notices};
use sarai_api::{App, app::Parts, webhooks};
use sarai_freight::Freight;
use sarai_kernel::{Clock, Refusal, StoreError};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use crate::{
    cli::Serve,
    config::{Config, SenderConfig},
    demo,
    failure::Failure,
    house::{self, House},
    listen, log,
    pages::Embedded,
    senders,
    shelf::{HouseShelf, KEY},
    site::Directory,
    workers::Workers,
};

/// Runs the server until it is told to stop.
pub async fn run(arguments: Serve) -> Result<(), Failure> {
    log::start(arguments.log_json);
    log::quiet_panics();
    let config = config(&arguments)?;
    config.check(arguments.demo)?;
    Directory::open(&config.data)?.claim(arguments.demo)?;
    let house = House::open(config).await?;
    let (sender, outbox) = senders::build(&house.config.sender)?;
    let account = Arc::new(house.account(arguments.demo, outbox)?);
    let freight = Arc::new(house.freight().await?);
    let world = match arguments.demo {
        true => Some(demo::fill(&house, &account, &freight).await?),
        false => None,
    };
    let (stop, stopped) = watch::channel(false);
    let mut workers = workers(&house, &account, &freight, sender, stopped.clone())?;
    let app = App::new(parts(&house, &arguments, account.clone(), freight)?);
    let (wire, clock) = (app.clone(), house.clock.clone());
    workers.every("api.webhooks", 1, move || {
        let (wire, now) = (wire.clone(), clock.now());
        async move { webhooks::run_due(&wire, now).await }
    });
    let public = bind(house.config.listen).await?;
    let admin = bind(house.config.admin_listen).await?;
    announce(&house, &account, world.as_ref(), public.local_addr().unwrap_or(house.config.listen))
        .await?;
    tokio::spawn(async move {
        ask_to_stop().await;
        tracing::info!("stopping");
        let _ = stop.send(true);
    });
    let proxies = house.config.behind_proxy.clone();
    tokio::join!(
        listen::serve(public, sarai_api::router(app.clone()), proxies, until(stopped.clone())),
        listen::serve(admin, sarai_api::admin_router(app), Vec::new(), until(stopped)),
    );
    workers.farewell().await;
    house.checkpoints()?.run_now(house.now()).await?;
    Ok(())
}

fn config(arguments: &Serve) -> Result<Config, Failure> {
    let mut config = house::settings(&arguments.site)?;
    if let Some(listen) = arguments.listen {
        config.listen = listen;
    }
    if let Some(listen) = arguments.admin_listen {
        config.admin_listen = listen;
    }
    config.behind_proxy.extend(&arguments.behind_proxy);
    if arguments.demo && arguments.site.data.is_none() && arguments.site.config.is_none() {
        config.data = "data/demo".into();
    }
    Ok(config)
}

fn parts(
    house: &House,
    arguments: &Serve,
    account: Arc<Account>,
    freight: Arc<Freight>,
) -> Result<Parts, Failure> {
    // A second recorder in one process (tests) keeps the first; figures then stay empty.
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _ = metrics::set_global_recorder(recorder);
    let tls =
        house.config.origin().starts_with("https://") || !house.config.behind_proxy.is_empty();
    Ok(Parts {
        store: house.port(),
        clock: house.clock.clone(),
        door: account.clone(),
        gate: house.gate.clone(),
        feed: house.feed.clone(),
        pages: Arc::new(Embedded),
        shelf: Arc::new(HouseShelf::open(&house.config, &house.directory, &house.derive(KEY)?)?),
        figures: Arc::new(move || handle.render()),
        wire_key: house.derive("wire")?,
        config: sarai_api::Config {
            origin: house.config.origin.clone(),
            tls,
            proxies: house.config.behind_proxy.clone(),
            demo: arguments.demo,
            sender: sender_word(&house.config.sender),
            public_board: house.config.freight.public_board,
            webhooks_to_loopback: arguments.demo || house.config.webhooks_to_loopback,
            ..sarai_api::Config::default()
        },
        account,
        freight,
    })
}

const fn sender_word(sender: &SenderConfig) -> &'static str {
    match sender {
        SenderConfig::Outbox => "outbox",
        SenderConfig::Smtp { .. } => "smtp",
        SenderConfig::Hook { .. } => "hook",
    }
}

fn workers(
    house: &House,
    account: &Arc<Account>,
    freight: &Arc<Freight>,
    sender: Arc<dyn Sender>,
    stop: watch::Receiver<bool>,
) -> Result<Workers, Failure> {
    let mut workers = Workers::new(house.port(), house.clock.clone(), stop);
    let clock = house.clock.clone();
    let members = account.clone();
    workers.every("account.notices", 1, move || {
        let (members, sender, now) = (members.clone(), sender.clone(), clock.now());
        async move { notices::deliver_due(&members, sender.as_ref(), now).await }
    });
    let (members, clock) = (account.clone(), house.clock.clone());
    workers.every("account.due", 5, move || {
        let (members, now) = (members.clone(), clock.now());
        async move { members.run_due(now).await }
    });
    let (market, clock) = (freight.clone(), house.clock.clone());
    workers.every("freight.due", 2, move || {
        let (market, now) = (market.clone(), clock.now());
        async move { market.run_due(now).await }
    });
    let (checkpoints, clock) = (Arc::new(house.checkpoints()?), house.clock.clone());
    workers.every("audit.checkpoints", 5, move || {
        let (checkpoints, now) = (checkpoints.clone(), clock.now());
        async move { checkpoints.run_due(now).await }
    });
    let (store, clock) = (house.port(), house.clock.clone());
    workers.every("gate.transfers", 600, move || {
        let (store, now) = (store.clone(), clock.now());
        async move { sarai_gate::outbound::sweep(store.as_ref(), now).await }
    });
    let (store, clock) = (house.store.clone(), house.clock.clone());
    workers.every("store.answers", 600, move || {
        let (store, now) = (store.clone(), clock.now());
        async move {
            let dropped: Result<u64, StoreError> = store.sweep_answers(now).await;
            dropped.map(|dropped| usize::try_from(dropped).unwrap_or(usize::MAX))
        }
    });
    Ok(workers)
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(Failure::io(address))
}

async fn until(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await;
}

async fn ask_to_stop() {
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

async fn announce(
    house: &House,
    account: &Account,
    world: Option<&demo::People>,
    listening: SocketAddr,
) -> Result<(), Refusal> {
    let origin = house.config.origin.clone().unwrap_or_else(|| format!("http://{listening}"));
    println!("\n  Sarai listens on {origin}");
    if !Embedded::is_built() {
        println!("  The pages are not built into this binary: run make web, then build again.");
    }
    if let Some(people) = world {
        people.print(&origin);
    }
    if let Some(token) = sarai_account::usecase::first_admin::issue(account, house.now()).await? {
        println!(
            "  First administrator: sign in, open {origin}/op/first, give this token (valid for an hour, once):"
        );
        println!("    {}", token.as_str());
    }
    let weak = house.config.weaknesses().len();
    println!("  {weak} weak places (sarai admin doctor)\n");
    Ok(())
}
