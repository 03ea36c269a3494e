//! Observed facts put to the law of a day: findings with citations.

use std::collections::BTreeMap;

use sarai_law::{Citation, Date, Laws, Seen};
use serde::Deserialize;

use crate::{
    Cite, Finding, Likeness, Severity, Text2,
    facts::{Observed, packs},
    subject::{Sector, Subject},
};

/// From so many persons on, a finding is one step graver: the line from which data abroad needs a mechanism, and by which rules
/// measure scale elsewhere too.
const MANY: u64 = 100_000;

/// What the law made of the observed facts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judged {
    /// Breaches, the gravest first.
    pub findings: Vec<Finding>,
    /// Facts against which no rule of the packs was in force on the day.
    pub without_rule: Vec<String>,
    /// Facts that the packs do not know: a fault of this program.
    pub unknown: Vec<String>,
}

/// Puts every observed fact to the law of a day.
pub fn judge(subject: &Subject, on: Date, observed: Vec<Observed>, laws: &Laws) -> Judged {
    let mut judged = Judged::default();
    for one in observed {
        let seen = seen(subject, &one);
        let breaches = match laws.breaches(on, &one.fact, &seen) {
            Ok(breaches) => breaches,
            Err(_) => {
                judged.unknown.push(one.fact);
                continue;
            }
        };
        let mut cites: Vec<Cite> = Vec::new();
        let spoken = one.because.iter().chain(breaches.iter().map(|breach| &breach.citation));
        for citation in spoken {
            if !cites.iter().any(|known| known.rule == citation.rule) {
                cites.push(cite(citation));
            }
        }
        match laws.observation(&one.fact) {
            Some(_) if cites.is_empty() => judged.without_rule.push(one.fact),
            Some(known) => judged.findings.push(finding(one, known, cites)),
            None => judged.unknown.push(one.fact),
        }
    }
    judged.findings.sort_by(|a, b| {
        let weight = |finding: &Finding| finding.persons.unwrap_or(0).max(finding.count);
        (b.severity, weight(b)).cmp(&(a.severity, weight(a))).then_with(|| a.id.cmp(&b.id))
    });
    judged
}

fn seen(subject: &Subject, one: &Observed) -> Seen {
    let category = match subject.sector {
        Sector::Freight => "freight",
        Sector::Ride => "ride_hailing",
        Sector::Jobs => "recruitment",
        Sector::Other => "none",
    };
    Seen {
        laws: packs(subject),
        ciio: subject.ciio,
        sectors: crate::facts::operator(subject).sectors,
        supply_side: one.supply_side,
        in_service: one.in_service,
        category: category.to_owned(),
        persons: one.persons.unwrap_or(0),
        days: one.days,
        ..Seen::default()
    }
}

fn cite(citation: &Citation) -> Cite {
    Cite {
        cite: citation.cite.clone(),
        rule: citation.rule.clone(),
        checked: citation.checked.word(),
        from: citation.from.to_string(),
        until: citation.until.map(|until| until.to_string()),
    }
}

fn finding(one: Observed, known: &sarai_law::Observation, cites: Vec<Cite>) -> Finding {
    let severity = raised(hinted(known.severity), one.persons);
    let title = joined(&known.en, &known.zh, &one.detail);
    let act =
        Text2::made(first_clause(&known.fix).to_owned(), first_clause(&known.fix_zh).to_owned());
    Finding {
        id: id(&one),
        fact: one.fact,
        group: one.group,
        severity,
        count: one.count,
        persons: one.persons,
        title,
        evidence: one.evidence,
        cites,
        remedy: Text2::made(known.fix.clone(), known.fix_zh.clone()),
        act,
        likeness: known.didi.as_deref().and_then(likeness),
    }
}

/// The law's sentence, and the figures behind it.
fn joined(en: &str, zh: &str, detail: &Text2) -> Text2 {
    match detail.en.is_empty() {
        true => Text2::made(en.to_owned(), zh.to_owned()),
        false => Text2::made(format!("{en}: {}", detail.en), format!("{zh}：{}", detail.zh)),
    }
}

fn first_clause(text: &str) -> &str {
    let end = text.find([';', '；', '.', '。']).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

/// Stable as long as the same fact is about the same thing.
fn id(one: &Observed) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(format!("{}\n{}", one.fact, one.about));
    let hex: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{hex}", one.fact)
}

fn hinted(hint: sarai_law::Severity) -> Severity {
    match hint {
        sarai_law::Severity::Info => Severity::Note,
        sarai_law::Severity::Low => Severity::Low,
        sarai_law::Severity::Medium => Severity::Medium,
        sarai_law::Severity::High => Severity::High,
        sarai_law::Severity::Critical => Severity::Critical,
    }
}

fn raised(severity: Severity, persons: Option<u64>) -> Severity {
    match (severity, persons) {
        (Severity::Medium, Some(n)) if n >= MANY => Severity::High,
        (Severity::High, Some(n)) if n >= MANY => Severity::Critical,
        (severity, _) => severity,
    }
}

#[derive(Deserialize)]
struct Sixteen {
    #[expect(dead_code, reason = "says of the file whether its source was read")]
    checked: String,
    fact: Vec<Published>,
}

#[derive(Deserialize)]
struct Published {
    id: String,
    #[serde(default)]
    #[cfg_attr(not(test), expect(dead_code, reason = "a test adds the published counts up"))]
    n: u64,
    en: String,
    zh: String,
}

static SIXTEEN: std::sync::LazyLock<BTreeMap<String, Published>> = std::sync::LazyLock::new(|| {
    let read: Result<Sixteen, _> = toml::from_str(include_str!("../data/didi16.toml"));
    read.map(|file| file.fact.into_iter().map(|fact| (fact.id.clone(), fact)).collect())
        .unwrap_or_default()
});

/// What the decision of 21 July 2022 says under a number.
pub fn likeness(fact: &str) -> Option<Likeness> {
    let known = SIXTEEN.get(fact)?;
    let what = Text2::made(known.en.clone(), known.zh.clone());
    Some(Likeness { fact: known.id.clone(), what })
}

/// The numbers of the decision's facts.
pub fn sixteen() -> impl Iterator<Item = &'static str> {
    SIXTEEN.keys().map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_counts_add_up_to_the_published_total() {
        assert_eq!(SIXTEEN.len(), 16);
        let total: u64 = SIXTEEN.values().filter(|fact| fact.id != "V16").map(|fact| fact.n).sum();
        assert_eq!(total, 64_709_137_100);
    }

    #[test]
    fn many_persons_make_a_finding_one_step_graver() {
        assert_eq!(raised(Severity::Medium, Some(MANY)), Severity::High);
        assert_eq!(raised(Severity::Medium, Some(MANY - 1)), Severity::Medium);
        assert_eq!(raised(Severity::Critical, Some(MANY)), Severity::Critical);
        assert_eq!(raised(Severity::Low, Some(MANY)), Severity::Low);
    }
}
