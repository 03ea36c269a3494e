//! The database of the platform: trips, people, positions; and what should not be there.

use std::fmt::Write;

use super::Plan;
use crate::{names, world::Dice};

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// A number.
    Real(f64),
    /// Text.
    Text(String),
}

/// A table with its rows.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Columns and their types: `text`, `bigint`, `double precision`.
    pub columns: Vec<(&'static str, &'static str)>,
    /// Rows.
    pub rows: Vec<Vec<Value>>,
}

/// Rows of one INSERT.
const BATCH: usize = 200;

impl Table {
    fn new(name: &'static str, columns: &[(&'static str, &'static str)]) -> Self {
        Self { name, columns: columns.to_vec(), rows: Vec::new() }
    }

    /// As statements.
    pub fn statements(&self) -> String {
        let columns: Vec<String> =
            self.columns.iter().map(|(name, kind)| format!("{name} {kind}")).collect();
        let mut out = format!("CREATE TABLE {} ({});\n", self.name, columns.join(", "));
        for rows in self.rows.chunks(BATCH) {
            let rows: Vec<String> = rows
                .iter()
                .map(|row| {
                    format!("({})", row.iter().map(Value::literal).collect::<Vec<_>>().join(", "))
                })
                .collect();
            let _ = writeln!(out, "INSERT INTO {} VALUES\n{};", self.name, rows.join(",\n"));
        }
        out
    }
}

impl Value {
    fn literal(&self) -> String {
        match self {
            Self::Null => "NULL".to_owned(),
            Self::Int(n) => n.to_string(),
            Self::Real(n) => format!("{n:.6}"),
            Self::Text(text) => format!("'{}'", text.replace('\'', "''")),
        }
    }
}

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

/// A moment: `days` before the review, at a minute of the day.
fn moment(days: i64, minute: i64) -> String {
    let review = jiff::civil::date(2026, 11, 23).at(0, 0, 0, 0);
    let at = review
        .checked_sub(jiff::Span::new().days(days))
        .and_then(|at| at.checked_add(jiff::Span::new().minutes(minute)))
        .unwrap_or(review);
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn passenger(n: u32) -> String {
    format!("p{n:07}")
}

fn driver(n: u32) -> String {
    format!("d{n:06}")
}

/// An identity number with its right check digit (GB 11643). Nobody's: area, day of birth and number are thrown.
pub fn resident_id(dice: &mut Dice) -> String {
    const AREAS: [&str; 8] =
        ["110105", "310104", "440305", "320106", "330106", "510107", "420106", "610113"];
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let mut id = format!(
        "{}{}{:02}{:02}{:03}",
        dice.pick(&AREAS),
        dice.between(1965, 2001),
        dice.between(1, 12),
        dice.between(1, 28),
        dice.below(1_000)
    );
    let sum: u32 =
        id.chars().zip(WEIGHTS).map(|(c, weight)| c.to_digit(10).unwrap_or(0) * weight).sum();
    id.push(
        ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2']
            .get(sum as usize % 11)
            .copied()
            .unwrap_or('0'),
    );
    id
}

/// What a cipher leaves: nobody can read it, here nobody ever could.
fn sealed(dice: &mut Dice) -> String {
    const ALPHABET: [char; 64] = {
        let mut out = ['A'; 64];
        let mut at = 0;
        while at < 64 {
            out[at] =
                b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[at] as char;
            at += 1;
        }
        out
    };
    (0..64).map(|_| dice.pick(&ALPHABET)).collect()
}

fn imei(dice: &mut Dice) -> String {
    let mut digits: Vec<u32> = "86".chars().filter_map(|c| c.to_digit(10)).collect();
    digits.extend((0..12).map(|_| u32::try_from(dice.below(10)).unwrap_or(0)));
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| if at % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { *digit })
        .sum();
    digits.push((10 - sum % 10) % 10);
    digits.iter().filter_map(|digit| char::from_digit(*digit, 10)).collect()
}

fn hex(dice: &mut Dice, length: usize) -> String {
    (0..length)
        .filter_map(|_| char::from_digit(u32::try_from(dice.below(16)).unwrap_or(0), 16))
        .collect()
}

