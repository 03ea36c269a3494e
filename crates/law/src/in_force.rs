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
};

/// The rules in force.
pub(crate) struct InForce {
    rules: BTreeMap<String, Arc<Rule>>,
    policies: HashMap<Question, PolicySet>,
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

/// Whether a rule's pack is asked: the house's always, a jurisdiction's where its law is.
pub(crate) fn concerns(rule: &Rule, packs: Set<Jurisdiction>) -> bool {
    Jurisdiction::of(&rule.pack).is_none_or(|law| packs.contains(law))
}

impl InForce {
    /// `None` where two policies have one id, which a loader has excluded.
    pub fn new<'r>(rules: impl Iterator<Item = &'r Arc<Rule>>) -> Option<Self> {
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
        Some(Self { rules, policies, marks, authorizer: Authorizer::new() })
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
        match self.put(question, request) {
            Said::Rules { rules, .. } => {
                Some(rules.into_iter().filter(|rule| !rule.forbids).collect())
            }
            Said::Fault => None,
        }
    }

    /// As [`Self::put`], for forbids: those that hold.
    pub fn forbids(&self, question: Question, request: Option<Request>) -> Option<Vec<Arc<Rule>>> {
        match self.put(question, request) {
            Said::Rules { rules, .. } => {
                Some(rules.into_iter().filter(|rule| rule.forbids).collect())
            }
            Said::Fault => None,
        }
    }
}
