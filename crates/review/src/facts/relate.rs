//! What rows of several tables say together: faces without a consent, positions outside of a trip, a permission asked for again.
//!
//! Persons are told apart by a hash of their number; no number is kept. Every set has a bound, beyond which the answer is a lower bound
//! and says so.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::civil::DateTime;
use sarai_detect::{Category, column};

use super::{Observed, Side};
use crate::{Evidence, Group, Place, collect::Collected, report::number, subject::Subject};

/// Most persons, trips or asks that are told apart: 16 bytes each.
const KEPT_MAX: usize = 4_000_000;
/// Hours within which asking again after a refusal disturbs (practice of the ministry; see METHOD 3.2).
const AGAIN_HOURS: i64 = 48;

/// A person's number, hashed: only told apart from others.
pub fn token(text: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    text.trim().hash(&mut hasher);
    hasher.finish()
}

/// A position: the trip that it names, when it was taken, whose it is.
#[derive(Debug, Clone, Copy)]
struct Point {
    trip: u64,
    at: DateTime,
    person: u64,
}

/// What columns of a table mean for relations.
#[derive(Debug, Clone, Default)]
struct Roles {
    person: Option<usize>,
    face: Option<usize>,
    consent_of: Option<usize>,
    granted: Option<usize>,
    withdrawn: Option<usize>,
    trip: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    lat: Option<usize>,
    permission: Option<usize>,
    answer: Option<usize>,
    time: Option<usize>,
    is_trips: bool,
}

/// A request for a permission, summed up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    /// Requests.
    pub count: u64,
    /// Of them, within two days after a refusal of the same person.
    pub again: u64,
    /// Persons asked again.
    pub persons: BTreeSet<u64>,
    refused: HashMap<u64, DateTime>,
}

/// What rows of several tables say together.
#[derive(Debug, Default)]
pub struct Relations {
    tables: Vec<(String, String, Roles)>,
    faces: BTreeMap<(String, String), HashSet<u64>>,
    consents: HashSet<u64>,
    consents_seen: bool,
    trips: HashMap<u64, (DateTime, Option<DateTime>)>,
    points: BTreeMap<(String, String), Vec<Point>>,
    asks: BTreeMap<(String, String, String), Ask>,
    full: bool,
}

/// A table that was opened in [`Relations`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableId(usize);

fn find(columns: &[&str], names: &[&str]) -> Option<usize> {
    let plain = |name: &str| {
        name.to_lowercase().rsplit(['.', '/']).next().unwrap_or("").replace(['_', '-', ' '], "")
    };
    names.iter().find_map(|wanted| columns.iter().position(|name| plain(name) == *wanted))
}

impl Roles {
    fn of(table: &str, columns: &[&str]) -> Self {
        let table = table.to_lowercase();
        let named = |category: Category| {
            columns.iter().position(|name| column::named(name) == Some(category))
        };
        let trips =
            ["trip", "order", "ride", "行程", "订单"].iter().any(|word| table.contains(word));
        let id = find(columns, &["id", "tripid", "orderid", "rideid"]);
        Self {
            person: find(
                columns,
                &[
                    "passengerid",
                    "userid",
                    "riderid",
                    "driverid",
                    "personid",
                    "memberid",
                    "accountid",
                    "uid",
                    "customerid",
                    "shipperid",
                    "candidateid",
                    "用户编号",
                    "用户id",
                    "乘客id",
                    "司机id",
                ],
            ),
            face: named(Category::BiometricFace),
            consent_of: find(
                columns,
                &["consent", "consenttype", "consentkind", "scope", "purpose", "kind", "同意事项"],
            ),
            granted: find(
                columns,
                &[
                    "grantedat",
                    "agreedat",
                    "consentat",
                    "consentedat",
                    "granted",
                    "agreed",
                    "同意时间",
                ],
            ),
            withdrawn: find(
                columns,
                &["withdrawnat", "revokedat", "withdrawn", "revoked", "撤回时间"],
            ),
            trip: find(columns, &["tripid", "orderid", "rideid", "trip", "行程id", "订单号"]),
            start: find(
                columns,
                &["startedat", "starttime", "pickupat", "pickuptime", "start", "开始时间"],
            )
            .filter(|_| trips),
            end: find(
                columns,
                &[
                    "endedat",
                    "endtime",
                    "dropoffat",
                    "dropofftime",
                    "finishedat",
                    "end",
                    "结束时间",
                ],
            )
            .filter(|_| trips),
            lat: find(columns, &["lat", "latitude", "wd", "纬度"]),
            permission: find(columns, &["permission", "权限"]),
            answer: find(columns, &["answer", "result", "granted", "outcome", "结果"]),
            time: find(
                columns,
                &["at", "ts", "time", "timestamp", "askedat", "createdat", "gpstime", "时间"],
            ),
            is_trips: trips && id.is_some(),
        }
        .with_id(id)
    }

