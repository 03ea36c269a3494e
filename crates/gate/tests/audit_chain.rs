//! Whatever one does to the log behind its back is found and named.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

use std::{collections::BTreeSet, fs, sync::Arc};

use proptest::prelude::*;
use sarai_gate::audit::{
    Checkpoint, CheckpointKey, Checkpoints, Finding, OutsideFile, SignError, Verdict, Verifier,
    verify_store,
};
use sarai_kernel::{
    Decision, DocRef, Store, Timestamp,
    audit::{AuditEntry, AuditRow},
    time::SECOND,
};
use sarai_seal::{Record, SubjectId};
use sarai_testkit::MemoryStore;
use uuid::Uuid;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * SECOND)
}

fn entry(number: i64) -> AuditEntry {
    AuditEntry {
        actor: format!("pty_{}", number % 3),
        action: if number % 4 == 0 { "refuse" } else { "open" },
        purpose: "deliver",
        resource: format!("ord_{number}"),
        relation: "driver".to_owned(),
        subjects: vec![SubjectId::from_uuid(Uuid::from_u128(number as u128))],
        fields: vec!["party.phone".to_owned()],
        rule: "house.contact.sides".to_owned(),
        allowed: number % 4 != 0,
        case: (number % 5 == 0).then(|| format!("case-{number}")),
    }
}

fn chain(length: i64) -> Vec<AuditRow> {
    let mut rows: Vec<AuditRow> = Vec::new();
    for number in 1..=length {
        let last = rows.last().map_or((0, [0; 32]), |row| (row.seq, row.hash));
        rows.push(AuditRow::link(last, at(number), &entry(number)));
    }
    rows
}

fn key() -> CheckpointKey {
    CheckpointKey::new(&[7; 32])
}

fn signed(rows: &[AuditRow], places: impl IntoIterator<Item = i64>) -> Vec<Checkpoint> {
    let row = |seq: i64| rows.iter().find(move |row| row.seq == seq).unwrap();
    places.into_iter().map(|seq| key().sign(seq, &row(seq).hash, at(seq))).collect()
}

fn verdict(rows: &[AuditRow], checkpoints: &[Checkpoint]) -> Verdict {
    let mut verifier = Verifier::new(&[key().public()], checkpoints, None);
    rows.iter().for_each(|row| verifier.row(row));
    verifier.finish()
}

/// The rows that a verdict names, with both of a pair and all of a span.
fn named(verdict: &Verdict) -> BTreeSet<i64> {
    let span = |finding: &Finding| match *finding {
        Finding::Changed { seq } | Finding::OutOfOrder { seq } | Finding::Inserted { seq } => {
            seq..=seq
        }
        Finding::Unlinked { seq } => seq - 1..=seq,
        Finding::Missing { from, to } | Finding::Rewritten { from, to } => from..=to,
        Finding::TailCut { after, signed } => after + 1..=signed,
        Finding::CheckpointForged { seq } | Finding::CheckpointRemoved { seq } => seq..=seq,
    };
    verdict.findings.iter().flat_map(span).collect()
}

/// One row with each of its members changed in turn.
fn mutations(row: &AuditRow) -> Vec<AuditRow> {
    let other = |text: &str| format!("{text}x");
    vec![
        AuditRow { seq: row.seq + 1_000, ..row.clone() },
        AuditRow { at: row.at.plus(1), ..row.clone() },
        AuditRow { actor: other(&row.actor), ..row.clone() },
        AuditRow { action: other(&row.action), ..row.clone() },
        AuditRow { purpose: other(&row.purpose), ..row.clone() },
        AuditRow { resource: other(&row.resource), ..row.clone() },
        AuditRow { relation: other(&row.relation), ..row.clone() },
        AuditRow { subjects: vec![], ..row.clone() },
        AuditRow { fields: vec![], ..row.clone() },
        AuditRow { rule: other(&row.rule), ..row.clone() },
        AuditRow { allowed: !row.allowed, ..row.clone() },
        AuditRow { case: Some("case-0".to_owned()), ..row.clone() },
        AuditRow { previous: [9; 32], ..row.clone() },
    ]
}

const LENGTH: i64 = 24;

#[test]
fn an_untouched_log_is_whole() {
    let rows = chain(LENGTH);
    let verdict = verdict(&rows, &signed(&rows, [8, 16, LENGTH]));
    assert!(verdict.is_whole(), "{verdict:?}");
    assert_eq!((verdict.rows, verdict.head, verdict.checkpoints, verdict.signed), (24, 24, 3, 24));
}

