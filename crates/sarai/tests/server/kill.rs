//! The whole server, killed: a real `sarai serve` under concurrent requests gets SIGKILL at a random moment, again and again over one
//! store. After each: what was answered is there, no truck and no load is booked twice, money is where the orders say and sums to zero,
//! events and audit rows have no gap, the same idempotency key gets the same answer, and a company's endpoint hears of everything.
//!
//! `SARAI_SOAK=1` makes it 200 moments instead of 8. The seed is printed and can be given as `SARAI_SEED`.

use std::{sync::Arc, time::Duration};

use uuid::Uuid;

use crate::{books::Books, hook, hook::Receiver, house::House, journal::Journal, people::People};

/// Rounds between two looks at every order there is; the orders of a round are looked at after each.
const FULL_LOOK_ROUNDS: u64 = 10;
/// Longest that a server works before it is killed.
const WORK_MICROS_MAX: u64 = 2_500_000;

/// A small generator, so that a printed seed gives the same moments again.
struct Moments(u64);

impl Moments {
    fn new() -> Self {
        let given = std::env::var("SARAI_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| Uuid::new_v4().as_u64_pair().0);
        println!("SARAI_SEED={seed}");
        Self(seed | 1)
    }

    fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

fn rounds() -> u64 {
    if std::env::var_os("SARAI_SOAK").is_some() { 200 } else { 8 }
}

async fn kill_again_and_again(house: House) {
    let mut moments = Moments::new();
    let receiver = Receiver::open().await;
    let mut people = People::settle(&house).await;
    let mut books = Books::default();
    let mut server = house.serve().await;
    let hook =
        hook::register(&server, people.shippers.first().expect("a shipper"), &receiver).await;
    let (mut acknowledged, mut unanswered) = (0, 0);
    for round in 0..rounds() {
        let journal = Arc::new(Journal::default());
        let work = people.work(&server, &journal);
        tokio::time::sleep(Duration::from_micros(moments.next(WORK_MICROS_MAX))).await;
        server.kill();
        people.take_back(work).await;
        house.quiet().await;
        let commands = Arc::into_inner(journal).expect("everybody stopped").close();
        let full = round % FULL_LOOK_ROUNDS == 0 || round + 1 == rounds();
        let store = house.store().await;
        books.check(&store, &commands, full).await;
        store.close().await;
        server = house.serve().await;
        let told = people.ask_again(&server, commands).await;
        acknowledged += told.acknowledged;
        unanswered += told.unanswered;
    }
    hook.heard_everything(&house, &receiver).await;
    server.kill();
    house.quiet().await;
    house.audit_is_whole();
    let store = house.store().await;
    books.check(&store, &[], true).await;
    store.close().await;
    assert!(acknowledged > rounds(), "the server did hardly anything: {acknowledged}");
    println!(
        "{} killed; {acknowledged} commands answered, {unanswered} cut off and asked again; {}",
        rounds(),
        books.told()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_loses_nothing_it_said_on_sqlite() {
    kill_again_and_again(House::on_sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_loses_nothing_it_said_on_postgresql() {
    kill_again_and_again(House::on_postgresql().await).await;
}
