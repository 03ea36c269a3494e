//! Bad packs are refused with file, line, column and reason; dates choose the rules.

use std::{borrow::Cow, fs};

use sarai_law::{AccessFacts, FAULT_RULE, Laws, Pack, PackFile, Source};

const GOOD: &str = "@id(\"x\") @cite(\"PIPL 6\") @from(\"2020-01-01\") @checked(\"text\")\n\
    permit (principal, action == Action::\"open\", resource == Data::\"thread\");";

fn source(text: &str) -> Source {
    let file = PackFile { name: Cow::Borrowed("p/a.cedar"), text: Cow::Owned(text.to_owned()) };
    Source {
        packs: vec![Pack { name: Cow::Borrowed("p"), files: vec![file], figures: None }],
        ..Source::embedded()
    }
}

fn faults(text: &str) -> Vec<String> {
    let bad = Laws::read(&source(text)).err().unwrap_or_else(|| panic!("a good pack"));
    bad.faults.iter().map(ToString::to_string).collect()
}

fn one_fault(from: &str, to: &str) -> String {
    let text = GOOD.replace(from, to);
    assert_ne!(text, GOOD, "{from} is not there");
    let found = faults(&text);
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

#[test]
fn a_good_rule_is_read() {
    let laws = Laws::read(&source(GOOD)).unwrap();
    assert_eq!(laws.rules().len(), 1);
}

#[test]
fn each_fault_says_where_and_why() {
    let cases = [
        ("@cite(\"PIPL 6\") ", "", "p/a.cedar:1:1: x: annotation @cite is missing"),
        ("@id(\"x\") ", "", "p/a.cedar:1:1: annotation @id is missing"),
        ("@from(\"2020-01-01\") ", "", "p/a.cedar:1:1: x: annotation @from is missing"),
        (
            "2020-01-01",
            "2020-02-30",
            "p/a.cedar:1:26: x: @from: `2020-02-30` is not a date (YYYY-MM-DD)",
        ),
        (
            "@checked(\"text\")",
            "@checked(\"hearsay\")",
            "p/a.cedar:1:46: x: @checked(\"hearsay\"): say \"text\" or \"memory\"",
        ),
        (
            "@checked",
            "@until(\"2019-01-01\") @checked",
            "p/a.cedar:1:46: x: @until 2019-01-01 is not after @from 2020-01-01",
        ),
        (
            "@checked",
            "@remdy(\"none\") @checked",
            "p/a.cedar:1:46: x: annotation @remdy is not known",
        ),
    ];
    for (from, to, wanted) in cases {
        assert_eq!(one_fault(from, to), wanted);
    }
}

#[test]
fn cedars_own_complaints_come_with_their_place() {
    let misspelt = one_fault("\"thread\"", "\"thraed\"");
    assert!(misspelt.starts_with("p/a.cedar:2:") && misspelt.contains("thraed"), "{misspelt}");
    let unknown = one_fault(");", ") when { context.purpse == Purpose::\"deliver\" };");
    assert!(unknown.starts_with("p/a.cedar:2:") && unknown.contains("purpse"), "{unknown}");
    let syntax = one_fault("permit (", "permit [");
    assert!(syntax.starts_with("p/a.cedar:2:"), "{syntax}");
    let never = one_fault(");", ") when { context.case && !context.case && false };");
    assert!(never.contains("impossible"), "{never}");
}

#[test]
fn all_faults_come_at_once_and_an_id_is_taken_once() {
    let text = format!("{GOOD}\n{GOOD}\n@id(\"y\") permit (principal, action, resource);");
    let found = faults(&text);
    assert_eq!(found[0], "p/a.cedar:3:1: x: @id is taken by p/a.cedar:1");
    assert_eq!(found.iter().filter(|fault| fault.contains(": y: ")).count(), 3, "{found:?}");
}

#[test]
fn a_rule_that_fails_is_a_refusal_though_another_permits() {
    // Overflow is the one error that the validator cannot rule out.
    let failing = "@id(\"f\") @cite(\"none\") @from(\"2020-01-01\") @checked(\"text\")\n\
        forbid (principal, action, resource) when { 9223372036854775807 + 1 > 0 };";
    let laws = Laws::read(&source(&format!("{GOOD}\n{failing}"))).unwrap();
    let answer = laws.access(&ask(), "2026-01-01".parse().unwrap());
    assert_eq!((answer.allowed, answer.rules[0].as_str()), (false, FAULT_RULE));
}

#[test]
fn rules_are_chosen_by_date_and_the_last_day_is_not_in_force() {
    let dated = GOOD.replace("@checked", "@until(\"2022-01-01\") @checked");
    let laws = Laws::read(&source(&dated)).unwrap();
    for (day, allowed) in [
        ("2019-12-31", false),
        ("2020-01-01", true),
        ("2021-12-31", true),
        ("2022-01-01", false),
        ("2021-12-31", true),
    ] {
        assert_eq!(laws.access(&ask(), day.parse().unwrap()).allowed, allowed, "{day}");
    }
}

#[test]
fn a_directory_takes_the_place_of_the_embedded_packs() {
    let dir = std::env::temp_dir().join(format!("sarai-law-{}", std::process::id()));
    fs::create_dir_all(dir.join("p")).unwrap();
    let missing = Laws::directory(&dir).unwrap_err();
    assert!(missing.to_string().contains("schema.cedarschema:1:1: cannot be read"), "{missing}");
    fs::write(dir.join("schema.cedarschema"), Source::embedded().schema.text.as_bytes()).unwrap();
    fs::write(dir.join("p/a.cedar"), GOOD).unwrap();
    let laws = Laws::directory(&dir);
    fs::remove_dir_all(&dir).unwrap();
    assert_eq!(laws.unwrap().rules().len(), 1);
    let here = Laws::directory("../../laws".as_ref()).unwrap();
    assert_eq!(here.rules().len(), Laws::embedded().unwrap().rules().len());
}

fn ask() -> AccessFacts<'static> {
    AccessFacts {
        who: "person",
        roles: &[],
        relation: "peer",
        data: "thread",
        purpose: "converse",
        stage: "open",
        case: false,
        consent: false,
        stepped_up: false,
        thin: false,
        suspended: false,
        everyone: false,
    }
}
