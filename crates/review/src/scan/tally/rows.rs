//! What columns say together: by which persons are told apart, positions and their trips, who did what with whose data.

use std::collections::BTreeMap;

use sarai_detect::{Category, column};

use super::{
    column::ColumnTally,
    distinct::{Counter, hash_of},
};
use crate::scan::{Access, Positions};

/// Names of columns that tell persons apart, in small letters and without signs.
const PERSON_IDS: &[&str] = &[
    "userid",
    "uid",
    "passengerid",
    "driverid",
    "riderid",
    "customerid",
    "memberid",
    "personid",
    "candidateid",
    "employeeid",
    "accountid",
    "partyid",
    "shipperid",
    "truckerid",
    "consignorid",
    "userno",
    "driverno",
    "memberno",
    "用户id",
    "用户编号",
    "司机id",
    "司机编号",
    "乘客id",
    "乘客编号",
    "会员编号",
    "会员号",
    "员工编号",
    "yonghuid",
    "sijiid",
];
const TRIP_WORDS: &[&str] =
    &["trip", "order", "ride", "journey", "waybill", "行程", "订单", "运单"];
const ACTORS: &[&str] = &[
    "operator",
    "operatorid",
    "actor",
    "actorid",
    "staff",
    "staffid",
    "employee",
    "employeeid",
    "admin",
    "adminid",
    "accessedby",
    "viewer",
    "viewerid",
    "operatorname",
    "caller",
    "操作人",
    "操作员",
    "访问人",
    "查询人",
];
const ACTIONS: &[&str] = &[
    "action",
    "operation",
    "op",
    "verb",
    "method",
    "accesstype",
    "actiontype",
    "操作",
    "动作",
    "操作类型",
    "行为",
];
const SUBJECTS: &[&str] = &[
    "subject",
    "subjectid",
    "datasubject",
    "target",
    "targetid",
    "targetuser",
    "targetuserid",
    "objectid",
    "passengerid",
    "driverid",
    "userid",
    "customerid",
    "riderid",
    "personid",
    "对象",
    "被查询人",
    "用户编号",
];
const PURPOSES: &[&str] =
    &["purpose", "reason", "ground", "legalbasis", "ticket", "目的", "用途", "事由", "原因"];
const TIMES: &[&str] = &["time", "at", "date", "timestamp", "ts", "时间", "日期"];

/// What columns say together, so far.
#[derive(Debug, Default)]
pub(super) struct Rows {
    columns_looked_at: usize,
    key: Option<usize>,
    positions: Vec<PositionTally>,
    access: Option<AccessTally>,
}

#[derive(Debug)]
struct PositionTally {
    category: Category,
    latitude: usize,
    columns: Vec<String>,
    trip: Option<usize>,
    points: u64,
    without_trip: u64,
    persons_without_trip: Counter,
}

#[derive(Debug)]
struct AccessTally {
    actor: usize,
    action: usize,
    subject: Option<usize>,
    time: Option<usize>,
    purpose: Option<usize>,
    rows: u64,
    without_purpose: u64,
}

fn plain(name: &str) -> String {
    name.to_lowercase().chars().filter(|char| char.is_alphanumeric()).collect()
}

impl Rows {
    /// Looks at the columns again where there are new ones, and for a key where there is none yet.
    pub(super) fn look(&mut self, within: &str, columns: &[ColumnTally]) {
        if self.key.is_none() {
            self.key = person_key(columns);
        }
        if self.columns_looked_at == columns.len() {
            return;
        }
        self.columns_looked_at = columns.len();
        for group in groups(columns).into_values() {
            self.look_for_positions(columns, &group);
            if self.access.is_none() {
                self.access = access(within, columns, &group);
            }
        }
    }

    fn look_for_positions(&mut self, columns: &[ColumnTally], group: &[usize]) {
        let named: Vec<(usize, &str)> = group
            .iter()
            .filter_map(|at| columns.get(*at).map(|column| (*at, column.short.as_str())))
            .collect();
        let names: Vec<&str> = named.iter().map(|(_, name)| *name).collect();
        let at = |name: &str| named.iter().find(|(_, other)| *other == name).map(|(at, _)| *at);
        for joint in column::joint(&names) {
            let Some(latitude) = joint.columns.first().and_then(|name| at(name)) else { continue };
            let known = |tally: &PositionTally| tally.latitude == latitude;
            let trip = named.iter().find(|(_, name)| is_trip(name)).map(|(at, _)| *at);
            if let Some(tally) = self.positions.iter_mut().find(|tally| known(tally)) {
                tally.trip = tally.trip.or(trip);
                continue;
            }
            let shown = joint.columns.iter().filter_map(|name| at(name));
            self.positions.push(PositionTally {
                category: joint.category,
                latitude,
                columns: shown.filter_map(|at| columns.get(at).map(|c| c.name.clone())).collect(),
                trip,
                points: 0,
                without_trip: 0,
                persons_without_trip: Counter::default(),
            });
        }
    }

    /// The column by which persons are told apart.
    pub(super) fn key(&self) -> Option<usize> {
        self.key
    }

    /// The person of each row of the batch.
    pub(super) fn keys(&self, columns: &[ColumnTally], rows: u32) -> Vec<Option<u64>> {
        let mut keys = vec![None; rows as usize];
        if let Some(column) = self.key.and_then(|at| columns.get(at)) {
            for (row, value) in column.batch.values() {
                if let Some(slot) = keys.get_mut(row as usize) {
                    *slot = slot.or(Some(hash_of(value)));
                }
            }
        }
        keys
    }

