//! The breach kit: given a window of time and those whose access is suspect, whose data could be opened, which fields, and what left;
//! and whom to tell by when. Everything comes from the audit log, so it can be run again and says the same.

use std::collections::{BTreeMap, BTreeSet};

use sarai_kernel::{
    BreachId, Caller, Command, Decision, Draft, FieldCheck, FieldError, Key, Outcome, Query,
    Refusal, Store, StoreExt, Stored, Timestamp, UseCaseError, audit::AuditRow, document::PAGE_MAX,
    time::DAY,
};
use sarai_seal::{Record, SubjectId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::outbound::recipient;

/// Rows of the audit log that one look goes through.
pub const ROWS_MAX: u64 = 1_000_000;
/// Persons that one look keeps apart.
pub const PERSONS_MAX: usize = 200_000;
/// Longest window.
const WINDOW_MAX: i64 = 400 * DAY;
/// Most suspects.
const ACTORS_MAX: usize = 100;

/// A breach that is being looked into.
#[derive(Debug, Clone, PartialEq, Eq, Record)]
#[record(kind = "breach", schema = 1)]
pub struct Breach {
    /// What is known, in one line without anybody's data.
    pub title: String,
    /// The window begins.
    pub from: Timestamp,
    /// The window ends before.
    pub to: Timestamp,
    /// Who is suspect: actors as the audit log names them; none means everybody.
    pub actors: Vec<String>,
    /// When it was found: the clocks run from here.
    pub found_at: Timestamp,
    /// Who opened the case.
    pub made_by: String,
    /// Persons concerned, as it was opened.
    pub persons: u64,
    /// Fields that could be opened, and of how many persons.
    pub fields: Vec<(String, u64)>,
    /// Openings.
    pub openings: u64,
    /// Rows of the transfer log in the window.
    pub transfers: u64,
    /// There was more than one look goes through.
    pub more: bool,
}

impl Breach {
    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        vec![Key::new("breach.all", "1", self.found_at.as_micros())]
    }
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct BreachForm {
    /// See [`Breach`].
    pub title: String,
    /// See [`Breach`].
    pub from: Timestamp,
    /// See [`Breach`].
    pub to: Timestamp,
    /// See [`Breach`].
    pub actors: Vec<String>,
}

/// One person concerned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concerned {
    /// Who.
    pub subject: SubjectId,
    /// Which fields could be opened.
    pub fields: BTreeSet<String>,
    /// How often.
    pub times: u64,
    /// First time in the window.
    pub first: Timestamp,
    /// Last time in the window.
    pub last: Timestamp,
}

/// What the log says of a window.
#[derive(Debug, Default)]
pub struct Reach {
    /// Persons concerned, by id.
    pub persons: BTreeMap<Uuid, Concerned>,
    /// Openings.
    pub openings: u64,
    /// Transfers.
    pub transfers: u64,
    /// There was more than one look goes through.
    pub more: bool,
}

/// Whom the law says to tell, and within which time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notify {
    /// Whom, in English and Chinese.
    pub whom: (&'static str, &'static str),
    /// Within how many hours of finding out; `None` where the law says "at once".
    pub hours: Option<i64>,
    /// What must be said, in English and Chinese.
    pub say: (&'static str, &'static str),
    /// The article.
    pub cite: &'static str,
    /// Whether its wording was read.
    pub checked: &'static str,
}

/// Duties after a breach in the mainland.
pub const NOTIFY: &[Notify] = &[
    Notify {
        whom: (
            "The department in charge of protecting personal information",
            "履行个人信息保护职责的部门",
        ),
        hours: None,
        say: (
            "Which data, why, which harm is possible; what was done and what persons can do; how to reach the house",
            "信息种类、原因和可能造成的危害;已采取的补救措施和个人可采取的减轻危害的措施;联系方式",
        ),
        cite: "PIPL 57",
        checked: "text",
    },
    Notify {
        whom: ("The persons concerned", "受影响的个人"),
        hours: None,
        say: (
            "The same, unless what was done effectively prevents harm; the department may order it all the same",
            "同上;已采取措施能够有效避免危害的可以不通知,主管部门可以要求通知",
        ),
        cite: "PIPL 57",
        checked: "text",
    },
];

