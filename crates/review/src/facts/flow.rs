//! Where data goes, as the subject states it: held against the law of the day, with all recipients counted together.

use sarai_law::{
    Citation, Consent, Country, Date, Facts, Kind, Laws, Mechanism, OperatorFacts, Outcome,
    Payload, Recipient, RecipientKind as LawRecipient, Requirement, Sector as LawSector, Set,
    Venue, Word,
};

use super::{Observed, category::label};
use crate::{
    Evidence, Group, Place,
    report::{country, number},
    subject::{Flow, Listing, MechanismKind, RecipientKind, Sector, Subject},
};

/// Name under which findings know the subject's own statements.
pub const STATED: &str = "subject.toml";

/// Reads the flows.
pub fn observe(subject: &Subject, laws: &Laws, seen: &mut Vec<Observed>) {
    let Some(on) = subject.on else { return };
    let abroad: Vec<&Flow> =
        subject.flow.iter().filter(|flow| flow.country != subject.country).collect();
    let persons: u64 = abroad.iter().map(|flow| flow.persons).sum();
    let sensitive: u64 = abroad.iter().map(|flow| flow.sensitive_persons).sum();
    for flow in &abroad {
        outbound(subject, flow, (persons, sensitive), laws, on, seen);
    }
    for flow in subject.flow.iter().filter(|flow| flow.country == subject.country) {
        if flow.kind == RecipientKind::Handler && !flow.separate_consent && !flow.data.is_empty() {
            let group = Group::Transfer;
            let observed = stated("shared_without_consent", flow, group);
            seen.push(observed.detail(
                format!(
                    "{} of {} people to {}",
                    data(flow, true),
                    number(flow.persons),
                    flow.recipient
                ),
                format!(
                    "{}提供给 {}，涉及 {} 人",
                    data(flow, false),
                    flow.recipient,
                    number(flow.persons)
                ),
            ));
        }
    }
}

fn stated(fact: &str, flow: &Flow, group: Group) -> Observed {
    let within = format!("flow to {}, {}", flow.recipient, flow.country);
    let evidence = Evidence {
        place: Place { source: STATED.to_owned(), within },
        count: flow.persons.max(1),
        persons: (flow.persons > 0).then_some(flow.persons),
        sample: None,
        sha256: None,
    };
    Observed::new(fact, &flow.recipient, group, vec![evidence])
}

/// The data of a flow in words.
fn data(flow: &Flow, english: bool) -> String {
    let names = flow.data.iter().map(|code| label(code));
    let names: Vec<String> =
        names.map(|text| if english { text.en.to_string() } else { text.zh.to_string() }).collect();
    match (names.is_empty(), english) {
        (true, true) => "data".to_owned(),
        (true, false) => "数据".to_owned(),
        (_, true) => names.join(", "),
        (_, false) => names.join("、"),
    }
}

fn outbound(
    subject: &Subject,
    flow: &Flow,
    all: (u64, u64),
    laws: &Laws,
    on: Date,
    seen: &mut Vec<Observed>,
) {
    let facts = facts(subject, flow, all);
    let verdict = laws.transfer(on, &facts);
    let place = country(&flow.country);
    let to = (
        format!("{} ({})", flow.recipient, place.en),
        format!("{}（{}）", flow.recipient, place.zh),
    );
    let people = (number(flow.persons), number(flow.sensitive_persons));
    let base = |fact: &str| stated(fact, flow, Group::Transfer);
    if flow.kind == RecipientKind::ForeignAuthority && verdict.outcome != Outcome::Allow {
        seen.push(base("transfer_to_foreign_authority").because(&verdict.prohibited).detail(
            format!("{} to {}", data(flow, true), to.0),
            format!("向{}提供{}", to.1, data(flow, false)),
        ));
        return;
    }
    if !verdict.prohibited.is_empty() {
        let fact =
            if subject.sector == Sector::Ride { "ride_data_abroad" } else { "stored_abroad" };
        seen.push(base(fact).because(&verdict.prohibited).detail(
            format!("{} of {} people to {}, which nothing lifts", data(flow, true), people.0, to.0),
            format!("{}传至{}，涉及 {} 人，任何机制均不可解除", data(flow, false), to.1, people.0),
        ));
    }
    for need in &verdict.missing {
        let needs = |wanted: &[Requirement]| need.any_of.iter().any(|one| wanted.contains(one));
        let words: Vec<&str> = need.any_of.iter().map(|one| one.word()).collect();
        let (fact, words_en) = if needs(MECHANISMS) {
            let fact =
                if flow.important { "transfer_important" } else { "transfer_without_mechanism" };
            (fact, format!("none of {} is in force", words.join(", ").replace('_', " ")))
        } else if needs(&[Requirement::ConsentOutbound]) {
            ("transfer_without_consent", "there is no separate consent".to_owned())
        } else {
            continue;
        };
        let because: Vec<Citation> = need.because.clone();
        seen.push(base(fact).because(&because).detail(
            format!(
                "{} of {} people, {} of them sensitive, to {}; {words_en}",
                data(flow, true),
                people.0,
                people.1,
                to.0
            ),
            format!(
                "{}传至{}，涉及 {} 人（敏感 {} 人），无有效机制或单独同意",
                data(flow, false),
                to.1,
                people.0,
                people.1
            ),
        ));
    }
}

