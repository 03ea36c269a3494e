//! From evidence to observed facts: what was collected is read for what a law may have a rule against. No law is asked here.
//!
//! An observed fact carries the id by which `laws/observations.toml` knows it; [`crate::judge`] puts it to the law.

mod access;
mod category;
mod declared;
mod duty;
mod flow;
mod held;
mod keep;
mod outside;
mod own;
mod relate;

use sarai_law::{Citation, Jurisdiction, Laws, Set, Word};

use crate::{Evidence, Group, Text2, collect::Collected, subject::Subject};

pub use access::{AccessLog, AccessRow};
pub use category::{Side, label, needed};
pub use declared::{Declaration, Item};
pub use flow::operator;
pub use outside::{below, supplies};
pub use relate::{Ask, Relations, TableId};

/// Something observed, in the law's word for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// Id in `laws/observations.toml`: `id_plaintext`.
    pub fact: String,
    /// What tells two findings of the same fact apart: a category, a recipient, a permission. Part of the finding's id.
    pub about: String,
    /// What kind of wrong it would be.
    pub group: Group,
    /// Where it was seen.
    pub evidence: Vec<Evidence>,
    /// How often, over all evidence.
    pub count: u64,
    /// Distinct persons at least, where they can be told apart.
    pub persons: Option<u64>,
    /// The figures behind it, as the second half of a sentence.
    pub detail: Text2,
    /// Seen while the service that needs it was under way.
    pub in_service: bool,
    /// Concerns the supply side: drivers, carriers, employers.
    pub supply_side: bool,
    /// Days over a term.
    pub days: u64,
    /// Rules that spoke when a wider question was put to the law (a transfer, a listing).
    pub because: Vec<Citation>,
}

impl Observed {
    /// A fact with its evidence: counts are summed, persons are at least those of the largest place.
    pub fn new(fact: &str, about: &str, group: Group, evidence: Vec<Evidence>) -> Self {
        let count = evidence.iter().map(|one| one.count).sum();
        let persons = evidence.iter().filter_map(|one| one.persons).max();
        Self {
            fact: fact.to_owned(),
            about: about.to_owned(),
            group,
            evidence,
            count,
            persons,
            detail: Text2::fixed("", ""),
            in_service: false,
            supply_side: false,
            days: 0,
            because: Vec::new(),
        }
    }

    /// With the figures behind it.
    pub fn detail(mut self, en: String, zh: String) -> Self {
        self.detail = Text2::made(en, zh);
        self
    }

    /// With the rules that spoke.
    pub fn because(mut self, rules: &[Citation]) -> Self {
        self.because.extend_from_slice(rules);
        self
    }

    /// Concerns the supply side.
    pub fn supply(mut self, supply_side: bool) -> Self {
        self.supply_side = supply_side;
        self
    }
}

/// Everything that the evidence shows, the same fact about the same thing once.
pub fn observe(subject: &Subject, collected: &Collected, laws: &Laws) -> Vec<Observed> {
    let mut seen = Vec::new();
    held::observe(subject, collected, &mut seen);
    declared::observe(subject, collected, &mut seen);
    relate::observe(subject, collected, &mut seen);
    keep::observe(subject, collected, &mut seen);
    access::observe(subject, collected, &mut seen);
    outside::observe(subject, collected, laws, &mut seen);
    flow::observe(subject, laws, &mut seen);
    duty::observe(subject, laws, &mut seen);
    own::observe(subject, collected, &mut seen);
    merged(seen)
}

/// The packs that the subject names.
pub fn packs(subject: &Subject) -> Set<Jurisdiction> {
    subject.law.iter().filter_map(|code| Jurisdiction::of(code)).collect()
}

/// The same fact about the same thing, seen in several ways, is one fact with more evidence.
fn merged(seen: Vec<Observed>) -> Vec<Observed> {
    let mut out: Vec<Observed> = Vec::new();
    for one in seen {
        let same = |other: &&mut Observed| other.fact == one.fact && other.about == one.about;
        match out.iter_mut().find(same) {
            Some(known) => {
                known.count += one.count;
                known.persons = known.persons.max(one.persons);
                known.days = known.days.max(one.days);
                if known.detail.en.is_empty() {
                    known.detail = one.detail;
                }
                known.evidence.extend(one.evidence);
                known.because.extend(one.because);
            }
            None => out.push(one),
        }
    }
    for one in &mut out {
        one.evidence.sort_by_key(|evidence| std::cmp::Reverse(evidence.count));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Place;

    fn seen(source: &str, count: u64, persons: Option<u64>) -> Observed {
        let place = Place { source: source.to_owned(), within: "t".to_owned() };
        let evidence = Evidence { place, count, persons, sample: None, sha256: None };
        Observed::new("app.reads_clipboard", "device.clipboard", Group::Excess, vec![evidence])
    }

    #[test]
    fn a_fact_seen_twice_is_one_fact_with_the_weightiest_place_first() {
        let out = merged(vec![seen("a", 3, None), seen("b", 40, Some(7))]);
        assert_eq!(out.len(), 1);
        assert_eq!((out[0].count, out[0].persons), (43, Some(7)));
        assert_eq!(out[0].evidence[0].place.source, "b");
    }
}