    /// In a table of trips the trip is the row's own number.
    fn with_id(mut self, id: Option<usize>) -> Self {
        if self.is_trips && self.start.is_some() {
            self.trip = id;
        }
        self
    }

    fn wanted(&self) -> bool {
        let face = self.face.is_some() && self.person.is_some();
        let consent =
            self.consent_of.is_some() && (self.granted.is_some() || self.withdrawn.is_some());
        let trip = self.is_trips && self.start.is_some();
        let point = self.lat.is_some() && self.trip.is_some() && self.time.is_some();
        let ask = self.permission.is_some() && self.time.is_some() && self.answer.is_some();
        face || consent || trip || point || ask
    }
}

impl Relations {
    /// Opens a table; none where its columns relate to nothing, and its rows need not be handed over.
    pub fn table(&mut self, source: &str, table: &str, columns: &[&str]) -> Option<TableId> {
        let roles = Roles::of(table, columns);
        if !roles.wanted() {
            return None;
        }
        self.tables.push((source.to_owned(), table.to_owned(), roles));
        Some(TableId(self.tables.len() - 1))
    }

    /// A row of it, in the order of its columns; an empty text where there is no value.
    pub fn row(&mut self, table: TableId, values: &[&str]) {
        let Some((source, name, roles)) = self.tables.get(table.0).cloned() else { return };
        let value =
            |at: Option<usize>| at.and_then(|at| values.get(at)).copied().unwrap_or("").trim();
        let person = value(roles.person);
        let at = moment(value(roles.time));
        if roles.consent_of.is_some() && (roles.granted.is_some() || roles.withdrawn.is_some()) {
            self.consent(
                value(roles.consent_of),
                person,
                value(roles.granted),
                value(roles.withdrawn),
            );
        } else if roles.face.is_some() && !value(roles.face).is_empty() {
            let persons = self.faces.entry((source.clone(), name.clone())).or_default();
            self.full |= !kept(persons, token(person));
        }
        if roles.is_trips
            && let Some(start) = moment(value(roles.start))
        {
            if self.trips.len() < KEPT_MAX {
                self.trips.insert(token(value(roles.trip)), (start, moment(value(roles.end))));
            } else {
                self.full = true;
            }
        } else if roles.lat.is_some()
            && !value(roles.trip).is_empty()
            && let Some(at) = at
        {
            let points = self.points.entry((source.clone(), name.clone())).or_default();
            if points.len() < KEPT_MAX {
                let trip = token(value(roles.trip));
                points.push(Point { trip, at, person: token(person) });
            } else {
                self.full = true;
            }
        }
        if let (Some(_), Some(at)) = (roles.permission, at) {
            let permission =
                value(roles.permission).trim_start_matches("android.permission.").to_owned();
            self.asks.entry((source, name, permission)).or_default().asked(
                token(person),
                at,
                value(roles.answer),
            );
        }
    }

    fn consent(&mut self, of: &str, person: &str, granted: &str, withdrawn: &str) {
        let plain = of.to_lowercase();
        let about_face =
            ["face", "biometric", "人脸", "生物识别"].iter().any(|word| plain.contains(word));
        let given = !matches!(granted, "" | "0" | "false" | "no" | "否");
        let taken_back = !matches!(withdrawn, "" | "0" | "false" | "no" | "否");
        if about_face {
            self.consents_seen = true;
            if given && !taken_back {
                self.full |= !kept(&mut self.consents, token(person));
            }
        }
    }

    /// Some set was full: counts are lower bounds.
    pub const fn is_bounded(&self) -> bool {
        self.full
    }
}

/// Adds to a set while it has room.
fn kept(set: &mut HashSet<u64>, token: u64) -> bool {
    set.len() < KEPT_MAX && {
        set.insert(token);
        true
    } || set.contains(&token)
}