/// Looks through the log.
pub async fn reach(
    store: &dyn Store,
    (from, to): (Timestamp, Timestamp),
    actors: &[String],
) -> Result<Reach, Refusal> {
    let mut reach = Reach::default();
    let mut after = before(store, from).await?;
    let mut rows = 0;
    loop {
        let page = store.audit_after(after, PAGE_MAX).await?;
        let Some(last) = page.last() else { return Ok(reach) };
        after = last.seq;
        for row in page {
            if row.at >= to {
                return Ok(reach);
            }
            rows += 1;
            if rows > ROWS_MAX || reach.persons.len() >= PERSONS_MAX {
                reach.more = true;
                return Ok(reach);
            }
            if row.at >= from && (actors.is_empty() || actors.contains(&row.actor)) {
                reach.add(&row);
            }
        }
    }
}

impl Reach {
    fn add(&mut self, row: &AuditRow) {
        if !row.allowed || !matches!(row.action.as_str(), "open" | "transfer") {
            return;
        }
        if row.action == "transfer" {
            self.transfers += 1;
        } else {
            self.openings += 1;
        }
        for subject in &row.subjects {
            let known = self.persons.entry(subject.uuid()).or_insert_with(|| Concerned {
                subject: *subject,
                fields: BTreeSet::new(),
                times: 0,
                first: row.at,
                last: row.at,
            });
            known.fields.extend(row.fields.iter().cloned());
            known.times += 1;
            known.last = row.at;
        }
    }

    /// Fields, and of how many persons each.
    pub fn fields(&self) -> Vec<(String, u64)> {
        let mut fields: BTreeMap<&str, u64> = BTreeMap::new();
        for person in self.persons.values() {
            for field in &person.fields {
                *fields.entry(field).or_default() += 1;
            }
        }
        fields.into_iter().map(|(field, persons)| (field.to_owned(), persons)).collect()
    }
}

/// A row before the first one of a moment. Rows come in the order of their commits, which is that of their moments but for the few
/// milliseconds that decisions wait: so the place is sought a minute earlier.
async fn before(store: &dyn Store, from: Timestamp) -> Result<i64, Refusal> {
    let from = from.plus(-sarai_kernel::time::MINUTE);
    let (mut low, mut high) = (0_i64, 1_i64);
    while at(store, high).await?.is_some_and(|at| at < from) {
        low = high;
        high = high.saturating_mul(2);
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        match at(store, middle).await? {
            Some(at) if at < from => low = middle,
            _ => high = middle,
        }
    }
    Ok(low)
}

/// The moment of the row after a place.
async fn at(store: &dyn Store, seq: i64) -> Result<Option<Timestamp>, Refusal> {
    Ok(store.audit_after(seq, 1).await?.first().map(|row| row.at))
}

/// Opens a case: looks through the log once and keeps what it says.
pub async fn open(
    store: &dyn Store,
    caller: &Caller,
    form: BreachForm,
    command: Command,
) -> Result<Outcome, UseCaseError> {
    let mut check = FieldCheck::new();
    check.length("/title", &form.title, 1, 200).plain_text("/title", &form.title);
    check.require(form.from < form.to, || FieldError::new("/to", "window_reversed"));
    check.require(form.to.since(form.from) <= WINDOW_MAX, || {
        FieldError::new("/to", "too_far_ahead")
    });
    check.require(form.actors.len() <= ACTORS_MAX, || FieldError::new("/actors", "too_long"));
    check.finish()?;
    let reach = reach(store, (form.from, form.to), &form.actors).await?;
    let id = BreachId::new(command.now);
    let record = Breach {
        title: form.title,
        from: form.from,
        to: form.to,
        actors: form.actors,
        found_at: command.now,
        made_by: caller.actor(),
        persons: reach.persons.len() as u64,
        fields: reach.fields(),
        openings: reach.openings,
        transfers: reach.transfers,
        more: reach.more,
    };
    let outcome = Outcome::of(201, id, 1).state("open").with("persons", record.persons);
    let decision = Decision::new("gate.breach", command.now)
        .write(Draft::create(id.uuid(), &record, record.keys())?)
        .audit(recipient::row(&caller.actor(), "breach_opened", id))
        .answer(command.once, outcome.clone());
    store.commit(decision).await?;
    Ok(outcome)
}

/// Every case, newest first.
pub async fn list(
    store: &dyn Store,
    limit: u32,
    after: Option<(i64, Uuid)>,
) -> Result<Vec<(Stored<Breach>, i64)>, Refusal> {
    let query = Query::by("breach", "breach.all", "1").newest_first();
    Ok(store.records(query.limit(limit).after(after)).await?)
}

/// One case.
pub async fn one(store: &dyn Store, id: BreachId) -> Result<Stored<Breach>, Refusal> {
    store.load(id.uuid()).await?.ok_or_else(Refusal::not_found)
}