#[test]
fn each_changed_member_of_each_row_is_found_and_the_row_named() {
    let rows = chain(LENGTH);
    let checkpoints = signed(&rows, [8, 16, LENGTH]);
    for place in 0..rows.len() {
        let seq = rows[place].seq;
        for changed in mutations(&rows[place])
            .into_iter()
            .chain([AuditRow { hash: [1; 32], ..rows[place].clone() }])
        {
            let mut forged = rows.clone();
            let moved = changed.seq != seq;
            forged[place] = changed;
            let verdict = verdict(&forged, &checkpoints);
            let exact = Finding::Changed { seq: forged[place].seq };
            assert!(verdict.findings.contains(&exact), "{seq}: {:?}", verdict.findings);
            let others = verdict.findings.iter().filter(|found| **found != exact);
            let others: Vec<_> = others.collect();
            let fine = others.iter().all(|found| **found == Finding::Unlinked { seq });
            assert!(moved || fine, "{seq}: {others:?}");
            assert!(!moved || named(&verdict).contains(&seq), "{seq}: {:?}", verdict.findings);
        }
    }
}

#[test]
fn a_row_with_a_hash_of_its_own_making_is_named_with_its_neighbour() {
    let rows = chain(LENGTH);
    let checkpoints = signed(&rows, [8, 16, LENGTH]);
    for place in 0..rows.len() {
        for mut changed in mutations(&rows[place]).into_iter().skip(1) {
            changed.hash = changed.digest();
            let mut forged = rows.clone();
            forged[place] = changed;
            let verdict = verdict(&forged, &checkpoints);
            assert!(named(&verdict).contains(&rows[place].seq), "{place}: {verdict:?}");
        }
    }
}

#[test]
fn each_removal_swap_insertion_and_cut_is_found_and_named() {
    let rows = chain(LENGTH);
    let checkpoints = signed(&rows, [8, 16, LENGTH]);
    for place in 0..rows.len() {
        let (mut removed, mut twice, mut cut) = (rows.clone(), rows.clone(), rows.clone());
        let gone = removed.remove(place);
        let found = verdict(&removed, &checkpoints);
        assert_eq!(named(&found), [gone.seq].into(), "{found:?}");
        twice.insert(place, rows[place].clone());
        assert_eq!(verdict(&twice, &checkpoints).findings, [Finding::Inserted { seq: gone.seq }]);
        cut.truncate(place);
        let wanted = Finding::TailCut { after: place as i64, signed: LENGTH };
        assert_eq!(verdict(&cut, &checkpoints).findings, [wanted]);
        for other in place + 1..rows.len() {
            let mut swapped = rows.clone();
            swapped.swap(place, other);
            let names = named(&verdict(&swapped, &checkpoints));
            assert!(names.contains(&rows[place].seq), "{place} {other}: {names:?}");
            // The same with the numbers left where they were.
            (swapped[place].seq, swapped[other].seq) = (rows[place].seq, rows[other].seq);
            let names = named(&verdict(&swapped, &checkpoints));
            assert!(names.contains(&rows[place].seq) && names.contains(&rows[other].seq));
        }
    }
}

#[test]
fn a_log_written_anew_with_all_its_hashes_is_found_by_the_next_checkpoint() {
    let rows = chain(LENGTH);
    let checkpoints = signed(&rows, [8, 16, LENGTH]);
    for place in 0..rows.len() {
        let mut anew = rows[..place].to_vec();
        for number in place as i64 + 1..=LENGTH {
            let last = anew.last().map_or((0, [0; 32]), |row| (row.seq, row.hash));
            let lie = AuditEntry { allowed: true, actor: "pty_other".to_owned(), ..entry(number) };
            anew.push(AuditRow::link(last, at(number), &lie));
        }
        let verdict = verdict(&anew, &checkpoints);
        let (from, to) = (place as i64 / 8 * 8 + 1, (place as i64 / 8 + 1) * 8);
        assert_eq!(verdict.findings[0], Finding::Rewritten { from, to }, "{place}");
    }
}

#[test]
fn a_checkpoint_of_another_key_or_with_other_words_is_forged() {
    let rows = chain(LENGTH);
    let good = &signed(&rows, [LENGTH])[0];
    let own = CheckpointKey::new(&[8; 32]).sign(LENGTH, &rows[23].hash, at(1));
    let forged = [
        own,
        Checkpoint { seq: 23, ..good.clone() },
        Checkpoint { at: good.at.plus(1_000), ..good.clone() },
        Checkpoint { hash: signed(&rows, [3])[0].hash.clone(), ..good.clone() },
        Checkpoint { signature: "x".to_owned(), ..good.clone() },
    ];
    for checkpoint in forged {
        let seq = checkpoint.seq;
        assert_eq!(verdict(&rows, &[checkpoint]).findings, [Finding::CheckpointForged { seq }]);
    }
}

