//! Too many at once: ordinary work is shed at once and with a hint; money goes on.

use std::time::{Duration, Instant};

use axum::extract::State;
use futures::future::join_all;
use sarai_api::{Config, Ctx, Done, Post, Problem, Routes, Spec, body::Nothing, spec::Class};
use sarai_kernel::{Outcome, document::Clear};
use sarai_testkit::server::Bare;
use serde_json::json;

/// Ordinary writes that a server has under way at most (SECURITY section 6).
const POST_CROWD: usize = 128;
/// A request that is shed is answered within so long; the plan says 5 ms, a busy test machine gets more: half of them keep to this.
const SHED_MAX: Duration = Duration::from_millis(500);

fn routes() -> Routes {
    Routes::new()
        .add(Spec::post("/v1/work", "work", "Slow").relation("any").body::<Nothing>(), slow)
        .add(
            Spec::post("/v1/pay", "pay", "Money")
                .relation("any")
                .class(Class::Money)
                .body::<Nothing>(),
            quick,
        )
}

async fn slow(State(app): Ctx, post: Post<Nothing>) -> Result<Done, Problem> {
    post.once(&app, |_| async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        Ok(Outcome { status: 200, body: Clear::new() })
    })
    .await
}

async fn quick(State(app): Ctx, post: Post<Nothing>) -> Result<Done, Problem> {
    post.once(&app, |_| async { Ok(Outcome { status: 200, body: Clear::new() }) }).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_crowd_sheds_its_own_and_leaves_money_alone() {
    let config = Config { units_per_minute: (1_000_000, 1_000_000), ..Config::default() };
    let town = Bare::start(routes(), config).await;
    let (token, _) = town.door.admit(&[], sarai_testkit::server::START);
    let client = town.client().with_session(&token);
    let post = |path: &'static str| {
        let client = client.clone();
        async move { client.post(path, json!({})).await }
    };
    const OVER: usize = 40;
    let timed = |path: &'static str| {
        let asked = post(path);
        async move {
            let started = Instant::now();
            (asked.await, started.elapsed())
        }
    };
    let crowd = tokio::spawn(join_all((0..POST_CROWD + OVER).map(|_| timed("/v1/work"))));
    tokio::time::sleep(Duration::from_millis(800)).await;
    let paid = join_all((0..32).map(|_| post("/v1/pay"))).await;
    assert!(paid.iter().all(|answer| answer.status == 200), "money is not shed with the rest");
    assert_eq!(client.get("/v1/events").await.status, 200, "reading goes on");
    let served = crowd.await.expect("runs");
    let (fine, shed): (Vec<_>, Vec<_>) =
        served.into_iter().partition(|(answer, _)| answer.status == 200);
    assert_eq!((fine.len(), shed.len()), (POST_CROWD, OVER), "as many as there are places");
    let mut times: Vec<Duration> = shed.iter().map(|(_, time)| *time).collect();
    for (answer, _) in shed {
        assert_eq!(answer.verdict(), (503, "overloaded".to_owned()));
        assert!(!answer.header("retry-after").is_empty());
    }
    times.sort();
    assert!(times[OVER / 2] < SHED_MAX, "{times:?}");
}