/// A point in Shanghai.
fn point(dice: &mut Dice) -> [Value; 2] {
    let part = |dice: &mut Dice| f64::from(u32::try_from(dice.below(200_000)).unwrap_or(0)) / 1e6;
    [Value::Real(31.10 + part(dice)), Value::Real(121.35 + part(dice))]
}

/// All tables of a plan.
pub fn tables(dice: &mut Dice, plan: Plan) -> Vec<Table> {
    let mut tables = vec![passengers(dice, plan), drivers(dice, plan)];
    tables.extend(trips_and_positions(dice, plan));
    tables.extend([devices(dice, plan), consents(dice, plan), driver_faces(dice, plan)]);
    if plan.planted {
        tables.extend([
            faces(dice, plan),
            kin(dice, plan),
            places(dice, plan),
            reports(dice, plan),
        ]);
        tables.extend(inferred(dice, plan));
    }
    tables
}

fn passengers(dice: &mut Dice, plan: Plan) -> Table {
    let mut columns = vec![("passenger_id", "text"), ("phone", "text"), ("created_at", "text")];
    if plan.planted {
        columns.extend([("age_band", "text"), ("occupation", "text")]);
    }
    let mut table = Table::new("passengers", &columns);
    for n in 0..plan.passengers {
        let phone = names::phone(n).replace("+86", "");
        let mut row = vec![
            text(passenger(n)),
            text(phone),
            text(moment(dice.between(40, 400), dice.between(0, 1439))),
        ];
        if plan.planted {
            row.push(text(dice.pick(&["18-25", "26-35", "36-45", "46-55", "56+"])));
            row.push(text(dice.pick(&[
                "教师",
                "程序员",
                "医生",
                "公务员",
                "学生",
                "销售",
                "会计",
            ])));
        }
        table.rows.push(row);
    }
    table
}

fn drivers_of(plan: Plan) -> u32 {
    (plan.passengers / 10).max(5)
}

fn drivers(dice: &mut Dice, plan: Plan) -> Table {
    let mut columns = vec![
        ("driver_id", "text"),
        ("driver_name", "text"),
        ("driver_phone", "text"),
        ("id_card_no", "text"),
        ("plate_no", "text"),
    ];
    if plan.planted {
        columns.push(("education", "text"));
    }
    let mut table = Table::new("drivers", &columns);
    for n in 0..drivers_of(plan) {
        let id = if plan.planted { resident_id(dice) } else { sealed(dice) };
        let mut row = vec![
            text(driver(n)),
            text(names::person(dice)),
            text(names::phone(9_000_000 + n).replace("+86", "")),
            text(id),
            text(names::plate(dice)),
        ];
        if plan.planted {
            row.push(text(dice.pick(&["初中", "高中", "中专", "大专", "本科"])));
        }
        table.rows.push(row);
    }
    table
}

fn trips_and_positions(dice: &mut Dice, plan: Plan) -> [Table; 2] {
    let mut trips = Table::new(
        "trips",
        &[
            ("trip_id", "text"),
            ("passenger_id", "text"),
            ("driver_id", "text"),
            ("started_at", "text"),
            ("ended_at", "text"),
            ("fare_cents", "bigint"),
        ],
    );
    let mut positions = Table::new(
        "positions",
        &[
            ("passenger_id", "text"),
            ("trip_id", "text"),
            ("recorded_at", "text"),
            ("lat", "double precision"),
            ("lng", "double precision"),
            ("screen", "text"),
        ],
    );
    let mut at = |who: &str, trip: Value, when: String, screen: &str, dice: &mut Dice| {
        let [lat, lng] = point(dice);
        positions.rows.push(vec![text(who), trip, text(when), lat, lng, text(screen)]);
    };
    for n in 0..plan.passengers {
        let who = passenger(n);
        let trip = format!("t{n:08}");
        // The oldest trip of the planted platform is older than the two years that it states.
        let days = if plan.planted && n % 50 == 0 { 1_100 } else { dice.between(2, 400) };
        let start = dice.between(300, 1_200);
        trips.rows.push(vec![
            text(trip.as_str()),
            text(who.as_str()),
            text(driver(n % drivers_of(plan))),
            text(moment(days, start)),
            text(moment(days, start + 30)),
            Value::Int(dice.between(900, 9_000)),
        ]);
        for minute in [2, 14, 27] {
            at(&who, text(trip.as_str()), moment(days, start + minute), "trip", dice);
        }
        if plan.planted && n % 2 == 0 {
            at(&who, Value::Null, moment(days, start + 41), "rating", dice);
            at(&who, Value::Null, moment(days, start + 200), "background", dice);
        }
    }
    [trips, positions]
}

