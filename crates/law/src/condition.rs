//! Conditions of rules about transfers, read into tests on bits: the gate asks them thousands of times a second, and Cedar builds
//! every policy anew for each question.
//!
//! What is read is a fragment of Cedar that cannot fail: membership, equality and comparison over facts that every request has. A
//! policy with anything else in it is not read, and then Cedar itself is asked. A property test holds the two against each other.

use cedar_policy::{ActionConstraint, Policy};
use serde_json::Value;

use crate::{
    Aim, Basis, Country, Deal, Ground, Kind, Lift, Operator, Question, RecipientKind, Requirement,
    Sector, Word,
    asked::{COUNTS, NAMES},
};

/// Vocabularies of facts that are one word: who acts, on what, and three words of the context.
const WORDS: [(&str, &str); 5] = [
    ("principal", Operator::KIND),
    ("resource", RecipientKind::KIND),
    ("aim", Aim::KIND),
    ("basis", Basis::KIND),
    ("deal", Deal::KIND),
];
/// Facts that are sets of words.
const SETS: [(&str, &str); 5] = [
    ("sectors", Sector::KIND),
    ("kinds", Kind::KIND),
    ("grounds", Ground::KIND),
    ("lifted", Lift::KIND),
    ("met", Requirement::KIND),
];
const COUNTRIES: [&str; 2] = ["home", "to"];
const FLAGS: [&str; 8] = [
    "personal",
    "sensitive",
    "important",
    "core",
    "us_person",
    "covered_person",
    "restricted",
    "objected",
];
/// Of these facts alone a rule that classifies can read.
const CLASSING: [&str; 3] = ["principal", "resource", "sectors"];

/// Questions whose conditions are read: those that the gate asks.
pub(crate) const READ: [Question; 3] = [Question::Classify, Question::Exempt, Question::Transfer];

/// A request as conditions read it; each place is named by the list above.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    /// One bit each.
    pub words: [u64; WORDS.len()],
    pub sets: [u64; SETS.len()],
    pub countries: [Country; COUNTRIES.len()],
    pub flags: [bool; FLAGS.len()],
    pub counts: [i64; COUNTS],
}

/// How a count stands to a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Than {
    Less,
    AtMost,
    Equal,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    Fixed(bool),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    /// The word is one of these.
    Word(usize, u64),
    /// The set has one of these.
    Meets(usize, u64),
    /// The set has all of these.
    Holds(usize, u64),
    Country(usize, Vec<Country>),
    Flag(usize),
    Count(usize, Than, i64),
}

impl Condition {
    /// The condition under which a policy speaks when this question is put: its scope, and all its clauses. `None` where it does more
    /// than can be read.
    pub fn of(policy: &Policy, tree: &Value, question: Question) -> Option<Self> {
        let named = match policy.action_constraint() {
            ActionConstraint::Any => true,
            ActionConstraint::Eq(action) => action.id().unescaped() == question.word(),
            ActionConstraint::In(_) => return None,
        };
        let reader = Reader { question };
        let mut all = vec![Self::Fixed(named)];
        for who in ["principal", "resource"] {
            all.push(reader.scope(who, tree.get(who)?)?);
        }
        for clause in tree.get("conditions")?.as_array()? {
            let body = reader.truth(clause.get("body")?)?;
            all.push(match clause.get("kind")?.as_str()? {
                "when" => body,
                "unless" => body.not(),
                _ => return None,
            });
        }
        Some(Self::all(all))
    }

    /// Whether it holds.
    pub fn holds(&self, view: &View) -> bool {
        let word = |at: &usize| view.words.get(*at).copied().unwrap_or_default();
        let set = |at: &usize| view.sets.get(*at).copied().unwrap_or_default();
        match self {
            Self::Fixed(truth) => *truth,
            Self::All(all) => all.iter().all(|one| one.holds(view)),
            Self::Any(any) => any.iter().any(|one| one.holds(view)),
            Self::Not(inner) => !inner.holds(view),
            Self::Word(at, among) => word(at) & among != 0,
            Self::Meets(at, any) => set(at) & any != 0,
            Self::Holds(at, all) => set(at) & all == *all,
            Self::Country(at, among) => {
                view.countries.get(*at).is_some_and(|country| among.contains(country))
            }
            Self::Flag(at) => view.flags.get(*at).copied().unwrap_or_default(),
            Self::Count(at, than, number) => {
                let count = view.counts.get(*at).copied().unwrap_or_default();
                match than {
                    Than::Less => count < *number,
                    Than::AtMost => count <= *number,
                    Than::Equal => count == *number,
                }
            }
        }
    }

