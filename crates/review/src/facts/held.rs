//! What databases and files hold: more than a service needs, inferred without telling, in plain text.

use std::collections::BTreeMap;

use super::{Observed, Side, category::label};
use crate::{
    Evidence, Group, Place,
    collect::{Collected, Holding, Points},
    report::number,
    subject::{Sector, Subject},
};

/// Surest below which a holding is no evidence.
const CONFIDENCE_MIN: u8 = 50;

/// Categories with a fact of their own: the excess of the decision of 2022.
const EXCESS: &[(&str, &str)] = &[
    ("profile.age_band", "age_band_unneeded"),
    ("profile.occupation", "occupation_unneeded"),
    ("social.kinship", "kinship_unneeded"),
    ("address.home", "home_work_address_unneeded"),
    ("address.work", "home_work_address_unneeded"),
    ("profile.education", "education_unneeded"),
    ("photo_album", "app.reads_screenshots"),
    ("device.clipboard", "app.reads_clipboard"),
    ("device.app_list", "app.reads_app_list"),
];

/// Inferred data: a wrong only where nobody was told.
const INFERRED: &[(&str, &str)] = &[
    ("inferred.travel_intent", "travel_intent_inferred"),
    ("inferred.home_city", "home_city_inferred"),
    ("inferred.trip_kind", "trip_kind_inferred"),
];

/// What no marketplace of these sectors needs of anybody, told or not.
const NEVER: &[&str] = &[
    "person.religion",
    "person.marriage",
    "person.ethnicity",
    "health.record",
    "health.nhs",
    "biometric.gene",
    "biometric.fingerprint",
    "biometric.voice",
    "contact.list",
];

/// Sensitive values that must not be readable as they lie. Positions are not among them: a table of positions is read by the service.
const ENCRYPTED: &[&str] = &[
    "finance.card",
    "finance.account",
    "finance.iban",
    "finance.cvv",
    "id.passport",
    "biometric.face",
    "biometric.voice",
    "biometric.fingerprint",
    "biometric.gene",
    "health.record",
];

/// Reads the holdings.
pub fn observe(subject: &Subject, collected: &Collected, seen: &mut Vec<Observed>) {
    let mut by_category: BTreeMap<&str, Vec<&Holding>> = BTreeMap::new();
    for holding in collected.holdings.iter().filter(|one| one.confidence >= CONFIDENCE_MIN) {
        by_category.entry(&holding.category).or_default().push(holding);
    }
    for (category, all) in by_category {
        let columns: Vec<&Holding> =
            all.iter().copied().filter(|one| !one.in_text && one.whole).collect();
        excess(subject, category, &columns, seen);
        inferred(collected, category, &columns, seen);
        plain(category, &all, seen);
    }
    for points in &collected.points {
        positions(subject, points, seen);
    }
}

fn excess(subject: &Subject, category: &str, columns: &[&Holding], seen: &mut Vec<Observed>) {
    let unneeded: Vec<&Holding> = columns
        .iter()
        .copied()
        .filter(|one| !super::needed(subject.sector, one.side, category))
        .collect();
    if unneeded.is_empty() {
        return;
    }
    if let Some((_, fact)) = EXCESS.iter().find(|(known, _)| *known == category) {
        let about = if *fact == "home_work_address_unneeded" { "address" } else { category };
        let supply = unneeded.iter().all(|one| one.side == Side::Supply);
        seen.push(described(fact, about, Group::Excess, &unneeded).supply(supply));
    } else if NEVER.contains(&category) {
        seen.push(described("field_unneeded", category, Group::Excess, &unneeded));
    }
}

fn inferred(collected: &Collected, category: &str, columns: &[&Holding], seen: &mut Vec<Observed>) {
    let Some((_, fact)) = INFERRED.iter().find(|(known, _)| *known == category) else { return };
    if !columns.is_empty() && !collected.told(category) {
        seen.push(described(fact, category, Group::Notice, columns));
    }
}

