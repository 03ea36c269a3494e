//! What does the law require of these facts? The lawyer's question.

use std::sync::Arc;

use cedar_policy::{Context, Request, RestrictedExpression};
use jiff::civil::Date;
use serde::Serialize;

use crate::{
    Citation, Class, Event, Facts, Jurisdiction, Kind, Laws, Need, Question, Requirement, Rule,
    Set, Word,
    asked::Asked,
    calendar::Calendar,
    cedar::{set, uid},
    clock::{Clock, Deadline},
    in_force::InForce,
    rule::FineRule,
    transfer::{By, citations, needs},
};

/// A rule that nothing lifts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Prohibition {
    /// What it rests on.
    pub citation: Citation,
    /// What in the facts would have to change.
    pub fix: Option<String>,
    /// The same in Chinese.
    pub fix_zh: Option<String>,
}

/// Something owed that does not hold the transfer up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duty {
    /// What it rests on; its note says what is owed.
    pub citation: Citation,
    /// Years for which records are kept.
    pub keep_years: Option<u16>,
    /// The term.
    pub clock: Option<Clock>,
    /// The last day, where the facts name the event.
    pub deadline: Option<Deadline>,
}

/// What a breach may cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fine {
    /// What it rests on.
    pub citation: Citation,
    /// The ceiling as the law writes it.
    pub rule: FineRule,
    /// The ceiling in whole units where the turnover is known in the same currency: the higher of the two.
    pub ceiling: Option<u64>,
}

/// A class that the law gives a kind of data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Classified {
    /// The kind.
    pub kind: Kind,
    /// Its class.
    pub class: Class,
    /// What it rests on.
    pub citation: Citation,
}

/// One law orders what another forbids. No machine can settle it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The rule that orders.
    pub orders: String,
    /// The rule that forbids.
    pub forbids: String,
}

/// Everything that the law requires of the facts on a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The date.
    pub on: Date,
    /// Whose laws were asked.
    pub laws: Set<Jurisdiction>,
    /// A rule could not be evaluated: nothing may rest on this answer.
    pub fault: bool,
    /// What nothing lifts.
    pub prohibited: Vec<Prohibition>,
    /// What must be in place, whether it is or not.
    pub needs: Vec<Need>,
    /// Exemptions that hold.
    pub exemptions: Vec<Citation>,
    /// What is owed besides, also when exempt.
    pub duties: Vec<Duty>,
    /// What the law orders.
    pub commands: Vec<Citation>,
    /// What a breach may cost.
    pub fines: Vec<Fine>,
    /// Classes that follow from the kinds of data.
    pub classes: Vec<Classified>,
    /// Laws that contradict each other here.
    pub conflicts: Vec<Conflict>,
}

impl Answer {
    /// What is prohibited, or required and not in force, or could not be evaluated.
    pub fn has_findings(&self) -> bool {
        self.fault || !self.prohibited.is_empty() || self.needs.iter().any(|need| !need.met)
    }

    /// Duties that must be done by a day.
    pub fn deadlines(&self) -> impl Iterator<Item = &Duty> {
        self.duties.iter().filter(|duty| duty.clock.is_some())
    }

    /// Every citation in it.
    pub fn citations(&self) -> impl Iterator<Item = &Citation> {
        let prohibited = self.prohibited.iter().map(|prohibition| &prohibition.citation);
        let needs = self.needs.iter().flat_map(|need| &need.because);
        let duties = self.duties.iter().map(|duty| &duty.citation);
        let fines = self.fines.iter().map(|fine| &fine.citation);
        let classes = self.classes.iter().map(|class| &class.citation);
        prohibited
            .chain(needs)
            .chain(&self.exemptions)
            .chain(duties)
            .chain(&self.commands)
            .chain(fines)
            .chain(classes)
    }

    /// Whether any one of these alone is required.
    pub fn needs(&self, requirement: Requirement) -> bool {
        self.needs.iter().any(|need| need.any_of == [requirement])
    }
}