    /// Counts a batch.
    pub(super) fn batch(&mut self, columns: &[ColumnTally], rows: u32, keys: &[Option<u64>]) {
        for tally in &mut self.positions {
            let points = present(columns, Some(tally.latitude), rows);
            let trips = present(columns, tally.trip, rows);
            for ((point, trip), key) in points.iter().zip(&trips).zip(keys) {
                if !point {
                    continue;
                }
                tally.points += 1;
                if !trip {
                    tally.without_trip += 1;
                    if let Some(key) = key {
                        tally.persons_without_trip.add(*key);
                    }
                }
            }
        }
        if let Some(access) = &mut self.access {
            let purposes = present(columns, access.purpose, rows);
            let actors = present(columns, Some(access.actor), rows);
            access.rows += actors.iter().filter(|there| **there).count() as u64;
            access.without_purpose +=
                actors.iter().zip(purposes).filter(|(actor, purpose)| **actor && !purpose).count()
                    as u64;
        }
    }

    /// Positions with at least one point.
    pub(super) fn positions(&self, columns: &[ColumnTally]) -> Vec<Positions> {
        self.positions
            .iter()
            .filter(|tally| tally.points > 0)
            .map(|tally| Positions {
                category: tally.category,
                columns: tally.columns.clone(),
                points: tally.points,
                trip: tally.trip.and_then(|at| columns.get(at)).map(|column| column.name.clone()),
                without_trip: tally.without_trip,
                persons_without_trip: self.key.map(|_| tally.persons_without_trip.distinct()),
            })
            .collect()
    }

    /// Who did what, where the table says so.
    pub(super) fn access(&self, columns: &[ColumnTally], _rows: u64) -> Option<Access> {
        let tally = self.access.as_ref().filter(|tally| tally.rows > 0)?;
        let name = |at: usize| columns.get(at).map(|column| column.name.clone());
        Some(Access {
            actor: name(tally.actor)?,
            action: name(tally.action)?,
            subject: tally.subject.and_then(name),
            time: tally.time.and_then(name),
            purpose: tally.purpose.and_then(name),
            rows: tally.rows,
            actors: columns.get(tally.actor)?.distinct.distinct(),
            without_purpose: tally.without_purpose,
        })
    }
}

/// Columns that stand under one parent: all of a table, the fields of one object of a document.
fn groups(columns: &[ColumnTally]) -> BTreeMap<&str, Vec<usize>> {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, column) in columns.iter().enumerate() {
        let parent = if column.name.starts_with('$') {
            column.name.rsplit_once('.').map_or("", |(parent, _)| parent)
        } else {
            ""
        };
        groups.entry(parent).or_default().push(at);
    }
    groups
}

/// Whether each row of the batch has a value in a column that means something.
fn present(columns: &[ColumnTally], at: Option<usize>, rows: u32) -> Vec<bool> {
    let mut there = vec![false; rows as usize];
    if let Some(column) = at.and_then(|at| columns.get(at)) {
        for (row, value) in column.batch.values() {
            if let Some(slot) = there.get_mut(row as usize) {
                *slot |= !matches!(value, "0" | "-1" | "none" | "None" | "nil" | "-" | "无");
            }
        }
    }
    there
}

fn is_trip(name: &str) -> bool {
    let plain = plain(name);
    TRIP_WORDS.iter().any(|word| {
        plain == *word
            || plain.contains(word)
                && ["id", "no", "code", "number", "号", "编号"]
                    .iter()
                    .any(|end| plain.ends_with(end))
    })
}

/// The column by which persons are told apart: an id of persons that most rows have, else the strongest identifier.
fn person_key(columns: &[ColumnTally]) -> Option<usize> {
    let fullest = columns.iter().map(|column| column.values).max().unwrap_or(0);
    columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.values > 0 && column.values * 2 >= fullest)
        .filter_map(|(at, column)| Some((rank(column)?, at)))
        .min()
        .map(|(_, at)| at)
}

fn rank(column: &ColumnTally) -> Option<u8> {
    if PERSON_IDS.contains(&plain(&column.short).as_str()) {
        return Some(0);
    }
    let category = column.category()?;
    match category {
        Category::IdResident => Some(1),
        Category::IdPassport | Category::IdSsn | Category::IdDriverLicence => Some(2),
        Category::ContactMobile | Category::ContactPhone => Some(3),
        Category::AccountOpenid | Category::AccountUser | Category::AccountWechat => Some(4),
        Category::ContactEmail => Some(5),
        Category::DeviceImei
        | Category::DeviceAdId
        | Category::DeviceAndroidId
        | Category::DeviceId => Some(6),
        Category::PersonName => Some(7),
        _ => None,
    }
}

fn access(within: &str, columns: &[ColumnTally], group: &[usize]) -> Option<AccessTally> {
    let find = |words: &[&str]| {
        group.iter().copied().find(|at| {
            columns.get(*at).is_some_and(|column| words.contains(&plain(&column.short).as_str()))
        })
    };
    let actor = find(ACTORS);
    let subject = find(SUBJECTS);
    let log = ["audit", "access", "log", "审计", "日志", "访问"]
        .iter()
        .any(|word| within.to_lowercase().contains(word));
    let action = find(ACTIONS);
    let (actor, action) = match (actor, action) {
        (Some(actor), Some(action)) => (actor, action),
        (Some(actor), None) if log && subject.is_some() => (actor, actor),
        _ => return None,
    };
    let time = group.iter().copied().find(|at| {
        columns
            .get(*at)
            .is_some_and(|column| TIMES.iter().any(|end| plain(&column.short).ends_with(end)))
    });
    let purpose = find(PURPOSES);
    let subject = subject.filter(|at| *at != actor);
    Some(AccessTally { actor, action, subject, time, purpose, rows: 0, without_purpose: 0 })
}
