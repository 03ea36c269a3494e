//! Who opened what, as the person concerned may read it: staff by role, never by name.

use sarai_kernel::{PartyId, StoreError, Timestamp, audit::AuditRow};
use sarai_law::Citation;
use sarai_seal::SubjectId;

use crate::{Gate, words::relation};

/// Rows read from the store at a time.
const PAGE: u32 = 200;
/// Most rows that one page or summary looks through.
const ROWS_MAX: usize = 20_000;

/// As whom somebody opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// The person concerned.
    Own,
    /// Another party, by relation.
    Person(Option<PartyId>),
    /// A company's program.
    Company,
    /// Staff, with the roles on which it rested.
    Staff(Vec<String>),
    /// A worker or engine of the house: nobody read it.
    Engine(String),
}

/// One opening, or one refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRow {
    /// Number of the audit row.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// As whom.
    pub who: Who,
    /// On which relation.
    pub relation: String,
    /// For which purpose.
    pub purpose: String,
    /// Which fields could be opened.
    pub fields: Vec<String>,
    /// Wire id of the thing concerned.
    pub resource: String,
    /// Opened, or refused.
    pub allowed: bool,
    /// The rule that decided.
    pub rule: String,
    /// What it rests on.
    pub citations: Vec<Citation>,
}

/// A page of the access log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessPage {
    /// Newest first.
    pub rows: Vec<AccessRow>,
    /// Where the next page starts, if there may be more.
    pub next_before: Option<i64>,
}

/// How often since a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Openings by anybody but the person concerned and the engines.
    pub openings: u64,
    /// Refusals.
    pub refused: u64,
    /// Openings by other persons.
    pub persons: u64,
    /// Openings by companies' programs.
    pub companies: u64,
    /// Openings by staff.
    pub staff: u64,
    /// Openings by engines, which nobody reads.
    pub engine: u64,
    /// Whether there was more than could be counted.
    pub more: bool,
}

impl Gate {
    /// Who opened what about `subject`: at most `limit` rows before the row `before`, newest first.
    pub async fn access_log(
        &self,
        subject: SubjectId,
        before: Option<i64>,
        limit: usize,
    ) -> Result<AccessPage, StoreError> {
        let mut page = AccessPage::default();
        self.each_access(subject, before, |row| {
            if page.rows.len() == limit {
                page.next_before = page.rows.last().map(|row| row.seq);
                return false;
            }
            page.rows.push(row);
            true
        })
        .await?;
        Ok(page)
    }

    /// How often since `from`.
    pub async fn access_summary(
        &self,
        subject: SubjectId,
        from: Timestamp,
    ) -> Result<Summary, StoreError> {
        let mut sum = Summary::default();
        let whole = self
            .each_access(subject, None, |row| {
                let inside = row.at >= from;
                if inside {
                    sum.count(&row);
                }
                inside
            })
            .await?;
        sum.more = !whole;
        Ok(sum)
    }

    /// Walks back through the rows until `take` has enough; `false` if the bound came first.
    async fn each_access(
        &self,
        subject: SubjectId,
        before: Option<i64>,
        mut take: impl FnMut(AccessRow) -> bool + Send,
    ) -> Result<bool, StoreError> {
        let (mut before, mut seen) = (before, 0);
        while seen < ROWS_MAX {
            let rows = self.store().audit_of(subject, before, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(true) };
            before = Some(last.seq);
            seen += rows.len();
            for row in rows.into_iter().filter(is_access) {
                if !take(self.access_row(subject, row)) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn access_row(&self, subject: SubjectId, row: AuditRow) -> AccessRow {
        AccessRow {
            seq: row.seq,
            at: row.at,
            who: who(subject, &row),
            relation: row.relation.split(' ').next().unwrap_or_default().to_owned(),
            purpose: row.purpose,
            fields: row.fields,
            resource: row.resource,
            allowed: row.allowed,
            citations: self.citations(&row.rule),
            rule: row.rule,
        }
    }
}

impl Summary {
    fn count(&mut self, row: &AccessRow) {
        if !row.allowed {
            self.refused += 1;
            return;
        }
        match row.who {
            Who::Own => return,
            Who::Engine(_) => self.engine += 1,
            Who::Person(_) => self.persons += 1,
            Who::Company => self.companies += 1,
            Who::Staff(_) => self.staff += 1,
        }
        if !matches!(row.who, Who::Engine(_)) {
            self.openings += 1;
        }
    }
}

fn is_access(row: &AuditRow) -> bool {
    row.action == "open" || row.action == "refuse"
}

fn who(subject: SubjectId, row: &AuditRow) -> Who {
    let mut words = row.relation.split(' ');
    if matches!(words.next(), Some(relation::STAFF | relation::CLAIMER)) {
        return Who::Staff(words.map(str::to_owned).collect());
    }
    if let Some(worker) = row.actor.strip_prefix("system/") {
        return Who::Engine(worker.to_owned());
    }
    if row.actor.starts_with("key_") {
        return Who::Company;
    }
    match row.actor.parse::<PartyId>() {
        Ok(party) if party.subject() == subject => Who::Own,
        party => Who::Person(party.ok()),
    }
}
