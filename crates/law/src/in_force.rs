//! The rules of some packs in force between two changes of the law, cut by question.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use cedar_policy::{Authorizer, PolicySet, Request};

use crate::{
    Jurisdiction, Question, Rule, Set, Word,
    asked::{COUNTS, NAMES},
    cedar::{Evaluated, evaluate},
    condition::{Condition, READ, View},
};

/// A rule with its condition.
type Spoken = (Arc<Rule>, Arc<Condition>);

/// The rules in force.
pub(crate) struct InForce {
    rules: BTreeMap<String, Arc<Rule>>,
    policies: HashMap<Question, PolicySet>,
    /// Rules of a question with their conditions, in order of id; a question is missing where one of its rules could not be read.
    conditions: HashMap<Question, Vec<Spoken>>,
    /// For each count of a transfer the numbers that some rule compares it with, ascending.
    pub marks: [Vec<i64>; COUNTS],
    authorizer: Authorizer,
}

/// What the rules of a question said.
pub(crate) enum Said {
    /// Those that decided.
    Rules {
        /// Whether a permit decided.
        allowed: bool,
        /// The rules.
        rules: Vec<Arc<Rule>>,
    },
    /// One could not be evaluated, or the request is none of the schema's.
    Fault,
}

impl Said {
    /// The permits that hold.
    pub fn permits(self) -> Option<Vec<Arc<Rule>>> {
        self.those(|rule| !rule.forbids)
    }

    /// The forbids that hold.
    pub fn forbids(self) -> Option<Vec<Arc<Rule>>> {
        self.those(|rule| rule.forbids)
    }

    fn those(self, wanted: impl Fn(&Rule) -> bool) -> Option<Vec<Arc<Rule>>> {
        match self {
            Self::Rules { rules, .. } => {
                Some(rules.into_iter().filter(|rule| wanted(rule)).collect())
            }
            Self::Fault => None,
        }
    }
}

/// Whether a rule's pack is asked: the house's always, a jurisdiction's where its law is.
pub(crate) fn concerns(rule: &Rule, packs: Set<Jurisdiction>) -> bool {
    Jurisdiction::of(&rule.pack).is_none_or(|law| packs.contains(law))
}

impl InForce {
    /// `None` where two policies have one id, which a loader has excluded. Conditions are read only where the schema knows every
    /// word that a request can hold: Cedar refuses a request with another one.
    pub fn new<'r>(rules: impl Iterator<Item = &'r Arc<Rule>>, read: bool) -> Option<Self> {
        let rules: BTreeMap<_, _> = rules.map(|rule| (rule.id.clone(), Arc::clone(rule))).collect();
        let mut policies = HashMap::new();
        for (question, _) in Question::ACTIONS {
            let spoken = rules.values().filter(|rule| rule.question.speaks_to(question));
            let set = PolicySet::from_policies(spoken.map(|rule| rule.policy.clone())).ok()?;
            policies.insert(question, set);
        }
        let marks = NAMES.map(|name| {
            let numbers = rules.values().flat_map(|rule| &rule.thresholds);
            let of_this = numbers.filter(|(count, _)| *count == name).map(|(_, number)| *number);
            of_this.collect::<BTreeSet<_>>().into_iter().collect()
        });
        let of = |question: Question| {
            let spoken = rules.values().filter(|rule| rule.question.speaks_to(question));
            let read = |rule: &Arc<Rule>| {
                let (_, known) = rule.conditions.iter().find(|(known, _)| *known == question)?;
                Some((Arc::clone(rule), Arc::clone(known)))
            };
            Some((question, spoken.map(read).collect::<Option<Vec<_>>>()?))
        };
        let conditions = READ.into_iter().filter(|_| read).filter_map(of).collect();
        Some(Self { rules, policies, conditions, marks, authorizer: Authorizer::new() })
    }

    /// What the rules of a question say, by their conditions: as Cedar decides, all forbids that hold, or else all permits that hold.
    /// `None` where they could not be read.
    pub fn say(&self, question: Question, view: &View) -> Option<Said> {
        let conditions = self.conditions.get(&question)?;
        let (mut forbids, mut permits) = (Vec::new(), Vec::new());
        for (rule, _) in conditions.iter().filter(|(_, condition)| condition.holds(view)) {
            let side = if rule.forbids { &mut forbids } else { &mut permits };
            side.push(Arc::clone(rule));
        }
        let allowed = forbids.is_empty() && !permits.is_empty();
        Some(Said::Rules { allowed, rules: if forbids.is_empty() { permits } else { forbids } })
    }

    /// Puts a request to the rules of its question.
    pub fn put(&self, question: Question, request: Option<Request>) -> Said {
        let (Some(request), Some(policies)) = (request, self.policies.get(&question)) else {
            return Said::Fault;
        };
        match evaluate(&self.authorizer, policies, &request) {
            Evaluated::Fault => Said::Fault,
            Evaluated::Decided { allowed, by } => {
                let rules = by.iter().filter_map(|id| self.rules.get(id)).cloned().collect();
                Said::Rules { allowed, rules }
            }
        }
    }

    /// As [`Self::put`], for permits: those that hold.
    pub fn permits(&self, question: Question, request: Option<Request>) -> Option<Vec<Arc<Rule>>> {
        self.put(question, request).permits()
    }

    /// As [`Self::put`], for forbids: those that hold.
    pub fn forbids(&self, question: Question, request: Option<Request>) -> Option<Vec<Arc<Rule>>> {
        self.put(question, request).forbids()
    }
}