const MECHANISMS: &[Requirement] =
    &[Requirement::StandardContract, Requirement::Certification, Requirement::SecurityAssessment];

/// The law's word for a kind of data.
fn kind(category: &str) -> Option<Kind> {
    let word = match category {
        "person.name" => "name",
        "id.resident" => "resident_id",
        "id.passport" => "passport",
        "contact.address" | "address.home" | "address.work" => "address",
        "location.precise" => "location",
        "location.track" => "track",
        "biometric.face" => "face",
        "profile.age_band" | "person.age" => "age",
        "profile.occupation" => "occupation",
        "profile.education" => "education",
        "social.kinship" => "kinship",
        other => match other.split('.').next()? {
            "contact" => "contact",
            "biometric" => "biometric",
            "health" => "health",
            "finance" => "financial_account",
            "inferred" => "inferred",
            "device" => "device_id",
            _ => return None,
        },
    };
    Kind::of(word)
}

/// The subject as the law sees it.
pub fn operator(subject: &Subject) -> OperatorFacts {
    let sector = match subject.sector {
        Sector::Freight => LawSector::of("freight"),
        Sector::Ride => LawSector::of("ride"),
        Sector::Jobs => LawSector::of("jobs"),
        Sector::Other => LawSector::of("other"),
    };
    let listing = match subject.listing {
        Listing::None => Venue::None,
        Listing::Domestic => Venue::Domestic,
        Listing::Hk => Venue::Hk,
        Listing::Foreign => Venue::Foreign,
    };
    OperatorFacts {
        home: Country::of(&subject.country).unwrap_or(Country::CN),
        ciio: subject.ciio,
        sectors: sector.into_iter().collect(),
        users: subject.users,
        persons_held: subject.users,
        listing,
        ..OperatorFacts::default()
    }
}

fn facts(subject: &Subject, flow: &Flow, (persons, sensitive): (u64, u64)) -> Facts {
    let mut kinds: Set<Kind> = flow.data.iter().filter_map(|category| kind(category)).collect();
    if subject.sector == Sector::Ride && !flow.data.is_empty() {
        kinds.extend_with(Kind::of("ride_business"));
    }
    let mut payload =
        Payload { kinds, persons, sensitive_persons: sensitive, ..Payload::default() };
    if flow.important {
        payload.classes.insert(sarai_law::Class::Important);
    }
    let recipient = match flow.kind {
        RecipientKind::Handler => LawRecipient::Handler,
        RecipientKind::Processor => LawRecipient::Processor,
        RecipientKind::Group => LawRecipient::GroupCompany,
        RecipientKind::ForeignAuthority => LawRecipient::ForeignAuthority,
    };
    let mechanisms = flow.mechanism.iter().map(|stated| Mechanism {
        kind: match stated.kind {
            MechanismKind::StandardContract => Requirement::StandardContract,
            MechanismKind::Certification => Requirement::Certification,
            MechanismKind::SecurityAssessment => Requirement::SecurityAssessment,
        },
        number: Some(stated.number.clone()),
        from: None,
        until: stated.expires,
    });
    Facts {
        laws: super::packs(subject),
        operator: operator(subject),
        payload,
        recipient: Some(Recipient {
            country: Country::of(&flow.country).unwrap_or(Country::US),
            kind: recipient,
            covered_person: false,
            restricted: false,
        }),
        mechanisms: mechanisms.collect(),
        consents: if flow.separate_consent { Set::of(&[Consent::Outbound]) } else { Set::empty() },
        ..Facts::default()
    }
}

/// A set with one more word, where there is one.
trait ExtendWith<T> {
    fn extend_with(&mut self, word: Option<T>);
}

impl<T: Word> ExtendWith<T> for Set<T> {
    fn extend_with(&mut self, word: Option<T>) {
        if let Some(word) = word {
            self.insert(word);
        }
    }
}