impl Ask {
    fn asked(&mut self, person: u64, at: DateTime, answer: &str) {
        self.count += 1;
        if let Some(refused) = self.refused.get(&person) {
            let hours = at
                .since(*refused)
                .ok()
                .map(|span| i64::from(span.get_days()) * 24 + i64::from(span.get_hours()));
            if hours.is_some_and(|hours| (0..AGAIN_HOURS).contains(&hours)) {
                self.again += 1;
                self.persons.insert(person);
            }
        }
        let no = ["denied", "refused", "no", "0", "false", "deny", "拒绝", "否"]
            .contains(&answer.to_lowercase().as_str());
        if no && (self.refused.len() < KEPT_MAX || self.refused.contains_key(&person)) {
            self.refused.insert(person, at);
        }
    }
}

/// A moment as databases and logs write it.
fn moment(text: &str) -> Option<DateTime> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<i64>() {
        let seconds = if seconds > 100_000_000_000 { seconds / 1_000 } else { seconds };
        let at = jiff::Timestamp::from_second(seconds).ok()?;
        return (seconds > 100_000_000).then(|| jiff::tz::Offset::UTC.to_datetime(at));
    }
    let end = text.find(['Z', '+']).unwrap_or(text.len());
    text.get(..end)?.trim().parse().ok()
}

/// Reads the relations.
pub fn observe(_: &Subject, collected: &Collected, seen: &mut Vec<Observed>) {
    let relations = &collected.relations;
    faces(relations, collected, seen);
    outside_of_trips(relations, seen);
    for ((source, table, permission), ask) in &relations.asks {
        if ask.again > 0 {
            let persons = u64::try_from(ask.persons.len()).ok();
            let evidence = evidence(source, &format!("{table}, {permission}"), ask.again, persons);
            let (again, people) = (number(ask.again), number(persons.unwrap_or(0)));
            seen.push(Observed::new("app.asks_again", permission, Group::Consent, vec![evidence]).detail(
                format!("{permission} was asked for again within 48 hours of a refusal {again} times, of {people} people"),
                format!("{permission} 在用户拒绝后 48 小时内再次索取 {again} 次，涉及 {people} 人"),
            ));
        }
    }
}

fn evidence(source: &str, within: &str, count: u64, persons: Option<u64>) -> Evidence {
    let place = Place { source: source.to_owned(), within: within.to_owned() };
    Evidence { place, count, persons, sample: None, sha256: None }
}

/// Faces whose person never agreed. Where a table of faces names no person, and nowhere a consent for faces is seen, all of them.
fn faces(relations: &Relations, collected: &Collected, seen: &mut Vec<Observed>) {
    let mut found = Vec::new();
    let (mut held, mut without) = (0, 0);
    for ((source, table), persons) in &relations.faces {
        let missing = u64::try_from(persons.difference(&relations.consents).count()).unwrap_or(0);
        held += u64::try_from(persons.len()).unwrap_or(0);
        without += missing;
        if missing > 0 {
            found.push(evidence(source, table, missing, Some(missing)));
        }
    }
    let related: BTreeSet<&str> =
        relations.faces.keys().map(|(source, _)| source.as_str()).collect();
    for one in
        collected.holdings.iter().filter(|one| one.category == "biometric.face" && !one.in_text)
    {
        let unrelated = !related.contains(one.source.as_str()) && !relations.consents_seen;
        if unrelated && one.side == Side::Demand && one.confidence >= 50 {
            without += one.persons.unwrap_or(one.count);
            held += one.persons.unwrap_or(one.count);
            found.push(one.evidence());
        }
    }
    if found.is_empty() {
        return;
    }
    let (held, without) = (number(held), number(without));
    seen.push(
        Observed::new("face_without_consent", "biometric.face", Group::Consent, found).detail(
            format!("of {held} people with a face on file, {without} never agreed to it"),
            format!("{held} 人留存人脸信息，其中 {without} 人从未单独同意"),
        ),
    );
}

