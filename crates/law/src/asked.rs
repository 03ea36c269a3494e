//! A transfer as it is put to the rules, and the exact key under which its answer is remembered.

use cedar_policy::{Context, Request, RestrictedExpression, Schema};
use jiff::civil::Date;

use crate::{
    Aim, Basis, Class, Country, Deal, Facts, Ground, Kind, Lift, Operator, Question, RecipientKind,
    Requirement, Sector, Set,
    cedar::{set, uid, word},
    threshold,
};

/// How many counts a transfer has.
pub(crate) const COUNTS: usize = 14;

/// Their names, in the order of [`Asked::counts`].
pub(crate) const NAMES: [&str; COUNTS] = [
    "persons",
    "sensitive_persons",
    "persons_two_years",
    "sensitive_two_years",
    "persons_held",
    "faces_held",
    "us_genomic",
    "us_omic",
    "us_biometric",
    "us_geolocation",
    "us_health",
    "us_financial",
    "us_identifiers",
    "us_combined",
];

/// Everything that a rule about a transfer can read but the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Shape {
    pub operator: Operator,
    pub recipient: RecipientKind,
    pub home: Country,
    pub to: Country,
    pub sectors: u64,
    pub kinds: u64,
    pub grounds: u64,
    pub met: u64,
    pub classes: u64,
    pub aim: Aim,
    pub basis: Basis,
    pub deal: Deal,
    /// us_person, covered_person, restricted, objected.
    pub flags: [bool; 4],
}

/// One transfer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub shape: Shape,
    pub sectors: Set<Sector>,
    pub kinds: Set<Kind>,
    pub grounds: Set<Ground>,
    pub met: Set<Requirement>,
    pub classes: Set<Class>,
    pub counts: [i64; COUNTS],
}

/// The exact key of an answer: two transfers with the same key cannot be told apart by any rule in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub epoch: u32,
    pub packs: u8,
    shape: Shape,
    places: [u8; COUNTS],
}

impl Asked {
    /// What these facts ask on a day. `None` where nothing goes anywhere.
    pub fn of(facts: &Facts, on: Date) -> Option<Self> {
        let recipient = facts.recipient.as_ref()?;
        let (operator, payload) = (&facts.operator, &facts.payload);
        let met = facts.met(on);
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let us = &payload.us;
        let counts = [
            payload.persons,
            payload.sensitive_persons,
            payload.persons_two_years,
            payload.sensitive_two_years,
            operator.persons_held,
            operator.faces_held,
            us.genomic,
            us.omic,
            us.biometric,
            us.geolocation,
            us.health,
            us.financial,
            us.identifiers,
            us.combined,
        ]
        .map(count);
        let shape = Shape {
            operator: operator.role(),
            recipient: recipient.kind,
            home: operator.home,
            to: recipient.country,
            sectors: operator.sectors.bits(),
            kinds: payload.kinds.bits(),
            grounds: facts.grounds.bits(),
            met: met.bits(),
            classes: payload.classes.bits(),
            aim: facts.aim,
            basis: facts.basis,
            deal: facts.deal,
            flags: [
                operator.us_person || operator.home == Country::US,
                recipient.covered_person,
                recipient.restricted,
                facts.objected,
            ],
        };
        Some(Self {
            shape,
            sectors: operator.sectors,
            kinds: payload.kinds,
            grounds: facts.grounds,
            met,
            classes: payload.classes,
            counts,
        })
    }

    /// The key under the marks of the rules in force.
    pub fn key(&self, epoch: u32, packs: u8, marks: &[Vec<i64>; COUNTS]) -> Key {
        let mut places = [0; COUNTS];
        for ((place, marks), count) in places.iter_mut().zip(marks).zip(self.counts) {
            *place = threshold::place(marks, count);
        }
        Key { epoch, packs, shape: self.shape, places }
    }

    /// With the classes that follow from other facts: a sensitive person is a person, and where a sensitive kind is in it at least
    /// one person's sensitive data goes. (Whoever says `kinds = ["face"]` and counts nobody must not slip through.)
    pub fn complete(mut self, found: Set<Class>) -> Self {
        self.classes = self.classes.union(found);
        let [persons, sensitive, ..] = &mut self.counts;
        if *sensitive > 0 {
            self.classes.insert(Class::Sensitive);
        }
        if self.classes.contains(Class::Sensitive) {
            *sensitive = (*sensitive).max(1);
            self.classes.insert(Class::Personal);
        }
        if *persons > 0 {
            self.classes.insert(Class::Personal);
        }
        self
    }

    /// The request to the rules of one question.
    pub fn request(
        &self,
        question: Question,
        lifted: Set<Lift>,
        met: Set<Requirement>,
        schema: &Schema,
    ) -> Option<Request> {
        let flag = RestrictedExpression::new_bool;
        let text = |country: Country| RestrictedExpression::new_string(country.code().to_owned());
        let class = |class| flag(self.classes.contains(class));
        let [us_person, covered_person, restricted, objected] = self.shape.flags.map(flag);
        let words = [
            ("home", text(self.shape.home)),
            ("to", text(self.shape.to)),
            ("sectors", set(self.sectors)?),
            ("kinds", set(self.kinds)?),
            ("aim", word(self.shape.aim)?),
            ("basis", word(self.shape.basis)?),
            ("deal", word(self.shape.deal)?),
            ("grounds", set(self.grounds)?),
            ("lifted", set(lifted)?),
            ("met", set(met)?),
            ("personal", class(Class::Personal)),
            ("sensitive", class(Class::Sensitive)),
            ("important", class(Class::Important)),
            ("core", class(Class::Core)),
            ("us_person", us_person),
            ("covered_person", covered_person),
            ("restricted", restricted),
            ("objected", objected),
        ];
        let counts = NAMES.into_iter().zip(self.counts.map(RestrictedExpression::new_long));
        let pairs = words.into_iter().chain(counts).map(|(name, value)| (name.to_owned(), value));
        let context = Context::from_pairs(pairs).ok()?;
        let (operator, recipient) = (
            uid("Operator", crate::Word::word(self.shape.operator))?,
            uid("RecipientKind", crate::Word::word(self.shape.recipient))?,
        );
        let action = uid("Action", question.word())?;
        Request::new(operator, action, recipient, context, Some(schema)).ok()
    }
}
