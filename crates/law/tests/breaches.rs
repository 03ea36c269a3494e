//! Observed facts against the tables that they come from: the sixteen facts of 2022, the 31 cases of the method, the permissions, the
//! 39 kinds of apps.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

use std::collections::{BTreeMap, BTreeSet};

use sarai_law::{Jurisdiction, Laws, Question, Sector, Seen, Set};

const NOW: &str = "2026-11-25";
/// The day of the decision.
const THEN: &str = "2022-07-21";

fn cites(laws: &Laws, on: &str, what: &str, seen: &Seen) -> BTreeSet<String> {
    let found = laws.breaches(on.parse().unwrap(), what, seen).unwrap();
    let all = found.iter().flat_map(|breach| breach.citation.cite.split("; "));
    all.map(str::to_owned).collect()
}

/// Observation, fact of the decision, what it broke on the day of the decision, and what it breaks now besides.
const DIDI: [(&str, &str, &[&str], &[&str]); 16] = [
    (
        "app.reads_screenshots",
        "V01",
        &["PIPL 6", "PIPL 13", "CSL 41 (2016 numbering)", "METHOD 4.1"],
        &["CSL 43 (2025 numbering)"],
    ),
    ("app.reads_clipboard", "V02", &["PIPL 6", "METHOD 4.1", "METHOD 4.4"], &[]),
    ("app.reads_app_list", "V03", &["PIPL 6", "METHOD 4.1"], &[]),
    (
        "face_without_consent",
        "V04",
        &["PIPL 6", "PIPL 28", "PIPL 29"],
        &["Face Recognition Measures 2025"],
    ),
    ("age_band_unneeded", "V05", &["PIPL 6"], &[]),
    ("occupation_unneeded", "V06", &["PIPL 6"], &[]),
    ("kinship_unneeded", "V07", &["PIPL 6"], &[]),
    ("home_work_address_unneeded", "V08", &["PIPL 6"], &[]),
    ("location_without_trip", "V09", &["PIPL 6", "PIPL 28", "PIPL 29", "METHOD 4.4"], &[]),
    ("education_unneeded", "V10", &["PIPL 6"], &[]),
    (
        "id_plaintext",
        "V11",
        &["PIPL 51", "DSL 27", "CSL 21 (2016 numbering)", "CSL 42 (2016 numbering)"],
        &["NDSR 9"],
    ),
    ("travel_intent_inferred", "V12", &["PIPL 7", "PIPL 17", "PIPL 24"], &[]),
    ("home_city_inferred", "V13", &["PIPL 7", "PIPL 17", "PIPL 24"], &[]),
    ("trip_kind_inferred", "V14", &["PIPL 7", "PIPL 17", "PIPL 24"], &[]),
    ("app.asks_again", "V15", &["METHOD 3.2", "METHOD 4.2"], &["NDSR 22"]),
    ("purpose_not_stated", "V16", &["PIPL 17", "METHOD 2.1"], &[]),
];

#[test]
fn the_sixteen_facts_break_what_the_decision_rests_on() {
    let laws = Laws::embedded().unwrap();
    let seen = Seen { sectors: Set::of(&[Sector::Ride]), ..Seen::default() };
    for (what, fact, then, now) in DIDI {
        let row = laws.observation(what).unwrap();
        assert_eq!(row.didi.as_deref(), Some(fact), "{what}");
        let (old, new) = (cites(&laws, THEN, what, &seen), cites(&laws, NOW, what, &seen));
        for cite in then {
            assert!(old.contains(*cite), "{what} breaks {cite} on {THEN}: {old:?}");
            let gone = cite.contains("2016 numbering");
            assert_eq!(new.contains(*cite), !gone, "{what} breaks {cite} on {NOW}: {new:?}");
        }
        for cite in now {
            assert!(new.contains(*cite) && !old.contains(*cite), "{what} breaks {cite} only now");
        }
    }
}

#[test]
fn the_31_cases_of_the_method_are_there() {
    let laws = Laws::embedded().unwrap();
    let mut cases = 0;
    for (kind, count) in [(1, 4), (2, 4), (3, 9), (4, 6), (5, 3), (6, 5)] {
        for case in 1..=count {
            let found = cites(&laws, NOW, &format!("method.{kind}.{case}"), &Seen::default());
            assert!(found.contains(&format!("METHOD {kind}.{case}")), "{kind}.{case}: {found:?}");
            cases += 1;
        }
    }
    assert_eq!(cases, 31);
    assert!(
        cites(&laws, "2019-11-27", "method.1.1", &Seen::default()).is_empty(),
        "the day before"
    );
}

/// Permission, and the cases of the method that it points to where nothing justifies it.
const PERMISSIONS: [(&str, &[&str]); 19] = [
    ("fine_location", &["4.1", "4.4"]),
    ("background_location", &["4.4", "2.3"]),
    ("coarse_location", &["4.1"]),
    ("phone_state", &["4.1", "2.3"]),
    ("phone_numbers", &["4.1"]),
    ("call_phone", &["4.1"]),
    ("contacts", &["4.1"]),
    ("call_log", &["4.1"]),
    ("sms", &["4.1"]),
    ("query_packages", &["4.1"]),
    ("media", &["4.1"]),
    ("all_files", &["4.1"]),
    ("camera", &["2.3"]),
    ("record_audio", &["2.3"]),
    ("nearby", &["4.1"]),
    ("sensors", &["4.1"]),
    ("ad_id", &["3.6", "5.1"]),
    ("overlay", &["4.1"]),
    ("device_id", &["2.1", "3.1"]),
];