fn plain(category: &str, all: &[&Holding], seen: &mut Vec<Observed>) {
    let readable: Vec<&Holding> = all.iter().copied().filter(|one| one.plain).collect();
    let columns: Vec<&Holding> = readable.iter().copied().filter(|one| !one.in_text).collect();
    let texts: Vec<&Holding> = readable.iter().copied().filter(|one| one.in_text).collect();
    match category {
        // A number in a log or a backup is as plain as one in a column.
        "id.resident" if !readable.is_empty() => {
            seen.push(described("id_plaintext", category, Group::Protection, &readable));
        }
        "credential.password" if !columns.is_empty() => {
            seen.push(described("password_plaintext", category, Group::Protection, &columns));
        }
        "credential.key" | "credential.private_key" | "credential.token" if !texts.is_empty() => {
            seen.push(described("credential_exposed", category, Group::Protection, &texts));
        }
        _ if ENCRYPTED.contains(&category) && columns.iter().any(|one| one.whole) => {
            seen.push(described("sensitive_plaintext", category, Group::Protection, &columns));
        }
        _ => {}
    }
    if category != "id.resident"
        && !category.starts_with("credential.")
        && !texts.is_empty()
        && logged(category)
    {
        seen.push(described("log_has_pi", category, Group::Protection, &texts));
    }
}

/// What makes a log a store of personal data. An address of the network alone does not: access logs must have it.
fn logged(category: &str) -> bool {
    category.starts_with("contact.mobile")
        || category.starts_with("contact.email")
        || category.starts_with("finance.card")
        || category.starts_with("id.")
        || category.starts_with("location.precise")
}

fn positions(subject: &Subject, points: &Points, seen: &mut Vec<Observed>) {
    let serves = matches!(subject.sector, Sector::Ride | Sector::Freight);
    if !serves || !points.track || points.on_shift || points.without_trip == 0 {
        return;
    }
    let evidence = Evidence {
        place: Place { source: points.source.clone(), within: points.within.clone() },
        count: points.without_trip,
        persons: points.persons,
        sample: None,
        sha256: None,
    };
    let (without, all) = (number(points.without_trip), number(points.points));
    let persons = points.persons.map(number);
    let people = persons.as_ref().map(|n| format!(" of {n} people")).unwrap_or_default();
    let people_zh = persons.map(|n| format!("，涉及 {n} 人")).unwrap_or_default();
    seen.push(
        Observed::new("location_without_trip", "location", Group::Excess, vec![evidence])
            .detail(
                format!("{without} of {all} positions{people} belong to no trip"),
                format!("{all} 个位置点中 {without} 个不属于任何行程{people_zh}"),
            )
            .supply(points.side == Side::Supply),
    );
}

/// A fact from holdings, with its figures in words.
fn described(fact: &str, about: &str, group: Group, holdings: &[&Holding]) -> Observed {
    let evidence: Vec<Evidence> = holdings.iter().map(|one| one.evidence()).collect();
    let observed = Observed::new(fact, about, group, evidence);
    let what = holdings.first().map(|one| label(&one.category)).unwrap_or_else(|| label(about));
    let count = number(observed.count);
    let (en, zh) = match observed.persons {
        Some(n) => (
            format!("{count} {} of {} people", what.en, number(n)),
            format!("{} {count} 条，涉及 {} 人", what.zh, number(n)),
        ),
        None => (format!("{count} {}", what.en), format!("{} {count} 条", what.zh)),
    };
    observed.detail(en, zh)
}

impl Holding {
    /// As evidence.
    pub fn evidence(&self) -> Evidence {
        Evidence {
            place: Place { source: self.source.clone(), within: self.within.clone() },
            count: self.count,
            persons: self.persons,
            sample: self.sample.clone(),
            sha256: self.sha256.clone(),
        }
    }
}
