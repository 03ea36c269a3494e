//! The check of the whole chain: what was changed, removed, inserted, reordered or cut off, and where.

use std::{collections::BTreeMap, fmt};

use sarai_kernel::{Query, Store, StoreError, StoreExt, audit::AuditRow};
use sarai_seal::Record;

use super::Checkpoint;

/// Most findings that a verdict names; after that it only counts.
pub const FINDINGS_MAX: usize = 1_000;

/// Something wrong with the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A row does not have the hash that its words give.
    Changed {
        /// Which.
        seq: i64,
    },
    /// A row does not name the hash of the one before: one of the two was written anew.
    Unlinked {
        /// The later of the two.
        seq: i64,
    },
    /// Rows are not there.
    Missing {
        /// First.
        from: i64,
        /// Last.
        to: i64,
    },
    /// A row stands behind a later one.
    OutOfOrder {
        /// Which.
        seq: i64,
    },
    /// A number that was there already, or that no row can have.
    Inserted {
        /// Which.
        seq: i64,
    },
    /// A signed checkpoint names another hash: rows since the checkpoint before were written anew.
    Rewritten {
        /// First row that may have been.
        from: i64,
        /// The row of the checkpoint.
        to: i64,
    },
    /// The log ends before a row that was signed.
    TailCut {
        /// Last row that is there.
        after: i64,
        /// Last row that was signed.
        signed: i64,
    },
    /// A checkpoint is not signed by a known key.
    CheckpointForged {
        /// Its row.
        seq: i64,
    },
    /// A checkpoint stands outside and not in the store.
    CheckpointRemoved {
        /// Its row.
        seq: i64,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { seq } => write!(f, "row {seq} was changed"),
            Self::Unlinked { seq } => {
                write!(f, "row {seq} does not follow row {}: one of them was written anew", seq - 1)
            }
            Self::Missing { from, to } if from == to => write!(f, "row {from} was removed"),
            Self::Missing { from, to } => write!(f, "rows {from} to {to} were removed"),
            Self::OutOfOrder { seq } => write!(f, "row {seq} was moved behind a later one"),
            Self::Inserted { seq } => write!(f, "a row {seq} was inserted"),
            Self::Rewritten { from, to } => {
                write!(
                    f,
                    "among rows {from} to {to} something was written anew: their signed checkpoint differs"
                )
            }
            Self::TailCut { after, signed } => {
                write!(f, "the log was cut after row {after}: row {signed} was signed")
            }
            Self::CheckpointForged { seq } => write!(f, "the checkpoint at row {seq} is forged"),
            Self::CheckpointRemoved { seq } => {
                write!(f, "the checkpoint at row {seq} was removed from the store")
            }
        }
    }
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Rows seen.
    pub rows: u64,
    /// Number of the last row.
    pub head: i64,
    /// Good checkpoints that the rows were held against.
    pub checkpoints: usize,
    /// Last row under a good checkpoint: what comes after is chained, and not yet signed.
    pub signed: i64,
    /// What is wrong, at most [`FINDINGS_MAX`].
    pub findings: Vec<Finding>,
    /// How many findings there are beyond those named.
    pub more: u64,
}

impl Verdict {
    /// Whether nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.findings.is_empty() && self.more == 0
    }

    fn note(&mut self, finding: Finding) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        } else {
            self.more += 1;
        }
    }
}

/// Checks a log as it is read. Give it the checkpoints first, then every row, then ask for the verdict.
#[derive(Debug)]
pub struct Verifier {
    signed: BTreeMap<i64, [u8; 32]>,
    verdict: Verdict,
    /// Number, stored hash and computed hash of the highest row so far.
    last: (i64, [u8; 32], [u8; 32]),
    /// Holes so far: first and last row.
    holes: BTreeMap<i64, i64>,
    held: i64,
}

