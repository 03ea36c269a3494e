//! The audit log.

use std::sync::Arc;

use sarai_kernel::Store;
use sarai_seal::SubjectId;
use uuid::Uuid;

use super::make::{audit, decision};
use crate::{Backend, Home};

/// Rows from many writers make one chain; each row reads back to the hash it was written with.
pub async fn the_chain_links_and_subjects_find_their_rows(backend: Backend) {
    let home = Home::new(backend).await;
    let store = Arc::new(home.open().await);
    let ann = SubjectId::from_uuid(Uuid::new_v4());
    let writers: Vec<_> = (0..30)
        .map(|i| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let subjects = if i % 3 == 0 { vec![ann, ann] } else { vec![] };
                let two = decision().audit(audit(subjects)).audit(audit(vec![]));
                store.commit(two).await.expect("commits").audit_seq
            })
        })
        .collect();
    let mut places = Vec::new();
    for writer in writers {
        places.push(writer.await.expect("runs"));
    }
    places.sort_unstable();
    assert_eq!(places, (1..=30).map(|i| i * 2).collect::<Vec<_>>());
    let rows = store.audit_after(0, 1_000).await.expect("answers");
    let mut before = (0, [0; 32]);
    for row in &rows {
        assert_eq!((row.seq, row.previous), (before.0 + 1, before.1));
        assert_eq!(row.digest(), row.hash);
        before = (row.seq, row.hash);
    }
    assert_eq!(before.0, 60);
    let of_ann = store.audit_of(ann, None, 4).await.expect("answers");
    assert!(of_ann.iter().all(|row| row.subjects.contains(&ann)));
    assert!(of_ann.windows(2).all(|pair| pair[0].seq > pair[1].seq));
    let rest = store.audit_of(ann, Some(of_ann[3].seq), 100).await.expect("answers");
    assert_eq!(of_ann.len() + rest.len(), 10);
}
