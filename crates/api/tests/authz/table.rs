//! The checked-in table: one file a market, one row a route.

use std::{collections::BTreeMap, fs, path::PathBuf};

/// Rows by route.
pub struct Table {
    files: &'static [&'static str],
    head: Vec<&'static str>,
    rows: BTreeMap<String, Vec<String>>,
}

fn file(market: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/data/authz/{market}.csv"))
}

fn market(route: &str) -> &'static str {
    if route.contains("/v1/freight/") { "freight" } else { "kernel" }
}

impl Table {
    /// An empty table of every route, kept in a file a market.
    pub fn of_routes(head: &[&'static str]) -> Self {
        Self { files: &["kernel", "freight"], head: head.to_vec(), rows: BTreeMap::new() }
    }

    /// An empty table of what is read of an order, in a file of its own.
    pub fn of_stages(stages: &[&'static str]) -> Self {
        let head = std::iter::once("relation").chain(stages.iter().copied());
        Self { files: &["freight-stages"], head: head.collect(), rows: BTreeMap::new() }
    }

    /// Adds a row.
    pub fn add(&mut self, route: &str, row: Vec<String>) {
        self.rows.insert(route.to_owned(), row);
    }

    fn text(&self, of: &str) -> String {
        let mut text = format!("route,{}\n", self.head.join(","));
        let here = |route: &str| self.files == [of] || market(route) == of;
        for (route, row) in self.rows.iter().filter(|(route, _)| here(route)) {
            text.push_str(&format!("{route},{}\n", row.join(",")));
        }
        text
    }

    /// Fails with every difference from the checked-in tables, or writes them.
    pub fn compare(&self) {
        let mut wrong = Vec::new();
        for of in self.files {
            let text = self.text(of);
            if std::env::var_os("SARAI_WRITE_AUTHZ").is_some() {
                fs::write(file(of), &text).expect("writes the table");
                continue;
            }
            let kept = fs::read_to_string(file(of)).unwrap_or_default();
            let kept: Vec<&str> = kept.lines().collect();
            let found: Vec<&str> = text.lines().collect();
            wrong.extend(
                found.iter().filter(|row| !kept.contains(row)).map(|row| format!("+ {row}")),
            );
            wrong.extend(
                kept.iter().filter(|row| !found.contains(row)).map(|row| format!("- {row}")),
            );
        }
        assert!(
            wrong.is_empty(),
            "the table and the server differ (+ server, - table):\n{}",
            wrong.join("\n")
        );
    }
}
