//! Random facts for tests and benchmarks: seeded, so that a failure can be told again, and drawn where rules change their minds.
//!
//! Nothing here is secret and nothing is drawn from the system.

use jiff::{Span, civil::Date};

use crate::{
    Aim, Basis, Class, Consent, Country, Deal, Facts, Ground, Jurisdiction, Kind, Laws, Mechanism,
    OperatorFacts, Payload, Recipient, RecipientKind, Requirement, Sector, Set, UsBulk, Word,
};

/// Countries that some rule names, and some that none does.
const COUNTRIES: [Country; 4] = [Country::CN, Country::HK, Country::US, Country::DE];

/// A source of random facts.
#[derive(Debug, Clone)]
pub struct Chance {
    state: u64,
    days: Vec<Date>,
    counts: Vec<u64>,
    countries: Vec<Country>,
}

impl Chance {
    /// Facts near the dates and the numbers of these rules.
    pub fn new(laws: &Laws, seed: u64) -> Self {
        let numbers = laws.rules().iter().flat_map(|rule| &rule.thresholds);
        let mut counts: Vec<u64> =
            numbers.filter_map(|(_, number)| u64::try_from(*number).ok()).collect();
        counts.sort_unstable();
        counts.dedup();
        let countries = Country::all().collect();
        Self { state: seed.max(1), days: laws.changes().to_vec(), counts, countries }
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        // xorshift64*, its high half.
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let high = self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32;
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from((high * bound) >> 32).unwrap_or_default()
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of these.
    pub fn one_of<T: Copy>(&mut self, all: &[T], otherwise: T) -> T {
        let at = self.below(all.len());
        all.get(at).copied().unwrap_or(otherwise)
    }

    fn words<T: Word>(&mut self, most: usize) -> Set<T> {
        let many = self.below(most + 1);
        (0..many).filter_map(|_| T::ALL.get(self.below(T::ALL.len())).copied()).collect()
    }

    /// A day on which the law changes, the day before, or one some time after.
    pub fn day(&mut self) -> Date {
        let day = self.one_of(&self.days.clone(), Date::constant(2026, 1, 1));
        let after = match self.below(3) {
            0 => 0,
            1 => -1,
            _ => i64::try_from(self.below(400)).unwrap_or_default(),
        };
        day.saturating_add(Span::new().days(after))
    }

    /// Nobody, somebody, or just below, on, or above a number of some rule.
    fn count(&mut self) -> u64 {
        let mark = self.one_of(&self.counts.clone(), 1);
        match self.below(16) {
            0..=4 => 0,
            5 => 1,
            6 => 2,
            7..=9 => mark.saturating_sub(1),
            10 | 11 => mark,
            12 | 13 => mark + 1,
            14 => u64::try_from(self.below(2_000_000)).unwrap_or_default(),
            _ => u64::MAX,
        }
    }

    /// Draws every count of a transfer anew and leaves the other facts.
    pub fn recount(&mut self, facts: &mut Facts) {
        let Facts { operator, payload, .. } = facts;
        operator.persons_held = self.count();
        operator.faces_held = self.count();
        payload.persons = self.count();
        payload.sensitive_persons = self.count();
        payload.persons_two_years = self.count();
        payload.sensitive_two_years = self.count();
        payload.us = UsBulk {
            genomic: self.count(),
            omic: self.count(),
            biometric: self.count(),
            geolocation: self.count(),
            health: self.count(),
            financial: self.count(),
            identifiers: self.count(),
            combined: self.count(),
        };
    }

    /// Draws one count anew.
    pub fn recount_one(&mut self, facts: &mut Facts) {
        let new = self.count();
        let Facts { operator, payload, .. } = facts;
        let one = match self.below(14) {
            0 => &mut operator.persons_held,
            1 => &mut operator.faces_held,
            2 | 3 => &mut payload.persons,
            4 | 5 => &mut payload.sensitive_persons,
            6 => &mut payload.persons_two_years,
            7 => &mut payload.sensitive_two_years,
            8 => &mut payload.us.genomic,
            9 => &mut payload.us.omic,
            10 => &mut payload.us.biometric,
            11 => &mut payload.us.health,
            12 => &mut payload.us.identifiers,
            _ => &mut payload.us.combined,
        };
        *one = new;
    }

    fn country(&mut self) -> Country {
        if self.once_in(3) {
            let all = self.countries.clone();
            return self.one_of(&all, Country::CN);
        }
        self.one_of(&COUNTRIES, Country::CN)
    }

    /// A mechanism whose term holds the day, or has just begun, or has just ended.
    fn mechanism(&mut self, on: Date) -> Option<Mechanism> {
        let kind = Requirement::ALL.get(self.below(Requirement::ALL.len())).copied()?;
        let (from, until) = match self.below(4) {
            0 => (None, Some(on)),
            1 => (Some(on), on.tomorrow().ok()),
            2 => (on.tomorrow().ok(), None),
            _ => (None, None),
        };
        Some(Mechanism { kind, number: None, from, until })
    }

    fn operator(&mut self) -> OperatorFacts {
        OperatorFacts {
            home: self.country(),
            ciio: self.once_in(4),
            us_person: self.once_in(3),
            sectors: self.words::<Sector>(2),
            ..OperatorFacts::default()
        }
    }

    /// Facts of a transfer on a day.
    pub fn facts(&mut self, on: Date) -> Facts {
        let recipient = Recipient {
            country: self.country(),
            kind: self.one_of(RecipientKind::ALL, RecipientKind::Own),
            covered_person: self.once_in(4),
            restricted: self.once_in(8),
        };
        let mechanisms = self.below(4);
        let mut facts = Facts {
            laws: self.words::<Jurisdiction>(4),
            operator: self.operator(),
            payload: Payload {
                classes: if self.once_in(2) { Set::empty() } else { self.words::<Class>(2) },
                kinds: self.words::<Kind>(4),
                ..Payload::default()
            },
            recipient: (!self.once_in(50)).then_some(recipient),
            aim: self.one_of(Aim::ALL, Aim::Service),
            basis: self.one_of(Basis::ALL, Basis::None),
            deal: self.one_of(Deal::ALL, Deal::None),
            grounds: self.words::<Ground>(3),
            mechanisms: (0..mechanisms).filter_map(|_| self.mechanism(on)).collect(),
            consents: self.words::<Consent>(3),
            done: self.words::<Requirement>(6),
            objected: self.once_in(4),
            ..Facts::default()
        };
        self.recount(&mut facts);
        facts
    }
}