impl Laws {
    /// Everything that the law requires of these facts on this day, as if nothing were in force yet; what the facts say is in force is
    /// marked so. Without a recipient only the operator's standing is asked.
    pub fn ask(&self, on: Date, facts: &Facts) -> Answer {
        let mut answer = Answer {
            on,
            laws: facts.laws,
            fault: false,
            prohibited: Vec::new(),
            needs: Vec::new(),
            exemptions: Vec::new(),
            duties: Vec::new(),
            commands: Vec::new(),
            fines: Vec::new(),
            classes: Vec::new(),
            conflicts: Vec::new(),
        };
        let Some((_, in_force)) = self.in_force(on, facts.laws) else {
            answer.fault = true;
            return answer;
        };
        let mut asking = Asking { laws: self, in_force: &in_force, facts, on, answer };
        let mut asked = Vec::new();
        asking.transfer(&mut asked);
        asking.standing(&mut asked);
        let met = facts.met(on);
        asking.answer.needs = needs(asked, met);
        asking.owed();
        asking.answer
    }
}

/// An answer as it grows.
struct Asking<'a> {
    laws: &'a Laws,
    in_force: &'a InForce,
    facts: &'a Facts,
    on: Date,
    answer: Answer,
}

impl Asking<'_> {
    fn or_fault(&mut self, found: Option<Vec<Arc<Rule>>>) -> Vec<Arc<Rule>> {
        self.answer.fault |= found.is_none();
        found.unwrap_or_default()
    }

    fn sort(&mut self, rules: Vec<Arc<Rule>>, asked: &mut Vec<Arc<Rule>>) {
        for rule in rules {
            if rule.remedy.is_empty() {
                let citation = Citation::of(&rule);
                let (fix, fix_zh) = (rule.fix.clone(), rule.fix_zh.clone());
                self.answer.prohibited.push(Prohibition { citation, fix, fix_zh });
            } else {
                asked.push(rule);
            }
        }
    }

    fn transfer(&mut self, requirements: &mut Vec<Arc<Rule>>) {
        let Some(asked) = Asked::of(self.facts, self.on) else { return };
        let Some(ready) = self.laws.ready(self.in_force, asked, By::Cedar) else {
            self.answer.fault = true;
            return;
        };
        self.classes(&asked);
        self.answer.exemptions = citations(&ready.exemptions);
        let (schema, lifted) = (&self.laws.schema, ready.lifted);
        let request = ready.asked.request(Question::Transfer, lifted, Set::empty(), schema);
        let forbids = self.in_force.forbids(Question::Transfer, request);
        let forbids = self.or_fault(forbids);
        self.sort(forbids, requirements);
    }

    fn classes(&mut self, asked: &Asked) {
        for kind in asked.kinds.iter() {
            let rules = self.laws.classified(self.in_force, asked, kind, By::Cedar);
            for rule in self.or_fault(rules) {
                let citation = Citation::of(&rule);
                let class = rule.class.map(|class| Classified { kind, class, citation });
                self.answer.classes.extend(class);
            }
        }
    }

    fn standing(&mut self, requirements: &mut Vec<Arc<Rule>>) {
        let request = self.standing_request(Question::Act, Set::empty());
        let forbids = self.in_force.forbids(Question::Act, request);
        let forbids = self.or_fault(forbids);
        self.sort(forbids, requirements);
    }

    /// Duties of the way that is in force, or else of the lightest way.
    fn owed(&mut self) {
        let mut met = self.facts.met(self.on);
        for need in self.answer.needs.iter().filter(|need| !need.met) {
            need.any_of.first().into_iter().for_each(|lightest| met.insert(*lightest));
        }
        let mut rules = Vec::new();
        if let Some(asked) = Asked::of(self.facts, self.on)
            && let Some(ready) = self.laws.ready(self.in_force, asked, By::Cedar)
        {
            let request = ready.asked.request(Question::Owe, ready.lifted, met, &self.laws.schema);
            let found = self.in_force.permits(Question::Owe, request);
            rules.extend(self.or_fault(found));
        }
        let request = self.standing_request(Question::Stand, met);
        let found = self.in_force.permits(Question::Stand, request);
        rules.extend(self.or_fault(found));
        for rule in rules {
            self.owe(&rule);
        }
    }

    fn owe(&mut self, rule: &Rule) {
        let citation = Citation::of(rule);
        if rule.command {
            let prohibited = self.answer.prohibited.iter().map(|p| &p.citation.rule);
            let forbids = prohibited.cloned().map(|forbids| (rule.id.clone(), forbids));
            let conflicts = forbids.map(|(orders, forbids)| Conflict { orders, forbids });
            let conflicts: Vec<_> = conflicts.collect();
            self.answer.conflicts.extend(conflicts);
            self.answer.commands.push(citation);
        } else if let Some(fine) = &rule.fine {
            let ceiling = self.ceiling(fine);
            self.answer.fines.push(Fine { citation, rule: fine.clone(), ceiling });
        } else {
            let deadline = rule.clock.and_then(|clock| self.deadline(&clock));
            let (keep_years, clock) = (rule.keep_years, rule.clock);
            self.answer.duties.push(Duty { citation, keep_years, clock, deadline });
        }
    }

    fn deadline(&self, clock: &Clock) -> Option<Deadline> {
        let known = self.facts.events.get(&clock.event).copied();
        let day = known.or_else(|| match clock.event {
            Event::Transfer => Some(self.on),
            Event::YearEnd => self.on.last_of_year().into(),
            _ => None,
        })?;
        clock.due(day, self.laws.calendar())
    }

    fn ceiling(&self, fine: &FineRule) -> Option<u64> {
        let Some(percent) = fine.turnover_percent else { return Some(fine.amount) };
        let operator = &self.facts.operator;
        let same = operator.turnover_currency.as_deref() == Some(fine.currency.as_str());
        let turnover = operator.turnover.filter(|_| same)?;
        let share = u64::try_from(u128::from(turnover) * u128::from(percent) / 100).ok()?;
        Some(fine.amount.max(share))
    }

    fn standing_request(&self, question: Question, met: Set<Requirement>) -> Option<Request> {
        let operator = &self.facts.operator;
        let flag = RestrictedExpression::new_bool;
        let event = |event: Event| flag(self.facts.events.contains_key(&event));
        let count = |n: u64| RestrictedExpression::new_long(i64::try_from(n).unwrap_or(i64::MAX));
        let review = [Event::ReviewMaterials, Event::ReviewOpened, Event::ReviewDraft]
            .into_iter()
            .chain([Event::ReviewSpecial])
            .any(|event| self.facts.events.contains_key(&event));
        let pairs = [
            ("home", RestrictedExpression::new_string(operator.home.code().to_owned())),
            ("sectors", set(operator.sectors)?),
            ("met", set(met)?),
            ("important", flag(operator.important)),
            ("core", flag(operator.core)),
            ("minors", flag(operator.minors)),
            ("automated", flag(operator.automated)),
            ("procures", flag(operator.procures)),
            ("national_security", flag(operator.national_security)),
            ("national_effect", flag(operator.national_effect)),
            ("us_person", flag(operator.us_person || operator.home == crate::Country::US)),
            ("breach", event(Event::BreachFound)),
            ("flaw", event(Event::FlawFound)),
            ("request", event(Event::RequestReceived)),
            ("complaint", event(Event::ComplaintReceived)),
            ("review", flag(review)),
            ("users", count(operator.users)),
            ("monthly_users", count(operator.monthly_users)),
            ("persons_held", count(operator.persons_held)),
            ("faces_held", count(operator.faces_held)),
        ];
        let pairs = pairs.into_iter().map(|(name, value)| (name.to_owned(), value));
        let context = Context::from_pairs(pairs).ok()?;
        let (who, venue) =
            (uid("Operator", operator.role().word())?, uid("Venue", operator.listing.word())?);
        let action = uid("Action", question.word())?;
        Request::new(who, action, venue, context, Some(&self.laws.schema)).ok()
    }
}

impl Laws {
    /// The calendar by which terms are counted.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }
}