    fn not(self) -> Self {
        match self {
            Self::Fixed(truth) => Self::Fixed(!truth),
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// All of these, in order: what is false of itself makes the whole false, and what is true of itself is left out.
    fn all(parts: Vec<Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::Fixed(true) => {}
                Self::Fixed(false) => return part,
                Self::All(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        if kept.is_empty() { Self::Fixed(true) } else { Self::All(kept) }
    }

    fn any(parts: Vec<Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::Any(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        Self::Any(kept)
    }
}

/// A fact that is named.
enum Fact {
    Word(usize, &'static str),
    Set(usize, &'static str),
    Country(usize),
    Count(usize),
}

struct Reader {
    question: Question,
}

fn place(names: &[&str], name: &str) -> Option<usize> {
    names.iter().position(|known| *known == name)
}

fn pair(inner: &Value) -> Option<(&Value, &Value)> {
    Some((inner.get("left")?, inner.get("right")?))
}

impl Reader {
    fn scope(&self, who: &str, constraint: &Value) -> Option<Condition> {
        match constraint.get("op")?.as_str()? {
            "All" => Some(Condition::Fixed(true)),
            "==" => {
                let Fact::Word(at, kind) = self.variable(who)? else { return None };
                Some(Condition::Word(at, entity(constraint.get("entity")?, kind)?))
            }
            _ => None,
        }
    }

    /// `principal`, `resource`.
    fn variable(&self, name: &str) -> Option<Fact> {
        let at = WORDS.iter().position(|(known, _)| *known == name)?;
        let (_, kind) = WORDS.get(at)?;
        let classing = self.question == Question::Classify && name == "resource";
        Some(Fact::Word(at, if classing { Kind::KIND } else { kind }))
    }

    fn fact(&self, tree: &Value) -> Option<Fact> {
        if let Some(name) = tree.get("Var") {
            return self.variable(name.as_str()?);
        }
        let name = attribute(tree)?;
        if self.question == Question::Classify && !CLASSING.contains(&name) {
            return None;
        }
        let find = |known: &[(&str, &'static str)]| {
            let at = known.iter().position(|(known, _)| *known == name)?;
            known.get(at).map(|(_, kind)| (at, *kind))
        };
        let set = || find(&SETS).map(|(at, kind)| Fact::Set(at, kind));
        let country = || place(&COUNTRIES, name).map(Fact::Country);
        let count = || place(&NAMES, name).map(Fact::Count);
        let word = find(&WORDS).filter(|(at, _)| *at > 1).map(|(at, kind)| Fact::Word(at, kind));
        word.or_else(set).or_else(country).or_else(count)
    }

    /// An expression that is true or false.
    fn truth(&self, tree: &Value) -> Option<Condition> {
        let (key, inner) = single(tree)?;
        match key {
            "Value" => inner.as_bool().map(Condition::Fixed),
            "!" => Some(self.truth(inner.get("arg")?)?.not()),
            "&&" => self.both(inner).map(Condition::all),
            "||" => self.both(inner).map(Condition::any),
            "==" => self.equal(inner),
            "!=" => Some(self.equal(inner)?.not()),
            "<" | "<=" | ">" | ">=" => self.compare(key, inner),
            "contains" | "containsAny" | "containsAll" => self.membership(key, inner),
            "isEmpty" => match self.fact(inner.get("arg")?)? {
                Fact::Set(at, _) => Some(Condition::Meets(at, u64::MAX).not()),
                _ => None,
            },
            "." => self.flag(tree),
            _ => None,
        }
    }

    fn both(&self, inner: &Value) -> Option<Vec<Condition>> {
        let (left, right) = pair(inner)?;
        Some(vec![self.truth(left)?, self.truth(right)?])
    }

    fn flag(&self, tree: &Value) -> Option<Condition> {
        let at = place(&FLAGS, attribute(tree)?)?;
        (self.question != Question::Classify).then_some(Condition::Flag(at))
    }

    fn equal(&self, inner: &Value) -> Option<Condition> {
        let (left, right) = pair(inner)?;
        let (fact, value) = match (self.fact(left), self.fact(right)) {
            (Some(fact), None) => (fact, right),
            (None, Some(fact)) => (fact, left),
            _ => return None,
        };
        let value = value.get("Value")?;
        match fact {
            Fact::Word(at, kind) => {
                Some(Condition::Word(at, entity(value.get("__entity")?, kind)?))
            }
            Fact::Country(at) => Some(Condition::Country(at, vec![Country::of(value.as_str()?)?])),
            Fact::Count(at) => Some(Condition::Count(at, Than::Equal, value.as_i64()?)),
            Fact::Set(..) => None,
        }
    }

    fn compare(&self, key: &str, inner: &Value) -> Option<Condition> {
        let (left, right) = pair(inner)?;
        let number = |tree: &Value| tree.get("Value").and_then(Value::as_i64);
        // `7 < n` is `!(n <= 7)`, and so on.
        let (fact, than, number, turned) = match (key, number(right), number(left)) {
            ("<", Some(n), _) => (left, Than::Less, n, false),
            ("<=", Some(n), _) => (left, Than::AtMost, n, false),
            (">", Some(n), _) => (left, Than::AtMost, n, true),
            (">=", Some(n), _) => (left, Than::Less, n, true),
            ("<", None, Some(n)) => (right, Than::AtMost, n, true),
            ("<=", None, Some(n)) => (right, Than::Less, n, true),
            (">", None, Some(n)) => (right, Than::Less, n, false),
            (">=", None, Some(n)) => (right, Than::AtMost, n, false),
            _ => return None,
        };
        let Fact::Count(at) = self.fact(fact)? else { return None };
        let test = Condition::Count(at, than, number);
        Some(if turned { test.not() } else { test })
    }

    fn membership(&self, key: &str, inner: &Value) -> Option<Condition> {
        let (left, right) = pair(inner)?;
        if let Some(Fact::Set(at, kind)) = self.fact(left) {
            return match key {
                "contains" => Some(Condition::Meets(at, listed(right, kind)?)),
                "containsAny" => Some(Condition::Meets(at, list(right, kind)?)),
                _ => Some(Condition::Holds(at, list(right, kind)?)),
            };
        }
        if key != "contains" {
            return None;
        }
        match self.fact(right)? {
            Fact::Word(at, kind) => Some(Condition::Word(at, list(left, kind)?)),
            Fact::Country(at) => Some(Condition::Country(at, countries(left)?)),
            _ => None,
        }
    }
}

/// The one key of an object.
fn single(tree: &Value) -> Option<(&str, &Value)> {
    let mut entries = tree.as_object()?.iter();
    let (key, inner) = entries.next()?;
    entries.next().is_none().then_some((key.as_str(), inner))
}

/// `context.name`
fn attribute(tree: &Value) -> Option<&str> {
    let dot = tree.get(".")?;
    (dot.get("left")?.get("Var")? == "context").then_some(dot.get("attr")?.as_str()?)
}

fn list(tree: &Value, kind: &str) -> Option<u64> {
    let items = tree.get("Set")?.as_array()?;
    items.iter().try_fold(0, |bits, item| Some(bits | listed(item, kind)?))
}

fn listed(tree: &Value, kind: &str) -> Option<u64> {
    entity(tree.get("Value")?.get("__entity")?, kind)
}

fn countries(tree: &Value) -> Option<Vec<Country>> {
    let items = tree.get("Set")?.as_array()?;
    items.iter().map(|item| Country::of(item.get("Value")?.as_str()?)).collect()
}

/// The bit of a word; `None` where it is of another vocabulary.
fn entity(tree: &Value, kind: &str) -> Option<u64> {
    if tree.get("type")?.as_str()? != kind {
        return None;
    }
    let id = tree.get("id")?.as_str()?;
    match kind {
        Operator::KIND => bit::<Operator>(id),
        RecipientKind::KIND => bit::<RecipientKind>(id),
        Kind::KIND => bit::<Kind>(id),
        Aim::KIND => bit::<Aim>(id),
        Basis::KIND => bit::<Basis>(id),
        Deal::KIND => bit::<Deal>(id),
        Sector::KIND => bit::<Sector>(id),
        Ground::KIND => bit::<Ground>(id),
        Lift::KIND => bit::<Lift>(id),
        Requirement::KIND => bit::<Requirement>(id),
        _ => None,
    }
}

fn bit<T: Word>(id: &str) -> Option<u64> {
    T::of(id).map(|word| 1 << word.index())
}