proptest! {
    /// Any one row taken out, changed or moved, in logs of any length with checkpoints anywhere before a signed head.
    #[test]
    fn any_single_forgery_is_found_and_named(
        length in 2_i64..60, place in 0_usize..60, target in 0_usize..60, how in 0_u8..4,
        places in proptest::collection::btree_set(1_i64..60, 0..5),
    ) {
        let rows = chain(length);
        let (place, target) = (place % rows.len(), target % rows.len());
        let places = places.into_iter().filter(|seq| *seq < length).chain([length]);
        let checkpoints = signed(&rows, places);
        let mut forged = rows.clone();
        let seq = rows[place].seq;
        match how {
            0 => { forged.remove(place); }
            1 => { let row = forged.remove(place); forged.insert(target, row); }
            2 => forged[place].fields.push("party.email".to_owned()),
            _ => { forged[place].allowed ^= true; forged[place].hash = forged[place].digest(); }
        }
        let verdict = verdict(&forged, &checkpoints);
        prop_assert_eq!(verdict.is_whole(), forged == rows);
        if forged != rows {
            let (low, high) = (seq.min(rows[target].seq), seq.max(rows[target].seq));
            let names = named(&verdict);
            prop_assert!(names.contains(&seq) || how == 1 && names.range(low..=high).next().is_some());
        }
    }
}

async fn filled(rows: i64) -> Arc<MemoryStore> {
    let store = Arc::new(MemoryStore::new());
    for number in 1..=rows {
        store.commit(Decision::new("test", at(number)).audit(entry(number))).await.unwrap();
    }
    store
}

#[tokio::test]
async fn checkpoints_come_each_thousand_rows_and_each_minute() {
    let store = filled(2_500).await;
    let checkpoints = Checkpoints::new(store.clone(), key(), None);
    assert_eq!(checkpoints.run_due(at(2_030)).await.unwrap(), 2);
    assert_eq!(checkpoints.last().await.unwrap().unwrap().seq, 2_000);
    assert_eq!(checkpoints.run_due(at(2_060)).await.unwrap(), 0);
    assert_eq!(checkpoints.run_due(at(2_061)).await.unwrap(), 1);
    assert_eq!(checkpoints.run_due(at(9_999)).await.unwrap(), 0);
    let verdict = verify_store(store.as_ref(), &[key().public()], None).await.unwrap();
    assert!(verdict.is_whole(), "{verdict:?}");
    assert_eq!((verdict.rows, verdict.checkpoints, verdict.signed), (2_500, 3, 2_500));
}

#[tokio::test]
async fn nothing_is_signed_over_a_broken_chain() {
    let store = filled(20).await;
    let checkpoints = Checkpoints::new(store.clone(), key(), None);
    store.forge_audit(|rows| rows[11].allowed ^= true);
    let error = checkpoints.run_now(at(100)).await.unwrap_err();
    assert!(matches!(error, SignError::Broken { seq: 12 }), "{error}");
}

#[tokio::test]
async fn the_copy_outside_finds_a_cut_that_took_the_checkpoints_along() {
    let path = std::env::temp_dir().join(format!("sarai-checkpoints-{}", std::process::id()));
    let _ = fs::remove_file(&path);
    let store = filled(30).await;
    let outside = Arc::new(OutsideFile::new(&path));
    let checkpoints = Checkpoints::new(store.clone(), key(), Some(outside));
    checkpoints.run_now(at(100)).await.unwrap();
    store.commit(Decision::new("test", at(101)).audit(entry(31))).await.unwrap();
    checkpoints.run_now(at(102)).await.unwrap();
    // A crash in the middle of a line.
    let whole = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{whole}{{\"seq\":4")).unwrap();
    let copy = OutsideFile::read(&path).unwrap();
    assert_eq!(copy.iter().map(|c| c.seq).collect::<Vec<_>>(), [30, 31]);

    // The keeper of the store takes the last row away, and its checkpoint.
    store.forge_audit(|rows| rows.truncate(30));
    let mut removal = Decision::new("test", at(103));
    removal.removals.push((DocRef::new(Checkpoint::KIND, Uuid::from_u128(31)), 1));
    store.commit(removal).await.unwrap();
    let keys = [key().public()];
    assert!(verify_store(store.as_ref(), &keys, None).await.unwrap().is_whole());
    let verdict = verify_store(store.as_ref(), &keys, Some(&copy)).await.unwrap();
    let wanted =
        [Finding::CheckpointRemoved { seq: 31 }, Finding::TailCut { after: 30, signed: 31 }];
    assert_eq!(verdict.findings, wanted);

    // The next checkpoint stands on a line of its own, whatever the crash left.
    let again = Checkpoints::new(filled(3).await, key(), Some(Arc::new(OutsideFile::new(&path))));
    again.run_now(at(200)).await.unwrap();
    let copy = OutsideFile::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    assert_eq!(copy.iter().map(|c| c.seq).collect::<Vec<_>>(), [30, 31, 3]);
}