fn devices(dice: &mut Dice, plan: Plan) -> Table {
    let mut columns = vec![("passenger_id", "text"), ("android_id", "text")];
    if plan.planted {
        columns.extend([
            ("imei", "text"),
            ("imsi", "text"),
            ("mac_address", "text"),
            ("oaid", "text"),
        ]);
    }
    let mut table = Table::new("devices", &columns);
    for n in 0..plan.passengers {
        let mut row = vec![text(passenger(n)), text(hex(dice, 16))];
        if plan.planted {
            let mac: Vec<String> = (0..6).map(|_| hex(dice, 2)).collect();
            row.push(text(imei(dice)));
            row.push(text(format!("46000{:010}", dice.below(10_000_000_000))));
            row.push(text(mac.join(":")));
            row.push(text(format!(
                "{}-{}-4{}-a{}-{}",
                hex(dice, 8),
                hex(dice, 4),
                hex(dice, 3),
                hex(dice, 3),
                hex(dice, 12)
            )));
        }
        table.rows.push(row);
    }
    table
}

fn consents(dice: &mut Dice, plan: Plan) -> Table {
    let mut table = Table::new(
        "consents",
        &[
            ("user_id", "text"),
            ("purpose", "text"),
            ("granted_at", "text"),
            ("withdrawn_at", "text"),
        ],
    );
    let mut row = |who: String, purpose: &str, dice: &mut Dice| {
        let when = moment(dice.between(41, 400), dice.between(0, 1_439));
        table.rows.push(vec![text(who), text(purpose), text(when), Value::Null]);
    };
    for n in 0..plan.passengers {
        row(passenger(n), "service", dice);
        if plan.planted && n % 5 == 0 {
            row(passenger(n), "face_recognition", dice);
        }
    }
    for n in 0..drivers_of(plan) {
        row(driver(n), "face_recognition", dice);
    }
    table
}

/// Drivers' faces are asked for by rules on licences: encrypted, and each with a consent.
fn driver_faces(dice: &mut Dice, plan: Plan) -> Table {
    let mut table = Table::new("driver_faces", &[("driver_id", "text"), ("face_feature", "text")]);
    table.rows = (0..drivers_of(plan)).map(|n| vec![text(driver(n)), text(sealed(dice))]).collect();
    table
}

fn faces(dice: &mut Dice, plan: Plan) -> Table {
    let mut table = Table::new(
        "passenger_faces",
        &[("passenger_id", "text"), ("face_feature", "text"), ("taken_at", "text")],
    );
    for n in (0..plan.passengers).filter(|n| n % 3 != 0) {
        let vector: Vec<String> = (0..16).map(|_| format!("0.{:04}", dice.below(10_000))).collect();
        table.rows.push(vec![
            text(passenger(n)),
            text(format!("[{}]", vector.join(","))),
            text(moment(60, 600)),
        ]);
    }
    table
}

fn kin(dice: &mut Dice, plan: Plan) -> Table {
    let mut table = Table::new(
        "family_links",
        &[("passenger_id", "text"), ("relative_id", "text"), ("kinship", "text")],
    );
    for n in (0..plan.passengers).step_by(4) {
        let other = u32::try_from(dice.below(u64::from(plan.passengers))).unwrap_or(0);
        let kinship = dice.pick(&["母亲", "父亲", "配偶", "子女", "兄弟"]);
        table.rows.push(vec![text(passenger(n)), text(passenger(other)), text(kinship)]);
    }
    table
}

