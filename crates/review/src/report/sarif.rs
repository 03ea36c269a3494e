//! SARIF 2.1.0, for viewers of analysis results.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Report;
use crate::{Evidence, Finding, Severity};

/// Address of the schema that the output names. Nothing is fetched from it.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// A report as SARIF 2.1.0.
pub fn sarif(report: &Report) -> String {
    let mut rules: Vec<&Finding> = Vec::new();
    for finding in &report.findings {
        if !rules.iter().any(|rule| rule.fact == finding.fact) {
            rules.push(finding);
        }
    }
    let at: BTreeMap<&str, usize> =
        rules.iter().enumerate().map(|(at, rule)| (rule.fact.as_str(), at)).collect();
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| result(finding, at.get(finding.fact.as_str()).copied().unwrap_or(0)))
        .collect();
    let whole = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "sarai review",
                "semanticVersion": report.head.version,
                "rules": rules.iter().map(|rule| rule_of(rule)).collect::<Vec<_>>(),
            }},
            "invocations": [{
                "executionSuccessful": report.complete(),
                "endTimeUtc": report.head.made.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
                "toolExecutionNotifications": notes(report),
            }],
            "artifacts": artifacts(report),
            "results": results,
            "columnKind": "unicodeCodePoints",
            "properties": {
                "subject": report.head.name.en,
                "lawOn": report.head.on.to_string(),
                "packs": report.head.law,
            },
        }],
    });
    let mut out = serde_json::to_string_pretty(&whole).unwrap_or_default();
    out.push('\n');
    out
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Note => "note",
    }
}

/// What viewers sort by: 0 to 10, in the scale that code scanners share.
const fn rank(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Note => "0.0",
    }
}

fn rule_of(finding: &Finding) -> Value {
    json!({
        "id": finding.fact,
        "shortDescription": { "text": finding.act.en },
        "fullDescription": { "text": finding.remedy.en },
        "defaultConfiguration": { "level": level(finding.severity) },
        "properties": { "security-severity": rank(finding.severity) },
    })
}

fn result(finding: &Finding, rule: usize) -> Value {
    let cites: Vec<String> = finding.cites.iter().map(|cite| cite.cite.clone()).collect();
    let text = match cites.is_empty() {
        true => finding.title.en.to_string(),
        false => format!("{} ({})", finding.title.en, cites.join("; ")),
    };
    json!({
        "ruleId": finding.fact,
        "ruleIndex": rule,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": finding.evidence.iter().map(location).collect::<Vec<_>>(),
        "partialFingerprints": { "saraiFinding/v1": finding.id },
        "occurrenceCount": finding.count.max(1),
        "properties": {
            "persons": finding.persons,
            "zh": finding.title.zh,
            "cites": finding.cites,
            "likeness": finding.likeness,
        },
    })
}

fn location(evidence: &Evidence) -> Value {
    json!({
        "physicalLocation": { "artifactLocation": { "uri": uri(&evidence.place.source) } },
        "logicalLocations": [{ "fullyQualifiedName": evidence.place.within }],
        "properties": { "count": evidence.count, "persons": evidence.persons, "sample": evidence.sample },
    })
}

fn artifacts(report: &Report) -> Vec<Value> {
    report
        .sources
        .iter()
        .map(|source| {
            let mut artifact = json!({ "location": { "uri": uri(&source.name) } });
            if let Some(sha256) = &source.sha256 {
                artifact["hashes"] = json!({ "sha-256": sha256 });
            }
            artifact
        })
        .collect()
}

fn notes(report: &Report) -> Vec<Value> {
    report
        .sources
        .iter()
        .filter(|source| !source.complete)
        .map(|source| {
            let why = source.note.as_deref().unwrap_or("not read to its end");
            json!({ "level": "warning", "message": { "text": format!("{}: {why}", source.name) } })
        })
        .collect()
}

/// A source's name as a relative reference.
fn uri(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
