//! Base facts and what a line of a table changes in them.

use sarai_law::{
    Aim, Basis, Country, Deal, Event, Facts, Ground, Jurisdiction, Kind, Mechanism, OperatorFacts,
    Payload, Recipient, RecipientKind, Sector, Set, Venue, Word,
};

/// An ordinary operator in China gives names and contacts of 1,000 persons, on consent, to a handler in the United States.
fn base() -> Facts {
    Facts {
        operator: OperatorFacts::default(),
        payload: Payload {
            kinds: Set::of(&[Kind::Name, Kind::Contact]),
            persons: 1_000,
            persons_two_years: 1_000,
            ..Payload::default()
        },
        recipient: Some(Recipient {
            country: Country::US,
            kind: RecipientKind::Handler,
            covered_person: false,
            restricted: false,
        }),
        aim: Aim::Service,
        basis: Basis::Consent,
        ..Facts::default()
    }
}

fn word<T: Word>(text: &str) -> T {
    T::of(text).unwrap_or_else(|| panic!("{text} is not one of {}", T::KIND))
}

fn set<T: Word>(text: &str) -> Set<T> {
    text.split(',').map(word).collect()
}

/// The base with these changes: `persons=5 to=HK ciio`.
pub fn facts(changes: &str) -> Facts {
    let mut facts = base();
    for change in changes.split_ascii_whitespace() {
        let (key, value) = change.split_once('=').unwrap_or((change, ""));
        change_one(&mut facts, key, value);
    }
    facts
}

fn change_one(facts: &mut Facts, key: &str, value: &str) {
    let count = || value.parse::<u64>().unwrap_or_else(|_| panic!("{key}={value}"));
    let country = || Country::of(value).unwrap_or_else(|| panic!("{value}"));
    let Facts { operator, payload, .. } = facts;
    let Some(recipient) = facts.recipient.as_mut() else { return };
    match key {
        "laws" => facts.laws = set::<Jurisdiction>(value),
        "home" => operator.home = country(),
        "ciio" => operator.ciio = true,
        "us_person" => operator.us_person = true,
        "sectors" => operator.sectors = set::<Sector>(value),
        "users" => operator.users = count(),
        "monthly" => operator.monthly_users = count(),
        "held" => operator.persons_held = count(),
        "faces" => operator.faces_held = count(),
        "listing" => operator.listing = word::<Venue>(value),
        "important" => operator.important = true,
        "minors" => operator.minors = true,
        "automated" => operator.automated = true,
        "procures" => operator.procures = true,
        "national_security" => operator.national_security = true,
        "national_effect" => operator.national_effect = true,
        "classes" => payload.classes = set(value),
        "kinds" => payload.kinds = set::<Kind>(value),
        "persons" => payload.persons = count(),
        "sensitive" => payload.sensitive_persons = count(),
        "persons_two_years" => payload.persons_two_years = count(),
        "sensitive_two_years" => payload.sensitive_two_years = count(),
        "genomic" => payload.us.genomic = count(),
        "omic" => payload.us.omic = count(),
        "biometric" => payload.us.biometric = count(),
        "geolocation" => payload.us.geolocation = count(),
        "health" => payload.us.health = count(),
        "financial" => payload.us.financial = count(),
        "identifiers" => payload.us.identifiers = count(),
        "combined" => payload.us.combined = count(),
        "to" => recipient.country = country(),
        "kind" => recipient.kind = word::<RecipientKind>(value),
        "covered" => recipient.covered_person = true,
        "restricted" => recipient.restricted = true,
        "aim" => facts.aim = word::<Aim>(value),
        "basis" => facts.basis = word::<Basis>(value),
        "deal" => facts.deal = word::<Deal>(value),
        "grounds" => facts.grounds = set::<Ground>(value),
        "objected" => facts.objected = true,
        "met" => {
            let kinds = value.split(',').map(word);
            facts.mechanisms = kinds
                .map(|kind| Mechanism { kind, number: None, from: None, until: None })
                .collect();
        }
        "event" => {
            facts.events.insert(word::<Event>(value), jiff_day());
        }
        _ => panic!("{key} is no fact"),
    }
}

fn jiff_day() -> sarai_law::Date {
    sarai_law::Date::constant(2026, 3, 2)
}
