//! May this go out? The gate's question.

use std::{collections::HashMap, sync::Arc};

use jiff::civil::Date;
use serde::Serialize;

use crate::{
    Citation, Class, Facts, Kind, Laws, Lift, Question, Requirement, Rule, Set,
    access::FAULT_RULE,
    asked::{Asked, Key},
    in_force::{InForce, Said},
};

/// Most verdicts kept at once; then the memory is emptied and fills again.
pub const VERDICTS_MAX: usize = 65_536;

/// Stands as the rule where a transfer has no recipient.
pub const RECIPIENT_RULE: &str = "house.no_recipient";

/// What the gate is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It may go.
    Allow,
    /// It may go once what is missing is in place.
    Missing,
    /// It may not go; nothing helps but other facts.
    Refuse,
}

/// Something that must be in place; any one will do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Need {
    /// Any one of these.
    pub any_of: Vec<Requirement>,
    /// Every rule that asks for it.
    pub because: Vec<Citation>,
    /// Whether the facts say that it is in force.
    pub met: bool,
}

/// The answer to the gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// May it go?
    pub outcome: Outcome,
    /// Rules that nothing lifts.
    pub prohibited: Vec<Citation>,
    /// What is missing.
    pub missing: Vec<Need>,
    /// Exemptions that were accepted.
    pub exemptions: Vec<Citation>,
    /// Ids of the rules that decided; never empty.
    pub rules: Vec<String>,
}

impl Verdict {
    /// Whether it may go.
    pub fn allowed(&self) -> bool {
        self.outcome == Outcome::Allow
    }

    /// A refusal by a rule that stands in no pack.
    pub(crate) fn without_rule(rule: &str) -> Self {
        Self {
            outcome: Outcome::Refuse,
            prohibited: Vec::new(),
            missing: Vec::new(),
            exemptions: Vec::new(),
            rules: vec![rule.to_owned()],
        }
    }

    fn of(exemptions: &[Arc<Rule>], allowed: bool, rules: &[Arc<Rule>]) -> Self {
        let (prohibited, asked): (Vec<_>, Vec<_>) =
            rules.iter().filter(|rule| rule.forbids).cloned().partition(|r| r.remedy.is_empty());
        let outcome = match (allowed, prohibited.is_empty(), asked.is_empty()) {
            (true, _, _) => Outcome::Allow,
            (false, true, false) => Outcome::Missing,
            (false, _, _) => Outcome::Refuse,
        };
        Self {
            outcome,
            prohibited: citations(&prohibited),
            missing: needs(asked, Set::empty()),
            exemptions: citations(exemptions),
            rules: rules.iter().map(|rule| rule.id.clone()).collect(),
        }
    }
}

/// Citations of rules.
pub(crate) fn citations(rules: &[Arc<Rule>]) -> Vec<Citation> {
    rules.iter().map(|rule| Citation::of(rule)).collect()
}

/// Groups rules by what would satisfy them. A rule that is satisfied by whatever satisfies another joins that one.
pub(crate) fn needs(mut rules: Vec<Arc<Rule>>, met: Set<Requirement>) -> Vec<Need> {
    rules.sort_by(|a, b| (a.remedy.len(), &a.id).cmp(&(b.remedy.len(), &b.id)));
    let mut groups: Vec<Need> = Vec::new();
    for rule in rules {
        let fits = |need: &&mut Need| need.any_of.iter().all(|any| rule.remedy.contains(any));
        match groups.iter_mut().find(fits) {
            Some(group) => group.because.push(Citation::of(&rule)),
            None => groups.push(Need {
                any_of: rule.remedy.clone(),
                because: vec![Citation::of(&rule)],
                met: rule.remedy.iter().any(|requirement| met.contains(*requirement)),
            }),
        }
    }
    groups
}

/// By what rules are evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// Their conditions as they were read at load; Cedar where they could not be.
    Conditions,
    /// Cedar alone.
    Cedar,
}

/// What was found before the requirements were asked for.
pub(crate) struct Ready {
    pub asked: Asked,
    pub lifted: Set<Lift>,
    pub exemptions: Vec<Arc<Rule>>,
}

