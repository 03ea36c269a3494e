//! The vocabularies of the schema and of the Rust types are the same, word for word and in the same order.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

use std::collections::BTreeSet;

use sarai_law::{
    Aim, Basis, Class, Deal, Ground, Kind, Laws, Lift, Operator, RecipientKind, Requirement,
    Sector, Source, Venue, Word,
};

/// The words of `entity KIND enum [...]`.
fn schema_words(kind: &str) -> Vec<String> {
    let text = Source::embedded().schema.text.into_owned();
    let start = text.find(&format!("entity {kind} enum [")).unwrap_or_else(|| panic!("{kind}"));
    let body = text[start..].split_once('[').unwrap().1.split_once(']').unwrap().0;
    let lines: String = body.lines().map(|line| line.split("//").next().unwrap()).collect();
    lines.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn same<T: Word>() {
    let words: Vec<String> = T::ALL.iter().map(|word| word.word().to_owned()).collect();
    assert_eq!(schema_words(T::KIND), words, "{}", T::KIND);
}

#[test]
fn every_vocabulary_is_the_schemas() {
    same::<Operator>();
    same::<Sector>();
    same::<Venue>();
    same::<Class>();
    same::<Kind>();
    same::<RecipientKind>();
    same::<Aim>();
    same::<Basis>();
    same::<Deal>();
    same::<Ground>();
    same::<Lift>();
    same::<Requirement>();
}

#[test]
fn observations_are_the_schemas_each_with_its_words() {
    let laws = Laws::embedded().unwrap();
    let known: BTreeSet<String> = laws.observations().map(|row| row.id.clone()).collect();
    assert_eq!(schema_words("Observation").into_iter().collect::<BTreeSet<_>>(), known);
    for row in laws.observations() {
        for text in [&row.en, &row.zh, &row.fix, &row.fix_zh] {
            assert!(!text.trim().is_empty(), "{}", row.id);
        }
        assert!(row.zh.chars().any(|c| c as u32 > 0x2E80), "{}: {}", row.id, row.zh);
    }
}
