//! Tallies of distinct persons.

use std::{collections::HashMap, sync::Arc};

use sarai_kernel::{CommitError, Counted, Marks, Store, Ways, tally::Token};

use super::make::{decision, draft, thing};
use crate::{Backend, Home};

fn token(number: u64) -> Token {
    let mut token = [0; 16];
    // Spread as a keyed hash is.
    token[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    token[8..].copy_from_slice(&number.to_be_bytes());
    token
}

fn marks(members: Vec<(Token, Ways)>, expect: Option<Counted>) -> Marks {
    Marks { tally: "outbound/2026".to_owned(), members, expect }
}

/// Many writers add overlapping persons at once, in both ways; the count is that of a plain set, now and after a restart.
pub async fn each_person_counts_once_whoever_adds(backend: Backend) {
    let home = Home::new(backend).await;
    let store = Arc::new(home.open().await);
    let mut plain: HashMap<Token, Ways> = HashMap::new();
    let mut adding = Vec::new();
    for writer in 0..20_u64 {
        let members: Vec<_> = (0..50)
            .map(|i| {
                let way = if (writer + i) % 3 == 0 { Ways::SENSITIVE } else { Ways::PLAIN };
                (token(writer * 17 + i % 40), way)
            })
            .collect();
        for (token, way) in &members {
            let held = plain.entry(*token).or_default();
            *held = held.and(*way);
        }
        let store = Arc::clone(&store);
        adding.push(tokio::spawn(async move {
            let mut decision = decision();
            decision.marks.push(marks(members, None));
            store.commit(decision).await
        }));
    }
    for one in adding {
        one.await.expect("runs").expect("commits");
    }
    let fold = |count: Counted, ways: &Ways| count.moved(Ways::NONE, *ways);
    let wanted = plain.values().fold(Counted::default(), fold);
    for store in [store, Arc::new(home.open().await)] {
        assert_eq!(store.tally("outbound/2026").await, Ok(wanted));
        let asked: Vec<Token> = plain.keys().copied().chain([token(1_000_000)]).collect();
        let ways = store.tally_ways("outbound/2026", &asked).await.expect("answers");
        let known = asked.iter().map(|token| plain.get(token).copied().unwrap_or_default());
        assert_eq!(ways, known.collect::<Vec<_>>());
        assert_eq!(store.tally("outbound/2027").await, Ok(Counted::default()));
    }
}

/// Of two decisions that rest on the same count one is made anew, so that no threshold is passed unseen.
pub async fn a_count_that_moved_is_a_lost_race(backend: Backend) {
    let home = Home::new(backend).await;
    let store = Arc::new(home.open().await);
    let before = store.tally("outbound/2026").await.expect("answers");
    let tries: Vec<_> = (0..10)
        .map(|number| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut decision = decision();
                let members = vec![(token(number), Ways::PLAIN)];
                decision.marks.push(marks(members, Some(before)));
                store.commit(decision).await
            })
        })
        .collect();
    let mut lost = 0;
    for one in tries {
        match one.await.expect("runs") {
            Ok(_) => {}
            Err(CommitError::Conflict(at)) if at.kind == "tally" => lost += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(lost, 9);
    assert_eq!(store.tally("outbound/2026").await.expect("answers").persons, 1);
}

/// Whoever is refused for another reason adds nobody.
pub async fn a_refused_decision_counts_nobody(backend: Backend) {
    let home = Home::new(backend).await;
    let store = home.open().await;
    let mut decision = decision().write(draft(&thing(), 7, "stale", vec![]));
    decision.marks.push(marks(vec![(token(1), Ways::PLAIN)], None));
    assert!(matches!(store.commit(decision).await, Err(CommitError::Conflict(_))));
    assert_eq!(store.tally("outbound/2026").await, Ok(Counted::default()));
}
