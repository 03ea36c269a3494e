//! The running house looked at from inside: its log, its keys, its timers, what it let out.
//!
//! Only ports are used: this room knows neither SQL nor any market. What a market's timers are called, the binary says.

use std::{os::unix::fs::MetadataExt, path::Path};

use sarai_gate::{
    audit::{Checkpoint, verify_store},
    outbound::{Answered, Of, recipient, transfers},
};
use sarai_kernel::{Query, Store, StoreError, Timestamp, time::DAY};

/// A timer after which something must be gone or done.
#[derive(Debug, Clone, Copy)]
pub struct OwnTimer {
    /// Kind of the documents.
    pub kind: &'static str,
    /// The worker that runs it.
    pub worker: &'static str,
    /// Whether what is overdue is data kept too long.
    pub keeps: bool,
}

/// What the house gives to be looked at.
pub struct OwnHouse<'h> {
    /// Its store.
    pub store: &'h dyn Store,
    /// Public keys by which its log is signed.
    pub audit_keys: &'h [String],
    /// Checkpoints kept outside of the store.
    pub outside: Option<&'h [Checkpoint]>,
    /// Files of keys.
    pub key_files: &'h [(&'static str, &'h Path)],
    /// Its timers.
    pub timers: &'h [OwnTimer],
    /// Places that are weaker than the default, as `sarai admin doctor` names them.
    pub weak: Vec<String>,
    /// The country in which its data belongs.
    pub country: &'h str,
}

/// What was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnSeen {
    /// Rows of the audit log.
    pub audit_rows: u64,
    /// What is wrong with it.
    pub audit_faults: Vec<String>,
    /// Key files that others may read: name and mode.
    pub open_keys: Vec<(String, u32)>,
    /// Documents more than a day past a timer: worker, how many at least, days of the oldest, and whether it is data kept too long.
    pub overdue: Vec<(String, u64, u64, bool)>,
    /// Recipients abroad that are open.
    pub recipients_abroad: u64,
    /// Transfers abroad that were let go and rest on no mechanism: resource of each.
    pub bare_transfers: Vec<(String, u64)>,
    /// Transfers seen.
    pub transfers: u64,
    /// Weak places.
    pub weak: Vec<String>,
}

/// Documents counted for one timer: more are "at least".
const OVERDUE_MAX: u32 = 1_000;
/// Recipients that are looked at.
const RECIPIENTS_MAX: u32 = 1_000;
/// Rows of the transfer log that are looked at.
const TRANSFERS_MAX: usize = 200_000;
/// Rows of one page.
const PAGE: u32 = 500;

impl OwnHouse<'_> {
    /// Looks.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn look(&self, now: Timestamp) -> Result<OwnSeen, StoreError> {
        let verdict = verify_store(self.store, self.audit_keys, self.outside).await?;
        let mut seen = OwnSeen {
            audit_rows: verdict.rows,
            audit_faults: verdict.findings.iter().map(ToString::to_string).collect(),
            open_keys: self.open_keys(),
            weak: self.weak.clone(),
            ..OwnSeen::default()
        };
        self.overdue(now, &mut seen).await?;
        self.left(&mut seen).await?;
        Ok(seen)
    }

    fn open_keys(&self) -> Vec<(String, u32)> {
        let modes = self.key_files.iter().filter_map(|(name, path)| {
            let mode = std::fs::metadata(path).ok()?.mode() & 0o777;
            (mode & 0o077 != 0).then(|| ((*name).to_owned(), mode))
        });
        modes.collect()
    }

    async fn overdue(&self, now: Timestamp, seen: &mut OwnSeen) -> Result<(), StoreError> {
        let limit = now.plus(-DAY).as_micros();
        for timer in self.timers {
            let query =
                Query::by(timer.kind, "timer", timer.worker).up_to(limit).limit(OVERDUE_MAX);
            let found = self.store.find(query).await?;
            let Some(oldest) = found.iter().map(|found| found.sort).min() else { continue };
            let days = u64::try_from((now.as_micros() - oldest) / DAY).unwrap_or(0);
            let count = u64::try_from(found.len()).unwrap_or(u64::MAX);
            seen.overdue.push((timer.worker.to_owned(), count, days, timer.keeps));
        }
        Ok(())
    }

    async fn left(&self, seen: &mut OwnSeen) -> Result<(), StoreError> {
        let read = |_| StoreError::Unavailable { code: "transfer log".to_owned() };
        let known = recipient::list(self.store, RECIPIENTS_MAX, None).await.map_err(read)?;
        let abroad = known.iter().filter(|(one, _)| {
            one.record.closed_at.is_none() && one.record.country != self.country
        });
        seen.recipients_abroad = u64::try_from(abroad.count()).unwrap_or(u64::MAX);
        let mut after = None;
        let mut bare = std::collections::BTreeMap::<String, u64>::new();
        while usize::try_from(seen.transfers).unwrap_or(usize::MAX) < TRANSFERS_MAX {
            let page = transfers(self.store, Of::All, PAGE, after).await.map_err(read)?;
            for (row, _) in &page {
                let row = &row.record;
                seen.transfers += 1;
                let went = matches!(row.answer, Answered::Allow | Answered::Mask);
                if went
                    && row.country != self.country
                    && row.persons > 0
                    && row.mechanisms.is_empty()
                    && !row.needs.is_empty()
                {
                    *bare.entry(format!("{} in {}", row.purpose, row.country)).or_default() +=
                        row.persons;
                }
            }
            match page.last() {
                Some((last, sort)) if page.len() == PAGE as usize => after = Some((*sort, last.id)),
                _ => break,
            }
        }
        seen.bare_transfers = bare.into_iter().collect();
        Ok(())
    }
}