impl Verifier {
    /// Checks against `checkpoints` of the store and of a copy `outside`, signed by one of `keys` (base64url).
    pub fn new(
        keys: &[String],
        checkpoints: &[Checkpoint],
        outside: Option<&[Checkpoint]>,
    ) -> Self {
        let mut verdict = Verdict::default();
        let mut signed = BTreeMap::new();
        let mut good = |all: &[Checkpoint]| {
            for checkpoint in all {
                match checkpoint.hash() {
                    Some(hash) if checkpoint.is_signed_by(keys) => {
                        signed.insert(checkpoint.seq, hash);
                    }
                    _ => verdict.note(Finding::CheckpointForged { seq: checkpoint.seq }),
                }
            }
        };
        good(checkpoints);
        good(outside.unwrap_or_default());
        for copy in outside.unwrap_or_default() {
            if copy.is_signed_by(keys) && !checkpoints.iter().any(|c| c.seq == copy.seq) {
                verdict.note(Finding::CheckpointRemoved { seq: copy.seq });
            }
        }
        let last = (0, [0; 32], [0; 32]);
        Self { signed, verdict, last, holes: BTreeMap::new(), held: 0 }
    }

    /// The next row, in the order in which the log gives them.
    pub fn row(&mut self, row: &AuditRow) {
        self.verdict.rows += 1;
        let digest = row.digest();
        if digest != row.hash {
            self.verdict.note(Finding::Changed { seq: row.seq });
        }
        let next = self.last.0 + 1;
        if row.seq < next {
            return self.late(row.seq);
        }
        if row.seq > next {
            self.holes.insert(next, row.seq - 1);
        } else if row.previous != self.last.1 && row.previous != self.last.2 {
            self.verdict.note(Finding::Unlinked { seq: row.seq });
        }
        self.hold(row, digest);
        self.last = (row.seq, row.hash, digest);
    }

    /// A row that comes after a later one: out of its place, or not one of the log's at all.
    fn late(&mut self, seq: i64) {
        let hole = self.holes.range(..=seq).next_back().map(|(from, to)| (*from, *to));
        let Some((from, to)) = hole.filter(|(_, to)| seq <= *to) else {
            return self.verdict.note(Finding::Inserted { seq });
        };
        self.verdict.note(Finding::OutOfOrder { seq });
        self.holes.remove(&from);
        if from < seq {
            self.holes.insert(from, seq - 1);
        }
        if seq < to {
            self.holes.insert(seq + 1, to);
        }
    }

    /// Holds a row against its checkpoint. A row already named as changed differs from it for that reason.
    fn hold(&mut self, row: &AuditRow, digest: [u8; 32]) {
        let Some(signed) = self.signed.get(&row.seq) else { return };
        if *signed != digest && *signed != row.hash {
            self.verdict.note(Finding::Rewritten { from: self.held + 1, to: row.seq });
        }
        self.held = row.seq;
        self.verdict.checkpoints += 1;
    }

    /// The verdict, when every row was given.
    pub fn finish(mut self) -> Verdict {
        for (from, to) in std::mem::take(&mut self.holes) {
            self.verdict.note(Finding::Missing { from, to });
        }
        let last_signed = self.signed.keys().next_back().copied().unwrap_or(0);
        if last_signed > self.last.0 {
            self.verdict.note(Finding::TailCut { after: self.last.0, signed: last_signed });
        }
        self.verdict.head = self.last.0;
        self.verdict.signed = last_signed.min(self.last.0);
        self.verdict
    }
}

/// Checks the log of a store, page by page.
pub async fn verify_store(
    store: &dyn Store,
    keys: &[String],
    outside: Option<&[Checkpoint]>,
) -> Result<Verdict, StoreError> {
    let mut verifier = Verifier::new(keys, &checkpoints(store).await?, outside);
    let mut after = 0;
    loop {
        let rows = store.audit_after(after, 1_000).await?;
        let Some(last) = rows.last() else { return Ok(verifier.finish()) };
        // The store gives rows by rising number; were it to stand still, the check must not.
        after = last.seq.max(after + 1);
        rows.iter().for_each(|row| verifier.row(row));
    }
}

async fn checkpoints(store: &dyn Store) -> Result<Vec<Checkpoint>, StoreError> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let query = Query::by(Checkpoint::KIND, "audit.checkpoint", "1").limit(1_000).after(after);
        let page = store.records::<Checkpoint>(query).await?;
        let Some((last, sort)) = page.last() else { return Ok(all) };
        after = Some((*sort, last.id));
        all.extend(page.into_iter().map(|(found, _)| found.record));
    }
}
