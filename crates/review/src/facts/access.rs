//! Who opened what: roles that opened more than their work needs, and openings without a reason.

use std::collections::{BTreeMap, BTreeSet};

use super::{Observed, category::label};
use crate::{Evidence, Group, Place, collect::Collected, report::number, subject::Subject};

/// A log of openings, summed up: no person is named here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessLog {
    /// The subject's name of the log.
    pub source: String,
    /// SHA-256 of the file.
    pub sha256: Option<String>,
    /// Rows read.
    pub rows: u64,
    /// For each role and kind of data.
    pub openings: BTreeMap<(String, String), AccessRow>,
}

/// Openings of one kind of data by one role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessRow {
    /// How many.
    pub count: u64,
    /// Of them, without a reason.
    pub without_reason: u64,
    /// Persons whose data it was (hashed: only told apart).
    pub persons: BTreeSet<u64>,
    /// Members of staff who did it (hashed).
    pub staff: BTreeSet<u64>,
}

/// Most persons told apart for one role and kind: beyond, the count is a lower bound.
const PERSONS_MAX: usize = 1 << 20;

impl AccessLog {
    /// Reads a log: CSV with the columns `who,role,data,person,reason`, in any order; further ones are not read.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(source: &str, input: impl std::io::Read) -> Result<Self, String> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
        let head = reader.headers().map_err(|_| "line 1: no head".to_owned())?.clone();
        let column = |name: &str| {
            head.iter()
                .position(|known| known.trim_start_matches('\u{feff}').trim() == name)
                .ok_or(format!("line 1: there is no column `{name}`"))
        };
        let (who, role, data) = (column("who")?, column("role")?, column("data")?);
        let (person, reason) = (column("person")?, column("reason")?);
        let mut log = Self { source: source.to_owned(), ..Self::default() };
        let mut row = csv::StringRecord::new();
        loop {
            match reader.read_record(&mut row) {
                Ok(false) => return Ok(log),
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    return Err(format!("line {line}: not CSV"));
                }
                Ok(true) => {}
            }
            let field = |at: usize| row.get(at).unwrap_or("").trim();
            log.rows += 1;
            let key = (field(role).to_owned(), field(data).to_owned());
            let opening = log.openings.entry(key).or_default();
            opening.count += 1;
            opening.without_reason += u64::from(field(reason).is_empty());
            if opening.persons.len() < PERSONS_MAX {
                opening.persons.insert(super::relate::token(field(person)));
            }
            opening.staff.insert(super::relate::token(field(who)));
        }
    }
}

/// Holds each role's openings against what its work needs.
pub fn observe(subject: &Subject, collected: &Collected, seen: &mut Vec<Observed>) {
    for log in &collected.access {
        let Some(access) = subject.access.iter().find(|access| access.name == log.source) else {
            continue;
        };
        let mut reasonless = Vec::new();
        for ((role, data), row) in &log.openings {
            let may = access.may.get(role).is_some_and(|may| may.contains(data));
            if !may && !access.may.is_empty() {
                seen.push(too_wide(log, role, data, row));
            }
            if row.without_reason > 0 {
                reasonless.push(evidence(log, role, data, row, row.without_reason));
            }
        }
        if !reasonless.is_empty() {
            let n: u64 = reasonless.iter().map(|one| one.count).sum();
            seen.push(
                Observed::new("access_unlogged", &log.source, Group::Protection, reasonless)
                    .detail(
                        format!("{} of {} openings give no reason", number(n), number(log.rows)),
                        format!("{} 次访问中 {} 次无理由", number(log.rows), number(n)),
                    ),
            );
        }
    }
}

fn evidence(log: &AccessLog, role: &str, data: &str, row: &AccessRow, count: u64) -> Evidence {
    Evidence {
        place: Place { source: log.source.clone(), within: format!("role {role}, {data}") },
        count,
        persons: u64::try_from(row.persons.len()).ok(),
        sample: None,
        sha256: log.sha256.clone(),
    }
}

fn too_wide(log: &AccessLog, role: &str, data: &str, row: &AccessRow) -> Observed {
    let what = label(data);
    let (count, persons, staff) = (number(row.count), row.persons.len(), row.staff.len());
    let about = format!("{role}:{data}");
    let evidence = vec![evidence(log, role, data, row, row.count)];
    Observed::new("access_uncontrolled", &about, Group::Protection, evidence).detail(
        format!(
            "{staff} with role {role} opened {} of {persons} people {count} times without need",
            what.en
        ),
        format!("{role} 角色 {staff} 人无需要而访问 {persons} 人的{} {count} 次", what.zh),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openings_are_counted_by_role_and_kind() {
        let text = "at,who,role,data,person,reason\n1,s1,support,contact.mobile,p1,ticket 4\n2,s1,support,contact.mobile,p1,\n3,s2,marketing,location.track,p2,\n";
        let log = AccessLog::parse("log", text.as_bytes()).unwrap();
        let row = &log.openings[&("support".to_owned(), "contact.mobile".to_owned())];
        assert_eq!(
            (row.count, row.without_reason, row.persons.len(), row.staff.len()),
            (2, 1, 1, 1)
        );
        assert_eq!(log.rows, 3);
        assert!(AccessLog::parse("log", "who,role\n".as_bytes()).unwrap_err().contains("`data`"));
    }
}
