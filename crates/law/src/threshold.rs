//! What a policy's text compares, names and counts: read from its syntax tree.
//!
//! The memory of answers is exact only while a count matters by nothing but where it stands among the numbers that rules compare it
//! with. So a rule may compare a count with a number, and do nothing else with it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{Country, Requirement, Word};

/// Attributes of contexts that are counts.
pub(crate) const COUNTS: [&str; 18] = [
    "persons",
    "sensitive_persons",
    "persons_two_years",
    "sensitive_two_years",
    "persons_held",
    "faces_held",
    "us_genomic",
    "us_omic",
    "us_biometric",
    "us_geolocation",
    "us_health",
    "us_financial",
    "us_identifiers",
    "us_combined",
    "users",
    "monthly_users",
    "days",
    "items",
];

const CONTEXT: &str = "context";

const COMPARISONS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];

/// What was found in a policy.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Counts and the numbers they are compared with.
    pub thresholds: BTreeSet<(&'static str, i64)>,
    /// Every number.
    pub numbers: BTreeSet<i64>,
    /// Every requirement that is named.
    pub requirements: BTreeSet<Requirement>,
    /// What is wrong: the text to look for, and why.
    pub wrong: Vec<(String, String)>,
}

/// Reads a policy's tree.
pub(crate) fn reading(tree: &Value) -> Reading {
    let mut reading = Reading::default();
    reading.walk(tree);
    reading
}

impl Reading {
    fn walk(&mut self, tree: &Value) {
        match tree {
            Value::Array(items) => items.iter().for_each(|item| self.walk(item)),
            Value::Object(map) => {
                for (key, inner) in map {
                    self.operation(key, inner);
                }
            }
            _ => {}
        }
    }

    fn operation(&mut self, key: &str, inner: &Value) {
        let sides = (inner.get("left"), inner.get("right"));
        match (key, sides) {
            ("annotations", _) => {}
            // Names no fact by itself: whatever else is done with the whole of the facts reads every count at once.
            ("Var", _) if inner == CONTEXT => {
                let reason = "facts are read one by one: `context` as a whole stands for all";
                self.wrong.push((CONTEXT.to_owned(), reason.to_owned()));
            }
            ("has", (Some(left), _)) if left.get("Var").is_some() => {}
            (key, (Some(left), Some(right))) if COMPARISONS.contains(&key) => {
                self.compare(left, right);
            }
            (".", _) => match count(inner) {
                Some(name) => {
                    let reason =
                        format!("the count `{name}` may be compared with a number and no more");
                    self.wrong.push((name.to_owned(), reason));
                }
                None if is_context(inner) => {}
                None => self.walk(inner),
            },
            ("like", _) => {
                let reason = "`like` is not for closed vocabularies".to_owned();
                self.wrong.push(("like".to_owned(), reason));
            }
            ("Value", _) => self.literal(inner),
            _ => self.walk(inner),
        }
    }

    fn compare(&mut self, left: &Value, right: &Value) {
        for (one, other) in [(left, right), (right, left)] {
            if let (Some(name), Some(number)) = (one.get(".").and_then(count), number(other)) {
                self.thresholds.insert((name, number));
                self.numbers.insert(number);
                return;
            }
        }
        self.walk(left);
        self.walk(right);
    }

    fn literal(&mut self, value: &Value) {
        if let Some(number) = value.as_i64() {
            self.numbers.insert(number);
        }
        if let Some(text) = value.as_str()
            && Country::of(text).is_none()
        {
            let reason = format!("`{text}` is not a country code of ISO 3166");
            self.wrong.push((format!("\"{text}\""), reason));
        }
        if let Some(entity) = value.get("__entity").filter(|entity| entity["type"] == "Requirement")
        {
            self.requirements.extend(entity["id"].as_str().and_then(Requirement::of));
        }
        if let Value::Array(items) = value {
            items.iter().for_each(|item| self.literal(item));
        }
    }
}

fn is_context(dot: &Value) -> bool {
    dot.get("left").and_then(|left| left.get("Var")).is_some_and(|var| var == CONTEXT)
}

fn count(dot: &Value) -> Option<&'static str> {
    if !is_context(dot) {
        return None;
    }
    let name = dot.get("attr")?.as_str()?;
    COUNTS.into_iter().find(|known| *known == name)
}

fn number(value: &Value) -> Option<i64> {
    match (value.get("Value"), value.get("neg").and_then(|neg| neg.get("arg"))) {
        (Some(value), _) => value.as_i64(),
        (None, Some(arg)) => arg.get("Value")?.as_i64()?.checked_neg(),
        (None, None) => None,
    }
}

/// Where a count stands among ascending marks: below, on or between them. `None` where there are more marks than places.
pub(crate) fn place(marks: &[i64], count: i64) -> Option<u8> {
    let at = marks.partition_point(|mark| *mark < count);
    let on = usize::from(marks.get(at) == Some(&count));
    u8::try_from(2 * at + on).ok()
}

/// Most numbers that one rule may compare counts with.
pub(crate) const MARKS_MAX: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(condition: &str) -> Reading {
        let text = format!("permit(principal, action, resource) when {{ {condition} }};");
        reading(&cedar_policy::Policy::parse(None, text).unwrap().to_json().unwrap())
    }

    #[test]
    fn counts_are_found_with_their_numbers_on_either_side() {
        let found = read("context.persons >= 10 && 20 > context.users || !(context.persons == -3)");
        let wanted = [("persons", -3), ("persons", 10), ("users", 20)];
        assert_eq!(found.thresholds.into_iter().collect::<Vec<_>>(), wanted);
        assert!(found.wrong.is_empty(), "{:?}", found.wrong);
    }

    #[test]
    fn whatever_else_is_done_with_a_count_is_wrong() {
        for condition in [
            "context.persons > context.users",
            "context.persons + 1 > 5",
            "context.persons * 2 > 5",
            "[context.persons].contains(5)",
            "context.persons == (if true then 1 else 2)",
            "{a: context.persons} == {a: 1}",
            "context == {persons: 1}",
            "{a: context} == {a: {persons: 1}}",
            "(if context.objected then context else context).persons >= 5",
            "context has persons && context.persons > context.users",
            "[context].contains({persons: 5})",
        ] {
            assert!(!read(condition).wrong.is_empty(), "{condition}");
        }
    }

    #[test]
    fn requirements_and_countries_are_read_from_sets_too() {
        let found = read(
            r#"[Requirement::"notice"].contains(Requirement::"approval") && ["CN", "XX"].contains(context.to)"#,
        );
        assert_eq!(found.requirements.len(), 2);
        assert_eq!(found.wrong[0].1, "`XX` is not a country code of ISO 3166");
    }

    #[test]
    fn a_place_tells_below_on_and_between() {
        let places = [0, 9, 10, 11, 19, 20, 21].map(|count| place(&[10, 20], count));
        assert_eq!(places, [0, 0, 1, 2, 2, 3, 4].map(Some));
        let many: Vec<i64> = (0..200).collect();
        assert_eq!((place(&many, 127), place(&many, 128)), (Some(255), None));
    }
}
