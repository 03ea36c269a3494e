//! SARIF 2.1.0 (OASIS): what was found as results, what could not be read as notifications.

use serde_json::{Value, json};

use crate::{
    scan::{Distinct, Found, Inventory, Source, Unit, code::class_word},
    source::Problem,
};

/// The inventory as a SARIF log.
pub fn sarif(inventory: &Inventory, tool_version: &str) -> Value {
    let mut rules: Vec<Value> = Vec::new();
    let mut ids: Vec<&'static str> = Vec::new();
    let mut results = Vec::new();
    for (source, unit, found) in inventory.found() {
        let id = found.category.code();
        let index = ids.iter().position(|known| *known == id).unwrap_or_else(|| {
            ids.push(id);
            rules.push(rule(found));
            ids.len() - 1
        });
        results.push(result(source, unit, found, index));
    }
    let notifications: Vec<Value> = inventory
        .sources
        .iter()
        .flat_map(|source| source.problems.iter().map(move |problem| notification(source, problem)))
        .collect();
    let artifacts: Vec<Value> = inventory.sources.iter().map(artifact).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "sarai scan",
                "version": tool_version,
                "semanticVersion": tool_version,
                "rules": rules,
            }},
            "invocations": [{
                "executionSuccessful": !inventory.is_partial(),
                "toolExecutionNotifications": notifications,
            }],
            "artifacts": artifacts,
            "results": results,
            "columnKind": "unicodeCodePoints",
            "properties": { "day": inventory.day },
        }],
    })
}

fn rule(found: &Found) -> Value {
    json!({
        "id": found.category.code(),
        "name": found.category.code().replace('.', "_"),
        "shortDescription": { "text": format!("Data of the category {}", found.category.code()) },
        "defaultConfiguration": { "level": level(found) },
        "properties": { "class": class_word(found.class) },
    })
}

fn level(found: &Found) -> &'static str {
    match class_word(found.class) {
        "sensitive" | "credential" | "important_candidate" => "error",
        "personal" => "warning",
        _ => "note",
    }
}

fn result(source: &Source, unit: &Unit, found: &Found, index: usize) -> Value {
    let column =
        found.column.as_ref().map(|column| format!(", column {column}")).unwrap_or_default();
    let persons = match found.persons {
        Some(Distinct::Exact(persons)) => format!(", {persons} persons"),
        Some(Distinct::About(persons)) => format!(", about {persons} persons"),
        None => String::new(),
    };
    let sample = found.sample.as_ref().map(|sample| format!(", like {sample}")).unwrap_or_default();
    let text =
        format!("{} values of {}{column}{persons}{sample}", found.count, found.category.code());
    let mut physical = json!({ "artifactLocation": { "uri": uri(&source.name) } });
    // A region is only true of a text that is not packed inside something else.
    let line = found.first.strip_prefix("line ").and_then(|line| line.parse::<u64>().ok());
    if let (true, Some(line)) = (unit.within.is_empty(), line) {
        physical["region"] = json!({ "startLine": line });
    }
    let name = match (unit.within.as_str(), &found.column) {
        ("", None) => None,
        ("", Some(column)) => Some(column.clone()),
        (within, None) => Some(within.to_owned()),
        (within, Some(column)) => Some(format!("{within} → {column}")),
    };
    let mut location = json!({ "physicalLocation": physical });
    if let Some(name) = name {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": name }]);
    }
    json!({
        "ruleId": found.category.code(),
        "ruleIndex": index,
        "level": level(found),
        "message": { "text": text },
        "locations": [location],
        "rank": f64::from(found.confidence),
        "properties": {
            "class": class_word(found.class),
            "count": found.count,
            "distinct": found.distinct.number(),
            "distinctExact": found.distinct.is_exact(),
            "first": found.first,
        },
    })
}

fn notification(source: &Source, problem: &Problem) -> Value {
    let mut location =
        json!({ "physicalLocation": { "artifactLocation": { "uri": uri(&source.name) } } });
    if !problem.within.is_empty() {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": problem.within }]);
    }
    json!({
        "level": "warning",
        "descriptor": { "id": problem.fault.word() },
        "message": { "text": problem.reason },
        "locations": [location],
    })
}

fn artifact(source: &Source) -> Value {
    let mut artifact = json!({
        "location": { "uri": uri(&source.name) },
        "length": source.bytes,
        "properties": { "format": source.format.word() },
    });
    if let Some(sha256) = &source.sha256 {
        artifact["hashes"] = json!({ "sha-256": sha256 });
    }
    artifact
}

/// A path as a URI reference (RFC 3986): what is no letter, digit or path sign in percent.
fn uri(name: &str) -> String {
    use std::fmt::Write;
    name.bytes().fold(String::with_capacity(name.len()), |mut uri, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            b':' if name.contains("://") => uri.push(':'),
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
        uri
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uri_references() {
        assert_eq!(uri("a b/数.csv"), "a%20b/%E6%95%B0.csv");
        assert_eq!(uri("postgres://db:5432/x"), "postgres://db:5432/x");
        assert_eq!(uri("c:x"), "c%3Ax");
    }
}
