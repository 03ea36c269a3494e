//! A transfer as it is put to the rules, and the exact key under which its answer is remembered.

use cedar_policy::{Context, Request, RestrictedExpression, Schema};
use jiff::civil::Date;

use crate::{
    Aim, Basis, Class, Country, Deal, Facts, Ground, Kind, Lift, Operator, Question, RecipientKind,
    Requirement, Sector, Set, Word,
    cedar::{set, uid, word},
    condition::View,
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
    /// With those that follow from counts: whether there is anybody at all matters though no rule compares a count with 0.
    classes: u64,
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
        let asked = Self {
            shape,
            sectors: operator.sectors,
            kinds: payload.kinds,
            grounds: facts.grounds,
            met,
            classes: payload.classes,
            counts,
        };
        Some(asked.complete(Set::empty()))
    }

    /// The key under the marks of the rules in force. `None` where a count has more marks than a place can tell apart: such a
    /// question is never answered from memory.
    pub fn key(&self, epoch: u32, packs: u8, marks: &[Vec<i64>; COUNTS]) -> Option<Key> {
        let mut places = [0; COUNTS];
        for ((place, marks), count) in places.iter_mut().zip(marks).zip(self.counts) {
            *place = threshold::place(marks, count)?;
        }
        Some(Key { epoch, packs, shape: self.shape, classes: self.classes.bits(), places })
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

    /// As conditions read it.
    pub fn view(&self, lifted: Set<Lift>) -> View {
        let class = |class| self.classes.contains(class);
        let [us_person, covered_person, restricted, objected] = self.shape.flags;
        let bit = |index: u8| 1 << index;
        View {
            words: [
                bit(self.shape.operator.index()),
                bit(self.shape.recipient.index()),
                bit(self.shape.aim.index()),
                bit(self.shape.basis.index()),
                bit(self.shape.deal.index()),
            ],
            sets: [
                self.sectors.bits(),
                self.kinds.bits(),
                self.grounds.bits(),
                lifted.bits(),
                self.met.bits(),
            ],
            countries: [self.shape.home, self.shape.to],
            flags: [
                class(Class::Personal),
                class(Class::Sensitive),
                class(Class::Important),
                class(Class::Core),
                us_person,
                covered_person,
                restricted,
                objected,
            ],
            counts: self.counts,
        }
    }

    /// The question what class a kind of data is, as conditions read it.
    pub fn view_of_kind(&self, kind: Kind) -> View {
        let mut view = self.view(Set::empty());
        let [_, resource, ..] = &mut view.words;
        *resource = 1 << kind.index();
        view
    }

    /// The question what class a kind of data is, as Cedar reads it.
    pub fn classing(&self, kind: Kind, schema: &Schema) -> Option<Request> {
        let context = Context::from_pairs([("sectors".to_owned(), set(self.sectors)?)]).ok()?;
        let operator = uid("Operator", self.shape.operator.word())?;
        let action = uid("Action", Question::Classify.word())?;
        Request::new(operator, action, uid("Kind", kind.word())?, context, Some(schema)).ok()
    }

    /// Whether the schema takes every word that a request can hold.
    pub fn is_known_to(schema: &Schema) -> bool {
        fn nth<T: Word>(at: usize) -> Option<T> {
            T::ALL.get(at % T::ALL.len()).copied()
        }
        fn full<T: Word>() -> Set<T> {
            T::ALL.iter().copied().collect()
        }
        let words = [
            Operator::ALL.len(),
            RecipientKind::ALL.len(),
            Aim::ALL.len(),
            Basis::ALL.len(),
            Deal::ALL.len(),
        ];
        let asked = |at: usize| {
            let shape = Shape {
                operator: nth(at)?,
                recipient: nth(at)?,
                home: Country::CN,
                to: Country::CN,
                sectors: 0,
                kinds: 0,
                grounds: 0,
                met: 0,
                aim: nth(at)?,
                basis: nth(at)?,
                deal: nth(at)?,
                flags: [true; 4],
            };
            Some(Self {
                shape,
                sectors: full(),
                kinds: full(),
                grounds: full(),
                met: full(),
                classes: full(),
                counts: [0; COUNTS],
            })
        };
        let takes = |asked: &Self| {
            let put = |question| asked.request(question, full(), asked.met, schema).is_some();
            put(Question::Exempt) && put(Question::Transfer)
        };
        let each = (0..words.into_iter().max().unwrap_or_default())
            .all(|at| asked(at).is_some_and(|asked| takes(&asked)));
        let kinds = asked(0).is_some_and(|asked| {
            Kind::ALL.iter().all(|kind| asked.classing(*kind, schema).is_some())
        });
        each && kinds
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
