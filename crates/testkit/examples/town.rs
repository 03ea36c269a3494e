//! A server with a few people in it, for programs that test from outside: prints its address and one session of each kind as
//! `NAME=value` lines, then serves until it is stopped. `cargo run -p sarai-testkit --features server --example town`

#![expect(clippy::print_stdout, reason = "the lines are what it is for")]
#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

use sarai_kernel::{Clock, Role, Timestamp, time::SECOND};
use sarai_testkit::{
    Backend,
    server::{Member, START, Town, yuan},
};

#[tokio::main]
async fn main() {
    let backend =
        if std::env::args().any(|word| word == "--pg") { Backend::Pg } else { Backend::Sqlite };
    let town = Town::new(backend).await;
    let shipper = town.shipper(yuan(1_000_000)).await;
    let (trucker, truck) = town.trucker(yuan(1_000_000)).await;
    let staff = [
        Role::OpVerify,
        Role::OpMarket,
        Role::OpMoney,
        Role::OpSupport,
        Role::OpSafety,
        Role::OpAdmin,
    ];
    let staff = town.member(&staff, &["person"]).await;
    let open = town.post_load(&shipper, yuan(4_000)).await;
    let taken = town.post_load(&shipper, yuan(4_100)).await;
    let order = town.book(&(trucker.clone(), truck), &taken, yuan(4_100)).await;
    println!("ADDRESS=http://{}", town.address);
    for (name, member) in [("SHIPPER", &shipper), ("TRUCKER", &trucker), ("STAFF", &staff)] {
        println!("{name}={}", session(member));
    }
    println!("LOAD={open}\nTRUCK={truck}\nORDER={order}");
    // Second factors stay fresh: the clock moves by a tenth of the real one.
    let mut ticks = tokio::time::interval(std::time::Duration::from_secs(10));
    for second in 0_i64.. {
        ticks.tick().await;
        town.clock.set(Timestamp::from_micros(START.as_micros() + second * SECOND));
        assert!(town.clock.now() >= START, "time goes on");
    }
}

fn session(member: &Member) -> String {
    member.client.session().expect("a session")
}