impl Laws {
    /// May this go out, on this day? What was answered before is answered from memory. The memory is exact: its key holds every fact
    /// that a rule can read, the classes that follow from counts among them, and of each count where it stands among the numbers that
    /// some rule compares it with; the loader refuses a rule that does anything else with a count.
    pub fn transfer(&self, on: Date, facts: &Facts) -> Arc<Verdict> {
        let Some(asked) = Asked::of(facts, on) else {
            return Arc::new(Verdict::without_rule(RECIPIENT_RULE));
        };
        let Some((epoch, in_force)) = self.in_force(on, facts.laws) else {
            return Arc::new(Verdict::without_rule(FAULT_RULE));
        };
        // At most three jurisdictions: their bits fit.
        let packs = u8::try_from(facts.laws.bits()).unwrap_or(u8::MAX);
        let Some(key) = asked.key(epoch, packs, &in_force.marks) else {
            return Arc::new(self.decide(&in_force, asked, By::Conditions));
        };
        if let Some(known) = self.verdicts.get(&key) {
            return known;
        }
        let verdict = Arc::new(self.decide(&in_force, asked, By::Conditions));
        self.verdicts.put(key, &verdict);
        verdict
    }

    /// The same without memory: every rule's condition is tested.
    pub fn transfer_unremembered(&self, on: Date, facts: &Facts) -> Verdict {
        self.transfer_by(By::Conditions, on, facts)
    }

    /// The same without memory and by Cedar alone. Slow; tests and benchmarks hold [`Self::transfer`] against it.
    pub fn transfer_plain(&self, on: Date, facts: &Facts) -> Verdict {
        self.transfer_by(By::Cedar, on, facts)
    }

    fn transfer_by(&self, by: By, on: Date, facts: &Facts) -> Verdict {
        let Some(asked) = Asked::of(facts, on) else {
            return Verdict::without_rule(RECIPIENT_RULE);
        };
        match self.in_force(on, facts.laws) {
            Some((_, in_force)) => self.decide(&in_force, asked, by),
            None => Verdict::without_rule(FAULT_RULE),
        }
    }

    fn decide(&self, in_force: &InForce, asked: Asked, by: By) -> Verdict {
        let Some(ready) = self.ready(in_force, asked, by) else {
            return Verdict::without_rule(FAULT_RULE);
        };
        match self.put(in_force, Question::Transfer, &ready.asked, ready.lifted, by) {
            Said::Rules { allowed, rules } => Verdict::of(&ready.exemptions, allowed, &rules),
            Said::Fault => Verdict::without_rule(FAULT_RULE),
        }
    }

    fn put(
        &self,
        in_force: &InForce,
        question: Question,
        asked: &Asked,
        lifted: Set<Lift>,
        by: By,
    ) -> Said {
        if by == By::Conditions
            && let Some(said) = in_force.say(question, &asked.view(lifted))
        {
            return said;
        }
        in_force.put(question, asked.request(question, lifted, asked.met, &self.schema))
    }

    /// Classes that follow from kinds, then exemptions.
    pub(crate) fn ready(&self, in_force: &InForce, asked: Asked, by: By) -> Option<Ready> {
        let mut found = Set::empty();
        for kind in asked.kinds.iter() {
            for rule in self.classified(in_force, &asked, kind, by)? {
                rule.class.into_iter().for_each(|class: Class| found.insert(class));
            }
        }
        let asked = asked.complete(found);
        let said = self.put(in_force, Question::Exempt, &asked, Set::empty(), by);
        let exemptions = said.permits()?;
        let lifted = exemptions.iter().filter_map(|rule| rule.lifts).collect();
        Some(Ready { asked, lifted, exemptions })
    }

    /// The rules that say what class a kind of data is.
    pub(crate) fn classified(
        &self,
        in_force: &InForce,
        asked: &Asked,
        kind: Kind,
        by: By,
    ) -> Option<Vec<Arc<Rule>>> {
        if by == By::Conditions
            && let Some(said) = in_force.say(Question::Classify, &asked.view_of_kind(kind))
        {
            return said.permits();
        }
        in_force.permits(Question::Classify, asked.classing(kind, &self.schema))
    }
}

/// The memory of verdicts.
#[derive(Default)]
pub(crate) struct Verdicts(std::sync::RwLock<HashMap<Key, Arc<Verdict>>>);

impl Verdicts {
    fn get(&self, key: &Key) -> Option<Arc<Verdict>> {
        self.0.read().ok()?.get(key).cloned()
    }

    fn put(&self, key: Key, verdict: &Arc<Verdict>) {
        if let Ok(mut memory) = self.0.write() {
            if memory.len() >= VERDICTS_MAX {
                memory.clear();
            }
            memory.insert(key, Arc::clone(verdict));
        }
    }
}
