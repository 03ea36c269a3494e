//! The ledger.

use std::sync::Arc;

use sarai_kernel::{Account, CommitError, Currency, Store};

use super::make::{decision, order, set, wallet};
use crate::{Backend, Home};

const OUTSIDE: Account = Account::Provider("test");

/// 64 writers spend from one wallet that holds enough for ten of them.
pub async fn no_account_goes_below_zero_under_many_writers(backend: Backend) {
    let home = Home::new(backend).await;
    let store = Arc::new(home.open().await);
    let purse = wallet();
    store
        .commit(decision().post(set("top", "up", &OUTSIDE, &purse, 1_000)))
        .await
        .expect("commits");
    let spenders: Vec<_> = (0..64)
        .map(|_| {
            let (store, purse) = (Arc::clone(&store), purse.clone());
            tokio::spawn(async move {
                let order = order();
                store
                    .commit(decision().post(set(
                        order,
                        "booked",
                        &purse,
                        &Account::HoldPrice(order),
                        100,
                    )))
                    .await
            })
        })
        .collect();
    let mut spent = 0;
    for spender in spenders {
        match spender.await.expect("runs") {
            Ok(_) => spent += 1,
            Err(error) => assert_eq!(error, CommitError::Funds(purse.to_string())),
        }
    }
    assert_eq!(spent, 10);
    assert_eq!(store.balance(&purse, Currency::CNY).await.expect("answers"), 0);
    assert_eq!(store.balance(&OUTSIDE, Currency::CNY).await.expect("answers"), -1_000);
    assert_eq!(store.ledger_sums().await.expect("answers"), [(Currency::CNY, 0)]);
}

/// The pair of subject and cause is unique, also inside one decision.
pub async fn a_posting_set_is_made_once(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let top_up = || set("pay_1", "top_up", &OUTSIDE, &wallet(), 5);
    let before = Err(CommitError::PostedBefore("top_up"));
    assert_eq!(store.commit(decision().post(top_up()).post(top_up())).await.map(drop), before);
    store.commit(decision().post(top_up())).await.expect("commits");
    assert_eq!(store.commit(decision().post(top_up())).await.map(drop), before);
    assert_eq!(store.balance(&OUTSIDE, Currency::CNY).await.expect("answers"), -5);
}

/// Lines carry the balance after them, newest first by account, in order by subject; sets of one decision build on one another.
pub async fn lines_add_up(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let (purse, order) = (wallet(), order());
    let hold = Account::HoldPrice(order);
    let both = decision()
        .post(set(order, "paid", &OUTSIDE, &purse, 70))
        .post(set(order, "booked", &purse, &hold, 70));
    store.commit(both).await.expect("the first pays for the second");
    store.commit(decision().post(set(order, "freed", &hold, &purse, 30))).await.expect("commits");
    let lines = store.postings(&purse, None, 10).await.expect("answers");
    let told: Vec<_> =
        lines.iter().map(|l| (l.money.amount_minor, l.balance_after_minor)).collect();
    assert_eq!(told, [(30, 30), (-70, 0), (70, 70)]);
    let older = store.postings(&purse, Some(lines[0].seq), 1).await.expect("answers");
    assert_eq!(older, lines[1..2]);
    let about = store.postings_about(&order.to_string()).await.expect("answers");
    assert_eq!(
        about.iter().map(|l| l.cause.as_str()).collect::<Vec<_>>(),
        ["paid", "paid", "booked", "booked", "freed", "freed"]
    );
    let none = decision().post(set(order, "more", &hold, &purse, 41));
    assert_eq!(store.commit(none).await.map(drop), Err(CommitError::Funds(hold.to_string())));
}
