//! Storms: two hundred requests at once for the same money or the same load, over HTTP, on both stores. Whatever the order in which they
//! are served, nothing is booked or paid twice and the ledger adds up.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

mod shed;

use futures::future::join_all;
use sarai_kernel::{Account, Clock, Currency, Money, TruckId};
use sarai_testkit::{
    Backend,
    server::{Member, Town, load_of, yuan},
};
use serde_json::json;

/// Requests at once.
const STORM: usize = 200;

async fn balance(town: &Town, account: Account) -> i64 {
    town.app.store.balance(&account, Currency::CNY).await.expect("a balance")
}

async fn adds_up(town: &Town) {
    let sums = town.app.store.ledger_sums().await.expect("sums");
    assert!(!sums.is_empty() && sums.iter().all(|(_, sum)| *sum == 0), "{sums:?}");
}

/// Twenty truckers, ten requests of each, one load: one order.
async fn takes(backend: Backend) {
    let town = Town::new(backend).await;
    let shipper = town.shipper(yuan(100_000)).await;
    let mut truckers = Vec::new();
    for _ in 0..20 {
        truckers.push(town.trucker(yuan(1_000)).await);
    }
    let load = town.post_load(&shipper, yuan(4_000)).await;
    let path = format!("/v1/freight/loads/{load}");
    let etag = truckers[0].0.client.get(&path).await.header("etag").to_owned();
    let take = |(member, truck): &(Member, TruckId)| {
        let body = json!({"vehicle": truck, "price": yuan(4_000)});
        let (client, path, etag) =
            (member.client.clone(), format!("{path}/actions/take"), etag.clone());
        async move { client.act(path, body, &etag).await }
    };
    let answers = join_all(truckers.iter().cycle().take(STORM).map(take)).await;
    let won: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(won.len(), 1, "one of two hundred");
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        let (status, code) = answer.verdict();
        assert!(matches!(status, 409 | 412 | 503), "{status} {code}");
    }
    let order = won[0].json()["order"].as_str().expect("an order").parse().expect("an order");
    assert!(balance(&town, Account::HoldPrice(order)).await >= 400_000);
    assert_eq!(balance(&town, Account::HoldDeposit(order)).await, 20_000);
    adds_up(&town).await;
}

/// One offer, accepted two hundred times at once: one order, paid once.
async fn accepts(backend: Backend) {
    let town = Town::new(backend).await;
    let shipper = town.shipper(yuan(100_000)).await;
    let (trucker, truck) = town.trucker(yuan(10_000)).await;
    let load = load_of(town.clock.now(), "bargain", yuan(4_000));
    let made = shipper.client.post("/v1/freight/loads", load).await.ok();
    let load = made["items"][0]["id"].as_str().expect("a load").to_owned();
    let bid = json!({"vehicle": truck, "price": yuan(4_000)});
    let offer = trucker.client.post(format!("/v1/freight/loads/{load}/offers"), bid).await.ok();
    let path = format!("/v1/freight/offers/{}", offer["id"].as_str().expect("an offer"));
    let etag = shipper.client.get(&path).await.header("etag").to_owned();
    let before = balance(&town, Account::Wallet(shipper.caller.party)).await;
    let accept = |_| shipper.client.act(format!("{path}/actions/accept"), json!({}), &etag);
    let answers = join_all((0..STORM).map(accept)).await;
    let won: Vec<_> = answers.iter().filter(|answer| answer.status.is_success()).collect();
    assert_eq!(won.len(), 1, "one of two hundred");
    let order = won[0].json()["order"].as_str().expect("an order").parse().expect("an order");
    let held = balance(&town, Account::HoldPrice(order)).await;
    assert_eq!(balance(&town, Account::Wallet(shipper.caller.party)).await, before - held);
    adds_up(&town).await;
}

/// Two hundred payouts of ten yuan out of a hundred: ten go.
async fn payouts(backend: Backend) {
    const EACH: Money = yuan(10);
    let town = Town::new(backend).await;
    let member = town.shipper(yuan(100)).await;
    let account = json!({"holder": "Li Wei", "number": "6222021234567890", "bank": "ICBC"});
    let account = member.client.post("/v1/wallet/payout-accounts", account).await.ok();
    // The account waits a day; the session's factor is shown again by decree.
    let now = town.clock.pass(sarai_kernel::time::DAY);
    let mut caller = member.caller.clone();
    if let sarai_kernel::Via::Session { factor_at, .. } = &mut caller.via {
        *factor_at = Some(now);
    }
    town.door.set(&member.client.session().expect("a session"), Some(caller));
    let out = json!({"amount": EACH, "account": account["id"]});
    let asked = (0..STORM).map(|_| member.client.post("/v1/wallet/payouts", out.clone()));
    let answers = join_all(asked).await;
    let paid = answers.iter().filter(|answer| answer.status == 202).count();
    assert_eq!(
        balance(&town, Account::Wallet(member.caller.party)).await,
        10_000 - 1_000 * i64::try_from(paid).expect("few")
    );
    assert!((1..=10).contains(&paid), "{paid} went");
    for answer in answers.iter().filter(|answer| answer.status != 202) {
        let (status, code) = answer.verdict();
        assert!(
            matches!((status, code.as_str()), (409, "funds_insufficient") | (503, _)),
            "{status} {code}"
        );
    }
    // Those that were shed are asked again: then exactly ten have gone.
    for _ in 0..12 {
        member.client.post("/v1/wallet/payouts", out.clone()).await;
    }
    assert_eq!(balance(&town, Account::Wallet(member.caller.party)).await, 0);
    adds_up(&town).await;
}

macro_rules! on_both_stores {
    ($($name:ident: $sqlite:ident, $pg:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $sqlite() {
            $name(Backend::Sqlite).await;
        }
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $pg() {
            $name(Backend::Pg).await;
        }
    )*};
}
on_both_stores! {
    takes: a_load_is_taken_once_on_sqlite, a_load_is_taken_once_on_postgresql;
    accepts: an_offer_is_accepted_once_on_sqlite, an_offer_is_accepted_once_on_postgresql;
    payouts: no_more_goes_out_than_is_there_on_sqlite, no_more_goes_out_than_is_there_on_postgresql;
}
