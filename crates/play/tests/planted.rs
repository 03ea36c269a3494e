//! The yardstick of the review: sixteen of sixteen on the planted platform, nothing on its twin.

#![expect(clippy::unwrap_used, reason = "a test that fails here says so")]

use std::{collections::BTreeSet, path::Path};

use sarai_law::Laws;
use sarai_play::planted::{BESIDES, Plan, platform};
use sarai_review::{
    Finding, Lang, Severity,
    judge::sixteen,
    report::{Fonts, Languages, Paint, Report, html, json, pdf, sarif, text},
    review,
    scan::{Options, Silent},
    subject::Subject,
};

fn folder(name: &str) -> std::path::PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::remove_dir_all(&folder).ok();
    folder
}

fn reviewed(plan: Plan, name: &str) -> Report {
    let folder = folder(name);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(platform(plan).write(&folder)).unwrap();
    let subject = Subject::open(&folder.join("subject.toml")).unwrap();
    let laws = Laws::embedded().unwrap();
    let now = "2026-11-25T12:00:00Z".parse().unwrap();
    let report = review(&subject, &laws, now, &Options::new("2026-11-23"), &Silent);
    keep(&report, name);
    report
}

/// Keeps the forms of a report under `SARAI_REPORTS`, to be looked at.
fn keep(report: &Report, name: &str) {
    let Some(folder) = std::env::var_os("SARAI_REPORTS") else { return };
    let at = |end: &str| Path::new(&folder).join(format!("{name}.{end}"));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(at("html"), html(report, Languages::Both(Lang::En))).unwrap();
    std::fs::write(at("json"), json(report)).unwrap();
    std::fs::write(at("sarif"), sarif(report)).unwrap();
    std::fs::write(at("txt"), text(report, Lang::En, Paint::Plain)).unwrap();
    if let Ok(fonts) = Fonts::find(None) {
        std::fs::write(at("pdf"), pdf(report, Lang::Zh, &fonts).unwrap()).unwrap();
    }
}

fn told(findings: &[Finding]) -> String {
    findings.iter().map(|f| format!("\n  {} [{}] {}", f.fact, f.id, f.title.en)).collect()
}

fn likenesses(report: &Report) -> BTreeSet<&str> {
    report
        .findings
        .iter()
        .filter_map(|finding| Some(finding.likeness.as_ref()?.fact.as_str()))
        .collect()
}

#[test]
fn all_sixteen_facts_are_found_whatever_the_seed_and_size() {
    for (seed, passengers) in [(1, 60), (7, 333), (20_220_721, 900)] {
        let report = reviewed(Plan { seed, passengers, planted: true }, &format!("planted-{seed}"));
        assert!(report.complete(), "{:?}", report.sources);
        let missing: Vec<&str> =
            sixteen().filter(|fact| !likenesses(&report).contains(fact)).collect();
        assert!(missing.is_empty(), "not found: {missing:?}, found:{}", told(&report.findings));
        assert_eq!(report.figures.sixteen, 16);
        let unplanned: Vec<Finding> = report
            .findings
            .iter()
            .filter(|finding| {
                !BESIDES.contains(&finding.fact.as_str()) && finding.likeness.is_none()
            })
            .cloned()
            .collect();
        assert!(unplanned.is_empty(), "nobody planted:{}", told(&unplanned));
        for finding in &report.findings {
            assert!(!finding.cites.is_empty() && !finding.evidence.is_empty(), "{}", finding.id);
        }
    }
}

#[test]
fn what_was_planted_is_counted_exactly() {
    let report = reviewed(Plan { seed: 3, passengers: 300, planted: true }, "planted-counts");
    let count = |fact: &str| {
        let finding = report.findings.iter().find(|finding| finding.fact == fact);
        finding
            .map(|finding| (finding.count, finding.persons))
            .unwrap_or_else(|| panic!("{fact} not found"))
    };
    // 200 faces (two of three passengers); every fifth passenger agreed, of them two of three have a face: 40.
    assert_eq!(count("face_without_consent"), (160, Some(160)));
    // Every second passenger, two positions each.
    assert_eq!(count("location_without_trip"), (300, Some(150)));
    assert_eq!(count("kinship_unneeded"), (75, Some(75)));
    assert_eq!(count("age_band_unneeded"), (300, Some(300)));
    // 30 in the table, 20 in the log.
    assert_eq!(count("id_plaintext").0, 50);
    // Every third passenger is asked three times in twelve hours: twice again.
    assert_eq!(count("app.asks_again"), (200, Some(100)));
    assert_eq!(count("education_unneeded").0, 30);
}

#[test]
fn the_clean_twin_has_no_finding() {
    for (seed, passengers) in [(1, 60), (7, 333), (20_220_721, 900)] {
        let report = reviewed(Plan { seed, passengers, planted: false }, &format!("clean-{seed}"));
        assert!(report.complete(), "{:?}", report.sources);
        assert!(report.findings.is_empty(), "false findings:{}", told(&report.findings));
        assert!(
            report.sources.iter().map(|source| source.read).sum::<u64>() > u64::from(passengers)
        );
    }
}

#[test]
fn the_same_evidence_before_the_law_was_in_force_breaches_less() {
    let folder = folder("planted-2020");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime
        .block_on(platform(Plan { seed: 1, passengers: 60, planted: true }).write(&folder))
        .unwrap();
    let mut subject = Subject::open(&folder.join("subject.toml")).unwrap();
    let laws = Laws::embedded().unwrap();
    let now = "2026-11-25T12:00:00Z".parse().unwrap();
    let mut cites = Vec::new();
    for on in ["2020-01-01", "2021-07-02", "2026-11-23"] {
        subject.on = Some(on.parse().unwrap());
        let report = review(&subject, &laws, now, &Options::new(on), &Silent);
        let pipl = report
            .findings
            .iter()
            .flat_map(|f| &f.cites)
            .filter(|cite| cite.cite.contains("PIPL"))
            .count();
        cites.push(pipl);
        let in_force = |cite: &sarai_review::Cite| {
            cite.from.as_str() <= on && cite.until.as_deref().is_none_or(|until| on < until)
        };
        assert!(report.findings.iter().flat_map(|finding| &finding.cites).all(in_force));
    }
    assert_eq!(&cites[..2], [0, 0], "the PIPL is in force from 2021-11-01");
    assert!(cites[2] > 10);
}

#[test]
fn ids_of_findings_stay_the_same_from_review_to_review() {
    let ids = |passengers, name: &str| -> BTreeSet<String> {
        let report = reviewed(Plan { seed: 4, passengers, planted: true }, name);
        report.findings.into_iter().map(|finding| finding.id).collect()
    };
    assert_eq!(ids(80, "ids-a"), ids(240, "ids-b"));
}

#[test]
fn no_value_of_a_person_stands_in_any_form_of_the_report() {
    let plan = Plan { seed: 9, passengers: 120, planted: true };
    let report = reviewed(plan, "values");
    let dump = platform(plan).dump();
    let forms = [
        html(&report, Languages::Both(Lang::En)),
        json(&report),
        sarif(&report),
        text(&report, Lang::Zh, Paint::Plain),
    ];
    let values: Vec<&str> = dump
        .split('\'')
        .filter(|value| {
            value.len() >= 11
                && value.chars().filter(char::is_ascii_digit).count() >= 9
                && !value.contains(' ')
        })
        .collect();
    assert!(values.len() > 100);
    for form in &forms {
        for value in &values {
            assert!(!form.contains(value), "{value} stands in a report");
        }
    }
    assert!(report.findings.iter().any(|finding| finding.severity == Severity::Critical));
}
