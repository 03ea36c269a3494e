//! The house pack against a table written by hand: every relation, purpose, stage and kind of data, by every kind of caller.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

use std::collections::{BTreeMap, BTreeSet};

use sarai_law::{AccessFacts, DEFAULT_RULE, Date, Laws, WORDS_RULE};

const WHO: [&str; 4] = ["anonymous", "person", "key", "system"];
const PURPOSES: [&str; 10] = [
    "publish",
    "deliver",
    "verify",
    "notify",
    "converse",
    "settle",
    "support",
    "secure",
    "resolve",
    "self_access",
];
const RELATIONS: [&str; 16] = [
    "none",
    "reader",
    "self",
    "owner",
    "member",
    "admin",
    "shipper",
    "trucker",
    "driver",
    "bidder",
    "lost_bidder",
    "peer",
    "staff",
    "claimer",
    "system",
    "developer",
];
const STAGES: [&str; 16] = [
    "none",
    "draft",
    "open",
    "sealed",
    "closed",
    "awaiting_funds",
    "booked",
    "at_stop",
    "under_way",
    "delivered",
    "past",
    "completed",
    "cancelled",
    "waiting",
    "claimed",
    "decided",
];
const DATA: [&str; 22] = [
    "load",
    "stops",
    "contact",
    "receiver",
    "receiver_code",
    "run",
    "card",
    "offer",
    "thread",
    "track",
    "proof",
    "money",
    "evidence",
    "rating",
    "account",
    "company",
    "papers",
    "file",
    "credential",
    "notice",
    "access_log",
    "request",
];
const STAFF: [&str; 8] =
    ["op.verify", "op.market", "op.money", "op.support", "op.safety", "op.admin", "po", "shipper"];

#[derive(Debug, Clone, Default, PartialEq)]
struct Expected {
    stages: BTreeSet<&'static str>,
    who: BTreeSet<String>,
    case: bool,
    step_up: bool,
    consent: bool,
    roles: BTreeSet<String>,
}

type Table = BTreeMap<(String, String, String), Expected>;

fn stages(text: &str) -> BTreeSet<&'static str> {
    let named = |text: &str| {
        let words: Vec<_> = text.split(' ').collect();
        assert!(words.iter().all(|word| STAGES.contains(word)), "unknown stage in {text}");
        STAGES.into_iter().filter(|stage| words.contains(stage)).collect()
    };
    match text.strip_prefix('*') {
        Some("") => STAGES.into(),
        Some(without) => {
            let less: BTreeSet<_> = named(without.trim_start_matches('-'));
            STAGES.into_iter().filter(|stage| !less.contains(stage)).collect()
        }
        None => named(text),
    }
}

fn expected(row: &csv::StringRecord) -> Expected {
    let mut cell = Expected {
        stages: stages(&row[3]),
        who: row[4].split(' ').map(str::to_owned).collect(),
        ..Expected::default()
    };
    for need in row[5].split_whitespace() {
        match need {
            "case" => cell.case = true,
            "step_up" => cell.step_up = true,
            "consent" => cell.consent = true,
            roles => cell.roles = roles.split('|').map(str::to_owned).collect(),
        }
    }
    cell
}

fn table() -> Table {
    let mut found = Table::new();
    let mut rows = csv::Reader::from_path("tests/data/access.csv").unwrap();
    for row in rows.records().map(Result::unwrap) {
        let kinds = if &row[0] == "*" { DATA.to_vec() } else { vec![&row[0]] };
        for data in kinds {
            assert!(
                DATA.contains(&data) && RELATIONS.contains(&&row[1]) && PURPOSES.contains(&&row[2])
            );
            let key = (data.to_owned(), row[1].to_owned(), row[2].to_owned());
            assert_eq!(found.insert(key, expected(&row)), None, "row twice: {row:?}");
        }
    }
    found
}

fn facts<'a>(
    data: &'a str,
    relation: &'a str,
    purpose: &'a str,
    stage: &'a str,
) -> AccessFacts<'a> {
    AccessFacts {
        who: "person",
        roles: &STAFF,
        relation,
        data,
        purpose,
        stage,
        case: true,
        consent: true,
        stepped_up: true,
        thin: false,
        suspended: false,
        everyone: false,
    }
}

fn today() -> Date {
    "2026-11-23".parse().unwrap()
}

fn usual(relation: &str) -> &'static str {
    if relation == "system" { "system" } else { "person" }
}

