//! The names of the fields of every answer, against a checked-in list: a new field in an answer is a reviewed change. A field that is
//! `null` was not opened, and is not in the list.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use serde_json::Value;

/// Names by who asked which route, and the stages or callers at which they were the same.
#[derive(Default)]
pub struct Fields(BTreeMap<String, BTreeMap<String, Vec<String>>>);

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/authz/fields.txt")
}

fn names(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (name, value) in members {
                let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                names(value, &at, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, at, found)),
        _ => {
            found.insert(at.to_owned());
        }
    }
}

impl Fields {
    /// Notes one answer.
    pub fn note(&mut self, what: &str, when: &str, answer: &Value) {
        let mut found = BTreeSet::new();
        names(answer, "", &mut found);
        let words: Vec<String> = found.into_iter().collect();
        let same = self.0.entry(what.to_owned()).or_default();
        same.entry(words.join(" ")).or_default().push(when.to_owned());
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for (what, sets) in &self.0 {
            for (words, when) in sets {
                text.push_str(&format!("{what} [{}]\n    {words}\n", when.join(", ")));
            }
        }
        text
    }

    /// Fails with every difference from the checked-in list, or writes it.
    pub fn compare(&self) {
        let text = self.text();
        if std::env::var_os("SARAI_WRITE_AUTHZ").is_some() {
            fs::write(file(), text).expect("writes the list");
            return;
        }
        let kept = fs::read_to_string(file()).unwrap_or_default();
        let blocks = |text: &str| -> BTreeSet<String> {
            let lines: Vec<&str> = text.lines().collect();
            lines.chunks(2).map(|pair| pair.join("\n")).collect()
        };
        let (found, kept) = (blocks(&text), blocks(&kept));
        let new = found.difference(&kept).map(|block| format!("+ {block}"));
        let gone = kept.difference(&found).map(|block| format!("- {block}"));
        let wrong: Vec<String> = new.chain(gone).collect();
        assert!(
            wrong.is_empty(),
            "answers hold other fields than the list (+ server, - list):\n{}",
            wrong.join("\n")
        );
    }
}

#[test]
fn names_are_paths_of_what_is_not_null() {
    let mut found = BTreeSet::new();
    names(
        &serde_json::json!({"a": 1, "b": null, "c": [{"d": "x"}, {"e": false}], "f": []}),
        "",
        &mut found,
    );
    let found: Vec<_> = found.into_iter().collect();
    assert_eq!(found, ["a", "c.d", "c.e"]);
}