#[test]
fn each_permission_points_to_its_cases_of_the_method() {
    let laws = Laws::embedded().unwrap();
    for (permission, cases) in PERMISSIONS {
        let what = format!("permission.{permission}");
        let found = cites(&laws, NOW, &what, &Seen::default());
        for case in cases {
            assert!(found.contains(&format!("METHOD {case}")), "{what} {case}: {found:?}");
        }
        assert!(laws.observation(&what).unwrap().permission.is_some(), "{what}");
    }
}

#[test]
fn a_trade_that_needs_the_position_may_ask_for_it() {
    let laws = Laws::embedded().unwrap();
    let rules = |what: &str, seen: &Seen| -> Vec<String> {
        let found = laws.breaches(NOW.parse().unwrap(), what, seen).unwrap();
        found.into_iter().map(|breach| breach.citation.rule).collect()
    };
    let trip = Seen {
        sectors: Set::of(&[Sector::Freight]),
        supply_side: true,
        in_service: true,
        ..Seen::default()
    };
    assert_eq!(rules("permission.fine_location", &trip), Vec::<String>::new());
    let background = rules("permission.background_location", &trip);
    assert!(!background.contains(&"cn.method.4.4.background".to_owned()), "{background:?}");
    let off_duty = Seen { in_service: false, ..trip };
    let background = rules("permission.background_location", &off_duty);
    assert!(background.contains(&"cn.method.4.4.background".to_owned()), "{background:?}");
}

#[test]
fn a_basic_function_demands_only_what_its_kind_of_app_needs() {
    let laws = Laws::embedded().unwrap();
    let demanded = |on: &str, category: &str, item: &str, supply_side: bool| -> Vec<String> {
        let seen =
            Seen { category: category.into(), item: item.into(), supply_side, ..Seen::default() };
        let found = laws.breaches(on.parse().unwrap(), "item_demanded", &seen).unwrap();
        let all = found.into_iter().map(|breach| breach.citation.rule);
        all.filter(|rule| rule.starts_with("cn.npi.")).collect()
    };
    assert_eq!(demanded(NOW, "ride_hailing", "track", false), Vec::<String>::new());
    assert_eq!(demanded(NOW, "ride_hailing", "age", false), ["cn.npi.2"]);
    assert_eq!(demanded("2021-04-30", "ride_hailing", "age", false), Vec::<String>::new());
    assert_eq!(demanded(NOW, "ride_hailing", "age", true), Vec::<String>::new());
    assert_eq!(demanded(NOW, "recruitment", "resume", false), Vec::<String>::new());
    assert_eq!(demanded(NOW, "recruitment", "face", false), ["cn.npi.11"]);
    assert_eq!(demanded(NOW, "browser", "mobile", false), ["cn.npi.32"]);
    assert_eq!(demanded(NOW, "freight", "kinship", false), ["cn.npi.freight"]);
    let lists = laws.rules().iter().filter(|rule| rule.id.starts_with("cn.npi.")).count();
    assert_eq!(lists, 40, "39 kinds and freight");
}

/// Every breach rule is asked with every observation, by every trade, by each side: it must speak for one and be silent for another.
#[test]
fn every_breach_rule_speaks_for_some_observation_and_not_for_all() {
    let laws = Laws::embedded().unwrap();
    let mut spoke: BTreeMap<String, usize> = BTreeMap::new();
    let mut asked = 0;
    let all = [Jurisdiction::Cn, Jurisdiction::Us, Jurisdiction::Eu];
    let days: BTreeSet<String> = laws
        .rules()
        .iter()
        .filter(|rule| rule.question == Question::Breach && rule.until.is_some())
        .map(|rule| rule.from.to_string())
        .chain([NOW.to_owned()])
        .collect();
    let mut unanswered = Vec::new();
    for row in laws.observations() {
        let mut any = false;
        for seen in variants(&row.id, &all) {
            for day in &days {
                let found = laws.breaches(day.parse().unwrap(), &row.id, &seen).unwrap();
                any |= !found.is_empty();
                for breach in found {
                    *spoke.entry(breach.citation.rule).or_default() += 1;
                }
                asked += 1;
            }
        }
        if !any {
            unanswered.push(row.id.clone());
        }
    }
    assert_eq!(unanswered, Vec::<String>::new(), "observations that breach nothing");
    for rule in laws.rules().iter().filter(|rule| rule.question == Question::Breach) {
        let count = spoke.get(&rule.id).copied().unwrap_or_default();
        assert!(count > 0 && count < asked, "{} spoke {count} times of {asked}", rule.id);
    }
}

fn variants(observation: &str, laws: &[Jurisdiction]) -> Vec<Seen> {
    let base = Seen { laws: Set::of(laws), ..Seen::default() };
    let large = Seen { persons: 1_000_001, ciio: true, ..base.clone() };
    let mut all = vec![base.clone(), large];
    for sector in [Sector::Ride, Sector::NetworkFreight, Sector::Jobs, Sector::AppStore] {
        all.push(Seen { sectors: Set::of(&[sector]), ..base.clone() });
    }
    if observation == "item_demanded" {
        let laws = Laws::embedded().unwrap();
        let text = laws.schema_text().split_once("entity Category enum [").unwrap().1;
        let body = text.split_once(']').unwrap().0;
        let categories = body.split('"').skip(1).step_by(2);
        let item = "kinship".to_owned();
        all.extend(categories.map(|category| Seen {
            category: category.to_owned(),
            item: item.clone(),
            ..base.clone()
        }));
    }
    all
}

#[test]
fn what_is_no_observation_is_refused() {
    let laws = Laws::embedded().unwrap();
    let on = NOW.parse().unwrap();
    assert!(laws.breaches(on, "id_plaintxt", &Seen::default()).is_err());
    let wrong = Seen { category: "ride_haling".into(), ..Seen::default() };
    assert!(laws.breaches(on, "item_demanded", &wrong).is_err());
}