/// Positions that name a trip but lie before its start or after its end.
fn outside_of_trips(relations: &Relations, seen: &mut Vec<Observed>) {
    for ((source, table), points) in &relations.points {
        let outside: Vec<_> = points
            .iter()
            .filter(|point| match relations.trips.get(&point.trip) {
                Some((start, end)) => point.at < *start || end.is_some_and(|end| point.at > end),
                None => false,
            })
            .collect();
        if outside.is_empty() {
            continue;
        }
        let persons: BTreeSet<u64> = outside.iter().map(|point| point.person).collect();
        let (n, all) = (u64::try_from(outside.len()).unwrap_or(0), points.len());
        let people = u64::try_from(persons.len()).ok();
        let found = evidence(source, table, n, people);
        seen.push(
            Observed::new("location_without_trip", "location", Group::Excess, vec![found]).detail(
                format!(
                    "{} of {} positions lie before or after their trip",
                    number(n),
                    number(u64::try_from(all).unwrap_or(0))
                ),
                format!("{all} 个位置点中 {n} 个在行程开始前或结束后收集"),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subject::Subject;

    fn subject() -> Subject {
        Subject::parse("s.toml", "name = \"X\"\nsector = \"ride\"\n").unwrap()
    }

    fn observed(relations: Relations) -> Vec<Observed> {
        let collected = Collected { relations, ..Collected::default() };
        let mut seen = Vec::new();
        observe(&subject(), &collected, &mut seen);
        seen
    }

    #[test]
    fn faces_are_held_against_consents_of_the_same_persons() {
        let mut relations = Relations::default();
        let faces = relations.table("db", "faces", &["passenger_id", "face_feature"]).unwrap();
        let consents = relations
            .table("db", "consents", &["user_id", "purpose", "granted_at", "withdrawn_at"])
            .unwrap();
        for person in ["1", "2", "3", "4"] {
            relations.row(faces, &[person, "0.1,0.2"]);
        }
        relations.row(consents, &["1", "face_recognition", "2026-01-01", ""]);
        relations.row(consents, &["2", "face_recognition", "2026-01-01", "2026-02-01"]);
        relations.row(consents, &["3", "marketing", "2026-01-01", ""]);
        let seen = observed(relations);
        assert_eq!(seen.len(), 1);
        assert_eq!((seen[0].fact.as_str(), seen[0].count), ("face_without_consent", 3));
    }

    #[test]
    fn everybody_agreed_is_no_finding() {
        let mut relations = Relations::default();
        let faces = relations.table("db", "faces", &["driver_id", "face_feature"]).unwrap();
        let consents =
            relations.table("db", "consents", &["driver_id", "consent", "granted_at"]).unwrap();
        relations.row(faces, &["1", "x"]);
        relations.row(consents, &["1", "人脸识别", "2026-01-01"]);
        assert!(observed(relations).is_empty());
    }

    #[test]
    fn a_position_before_its_trip_is_told_from_one_inside() {
        let mut relations = Relations::default();
        let points =
            relations.table("db", "gps", &["passenger_id", "trip_id", "at", "lat", "lng"]).unwrap();
        let trips = relations
            .table("db", "trips", &["id", "passenger_id", "started_at", "ended_at"])
            .unwrap();
        relations.row(trips, &["t1", "7", "2026-11-01T10:00:00", "2026-11-01T10:30:00"]);
        for at in ["2026-11-01T09:40:00", "2026-11-01T10:10:00", "2026-11-01 10:31:00"] {
            relations.row(points, &["7", "t1", at, "31.2", "121.4"]);
        }
        let seen = observed(relations);
        assert_eq!(
            (seen[0].fact.as_str(), seen[0].count, seen[0].persons),
            ("location_without_trip", 2, Some(1))
        );
    }

    #[test]
    fn asking_again_counts_within_two_days_of_a_refusal_only() {
        let asks = |times: &[(&str, &str)]| {
            let mut relations = Relations::default();
            let table =
                relations.table("log", "asks", &["user_id", "permission", "at", "answer"]).unwrap();
            for (at, answer) in times {
                relations.row(table, &["7", "android.permission.READ_PHONE_STATE", at, answer]);
            }
            observed(relations)
        };
        assert!(
            asks(&[("2026-11-01T10:00:00", "denied"), ("2026-11-03T10:00:01", "denied")])
                .is_empty()
        );
        assert!(
            asks(&[("2026-11-01T10:00:00", "granted"), ("2026-11-01T11:00:00", "granted")])
                .is_empty()
        );
        let again = asks(&[("2026-11-01T10:00:00", "denied"), ("2026-11-03T09:00:00", "denied")]);
        assert_eq!(
            (again[0].fact.as_str(), again[0].about.as_str()),
            ("app.asks_again", "READ_PHONE_STATE")
        );
    }

    #[test]
    fn moments_are_read_as_databases_write_them() {
        for text in [
            "2026-11-01T10:00:00Z",
            "2026-11-01 10:00:00",
            "1793527200",
            "1793527200000",
            "2026-11-01T10:00:00+00:00",
        ] {
            assert_eq!(
                moment(text).map(|at| at.to_string()),
                Some("2026-11-01T10:00:00".to_owned()),
                "{text}"
            );
        }
        assert_eq!(moment("soon"), None);
    }
}
