//! Duties of the subject as it stands: counts of persons over lines, shares listed abroad, where data is stored.

use sarai_law::{Facts, Laws, Requirement};

use super::{Observed, flow};
use crate::{
    Evidence, Group, Place,
    report::{country, number},
    subject::{Sector, Subject},
};

/// Reads what the subject states about itself.
pub fn observe(subject: &Subject, laws: &Laws, seen: &mut Vec<Observed>) {
    review(subject, laws, seen);
    for (name, place) in subject.stored().filter(|(_, place)| *place != subject.country) {
        let fact =
            if subject.sector == Sector::Ride { "ride_data_abroad" } else { "stored_abroad" };
        let within = country(place);
        let evidence = evidence(name, &format!("stored in {}", within.en), 1, None);
        seen.push(Observed::new(fact, name, Group::Transfer, vec![evidence]).detail(
            format!("{name} is stored in {}", within.en),
            format!("{name} 存储于{}", within.zh),
        ));
    }
}

fn evidence(source: &str, within: &str, count: u64, persons: Option<u64>) -> Evidence {
    let place = Place { source: source.to_owned(), within: within.to_owned() };
    Evidence { place, count, persons, sample: None, sha256: None }
}

/// A review is required before shares are listed abroad, and none was passed.
fn review(subject: &Subject, laws: &Laws, seen: &mut Vec<Observed>) {
    let Some(on) = subject.on else { return };
    if subject.review_passed.is_some() {
        return;
    }
    let facts = Facts {
        laws: super::packs(subject),
        operator: flow::operator(subject),
        ..Facts::default()
    };
    let answer = laws.ask(on, &facts);
    for need in &answer.needs {
        if need.met || !need.any_of.contains(&Requirement::CybersecurityReview) {
            continue;
        }
        let line = format!("users = {}, listing = {}", subject.users, subject.listing.word());
        let evidence = evidence(flow::STATED, &line, subject.users, Some(subject.users));
        let users = number(subject.users);
        seen.push(
            Observed::new("listed_without_review", "listing", Group::Duty, vec![evidence])
                .because(&need.because)
                .detail(
                    format!("{users} users and shares abroad; no review is on file"),
                    format!("用户 {users} 人且赴国外上市，无网络安全审查记录"),
                ),
        );
    }
}