/// The whole product with everything in place that could be asked for; then only the table may say no.
#[test]
fn relation_purpose_stage_and_data_open_what_the_table_says_and_nothing_else() {
    let (laws, table) = (Laws::embedded().unwrap(), table());
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let parts = DATA.chunks(DATA.len().div_ceil(4));
        let parts: Vec<_> =
            parts.map(|kinds| scope.spawn(|| differences(&laws, &table, kinds))).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{} cells differ:\n{}", wrong.len(), wrong.join("\n"));
}

fn differences(laws: &Laws, table: &Table, kinds: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (data, relation) in kinds.iter().flat_map(|d| RELATIONS.iter().map(move |r| (*d, *r))) {
        for (purpose, stage) in PURPOSES.iter().flat_map(|p| STAGES.iter().map(move |s| (*p, *s))) {
            let ask = AccessFacts { who: usual(relation), ..facts(data, relation, purpose, stage) };
            let cell = table.get(&(data.to_owned(), relation.to_owned(), purpose.to_owned()));
            let fine = cell.is_some_and(|c| c.stages.contains(stage) && c.who.contains(ask.who));
            let answer = laws.access(&ask, today());
            if answer.allowed != fine {
                wrong.push(format!("{data} {relation} {purpose} {stage}: {:?}", answer.rules));
            }
        }
    }
    wrong
}

/// At the cells that open: each kind of caller, each role alone, and each condition taken away.
#[test]
fn every_condition_of_an_open_cell_is_needed() {
    let laws = Laws::embedded().unwrap();
    let says = |ask: AccessFacts<'_>, fine: bool, why: &str| {
        let answer = laws.access(&ask, today());
        assert_eq!(answer.allowed, fine, "{why}: {ask:?} {:?}", answer.rules);
    };
    for ((data, relation, purpose), cell) in &table() {
        let stage = cell.stages.first().unwrap();
        let who = cell.who.iter().find(|who| *who == "person").or(cell.who.first()).unwrap();
        let open = AccessFacts { who, ..facts(data, relation, purpose, stage) };
        says(open, true, "everything in place");
        for who in WHO {
            says(AccessFacts { who, ..open }, cell.who.contains(who), "who");
        }
        for role in STAFF {
            let fine = cell.roles.is_empty() || cell.roles.contains(role);
            says(AccessFacts { roles: &[role], ..open }, fine, "role");
        }
        says(AccessFacts { roles: &[], ..open }, cell.roles.is_empty(), "no role");
        says(AccessFacts { case: false, ..open }, !cell.case, "case");
        says(AccessFacts { stepped_up: false, ..open }, !cell.step_up, "step-up");
        says(AccessFacts { consent: false, ..open }, !cell.consent, "consent");
        let own = purpose == "self_access" && relation == "self";
        says(AccessFacts { suspended: true, ..open }, own, "suspended");
        says(AccessFacts { everyone: true, ..open }, *who == "system", "everyone");
        let proof = data == "credential" && purpose == "secure" && relation == "self";
        says(AccessFacts { thin: true, ..open }, proof, "thin session");
    }
}

#[test]
fn nothing_opens_before_the_law_was_in_force_and_unknown_words_never_do() {
    let laws = Laws::embedded().unwrap();
    let open = facts("contact", "shipper", "deliver", "booked");
    let before = laws.access(&open, "2021-10-31".parse().unwrap());
    assert_eq!((before.allowed, before.rules[0].as_str()), (false, DEFAULT_RULE));
    assert!(laws.access(&open, "2021-11-01".parse().unwrap()).allowed);
    let strange = [
        AccessFacts { data: "Contact", ..open },
        AccessFacts { stage: "boooked", ..open },
        AccessFacts { relation: "shipper/x", ..open },
        AccessFacts { purpose: "", ..open },
        AccessFacts { roles: &["god"], ..open },
    ];
    for ask in strange {
        let answer = laws.access(&ask, today());
        assert_eq!((answer.allowed, answer.rules[0].as_str()), (false, WORDS_RULE), "{ask:?}");
    }
}

#[test]
fn an_answer_cites_its_rule() {
    let laws = Laws::embedded().unwrap();
    let answer = laws.access(&facts("contact", "shipper", "deliver", "booked"), today());
    let cites: Vec<_> =
        answer.citations.iter().map(|c| (c.rule.as_str(), c.cite.as_str())).collect();
    assert_eq!(cites, [("house.contact.sides", "PIPL 6; PIPL 13(2); PIPL 19")]);
}
