//! The OpenAPI document: whole, bounded, and the one that is checked in.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

use std::collections::HashSet;

use serde_json::Value;

fn operations() -> Vec<(String, Value)> {
    let document = sarai_api::openapi();
    let paths = document["paths"].as_object().expect("paths").clone();
    paths
        .into_iter()
        .flat_map(|(path, item)| {
            let item = item.as_object().expect("a path item").clone();
            item.into_iter().map(move |(method, operation)| {
                (format!("{} {path}", method.to_uppercase()), operation)
            })
        })
        .collect()
}

#[test]
fn every_operation_says_who_for_what_and_what_it_costs() {
    let mut ids = HashSet::new();
    for (route, operation) in operations() {
        let text = |name: &str| operation[name].as_str().unwrap_or_default().to_owned();
        assert!(ids.insert(text("operationId")), "{route}: its operationId is taken");
        assert!(!text("summary").is_empty(), "{route}: summary");
        for name in ["x-sarai-relation", "x-sarai-purpose", "x-sarai-audit", "x-sarai-idempotency"]
        {
            assert!(!text(name).is_empty(), "{route}: {name}");
        }
        assert!(operation["x-sarai-cost"].is_u64(), "{route}: x-sarai-cost");
        assert!(
            operation["x-sarai-problems"].as_array().is_some_and(|codes| !codes.is_empty()),
            "{route}: problems"
        );
        for code in operation["x-sarai-problems"].as_array().into_iter().flatten() {
            let code = code.as_str().unwrap_or_default();
            assert!(sarai_api::codes::find(code).is_some(), "{route}: {code} is not in the table");
        }
    }
}

#[test]
fn what_opens_sealed_data_leaves_an_audit_row() {
    for (route, operation) in operations() {
        if operation["x-sarai-purpose"] != "none" {
            assert_ne!(operation["x-sarai-audit"], "none", "{route}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = sarai_api::openapi();
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let mut missing = Vec::new();
    walk(&document, &mut |value| {
        if let Some(to) = value.get("$ref").and_then(Value::as_str) {
            let name = to.trim_start_matches("#/components/schemas/");
            if !schemas.contains_key(name) {
                missing.push(name.to_owned());
            }
        }
    });
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn requests_take_no_unknown_field() {
    let document = sarai_api::openapi();
    for (route, operation) in operations() {
        let name =
            operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str();
        let Some(name) = name.map(|to| to.trim_start_matches("#/components/schemas/")) else {
            continue;
        };
        let schema = &document["components"]["schemas"][name];
        let alternatives = schema
            .get("oneOf")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_else(|| vec![schema.clone()]);
        for schema in alternatives {
            assert_eq!(schema["additionalProperties"], false, "{route}: {name}");
        }
    }
}

#[test]
fn the_document_is_the_one_that_is_checked_in() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let kept: Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("docs/openapi.json"))
            .expect("JSON");
    assert!(kept == sarai_api::openapi(), "run `cargo xtask openapi`");
}

fn walk(value: &Value, see: &mut impl FnMut(&Value)) {
    see(value);
    match value {
        Value::Object(members) => members.values().for_each(|value| walk(value, see)),
        Value::Array(items) => items.iter().for_each(|value| walk(value, see)),
        _ => {}
    }
}
