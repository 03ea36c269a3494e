//! Every rule on transfers and duties speaks where it should and is silent where it should not.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

mod base;

use std::collections::{BTreeMap, BTreeSet};

use sarai_law::{Date, Facts, Laws, Mechanism, Question, Rule};

struct Row<'a> {
    rule: &'a str,
    on: Date,
    with: &'a str,
    speaks: bool,
    /// It leans on another rule, a class or a need, that may have begun later.
    leans: bool,
}

fn rows() -> Vec<Row<'static>> {
    let lines = include_str!("data/rules.txt").lines();
    let lines = lines.filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines.map(row).collect()
}

fn row(line: &'static str) -> Row<'static> {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let [rule, on, with, speaks] = cells.as_slice() else { panic!("{line}") };
    let (speaks, leans) = match *speaks {
        "yes" => (true, false),
        "yes, leans" => (true, true),
        "no" => (false, false),
        other => panic!("{other} in {line}"),
    };
    Row { rule, on: on.parse().unwrap(), with, speaks, leans }
}

fn speaks(laws: &Laws, rule: &str, on: Date, facts: &Facts) -> bool {
    let answer = laws.ask(on, facts);
    assert!(!answer.fault, "{rule} {on}");
    answer.citations().any(|citation| citation.rule == rule)
}

#[test]
fn every_row_holds_and_so_do_the_days_around_the_rule() {
    let laws = Laws::embedded().unwrap();
    for row in rows() {
        let rule = laws.rule(row.rule).unwrap_or_else(|| panic!("{} is no rule", row.rule));
        let facts = base::facts(row.with);
        let here = format!("{} on {} with `{}`", row.rule, row.on, row.with);
        assert!(rule.in_force(row.on), "{here}: not in force");
        assert_eq!(speaks(&laws, row.rule, row.on, &facts), row.speaks, "{here}");
        if row.speaks {
            let first = row.leans || speaks(&laws, row.rule, rule.from, &facts);
            assert!(first, "{here}: first day");
            assert!(!speaks(&laws, row.rule, rule.from.yesterday().unwrap(), &facts), "{here}");
            if let Some(until) = rule.until {
                assert!(!speaks(&laws, row.rule, until, &facts), "{here}: last day");
            }
            remedies(&laws, rule, row.on, &facts);
        }
    }
}

/// With any one of its remedies in force the rule is silent at the gate; with none it speaks.
fn remedies(laws: &Laws, rule: &Rule, on: Date, facts: &Facts) {
    if rule.question != Question::Transfer {
        return;
    }
    let at_the_gate = |facts: &Facts| laws.transfer(on, facts).rules.contains(&rule.id);
    assert!(at_the_gate(facts), "{} at the gate", rule.id);
    for remedy in &rule.remedy {
        let mut met = facts.clone();
        let (from, until) = (Some(on), Some(on.tomorrow().unwrap()));
        met.mechanisms.push(Mechanism { kind: *remedy, number: None, from, until });
        assert!(!at_the_gate(&met), "{} with {remedy}", rule.id);
        met.mechanisms.iter_mut().for_each(|m| m.until = Some(on));
        assert!(at_the_gate(&met), "{} with {remedy} that ended today", rule.id);
    }
}

#[test]
fn every_rule_has_a_row_where_it_speaks_and_one_where_it_does_not() {
    let laws = Laws::embedded().unwrap();
    let mut seen: BTreeMap<&str, BTreeSet<bool>> = BTreeMap::new();
    let rows = rows();
    for row in &rows {
        seen.entry(row.rule).or_default().insert(row.speaks);
    }
    let asked = laws.rules().iter().filter(|rule| {
        rule.pack != "house" && rule.question != Question::Breach && rule.question != Question::Open
    });
    let bare: Vec<&str> = asked
        .map(|rule| rule.id.as_str())
        .filter(|id| seen.get(id).is_none_or(|found| found.len() < 2))
        .collect();
    assert_eq!(bare, Vec::<&str>::new());
}
