//! Grants, checkpoints and the check of the chain on a real database.

use std::sync::Arc;

use sarai_gate::{
    Gate, Scope,
    audit::{CheckpointKey, Checkpoints, verify_store},
    words::data,
};
use sarai_kernel::{PartyId, Store, Timestamp, purpose::Notify, time::SECOND};
use sarai_testkit::{Backend, Home};
use uuid::Uuid;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros((1_800_000_000 + seconds) * SECOND)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_of_many_grants_at_once_is_whole_signed_and_survives_a_restart() {
    let home = Home::new(Backend::Sqlite).await;
    let key = || CheckpointKey::new(&[3; 32]);
    let keys = [key().public()];
    {
        let store: Arc<dyn Store> = Arc::new(home.open().await);
        let gate = Arc::new(Gate::embedded(store.clone()).unwrap());
        let grants: Vec<_> = (0..40)
            .map(|number| {
                let gate = gate.clone();
                tokio::spawn(async move {
                    let party = PartyId::from_uuid(Uuid::from_u128(number));
                    let scope = Scope::One(party.subject());
                    let fields = ["notice.words"];
                    let grant = gate.grant_system::<Notify>(
                        "notices",
                        data::NOTICE,
                        party,
                        scope,
                        &fields,
                        at(1),
                    );
                    grant.await.unwrap().audit().0
                })
            })
            .collect();
        let mut rows = Vec::new();
        for grant in grants {
            rows.push(grant.await.unwrap());
        }
        rows.sort_unstable();
        assert_eq!(rows, (1..=40).collect::<Vec<u64>>());
        let checkpoints = Checkpoints::new(store.clone(), key(), None);
        assert_eq!(checkpoints.run_due(at(30)).await.unwrap(), 0);
        assert_eq!(checkpoints.run_due(at(61)).await.unwrap(), 1);
        let page =
            gate.access_log(PartyId::from_uuid(Uuid::from_u128(7)).subject(), None, 10).await;
        assert_eq!(page.unwrap().rows.len(), 1);
    }
    let store: Arc<dyn Store> = Arc::new(home.open().await);
    let verdict = verify_store(store.as_ref(), &keys, None).await.unwrap();
    assert!(verdict.is_whole(), "{verdict:?}");
    assert_eq!((verdict.rows, verdict.signed, verdict.checkpoints), (40, 40, 1));
    assert_eq!(Checkpoints::new(store, key(), None).run_now(at(99)).await.unwrap(), 0);
    let strange = [CheckpointKey::new(&[4; 32]).public()];
    let store = home.open().await;
    assert!(!verify_store(&store, &strange, None).await.unwrap().is_whole());
}
