//! Who may use whom: the table of `docs/ARCHITECTURE.md` as data, held against `cargo metadata`.

use std::{collections::BTreeMap, process::Command};

use serde_json::Value;

use crate::root;

/// A room and the rooms that it may use; `None` where it may use any.
const ROOMS: &[(&str, Option<&[&str]>)] = &[
    ("seal-derive", Some(&[])),
    ("seal", Some(&["seal-derive"])),
    ("detect", Some(&[])),
    ("geo", Some(&[])),
    ("road", Some(&["geo"])),
    ("kernel", Some(&["seal", "geo"])),
    ("law", Some(&[])),
    ("law-prove", Some(&["law"])),
    ("gate", Some(&["kernel", "seal", "law", "detect"])),
    ("review", Some(&["kernel", "gate", "law", "detect", "seal"])),
    ("bus", Some(&["kernel"])),
    ("freight", Some(&["kernel", "gate", "seal", "geo", "road"])),
    ("account", Some(&["kernel", "gate", "seal"])),
    ("store", Some(&["kernel", "seal"])),
    (
        "api",
        Some(&["account", "bus", "freight", "gate", "geo", "kernel", "review", "road", "seal"]),
    ),
    ("sarai", None),
    ("play", None),
    ("bench", None),
    ("testkit", None),
    ("xtask", None),
];

/// What only tests of a room may use besides; `*` stands for every room.
const FOR_TESTS: &[(&str, &str)] = &[("*", "testkit"), ("store", "bus")];

/// Rooms that are part of no server: they may stand on both sides of a wall.
const DEVELOPMENT: &[&str] = &["bench", "play", "testkit", "xtask"];

/// Foreign crates that live behind a wall: of the server's rooms only these may use them.
const WALLS: &[(&str, &[&str])] = &[
    // The store keeps the house's own data; the review reads foreign databases, and a second library for that would link a second
    // SQLite.
    ("sqlx", &["store", "review"]),
    ("axum", &["api", "sarai"]),
    ("cedar-policy", &["law", "law-prove"]),
    ("cedar-policy-symcc", &["law-prove"]),
    ("aes-gcm-siv", &["seal", "store", "api"]),
    ("hkdf", &["seal"]),
    ("argon2", &["account"]),
    ("ed25519-dalek", &["gate", "api"]),
    ("hyper-rustls", &["gate"]),
    ("rustls", &["gate"]),
    ("lettre", &["sarai"]),
    ("clap", &["sarai"]),
];

/// One dependency of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The room that uses.
    pub from: String,
    /// What it uses, with the house's own prefix taken off.
    pub to: String,
    /// Whether it is a room of this house.
    pub own: bool,
    /// Only its tests use it.
    pub for_tests: bool,
}

fn room(package: &str) -> Option<&str> {
    package.strip_prefix("sarai-").or((package == "sarai").then_some("sarai"))
}

/// The workspace's edges as `cargo metadata` gives them.
pub fn edges(metadata: &Value) -> Vec<Edge> {
    let mut found = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let Some(from) = package["name"].as_str().and_then(room) else { continue };
        for used in package["dependencies"].as_array().into_iter().flatten() {
            let Some(name) = used["name"].as_str() else { continue };
            found.push(Edge {
                from: from.to_owned(),
                to: room(name).unwrap_or(name).to_owned(),
                own: room(name).is_some(),
                for_tests: used["kind"].as_str() == Some("dev"),
            });
        }
    }
    found
}

/// What is wrong with these edges.
pub fn faults(edges: &[Edge]) -> Vec<String> {
    let rows: BTreeMap<_, _> = ROOMS.iter().copied().collect();
    let mut wrong = Vec::new();
    for edge in edges {
        let Edge { from, to, own, for_tests } = edge;
        let Some(row) = rows.get(from.as_str()) else {
            wrong.push(format!("room {from} has no row in the table (crates/xtask/src/deps.rs)"));
            continue;
        };
        let allowed = row.is_none_or(|row| row.contains(&to.as_str()));
        let test = |(room, used): &(&str, &str)| used == to && (*room == "*" || room == from);
        let tested = *for_tests && FOR_TESTS.iter().any(test);
        if *own && !allowed && !tested {
            wrong.push(format!("room {from} may not use room {to}"));
        }
        if !own
            && !for_tests
            && let Some((_, rooms)) = WALLS.iter().find(|(name, _)| name == to)
            && !rooms.contains(&from.as_str())
            && !DEVELOPMENT.contains(&from.as_str())
        {
            wrong.push(format!("room {from} may not use {to}: only {} may", rooms.join(", ")));
        }
    }
    wrong.dedup();
    wrong
}

/// What is wrong with the workspace as it stands.
pub fn wrong() -> Vec<String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output();
    let text = match output {
        Ok(output) if output.status.success() => output.stdout,
        _ => return vec!["cargo metadata does not answer".to_owned()],
    };
    match serde_json::from_slice(&text) {
        Ok(metadata) => faults(&edges(&metadata)),
        Err(_) => vec!["cargo metadata does not read".to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_keeps_to_its_table() {
        assert_eq!(wrong(), Vec::<String>::new());
    }

    fn edge(from: &str, to: &str, for_tests: bool) -> Edge {
        Edge { from: from.into(), to: to.into(), own: !["sqlx", "axum"].contains(&to), for_tests }
    }

    #[test]
    fn an_edge_that_the_table_does_not_have_is_named() {
        let cases = [
            (edge("freight", "store", false), Some("room freight may not use room store")),
            (edge("freight", "store", true), Some("room freight may not use room store")),
            (edge("freight", "testkit", true), None),
            (edge("freight", "testkit", false), Some("room freight may not use room testkit")),
            (
                edge("kernel", "axum", false),
                Some("room kernel may not use axum: only api, sarai may"),
            ),
            (edge("api", "sqlx", false), Some("room api may not use sqlx: only store, review may")),
            (edge("store", "sqlx", false), None),
            (edge("bench", "sqlx", false), None),
            (edge("sarai", "store", false), None),
        ];
        for (edge, wanted) in cases {
            let found = faults(std::slice::from_ref(&edge));
            assert_eq!(found.first().map(String::as_str), wanted, "{edge:?}");
        }
        let unknown = faults(&[edge("attic", "kernel", false)]);
        assert!(unknown[0].starts_with("room attic has no row"), "{unknown:?}");
    }

    #[test]
    fn the_table_has_no_cycle() {
        // Rows stand in an order in which each uses only rows above it.
        let mut above: Vec<&str> = Vec::new();
        let mut rows: Vec<_> =
            ROOMS.iter().filter_map(|(room, row)| row.map(|row| (*room, row))).collect();
        while !rows.is_empty() {
            let before = rows.len();
            rows.retain(|(room, row)| {
                let ready = row.iter().all(|used| above.contains(used));
                if ready {
                    above.push(room);
                }
                !ready
            });
            assert!(rows.len() < before, "a cycle among {rows:?}");
        }
    }
}