fn places(dice: &mut Dice, plan: Plan) -> Table {
    let mut table = Table::new(
        "frequent_places",
        &[("passenger_id", "text"), ("home_address", "text"), ("company_address", "text")],
    );
    for n in (0..plan.passengers).step_by(2) {
        let address = |dice: &mut Dice| {
            let road = dice.pick(&["南京西路", "淮海中路", "张杨路", "漕溪北路", "四川北路"]);
            let district = dice.pick(&["静安区", "黄浦区", "浦东新区", "徐汇区", "虹口区"]);
            text(format!(
                "上海市{district}{road}{}号{}室",
                dice.between(1, 999),
                dice.between(101, 2_804)
            ))
        };
        let (home, work) = (address(dice), address(dice));
        table.rows.push(vec![text(passenger(n)), home, work]);
    }
    table
}

fn reports(dice: &mut Dice, plan: Plan) -> Table {
    let mut table = Table::new(
        "client_reports",
        &[
            ("passenger_id", "text"),
            ("app_list", "text"),
            ("clipboard", "text"),
            ("screenshot", "text"),
        ],
    );
    for n in (0..plan.passengers).step_by(2) {
        let apps =
            ["com.example.bank", "com.example.chat", "com.example.rivalride", "com.example.dating"];
        let list: Vec<&str> = apps.iter().copied().filter(|_| dice.chance(60)).collect();
        table.rows.push(vec![
            text(passenger(n)),
            text(list.join(",")),
            text(format!("验证码 {} 请勿转发", dice.between(100_000, 999_999))),
            text(format!("DCIM/Screenshots/Screenshot_{}.png", hex(dice, 10))),
        ]);
    }
    table
}

fn inferred(dice: &mut Dice, plan: Plan) -> [Table; 3] {
    let mut intent = Table::new(
        "model_intent",
        &[("passenger_id", "text"), ("travel_intent", "text"), ("score", "double precision")],
    );
    let mut city = Table::new("model_city", &[("passenger_id", "text"), ("resident_city", "text")]);
    let mut kind = Table::new("model_journey", &[("passenger_id", "text"), ("trip_type", "text")]);
    for n in 0..plan.passengers {
        let score = f64::from(u32::try_from(dice.below(1_000)).unwrap_or(0)) / 1e3;
        intent.rows.push(vec![
            text(passenger(n)),
            text(dice.pick(&["机场", "医院", "上班", "购物", "面试"])),
            Value::Real(score),
        ]);
        city.rows
            .push(vec![text(passenger(n)), text(dice.pick(&["上海", "杭州", "南京", "苏州"]))]);
        kind.rows
            .push(vec![text(passenger(n)), text(dice.pick(&["异地商务", "异地旅游", "本地"]))]);
    }
    [intent, city, kind]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_platform() {
        let plan = Plan { seed: 5, passengers: 40, planted: true };
        let dump = |plan| -> String {
            tables(&mut Dice::new(5), plan).iter().map(Table::statements).collect()
        };
        assert_eq!(dump(plan), dump(plan));
        assert_ne!(dump(plan), dump(Plan { passengers: 41, ..plan }));
    }

    #[test]
    fn identity_numbers_have_their_check_digit() {
        const WEIGHTS: [u32; 18] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1];
        let mut dice = Dice::new(1);
        for _ in 0..200 {
            let id = resident_id(&mut dice);
            let value = |c: char| if c == 'X' { 10 } else { c.to_digit(10).unwrap() };
            let sum: u32 = id.chars().zip(WEIGHTS).map(|(c, weight)| value(c) * weight).sum();
            assert_eq!((id.len(), sum % 11), (18, 1), "{id}");
        }
    }

    #[test]
    fn the_twin_has_none_of_the_planted_tables() {
        let names = |planted| -> Vec<&str> {
            tables(&mut Dice::new(1), Plan { seed: 1, passengers: 20, planted })
                .iter()
                .map(|t| t.name)
                .collect()
        };
        assert_eq!(names(true).len(), names(false).len() + 7);
    }
}
